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

from drivers.attended import AttendedBench
from drivers.catalogue import DriverUnknown, make
from drivers.contract import (
    PROTOCOL,
    Answer,
    Answered,
    DeviceGone,
    DeviceReady,
    Done,
    Heartbeat,
    Hello,
    Kind,
    Ordered,
    RunTrial,
    TrialReply,
    TrialWent,
)
from drivers.driver import IDLE_S, DeviceAbsent, Driver, Outlet, Until
from drivers.lines import BadLine, LineReader, order_from_line, to_line
from drivers.mouth import Mouth
from drivers.orders import Waiting, WaitingOrders
from drivers.ring import FrameRing
from drivers.trial import Trial
from firmware_bridge.plug_events import PlugEvents, listen
from firmware_bridge.tap import SAID, SENT, tapped
from firmware_bridge.traffic import TrafficLog

HEARTBEAT_S = 1.0
PULLED, PLUGGED_IN = frozenset({"remove", "lost"}), frozenset({"add", "bind", "change", "lost"})
NEVER_S = 3600.0
# one plug is many events: they are taken together
TOGETHER_S = 0.02
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
END_S = 2.0
"""So long a driver may take to free its device once the lane has hung up."""
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
    """Runs one driver: a thread that works, while the main thread reads orders. `plugs` tells when to look for a device that came or went."""

    def __init__(self, driver: Driver, line: socket.socket, ring: FrameRing, ring_path: Path, plugs: PlugEvents) -> None:
        self._driver, self._line, self._ring, self._plugs = driver, line, ring, plugs
        self._mouth = Mouth(line)
        self._outlet = Outlet(self._mouth.say, ring)
        self._orders = WaitingOrders()
        self._gone_for = ""
        self._ending = threading.Event()
        self._plugged_in = threading.Event()
        self._bench: AttendedBench | None = None
        # what the host does itself, with any driver
        capabilities = tuple(order.__name__ for order in (*driver.orders, RunTrial, TrialReply))
        self._hello = Hello(PROTOCOL, driver.kind, driver.name, _version(), capabilities, str(ring_path))

    def run(self) -> None:
        """Until the lane closes its end; then the device is freed. Raises BadLine, ConnectionError."""
        self._mouth.say(self._hello)
        threading.Thread(target=self._beat, name="heart", daemon=True).start()
        threading.Thread(target=self._hear_plugs, name="plugs", daemon=True).start()
        worker = threading.Thread(target=self._work, name="driver", daemon=True)
        worker.start()
        reader = LineReader()
        while data := self._line.recv(65536):
            for line in reader.feed(data):
                self._take(order_from_line(line))
        self._ending.set()
        self._orders.end()
        self._plugged_in.set()
        # a driver frees its device, so that others find it as it was; of one that failed the log is written
        worker.join(END_S)

    def _take(self, ordered: Ordered) -> None:
        bench = self._bench
        if isinstance(ordered.order, TrialReply):
            # for the trial that is being carried out: it cannot wait behind it
            if bench is not None:
                bench.reply(ordered.order.done)
            self._mouth.say(Answered(ordered.ticket, Done()))
        else:
            self._orders.put(ordered)

    def _beat(self) -> None:
        tick = threading.Event()
        while not tick.wait(HEARTBEAT_S):
            self._mouth.say(Heartbeat())

    def _hear_plugs(self) -> None:
        """A door bell: a device that is gone is noticed, and one that is back is opened, without waiting for the next look."""
        tick = threading.Event()
        while True:
            actions = {event.action for event in self._plugs.wait(NEVER_S)}
            if actions & PULLED:
                self._orders.wake()
            if actions & PLUGGED_IN:
                self._plugged_in.set()
            tick.wait(TOGETHER_S)

    def _work(self) -> None:
        pause = FIRST_PAUSE_S
        try:
            while not self._ending.is_set():
                if self._one_device_life():
                    pause = FIRST_PAUSE_S
                # udev may still be giving it its rights: after the bell it is tried in short steps again
                pause = FIRST_PAUSE_S if self._plugged_in.wait(pause) else min(pause * 2, LONGEST_PAUSE_S)
                self._plugged_in.clear()
        finally:
            # the driver failed in a way it did not foresee: the lane sees the end of the line and starts afresh
            self._mouth.end()

    def _one_device_life(self) -> bool:
        """From opening the device to losing it; returns whether it could be opened."""
        opened = False
        try:
            identity = self._driver.open(self._outlet)
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
        while not self._ending.is_set():
            waiting = self._orders.next(IDLE_S)
            if waiting is None:
                self._driver.idle()
            else:
                self._carry_out(waiting)

    def _carry_out(self, waiting: Waiting) -> None:
        if waiting.rests:
            self._ring.wipe()
        try:
            answer = self._answer(waiting)
        finally:
            self._orders.done()
        if not waiting.until.rested:
            self._mouth.say(Answered(waiting.ordered.ticket, answer))

    def _answer(self, waiting: Waiting) -> Answer:
        match waiting.ordered.order:
            case RunTrial(attended=attended):
                return self._try(waiting.until, attended=attended)
            case order:
                return self._driver.carry_out(order, waiting.until)

    def _try(self, until: Until, *, attended: bool) -> Answer:
        """The driver's trial; where it leaves the device lost, the next look tells."""
        self._bench = AttendedBench(self._driver.kind, self._mouth.say, lambda: list(self._plugs.last), attended=attended)
        try:
            return Trial(self._driver, self._outlet, self._bench, until).run(lambda step: self._mouth.say(TrialWent(step)))
        finally:
            self._bench = None


def _version() -> str:
    try:
        return version("mpaka")
    except PackageNotFoundError:
        return "unknown"


def plug_events() -> PlugEvents:
    """What the kernel says of plugs; where it may not be heard, devices are looked for by time alone."""
    try:
        return PlugEvents(listen())
    except OSError as why:
        log.warning("plugs are not heard (%s): lost devices are looked for every %.0f s", type(why).__name__, LONGEST_PAUSE_S)
        return PlugEvents(None)


def settle(parent: int) -> None:
    """Quiet and mortal: prints go to the log, and the lane's end is ours. (Kind as well: the lane starts it at nice 5.)"""
    os.dup2(2, 1)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the lane has ended already")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # as cv2.setNumThreads(1), for whatever loads OpenCV later
    os.environ["OPENCV_FOR_THREADS_NUM"] = "1"
    # a camera that stalls is given up after so many seconds; OpenCV's own patience is ten
    os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] = "1"
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
                Host(driver, line, FrameRing.create(path), path, plug_events()).run()
        except (BadLine, ConnectionError) as why:
            log.error("%s: %s", type(why).__name__, why)


if __name__ == "__main__":
    main()
