"""What a lane may ask of its devices, and what they may answer. PURE: with `lines`, `ring` and `formats` all that kiosk knows of drivers.

Fields that hold something of a person are kept out of `repr` (law 10). Pictures never travel in a message: a `Picture` says
where in the frame ring of the host (drivers/ring.py) its bytes lie.
"""

from dataclasses import dataclass, field
from enum import StrEnum

PROTOCOL = 1


class Kind(StrEnum):
    """The devices a lane may have, named for what they do."""

    PASSPORT_READER = "passport_reader"
    DOCUMENT_CAMERA = "document_camera"
    FACE_CAMERA = "face_camera"
    FINGERPRINT_SCANNER = "fingerprint_scanner"
    RECEIPT_PRINTER = "receipt_printer"
    LANE_IO = "lane_io"


class Encoding(StrEnum):
    """How the bytes of a picture are laid out."""

    GREY8 = "grey8"
    BGR8 = "bgr8"
    JPEG = "jpeg"
    PNG = "png"


class Finger(StrEnum):
    """The fingers a traveller is asked for; the values are the finger position codes of ISO/IEC 19794-2 as words."""

    RIGHT_THUMB = "right_thumb"
    RIGHT_INDEX = "right_index"
    LEFT_THUMB = "left_thumb"
    LEFT_INDEX = "left_index"


class Hint(StrEnum):
    """What a live picture lacks, for the sentence and the sign on the screen. OK: hold still, it is being taken."""

    NOTHING_THERE = "nothing_there"
    TOO_FAR = "too_far"
    TOO_CLOSE = "too_close"
    OFF_CENTRE = "off_centre"
    TURNED = "turned"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    GLARE = "glare"
    COVERED = "covered"
    MOVING = "moving"
    SEVERAL_FACES = "several_faces"
    PRESS_HARDER = "press_harder"
    PRESS_LIGHTER = "press_lighter"
    OK = "ok"


class Unread(StrEnum):
    """Why a document, a pass, a face or a finger could not be had."""

    NOTHING_THERE = "nothing_there"
    NO_ZONE = "no_zone"
    CHECK_DIGITS = "check_digits"
    NOT_A_PASS = "not_a_pass"
    POOR_PICTURE = "poor_picture"
    NO_FACE = "no_face"
    NO_FINGER = "no_finger"
    TIMED_OUT = "timed_out"


class Paper(StrEnum):
    """What a printer says of itself. SILENT is never "paper ok"."""

    OK = "ok"
    NEAR_END = "near_end"
    OUT = "out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    FAULT = "fault"
    OFFLINE = "offline"
    SILENT = "silent"


class Lamp(StrEnum):
    """The lane's lamp."""

    OFF = "off"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Arrow(StrEnum):
    """Which way the traveller goes next, as drawn on the slip and the screen."""

    LEFT = "left"
    AHEAD = "ahead"
    RIGHT = "right"


@dataclass(frozen=True)
class Picture:
    """A picture in the host's frame ring: `slot` 0..2, `number` rises with each picture, `size` in bytes, width and height in pixels."""

    slot: int
    number: int
    encoding: Encoding
    width: int
    height: int
    size: int


@dataclass(frozen=True)
class Slip:
    """A receipt as it shall read: every sentence already in the traveller's language, no name on it."""

    language: str
    heading: str
    subheading: str
    place_label: str
    place: str
    arrow: Arrow
    number_label: str
    number: str
    code_label: str
    code: str
    qr: str
    party: str
    footer: tuple[str, ...]
    band: str = ""


# Orders: from the lane to a host, each with a ticket and a deadline (see lines.py)


@dataclass(frozen=True)
class ReadDocument:
    """Read the machine readable zone of the document that lies there or will be laid down: passport reader, document camera."""


@dataclass(frozen=True)
class ReadPass:
    """Read the two-dimensional code of a border pass: document camera."""


@dataclass(frozen=True)
class CaptureFace:
    """Take a portrait once the placement is good: face camera."""


@dataclass(frozen=True)
class CaptureFinger:
    """Take one finger: fingerprint scanner."""

    finger: Finger


@dataclass(frozen=True)
class PrintSlip:
    """Print the slip and cut: receipt printer."""

    slip: Slip


@dataclass(frozen=True)
class ShowLamp:
    """Light the lamp: lane I/O."""

    lamp: Lamp


@dataclass(frozen=True)
class OpenBarrier:
    """Open the barrier; it falls back to its safe position after so many seconds whatever happens: lane I/O."""

    seconds: float


@dataclass(frozen=True)
class Rest:
    """Give up what is being waited for and be quiet: any device. A document or face order that still waits is not answered."""


@dataclass(frozen=True)
class TestYourself:
    """Run the self-test of the device: any device."""


@dataclass(frozen=True)
class RunTrial:
    """Run the acceptance trial of the device's kind (drivers/trial.py): any device. The host does it. `attended`: somebody stands there
    who lays down, takes away and pulls the plug when asked; else those steps are not tried."""

    attended: bool


