"""How a host speaks to its lane: from a thread of its own, so that no driver ever waits for a lane that is busy."""

import socket
import threading
from collections import deque

from drivers.contract import FrameSeen, Heartbeat
from drivers.lines import Word, to_line

MOST_WAITING = 256


class Mouth:
    """Sends words in the order they are said. Of live pictures only the newest waits, of heartbeats only one."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._words: deque[Word] = deque()
        self._change = threading.Condition()
        self._ended = False
        threading.Thread(target=self._run, name="mouth", daemon=True).start()

    def say(self, word: Word) -> None:
        """Send this as soon as the lane takes it. A lane that takes nothing while hundreds of words wait has failed: the line is ended."""
        with self._change:
            if isinstance(word, FrameSeen):
                # the one that waits is old; the new one keeps its place among the other words
                self._words = deque(waiting for waiting in self._words if not isinstance(waiting, FrameSeen))
            if not (isinstance(word, Heartbeat) and word in self._words):
                self._words.append(word)
            full = len(self._words) > MOST_WAITING
            self._change.notify()
        if full:
            self.end()

    def end(self) -> None:
        """Hang up; whoever reads the line finds its end."""
        self._ended = True
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except OSError:
            # the lane hung up first
            return

    def _run(self) -> None:
        while not self._ended:
            with self._change:
                self._change.wait_for(lambda: self._words)
                word = self._words.popleft()
            try:
                self._line.sendall(to_line(word))
            except OSError:
                # the lane is gone: the reader sees it too and ends the process
                return
