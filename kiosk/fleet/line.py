"""One lane's line to a broker, as asyncio wants it: bytes in, a listener's calls out. Ten thousand of them live in one loop."""

import asyncio
import logging
import socket
from collections.abc import Sequence
from typing import Protocol

from kiosk.fleet import packets
from kiosk.fleet.packets import Accepted, Confirmed, NotMqtt, Packets, Published, Subscribed

log = logging.getLogger(__name__)


class Listener(Protocol):
    """Whom the line tells. Each call returns at once."""

    def accepted(self) -> None:
        """The broker has let us in."""

    def confirmed(self, number: int) -> None:
        """The broker has this message."""

    def came(self, topic: str, payload: bytes) -> None:
        """A message came in."""

    def lost(self, why: str) -> None:
        """The line is gone; nothing is said on it any more."""


class Line(asyncio.Protocol):
    """From CONNECT to the end of one connection; each connection has a line of its own."""

    def __init__(self, greeting: bytes, listener: Listener) -> None:
        """`greeting`: the CONNECT packet."""
        self._greeting, self._listener = greeting, listener
        self._packets = Packets()
        self._transport: asyncio.Transport | None = None
        self._number = 0
        self._why = "the broker is lost"
        self.owed: set[int] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        line = transport.get_extra_info("socket")
        if line is not None:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport.write(self._greeting)

    def data_received(self, data: bytes) -> None:
        try:
            for packet in self._packets.feed(data):
                self._take(packet)
        except NotMqtt as why:
            self.cut(f"the broker sends what is not MQTT: {why}")

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._listener.lost(self._why)

    def subscribe(self, topics: Sequence[str]) -> None:
        """Hear these topics."""
        self._write(packets.subscribe(topics, self._next()))

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> int:
        """Send at QoS 1; the number is confirmed later, and stands in `owed` until then. 0 where the line is gone."""
        if self._transport is None:
            return 0
        number = self._next()
        self.owed.add(number)
        self._write(packets.publish(topic, payload, number, retain))
        return number

    def close(self) -> None:
        """Say goodbye, so that the broker keeps the will to itself; what was written goes out first."""
        self._write(packets.GOODBYE)
        if self._transport is not None:
            self._transport.close()

    def cut(self, why: str) -> None:
        """Break the line without a goodbye."""
        self._why = why
        if self._transport is not None:
            self._transport.abort()

    def _take(self, packet: packets.Packet) -> None:
        match packet:
            case Confirmed(number):
                self.owed.discard(number)
                self._listener.confirmed(number)
            case Published(topic, payload, number):
                if number:
                    self._write(packets.confirm(number))
                self._listener.came(topic, payload)
            case Accepted(0):
                self._listener.accepted()
            case Accepted(code):
                self.cut(f"the broker refuses the connection (code {code})")
            case Subscribed(False):
                self.cut("the broker refuses to let it hear its own topics")
            case _:
                pass

    def _next(self) -> int:
        """A number that no message on its way has."""
        while True:
            self._number = self._number % packets.LARGEST_NUMBER + 1
            if self._number not in self.owed:
                return self._number

    def _write(self, content: bytes) -> None:
        if self._transport is not None:
            self._transport.write(content)
