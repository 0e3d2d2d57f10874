"""A U.are.U reader, played on a simulated USB plug: every model wakes up, gives the finger that lies on it, and nothing else."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers import contract
from drivers.catalogue import DriverUnknown, make
from drivers.contract import (
    CaptureFinger,
    DeviceGone,
    DeviceReady,
    Done,
    Finger,
    FingerCaptured,
    FrameSeen,
    Hint,
    NotCaptured,
    Rest,
    Unread,
)
from drivers.driver import DeviceAbsent
from drivers.fingerprint.uru4000 import Uru4000Scanner
from drivers.fingerprint.uru4000_device import MODELS, Mode, response
from drivers.fingerprint.uru4000_image import HEIGHT, WIDTH
from drivers.simulated.scene import Scene
from drivers.simulated.uru4000 import on_the_glass
from drivers.simulated.uru4000_model import Image, Uru4000Model
from drivers.simulated.usb_plug import UsbPlug
from firmware_bridge.usb_wire import UsbWire
from tests.drivers.fingerprint.open_driver import OpenDriver
from tests.drivers.running_host import RunningHost

U4500, MICROSOFT_2 = (0x05BA, 0x000A), (0x045E, 0x00CA)
FINGER = CaptureFinger(Finger.RIGHT_INDEX)


class Glass:
    """What lies on it."""

    def __init__(self, picture: Image | None = None) -> None:
        self.picture = picture

    def __call__(self) -> Image | None:
        return self.picture


class OnPlug(Uru4000Scanner):
    """The driver with a model in its plug."""

    def __init__(self, *models: Uru4000Model, **settings: Any) -> None:
        super().__init__(settings)
        self.plug = UsbPlug()
        for port, model in enumerate(models, 1):
            self.plug.plug(model, (port,))

    def _plug(self) -> UsbWire:
        return UsbWire(self._place, self.plug)


def taken_from(opened: OpenDriver) -> Image:
    answer = opened.order(FINGER)
    assert isinstance(answer, FingerCaptured)
    assert (answer.finger, answer.ppi) == (Finger.RIGHT_INDEX, 512)
    return opened.image(answer.picture)


@pytest.mark.parametrize("ids", MODELS, ids=lambda ids: f"{ids[0]:04x}:{ids[1]:04x}")
def test_every_reader_of_the_family_gives_the_finger_that_lies_on_it(ids: tuple[int, int], tmp_path: Path) -> None:
    glass = Glass(on_the_glass(5))
    model = Uru4000Model(ids, glass)
    with OpenDriver(OnPlug(model), tmp_path) as opened:
        assert opened.identity == f"{MODELS[ids].name}, versions 0010 and 0115"
        image = taken_from(opened)
        assert image.shape == (HEIGHT, WIDTH)
        different = image != on_the_glass(5)
        # the last byte of each scrambled block is lost, and the absent line is another one; nothing else
        assert different.sum() <= WIDTH + 4
        assert np.count_nonzero(different.any(axis=1)) <= 5
        assert opened.hints == [Hint.OK]
    assert model.mode is Mode.OFF


def test_a_key_that_changes_inside_the_picture_is_followed(tmp_path: Path) -> None:
    glass = Glass(on_the_glass(8))
    model = Uru4000Model(U4500, glass, ((0x02, 100), (0x82, 60), (0x06, 10), (0x00, 20), (0x82, 99)))
    with OpenDriver(OnPlug(model), tmp_path) as opened:
        image = taken_from(opened)
        # 289 lines come, without the last byte of each of three scrambled blocks; the fourth is under no key
        assert (image[:0:-1] != on_the_glass(8)[:0:-1]).sum() <= 3
        assert (image[0] == 255).all()


def test_a_picture_that_is_not_scrambled_is_taken_as_it_is(tmp_path: Path) -> None:
    glass = Glass(on_the_glass(5))
    model = Uru4000Model((0x05BA, 0x0007), glass, ((0x00, 200), (0x00, 89)))
    with OpenDriver(OnPlug(model), tmp_path) as opened:
        assert np.array_equal(taken_from(opened)[:289], on_the_glass(5)[:289])


def test_the_second_microsoft_reader_wakes_up_for_whoever_passes_its_challenge(tmp_path: Path) -> None:
    model = Uru4000Model(MICROSOFT_2, Glass())
    model.wakes_at = 3
    with OpenDriver(OnPlug(model), tmp_path) as opened:
        assert "second" in opened.identity
    assert model.challenges_passed >= 2


def test_the_challenge_is_one_block_of_aes_with_the_readers_key() -> None:
    # from: openssl enc -aes-128-ecb -nopad
    assert response(bytes(16)).hex() == "a9d42a98c20cea8f0eb61f17f8f6c001"


def test_a_reader_that_cannot_be_woken_is_said_to_be_so(tmp_path: Path) -> None:
    model = Uru4000Model(U4500, Glass())
    model.wakes_at = 10**6
    with pytest.raises(DeviceAbsent, match="U.are.U 4000B or 4500: it stays asleep"), OpenDriver(OnPlug(model), tmp_path):
        pass


def test_a_reader_in_trouble_is_restarted(tmp_path: Path) -> None:
    model = Uru4000Model(U4500, Glass())
    model.status = 0x85
    with OpenDriver(OnPlug(model), tmp_path) as opened:
        assert opened.identity


def test_a_faint_finger_is_shown_and_taken_only_when_it_is_pressed_harder(tmp_path: Path) -> None:
    faint = (250 - (255 - on_the_glass(5)) // 4).astype(np.uint8)
    glass = Glass(faint)
    model = Uru4000Model(U4500, glass)
    driver = OnPlug(model)
    with OpenDriver(driver, tmp_path) as opened:
        real = driver._taking.judge

        def judge(image: Image) -> Any:
            # the traveller reacts to the second hint
            if len(opened.hints) == 2:
                glass.picture = on_the_glass(5)
            return real(image)

        driver._taking.judge = judge
        taken_from(opened)
        assert opened.hints[:2] == [Hint.PRESS_HARDER] * 2
        assert opened.hints[-1] is Hint.OK


def test_worn_skin_that_stays_faint_is_taken_as_good_as_it_gets(tmp_path: Path) -> None:
    faint = (250 - (255 - on_the_glass(5)) // 4).astype(np.uint8)
    driver = OnPlug(Uru4000Model(U4500, Glass(faint)))
    driver._taking.patience_s = 0.5
    with OpenDriver(driver, tmp_path) as opened:
        image = taken_from(opened)
        assert (image[:289] != faint[:289]).sum() <= WIDTH + 4
        assert set(opened.hints) == {Hint.PRESS_HARDER}


def test_a_finger_that_is_taken_away_again_is_waited_for_anew(tmp_path: Path) -> None:
    glass = Glass(np.full((HEIGHT, WIDTH), 245, np.uint8))
    model = Uru4000Model(U4500, glass)
    with OpenDriver(OnPlug(model), tmp_path) as opened:
        answer = opened.order(FINGER, 0.5)
        assert answer == NotCaptured(Unread.TIMED_OUT)
        assert set(opened.hints) == {Hint.NOTHING_THERE}
        assert model.mode is Mode.OFF


def test_pictures_that_come_out_as_noise_are_refused_and_the_traveller_is_asked_again(tmp_path: Path) -> None:
    glass = Glass(on_the_glass(5))
    model = Uru4000Model(U4500, glass)
    model.lie = 1
    with OpenDriver(OnPlug(model), tmp_path) as opened:
        assert opened.order(FINGER) == NotCaptured(Unread.POOR_PICTURE)
        assert opened.hints == []


def test_nobody_on_the_glass_ends_in_time(tmp_path: Path) -> None:
    with OpenDriver(OnPlug(Uru4000Model(U4500, Glass())), tmp_path) as opened:
        assert opened.order(FINGER, 0.3) == NotCaptured(Unread.TIMED_OUT)
        assert opened.order(Rest()) == Done()


def test_a_pulled_plug_is_known_while_idle_and_the_reader_is_woken_when_it_is_back(tmp_path: Path) -> None:
    model = Uru4000Model(U4500, Glass(on_the_glass(5)))
    driver = OnPlug(model)
    with OpenDriver(driver, tmp_path) as opened:
        driver.plug.pull(model)
        with pytest.raises(DeviceAbsent, match="is gone"):
            while True:
                driver.idle()
        driver.close()
        driver.plug.plug(Uru4000Model(U4500, Glass(on_the_glass(5))), (2,))
        with OpenDriver(driver, tmp_path) as again:
            assert again.identity == opened.identity


def test_a_pulled_plug_ends_the_wait_for_a_finger(tmp_path: Path) -> None:
    model = Uru4000Model(U4500, Glass())
    driver = OnPlug(model)
    with OpenDriver(driver, tmp_path) as opened:
        threading.Timer(0.1, lambda: driver.plug.pull(model)).start()
        with pytest.raises(DeviceAbsent, match="is gone"):
            opened.order(FINGER, 10)


def test_the_reader_is_free_for_others_after_closing(tmp_path: Path) -> None:
    model = Uru4000Model(U4500, Glass())
    driver = OnPlug(model)
    with OpenDriver(driver, tmp_path):
        assert not driver.plug.free(model)
    assert driver.plug.free(model)


def test_two_readers_alike_are_told_apart_by_their_port(tmp_path: Path) -> None:
    left, right = Uru4000Model(U4500, Glass()), Uru4000Model(U4500, Glass())
    with pytest.raises(DeviceAbsent, match="the settings must say which"), OpenDriver(OnPlug(left, right), tmp_path):
        pass
    with OpenDriver(OnPlug(left, right, port="9-2"), tmp_path):
        assert not right.status & 0x80
        assert left.status & 0x80


@pytest.mark.parametrize("value", ["first", "1-", "/dev/bus/usb/001/002", 3])
def test_a_port_that_is_none_is_refused_with_what_was_expected(value: object) -> None:
    with pytest.raises(DriverUnknown, match='expected a port path such as "1-1.2"'):
        make("uru4000", {"port": value})


def test_a_reader_that_the_driver_does_not_know_is_refused_with_those_it_knows() -> None:
    with pytest.raises(DriverUnknown, match="it knows .*05ba:000a"):
        make("uru4000", {"usb": "298d:1010"})


def test_in_a_host_a_finger_is_shown_taken_and_must_be_lifted_before_the_next(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with RunningHost("simulated-uru4000", {"scene": str(scene.folder)}, tmp_path) as host:
        assert "4500" in host.wait_for(DeviceReady).identity
        ticket = host.order(CaptureFinger(Finger.LEFT_INDEX))
        scene.put("fingerprint_scanner", finger=6)
        assert host.wait_for(FrameSeen).hint is Hint.OK
        taken = host.answer(ticket, FingerCaptured)
        assert (taken.finger, taken.picture.width, taken.picture.height) == (Finger.LEFT_INDEX, WIDTH, HEIGHT)
        assert host.take(taken.picture).startswith(b"\x89PNG")
        assert host.answer(host.order(CaptureFinger(Finger.RIGHT_INDEX), 1.0), NotCaptured).why is Unread.TIMED_OUT
        scene.put("fingerprint_scanner", finger=None)
        ticket = host.order(CaptureFinger(Finger.RIGHT_INDEX))
        scene.put("fingerprint_scanner", finger=7)
        host.answer(ticket, FingerCaptured)
        assert host.answer(host.order(contract.TestYourself()), contract.TestDone).passed


def test_in_a_host_a_lost_reader_is_told_and_comes_back(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with RunningHost("simulated-uru4000", {"scene": str(scene.folder)}, tmp_path) as host:
        host.wait_for(DeviceReady)
        scene.put("fingerprint_scanner", fault="unplug")
        assert "is gone" in host.wait_for(DeviceGone).reason
        assert "is not there" in host.wait_for(DeviceGone).reason
        scene.put("fingerprint_scanner", fault="")
        host.wait_for(DeviceReady)
