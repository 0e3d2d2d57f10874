"""A vendor's own program as a fingerprint scanner: it speaks the lines of drivers/lines.py over standard input and output.

The program is started with `--ring PATH`, a frame ring to put pictures in. It says Hello, then DeviceReady or DeviceGone, answers each
Ordered with one Answered, and may say FrameSeen in between. Images are refused that a record could not use: other than 8 bits grey, or a resolution outside 490 to 510 ppi (500 +- 2 %).
"""

import os
import select
import subprocess
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from drivers.contract import (
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
from drivers.ring import FrameRing

PPI = range(490, 511)
START_S, POLL_S, END_S = 10.0, 0.1, 3.0
RING_ROOM = 1024 * 1024


class ExternalScanner:
    """Settings: `program`, the command line of the vendor's program; `runtime`, the folder for its ring (the host gives it)."""

    kind = Kind.FINGERPRINT_SCANNER
    name = "external-fingerprint"
    orders = (CaptureFinger, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._program = [str(part) for part in settings["program"]]
        self._ring_path = Path(settings["runtime"]) / "fingerprint_program.ring"
        self._process: subprocess.Popen[bytes] | None = None
        self._ring: FrameRing | None = None
        self._lines = LineReader()
        self._words: list[Word] = []
        self._outlet: Outlet | None = None
        self._ticket = 0

    def open(self, outlet: Outlet) -> str:
        """Start the program and wait until its device is ready. Raises DeviceAbsent."""
        self._outlet, self._lines, self._words = outlet, LineReader(), []
        self._ring = FrameRing.create(self._ring_path, RING_ROOM)
        try:
            command = [*self._program, "--ring", str(self._ring_path)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as why:
            raise DeviceAbsent(f"{self._program[0]} cannot be started: {type(why).__name__}") from None
        due = time.monotonic() + START_S
        while time.monotonic() < due:
            match self._next(POLL_S):
                case DeviceReady(identity=identity):
                    return identity
                case DeviceGone(reason=reason):
                    raise DeviceAbsent(reason)
                case Hello(kind=kind) if kind is not self.kind:
                    raise DeviceAbsent(f"the program drives a {kind}")
        raise DeviceAbsent("the program does not say that its device is ready")

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Pass the order on and wait for its answer. Raises DeviceAbsent."""
        if isinstance(order, Rest):
            return Done()
        self._ticket += 1
        self._send(Ordered(self._ticket, max(1.0, until.left_s), order))
        while not until.over:
            word = self._next(POLL_S)
            if isinstance(word, Answered) and word.ticket == self._ticket:
                return self._judged(word.answer)
            self._heard(word)
        self._send(Ordered(self._ticket + 1, END_S, Rest()))
        self._ticket += 1
        return NotCaptured(Unread.TIMED_OUT)

    def idle(self) -> None:
        """Hear what the program says by itself. Raises DeviceAbsent."""
        self._heard(self._next(0.0))

    def close(self) -> None:
        """End the program."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
            process.wait()
        if self._ring is not None:
            self._ring.close()
            self._ring = None

    def _judged(self, answer: Answer) -> Answer:
        match answer:
            case FingerCaptured(finger=finger, picture=picture, ppi=ppi, quality=quality):
                if picture.encoding is not Encoding.GREY8 or ppi not in PPI or picture.size != picture.width * picture.height:
                    return NotCaptured(Unread.POOR_PICTURE)
                return FingerCaptured(finger, self._copied(picture), ppi, quality)
            case NotCaptured() | TestDone() | Done():
                return answer
            case _:
                raise DeviceAbsent("the program answers what was not asked")

    def _copied(self, picture: Picture) -> Picture:
        """The finger from the program's ring into the host's, as PNG: without loss, and small enough for a record's media."""
        data = self._ring.take(picture) if self._ring is not None else None
        if data is None or self._outlet is None:
            raise DeviceAbsent("the program's picture was overwritten before it could be read")
        image = np.frombuffer(data, np.uint8).reshape(picture.height, picture.width)
        good, png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if not good:
            raise DeviceAbsent("the program's picture cannot be written as PNG")
        return self._outlet.ring.put(png.tobytes(), Encoding.PNG, picture.width, picture.height)

    def _heard(self, word: Word | None) -> None:
        if isinstance(word, DeviceGone):
            raise DeviceAbsent(word.reason)
        if isinstance(word, FrameSeen) and self._ring is not None and self._outlet is not None:
            data = self._ring.take(word.picture)
            if data is not None and word.picture.encoding is Encoding.GREY8:
                self._outlet.frame(data, word.picture.width, word.picture.height, word.hint, Encoding.GREY8)

    def _next(self, timeout_s: float) -> Word | None:
        if not self._words:
            self._words = self._receive(timeout_s)
        return self._words.pop(0) if self._words else None

    def _receive(self, timeout_s: float) -> list[Word]:
        process = self._running()
        if process.stdout is None or not select.select([process.stdout], [], [], timeout_s)[0]:
            return []
        data = os.read(process.stdout.fileno(), 65536)
        if not data:
            raise DeviceAbsent("the program has ended")
        try:
            return [word_from_line(line) for line in self._lines.feed(data)]
        except BadLine as why:
            raise DeviceAbsent(f"the program speaks nonsense: {why}") from None

    def _send(self, ordered: Ordered) -> None:
        process = self._running()
        try:
            if process.stdin is not None:
                process.stdin.write(to_line(ordered))
                process.stdin.flush()
        except OSError:
            raise DeviceAbsent("the program has ended") from None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise DeviceAbsent("the program is not running")
        return self._process
