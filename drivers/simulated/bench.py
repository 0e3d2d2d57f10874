"""The trial of drivers that have an emulator: `python -m drivers.simulated.bench NAME... [--positions 1,2,3] [--lag S]`, one line a step, status 1 where one failed.

Every driver of the catalogue that takes `scene` (its name begins with `simulated-`) can be tried; nothing has to be registered.
"""

import argparse
import itertools
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import cv2

from drivers.bench import Deed
from drivers.catalogue import make
from drivers.contract import Kind, Notice, TrialDone
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.formats.specimens import specimen
from drivers.ring import FrameRing
from drivers.simulated.faces import draw_face
from drivers.simulated.pages import draw_page
from drivers.simulated.pty_device import TICK_S
from drivers.simulated.scene import Scene
from drivers.trial import FEW, Trial

PREFIX = "simulated-"
LONGEST_S = 900.0
PERSON, FINGER = 1, 7
LAG_S = 3 * TICK_S
HAND_S = 2.0


class EmulatedBench:
    """The scene of an emulator: what a hand would do is written into it. Emulators look at it ten times a second, and are late on a busy machine."""

    def __init__(self, kind: Kind, scene: Scene, folder: Path, lag_s: float = LAG_S) -> None:
        self._kind, self._scene, self._folder, self.lag_s = kind, scene, folder, lag_s
        self._happened: dict[Deed, float] = {}
        self._fingers = itertools.count(FINGER)
        self._names_taken = ExitStack()
        self._laid = False
        self._hand = threading.Timer(0.0, self._lay_down)

    @contextmanager
    def doing(self, step: str, deed: Deed, until: Until) -> Iterator[None]:
        """Done at once, only what was there before is laid down again after a while."""
        match deed:
            case Deed.LAY_DOWN:
                self._lay_down_again() if self._laid else self._lay_down()
            case Deed.TAKE_AWAY:
                self._scene.put(self._kind, lines=(), image="", finger=None)
            case Deed.PULL:
                self._scene.put(self._kind, fault="unplug")
            case Deed.PLUG_IN:
                self._take_names()
                self._scene.put(self._kind, fault="")
        self._happened[deed] = time.monotonic()
        try:
            yield
        finally:
            self._hand.cancel()

    def trouble(self, script: str) -> None:
        """The script of the emulator."""
        self._scene.put(self._kind, fault=script)

    def happened(self, deed: Deed) -> float | None:
        """When the emulator did it."""
        return self._happened.get(deed)

    def close(self) -> None:
        """Give the taken names back."""
        self._names_taken.close()

    def _take_names(self) -> None:
        """Somebody else has the old name now: the device comes back under another."""
        for fd in os.openpty():
            self._names_taken.callback(os.close, fd)

    def _lay_down_again(self) -> None:
        """No hand is so quick that a reader would not see the glass empty between two documents."""
        self._hand = threading.Timer(HAND_S, self._lay_down)
        self._hand.start()

    def _lay_down(self) -> None:
        self._laid = self._kind is Kind.PASSPORT_READER
        match self._kind:
            case Kind.PASSPORT_READER:
                self._scene.put(self._kind, lines=specimen("adult", date.today()).lines)
            case Kind.DOCUMENT_CAMERA:
                self._scene.put(self._kind, image=str(self._page()))
            case Kind.FACE_CAMERA:
                self._scene.put(self._kind, image=str(self._person()))
            case Kind.FINGERPRINT_SCANNER:
                self._scene.put(self._kind, finger=next(self._fingers))

    def _page(self) -> Path:
        page = self._folder / "page.png"
        if not page.exists():
            draw_page(specimen("adult", date.today()), PERSON).save(page)
        return page

    def _person(self) -> Path:
        person = self._folder / "person.png"
        if not person.exists():
            cv2.imwrite(str(person), draw_face(PERSON))
        return person


def try_emulated(name: str, folder: Path, positions: tuple[int, ...] = FEW, lag_s: float = LAG_S) -> TrialDone:
    """One whole trial. Everything the emulator needs is put into the folder."""
    scene = Scene(folder / "scene")
    driver = make(name, {"scene": str(scene.folder), "runtime": str(folder), "output": str(folder)})
    notices: list[Notice] = []
    outlet = Outlet(notices.append, FrameRing.create(folder / "trial.ring"))
    bench = EmulatedBench(driver.kind, scene, folder, lag_s)
    try:
        driver.open(outlet)
        return Trial(driver, outlet, bench, Until(LONGEST_S), positions).run()
    finally:
        driver.close()
        bench.close()
        outlet.ring.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the drivers that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument(
        "--positions", default=",".join(map(str, FEW)), help="bytes to spoil, such as 1,2,30 or 1-250; default: %(default)s"
    )
    parser.add_argument("--lag", type=float, default=LAG_S, help="seconds that a busy machine may be late; default: %(default)s")
    chosen = parser.parse_args(arguments)
    return max(_tried(name, _positions(chosen.positions), chosen.lag) for name in chosen.names)


def _positions(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return tuple(found)


def _tried(name: str, positions: tuple[int, ...], lag_s: float) -> int:
    with tempfile.TemporaryDirectory(prefix="mpaka-trial-") as folder:
        try:
            done = try_emulated(name, Path(folder), positions, lag_s)
        except DeviceAbsent as why:
            sys.stderr.write(f"{name}: {why}\n")
            return 1
    for step in done.steps:
        sys.stdout.write(f"{name}\t{step.outcome}\t{step.name}\t{step.said}\n")
    return 0 if done.passed else 1


if __name__ == "__main__":
    sys.exit(main())
