"""A registration as bytes and back: what an officer reads is what was captured, and bytes from elsewhere are refused without a word of them."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Encoding, Finger, Kind
from kiosk.documents.results import CheckId, CheckResult
from kiosk.private import Private
from kiosk.record import LARGEST, MediaKind, RecordWrong, media, media_payload, payload, read, read_media
from kiosk.registration.names import StepName
from kiosk.registration.profile import Question
from kiosk.registration.states import Review
from kiosk.registration.travellers import (
    Answer,
    BorderPass,
    Declining,
    HelpReason,
    Image,
    Member,
    NoPortrait,
    NoPrint,
    Papers,
    Registration,
    Relation,
    Travellers,
    Untaken,
)
from tests.kiosk.registration.visit import PROFILE, Visit, family, picture

HEADLESS = b'{"kind": "face", "member": 0, "encoding": "jpeg", "width": Infinity, "height": 2}\n'
TOKEN, NUMBER = "K4T7QF", 17


def registered(visit: Visit, help_reason: HelpReason | None = None) -> Registration:
    return Registration("sw", visit.at(Review).travellers, help_reason)


def adult() -> Registration:
    return registered(Visit().to(StepName.REVIEW))


def test_what_was_captured_of_an_adult_is_read_back_as_it_was() -> None:
    record = read(payload(adult(), PROFILE, TOKEN, NUMBER))
    assert (record.token, record.number, record.post, record.direction, record.language) == (TOKEN, NUMBER, PROFILE.post, "exit", "sw")
    (member,) = record.members
    assert member.holder is not None and (member.holder.surname, member.holder.age) == ("ERIKSSON", 34)
    assert [(check.id, check.result) for check in member.checks] == [(CheckId.NUMBER_DIGIT, CheckResult.SUCCESSFUL)]
    assert (member.face, member.face_quality, member.confirmed, member.source) == ("captured", 80, True, Kind.PASSPORT_READER)
    assert member.prints == (("right_index", "captured"), ("left_index", "captured"))
    assert record.answers["purpose"] == PROFILE.purposes[0]


def test_a_family_is_one_record_in_the_order_in_which_they_came() -> None:
    record = read(payload(registered(family().is_captured()), PROFILE, TOKEN, NUMBER))
    assert [member.relation for member in record.members] == [None, "child", "child"]


def test_someone_without_papers_is_a_record_with_nobody_in_it() -> None:
    record = read(payload(Registration("ny", None, HelpReason.NO_DOCUMENT), PROFILE, TOKEN, NUMBER))
    assert (record.members, record.papers, record.answers, record.help) == ((), "", {}, "no_document")


def test_what_was_declined_or_could_not_be_taken_is_a_coded_reason() -> None:
    member = Member(
        BorderPass(Private("BP-7")), Relation.OTHER, NoPortrait(Declining.BELIEF), (NoPrint(Finger.RIGHT_INDEX, Untaken.DEVICE_LOST),)
    )
    registration = Registration("en", Travellers(Papers.BORDER_PASS, (member,)), None)
    (recorded,) = read(payload(registration, PROFILE, TOKEN, NUMBER)).members
    assert (recorded.border_pass, recorded.holder, recorded.face, recorded.face_quality) == ("BP-7", None, "belief", None)
    assert recorded.prints == (("right_index", "device_lost"),)


def test_a_picture_of_a_document_is_for_the_desk_and_faces_and_fingers_are_kept() -> None:
    registration = adult()
    assert registration.travellers is not None
    (member,) = registration.travellers.members
    scanned = replace(member, papers=replace(member.papers, scan=replace(member.papers.scan, picture=picture("a page"))))  # type: ignore[union-attr,arg-type]  # the visit's member has a document
    shown = list(media(replace(registration, travellers=registration.travellers.with_member(0, scanned))))
    assert [(one.kind, one.store) for one in shown] == [
        (MediaKind.DOCUMENT, False),
        (MediaKind.FACE, True),
        (MediaKind.FINGER, True),
        (MediaKind.FINGER, True),
    ]
    assert [one.note for one in shown[2:]] == ["right_index 500 ppi", "left_index 500 ppi"]


def test_a_picture_and_what_it_shows_are_read_back_byte_for_byte() -> None:
    content = bytes(range(256)) + b"\n\n{}"
    registration = adult()
    assert registration.travellers is not None
    one = replace(next(media(registration)), image=Image(Encoding.PNG, 640, 480, Private(content)))
    head, data = read_media(media_payload(one))
    assert data.value == content
    assert (head["kind"], head["member"], head["encoding"], head["width"], head["height"]) == ("face", 0, "png", 640, 480)


def test_a_record_past_sixteen_kibibytes_is_refused_and_the_refusal_names_nobody() -> None:
    long = Member(BorderPass(Private("ERIKSSON " * 4000)))
    with pytest.raises(RecordWrong) as refused:
        payload(Registration("en", Travellers(Papers.BORDER_PASS, (long,)), None), PROFILE, TOKEN, NUMBER)
    assert "ERIKSSON" not in str(refused.value)


def test_the_largest_party_with_the_longest_names_fits_into_a_record() -> None:
    registration = adult()
    assert registration.travellers is not None
    (member,) = registration.travellers.members
    answers = tuple(Answer(question, Private("x" * 10)) for question in Question)
    party = Travellers(Papers.DOCUMENT, (member,) * PROFILE.max_party, answers)
    assert len(payload(Registration("sw", party, None), PROFILE, TOKEN, NUMBER)) < LARGEST


def test_members_that_a_later_version_adds_are_read_over() -> None:
    values = json.loads(payload(adult(), PROFILE, TOKEN, NUMBER))
    values["something_new"] = values["members"][0]["something_else"] = [1, 2]
    assert read(json.dumps(values).encode()).token == TOKEN


@given(st.binary(max_size=200))
def test_bytes_that_are_no_record_are_refused(content: bytes) -> None:
    with pytest.raises(RecordWrong) as refused:
        read(content)
    assert refused.value.__cause__ is None


@given(st.binary(max_size=200) | st.sampled_from([b"[" * 5000, b'{"kind": 1}\n', HEADLESS, b'"' + b"\\ud800" + b'"\n', b"1\n"]))
def test_bytes_that_are_no_picture_are_refused(content: bytes) -> None:
    with pytest.raises(RecordWrong):
        read_media(content)
