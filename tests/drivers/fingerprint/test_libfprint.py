"""Readers through libfprint: with its own virtual device, with recordings, and where it is not installed.

What comes of a recording is compared with the picture that libfprint's authors keep beside it; test_recordings.py compares our own drivers with the same.
"""

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import cv2
import numpy as np
import pytest

from drivers import contract
from drivers.bench import NotTried
from drivers.catalogue import DriverUnknown, make
from drivers.contract import (
    Answer,
    CaptureFinger,
    Done,
    Finger,
    FingerCaptured,
    Kind,
    NotCaptured,
    Outcome,
    Rest,
    Unread,
)
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.fingerprint.libfprint_program import Library, Unusable, choose
from drivers.ring import FrameRing
from drivers.simulated.bench import EmulatedBench
from drivers.simulated.ridges import draw
from drivers.simulated.scene import Scene
from drivers.trial import STEPS, Trial
from tests.drivers.fingerprint.hostile import through_libusb
from tests.drivers.fingerprint.open_driver import OpenDriver
from tests.drivers.fingerprint.replayed import BY_LIBFPRINT, LIBFPRINT, command, replaying
from tests.drivers.fingerprint.test_recordings import PATIENCE_S, needs_umockdev
from tests.drivers.fingerprint.usb_recordings import RECORDINGS, needs, reference
from tests.drivers.fingerprint.virtual_reader import (
    BY_HAND,
    DEVICE,
    DRIVER,
    FINGER,
    PULLED,
    RETRY,
    OnVirtual,
    VirtualReader,
    connected,
    needs_libfprint,
    picture,
)
from tests.drivers.running_host import is_alive

