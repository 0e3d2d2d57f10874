"""A host as the lane runs one: a real process at the other end of a socketpair. Tests wait for words, never for time."""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from drivers.contract import Answered, FrameSeen, Hello, Order, Ordered, Picture
from drivers.lines import LineReader, Word, to_line, word_from_line
from drivers.ring import FrameRing, open_ring

T = TypeVar("T")
PATIENCE_S = 20.0


class HostDied(AssertionError):
    """The host hung up."""


class RunningHost:
    """`with RunningHost("elyctis", {...}, folder) as host: host.order(ReadDocument()); host.answer()`."""

    def __init__(self, driver: str, settings: dict[str, Any], runtime: Path, packages: Path | None = None) -> None:
        """`packages`: a folder with a vendor's installed package."""
        self.heard: list[Word] = []
        self._line, theirs = socket.socketpair()
        self._reader = LineReader()
        self._ticket = 0
        self._ring: FrameRing | None = None
        fd = theirs.fileno()
        command = [sys.executable, "-m", "drivers.host", "--driver", driver, "--fd", str(fd), "--runtime", str(runtime)]
        self.log = runtime / f"{driver}.log"
        paths = os.pathsep.join([*([str(packages)] if packages else []), str(Path.cwd())])
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--settings", json.dumps(settings)],
                pass_fds=(fd,),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": paths},
            )
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._line.close()
        self.process.wait(PATIENCE_S)
        if self._ring is not None:
            self._ring.close()

    def send(self, data: bytes) -> None:
        """Raw bytes to the host."""
        self._line.sendall(data)

    def order(self, order: Order, deadline_s: float = 15.0) -> int:
        """Give an order; returns its ticket."""
        self._ticket += 1
        self.send(to_line(Ordered(self._ticket, deadline_s, order)))
        return self._ticket

    def hear(self, patience_s: float = PATIENCE_S) -> Word:
        """The next word, waited for."""
        due = time.monotonic() + patience_s
        while not self.heard:
            if not select.select([self._line], [], [], max(0.0, due - time.monotonic()))[0]:
                raise AssertionError(f"nothing was said in {patience_s} s; the log: {self.log.read_text()[-600:]}")
            data = self._line.recv(65536)
            if not data:
                raise HostDied(self.log.read_text()[-600:])
            self.heard += [word_from_line(line) for line in self._reader.feed(data)]
        word = self.heard.pop(0)
        if isinstance(word, Hello) and word.ring:
            self._ring = open_ring(Path(word.ring))
        return word

    def wait_for(self, kind: type[T], suits: Callable[[T], bool] = lambda _: True) -> T:
        """The next word of this kind that suits; others are let pass."""
        due = time.monotonic() + PATIENCE_S
        while time.monotonic() < due:
            word = self.hear()
            if isinstance(word, kind) and suits(word):
                return word
        raise AssertionError(f"no {kind.__name__} in {PATIENCE_S} s; the log: {self.log.read_text()[-600:]}")

    def answer(self, ticket: int, kind: type[T]) -> T:
        """The answer to this ticket, which must be of this kind."""
        answered = self.wait_for(Answered, lambda word: word.ticket == ticket).answer
        assert isinstance(answered, kind), f"answered {answered}; the log: {self.log.read_text()[-600:]}"
        return answered

    def frame_with(self, suits: Callable[[FrameSeen], bool]) -> FrameSeen:
        """A live picture that suits."""
        return self.wait_for(FrameSeen, suits)

    def take(self, picture: Picture) -> bytes:
        """The bytes of a picture, copied at once."""
        assert self._ring is not None
        data = self._ring.take(picture)
        assert data is not None, "the picture was overwritten"
        return data

    def until_dead(self) -> None:
        """Read until the host hangs up."""
        try:
            while True:
                self.hear()
        except HostDied:
            self.process.wait(PATIENCE_S)

    @property
    def children(self) -> list[int]:
        """Processes that the host started."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether a process lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"
