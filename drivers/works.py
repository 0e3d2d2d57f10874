"""What a trial has each kind of device do, and what counts as done."""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.contract import (
    Answer,
    Arrow,
    CaptureFace,
    CaptureFinger,
    DocumentRead,
    Done,
    FaceCaptured,
    Finger,
    FingerCaptured,
    Kind,
    Lamp,
    NotCaptured,
    Order,
    PrintSlip,
    ReadDocument,
    ShowLamp,
    Slip,
    SlipNotPrinted,
    SlipPrinted,
    TestDone,
    TestYourself,
    Unread,
)
from drivers.driver import Driver
from drivers.formats.mrz import parse

SLIP = Slip(
    language="en",
    heading="TRIAL",
    subheading="of this printer",
    place_label="Go to",
    place="0",
    arrow=Arrow.AHEAD,
    number_label="Number",
    number="000",
    code_label="Code",
    code="TRIAL0",
    qr="TRIAL",
    party="nobody",
    footer=("This slip admits nobody.",),
    band="TRIAL",
)


@dataclass(frozen=True)
class Work:
    """One order that shows the device at work. `lay` and `take` are what a person is asked for; both empty where nobody is needed.

    `good` gives a sentence for an answer that counts as done, None for any other. `piece`: into how many bytes a trial splits what the device says.
    `patience_s`: how long the work may take where nobody has to move.
    """

    order: Order
    good: Callable[[Answer], str | None]
    lay: str = ""
    take: str = ""
    piece: int = 1
    patience_s: float = 4.0


def wrong(answer: Answer, truth: Answer) -> bool:
    """Whether an answer claims, without a doubt, something else than what lies there. Unconfirmed zones are doubted; pictures cannot be judged here."""
    match answer, truth:
        case DocumentRead(lines=lines, confirmed=True), DocumentRead(lines=true):
            return lines != true
        case _:
            return False


def proven(answer: Answer | None) -> bool:
    """Whether an answer rests on the device's own last word, so that none may come before it."""
    return isinstance(answer, SlipPrinted) and answer.confirmed


def shortcoming(answer: Answer) -> str:
    """What an answer that does not count as done says, as a sentence."""
    match answer:
        case NotCaptured(why=Unread.TIMED_OUT):
            return "Nothing came of it in time."
        case NotCaptured(why=why):
            return f"It said: {why.replace('_', ' ')}."
        case SlipNotPrinted(paper=paper):
            return f"The printer said: {paper.replace('_', ' ')}."
        case TestDone(findings=findings):
            return "; ".join(findings) or "The self-test failed and does not say why."
        case _:
            return f"It answered {type(answer).__name__}."


def _document(answer: Answer) -> str | None:
    if not isinstance(answer, DocumentRead) or not parse(answer.lines).valid:
        return None
    sure = "confirmed" if answer.confirmed else "not confirmed"
    return f"A zone of {len(answer.lines)} lines was read, its check digits hold; {sure}."


def _face(answer: Answer) -> str | None:
    return f"A portrait was taken, quality {answer.quality} of 100." if isinstance(answer, FaceCaptured) else None


def _finger(answer: Answer) -> str | None:
    if not isinstance(answer, FingerCaptured):
        return None
    picture = answer.picture
    quality = "not measured" if answer.quality is None else f"{answer.quality} of 100"
    return f"A finger was taken, {picture.width} x {picture.height} pixels at {answer.ppi} ppi, NFIQ 2 {quality}."


def _slip(answer: Answer) -> str | None:
    if not isinstance(answer, SlipPrinted):
        return None
    return (
        "A slip was printed; the printer itself says so."
        if answer.confirmed
        else "A slip was sent; this printer cannot say whether it came out."
    )


def _lamp(answer: Answer) -> str | None:
    return "The lamp was switched; the barrier is not moved by a trial." if isinstance(answer, Done) else None


def _tested(answer: Answer) -> str | None:
    return f"It tested itself: {'; '.join(answer.findings)}." if isinstance(answer, TestDone) and answer.passed else None


PACKET, LOOK_S = 1400, 12.0
LAY_DOCUMENT, TAKE_DOCUMENT = "Lay the specimen document on the reader.", "Take the document away."
WORKS = {
    Kind.PASSPORT_READER: Work(ReadDocument(), _document, LAY_DOCUMENT, TAKE_DOCUMENT),
    Kind.DOCUMENT_CAMERA: Work(ReadDocument(), _document, LAY_DOCUMENT, TAKE_DOCUMENT, PACKET, LOOK_S),
    Kind.FACE_CAMERA: Work(CaptureFace(), _face, "Stand before the camera and look into it.", "Step out of the picture.", PACKET, LOOK_S),
    Kind.FINGERPRINT_SCANNER: Work(
        CaptureFinger(Finger.RIGHT_INDEX), _finger, "Lay the right index finger on the scanner.", "Lift the finger."
    ),
    Kind.RECEIPT_PRINTER: Work(PrintSlip(SLIP), _slip),
    Kind.LANE_IO: Work(ShowLamp(Lamp.AMBER), _lamp),
}
SELF_TEST = Work(TestYourself(), _tested)


def work_of(driver: Driver) -> Work:
    """What this driver is tried with: the work of its kind, or its own test where it refuses that (zfm takes no traveller's finger)."""
    work = WORKS[driver.kind]
    return work if type(work.order) in driver.orders else SELF_TEST
