"""One MQTT connection on paho-mqtt, kept small: everything runs in the caller's thread, and paho holds nothing that outlives a connection.

paho 2 keeps its queue in memory, ignores its window after a reconnect, and lets an exception in a callback end its thread. So it gets no
thread (its documented external loop is used), a new client for each connection, and callbacks that only append to a list.
"""

import logging
import select
import socket
import ssl
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from kiosk.sealing.station import TlsFiles

log = logging.getLogger(__name__)

KEEPALIVE_S, CONNECT_S, ANSWER_S = 10, 5.0, 5.0
READ_AT_ONCE = 50
# What paho raises when a broker sends bytes that are not MQTT, or the line breaks at a bad moment
BROKEN_LINE = (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error)


class Unreachable(Exception):
    """There is no connection; the text says why."""


class NotProven(Unreachable):
    """Something listens there, but its certificate does not prove that it is our broker: another host, another authority, run out."""


class WrongCertificate(Unreachable):
    """This station's own certificate lets it in nowhere: it is another's, or its time is over."""


class Refused(Unreachable):
    """Something listens there, but does not let us in: another protocol version, no right, or no broker."""


@dataclass(frozen=True)
class BrokerAddress:
    """Where a broker listens. `tls` None: plain, only ever on the loopback address. `speaks`: which MQTT to try first, 5 or 4 (3.1.1)."""

    host: str
    port: int
    tls: TlsFiles | None
    speaks: int = 5


