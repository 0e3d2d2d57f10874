"""What is read is judged by its check digits, the list of states and the calendar: never by the frame it came in."""

import pytest

from drivers.contract import DocumentRead, NotCaptured, Unread
from drivers.passport.bare_lines import BareLines
from drivers.passport.judging import of_guarded, of_one, of_two, sound, valid, zone_lines
from drivers.passport.layout_proof import SPECIMEN
from tests.drivers.passport.readers import CARD, SMALL, ZONE

WRONG_NAME = (ZONE[0].replace("MFANO", "MFAMO"), ZONE[1])
WRONG_DIGIT = (ZONE[0], ZONE[1].replace("U0000010", "U0000070"))
NO_STATE = (ZONE[0].replace("UTO", "YTO", 1), ZONE[1])


def test_two_equal_reads_of_a_sound_zone_are_confirmed() -> None:
    assert of_two(ZONE, ZONE) == DocumentRead(ZONE, confirmed=True)
    assert of_one(ZONE) == DocumentRead(ZONE, confirmed=False)
    assert of_guarded(ZONE) == DocumentRead(ZONE, confirmed=True)


def test_reads_that_differ_in_a_name_are_passed_on_unconfirmed_since_no_check_digit_guards_names() -> None:
    assert valid(WRONG_NAME)
    assert of_two(WRONG_NAME, ZONE) == DocumentRead(WRONG_NAME, confirmed=False)


def test_of_two_reads_the_one_with_right_check_digits_is_passed_on_unconfirmed() -> None:
    assert of_two(WRONG_DIGIT, ZONE) == DocumentRead(ZONE, confirmed=False)
    assert of_two(ZONE, ()) == DocumentRead(ZONE, confirmed=False)


def test_a_code_in_no_list_of_states_is_passed_on_only_where_two_reads_agree_and_never_confirmed() -> None:
    assert valid(NO_STATE)
    assert not sound(NO_STATE)
    assert of_one(NO_STATE) == NotCaptured(Unread.CHECK_DIGITS)
    assert of_two(NO_STATE, NO_STATE) == DocumentRead(NO_STATE, confirmed=False)
    assert of_guarded(NO_STATE) == DocumentRead(NO_STATE, confirmed=False)


@pytest.mark.parametrize("judge", [of_guarded, of_one, lambda lines: of_two(lines, lines)])
def test_wrong_check_digits_are_never_passed_on(judge: object) -> None:
    assert callable(judge)
    assert judge(WRONG_DIGIT) == NotCaptured(Unread.CHECK_DIGITS)
    assert judge(("HELLO",)) == NotCaptured(Unread.NO_ZONE)
    assert judge(()) == NotCaptured(Unread.NO_ZONE)


def test_bytes_outside_ascii_are_no_part_of_a_zone() -> None:
    assert valid(zone_lines(("\r".join(ZONE) + "\r").encode()))
    assert not valid(zone_lines(("\r".join(ZONE)).replace("MFANO", "MFAN\u00d6").encode("latin-1")))


@pytest.mark.parametrize("lines", [ZONE, CARD, SMALL], ids=["passport", "card", "small"])
@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
def test_bare_lines_are_a_zone_once_the_last_has_ended(lines: tuple[str, ...], ends: str) -> None:
    collector = BareLines()
    data = "".join(line + ends for line in lines).encode()
    zones = [zone for at in range(len(data)) if (zone := collector.feed(data[at : at + 1]))]
    assert zones == [lines]
    assert collector.silence() is None


def test_bare_lines_without_a_last_line_end_are_a_zone_after_silence() -> None:
    collector = BareLines()
    assert collector.feed("\r".join(ZONE).encode()) is None
    assert collector.silence() == ZONE


@pytest.mark.parametrize("text", ["X\r" + "\r".join(ZONE) + "\r", "P<UTO\r", "".join(ZONE) + "<\r", "A" * 5000 + "\r"])
def test_what_has_another_shape_is_rejected_whole_at_the_next_silence(text: str) -> None:
    collector = BareLines()
    assert collector.feed(text.encode()) is None
    assert collector.silence() == ()
    assert collector.silence() is None
    assert collector.feed(("\r".join(ZONE) + "\r").encode()) == ZONE


def test_the_specimen_of_layouts_is_a_sound_zone_of_utopia_with_y_and_z() -> None:
    assert sound(SPECIMEN)
    assert SPECIMEN[0][2:5] == "UTO"
    assert set("YZAQWM0123456789<") <= set("".join(SPECIMEN))
