"""A whole lane with simulated devices: `python -m tests.benches.lane [--display kiosk21|lane10|both] [--rounds 10] [--seconds 15]`.

Start to the first screen that can be touched, a touch to the next screen, a document laid down to its data, how evenly frames come idle and
while every device is busy, memory and processor while waiting. One process a display; CPU time beside wall time.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

STEPS = ("start", "language_sw", "understood", "papers_document")
TICK_S = 1 / 30


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--display", default="both")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        print(json.dumps(measure(chosen.display, chosen.rounds, chosen.seconds)))
        return 0
    displays = ("lane10", "kiosk21") if chosen.display == "both" else (chosen.display,)
    for display in displays:
        command = [sys.executable, "-m", "tests.benches.lane", "--inside", "--display", display]
        command += ["--rounds", str(chosen.rounds), "--seconds", str(chosen.seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            return 1
        show(display, json.loads(done.stdout.splitlines()[-1]))
    return 0


def show(display: str, figures: dict[str, Any]) -> None:
    """One table a display."""
    print(f"\n{display} · {figures.pop('renderer')} · {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, value in figures.items():
        print(f"  {name:<58} {value}")


def measure(display: str, rounds: int, seconds: float) -> dict[str, Any]:
    """All figures of one display; runs the lane in this process."""
    from kiosk.broker import free_port
    from kiosk.demo import post as posts

    folder = Path(tempfile.mkdtemp(prefix="mpaka-bench-"))
    post = posts.lay_out(folder, free_port(), display)
    began, cpu = time.monotonic(), time.process_time()
    from kiosk.programs.lane import LaneStation

    station = LaneStation(post.settings / "lane.toml", offscreen=True)
    station.start()
    figures: dict[str, Any] = {"renderer": station.app.renderer}
    ready = threading.Event()

    def work() -> None:
        try:
            _until(lambda: station.lane.state.name == "ATTRACT")
            station.app.call(ready.set)
            ready.wait(10)
            figures["start to a first screen that can be touched"] = (
                f"{time.monotonic() - began:.2f} s, CPU {time.process_time() - cpu:.2f} s"
            )
            _until(lambda: len(station.lane.state.kiosk.lost) == 0, 20)
            figures["start to all six devices ready"] = f"{time.monotonic() - began:.2f} s"
            figures.update(_waiting(station, seconds))
            figures.update(_screens(station, posts, post, rounds))
            figures.update(_frames(station, post, seconds))
        finally:
            station.stop()

    threading.Thread(target=work, daemon=True).start()
    station.run()
    station.close()
    return figures


def _waiting(station: Any, seconds: float) -> dict[str, str]:
    """Processor and memory while nobody is there."""
    time.sleep(3)
    hosts = [device.pid for device in station.devices.values() if device.pid]
    before, lane = sum(map(_cpu, hosts)), _cpu(os.getpid())
    time.sleep(seconds)
    lane_share, host_share = (_cpu(os.getpid()) - lane) / seconds, (sum(map(_cpu, hosts)) - before) / seconds
    return {
        "processor while waiting, lane": f"{lane_share:.1%} of a core",
        "processor while waiting, six hosts with their emulators": f"{host_share:.1%} of a core",
        "memory of the lane": f"{_rss(os.getpid()):.0f} MB",
        "memory of the six hosts together": f"{sum(map(_rss, hosts)):.0f} MB",
    }


def _screens(station: Any, posts: Any, post: Any, rounds: int) -> dict[str, str]:
    """From a touch to the next state drawn, and from a document laid down to its data on the screen."""
    from drivers.simulated.scene import Scene

    scene, touches, documents, cameras = Scene(post.scene), [], [], []
    adult = (post.pages / "adult.txt").read_text().split()
    for number in range(rounds):
        camera = number % 2 == 1
        scene.put("passport_reader", fault="unplug" if camera else "", lines=[])
        _until(lambda camera=camera: ("passport_reader" in station.lane.state.kiosk.lost) is camera, 20)
        for target in STEPS:
            touches.append(_touched(station, target))
        time.sleep(0.3)
        began = time.monotonic()
        if camera:
            scene.put("document_camera", image=str(post.pages / "adult.png"))
        else:
            scene.put("passport_reader", lines=adult)
        _until(lambda: station.lane.state.name == "PARTY", 30)
        _drawn(station)
        (cameras if camera else documents).append(time.monotonic() - began)
        scene.put("document_camera", image="")
        scene.put("passport_reader", lines=[])
        _touched(station, "help")
        _until(lambda: station.lane.state.name == "TOKEN", 30)
        _touched(station, "token_done", "token_done_screen")
        _until(lambda: station.lane.state.name == "ATTRACT")
    scene.put("passport_reader", fault="")
    return {
        "touch let go to the next screen drawn": _spread(touches),
        "document laid on the reader to its data on the screen": _spread(documents),
        "document laid under the camera to its data on the screen": _spread(cameras),
    }


def _frames(station: Any, post: Any, seconds: float) -> dict[str, str]:
    """How evenly the screen's thread turns: idle, and with every device at work."""
    from drivers.contract import CaptureFace, CaptureFinger, Finger, Kind, ReadDocument
    from drivers.simulated.scene import Scene

    idle = _between(station, seconds)
    scene = Scene(post.scene)
    scene.put("document_camera", image=str(post.pages / "face-1.png"))
    scene.put("face_camera", image=str(post.pages / "adult.png"))
    orders = {
        Kind.DOCUMENT_CAMERA: ReadDocument(),
        Kind.FACE_CAMERA: CaptureFace(),
        Kind.FINGERPRINT_SCANNER: CaptureFinger(Finger.LEFT_INDEX),
    }
    orders[Kind.PASSPORT_READER] = ReadDocument()
    for number, (kind, order) in enumerate(orders.items()):
        station.devices[kind].order(-10_000 - number, order, 600.0)
    busy = _between(station, seconds)
    return {
        "one frame to the next, idle": _spread(idle, 99),
        "one frame to the next, every device busy": _spread(busy, 99),
        "p99 busy against idle": f"{_percentile(busy, 99) / max(1e-6, _percentile(idle, 99)):.2f} x",
    }


