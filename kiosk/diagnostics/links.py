"""Brokers: whether one listens where the settings say, is a broker, and lets this station in."""

import socket
import ssl

from kiosk.diagnostics.readiness import Finding, State, ready
from kiosk.link.connection import BrokerAddress, Connection, Refused, Unreachable
from kiosk.sealing.station import TlsFiles

PATIENCE_S = 3.0


def broker(part: str, address: BrokerAddress, station: str, meanwhile: str, *, running: bool = False) -> Finding:
    """Connect as the station would. `meanwhile`: what goes on without. Where the station is `running`, only its line and TLS are tried:

    a broker that takes the name from the certificate would throw the running station out, whatever name we give."""
    where = f"{address.host}:{address.port}"
    try:
        _reach(address)
        if not (running and address.tls is not None):
            _connect(address, f"{station}-check")
    except ssl.SSLError as why:
        to_do = f"{meanwhile}; compare host and tls in the settings with the broker's, and see certificate and clock"
        return Finding(part, State.WARNING, f"{where}: no TLS with it: {_tls_reason(why)}", to_do)
    except OSError as why:
        return Finding(part, State.WARNING, f"{where}: {_reason(why)}", f"{meanwhile}; check cable, network, host and port")
    except Unreachable as why:
        to_do = f"{meanwhile}; is that the broker's port, and does it know this station's certificate?"
        return Finding(part, State.WARNING, str(why), to_do)
    if running and address.tls is not None:
        return ready(part, f"{where} proves itself; whether it lets the station in, the running station says")
    return ready(part, f"{where} lets the station in{'' if address.tls else ', without TLS'}")


def _reach(address: BrokerAddress) -> None:
    """The line, and TLS on it, apart from MQTT: each says most clearly itself what is wrong with it. Raises OSError, ssl.SSLError."""
    with socket.create_connection((address.host, address.port), timeout=PATIENCE_S) as line:
        if address.tls is not None:
            _context(address.tls).wrap_socket(line, server_hostname=address.host).close()


def _context(files: TlsFiles) -> ssl.SSLContext:
    """As the link has it: the broker's certificate is checked against the founding's authority and its host name, ours is shown."""
    context = ssl.create_default_context(cafile=str(files.authority))
    context.load_cert_chain(str(files.certificate), str(files.key))
    return context


def _connect(address: BrokerAddress, name: str) -> None:
    """With the newer MQTT, then with the older. Raises Unreachable, Refused."""
    try:
        Connection(address, name, None, address.speaks).close(0)
    except Refused:
        Connection(address, name, None, 9 - address.speaks).close(0)


def _tls_reason(why: ssl.SSLError) -> str:
    if isinstance(why, ssl.SSLCertVerificationError):
        return why.verify_message
    return (why.reason or type(why).__name__).replace("_", " ").lower()


def _reason(why: OSError) -> str:
    match why:
        case socket.gaierror():
            return "no host of that name is known"
        case ConnectionRefusedError():
            return "nothing listens there"
        case TimeoutError():
            return f"no answer in {PATIENCE_S:.0f} s"
        case FileNotFoundError():
            return f"{why.filename or 'a file of the certificate'} is not there"
        case _:
            return why.strerror or type(why).__name__
