"""What devices say, as events of the traveller's session: each answer under its own ticket, and a picture that is gone is asked for again."""

from datetime import date

import pytest

from drivers import contract
from drivers.contract import Answer, Answered, Encoding, Finger, Kind, Order, Paper, Picture, Unread
from kiosk.hearing import event_of
from kiosk.private import Private
from kiosk.registration import events as e
from kiosk.registration.events import Event
from kiosk.registration.travellers import Image

TODAY = date(2026, 11, 24)
PICTURE = Picture(0, 1, Encoding.JPEG, 4, 2, 6)
BYTES = Private(b"a page")
IMAGE = Image(Encoding.JPEG, 4, 2, BYTES)
ZONE = ("P<UTO", "L898902C3")
READ, PASS, FACE = contract.ReadDocument(), contract.ReadPass(), contract.CaptureFace()
INDEX = contract.CaptureFinger(Finger.RIGHT_INDEX)


def heard(order: Order, answer: Answer, image: Private[bytes] | None = BYTES, kind: Kind = Kind.PASSPORT_READER) -> Event | None:
    return event_of(kind, order, Answered(7, answer), image, TODAY)


def test_a_zone_comes_with_its_source_its_day_and_its_picture() -> None:
    event = heard(READ, contract.DocumentRead(ZONE, confirmed=False, picture=PICTURE), kind=Kind.DOCUMENT_CAMERA)
    assert event == e.DocumentRead(7, Private(ZONE), Kind.DOCUMENT_CAMERA, False, TODAY, IMAGE)


def test_a_zone_without_a_picture_is_a_zone_all_the_same() -> None:
    assert heard(READ, contract.DocumentRead(ZONE, confirmed=True, picture=PICTURE), None) == e.DocumentRead(
        7, Private(ZONE), Kind.PASSPORT_READER, True, TODAY, None
    )


def test_a_border_pass_a_face_and_a_finger_are_what_they_are() -> None:
    assert heard(PASS, contract.PassRead("BP-7", PICTURE)) == e.PassRead(7, Private("BP-7"), IMAGE)
    assert heard(FACE, contract.FaceCaptured(PICTURE, 80)) == e.FaceCaptured(7, IMAGE, 80)
    assert heard(INDEX, contract.FingerCaptured(Finger.RIGHT_INDEX, PICTURE, 500, None)) == e.FingerCaptured(7, IMAGE, 500, None)


@pytest.mark.parametrize(
    ("order", "answer", "event"),
    [
        (FACE, contract.FaceCaptured(PICTURE, 80), e.FaceNotCaptured(7, Unread.POOR_PICTURE)),
        (INDEX, contract.FingerCaptured(Finger.RIGHT_INDEX, PICTURE, 500, 60), e.FingerNotCaptured(7, Unread.POOR_PICTURE)),
    ],
)
def test_a_face_or_a_finger_whose_picture_left_the_ring_is_asked_for_again(order: Order, answer: Answer, event: Event) -> None:
    assert heard(order, answer, None) == event


@pytest.mark.parametrize("why", Unread)
def test_what_could_not_be_had_keeps_its_reason(why: Unread) -> None:
    said = contract.NotCaptured(why)
    assert heard(READ, said) == e.DocumentUnreadable(7, why)
    assert heard(PASS, said) == e.PassUnknown(7, why)
    assert heard(FACE, said) == e.FaceNotCaptured(7, why)
    assert heard(INDEX, said) == e.FingerNotCaptured(7, why)


def test_the_printer_says_printed_only_as_surely_as_it_knows() -> None:
    order = contract.ShowLamp(contract.Lamp.OFF)
    assert heard(order, contract.SlipPrinted(confirmed=False)) == e.SlipPrinted(7, False)
    assert heard(order, contract.SlipNotPrinted(Paper.OUT)) == e.SlipNotPrinted(7, Paper.OUT)


def test_a_lamp_a_barrier_and_a_self_test_mean_nothing_to_a_traveller() -> None:
    for answer in (contract.Done(), contract.TestDone(False, ("lens covered",)), contract.NotCaptured(Unread.TIMED_OUT)):
        assert heard(contract.ShowLamp(contract.Lamp.RED), answer) is None


def test_nothing_of_a_person_shows_in_an_event_that_is_printed() -> None:
    for event in (
        heard(READ, contract.DocumentRead(ZONE, confirmed=True, picture=PICTURE)),
        heard(PASS, contract.PassRead("L898902C3", PICTURE)),
    ):
        assert "L898902C3" not in repr(event) and "a page" not in repr(event)