def _between(station: Any, seconds: float) -> list[float]:
    """Seconds between one frame and the next."""
    from kivy.clock import Clock

    between: list[float] = []
    last = [0.0]

    def tick(_seconds: float) -> None:
        now = time.perf_counter()
        if last[0]:
            between.append(now - last[0])
        last[0] = now

    event = Clock.create_trigger(tick, TICK_S, interval=True)
    station.app.call(event)
    time.sleep(seconds)
    event.cancel()
    return between or [0.0]


def _touched(station: Any, *targets: str) -> float:
    """Touch one of these; seconds from letting go to the next state drawn."""
    from kiosk.screens.hands import PRESS_S, tap

    before, due = station.lane.state, time.monotonic() + 20
    while time.monotonic() < due:
        for target in (*targets, "page_forward"):
            if _on_screen(station, partial(tap, station.app.sheet, target)):
                if target != "page_forward":
                    began = time.monotonic() + PRESS_S
                    _until(lambda: station.lane.state is not before)
                    _drawn(station)
                    return max(0.0, time.monotonic() - began)
                time.sleep(0.4)
        time.sleep(0.05)
    raise TimeoutError(f"{targets} cannot be touched")


def _on_screen(station: Any, what: Any) -> Any:
    """Do this on the screen's thread; what comes of it."""
    came: list[Any] = []
    done = threading.Event()
    station.app.call(lambda: (came.append(what()), done.set()))
    done.wait(5)
    return came[0] if came else None


def _drawn(station: Any) -> None:
    """Until the screen's thread has come round twice: once to lay the view out, once to draw it."""
    for _ in range(2):
        done = threading.Event()
        station.app.call(done.set)
        done.wait(5)


def _until(there: Any, patience_s: float = 20.0) -> None:
    due = time.monotonic() + patience_s
    while not there():
        if time.monotonic() > due:
            raise TimeoutError("the lane does not come to what is measured")
        time.sleep(0.002)


def _spread(values: list[float], high: int = 95) -> str:
    return f"median {statistics.median(values) * 1000:.0f} ms, p{high} {_percentile(values, high) * 1000:.0f} ms ({len(values)})"


def _percentile(values: list[float], share: int) -> float:
    return sorted(values)[min(len(values) - 1, round(len(values) * share / 100))]


def _cpu(pid: int) -> float:
    """CPU seconds of a process and of what it has waited for."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, parts[11:15])) / os.sysconf("SC_CLK_TCK")


def _rss(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
