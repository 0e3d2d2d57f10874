"""One process, one device: `python -m drivers.host --driver NAME --fd N --runtime DIR --settings JSON`.

Orders come in as lines over a socket that the lane hands down, answers and notices go out over it. Descriptor 1 is joined to 2 at once: C
libraries print where they like. The process ends when its lane ends. What happens to the device is told, never fatal: the host goes on
opening it until it is there.
"""

import argparse
import ctypes
import json
import logging
import os
import queue
import signal
import socket
import sys
import threading
from collections import deque
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from drivers.catalogue import make
from drivers.contract import PROTOCOL, Answered, DeviceGone, DeviceReady, FrameSeen, Heartbeat, Hello, Notice, Ordered, Rest
from drivers.driver import DeviceAbsent, Driver, Outlet, Until
from drivers.lines import BadLine, LineReader, Word, order_from_line, to_line
from drivers.ring import FrameRing

HEARTBEAT_S, IDLE_S = 1.0, 0.2
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
MOST_WAITING = 256
PR_SET_PDEATHSIG = 1

log = logging.getLogger("drivers.host")


class Mouth:
    """Sends words to the lane from a thread of its own, so that no driver waits for a busy lane. Of live frames only the newest waits."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._words: deque[Word] = deque()
        self._frame: FrameSeen | None = None
        self._change = threading.Condition()
        self.broken = False
        threading.Thread(target=self._run, name="mouth", daemon=True).start()

    def say(self, word: Word) -> None:
        """Send this as soon as the lane takes it."""
        with self._change:
            if isinstance(word, FrameSeen):
                self._frame = word
            elif len(self._words) < MOST_WAITING:
                self._words.append(word)
            self._change.notify()

    def _run(self) -> None:
        while not self.broken:
            with self._change:
                self._change.wait_for(lambda: self._words or self._frame)
                word = self._words.popleft() if self._words else self._frame
                if word is self._frame:
                    self._frame = None
            try:
                self._line.sendall(to_line(word)) if word else None
            except OSError:
                # the lane is gone: the reader sees it and ends the process
                self.broken = True


class Host:
    """Runs one driver: a thread that works, while the main thread reads orders."""

    def __init__(self, driver: Driver, line: socket.socket, ring: FrameRing, ring_path: Path) -> None:
        self._driver, self._line, self._ring = driver, line, ring
        self._mouth = Mouth(line)
        self._orders: queue.Queue[tuple[Ordered, Until]] = queue.Queue()
        self._now: Until | None = None
        self._lock = threading.Lock()
        capabilities = tuple(order.__name__ for order in driver.orders)
        self._hello = Hello(PROTOCOL, driver.kind, driver.name, _version(), capabilities, str(ring_path))

    def run(self) -> None:
        """Until the lane closes its end."""
        self._mouth.say(self._hello)
        threading.Thread(target=self._beat, name="heart", daemon=True).start()
        threading.Thread(target=self._work, name="driver", daemon=True).start()
        reader = LineReader()
        while data := self._line.recv(65536):
            for line in reader.feed(data):
                self._take(order_from_line(line))

    def _take(self, ordered: Ordered) -> None:
        """A new order, or Rest, ends what is being waited for."""
        with self._lock:
            if self._now is not None and isinstance(ordered.order, Rest):
                self._now.rested = True
        self._orders.put((ordered, Until(ordered.deadline_s)))

    def _beat(self) -> None:
        tick = threading.Event()
        while not tick.wait(HEARTBEAT_S):
            self._mouth.say(Heartbeat())

    def _work(self) -> None:
        pause, tick = FIRST_PAUSE_S, threading.Event()
        while True:
            try:
                identity = self._driver.open(Outlet(self._tell, self._ring))
                self._mouth.say(DeviceReady(identity))
                pause = FIRST_PAUSE_S
                self._serve()
            except (DeviceAbsent, OSError) as why:
                self._mouth.say(DeviceGone(f"{type(why).__name__}: {why}"[:200]))
            finally:
                self._driver.close()
            self._refuse_waiting()
            tick.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _serve(self) -> None:
        while True:
            try:
                ordered, until = self._orders.get(timeout=IDLE_S)
            except queue.Empty:
                self._driver.idle()
                continue
            self._carry_out(ordered, until)

    def _carry_out(self, ordered: Ordered, until: Until) -> None:
        if isinstance(ordered.order, Rest):
            self._ring.wipe()
        with self._lock:
            self._now = until
        try:
            answer = self._driver.carry_out(ordered.order, until)
        finally:
            with self._lock:
                self._now = None
        if not until.rested:
            self._mouth.say(Answered(ordered.ticket, answer))

    def _refuse_waiting(self) -> None:
        """Orders for a device that is gone are dropped: the lane has heard DeviceGone and asks again."""
        while not self._orders.empty():
            self._orders.get()

    def _tell(self, notice: Notice) -> None:
        self._mouth.say(notice)


def _version() -> str:
    try:
        return version("mpaka")
    except PackageNotFoundError:
        return "unknown"


def _settle(parent: int) -> None:
    """Quiet, kind and mortal: prints go to the log, others come first, and the lane's end is ours."""
    os.dup2(2, 1)
    os.nice(5)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the lane has ended already")
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def main(arguments: list[str] | None = None) -> None:
    """Run the driver that the command line names."""
    parser = argparse.ArgumentParser(description="One process, one device.")
    parser.add_argument("--driver", required=True)
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    parser.add_argument("--settings", default="{}", type=json.loads)
    chosen = parser.parse_args(arguments)
    _settle(os.getppid())
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {chosen.driver} %(levelname)s %(message)s")
    settings: dict[str, Any] = {"runtime": str(chosen.runtime), **chosen.settings}
    driver = make(chosen.driver, settings)
    path = chosen.runtime / f"{driver.kind}.ring"
    with socket.socket(fileno=chosen.fd) as line:
        try:
            Host(driver, line, FrameRing.create(path), path).run()
        except (BadLine, ConnectionError) as why:
            log.error("%s: %s", type(why).__name__, why)


if __name__ == "__main__":
    main()