@dataclass(frozen=True)
class Will:
    """What the broker says, retained, when the station is lost."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class Came:
    """A message came in."""

    topic: str
    payload: bytes


class Line(Protocol):
    """What `select` wants of a socket."""

    def fileno(self) -> int:
        """Its descriptor."""


class Connection:
    """One connection from CONNECT to its end. Not thread-safe: one thread opens, turns and closes it."""

    def __init__(self, broker: BrokerAddress, client_id: str, will: Will | None, version: int) -> None:
        """Connect, and wait for the broker's yes. `version` is 5 or 4 (MQTT 3.1.1). Raises Unreachable."""
        protocol = MQTTv5 if version == 5 else MQTTv311
        clean: dict[str, Any] = {} if version == 5 else {"clean_session": True}
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=protocol, **clean)
        self._client.suppress_exceptions = True
        self._client.connect_timeout = CONNECT_S
        self._came: list[Came] = []
        self._confirmed: set[int] = set()
        self._denied = 0
        self._answer: str | None = None
        self._down = False
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.on_publish = self._on_publish
        if will is not None:
            self._client.will_set(will.topic, will.payload, qos=1, retain=True)
        self._open(broker)

    @property
    def alive(self) -> bool:
        """Whether the line stands."""
        return not self._down and self._client.socket() is not None

    def subscribe(self, topics: Sequence[str]) -> None:
        """Hear these topics at QoS 1."""
        if topics:
            self._guarded(lambda: self._client.subscribe([(topic, 1) for topic in topics]))

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> int:
        """Send at QoS 1; the number is confirmed later (see `take_confirmed`), 0 where the line broke."""
        numbers: list[int] = []

        def send() -> None:
            info = self._client.publish(topic, payload, qos=1, retain=retain)
            if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
                numbers.append(info.mid)

        self._guarded(send)
        return numbers[0] if numbers else 0

    def turn(self, timeout_s: float, wake: socket.socket | None = None) -> None:
        """Wait for the line, or for a byte at `wake`; read and write what can be. The line may be gone afterwards: see `alive`."""
        line = self._client.socket()
        if line is None or self._down:
            return
        readable, writable = self._wait(line, timeout_s, wake)
        if readable:
            self._read_what_is_there(line)
        if writable:
            self._guarded(self._client.loop_write)
        # keep-alive: without an answer to two pings paho gives the line up
        self._guarded(self._client.loop_misc)

    def take_messages(self) -> list[Came]:
        """What came in since the last call."""
        came, self._came = self._came, []
        return came

    def take_confirmed(self) -> set[int]:
        """The numbers that the broker has confirmed since the last call: it has them, which is not yet delivery."""
        confirmed, self._confirmed = self._confirmed, set()
        return confirmed

    def take_denied(self) -> int:
        """How many messages the broker has refused since the last call: this station may not write there. MQTT 3.1.1 does not say so."""
        denied, self._denied = self._denied, 0
        return denied

    def close(self, linger_s: float = 1.0) -> None:
        """Say goodbye, so that the broker keeps the will to itself; what was published goes out first, for so long."""
        until = time.monotonic() + linger_s
        while self.alive and self._client.want_write() and time.monotonic() < until:
            self.turn(0.05)
        self._guarded(self._client.disconnect)
        self._drop()

    def cut(self) -> None:
        """Break the line without a goodbye."""
        self._drop()

    def _open(self, broker: BrokerAddress) -> None:
        where = f"broker {broker.host}:{broker.port}"
        try:
            if broker.tls is not None:
                self._client.tls_set_context(tls_context(broker.tls))
            self._client.connect(broker.host, broker.port, KEEPALIVE_S)
            self._without_delay()
        except ssl.SSLCertVerificationError as why:
            raise NotProven(f"{where} does not prove itself: {why.verify_message}") from None
        except BROKEN_LINE as why:
            raise Unreachable(f"{where} cannot be reached ({type(why).__name__})") from None
        until = time.monotonic() + ANSWER_S
        while self._answer is None and self.alive and time.monotonic() < until:
            self.turn(0.2)
        if self._answer != "":
            self._drop()
            silent = f"does not answer as an MQTT broker{'' if broker.tls else '; perhaps it wants TLS, which is off here'}"
            raise Refused(f"{where} {self._answer or silent}")

    def _without_delay(self) -> None:
        """Small messages go at once; held back by Nagle's rule each word costs 40 ms."""
        line = self._client.socket()
        if isinstance(line, socket.socket):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _wait(self, line: Line, timeout_s: float, wake: socket.socket | None) -> tuple[bool, bool]:
        """Whether the line can be read and written; bytes at `wake` only end the waiting."""
        pending = _holds(line)
        readers: list[Line] = [line] if wake is None else [line, wake]
        try:
            ready, writable, _ = select.select(readers, [line] if self._client.want_write() else [], [], 0 if pending else timeout_s)
        except (OSError, ValueError):
            # the socket was closed under us
            self._drop()
            return False, False
        if wake is not None and wake in ready:
            wake.recv(4096)
        return pending or line in ready, bool(writable)

    def _read_what_is_there(self, line: Any) -> None:
        """paho reads one packet at a call; what waits behind it is taken in the same turn, so that one commit covers many."""
        for _ in range(READ_AT_ONCE):
            self._guarded(self._client.loop_read)
            if not self.alive or not (_holds(line) or select.select([line], [], [], 0)[0]):
                return

    def _guarded(self, call: Callable[[], object]) -> None:
        try:
            call()
        except BROKEN_LINE as why:
            log.warning("mqtt: the line is broken (%s)", type(why).__name__)
            self._drop()

    def _drop(self) -> None:
        self._down = True
        line = self._client.socket()
        if line is not None:
            line.close()

    def _on_connect(self, client: Client, data: object, flags: ConnectFlags, answer: ReasonCode, properties: Properties | None) -> None:
        self._answer = f"refuses the connection: {answer}" if answer.is_failure else ""

    def _on_message(self, client: Client, data: object, message: MQTTMessage) -> None:
        self._came.append(Came(message.topic, bytes(message.payload)))

    def _on_publish(self, client: Client, data: object, number: int, answer: ReasonCode, properties: Properties | None) -> None:
        self._confirmed.add(number)
        self._denied += answer.is_failure


class ClosedWhenRefused(ssl.SSLSocket):
    """paho leaves a socket open whose handshake failed."""

    def do_handshake(self, block: bool = False) -> None:
        """The handshake; the socket is closed where it fails. Raises OSError, ssl.SSLError."""
        try:
            super().do_handshake(block)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except OSError:
            self.close()
            raise


def _holds(line: object) -> bool:
    """Whether TLS has deciphered bytes that `select` cannot see."""
    return isinstance(line, ssl.SSLSocket) and line.pending() > 0


def tls_context(files: TlsFiles) -> ssl.SSLContext:
    """Mutual TLS: the broker's certificate is checked against the founding's authority and its host name, ours is shown."""
    context = ssl.create_default_context(cafile=str(files.authority))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = ClosedWhenRefused
    context.load_cert_chain(str(files.certificate), str(files.key))
    return context
