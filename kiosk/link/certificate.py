"""A station's own certificate, looked at before each connection: a renewed one is used without a restart, another's is never shown."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.clock import Clock, Stamp
from kiosk.founding.certificates import UNREADABLE, common_names, load_certificate
from kiosk.link.connection import BrokerAddress, Connection, NotProven, Unreachable, Will, WrongCertificate


@dataclass(frozen=True)
class OwnCertificate:
    """Whose it is, and from when until when."""

    names: tuple[str, ...]
    begins: datetime
    ends: datetime

    def is_of(self, station: str) -> bool:
        """Whether it names this station, and no other."""
        return self.names == (station,)

    def fault(self, now: Stamp) -> str:
        """What is wrong with its dates, in words; empty where nothing is, or where the time is not known."""
        if not now.known or self.begins <= now.utc <= self.ends:
            return ""
        if now.utc < self.begins:
            return f"this station's certificate holds only from {self.begins:%Y-%m-%d} on: look at the clock"
        return f"this station's certificate ran out on {self.ends:%Y-%m-%d}: get a new one (mpaka keys station, install)"


def connected(broker: BrokerAddress, station: str, will: Will | None, version: int, clock: Clock) -> Connection:
    """A connection in this station's own name, with its own certificate. Raises Unreachable; NotProven, WrongCertificate, Refused are such."""
    shown = own_certificate(broker.tls.certificate) if broker.tls is not None else None
    if shown is not None and not shown.is_of(station):
        # under its name we would throw that station out, and be believed in nothing
        raise WrongCertificate(f"the certificate here is of {', '.join(shown.names) or 'nobody'}, not of {station}")
    try:
        return Connection(broker, station, will, version)
    except NotProven:
        raise
    except Unreachable as why:
        # tried all the same: the clock may be wrong, and the broker is the one who judges
        if shown is not None and (fault := shown.fault(clock.now())):
            raise WrongCertificate(f"{why}; {fault}") from None
        raise


def own_certificate(path: Path) -> OwnCertificate | None:
    """The certificate in this file; None where there is none to be read: then connecting says what is wrong."""
    try:
        found = load_certificate(path)
        return OwnCertificate(tuple(common_names(found.subject)), found.not_valid_before_utc, found.not_valid_after_utc)
    except UNREADABLE:
        # also KeysWrong, for a file that is not there
        return None