THUMB = CaptureFinger(Finger.RIGHT_THUMB)
LONG_S = 20.0
LATE_S = 60.0
INSTALL = "apt install python3-gi gir1.2-fprint-2.0 libfprint-2-2"


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the virtual device listens."""
    monkeypatch.setenv("FP_VIRTUAL_IMAGE", str(tmp_path / "reader"))
    return tmp_path / "reader"


@pytest.fixture
def scene(tmp_path: Path, plug: Path) -> Iterator[Scene]:
    """A virtual reader that is there; fingers are laid down in the scene."""
    found = Scene(tmp_path / "scene")
    with VirtualReader(found, plug):
        yield found


def opened(folder: Path, scene: Scene | None = None, **settings: Any) -> OpenDriver:
    return OpenDriver(OnVirtual(scene or Scene(folder / "scene"), folder, **settings), folder)


class Ordered(threading.Thread):
    """An order that is being carried out."""

    def __init__(self, driver: OpenDriver) -> None:
        super().__init__(daemon=True)
        self._driver, self.until = driver, Until(LONG_S)
        self.answer: Answer | None = None
        self.why: DeviceAbsent | None = None
        self.start()

    def run(self) -> None:
        try:
            self.answer = self._driver.driver.carry_out(THUMB, self.until)
        except DeviceAbsent as why:
            self.why = why

    def ended(self) -> Answer | None:
        self.join(LONG_S)
        assert not self.is_alive()
        return self.answer


def until(seconds: float, came: Callable[[], object]) -> None:
    """Look again and again, so long at most."""
    due = time.monotonic() + seconds
    while not came() and time.monotonic() < due:
        time.sleep(0.02)


def programs(pid: int) -> list[int]:
    """The programs of the driver that this process started and that run already."""
    children = [child for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]
    return [int(child) for child in children if "libfprint_program" in Path(f"/proc/{child}/cmdline").read_text()]


# settings, and what is not there


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"usb": "08ff:5731"}, "ppi: it must be set; expected the resolution by the maker's data sheet"),
        ({"usb": "08ff:5731", "ppi": True}, "ppi: expected the resolution"),
        ({"usb": "08ff:5731", "ppi": 90}, "ppi: expected the resolution"),
        ({"ppi": 500}, 'usb = "vendor:product" or port = "1-1.2" is missing'),
        ({"usb": "08ff:5731", "ppi": 500, "swipe": "yes"}, "swipe: expected true or false"),
    ],
)
def test_settings_that_do_not_say_which_reader_and_how_fine_are_refused(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(DriverUnknown, match=re.escape(complaint)):
        make("libfprint", {"runtime": "/nowhere", **settings})


def test_a_reader_of_low_resolution_is_used_only_where_the_settings_accept_it(tmp_path: Path) -> None:
    with pytest.raises(DeviceAbsent, match="385 ppi are less than a record asks for; low_resolution = true"):
        opened(tmp_path, ppi=385).__enter__()


def test_a_reader_that_is_not_plugged_in_costs_no_program(tmp_path: Path) -> None:
    driver = make("libfprint", {"usb": "0000:0001", "ppi": 500, "python": "/nowhere/python3", "runtime": str(tmp_path)})
    with pytest.raises(DeviceAbsent, match="0000:0001 is not plugged in"):
        OpenDriver(driver, tmp_path).__enter__()


def without_gi(folder: Path, instead: str) -> str:
    """The interpreter of these tests, in which `gi` is something else."""
    python = folder / "python3"
    python.write_text(f"#!/bin/sh\nshift 2\nexec {sys.executable} -I -c 'import sys; {instead}; exec(sys.argv.pop(1))' \"$@\"\n")
    python.chmod(0o700)
    return str(python)


def test_a_program_that_hangs_in_libfprint_does_not_outlive_its_host(tmp_path: Path) -> None:
    (tmp_path / "hang.py").write_text(
        "import pathlib, time\n\ndef hang(*_):\n    pathlib.Path(__file__).with_name('hanging').touch()\n    time.sleep(120)\n"
    )
    hangs = f'import types; sys.path.append("{tmp_path}"); import hang; gi = sys.modules["gi"] = types.ModuleType("gi"); gi.require_version = hang.hang'
    opens = (
        "from pathlib import Path\nfrom drivers.simulated.scene import Scene\n"
        "from tests.drivers.fingerprint.virtual_reader import OnVirtual\nfrom tests.drivers.fingerprint.open_driver import OpenDriver\n"
        f"folder = Path({str(tmp_path)!r})\n"
        f"OpenDriver(OnVirtual(Scene(folder), folder, python={without_gi(tmp_path, hangs)!r}), folder).__enter__()\n"
    )
    host = subprocess.Popen([sys.executable, "-c", opens], env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    try:
        until(LONG_S, (tmp_path / "hanging").exists)
        (program,) = programs(host.pid)
        assert is_alive(program)
    finally:
        host.kill()
        host.wait()
    until(LONG_S, lambda: not is_alive(program))
    assert not is_alive(program)


def test_without_libfprint_the_driver_says_what_to_install(tmp_path: Path) -> None:
    python = without_gi(tmp_path, 'sys.modules["gi"] = None')
    with pytest.raises(DeviceAbsent, match=f"{re.escape(sys.executable)} has no libfprint: {INSTALL}"):
        opened(tmp_path, python=python).__enter__()
    with pytest.raises(DeviceAbsent, match="/nowhere/python3 cannot be started: No such file"):
        opened(tmp_path, python="/nowhere/python3").__enter__()


# which device, and whether we may use it


def reader(driver: str, address: int = 5, *, captures: bool = True, swipe: bool = False) -> Any:
    """A device as libfprint tells of it."""
    plug = SimpleNamespace(get_bus=lambda: 1, get_address=lambda: address)
    return SimpleNamespace(
        get_property=lambda name: {"fpi-usb-device": plug}[name],
        get_name=lambda: f"Reader {address}",
        get_driver=lambda: driver,
        has_feature=lambda feature: captures,
        get_scan_type=lambda: "swipe" if swipe else "press",
    )


def library(*readers: Any) -> Library:
    kinds = SimpleNamespace(DeviceFeature=SimpleNamespace(CAPTURE=1), ScanType=SimpleNamespace(SWIPE="swipe"))
    return cast(Library, SimpleNamespace(readers=lambda: list(readers), fprint=kinds))


def test_of_two_alike_the_one_on_the_device_file_is_taken_in_whatever_order() -> None:
    one, two = reader("uru4000", 5), reader("uru4000", 6)
    for order in ((one, two), (two, one)):
        assert choose(library(*order), "/dev/bus/usb/001/006", "", set()) is two
    with pytest.raises(Unusable, match="libfprint knows no reader at /dev/bus/usb/001/007"):
        choose(library(one, two), "/dev/bus/usb/001/007", "", set())


@pytest.mark.parametrize(
    ("found", "accepted", "complaint"),
    [
        (reader("synaptics", captures=False), {"swipe", "enlarged"}, "on its own chip and gives no image"),
        (reader("vfs5011", swipe=True), {"enlarged"}, "swipe = true in its settings"),
        (reader("aes3500"), {"swipe"}, "enlarged = true in its settings"),
    ],
    ids=["match on chip", "swipe", "enlarged"],
)
def test_a_reader_that_makes_no_good_record_is_refused_with_the_reason(found: Any, accepted: set[str], complaint: str) -> None:
    with pytest.raises(Unusable, match=complaint):
        choose(library(found), "/dev/bus/usb/001/005", "", accepted)


@needs_libfprint
def test_a_swipe_sensor_and_a_reader_without_images_are_refused_by_the_driver(
    tmp_path: Path, plug: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DeviceAbsent, match="Virtual image device for debugging .* is a swipe sensor"):
        opened(tmp_path, swipe=False).__enter__()
    monkeypatch.setenv("FP_VIRTUAL_DEVICE", str(tmp_path / "chip"))
    monkeypatch.setattr(OnVirtual, "_which", lambda _: ["--driver", "virtual_device"])
    with pytest.raises(DeviceAbsent, match="compares fingers on its own chip and gives no image"):
        opened(tmp_path).__enter__()


# the virtual device


@needs_libfprint
def test_a_finger_is_taken_as_it_lies_there_with_the_resolution_of_the_settings(tmp_path: Path, scene: Scene) -> None:
    with opened(tmp_path, scene, ppi=508) as driver:
        assert driver.identity == f"Virtual image device for debugging, swipe, by libfprint's {DRIVER}, 508 ppi by its settings"
        scene.put(DEVICE, finger=7)
        answer = driver.order(THUMB, LONG_S)
        assert isinstance(answer, FingerCaptured)
        assert (answer.finger, answer.ppi) == (Finger.RIGHT_THUMB, 508)
        assert np.array_equal(driver.image(answer.picture), draw(7))
        assert len(driver.hints) == 1
        tested = driver.order(contract.TestYourself())
        assert isinstance(tested, contract.TestDone) and tested.passed
        assert "508 ppi by its settings, 8 bits" in tested.findings
    # nothing of anybody is left in the program's own ring
    assert not any((tmp_path / "libfprint_program" / "libfprint.ring").read_bytes())


@needs_libfprint
def test_touches_in_which_libfprint_finds_no_finger_are_asked_for_again(tmp_path: Path, plug: Path) -> None:
    with opened(tmp_path) as driver, connected(plug) as line:
        order = Ordered(driver)
        for touch in (struct.pack("=ii", RETRY, 1), picture(np.full((300, 300), 255, np.uint8)), struct.pack("=ii", RETRY, 2)):
            line.sendall(touch)
        while order.answer is None:
            line.sendall(picture(draw(3)))
            order.join(0.3)
        assert isinstance(order.ended(), FingerCaptured)


@needs_libfprint
def test_a_small_picture_is_none_for_a_record(tmp_path: Path, plug: Path) -> None:
    small = np.ascontiguousarray(draw(3)[120:260, 60:240])
    with opened(tmp_path) as driver, connected(plug) as line:
        order = Ordered(driver)
        while order.answer is None:
            line.sendall(picture(small))
            order.join(0.3)
        assert order.ended() == NotCaptured(Unread.POOR_PICTURE)


@needs_libfprint
def test_a_picture_is_handed_out_when_the_finger_is_lifted_and_what_was_given_up_never(tmp_path: Path, plug: Path) -> None:
    with opened(tmp_path) as driver, connected(plug) as line:
        line.sendall(struct.pack("=ii", BY_HAND, 0))
        lying = driver.driver.carry_out(THUMB, Until(1.5)) if lay(line, 5, 0.7) else None
        assert lying == NotCaptured(Unread.TIMED_OUT)
        # still lying, when somebody else is asked for: the picture that was given up is not the next one's
        assert driver.order(Rest()) == Done()
        order = Ordered(driver)
        order.join(0.5)
        assert order.is_alive()
        line.sendall(struct.pack("=ii", FINGER, 0))
        while order.answer is None:
            line.sendall(struct.pack("=ii", FINGER, 1) + picture(draw(6)) + struct.pack("=ii", FINGER, 0))
            order.join(0.3)
        answer = order.ended()
        assert isinstance(answer, FingerCaptured)
        assert np.array_equal(driver.image(answer.picture), draw(6))


def lay(line: socket.socket, seed: int, after_s: float) -> bool:
    """A finger, laid down in a while and left there."""
    threading.Timer(after_s, line.sendall, [struct.pack("=ii", FINGER, 1) + picture(draw(seed))]).start()
    return True


@needs_libfprint
def test_told_to_rest_it_ends_and_works_afterwards(tmp_path: Path, scene: Scene) -> None:
    with opened(tmp_path, scene) as driver:
        order = Ordered(driver)
        order.until.rested = True
        assert order.ended() == NotCaptured(Unread.TIMED_OUT)
        scene.put(DEVICE, finger=2)
        assert isinstance(driver.order(THUMB, LONG_S), FingerCaptured)


@needs_libfprint
@pytest.mark.parametrize("waiting", [True, False], ids=["while it waits for a finger", "between orders"])
def test_a_pulled_reader_is_said_to_be_gone(tmp_path: Path, plug: Path, waiting: bool) -> None:
    with opened(tmp_path) as driver, connected(plug) as line:
        # the virtual device reads its socket once it was asked for a finger
        assert driver.order(THUMB, 0.3) == NotCaptured(Unread.TIMED_OUT)
        order = Ordered(driver) if waiting else None
        line.sendall(struct.pack("=ii", PULLED, 0))
        if order is not None:
            order.ended()
            assert re.search("removed|unplugged", str(order.why))
            return
        with pytest.raises(DeviceAbsent, match="the reader was unplugged"):
            until(LONG_S, driver.driver.idle)


@needs_libfprint
def test_a_device_file_that_vanishes_is_a_pulled_plug_whatever_libfprint_says(tmp_path: Path, plug: Path) -> None:
    node = tmp_path / "050"
    node.touch()
    with opened(tmp_path) as driver:
        cast(OnVirtual, driver.driver)._node = node
        driver.driver.idle()
        node.unlink()
        with pytest.raises(DeviceAbsent, match="0000:0001 was unplugged"):
            driver.driver.idle()


@needs_libfprint
def test_a_program_that_crashes_or_hangs_is_a_reader_that_is_gone_and_comes_back(
    tmp_path: Path, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.vendor_program.SILENT_S", 1.5)
    for strike, said in ((signal.SIGKILL, "the program has ended"), (signal.SIGSTOP, "the program is silent")):
        with opened(tmp_path, scene) as driver:
            (program,) = programs(os.getpid())
            os.kill(program, strike)
            with pytest.raises(DeviceAbsent, match=said):
                until(LONG_S, driver.driver.idle)
    scene.put(DEVICE, finger=4)
    with opened(tmp_path, scene) as driver:
        assert isinstance(driver.order(THUMB, LONG_S), FingerCaptured)


class OneTrial(EmulatedBench):
    """What the virtual device says goes to libfprint and not to us."""

    def trouble(self, script: str) -> None:
        if script:
            raise NotTried("Only libfprint hears what the reader says.")


@needs_libfprint
def test_it_passes_the_trial_of_its_kind(tmp_path: Path, scene: Scene) -> None:
    driver = OnVirtual(scene, tmp_path)
    outlet = Outlet(lambda _: None, FrameRing.create(tmp_path / "ring", 1 << 19))
    driver.open(outlet)
    done = Trial(driver, outlet, OneTrial(Kind.FINGERPRINT_SCANNER, scene, tmp_path, LATE_S), Until(300)).run()
    driver.close()
    outlet.ring.close()
    outcomes = {step.name: step.outcome for step in done.steps}
    assert list(outcomes) == list(STEPS)
    assert done.passed, done.steps
    assert {name for name, outcome in outcomes.items() if outcome is Outcome.NOT_TRIED} == {
        name for name in STEPS if name.startswith("survives")
    }


# recordings


@needs_libfprint
@needs_umockdev
@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(recorded[0])) for name, recorded in sorted(BY_LIBFPRINT.items())])
def test_not_one_pixel_of_a_recorded_picture_is_different(name: str, tmp_path: Path) -> None:
    folder, _, ppi = BY_LIBFPRINT[name]
    done = subprocess.run(
        command(f"{LIBFPRINT}{name}", tmp_path / "picture.png"),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
        errors="replace",
    )
    found = json.loads(done.stdout)
    assert (found["outcome"], found.get("ppi")) == ("FingerCaptured", ppi), done.stderr[-2000:]
    assert f"press, by libfprint's {name}" in found["identity"]
    image = cv2.imread(str(tmp_path / "picture.png"), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    assert int((image != reference(folder)).sum()) == 0


@needs_libfprint
@needs_umockdev
@needs("nb1010")
def test_in_a_host_the_driver_of_the_catalogue_finds_the_recorded_reader_and_answers_with_its_picture(tmp_path: Path) -> None:
    capture, shown = RECORDINGS / "nb1010" / "capture.ioctl", tmp_path / "picture.png"
    settings = json.dumps({"usb": "298d:1010", "port": "1-7", "ppi": 385, "low_resolution": True})
    program = [sys.executable, "-m", "tests.drivers.fingerprint.replayed_host", str(tmp_path), str(shown), "libfprint", settings]
    done = subprocess.run(
        [*replaying(f"{LIBFPRINT}nb1010", capture), *program],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
        errors="replace",
        env={**os.environ, "FP_DEVICE_EMULATION": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "NextBiometrics NB-1010-U, press, by libfprint's nb1010" in done.stdout
    image = cv2.imread(str(shown), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    assert np.array_equal(image, reference("nb1010"))


@pytest.mark.long
@needs_libfprint
@needs_umockdev
@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the shared data is not beside this project")
def test_an_altered_capture_file_through_libfprint_never_gives_a_false_picture() -> None:
    assert sum(through_libusb(f"{LIBFPRINT}uru4000", 25, seed=4).values()) == 25


def test_the_resolution_that_libfprint_says_must_be_that_of_the_settings(tmp_path: Path) -> None:
    driver = OnVirtual(Scene(tmp_path / "scene"), tmp_path, ppi=500)
    driver._doubt(0)
    driver._doubt(508)
    with pytest.raises(DeviceAbsent, match="libfprint says 385 ppi and the settings 500"):
        driver._doubt(385)
