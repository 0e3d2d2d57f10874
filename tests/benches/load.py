"""Every device of a lane at work at once: pages read again and again, faces taken, slips printed, fingers, zones and lamps each second."""

import threading
import time
from collections import Counter
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from drivers.contract import Answered, CaptureFace, CaptureFinger, Finger, Kind, Lamp, Order, PrintSlip, ReadDocument, ShowLamp
from drivers.simulated.scene import Scene
from kiosk.devices import Told
from tests.drivers.receipt.slips import TUNDUMA

LIMIT_S, EACH_S = 600.0, 1.0
# the session's tickets count upwards, the lane's own downwards from nought: these meet neither
FIRST_TICKET = -1_000_000


@dataclass
class EveryDevice:
    """Between `begin` and `end` no device rests. Cameras are ordered again as soon as they answer."""

    station: Any
    scene: Scene
    pages: Path

    def begin(self) -> None:
        """Lay everything down and order."""
        self._tickets, self._answers, self._ending = count(FIRST_TICKET, -1), Counter[Kind](), threading.Event()
        self._again: dict[Kind, Order] = {Kind.DOCUMENT_CAMERA: ReadDocument(), Kind.FACE_CAMERA: CaptureFace()}
        self._put = self.station.lane.put
        self.station.lane.put = self._heard
        self.scene.put("document_camera", image=str(self.pages / "adult.png"))
        self.scene.put("face_camera", image=str(next(self.pages.glob("face-*.png"))))
        for kind, order in self._again.items():
            self._order(kind, order)
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._each_second, daemon=True)
        self._thread.start()

    def end(self) -> str:
        """Take everything away; says how much was done."""
        self._ending.set()
        self._thread.join()
        self.station.lane.put = self._put
        for kind in self._again:
            self.scene.put(kind, image="")
        took = time.monotonic() - self._began
        return ", ".join(f"{kind.replace('_', ' ')} {self._answers[kind] / took:.1f}" for kind in Kind)

    def _heard(self, what: Any) -> None:
        if isinstance(what, Told) and isinstance(what.word, Answered):
            self._answers[what.kind] += 1
            if what.kind in self._again and not self._ending.is_set():
                self._order(what.kind, self._again[what.kind])
        self._put(what)

    def _each_second(self) -> None:
        zone = (self.pages / "adult.txt").read_text().split()
        for number in count():
            self.scene.put("passport_reader", lines=zone)
            self.scene.put("fingerprint_scanner", finger=number)
            self._order(Kind.PASSPORT_READER, ReadDocument())
            self._order(Kind.FINGERPRINT_SCANNER, CaptureFinger(Finger.LEFT_INDEX))
            self._order(Kind.RECEIPT_PRINTER, PrintSlip(TUNDUMA))
            self._order(Kind.LANE_IO, ShowLamp(Lamp.GREEN if number % 2 else Lamp.OFF))
            if self._ending.wait(EACH_S):
                return

    def _order(self, kind: Kind, order: Order) -> None:
        self.station.devices[kind].order(next(self._tickets), order, LIMIT_S)
