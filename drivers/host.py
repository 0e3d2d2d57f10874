"""One process, one device: `python -m drivers.host --driver NAME --fd N --runtime DIR --settings JSON`.

Orders come in as lines over a socket that the lane hands down, answers and notices go out over it. Descriptor 1 is joined to 2 at once: C
libraries print where they like. The process ends when its lane ends, and when its driver fails in a way it did not foresee; a device that is
lost is told, never fatal: the host goes on opening it until it is there.
"""

import argparse
import ctypes
import json
import logging
import os
import signal
import socket
import sys
import threading
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from drivers.catalogue import DriverUnknown, make
from drivers.contract import PROTOCOL, Answered, DeviceGone, DeviceReady, Heartbeat, Hello, Kind
from drivers.driver import DeviceAbsent, Driver, Outlet
from drivers.lines import BadLine, LineReader, order_from_line, to_line
from drivers.mouth import Mouth
from drivers.orders import Waiting, WaitingOrders
from drivers.ring import FrameRing
from firmware_bridge.tap import SAID, SENT, tapped
from firmware_bridge.traffic import TrafficLog

HEARTBEAT_S, IDLE_S = 1.0, 0.2
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
PR_SET_PDEATHSIG = 1
PERSONAL = {
    Kind.PASSPORT_READER: SAID,
    Kind.DOCUMENT_CAMERA: SAID,
    Kind.FACE_CAMERA: SAID,
    Kind.FINGERPRINT_SCANNER: SAID,
    Kind.RECEIPT_PRINTER: SENT,
}
"""In which direction something of a person goes over a device's wire: a traffic log hides it."""

log = logging.getLogger("drivers.host")


class Host:
    """Runs one driver: a thread that works, while the main thread reads orders."""

    def __init__(self, driver: Driver, line: socket.socket, ring: FrameRing, ring_path: Path) -> None:
        self._driver, self._line, self._ring = driver, line, ring
        self._mouth = Mouth(line)
        self._orders = WaitingOrders()
        self._gone_for = ""
        self._failed = False
        capabilities = tuple(order.__name__ for order in driver.orders)
        self._hello = Hello(PROTOCOL, driver.kind, driver.name, _version(), capabilities, str(ring_path))

    def run(self) -> None:
        """Until the lane closes its end. Raises BadLine, ConnectionError."""
        self._mouth.say(self._hello)
        threading.Thread(target=self._beat, name="heart", daemon=True).start()
        worker = threading.Thread(target=self._work, name="driver", daemon=True)
        worker.start()
        reader = LineReader()
        while data := self._line.recv(65536):
            for line in reader.feed(data):
                self._orders.put(order_from_line(line))
        if self._failed:
            # so that its log is written
            worker.join()

    def _beat(self) -> None:
        tick = threading.Event()
        while not tick.wait(HEARTBEAT_S):
            self._mouth.say(Heartbeat())

    def _work(self) -> None:
        pause, tick = FIRST_PAUSE_S, threading.Event()
        try:
            while True:
                if self._one_device_life():
                    pause = FIRST_PAUSE_S
                tick.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
        finally:
            # the driver failed in a way it did not foresee: the lane sees the end of the line and starts afresh
            self._failed = True
            self._mouth.end()

    def _one_device_life(self) -> bool:
        """From opening the device to losing it; returns whether it could be opened."""
        opened = False
        try:
            identity = self._driver.open(Outlet(self._mouth.say, self._ring))
            opened = True
            # what was ordered of the device that was lost is asked anew by the lane
            self._orders.drop()
            self._gone_for = ""
            self._mouth.say(DeviceReady(identity))
            self._serve()
        except (DeviceAbsent, OSError) as why:
            self._tell_gone(f"{type(why).__name__}: {why}"[:200])
        finally:
            self._driver.close()
        return opened

    def _tell_gone(self, reason: str) -> None:
        """Once, and again only when the reason is another."""
        if reason != self._gone_for:
            self._gone_for = reason
            self._mouth.say(DeviceGone(reason))

    def _serve(self) -> None:
        while True:
            waiting = self._orders.next(IDLE_S)
            if waiting is None:
                self._driver.idle()
            else:
                self._carry_out(waiting)

    def _carry_out(self, waiting: Waiting) -> None:
        if waiting.rests:
            self._ring.wipe()
        try:
            answer = self._driver.carry_out(waiting.ordered.order, waiting.until)
        finally:
            self._orders.done()
        if not waiting.until.rested:
            self._mouth.say(Answered(waiting.ordered.ticket, answer))


def _version() -> str:
    try:
        return version("mpaka")
    except PackageNotFoundError:
        return "unknown"


def settle(parent: int) -> None:
    """Quiet and mortal: prints go to the log, and the lane's end is ours. (Kind as well: the lane starts it at nice 5.)"""
    os.dup2(2, 1)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the lane has ended already")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # as cv2.setNumThreads(1), for whatever loads OpenCV later
    os.environ["OPENCV_FOR_THREADS_NUM"] = "1"
    threading.excepthook = _log_failure


def _log_failure(failed: threading.ExceptHookArgs) -> None:
    """Where and what, never with which values: the text of an exception may hold something of a person."""
    places = traceback.extract_tb(failed.exc_traceback)
    log.critical("%s at %s", failed.exc_type.__name__, " < ".join(f"{Path(at.filename).name}:{at.lineno}" for at in reversed(places)))


def main(arguments: list[str] | None = None) -> None:
    """Run the driver that the command line names."""
    parser = argparse.ArgumentParser(description="One process, one device.")
    parser.add_argument("--driver", required=True)
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    parser.add_argument("--settings", default="{}", type=json.loads)
    chosen = parser.parse_args(arguments)
    settle(os.getppid())
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {chosen.driver} %(levelname)s %(message)s")
    settings: dict[str, Any] = {"runtime": str(chosen.runtime), **chosen.settings}
    try:
        driver = make(chosen.driver, settings)
    except DriverUnknown as why:
        # the lane learns it too: a log that nobody reads is not enough
        with socket.socket(fileno=chosen.fd) as line:
            line.sendall(to_line(DeviceGone(str(why))))
        sys.exit(str(why))
    path = chosen.runtime / f"{driver.kind}.ring"
    with socket.socket(fileno=chosen.fd) as line:
        try:
            with tapped(TrafficLog(chosen.runtime, driver.kind, PERSONAL.get(driver.kind, ""))):
                Host(driver, line, FrameRing.create(path), path).run()
        except (BadLine, ConnectionError) as why:
            log.error("%s: %s", type(why).__name__, why)


if __name__ == "__main__":
    main()
