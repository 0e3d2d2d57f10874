"""A lane whose line dies without a word: half-open, as when a mast falls. The broker says it is lost within 18 s at a keepalive of 10 s."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.broker import Broker, BrokerKind, mosquitto, start_broker
from kiosk.link.connection import KEEPALIVE_S, BrokerAddress, Connection
from kiosk.link.words import LinkUp
from kiosk.messages.payloads import members
from kiosk.messages.topics import Leaf, topic
from tests.kiosk.practice import LANE, Practice, Station, plain

WITHIN_S = 18.0


class Line:
    """A line to the broker that can die: then bytes go in at both ends, and none come out."""

    def __init__(self, port: int) -> None:
        self.dead = threading.Event()
        self._to = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._answer, daemon=True).start()

    def close(self) -> None:
        self._door.close()
        for end in self._ends:
            end.close()

    def _answer(self) -> None:
        try:
            while True:
                near = self._door.accept()[0]
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()
        except OSError:
            # the test is over
            return

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while content := one.recv(65_536):
                if not self.dead.is_set():
                    other.sendall(content)
        except OSError:
            # closed by one end or by the test
            return


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    started = start_broker(tmp_path / "broker", kind=BrokerKind.MOSQUITTO)
    yield started
    started.stop()


@pytest.mark.long
@pytest.mark.skipif(mosquitto() is None, reason="how fast a will comes is shown with mosquitto")
def test_a_lane_behind_a_line_that_died_is_lost_within_eighteen_seconds(tmp_path: Path, broker: Broker) -> None:
    assert KEEPALIVE_S == 10
    listener = Connection(plain(broker), "listener", None, 5)
    listener.subscribe([topic(LANE, Leaf.STATUS)])
    line = Line(broker.port)
    station = Station(Practice(tmp_path), BrokerAddress("127.0.0.1", line.port, None), None)
    assert station.word() == LinkUp()
    states: list[str] = []

    def hears(state: str, until: float) -> float:
        while state not in states and time.monotonic() < until:
            listener.turn(0.05)
            states.extend(str(members(came.payload)["state"]) for came in listener.take_messages())
        return time.monotonic()

    hears("open", time.monotonic() + WITHIN_S)
    died = time.monotonic()
    line.dead.set()
    took_s = hears("lost", died + 2 * WITHIN_S) - died
    assert states == ["open", "lost"]
    assert took_s <= WITHIN_S, f"it took {took_s:.1f} s"
    print(f"lost after {took_s:.1f} s")
    line.close()
    station.link.close()
    listener.close()
