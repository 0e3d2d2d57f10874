"""The lane's hold on its devices: one host process each; started, listened to, given orders with a deadline, killed, started again.

A host that breaks off, speaks nonsense, misses a deadline or stops its heartbeat is killed and started anew; the lane hears `Lost`
and later `Back`. Cancelling therefore needs no protocol. Pictures are copied out of the host's ring by the listener, before the ring turns.
"""

import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.contract import (
    PROTOCOL,
    Answer,
    Answered,
    DeviceGone,
    DeviceReady,
    FrameSeen,
    Heartbeat,
    Hello,
    Kind,
    Notice,
    Order,
    Ordered,
    Picture,
    Rest,
)
from drivers.lines import BadLine, LineReader, to_line, word_from_line
from drivers.ring import FrameRing, RingWrong, open_ring
from kiosk.private import Private

HEARTBEAT_LIMIT_S = 4.0
START_LIMIT_S = 20.0
END_S = 3.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 10.0
HOST_ENDED = "the host ended"
# from its first moment, since six hosts that start would keep a small computer from drawing the first screen
YIELDING = ("nice", "-n", "5")


@dataclass(frozen=True)
class Lost:
    """The device or its host is gone; it is being tried again. `reason` is for technicians and holds nothing of a person."""

    reason: str


@dataclass(frozen=True)
class Back:
    """The device answers."""

    identity: str


@dataclass(frozen=True)
class Told:
    """Something a device said. `order` is what an answer answers; `image` the picture it speaks of, when still in the ring."""

    kind: Kind
    word: Answered | Notice | Lost | Back
    order: Order | None = None
    image: Private[bytes] | None = None


class HostBroken(RuntimeError):
    """The host must be killed; the text says why."""