@dataclass(frozen=True)
class TrialReply:
    """What the person on a trial says to TrialAsks: it is done, or (`done` False) the step shall be skipped."""

    done: bool


Order = (
    ReadDocument | ReadPass | CaptureFace | CaptureFinger | PrintSlip | ShowLamp | OpenBarrier | Rest | TestYourself | RunTrial | TrialReply
)


# Answers: from a host to the lane, each with the ticket of its order


@dataclass(frozen=True)
class DocumentRead:
    """A zone was read. `confirmed` False: the wire has no checksum and a second read did not agree or was not possible."""

    lines: tuple[str, ...] = field(repr=False)
    confirmed: bool
    picture: Picture | None = None


@dataclass(frozen=True)
class PassRead:
    """The text of the code on a border pass."""

    text: str = field(repr=False)
    picture: Picture | None = None


@dataclass(frozen=True)
class FaceCaptured:
    """A portrait of acceptable placement. `quality` 0 to 100, our own measure of size, light and sharpness; not OFIQ."""

    picture: Picture
    quality: int


@dataclass(frozen=True)
class FingerCaptured:
    """A finger image, 8 bits grey. `ppi` pixels an inch; `quality` is NFIQ 2 (0 to 100) or None where that is not installed."""

    finger: Finger
    picture: Picture
    ppi: int
    quality: int | None


@dataclass(frozen=True)
class NotCaptured:
    """The order ended without what was asked for; the device itself is well."""

    why: Unread


@dataclass(frozen=True)
class SlipPrinted:
    """The slip went out. `confirmed` only when the printer itself said that it is printed."""

    confirmed: bool


@dataclass(frozen=True)
class SlipNotPrinted:
    """No slip: what the printer says."""

    paper: Paper


@dataclass(frozen=True)
class Done:
    """The order was carried out."""


@dataclass(frozen=True)
class TestDone:
    """What the self-test found, in words for a technician; nothing of a person."""

    passed: bool
    findings: tuple[str, ...]


class Outcome(StrEnum):
    """How a step of a trial ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True)
class TrialStep:
    """One step of a trial: its name, how it ended, and a plain sentence; nothing of a person."""

    name: str
    outcome: Outcome
    said: str


@dataclass(frozen=True)
class TrialDone:
    """All steps of the trial, in their order. Passed when none failed and at least one was tried."""

    steps: tuple[TrialStep, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        outcomes = {step.outcome for step in self.steps}
        return Outcome.PASSED in outcomes and Outcome.FAILED not in outcomes


Answer = DocumentRead | PassRead | FaceCaptured | FingerCaptured | NotCaptured | SlipPrinted | SlipNotPrinted | Done | TestDone | TrialDone


# Told without being asked


@dataclass(frozen=True)
class Hello:
    """The first line of a host. `protocol` must equal PROTOCOL; capabilities are the names of the orders it takes."""

    protocol: int
    kind: Kind
    driver: str
    version: str
    capabilities: tuple[str, ...]
    ring: str = ""


@dataclass(frozen=True)
class Heartbeat:
    """Each second, so that a stuck host is told from a quiet one."""


@dataclass(frozen=True)
class DeviceReady:
    """The device is open and answers; sent after Hello and again when a lost device is back."""

    identity: str = ""


@dataclass(frozen=True)
class DeviceGone:
    """The host lives, the device does not: unplugged, silent, or refused. The host goes on trying."""

    reason: str


@dataclass(frozen=True)
class DocumentLaid:
    """Something lies on the glass."""


@dataclass(frozen=True)
class DocumentTaken:
    """The glass is empty again."""


@dataclass(frozen=True)
class FrameSeen:
    """A live picture with what it lacks; at most 30 a second, the newest wins."""

    picture: Picture
    hint: Hint


@dataclass(frozen=True)
class PaperChanged:
    """The printer's state changed."""

    paper: Paper


@dataclass(frozen=True)
class PresenceChanged:
    """Somebody stepped up to the lane, or left."""

    present: bool


@dataclass(frozen=True)
class TrialAsks:
    """The trial needs a person's hand: what to do, and how many seconds are left for it. Said again each second while it waits."""

    step: str
    sentence: str
    left_s: int


@dataclass(frozen=True)
class TrialWent:
    """A step of the trial has ended."""

    step: TrialStep


Notice = (
    Hello
    | Heartbeat
    | DeviceReady
    | DeviceGone
    | DocumentLaid
    | DocumentTaken
    | FrameSeen
    | PaperChanged
    | PresenceChanged
    | TrialAsks
    | TrialWent
)


# The envelope on the wire between lane and host


@dataclass(frozen=True)
class Ordered:
    """An order with its ticket. `deadline_s` counts from receipt; past it the lane kills the host."""

    ticket: int
    deadline_s: float
    order: Order


@dataclass(frozen=True)
class Answered:
    """The answer to the order with this ticket; exactly one an order (Rest excepted for what it ends)."""

    ticket: int
    answer: Answer
