"""What the benches share: the spread of many times, what processes cost, the machine in words, a table."""

import os
import platform
import statistics
import sys
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("kivy", "opencv-python", "msgspec", "cryptography", "paho-mqtt")


def percentile(values: list[float], share: int) -> float:
    """The value that this many of a hundred do not pass."""
    return sorted(values)[min(len(values) - 1, round(len(values) * share / 100))]


def spread(seconds: list[float], high: int = 95, unit: float = 1000, name: str = "ms", digits: int = 0) -> str:
    """Median and tail of these times, with how many they were."""
    middle, tail = statistics.median(seconds) * unit, percentile(seconds, high) * unit
    return f"median {middle:.{digits}f} {name}, p{high} {tail:.{digits}f} {name} ({len(seconds)})"


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used, all its threads."""
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Proportional set size of a process: what it shares with others is divided among them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def with_children(pid: int) -> list[int]:
    """A process and the programs that it started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [pid, *(int(child) for task in tasks for child in task.read_text().split())]


def machine() -> str:
    """Processor, cores, system and versions, in one line."""
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES if _installed(name))
    load = os.getloadavg()[0]
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores (load {load:.1f}), "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, {packages}"
    )


def table(title: str, rows: dict[str, str]) -> None:
    """Print it."""
    sys.stdout.write(f"\n{title}\n" + "".join(f"  {name:<60} {value}\n" for name, value in rows.items()))
    sys.stdout.flush()


def _installed(name: str) -> bool:
    try:
        version(name)
    except ModuleNotFoundError:
        return False
    return True
