"""The pad of people and digits: what a touch does to it, and that the digits never show."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.pad import LONGEST_PIN, Digit, Erase, Event, Left, Pad, PadBack, PersonChosen, Submit, Try, refused, step
from kiosk.private import Private

PEOPLE = ("O-1", "O-2")
EVENTS = st.one_of(
    st.sampled_from(("O-1", "O-2", "Z-9")).map(PersonChosen),
    st.sampled_from("0123456789").map(lambda digit: Digit(Private(digit))),
    st.sampled_from((Erase(), PadBack(), Submit())),
)


def after(*events: Event) -> tuple[Pad, Try | Left | None]:
    pad, came = Pad(PEOPLE), None
    for event in events:
        pad, came = step(pad, event)
    return pad, came


def digits(pin: str) -> tuple[Digit, ...]:
    return tuple(Digit(Private(digit)) for digit in pin)


def test_somebody_chooses_who_they_are_and_types_a_pin() -> None:
    pad, came = after(PersonChosen("O-1"), *digits("4711"), Submit())
    assert came == Try("O-1", Private("4711"))
    assert pad.digits.value == ""


def test_a_wrong_digit_is_taken_back() -> None:
    _, came = after(PersonChosen("O-1"), *digits("479"), Erase(), *digits("11"), Submit())
    assert came == Try("O-1", Private("4711"))


def test_without_a_person_there_is_no_pin_and_without_a_pin_no_try() -> None:
    assert after(*digits("4711"), Submit()) == (Pad(PEOPLE), None)
    assert after(PersonChosen("O-1"), Submit())[1] is None


def test_a_name_that_is_not_on_the_list_is_not_chosen() -> None:
    assert after(PersonChosen("Z-9")) == (Pad(PEOPLE), None)


def test_back_leads_to_the_list_and_from_there_away() -> None:
    pad, came = after(PersonChosen("O-1"), *digits("47"), PadBack())
    assert (pad, came) == (Pad(PEOPLE), None)
    assert step(pad, PadBack())[1] == Left()


def test_whoever_is_refused_reads_how_long_to_wait_and_the_digits_are_gone() -> None:
    pad, _ = after(PersonChosen("O-1"), *digits("47"))
    said = refused(pad, 29.6)
    assert (said.wrong, said.wait_s, said.digits.value) == (True, 30, "")


@given(st.lists(EVENTS, max_size=40))
def test_whatever_is_touched_a_pin_stays_short_and_is_never_shown(events: list[Event]) -> None:
    pad = Pad(PEOPLE)
    for event in events:
        pad, came = step(pad, event)
        assert len(pad.digits.value) <= LONGEST_PIN
        assert pad.chosen in ("", *PEOPLE)
        if isinstance(came, Try):
            assert came.pseudonym == pad.chosen and came.pin.value
        if len(pad.digits.value) > 2:
            assert pad.digits.value not in repr(pad) + repr(came)
