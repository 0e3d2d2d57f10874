"""A device's settings: what is wrong is said with the setting's name and what was expected, and nothing is ignored."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from drivers.catalogue import DriverUnknown, make
from drivers.contract import Kind
from drivers.options import Options
from drivers.simulated.framing_readers import RULES

PORT = {"port": "/dev/mpaka/passport_reader"}


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("elyctis", {}, 'usb = "vendor:product" or port = "1-1.2" is missing'),
        ("elyctis", {**PORT, "baud": "fast"}, "baud: expected a number from 0 to 921600"),
        ("elyctis", {**PORT, "baud": True}, "baud: expected a number"),
        ("elyctis", {**PORT, "mode": "always"}, "mode: expected one of continuous, inquire"),
        ("elyctis", {**PORT, "speed": 9600}, "speed: there is no such setting; there are answer_s, baud, mode, port, usb"),
        ("honeywell", {**PORT, "menu": "ocrena1"}, "menu: expected a list"),
        ("framed", PORT, "end: it must be set; expected up to 8 bytes as hexadecimal"),
        ("framed", {**PORT, "end": ""}, "end: a frame needs an end mark"),
        ("framed", {**PORT, "end": "zz"}, "end: expected up to 8 bytes as hexadecimal"),
        ("framed", {**PORT, "end": "03", "checksum": "crc16"}, "checksum: expected one of none, xor, crc16-ccitt-false"),
        ("framed", {**PORT, "end": "03", "seperator": "0a"}, "seperator: there is no such setting"),
        ("framed", {**PORT, "end": "03", "over": "everything"}, "over: expected one of content, content-end, start-content, all"),
        ("rte-native", PORT, "length_from: it must be set; expected one of soh, length, type"),
        ("rte-native", {**PORT, **RULES, "bcc_to": "end"}, "bcc_to: expected one of etx, before-etx"),
        ("rte-native", {**PORT, **RULES, "length_bits": "9"}, "length_bits: expected one of 7, 8"),
        ("wedge", {}, 'usb = "vendor:product" or port = "1-1.2" is missing'),
        ("wedge", {"usb": "keyboard"}, "usb: expected vendor:product in hexadecimal"),
        ("wedge", {"port": "/dev/input/event0"}, "port: a reader that types is found by usb"),
        ("wedge", {"usb": "0c2e:0b61", "layout": "de"}, "layout: there is no such setting"),
        ("zfm", {**PORT, "baud": 57601}, "baud: expected a whole number of 9600, 19200"),
        ("zfm", {**PORT, "password": -1}, "password: expected a whole number from 0 to 4294967295"),
        ("zfm", {**PORT, "adress": 1}, "adress: there is no such setting; there are address, baud, password, port, usb"),
        ("nb1010", {"low_resolution": "yes"}, "low_resolution: expected true or false"),
        ("uru4000", {"usb": "1d6b:0002"}, "usb: 1d6b:0002 is no reader that this driver knows"),
        ("uru4000", {"low_resolution": True}, "low_resolution: there is no such setting"),
        ("external-fingerprint", {"program": [], "runtime": "/tmp"}, "program: expected a list"),
        ("external-passport", {"program": "/bin/reader", "runtime": "/tmp"}, "program: expected a list"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_name_and_what_was_expected(name: str, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(DriverUnknown) as refused:
        make(name, settings)
    assert said in str(refused.value)


def test_bytes_are_written_as_hexadecimal() -> None:
    options = Options({"end": "0d 0A", "runtime": "/run/mpaka"})
    assert options.octets("end", 8) == b"\r\n"
    assert options.octets("start", 8, "") == b""
    options.none_left()


def test_every_example_of_a_passport_reader_is_one_that_its_driver_takes(tmp_path: Path) -> None:
    examples = tomllib.loads((Path(__file__).parents[2] / "config/examples/passport_readers.toml").read_text())
    assert {one["driver"] for one in examples.values()} == {"elyctis", "honeywell", "framed", "rte-native", "wedge", "external-passport"}
    for one in examples.values():
        driver = make(one["driver"], {**one["settings"], "runtime": str(tmp_path)})
        assert driver.kind is Kind.PASSPORT_READER
