"""Figures of the receipt: bytes, time to build, time of a status query over a pty. Run: python -m tests.benches.receipts"""

import statistics
import tempfile
import time
from pathlib import Path

from drivers.contract import PrintSlip
from drivers.driver import Outlet, Until
from drivers.receipt.job import job_bytes
from drivers.receipt.keeping import Album
from drivers.receipt.profiles import PROFILES
from drivers.ring import FrameRing
from drivers.simulated.receipt_printer import SimulatedReceiptPrinter
from tests.drivers.receipt.slips import KASUMBALESA, TUNDUMA

ROUNDS = 15
BAUDS = (9600, 38400, 115200)


def cpu_ms(work) -> float:
    """Median processor time of the work in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def bytes_and_building() -> None:
    print("slip   paper            bytes   build cpu ms   seconds at " + ", ".join(f"{baud} Bd" for baud in BAUDS))
    for slip in (TUNDUMA, KASUMBALESA):
        for name in ("80mm", "58mm", "80mm-slow-line", "58mm-slow-line"):
            album = Album(PROFILES[name])
            size = len(job_bytes(slip, album, 1))
            built = cpu_ms(lambda slip=slip, album=album: job_bytes(slip, album, 1))
            print(f"{slip.language:6} {name:16} {size:6} {built:10.1f}      " + ", ".join(f"{size * 10 / baud:8.1f}" for baud in BAUDS))


def queries_and_printing(folder: Path) -> None:
    printer = SimulatedReceiptPrinter({"scene": str(folder), "output": str(folder / "slips"), "paper": "80mm-process-id"})
    printer.open(Outlet(lambda _: None, FrameRing.create(folder / "ring", 16)))
    talk = printer._open_talk()
    queries, slips = [], []
    for _ in range(ROUNDS):
        began = time.monotonic()
        talk.inquire(1.0)
        queries.append((time.monotonic() - began) * 1000)
        began = time.monotonic()
        printer.carry_out(PrintSlip(TUNDUMA), Until(20))
        slips.append((time.monotonic() - began) * 1000)
    printer.close()
    print(f"status query (four questions) {statistics.median(queries):.1f} ms, worst {max(queries):.1f} ms")
    print(f"slip ordered to proof that it is printed {statistics.median(slips):.0f} ms (an emulator prints at once)")


if __name__ == "__main__":
    bytes_and_building()
    with tempfile.TemporaryDirectory() as place:
        queries_and_printing(Path(place))
