"""A vendor's passport program is believed only as far as its zones are sound; its end is the device's end, not ours."""

import sys
from pathlib import Path

import pytest

from drivers import contract
from drivers.contract import (
    DeviceGone,
    DeviceReady,
    DocumentLaid,
    DocumentRead,
    DocumentTaken,
    Encoding,
    NotCaptured,
    ReadDocument,
    Rest,
    Unread,
)
from tests.drivers.passport.vendor import ADULT, PAGE
from tests.drivers.running_host import RunningHost


def vendor(tmp_path: Path, defect: str) -> RunningHost:
    return RunningHost("external-passport", {"program": [sys.executable, "-m", "tests.drivers.passport.vendor", defect]}, tmp_path)


def test_a_document_that_the_program_read_is_passed_on_with_its_page_and_its_notices(tmp_path: Path) -> None:
    with vendor(tmp_path, "none") as host:
        assert host.wait_for(DeviceReady).identity == "a page reader"
        ticket = host.order(ReadDocument())
        host.wait_for(DocumentLaid)
        read = host.answer(ticket, DocumentRead)
        assert (read.lines, read.confirmed) == (ADULT, True)
        assert read.picture is not None
        assert read.picture.encoding is Encoding.JPEG
        assert host.take(read.picture) == PAGE
        host.wait_for(DocumentTaken)


def test_wrong_check_digits_are_refused_whatever_the_program_says(tmp_path: Path) -> None:
    with vendor(tmp_path, "wrong digits") as host:
        host.wait_for(DeviceReady)
        assert host.answer(host.order(ReadDocument()), NotCaptured).why is Unread.CHECK_DIGITS


@pytest.mark.parametrize("defect", ["no state", "not sure"])
def test_what_is_not_sound_or_not_sure_is_passed_on_unconfirmed(tmp_path: Path, defect: str) -> None:
    with vendor(tmp_path, defect) as host:
        host.wait_for(DeviceReady)
        assert not host.answer(host.order(ReadDocument()), DocumentRead).confirmed


@pytest.mark.parametrize("defect", ["raw page", "large page", "lost page", "no ring"])
def test_a_page_that_a_record_could_not_hold_is_left_out_and_the_zone_kept(tmp_path: Path, defect: str) -> None:
    with vendor(tmp_path, defect) as host:
        host.wait_for(DeviceReady)
        read = host.answer(host.order(ReadDocument()), DocumentRead)
        assert (read.lines, read.picture) == (ADULT, None)


def test_a_program_that_lost_its_device_is_said_with_its_own_reason(tmp_path: Path) -> None:
    with vendor(tmp_path, "unplugged") as host:
        host.wait_for(DeviceReady)
        host.order(ReadDocument())
        assert "the cable is out" in host.wait_for(DeviceGone).reason
        host.wait_for(DeviceReady)


def test_a_program_that_answers_something_else_is_not_believed(tmp_path: Path) -> None:
    with vendor(tmp_path, "something else") as host:
        host.wait_for(DeviceReady)
        host.order(ReadDocument())
        assert "answers what was not asked" in host.wait_for(DeviceGone).reason


def test_rest_ends_the_wait_for_a_document(tmp_path: Path) -> None:
    with vendor(tmp_path, "waits") as host:
        host.wait_for(DeviceReady)
        host.order(ReadDocument(), 600)
        host.answer(host.order(Rest()), contract.Done)
