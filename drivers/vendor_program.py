"""A vendor's own program as a device: it speaks to us as a host speaks to its lane (drivers/lines.py). What all families share of that.

The program is started with `--fd N --runtime DIR`: N is an inherited stream socket, DIR a folder of its own for its frame ring (drivers/ring.py).
It says Hello with its ring, then DeviceReady or DeviceGone, a Heartbeat each second, answers each Ordered with one Answered, and may say notices
in between; it ends when the socket ends. What it prints goes to our log. A program without pictures names no ring.
"""

import os
import select
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.contract import (
    PROTOCOL,
    Answer,
    Answered,
    DeviceGone,
    DeviceReady,
    Hello,
    Kind,
    NotCaptured,
    Order,
    Ordered,
    Picture,
    Rest,
    Unread,
)
from drivers.driver import DeviceAbsent, Until
from drivers.lines import BadLine, LineReader, Word, to_line, word_from_line
from drivers.ring import FrameRing, RingWrong, open_ring

START_S, SILENT_S, POLL_S, END_S = 20.0, 3.0, 0.1, 3.0
"""A program may look long for its device. Of its heartbeats, one a second, it may miss two."""


class VendorProgram:
    """One program for one kind of device. Every method may raise DeviceAbsent."""

    def __init__(self, kind: Kind, settings: dict[str, Any], folder: str) -> None:
        """Of the settings: `program`, its command line as a list, and `runtime`, where its `folder` is made (the host gives it)."""
        program = settings["program"]
        if not isinstance(program, list) or not program:
            raise ValueError("program: expected a list, the program and its arguments")
        self._kind = kind
        self._program = [str(part) for part in program]
        self._runtime = Path(settings["runtime"]) / folder
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._ring: FrameRing | None = None
        self._lines, self._words = LineReader(), deque[Word]()
        self._heard_at = 0.0
        self._ticket = 0

    def start(self) -> str:
        """Start the program and wait until its device is ready; returns what the device says it is."""
        self._lines, self._words = LineReader(), deque()
        self._run()
        due = time.monotonic() + START_S
        # while it loads it need not beat: silence counts from when its device is ready
        self._heard_at = due
        while time.monotonic() < due:
            match self._next(POLL_S):
                case Hello() as hello:
                    self._greet(hello)
                case DeviceReady(identity=identity):
                    self._heard_at = time.monotonic()
                    return identity
        raise DeviceAbsent("the program does not say that its device is ready")

    def ask(self, order: Order, until: Until, heard: Callable[[Word], None]) -> Answer:
        """Pass an order on and wait for its answer; what the program says meanwhile goes to `heard`."""
        ticket = self._order(order, max(1.0, until.left_s))
        while not until.over:
            word = self._next(POLL_S)
            if isinstance(word, Answered) and word.ticket == ticket:
                return word.answer
            if word is not None:
                heard(word)
        # else it would go on looking, and take what the next traveller lays down for this one's
        self._order(Rest(), END_S)
        return NotCaptured(Unread.TIMED_OUT)

    def listen(self, heard: Callable[[Word], None]) -> None:
        """Hear what the program says by itself."""
        while (word := self._next(0.0)) is not None:
            heard(word)

    def take(self, picture: Picture) -> bytes | None:
        """A copy of a picture in the program's ring; None where it is not there."""
        return self._ring.take(picture) if self._ring is not None else None

    def end(self, patience_s: float = 0.0) -> int | None:
        """End the program; its exit status where it ended by itself within the patience."""
        if self._line is not None:
            self._line.close()
        status = self._ended(patience_s) if self._process is not None else None
        if self._ring is not None:
            self._ring.close()
        self._process = self._line = self._ring = None
        return status

    def _ended(self, patience_s: float) -> int | None:
        if self._process is None:
            return None
        try:
            return self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None

    def _run(self) -> None:
        self._runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._line, theirs = socket.socketpair()
        with theirs:
            command = [*self._program, "--fd", str(theirs.fileno()), "--runtime", str(self._runtime)]
            try:
                self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),))
            except OSError as why:
                raise DeviceAbsent(f"{self._program[0]} cannot be started: {why.strerror or type(why).__name__}") from None

    def _greet(self, hello: Hello) -> None:
        if hello.protocol != PROTOCOL or hello.kind is not self._kind:
            raise DeviceAbsent(f"the program speaks protocol {hello.protocol} for a {hello.kind}")
        if not hello.ring:
            return
        try:
            self._ring = open_ring(Path(hello.ring))
        except RingWrong as why:
            raise DeviceAbsent(str(why)) from None

    def _order(self, order: Order, deadline_s: float) -> int:
        """Returns its ticket."""
        self._ticket += 1
        try:
            self._open_line().sendall(to_line(Ordered(self._ticket, deadline_s, order)))
        except OSError:
            raise DeviceAbsent("the program has ended") from None
        return self._ticket

    def _next(self, timeout_s: float) -> Word | None:
        """The next word, or None when none came. DeviceAbsent for a program that has ended, speaks nonsense, is silent or lost its device."""
        if not self._words:
            self._words.extend(self._receive(timeout_s))
        word = self._words.popleft() if self._words else None
        if isinstance(word, DeviceGone):
            raise DeviceAbsent(word.reason)
        return word

    def _receive(self, timeout_s: float) -> list[Word]:
        line = self._open_line()
        if not select.select([line], [], [], timeout_s)[0]:
            if time.monotonic() - self._heard_at > SILENT_S:
                raise DeviceAbsent("the program is silent")
            return []
        try:
            data = os.read(line.fileno(), 65536)
            if not data:
                raise DeviceAbsent("the program has ended")
            words = [word_from_line(raw) for raw in self._lines.feed(data)]
        except (BadLine, ConnectionError) as why:
            raise DeviceAbsent(f"the program speaks nonsense: {why}") from None
        self._heard_at = max(self._heard_at, time.monotonic())
        return words

    def _open_line(self) -> socket.socket:
        if self._line is None:
            raise DeviceAbsent("the program is not running")
        return self._line
