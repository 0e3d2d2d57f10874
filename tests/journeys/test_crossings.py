"""Whole journeys with real device processes, a real journal and an officer: nothing is simulated but the devices' other end."""

import os
import signal
from functools import partial

import pytest

from drivers.contract import Kind
from drivers.formats.specimens import specimen
from kiosk.desk.events import CaseTaken, ClearPressed
from kiosk.desk.states import Progress
from kiosk.maintenance import MenuAsked
from kiosk.pad import PersonChosen, Submit
from kiosk.record import RegistrationRecord, read
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.travellers import Papers, Relation
from kiosk.views.technician import SignOffAsked, TestAsked
from tests.journeys.walking import Walking
from tests.kiosk.stations import LaneAtHand, Post, keyed


def records(post: Post, lane: LaneAtHand) -> list[RegistrationRecord]:
    return [read(payload) for kind, payload in post.rows(lane.journal) if kind == "registration"]


def is_past(lane: LaneAtHand, at: s.State) -> bool:
    return lane.lane.state != at


def test_an_adult_registers_with_a_passport_and_an_officer_clears_the_crossing(post: Post) -> None:
    lane, console = post.lane(by_hand=False), post.console()
    console.officer_comes()
    walking = Walking(post, lane)
    token = walking.to(s.Token)
    walking.leaves()
    (record,) = records(post, lane)
    (member,) = record.members
    assert member.holder is not None and (member.holder.surname, member.holder.number) == ("MFANO", "U00000101")
    assert member.zone == specimen("adult", post.clock.now().utc.date()).lines
    assert (member.face, member.prints) == ("captured", (("right_index", "captured"), ("left_index", "captured")))
    (slip,) = (post.folder / "slips").glob("*.png")
    assert slip.stat().st_size > 1000
    post.until(lambda: token.case.case_id in console.now.waiting)
    console.touch(CaseTaken())
    pictures = post.until(lambda: console.now.opened and len(console.now.opened.pictures) >= 3 and console.now.opened.pictures)
    assert {bytes(picture.image.value.data.value[:2]) for picture in pictures} <= {b"\xff\xd8", b"\x89P"}
    console.touch(ClearPressed())
    post.until(lambda: console.now.opened and console.now.opened.progress is Progress.DONE, "the lane's answer")


def test_when_the_reader_is_unplugged_the_document_camera_reads_the_passport_and_the_reader_is_used_again_later(post: Post) -> None:
    lane = post.lane(by_hand=False)
    walking = Walking(post, lane)
    reading = walking.to(s.DocCapture)
    assert reading.device is Kind.PASSPORT_READER
    walking.loses("passport_reader")
    handed_over = walking.to(s.DocCapture)
    assert handed_over.device is Kind.DOCUMENT_CAMERA
    walking.to(s.Party)
    walking.has_back("passport_reader")
    walking.to(s.Token)
    walking.leaves()
    (record,) = records(post, lane)
    assert (record.members[0].source, record.members[0].zone) == ("document_camera", walking.lines)
    assert Walking(post, lane, "father").to(s.DocCapture).device is Kind.PASSPORT_READER


def test_every_host_is_killed_while_it_is_at_work_and_the_traveller_still_gets_a_token(post: Post) -> None:
    lane = post.lane(by_hand=False)
    walking = Walking(post, lane)
    at_work: dict[type[s.State], Kind] = {s.DocCapture: Kind.PASSPORT_READER, s.Face: Kind.FACE_CAMERA, s.Fingers: Kind.FINGERPRINT_SCANNER}
    for step, kind in at_work.items():
        at = walking.to(step)
        pid = lane.devices[kind].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        post.until(partial(is_past, lane, at), "the lane to go on")
    walking.to(s.Token)
    walking.leaves()
    (record,) = records(post, lane)
    assert (record.members[0].face, record.members[0].prints[-1][1]) == ("device_lost", "device_lost")
    post.until(lambda: not lane.lane.state.kiosk.lost, "all devices to be back")


def test_a_mother_and_her_child_register_together_and_the_child_gives_no_fingers(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.lane.NEXT_PERSON_S", 0.1)
    lane = post.lane(by_hand=False)
    walking = Walking(post, lane, "mother", family=(("child", Relation.CHILD),))
    walking.to(s.Token)
    walking.leaves()
    (record,) = records(post, lane)
    assert [member.relation for member in record.members] == [None, "child"]
    assert [member.face for member in record.members] == ["captured", "captured"]
    assert [len(member.prints) for member in record.members] == [2, 0]
    assert [member.holder.given_names for member in record.members if member.holder] == ["MPHATSO", "THOKO"]


def test_a_person_without_a_document_is_asked_for_nothing_and_gets_a_slip_like_everyone(post: Post) -> None:
    lane = post.lane(by_hand=False, kinds=(Kind.RECEIPT_PRINTER, Kind.PASSPORT_READER))
    post.until(lambda: lane.devices[Kind.RECEIPT_PRINTER].ready and isinstance(lane.lane.state, s.Attract))
    lane.touch(e.Touched(0.0), e.LanguageChosen("ny"), e.NoticeUnderstood(), e.TravelClassChosen(Papers.NONE_OR_UNSURE))
    token = post.until(lambda: isinstance(lane.lane.state, s.Token) and lane.lane.state)
    post.until(lambda: getattr(lane.lane.state, "slip", None) is s.SlipIs.PRINTED)
    assert len(list((post.folder / "slips").glob("*.png"))) == 1
    (record,) = records(post, lane)
    assert (record.token, record.members, record.help) == (token.case.token, (), "no_document")


def test_a_technician_has_the_real_printer_and_camera_test_themselves_and_it_is_journalled(post: Post) -> None:
    kinds = (Kind.RECEIPT_PRINTER, Kind.DOCUMENT_CAMERA)
    lane = post.lane(by_hand=False, kinds=kinds)
    post.until(lambda: all(device.ready for device in lane.devices.values()) and isinstance(lane.lane.state, s.Attract))
    lane.touch(MenuAsked(), PersonChosen("T-1"), *keyed(post.pins["T-1"]), Submit())
    post.until(lambda: isinstance(lane.lane.state, s.Maintenance))
    for kind in kinds:
        lane.touch(TestAsked(kind))
    rows = post.until(lambda: len(found := [row for row in post.audited(lane.journal) if "tested" in row]) == 2 and found, "both tests")
    assert {row["tested"]: row["passed"] for row in rows} == dict.fromkeys(map(str, kinds), 1)
    assert all(row["findings"] and row["by"] == "T-1" for row in rows)
    lane.touch(SignOffAsked())
    post.until(lambda: isinstance(lane.lane.state, s.Attract))
