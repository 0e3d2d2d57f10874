"""Every fault script against every simulated device, each a real process: what survives it goes on, what does not is gone and comes back."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import cv2
import pytest

from drivers import contract
from drivers.contract import (
    CaptureFace,
    CaptureFinger,
    DeviceGone,
    DeviceReady,
    DocumentRead,
    Done,
    FaceCaptured,
    Finger,
    FingerCaptured,
    Kind,
    Lamp,
    Order,
    ReadDocument,
    ShowLamp,
)
from drivers.formats.specimens import specimen
from drivers.simulated.faces import draw_face
from drivers.simulated.pages import draw_page
from drivers.simulated.scene import Scene
from tests.drivers.running_host import RunningHost

ADULT = specimen("adult", date(2026, 11, 24))
FINGERS = itertools.count()


@dataclass(frozen=True)
class Part:
    """A device's part in these tests: what is laid before it, what is ordered, what must come of it, and scripts cut to its bytes."""

    kind: Kind
    driver: str
    lay: Callable[[Scene, Path], None]
    order: Order
    answer: type
    split: str
    unplug_at: str
    garbage_ends: bool = False


def _reader(scene: Scene, folder: Path) -> None:
    scene.put("passport_reader", lines=ADULT.lines)


def _document(scene: Scene, folder: Path) -> None:
    if not (folder / "page.png").exists():
        draw_page(ADULT, 1).save(folder / "page.png", compress_level=1)
    scene.put("document_camera", image=str(folder / "page.png"))


def _face(scene: Scene, folder: Path) -> None:
    if not (folder / "face.png").exists():
        cv2.imwrite(str(folder / "face.png"), draw_face(1))
    scene.put("face_camera", image=str(folder / "face.png"))


def _finger(scene: Scene, folder: Path) -> None:
    scene.put("fingerprint_scanner", finger=next(FINGERS))


def _nothing(scene: Scene, folder: Path) -> None:
    pass


PARTS = [
    Part(Kind.PASSPORT_READER, "simulated-passport-reader", _reader, ReadDocument(), DocumentRead, "split:1", "unplug:50"),
    Part(Kind.DOCUMENT_CAMERA, "simulated-document-camera", _document, ReadDocument(), DocumentRead, "split:20000", "unplug:100000"),
    Part(Kind.FACE_CAMERA, "simulated-face-camera", _face, CaptureFace(), FaceCaptured, "split:20000", "unplug:100000"),
    Part(
        Kind.FINGERPRINT_SCANNER,
        "simulated-fingerprint-scanner",
        _finger,
        CaptureFinger(Finger.RIGHT_THUMB),
        FingerCaptured,
        "split:1",
        "unplug:120",
        garbage_ends=True,
    ),
    Part(Kind.LANE_IO, "simulated-lane-io", _nothing, ShowLamp(Lamp.GREEN), Done, "split:1", "unplug:20"),
]


class Bench:
    """One device under test; it is well at the beginning of each test."""

    def __init__(self, part: Part, host: RunningHost, scene: Scene, folder: Path) -> None:
        self.part, self.host, self._scene, self._folder = part, host, scene, folder

    def fault(self, script: str) -> None:
        self._scene.put(self.part.kind, fault=script)

    def works(self) -> None:
        """The order is carried out."""
        ticket = self.host.order(self.part.order, 30)
        self.part.lay(self._scene, self._folder)
        answer = self.host.answer(ticket, self.part.answer)
        if isinstance(answer, DocumentRead):
            assert answer.lines == ADULT.lines

    def is_gone_until_the_fault_is_over(self) -> None:
        self.host.wait_for(DeviceGone)
        self.fault("")
        self.host.wait_for(DeviceReady)
        self.works()


@pytest.fixture(scope="module", params=PARTS, ids=[part.kind for part in PARTS])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    part: Part = request.param
    folder = tmp_path_factory.mktemp(part.kind)
    scene = Scene(folder / "scene")
    part.lay(scene, folder)
    with RunningHost(part.driver, {"scene": str(folder / "scene")}, folder) as host:
        host.wait_for(DeviceReady)
        yield Bench(part, host, scene, folder)


@pytest.fixture
def bench(running: Bench) -> Iterator[Bench]:
    yield running
    running.fault("")


def test_without_a_fault_everything_works(bench: Bench) -> None:
    bench.works()


def test_bytes_that_come_in_pieces_are_put_together(bench: Bench) -> None:
    bench.fault(bench.part.split)
    bench.works()


def test_a_slow_device_is_waited_for(bench: Bench) -> None:
    bench.fault("slow:100")
    bench.works()


def test_noise_on_the_wire_is_no_answer(bench: Bench) -> None:
    bench.fault("garbage:2")
    if bench.part.garbage_ends:
        # lines have no way to find their feet again: such a program is ended and started anew
        bench.is_gone_until_the_fault_is_over()
    else:
        bench.works()


def test_a_library_that_prints_does_no_harm(bench: Bench) -> None:
    bench.fault("print")
    bench.works()
    assert "hello from a library that prints" in bench.host.log.read_text()


def test_a_device_that_falls_silent_is_gone_until_it_speaks(bench: Bench) -> None:
    bench.fault("silence")
    bench.host.order(contract.TestYourself(), 30)
    bench.is_gone_until_the_fault_is_over()


def test_a_plug_pulled_between_orders_is_noticed(bench: Bench) -> None:
    bench.fault("unplug")
    bench.is_gone_until_the_fault_is_over()


def test_a_plug_pulled_in_the_middle_of_an_answer_costs_only_that_answer(bench: Bench) -> None:
    bench.fault(bench.part.unplug_at)
    bench.host.order(bench.part.order, 30)
    bench.part.lay(bench._scene, bench._folder)
    bench.is_gone_until_the_fault_is_over()
