"""What devices and their hosts cost: `python -m tests.benches.devices [--seconds 5] [--trips 20] [--losses 3]`.

For each simulated device: start (from fork to DeviceReady), memory (proportional set size of the host and the programs that it started),
processor while idle (emulator included), processor seconds of the start, and the round trip of an order that asks nothing of the device.
Then what the lane sees: a host that is stopped, until it is Lost and until another one is Back. Then latencies of single devices: a zone laid on
the emulated Elyctis reader on its pty until the host's answer, and the printer's status query. Emulators answer at once; hardware will not.
"""

import argparse
import os
import queue
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from drivers.contract import DeviceReady, DocumentRead, Done, Kind, ReadDocument, Rest, TestDone, TestYourself
from drivers.driver import Outlet
from drivers.ring import FrameRing
from drivers.simulated.receipt_printer import SimulatedReceiptPrinter
from drivers.simulated.scene import Scene
from kiosk.devices import Back, Device, Lost, Told
from tests.benches.figures import cpu_s, machine, memory_mb, spread, table, with_children
from tests.drivers.running_host import RunningHost

# Doc 9303-4's own specimen
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
GIVE_UP_S = 30.0
COMPILED = "PYTHONPYCACHEPREFIX"


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--trips", type=int, default=20)
    parser.add_argument("--losses", type=int, default=3)
    chosen = parser.parse_args(arguments)
    print(machine())
    with tempfile.TemporaryDirectory(prefix="mpaka-bench-") as place:
        folder = Path(place)
        # as on an installed kiosk: modules are compiled before
        os.environ[COMPILED] = str(folder / "compiled")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        table("hosts of simulated devices", {kind.replace("_", " "): _host(kind, folder, chosen.seconds, chosen.trips) for kind in Kind})
        table("a device that is lost", _losses(folder, chosen.losses))
        rows = {"zone laid on the Elyctis emulator to the host's answer": _zones(folder, chosen.trips)}
        rows["printer's status query, four questions on a pty"] = _queries(folder, chosen.trips)
        table("single devices", rows)
    return 0


def _settings(folder: Path) -> dict[str, Any]:
    return {"scene": str(folder / "scene"), "output": str(folder / "out"), "paper": "80mm-process-id"}


def _driver(kind: Kind) -> str:
    return f"simulated-{kind.replace('_', '-')}"


def _host(kind: Kind, folder: Path, seconds: float, trips: int) -> str:
    with RunningHost(_driver(kind), _settings(folder), folder) as host:
        host.wait_for(DeviceReady)
    began = time.monotonic()
    with RunningHost(_driver(kind), _settings(folder), folder) as host:
        host.wait_for(DeviceReady)
        start = time.monotonic() - began
        pids = with_children(host.process.pid)
        start_cpu = sum(map(cpu_s, pids))
        took, tests = [], []
        for _ in range(trips):
            asked = time.monotonic()
            # a reader is told to rest too, so this one holds an exchange with it
            host.answer(host.order(Rest()), Done)
            took.append(time.monotonic() - asked)
        for _ in range(3):
            asked = time.monotonic()
            host.answer(host.order(TestYourself()), TestDone)
            tests.append(time.monotonic() - asked)
        before, due = sum(map(cpu_s, pids)), time.monotonic() + seconds
        while time.monotonic() < due:
            # the lane would read heartbeats meanwhile
            host.hear()
        idle, memory = (sum(map(cpu_s, pids)) - before) / seconds, sum(map(memory_mb, pids))
        return (
            f"ready in {start:.2f} s (CPU {start_cpu:.2f} s), {memory:.0f} MB, idle {idle:.1%}; "
            f"Rest {spread(took, digits=1)}; self-test {sorted(tests)[1] * 1000:.0f} ms"
        )


def _losses(folder: Path, losses: int) -> dict[str, str]:
    """A host that is stopped in its tracks, and one that is killed: seconds until the lane hears Lost, and Back."""
    rows = {}
    for what, blow in (("host hangs (SIGSTOP): no heartbeat", signal.SIGSTOP), ("host killed (SIGKILL)", signal.SIGKILL)):
        told: queue.Queue[Told] = queue.Queue()
        device = Device(Kind.LANE_IO, _driver(Kind.LANE_IO), _settings(folder), folder, told.put)
        device.start()
        lost, back = [], []
        for _ in range(losses):
            _hear(told, Back)
            began, pid = time.monotonic(), device.pid
            if pid is None:
                raise LookupError("no host runs")
            os.kill(pid, blow)
            _hear(told, Lost)
            lost.append(time.monotonic() - began)
            _hear(told, Back)
            back.append(time.monotonic() - began)
            # the next blow waits for this Back
            told.put(Told(Kind.LANE_IO, Back("")))
        device.close()
        rows[f"{what}, to Lost"] = spread(lost, unit=1, name="s", digits=3)
        rows[f"{what}, to Back"] = spread(back, unit=1, name="s", digits=2)
    return rows


def _hear(told: "queue.Queue[Told]", word: type[Lost] | type[Back]) -> None:
    while not isinstance(told.get(timeout=GIVE_UP_S).word, word):
        pass


def _zones(folder: Path, trips: int) -> str:
    """The emulator looks at its scene ten times a second: on average 50 ms of this are its own."""
    scene, took = Scene(folder / "scene"), []
    with RunningHost(_driver(Kind.PASSPORT_READER), _settings(folder), folder) as host:
        host.wait_for(DeviceReady)
        for _ in range(trips):
            ticket = host.order(ReadDocument())
            # at any moment of the emulator's tenth of a second
            time.sleep(0.25 + random.uniform(0, 0.1))
            laid = time.monotonic()
            scene.put("passport_reader", lines=ZONE)
            host.answer(ticket, DocumentRead)
            took.append(time.monotonic() - laid)
            scene.put("passport_reader", lines=())
    return spread(took)


def _queries(folder: Path, trips: int) -> str:
    printer, took = SimulatedReceiptPrinter(_settings(folder)), []
    printer.open(Outlet(lambda _: None, FrameRing.create(folder / "ring", 16)))
    talk = printer._open_talk()
    for _ in range(trips):
        began = time.monotonic()
        talk.inquire(1.0)
        took.append(time.monotonic() - began)
    printer.close()
    return spread(took, digits=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
