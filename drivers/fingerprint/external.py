"""A vendor's own program as a fingerprint scanner: it speaks to us as a host speaks to its lane (drivers/lines.py).

The program is started with `--fd N --runtime DIR`: N is an inherited stream socket, DIR a folder of its own for its frame ring (drivers/ring.py).
It says Hello with its ring, then DeviceReady or DeviceGone, a Heartbeat each second, answers each Ordered with one Answered, and may say FrameSeen
in between; it ends when the socket ends. What it prints goes to our log. Images are refused that a record could not use: other than 8 bits grey,
a resolution outside 490 to 510 ppi (500 +- 2 %), or 4 bits dressed up as 8.
"""

import os
import select
import socket
import subprocess
import time
from collections import deque
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.contract import (
    PROTOCOL,
    Answer,
    Answered,
    CaptureFinger,
    DeviceGone,
    DeviceReady,
    Done,
    Encoding,
    FingerCaptured,
    FrameSeen,
    Hello,
    Kind,
    NotCaptured,
    Order,
    Ordered,
    Picture,
    Rest,
    TestDone,
    TestYourself,
    Unread,
)
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.lines import BadLine, LineReader, Word, to_line, word_from_line
from drivers.ring import FrameRing, RingWrong, open_ring

PPI = range(490, 511)
SMALLEST, FEWEST_GREYS = 150, 17
START_S, SILENT_S, POLL_S, END_S = 20.0, 3.0, 0.1, 3.0


class ExternalScanner:
    """Settings: `program`, the command line of the vendor's program; `runtime`, where its folder is made (the host gives it)."""

    kind = Kind.FINGERPRINT_SCANNER
    name = "external-fingerprint"
    orders: tuple[type[Order], ...] = (CaptureFinger, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        program = settings["program"]
        if not isinstance(program, list) or not program:
            raise ValueError("program: expected a list, the program and its arguments")
        self._program = [str(part) for part in program]
        self._runtime = Path(settings["runtime"]) / "fingerprint_program"
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._ring: FrameRing | None = None
        self._outlet: Outlet | None = None
        self._lines, self._words = LineReader(), deque[Word]()
        self._heard_at = 0.0
        self._ticket = 0

    def open(self, outlet: Outlet) -> str:
        """Start the program and wait until its device is ready. Raises DeviceAbsent."""
        self._outlet, self._lines, self._words = outlet, LineReader(), deque()
        self._start()
        due = time.monotonic() + START_S
        self._heard_at = due
        while time.monotonic() < due:
            match self._next(POLL_S):
                case Hello() as hello:
                    self._greet(hello)
                case DeviceReady(identity=identity):
                    self._heard_at = time.monotonic()
                    return identity
                case DeviceGone(reason=reason):
                    raise DeviceAbsent(reason)
        raise DeviceAbsent("the program does not say that its device is ready")

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Pass the order on and wait for its answer. Raises DeviceAbsent."""
        self._send(order, max(1.0, until.left_s))
        ticket = self._ticket
        while not until.over:
            word = self._next(POLL_S)
            if isinstance(word, Answered) and word.ticket == ticket:
                return self._judged(word.answer)
            self._heard(word)
        self._send(Rest(), END_S)
        return NotCaptured(Unread.TIMED_OUT)

    def idle(self) -> None:
        """Hear what the program says by itself. Raises DeviceAbsent."""
        while (word := self._next(0.0)) is not None:
            self._heard(word)

    def close(self) -> None:
        """End the program."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._ring is not None:
            self._ring.close()
        self._process = self._line = self._ring = None

    def _start(self) -> None:
        self._runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._line, theirs = socket.socketpair()
        with theirs:
            command = [*self._program, "--fd", str(theirs.fileno()), "--runtime", str(self._runtime)]
            try:
                self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),))
            except OSError as why:
                raise DeviceAbsent(f"{self._program[0]} cannot be started: {why.strerror or type(why).__name__}") from None

    def _greet(self, hello: Hello) -> None:
        if hello.protocol != PROTOCOL or hello.kind is not self.kind:
            raise DeviceAbsent(f"the program speaks protocol {hello.protocol} for a {hello.kind}")
        try:
            self._ring = open_ring(Path(hello.ring))
        except RingWrong as why:
            raise DeviceAbsent(str(why)) from None

    def _judged(self, answer: Answer) -> Answer:
        match answer:
            case FingerCaptured(finger=finger, picture=picture, ppi=ppi, quality=quality):
                image = self._image(picture)
                if image is None or ppi not in PPI:
                    return NotCaptured(Unread.POOR_PICTURE)
                return FingerCaptured(finger, self._copied(image), ppi, quality)
            case NotCaptured() | TestDone() | Done():
                return answer
            case _:
                raise DeviceAbsent("the program answers what was not asked")

    def _image(self, picture: Picture) -> NDArray[np.uint8] | None:
        """The finger, (height, width); None where a record could not use it."""
        if picture.encoding is not Encoding.GREY8 or picture.size != picture.width * picture.height:
            return None
        data = self._ring.take(picture) if self._ring is not None else None
        if data is None or min(picture.width, picture.height) < SMALLEST:
            return None
        image = np.frombuffer(data, np.uint8).reshape(picture.height, picture.width)
        # a module of 4 bits has 16 greys, however they are spread over 0 to 255
        return image if np.unique(image).size >= FEWEST_GREYS else None

    def _copied(self, image: NDArray[np.uint8]) -> Picture:
        """Into the host's ring as PNG: without loss, and small enough for a record's media."""
        good, png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if not good or self._outlet is None:
            raise DeviceAbsent("the program's picture cannot be written as PNG")
        return self._outlet.ring.put(png.tobytes(), Encoding.PNG, image.shape[1], image.shape[0])

    def _heard(self, word: Word | None) -> None:
        if isinstance(word, DeviceGone):
            raise DeviceAbsent(word.reason)
        if isinstance(word, FrameSeen) and self._ring is not None and self._outlet is not None:
            data = self._ring.take(word.picture)
            if data is not None and word.picture.encoding is Encoding.GREY8:
                self._outlet.frame(data, word.picture.width, word.picture.height, word.hint, Encoding.GREY8)

    def _next(self, timeout_s: float) -> Word | None:
        """The next word, or None when none came. Raises DeviceAbsent for a program that has ended, speaks nonsense, or is silent."""
        if not self._words:
            self._words.extend(self._receive(timeout_s))
        return self._words.popleft() if self._words else None

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

    def _send(self, order: Order, deadline_s: float) -> None:
        self._ticket += 1
        try:
            self._open_line().sendall(to_line(Ordered(self._ticket, deadline_s, order)))
        except OSError:
            raise DeviceAbsent("the program has ended") from None

    def _open_line(self) -> socket.socket:
        if self._line is None:
            raise DeviceAbsent("the program is not running")
        return self._line
