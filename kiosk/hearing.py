"""What a device said, as an event of the registration. PURE."""

from datetime import date
from typing import assert_never

from drivers import contract
from drivers.contract import Answered, Kind, Order, Picture, Unread
from kiosk.private import Private
from kiosk.registration import events
from kiosk.registration.events import Event
from kiosk.registration.travellers import Image


def event_of(kind: Kind, order: Order, answered: Answered, image: Private[bytes] | None, today: date | None) -> Event | None:
    """The event that an answer to this order stands for; None where it means nothing to a traveller's session (lamp, barrier, test).

    A picture that had left the ring before it could be copied out counts as a poor picture: it is asked for again.
    """
    ticket, answer = answered.ticket, answered.answer
    match answer:
        case contract.DocumentRead(lines=lines, confirmed=confirmed, picture=picture):
            return events.DocumentRead(ticket, Private(lines), kind, confirmed, today, _image(picture, image))
        case contract.PassRead(text=text, picture=picture):
            return events.PassRead(ticket, Private(text), _image(picture, image))
        case contract.FaceCaptured(picture=picture, quality=quality):
            face = _image(picture, image)
            return events.FaceCaptured(ticket, face, quality) if face else _not_captured(order, ticket, Unread.POOR_PICTURE)
        case contract.FingerCaptured():
            return _finger(order, ticket, answer, _image(answer.picture, image))
        case contract.NotCaptured(why=why):
            return _not_captured(order, ticket, why)
        case contract.SlipPrinted(confirmed=confirmed):
            return events.SlipPrinted(ticket, confirmed)
        case contract.SlipNotPrinted(paper=paper):
            return events.SlipNotPrinted(ticket, paper)
        case contract.Done() | contract.TestDone() | contract.TrialDone():
            return None
        case _:
            assert_never(answer)


def _finger(order: Order, ticket: int, answer: contract.FingerCaptured, image: Image | None) -> Event | None:
    if image is None:
        return _not_captured(order, ticket, Unread.POOR_PICTURE)
    return events.FingerCaptured(ticket, image, answer.ppi, answer.quality)


def _not_captured(order: Order, ticket: int, why: Unread) -> Event | None:
    match order:
        case contract.ReadDocument():
            return events.DocumentUnreadable(ticket, why)
        case contract.ReadPass():
            return events.PassUnknown(ticket, why)
        case contract.CaptureFace():
            return events.FaceNotCaptured(ticket, why)
        case contract.CaptureFinger():
            return events.FingerNotCaptured(ticket, why)
        case _:
            return None


def _image(picture: Picture | None, image: Private[bytes] | None) -> Image | None:
    if picture is None or image is None:
        return None
    return Image(picture.encoding, picture.width, picture.height, image)
