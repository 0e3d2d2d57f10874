"""The lane that `tests.benches.lane` measures, in a process of its own, and its figures as a line of JSON: FOLDER BEGAN ROUNDS SECONDS."""

import json
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

from drivers.simulated.scene import Scene
from kiosk.programs.lane import LaneStation
from tests.benches.figures import cpu_s, memory_mb, percentile, spread, with_children

ROUTE = (("start", "LANGUAGE"), ("language_sw", "NOTICE"), ("understood", "TRAVEL_CLASS"), ("papers_document", "DOC_CAPTURE"))
ADULT, SETTLE_S, PATIENCE_S, LONGEST_FRAMES_S = "adult", 2.0, 30.0, 10.0


class Bench:
    """One lane in this process, measured from a thread beside it."""

    def __init__(self, folder: Path, began: float, rounds: int, seconds: float) -> None:
        self._began, self._rounds, self._seconds, self._folder = began, rounds, seconds, folder
        self._scene = Scene(folder / "run" / "scene")
        for device in ("passport_reader", "document_camera", "face_camera"):
            self._scene.put(device, lines=[], image="", fault="")
        self._station: Any = LaneStation(folder / "settings" / "lane.toml", offscreen=True)
        from tests.benches.visitor import Frames, Visitor

        self._frames = Frames(self._station.app)
        self._visitor = Visitor(self._station.app, self._frames)
        self._figures: dict[str, Any] = {"renderer": self._station.app.renderer}
        self._rows: dict[str, str] = {}

    def figures(self) -> dict[str, Any]:
        """Run the lane on this thread until everything is measured. Raises what the measuring raised."""
        self._station.start()
        with ThreadPoolExecutor(1) as beside:
            measured = beside.submit(self._measure)
            self._station.run()
        self._station.close()
        measured.result()
        return self._figures | {"rows": self._rows}

    def _measure(self) -> None:
        try:
            usable = self._frames.showing("ATTRACT")
            self._figures["usable"] = (usable - self._began, time.process_time())
            _until(lambda: not self._station.lane.state.kiosk.lost, "the devices")
            self._figures["devices"] = time.monotonic() - self._began
            if self._rounds:
                self._waiting()
                self._visits()
                self._lateness()
                self._memory("at the end")
        finally:
            self._station.stop()

    @property
    def _hosts(self) -> list[int]:
        return [pid for device in self._station.devices.values() if device.pid for pid in with_children(device.pid)]

    def _memory(self, when: str) -> None:
        hosts = sum(map(memory_mb, self._hosts))
        self._rows[f"memory {when}, lane / six hosts with their emulators"] = f"{memory_mb(os.getpid()):.0f} / {hosts:.0f} MB"

    def _waiting(self) -> None:
        """Processor while nobody is there. Drawings go on being brought onto the card for a moment after the start."""
        time.sleep(SETTLE_S * 2)
        hosts, lane = sum(map(cpu_s, self._hosts)), cpu_s(os.getpid())
        pictures = self._frames.number
        time.sleep(self._seconds)
        lane, hosts = cpu_s(os.getpid()) - lane, sum(map(cpu_s, self._hosts)) - hosts
        self._rows["CPU while waiting, lane"] = f"{lane / self._seconds:.1%} of a core, {self._frames.number - pictures} pictures drawn"
        self._rows["CPU while waiting, six hosts with their emulators"] = f"{hosts / self._seconds:.1%} of a core"
        self._memory("while waiting")

    def _visits(self) -> None:
        """From touch to touch, and a document each time: in turn on the reader and under the camera."""
        documents: dict[bool, list[float]] = {False: [], True: []}
        for number in range(self._rounds):
            camera = number % 2 == 1
            self._scene.put("passport_reader", fault="unplug" if camera else "", lines=[])
            _until(lambda camera=camera: ("passport_reader" in self._station.lane.state.kiosk.lost) is camera, "the reader")
            for target, state in ROUTE:
                self._visitor.touch(target, to=(state,))
            documents[camera].append(self._document(camera))
            self._visitor.touch("help", to=("HELP_DISCREET", "RECORDING", "TOKEN"))
            self._frames.showing("TOKEN")
            self._visitor.touch("token_done", "token_done_screen", to=("ATTRACT",))
        self._scene.put("passport_reader", fault="")
        times = self._visitor.times
        seen = len(times.reactions) - times.unseen
        self._rows |= {
            "finger down to the picture that shows it": spread(times.reactions) + f", other pixels in {seen} of them",
            "finger lifted to the next screen drawn": spread(times.changes)
            + f", slowest {times.slowest[0] * 1000:.0f} ms ({times.slowest[1]})",
            "CPU of a touch and its new screen": spread(times.cpu),
            "document on the reader to the next screen drawn": spread(documents[False]),
            "document under the camera to the next screen drawn": spread(documents[True] or [0.0]),
        }

    def _document(self, camera: bool) -> float:
        """Lay it down, wait for the next screen, take it away."""
        time.sleep(SETTLE_S / 2)
        began = time.monotonic()
        if camera:
            self._scene.put("document_camera", image=str(self._folder / "specimens" / f"{ADULT}.png"))
        else:
            self._scene.put("passport_reader", lines=(self._folder / "specimens" / f"{ADULT}.txt").read_text().split())
        spent = self._frames.showing("PARTY") - began
        self._scene.put("document_camera", image="")
        self._scene.put("passport_reader", lines=[])
        return spent

    def _lateness(self) -> None:
        """At the attract screen, so that devices alone make the difference; then before a live picture."""
        from tests.benches.load import EveryDevice

        _until(lambda: not self._station.lane.state.kiosk.lost, "the devices")
        idle = self._frame_times()
        every = EveryDevice(self._station, self._scene, self._folder / "specimens")
        every.begin()
        time.sleep(SETTLE_S)
        busy = self._frame_times()
        done = every.end()
        due = statistics.median(idle)
        late = [percentile([max(0.0, took - due) for took in times], 99) * 1000 for times in (idle, busy)]
        self._rows |= {
            "one frame to the next, idle": spread(idle, 99, digits=1),
            "one frame to the next, every device busy": spread(busy, 99, digits=1),
            "p99 of it, busy against idle": f"{percentile(busy, 99) / percentile(idle, 99):.2f} x",
            "later than due, p99, idle / busy": f"{late[0]:.1f} / {late[1]:.1f} ms",
            "answers a second while busy": done,
        }

    def _frame_times(self) -> list[float]:
        """From one callback of each frame to the next, seconds. Kivy's clock gives more frames than its limit says: it ends its sleep early."""
        from kivy.clock import Clock

        at: list[float] = []
        event = Clock.create_trigger(lambda _seconds: at.append(time.perf_counter()), 0, interval=True)
        self._station.app.call(event)
        time.sleep(min(self._seconds, LONGEST_FRAMES_S))
        event.cancel()
        return [later - earlier for earlier, later in pairwise(at)]


def _until(there: Any, what: str) -> None:
    due = time.monotonic() + PATIENCE_S
    while not there():
        if time.monotonic() > due:
            raise TimeoutError(f"waited {PATIENCE_S} s for {what}")
        time.sleep(0.005)


if __name__ == "__main__":
    place, began_at, rounds, seconds = sys.argv[1:]
    print(json.dumps(Bench(Path(place), float(began_at), int(rounds), float(seconds)).figures()))
