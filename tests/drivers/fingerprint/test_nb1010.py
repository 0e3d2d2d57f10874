"""An NB-1010-U, played on a simulated USB plug."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers import contract
from drivers.catalogue import DriverUnknown, make
from drivers.contract import CaptureFinger, Done, Finger, FingerCaptured, NotCaptured, Rest, Unread
from drivers.driver import DeviceAbsent
from drivers.fingerprint.nb1010 import Nb1010Scanner
from drivers.simulated.nb1010_model import Image, Nb1010Model
from drivers.simulated.ridges import draw
from drivers.simulated.usb_plug import UsbPlug
from firmware_bridge.usb_wire import UsbWire
from tests.drivers.fingerprint.open_driver import OpenDriver

FINGER = CaptureFinger(Finger.LEFT_THUMB)
PAD = np.ascontiguousarray(draw(4)[110:290, 22:278])


class OnPlug(Nb1010Scanner):
    def __init__(self, model: Nb1010Model, **settings: Any) -> None:
        super().__init__({"low_resolution": True, **settings})
        self.plug = UsbPlug()
        self.plug.plug(model)

    def _plug(self) -> UsbWire:
        return UsbWire(self._place, self.plug)


class Glass:
    def __init__(self, picture: Image | None = None) -> None:
        self.picture = picture

    def __call__(self) -> Image | None:
        return self.picture


def test_a_finger_is_taken_with_385_ppi_as_it_lies_there(tmp_path: Path) -> None:
    with OpenDriver(OnPlug(Nb1010Model(Glass(PAD))), tmp_path) as opened:
        answer = opened.order(FINGER)
        assert isinstance(answer, FingerCaptured)
        assert (answer.finger, answer.ppi) == (Finger.LEFT_THUMB, 385)
        assert np.array_equal(opened.image(answer.picture), PAD)
        assert opened.order(Rest()) == Done()


def test_a_reader_of_low_resolution_is_used_only_where_the_settings_accept_it(tmp_path: Path) -> None:
    with pytest.raises(DeviceAbsent, match="385 ppi are less than a record asks for; low_resolution = true"):
        OpenDriver(OnPlug(Nb1010Model(Glass()), low_resolution=False), tmp_path).__enter__()
    with pytest.raises(DriverUnknown, match="low_resolution: expected true or false"):
        make("nb1010", {"low_resolution": "yes"})


def test_a_finger_left_lying_is_not_taken_for_the_next_one(tmp_path: Path) -> None:
    glass = Glass(PAD)
    driver = OnPlug(Nb1010Model(glass))
    with OpenDriver(driver, tmp_path) as opened:
        assert isinstance(opened.order(FINGER), FingerCaptured)
        assert opened.order(FINGER, 0.3) == NotCaptured(Unread.TIMED_OUT)
        glass.picture = None
        driver.idle()
        glass.picture = PAD
        assert isinstance(opened.order(FINGER), FingerCaptured)


@pytest.mark.parametrize("spoil", ["missing", "twice", "out of order"])
def test_a_picture_with_a_part_that_is_not_the_next_one_is_not_taken_but_asked_for_again(spoil: str, tmp_path: Path) -> None:
    class Spoiling(Nb1010Model):
        spoils = 1

        def take(self, endpoint: int, data: bytes) -> int | None:
            taken = super().take(endpoint, data)
            if len(self.says) > 80 and self.spoils:
                self.spoils -= 1
                match spoil:
                    case "missing":
                        del self.says[40]
                    case "twice":
                        self.says.insert(40, self.says[40])
                    case "out of order":
                        self.says[40], self.says[41] = self.says[41], self.says[40]
            return taken

    with OpenDriver(OnPlug(Spoiling(Glass(PAD))), tmp_path) as opened:
        answer = opened.order(FINGER)
        assert isinstance(answer, FingerCaptured)
        assert np.array_equal(opened.image(answer.picture), PAD)
        assert len(opened.hints) == 1


def test_a_pulled_plug_is_known_while_idle_and_while_a_finger_is_waited_for(tmp_path: Path) -> None:
    for waiting in (False, True):
        model = Nb1010Model(Glass())
        driver = OnPlug(model)
        with OpenDriver(driver, tmp_path) as opened:
            driver.idle()
            threading.Timer(0.05, driver.plug.pull, (model,)).start()
            with pytest.raises(DeviceAbsent, match="is gone"):
                while True:
                    opened.order(FINGER) if waiting else driver.idle()


def test_a_silent_reader_is_gone_and_a_confused_one_fails_its_test(tmp_path: Path) -> None:
    model = Nb1010Model(Glass())
    with OpenDriver(OnPlug(model), tmp_path) as opened:
        assert opened.order(contract.TestYourself()) == contract.TestDone(True, ("nothing lies on it", "385 ppi, 8 bits"))
        model.says.append(b"\x80" * 16)
        answer = opened.order(contract.TestYourself())
        assert isinstance(answer, contract.TestDone)
        assert not answer.passed
        model.give = lambda endpoint, length: None  # type: ignore[method-assign]
        with pytest.raises(DeviceAbsent, match="is silent"):
            opened.order(contract.TestYourself())
