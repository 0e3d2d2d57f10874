"""A traveller at a lane whose devices are in the test's hands: each step as one word."""

from collections.abc import Callable
from typing import TypeVar

from drivers.contract import (
    DocumentRead,
    Encoding,
    FaceCaptured,
    FingerCaptured,
    Kind,
    Picture,
    PrintSlip,
    Slip,
    SlipPrinted,
)
from drivers.formats.specimens import specimen
from kiosk.private import Private
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.travellers import Papers
from tests.kiosk.stations import HandDevice, LaneAtHand, Post

S = TypeVar("S", bound=s.State)
MOST_STEPS = 40
FACE_BYTES, FINGER_BYTES, PAGE_BYTES = b"\xff\xd8 a drawn face", b"\x89PNG drawn ridges", b"\xff\xd8 a specimen page"


def picture_of(content: bytes, encoding: Encoding = Encoding.JPEG) -> Picture:
    """Where such a picture would lie in a ring."""
    return Picture(0, 1, encoding, 4, 2, len(content))


class Crossing:
    """Somebody who has a specimen passport, at this lane."""

    def __init__(self, post: Post, lane: LaneAtHand, passport: str = "adult", lines: tuple[str, ...] = ()) -> None:
        self.post, self.lane = post, lane
        self.lines = lines or specimen(passport, post.clock.now().utc.date()).lines
        post.until(lambda: isinstance(self.state, s.Attract), "an open lane")
        # every device has said that it is there
        post.until(lambda: not self.state.kiosk.lost or not lane.hands, "the devices")

    @property
    def state(self) -> s.State:
        return self.lane.lane.state

    def hand(self, kind: Kind) -> HandDevice:
        return self.lane.hands[kind]

    def to(self, wanted: type[S]) -> S:
        """Step by step, as far as this state."""
        for _ in range(MOST_STEPS):
            if isinstance(self.state, wanted):
                return self.state
            self.goes_on()
        raise AssertionError(f"at {self.state.name}, never at {wanted.__name__}")

    def goes_on(self) -> None:
        """Does what this screen asks for, and waits until the screen is another one."""
        before = self.state
        self._act(before)
        self.post.until(lambda: self.state is not before, f"what follows {before.name}")

    def slip_comes(self) -> Slip:
        """The slip that was ordered is printed. Returns it."""
        printer = self.hand(Kind.RECEIPT_PRINTER)
        order = printer.orders[-1][1]
        assert isinstance(order, PrintSlip)
        printer.answers(SlipPrinted(confirmed=True))
        self.post.until(lambda: getattr(self.state, "slip", None) is s.SlipIs.PRINTED, "a printed slip")
        return order.slip

    def leaves(self) -> None:
        self.lane.touch(e.SlipTaken())
        self.post.until(lambda: isinstance(self.state, s.Idle), "a free kiosk")

    def _act(self, state: s.State) -> None:
        touched: dict[type[s.State], Callable[[], object]] = {
            s.Attract: lambda: e.Touched(0.0),
            s.Language: lambda: e.LanguageChosen("sw"),
            s.Notice: e.NoticeUnderstood,
            s.TravelClass: lambda: e.TravelClassChosen(Papers.DOCUMENT),
            s.Party: e.PartyComplete,
            s.Review: e.Confirmed,
        }
        if type(state) in touched:
            self.lane.touch(touched[type(state)]())
        elif isinstance(state, s.Declare):
            self.lane.touch(e.AnswerGiven(state.question, Private(state.kiosk.profile.options(state.question)[0])))
        elif self.lane.hands:
            self._device_answers(state)

    def _device_answers(self, state: s.State) -> None:
        match state:
            case s.DocCapture(device=device):
                read = DocumentRead(self.lines, confirmed=True, picture=picture_of(PAGE_BYTES))
                self.hand(device).answers(read, PAGE_BYTES)
            case s.Face():
                self.hand(Kind.FACE_CAMERA).answers(FaceCaptured(picture_of(FACE_BYTES), 81), FACE_BYTES)
            case s.Fingers(finger=finger):
                ridges = FINGER_BYTES + finger.encode()
                taken = FingerCaptured(finger, picture_of(ridges, Encoding.PNG), 500, None)
                self.hand(Kind.FINGERPRINT_SCANNER).answers(taken, ridges)
            case _:
                pass
