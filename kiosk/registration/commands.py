"""All that the lane may be told to do. PURE values; each order carries a ticket, which its answer brings back (law 2)."""

from dataclasses import dataclass
from datetime import date

from drivers.contract import Finger, Kind, Lamp
from kiosk.documents.scan import Scan
from kiosk.registration.names import EndReason, StepName
from kiosk.registration.profile import Place
from kiosk.registration.travellers import Case, Registration


@dataclass(frozen=True)
class ReadDocument:
    """Read a zone with this device: the passport reader or the document camera."""

    ticket: int
    kind: Kind


@dataclass(frozen=True)
class ReadPass:
    """Read the code of a border pass: document camera."""

    ticket: int


@dataclass(frozen=True)
class CheckDocument:
    """Look at what was read, with `kiosk.documents`; answer ChecksDone. `today` None: the clock is unknown."""

    ticket: int
    scan: Scan
    today: date | None


@dataclass(frozen=True)
class CaptureFace:
    """Take the portrait of this member (from 0)."""

    ticket: int
    member: int


@dataclass(frozen=True)
class CaptureFinger:
    """Take this finger of this member (from 0)."""

    ticket: int
    member: int
    finger: Finger


@dataclass(frozen=True)
class Rest:
    """Nobody waits for this device any more."""

    kind: Kind


@dataclass(frozen=True)
class Record:
    """Seal and commit (law 3). Answered exactly once, with Recorded or NotRecorded."""

    ticket: int
    registration: Registration


@dataclass(frozen=True)
class RecordEnd:
    """One row that says a session ended early, and nothing of a person (law 5). `began` is the time of its first touch."""

    last: StepName
    reason: EndReason
    began: float


@dataclass(frozen=True)
class PrintSlip:
    """Print the slip in the traveller's language; its form is the same for everyone (law 6). `party` people, good for `hours`."""

    ticket: int
    case: Case
    language: str
    place: Place
    party: int
    hours: int


@dataclass(frozen=True)
class ShowLamp:
    """Light the lane's lamp."""

    lamp: Lamp


@dataclass(frozen=True)
class BeginCase:
    """A case begins in `movement`: lay it before the officers."""

    case: Case


@dataclass(frozen=True)
class Limit:
    """Raise TimeAlmostOut after `seconds` and TimeRanOut `warning` seconds later; a `warning` of 0 raises only TimeRanOut."""

    ticket: int
    step: StepName
    seconds: int
    warning: int


@dataclass(frozen=True)
class Purge:
    """Forget the traveller: pictures, screen, settings of sight and sound, what lies in tmpfs."""


@dataclass(frozen=True)
class Ignored:
    """The event changes nothing here: a line for the log, with names of types and steps only."""

    event: str
    step: StepName


Command = (
    ReadDocument | ReadPass | CheckDocument | CaptureFace | CaptureFinger | Rest | Record | RecordEnd | PrintSlip | ShowLamp | BeginCase
    | Limit | Purge | Ignored
)  # fmt: skip
