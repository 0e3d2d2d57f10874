"""A serial fingerprint module on a pty: what it is good for works, whatever the line does; a traveller's finger it never takes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers import contract
from drivers.catalogue import DriverUnknown, make
from drivers.contract import CaptureFinger, DeviceGone, DeviceReady, Done, Finger, NotCaptured, Rest, Unread
from drivers.driver import DeviceAbsent
from drivers.fingerprint.pictures import fit_for_record
from drivers.fingerprint.zfm import ZfmScanner
from drivers.fingerprint.zfm_module import FIRST, SECOND, Found, Refused, ZfmModule
from drivers.fingerprint.zfm_packets import BadAnswer, Code, Facts, Packet, PacketKind, PacketReader, facts_of, image_of, packet_bytes
from drivers.simulated.pty_device import PtyDevice
from drivers.simulated.scene import Scene, Seen
from drivers.simulated.zfm_firmware import PLACES, ZfmFirmware
from tests.drivers.fingerprint.open_driver import OpenDriver
from tests.drivers.running_host import RunningHost

DEVICE = "fingerprint_scanner"
Plugged = tuple[PtyDevice, Scene, ZfmFirmware]


@pytest.fixture
def plugged(tmp_path: Path) -> Iterator[Plugged]:
    """A module on a pty."""
    scene, firmware = Scene(tmp_path / "scene"), ZfmFirmware()
    device = PtyDevice(DEVICE, firmware, scene)
    yield device, scene, firmware
    device.close()


def opened(plugged: Plugged, tmp_path: Path, **more: object) -> OpenDriver:
    return OpenDriver(ZfmScanner({"port": plugged[0].path, **more}), tmp_path)


def module(driver: OpenDriver) -> ZfmModule:
    assert isinstance(driver.driver, ZfmScanner)
    return driver.driver.open_module()


def enrol(scene: Scene, asked: ZfmModule, seed: int, place: int) -> None:
    for buffer in (FIRST, SECOND):
        scene.put(DEVICE, finger=seed)
        assert asked.take()
        asked.points(buffer)
    asked.store(place)


def test_a_travellers_finger_is_refused_and_not_among_the_orders(plugged: Plugged, tmp_path: Path) -> None:
    plugged[1].put(DEVICE, finger=3)
    with opened(plugged, tmp_path) as driver:
        assert CaptureFinger not in driver.driver.orders
        assert driver.order(CaptureFinger(Finger.LEFT_INDEX)) == NotCaptured(Unread.POOR_PICTURE)
        assert "not for a traveller's record" in driver.identity
        assert driver.order(Rest()) == Done()


def test_its_picture_has_sixteen_greys_and_is_not_fit_for_a_record(plugged: Plugged, tmp_path: Path) -> None:
    plugged[1].put(DEVICE, finger=3)
    with opened(plugged, tmp_path) as driver:
        asked = module(driver)
        assert asked.take()
        image = asked.picture()
        assert image.shape == (288, 256)
        assert 8 < np.unique(image).size <= 16
        assert not fit_for_record(image)


def test_an_officer_is_enrolled_found_told_from_another_and_forgotten(plugged: Plugged, tmp_path: Path) -> None:
    _, scene, _ = plugged
    with opened(plugged, tmp_path) as driver:
        asked = module(driver)
        assert not asked.take()
        enrol(scene, asked, 7, 12)
        enrol(scene, asked, 8, 13)
        assert asked.count() == 2
        assert asked.take()
        asked.points(FIRST)
        assert asked.search(PLACES) == Found(13, 120)
        scene.put(DEVICE, finger=9)
        assert asked.take()
        asked.points(FIRST)
        assert asked.search(PLACES) is None
        asked.delete(13)
        assert asked.count() == 1


def test_two_different_fingers_are_not_combined(plugged: Plugged, tmp_path: Path) -> None:
    _, scene, firmware = plugged
    with opened(plugged, tmp_path) as driver:
        asked = module(driver)
        for seed, buffer in ((1, FIRST), (2, SECOND)):
            scene.put(DEVICE, finger=seed)
            asked.take()
            asked.points(buffer)
        with pytest.raises(Refused) as refused:
            asked.store(1)
        assert refused.value.code == Code.NOT_COMBINED
        assert not firmware.kept


def test_the_self_test_says_what_it_is(plugged: Plugged, tmp_path: Path) -> None:
    with opened(plugged, tmp_path) as driver:
        found = driver.order(contract.TestYourself())
        assert found == contract.TestDone(True, ("0 of 150 templates", "security level 3", "4 bits: not for a record"))


def test_a_wrong_password_is_said(tmp_path: Path) -> None:
    device = PtyDevice(DEVICE, ZfmFirmware(password=0x1234), Scene(tmp_path / "scene"))
    with pytest.raises(DeviceAbsent, match="the password in its settings is wrong"):
        OpenDriver(ZfmScanner({"port": device.path}), tmp_path).__enter__()
    with OpenDriver(ZfmScanner({"port": device.path, "password": 0x1234}), tmp_path) as driver:
        assert driver.identity
    device.close()


@pytest.mark.parametrize("fault", ["split:1", "split:3", "garbage:1", "garbage:2", "slow:20"])
def test_a_line_that_splits_delays_and_adds_noise_is_understood(fault: str, plugged: Plugged, tmp_path: Path) -> None:
    _, scene, _ = plugged
    scene.put(DEVICE, fault=fault)
    with opened(plugged, tmp_path) as driver:
        enrol(scene, module(driver), 7, 12)
        assert module(driver).count() == 1


def test_a_silent_module_is_gone_and_not_waited_for_for_ever(plugged: Plugged, tmp_path: Path) -> None:
    with opened(plugged, tmp_path) as driver:
        plugged[1].put(DEVICE, fault="silence")
        with pytest.raises(DeviceAbsent, match="the module is silent"):
            driver.order(contract.TestYourself())


@pytest.mark.parametrize("after", range(1, 40, 6))
def test_the_plug_is_pulled_at_any_byte_of_an_answer(after: int, plugged: Plugged, tmp_path: Path) -> None:
    with opened(plugged, tmp_path) as driver:
        plugged[1].put(DEVICE, fault=f"unplug:{after}")
        with pytest.raises((DeviceAbsent, OSError)):
            while True:
                driver.order(contract.TestYourself())


def test_a_picture_of_which_a_packet_is_lost_is_none(tmp_path: Path) -> None:
    class Losing(ZfmFirmware):
        def received(self, data: bytes, seen: Seen) -> list[bytes]:
            answers = super().received(data, seen)
            return answers[:9] + answers[10:]

    scene = Scene(tmp_path / "scene")
    scene.put(DEVICE, finger=3)
    device = PtyDevice(DEVICE, Losing(), scene)
    with OpenDriver(ZfmScanner({"port": device.path}), tmp_path) as driver:
        asked = module(driver)
        asked.take()
        with pytest.raises(BadAnswer, match="a picture of 36736 bytes"):
            asked.picture()
    device.close()


def test_in_a_host_a_module_is_ready_tested_lost_and_back_under_another_name(tmp_path: Path) -> None:
    scene, port = Scene(tmp_path / "scene"), tmp_path / "port"
    device = PtyDevice(DEVICE, ZfmFirmware(), scene)
    port.symlink_to(device.path)
    with RunningHost("zfm", {"port": str(port)}, tmp_path) as host:
        assert "low assurance" in host.wait_for(DeviceReady).identity
        assert host.answer(host.order(contract.TestYourself()), contract.TestDone).passed
        another = PtyDevice(DEVICE, ZfmFirmware(), scene)
        device.close()
        assert "hung up" in host.wait_for(DeviceGone).reason
        port.unlink()
        port.symlink_to(another.path)
        assert "low assurance" in host.wait_for(DeviceReady).identity
        another.close()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"baud": 14400}, "baud: expected a whole number of 9600"),
        ({"baud": "57600"}, "baud: expected"),
        ({"password": -1}, "password: expected a whole"),
    ],
)
def test_settings_that_no_module_has_are_refused(setting: dict[str, object], said: str) -> None:
    with pytest.raises(DriverUnknown, match=said):
        make("zfm", {"port": "/dev/null", **setting})


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from([1, 2, 7, 8]), st.binary(max_size=256)), max_size=5), st.integers(1, 40), st.binary(max_size=9))
def test_packets_come_whole_out_of_a_stream_cut_anywhere(packets: list[tuple[int, bytes]], step: int, noise: bytes) -> None:
    sent = [Packet(kind, payload) for kind, payload in packets]
    stream = noise.replace(b"\xef", b"") + b"".join(map(packet_bytes, sent))
    reader = PacketReader()
    came = [packet for at in range(0, len(stream), step) for packet in reader.feed(stream[at : at + step])]
    assert came == sent


def test_a_packet_with_any_byte_changed_is_not_taken_for_another(tmp_path: Path) -> None:
    good = Packet(PacketKind.ANSWER, bytes([0, 0, 12, 0, 120]))
    raw = packet_bytes(good)
    for at in range(6, len(raw)):
        for turned in (0x01, 0x80, 0xFF):
            changed = bytearray(raw)
            changed[at] ^= turned
            assert good not in PacketReader().feed(bytes(changed))
            # what comes after it is whole again, once what the changed length asks for is there
            reader = PacketReader()
            assert reader.feed(bytes(changed) + raw * 60)[-1] == good


def test_the_makers_own_examples_of_packets() -> None:
    # "verify password 0": EF01 FFFFFFFF 01 0007 13 00000000 001B, as printed in the manuals
    assert packet_bytes(Packet(PacketKind.COMMAND, bytes([0x13, 0, 0, 0, 0]))).hex() == "ef01ffffffff010007130000000000" + "1b"
    assert packet_bytes(Packet(PacketKind.COMMAND, b"\x01")).hex() == "ef01ffffffff010003010005"


@pytest.mark.parametrize("reader", [facts_of, image_of])
def test_answers_of_another_length_are_refused(reader: Callable[[bytes], object]) -> None:
    for length in (0, 1, 15, 17, 36863):
        with pytest.raises(BadAnswer):
            reader(bytes(length))
    assert facts_of(bytes.fromhex("0000 0009 0096 0003 ffffffff 0002 0006")) == Facts(150, 3, 128, 57600)
    assert image_of(b"\x0f" * 36864)[0, :2].tolist() == [0, 255]
