import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import Paper
from drivers.receipt.status import Cleared, Garbled, HealthSaid, MarkPassed, Named, PicturesHeld, Printed, StatusReader


def reader(*questions: int, marks: int = 0, name: bool = False) -> StatusReader:
    made = StatusReader()
    for question in questions:
        made.asked(question)
    for _ in range(marks):
        made.asked_mark()
    if name:
        made.asked_name()
    return made


def test_a_printer_that_has_said_nothing_is_silent_and_never_paper_ok():
    assert StatusReader().health.paper is Paper.SILENT
    online = reader(1)
    online.feed(b"\x12")
    assert online.health.paper is Paper.SILENT


@pytest.mark.parametrize(
    ("question", "byte", "paper"),
    [
        (4, 0x12, Paper.OK),
        (4, 0x1E, Paper.NEAR_END),
        (4, 0x72, Paper.OUT),
        (4, 0x7E, Paper.OUT),
        (1, 0x1A, Paper.OFFLINE),
        (2, 0x16, Paper.COVER_OPEN),
        (2, 0x32, Paper.OUT),
        (2, 0x52, Paper.FAULT),
        (3, 0x1A, Paper.CUTTER),
        (3, 0x32, Paper.FAULT),
    ],
)
def test_one_byte_answers_the_question_that_was_asked_first(question, byte, paper):
    asked = reader(question)
    asked.feed(bytes([byte]))
    assert asked.health.paper is paper
    assert asked.unanswered == 0


@pytest.mark.parametrize(
    ("four", "paper"),
    [
        (b"\x10\x00\x00\x00", Paper.OK),
        (b"\x10\x00\x03\x0f", Paper.NEAR_END),
        (b"\x18\x00\x0f\x00", Paper.OUT),
        (b"\x38\x00\x0c\x00", Paper.COVER_OPEN),
        (b"\x18\x00\x00\x00", Paper.OFFLINE),
        (b"\x18\x08\x00\x00", Paper.CUTTER),
        (b"\x18\x20\x00\x00", Paper.FAULT),
        (b"\x18\x40\x00\x00", Paper.FAULT),
    ],
)
def test_automatic_status_says_everything_in_four_bytes(four, paper):
    for cut in range(5):
        split = StatusReader()
        split.feed(four[:cut])
        split.feed(four[cut:])
        assert split.health.paper is paper


def test_the_cover_closed_again_and_paper_put_in_are_believed():
    told = StatusReader()
    told.feed(b"\x38\x00\x0c\x00")
    told.feed(b"\x10\x00\x00\x00")
    assert told.health.paper is Paper.OK


def test_every_source_is_told_apart_in_one_stream():
    stream = b"\x12" + b"\x10\x00\x00\x00" + b"\x37\x220042\x00" + b"\x00" + b"\x37\x25\x00" + b"_TM-T88V\x00" + b"\x37rA0142\x00" + b"\x72"
    mixed = reader(1, 4, marks=1, name=True)
    said = mixed.feed(stream)
    kinds = [HealthSaid, HealthSaid, Printed, HealthSaid, MarkPassed, Cleared, Named, PicturesHeld, HealthSaid]
    assert [type(one) for one in said] == kinds
    assert said[2] == Printed(42)
    assert said[6] == Named("TM-T88V")
    assert said[7] == PicturesHeld(("01", "42"), more=True)
    assert mixed.health.paper is Paper.OUT


def test_an_answer_to_a_mark_that_was_not_set_proves_nothing():
    twice = reader(marks=1)
    assert twice.feed(b"\x00\x00")[1:] == [MarkPassed(), Garbled(0)]


def test_an_answer_nobody_asked_for_is_not_believed():
    assert StatusReader().feed(b"\x12") == [Garbled(0x12)]
    assert StatusReader().health.paper is Paper.SILENT


def test_a_broken_job_number_is_not_a_proof():
    broken = StatusReader()
    assert not [said for said in broken.feed(b"\x37\x2200x2\x00\x37\x22004\x00") if isinstance(said, Printed)]
    assert broken.feed(b"\x37\x220042\x00") == [Printed(42)]


def test_automatic_status_cut_short_by_an_answer_is_dropped_and_the_answer_read():
    cut = reader(4)
    assert cut.feed(b"\x38\x00\x12") == [Garbled(0x38), Garbled(0x00), HealthSaid(cut.health)]
    assert cut.health.paper is Paper.OK


def test_after_silence_nothing_is_known_and_a_late_answer_is_not_taken_for_a_new_one():
    late = reader(1, 4)
    late.feed(b"\x12\x12")
    late.asked(4)
    late.forget_questions()
    assert late.health.paper is Paper.SILENT
    assert late.feed(b"\x12") == [Garbled(0x12)]


@pytest.mark.parametrize("broken", [b"\x37r\x00", b"\x37rB\x00", b"\x37r@0\x00", b"\x37r@" + b"7" * 81 + b"\x00"])
def test_a_broken_list_of_pictures_is_not_believed(broken):
    told = StatusReader()
    assert not [said for said in told.feed(broken) if isinstance(said, PicturesHeld)]
    assert told.feed(b"\x37r@\x00")[-1] == PicturesHeld((), more=False)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=20), max_size=20), st.lists(st.integers(1, 4), max_size=5), st.integers(0, 3), st.booleans())
def test_whatever_a_printer_sends_the_reader_goes_on_and_splitting_changes_nothing(pieces, questions, marks, name):
    split, whole = reader(*questions, marks=marks, name=name), reader(*questions, marks=marks, name=name)
    said = [one for piece in pieces for one in split.feed(piece)]
    assert said == whole.feed(b"".join(pieces))
    assert sum(isinstance(one, MarkPassed) for one in said) <= marks
    split.forget_questions()
    assert split.feed(b"\x10\x00\x00\x00")[-1] == HealthSaid(split.health, whole=True)
    assert split.health.paper is Paper.OK
