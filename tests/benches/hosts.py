"""What a host costs: `python -m tests.benches.hosts`. For each simulated device: start, memory, processor while idle, and a round trip.

Start: from fork to DeviceReady. Memory: proportional set size of the host (and the programs it started), MB. Idle: part of one core over ten seconds,
emulator included. Round trip: median of self-tests, from order to answer; it contains what the device itself takes.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from drivers import contract
from drivers.contract import DeviceReady, Kind
from tests.drivers.running_host import RunningHost

IDLE_S, TRIPS = 10.0, 20
DRIVERS = {
    Kind.PASSPORT_READER: "simulated-passport-reader",
    Kind.DOCUMENT_CAMERA: "simulated-document-camera",
    Kind.FACE_CAMERA: "simulated-face-camera",
    Kind.FINGERPRINT_SCANNER: "simulated-fingerprint-scanner",
    Kind.RECEIPT_PRINTER: "simulated-receipt-printer",
    Kind.LANE_IO: "simulated-lane-io",
}


def memory_mb(pid: int) -> float:
    """Proportional set size of a process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used."""
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def measure(kind: Kind, folder: Path) -> str:
    """One line of the table."""
    settings = {"scene": str(folder / "scene"), "output": str(folder / "out")}
    began = time.monotonic()
    with RunningHost(DRIVERS[kind], settings, folder) as host:
        host.wait_for(DeviceReady)
        start = time.monotonic() - began
        trips = []
        for _ in range(TRIPS):
            asked = time.monotonic()
            host.answer(host.order(contract.TestYourself()), contract.TestDone)
            trips.append(time.monotonic() - asked)
        pids = [host.process.pid, *host.children]
        before = sum(map(cpu_s, pids))
        # the lane would read heartbeats meanwhile; so do we
        end = time.monotonic() + IDLE_S
        while time.monotonic() < end:
            host.hear()
        used = (sum(map(cpu_s, pids)) - before) / IDLE_S
        memory = sum(map(memory_mb, pids))
        return f"{kind:20} {start:6.2f} s {memory:6.1f} MB {100 * used:5.2f} % {1000 * statistics.median(trips):7.1f} ms"


def main() -> None:
    """Print the table."""
    sys.stdout.write(f"{'':20} {'start':>8} {'memory':>9} {'idle':>7} {'round trip':>10}\n")
    for kind in Kind:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(measure(kind, Path(folder)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
