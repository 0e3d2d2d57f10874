"""The lane's way to its journal: a registration becomes a sealed record, the journal's answer becomes an event of the session.

The chance for the token and the queue number are drawn here, since the core draws nothing.
"""

import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.journal.rows import CaseWork, Kind, NewPicture, NotRecorded, Opens, Recorded
from kiosk.messages.payloads import Picture
from kiosk.private import Private
from kiosk.record import Media, RecordWrong, media, media_payload, payload
from kiosk.registration import events
from kiosk.registration.names import EndReason, NotRecordedBecause, StepName
from kiosk.registration.profile import Profile
from kiosk.registration.token_code import LEAST_BYTES, token_code
from kiosk.registration.travellers import Case, Registration

LAST_NUMBER = 999
SLIP_PREFIX = "MPAKA1"


class Records(Protocol):
    """What is needed of a journal."""

    def record(
        self, ticket: int, kind: Kind, payload: Private[bytes], pictures: Sequence[NewPicture] = (), work: CaseWork | None = None
    ) -> None:
        """Commit a record; Recorded or NotRecorded follows with this ticket."""

    def audit(self, facts: Mapping[str, str | int]) -> None:
        """Commit an audit row; no answer."""


@dataclass(frozen=True)
class Sent:
    """A registration on its way into the journal, with what only the desks need."""

    ticket: int
    token: str
    number: int
    for_desks: tuple[Media, ...]


class Ledger:
    """Records registrations and ends of sessions; `answered` is called by the journal's thread."""

    def __init__(
        self,
        journal: Records,
        profile: Profile,
        signing: Ed25519PrivateKey,
        station: str,
        first_number: int,
        put: Callable[[events.Event], None],
    ) -> None:
        """`first_number` is where the queue numbers go on, `put` takes the events."""
        self._journal, self._profile, self._signing, self._station, self._put = journal, profile, signing, station, put
        self._number = first_number % LAST_NUMBER
        self._lock = threading.Lock()
        self._sent: dict[int, Sent] = {}
        self._ticket = 0
        self.begun: Callable[[Case, tuple[Media, ...]], None] = _nobody

    def record(self, ticket: int, registration: Registration) -> None:
        """Seal and commit; Recorded or NotRecorded follows as an event."""
        self._number = self._number % LAST_NUMBER + 1
        token = token_code(secrets.token_bytes(LEAST_BYTES))
        try:
            content = payload(registration, self._profile, token, self._number)
        except RecordWrong:
            self._put(events.NotRecorded(ticket, NotRecordedBecause.TOO_LARGE))
            return
        pictures = tuple(media(registration))
        kept = tuple(NewPicture(Picture(one.kind), Private(media_payload(one))) for one in pictures if one.store)
        own = self._next_ticket(Sent(ticket, token, self._number, tuple(one for one in pictures if not one.store)))
        self._journal.record(own, Kind.REGISTRATION, Private(content), kept, Opens(token))

    def ended(self, last: StepName, reason: EndReason, seconds: int) -> None:
        """A row that says how a session ended, and nothing of a person (law 5)."""
        self.note({"ended": last, "reason": reason, "seconds": seconds})

    def note(self, row: dict[str, str | int]) -> None:
        """An audit row: what happened at this station, never to whom."""
        self._journal.audit(row)

    def answered(self, answer: Recorded | NotRecorded) -> None:
        """The journal's word, from its thread."""
        with self._lock:
            sent = self._sent.pop(answer.ticket, None)
        if sent is None:
            return
        if isinstance(answer, NotRecorded):
            self._put(events.NotRecorded(sent.ticket, answer.reason))
            return
        case = Case(answer.record_id, answer.sequence, sent.token, sent.number, self._slip_text(sent))
        self.begun(case, sent.for_desks)
        self._put(events.Recorded(sent.ticket, case))

    def _slip_text(self, sent: Sent) -> str:
        """What the slip's two-dimensional code says: station, code, number, and the lane's signature over them."""
        said = f"{SLIP_PREFIX}:{self._station}:{sent.token}:{sent.number}"
        signature = urlsafe_b64encode(self._signing.sign(b"mpaka-slip-1\0" + said.encode())).decode().rstrip("=")
        return f"{said}:{signature}"

    def _next_ticket(self, sent: Sent) -> int:
        """The journal's tickets are the ledger's own; the session's comes back with the event."""
        with self._lock:
            self._ticket += 2
            self._sent[self._ticket] = sent
            return self._ticket


def _nobody(case: Case, pictures: tuple[Media, ...]) -> None:
    """No desk listens yet."""