class Device:
    """One device behind one host process, with a listener thread of its own."""

    def __init__(self, kind: Kind, driver: str, settings: dict[str, Any], runtime: Path, tell: Callable[[Told], None]) -> None:
        self.kind = kind
        self.last_good: float | None = None
        self.identity = ""
        self._driver, self._settings, self._runtime, self._tell = driver, settings, runtime, tell
        self._lock = threading.Lock()
        self._pending: dict[int, tuple[float, Order]] = {}
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ring: FrameRing | None = None
        self._ready = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"device {kind}", daemon=True)

    @property
    def ready(self) -> bool:
        """Whether the device answers right now."""
        return self._ready

    @property
    def pid(self) -> int | None:
        """The host's process, for the readiness report and the fault tests."""
        process = self._process
        return process.pid if process is not None else None

    def start(self) -> None:
        """Start the host and listen."""
        self._thread.start()

    def order(self, ticket: int, order: Order, deadline_s: float) -> None:
        """Pass an order on. A host that is gone has said Lost already, and nothing is owed for it."""
        with self._lock:
            if self._line is None or not self._ready:
                return
            if isinstance(order, Rest):
                # what rest ends is not answered any more
                self._pending.clear()
            self._pending[ticket] = (time.monotonic() + deadline_s, order)
            try:
                self._line.sendall(to_line(Ordered(ticket, deadline_s, order)))
            except OSError:
                # the listener sees the closed line too, and says Lost
                self._pending.pop(ticket, None)

    def close(self) -> None:
        """End the host and wait for the listener. A driver has a moment to free its device, and to give it back to the kernel's own driver."""
        self.hang_up()
        if self._thread.is_alive():
            self._thread.join(timeout=END_S)
        self._kill()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def hang_up(self) -> None:
        """Let the host end by itself; `close` waits for it. So several end at once."""
        self._closing.set()
        with self._lock:
            if self._line is not None:
                with contextlib.suppress(OSError):
                    self._line.shutdown(socket.SHUT_WR)

    def _live(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._closing.is_set():
            began = time.monotonic()
            reason = self._one_life()
            if self._closing.is_set():
                return
            self._ready = False
            self._tell(Told(self.kind, Lost(reason)))
            pause = FIRST_PAUSE_S if time.monotonic() - began > LONGEST_PAUSE_S else min(pause * 2, LONGEST_PAUSE_S)
            self._closing.wait(pause)

    def _one_life(self) -> str:
        """Start a host and listen until it ends; returns why it ended."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            try:
                self._start_host(theirs)
                theirs.close()
                with self._lock:
                    self._line = ours
                # whoever closed it before there was a line to hang up
                return HOST_ENDED if self._closing.is_set() else self._listen(ours)
            except (HostBroken, BadLine, RingWrong, OSError) as why:
                return f"{type(why).__name__}: {why}"
            finally:
                with self._lock:
                    self._line = None
                    self._pending.clear()
                self._kill()
                self._let_go_of_ring()

    def _start_host(self, line: socket.socket) -> None:
        fd = line.fileno()
        os.set_inheritable(fd, True)
        command = [*YIELDING, sys.executable, "-m", "drivers.host", "--driver", self._driver, "--fd", str(fd)]
        command += ["--runtime", str(self._runtime), "--settings", json.dumps(self._settings)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(fd,))

    def _listen(self, line: socket.socket) -> str:
        reader = LineReader()
        heard = time.monotonic() + START_LIMIT_S
        with selectors.DefaultSelector() as ready:
            ready.register(line, selectors.EVENT_READ)
            while True:
                self._check_limits(heard)
                if not ready.select(self._patience(heard)):
                    continue
                data = line.recv(65536)
                if not data:
                    return HOST_ENDED
                for raw in reader.feed(data) if not self._closing.is_set() else ():
                    self._take(word_from_line(raw))
                heard = time.monotonic() + HEARTBEAT_LIMIT_S

    def _patience(self, heard: float) -> float:
        with self._lock:
            return max(0.0, min([heard, *(due for due, _ in self._pending.values())]) - time.monotonic())

    def _check_limits(self, heard: float) -> None:
        now = time.monotonic()
        if now >= heard:
            raise HostBroken("no heartbeat")
        with self._lock:
            late = any(now >= due for due, _ in self._pending.values())
        if late:
            raise HostBroken("an order passed its deadline")

    def _take(self, word: Answered | Notice) -> None:
        match word:
            case Hello(protocol=protocol) if protocol != PROTOCOL:
                raise HostBroken(f"the host speaks protocol {protocol}, not {PROTOCOL}")
            case Hello(ring=ring):
                self._let_go_of_ring()
                self._ring = open_ring(Path(ring)) if ring else None
            case DeviceReady(identity=identity):
                self._ready, self.identity = True, identity
                self._good()
                self._tell(Told(self.kind, Back(identity)))
            case DeviceGone(reason=reason):
                self._ready = False
                with self._lock:
                    # the host drops what it was asked for, and goes on trying to open the device
                    self._pending.clear()
                self._tell(Told(self.kind, Lost(reason)))
            case Heartbeat():
                pass
            case _:
                self._good()
                self._pass_on(word)

    def _pass_on(self, word: Answered | Notice) -> None:
        if not isinstance(word, Answered):
            picture = word.picture if isinstance(word, FrameSeen) else None
            self._tell(Told(self.kind, word, None, self._copy(picture)))
            return
        with self._lock:
            _, order = self._pending.pop(word.ticket, (0.0, None))
        # an answer that nobody waits for, or waits for no more, says nothing
        if order is not None:
            self._tell(Told(self.kind, word, order, self._copy(_picture_of(word.answer))))

    def _good(self) -> None:
        self.last_good = time.time()

    def _copy(self, picture: Picture | None) -> Private[bytes] | None:
        if picture is None or self._ring is None:
            return None
        taken = self._ring.take(picture)
        return Private(taken) if taken is not None else None

    def _let_go_of_ring(self) -> None:
        if self._ring is not None:
            self._ring.close()
            self._ring = None

    def _kill(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


def _picture_of(answer: Answer) -> Picture | None:
    return getattr(answer, "picture", None)
