"""The lane's ledger over a real journal: tokens and numbers, what is sealed and kept, what only the desks get, and a no that stays a no."""

import queue
import re
from base64 import urlsafe_b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.clock import SystemClock
from kiosk.journal.rows import NotRecorded, PressureChanged, Recorded
from kiosk.journal.writer import Journal
from kiosk.ledger import LAST_NUMBER, Ledger
from kiosk.private import Private
from kiosk.record import Media, MediaKind
from kiosk.registration import events as e
from kiosk.registration.names import EndReason, NotRecordedBecause, StepName
from kiosk.registration.states import Review
from kiosk.registration.token_code import LENGTH, LETTERS
from kiosk.registration.travellers import BorderPass, Case, Document, HelpReason, Member, Papers, Registration, Travellers
from kiosk.sealing.station import load_station_keys
from tests.kiosk.registration.visit import PROFILE, Visit, picture
from tests.kiosk.stations import GIVE_UP_S, LANE, Post


class Books:
    """A ledger, its journal, and what came of it."""

    def __init__(self, post: Post, folder: Path, first_number: int = 0) -> None:
        self.came: queue.Queue[e.Event] = queue.Queue()
        self.for_desks: list[tuple[Case, tuple[Media, ...]]] = []
        keys = load_station_keys(post.made.founding.station(LANE), LANE)
        self.public = keys.signing.public_key()
        self.journal = Journal(folder, keys, SystemClock(), self._tell)
        self.ledger = Ledger(self.journal, PROFILE, keys.signing, LANE, first_number, self.came.put)
        self.ledger.begun = lambda case, pictures: self.for_desks.append((case, pictures))

    def records(self, registration: Registration, ticket: int = 41) -> Any:
        self.ledger.record(ticket, registration)
        return self.came.get(timeout=GIVE_UP_S)

    def _tell(self, answer: Recorded | NotRecorded | PressureChanged) -> None:
        if not isinstance(answer, PressureChanged):
            self.ledger.answered(answer)


@pytest.fixture
def books(post: Post, tmp_path: Path) -> Any:
    made = Books(post, tmp_path / "journal")
    yield made
    made.journal.close()


def adult() -> Registration:
    """With a picture of the page."""
    travellers = Visit().to(StepName.REVIEW).at(Review).travellers
    (member,) = travellers.members
    assert isinstance(member.papers, Document)
    papers = replace(member.papers, scan=replace(member.papers.scan, picture=picture("the page")))
    return Registration("sw", travellers.with_member(0, replace(member, papers=papers)), None)


def test_the_answer_has_the_sessions_own_ticket_and_a_token_that_can_be_read_aloud(books: Books) -> None:
    event = books.records(adult(), ticket=41)
    assert isinstance(event, e.Recorded) and event.ticket == 41
    assert re.fullmatch(f"[{LETTERS}]{{{LENGTH}}}", event.case.token)


def test_tokens_differ_and_queue_numbers_follow_one_another(books: Books) -> None:
    cases = [books.records(adult()).case for _ in range(5)]
    assert len({case.token for case in cases}) == 5
    assert [case.number for case in cases] == [1, 2, 3, 4, 5]
    assert [case.sequence for case in cases] == sorted(case.sequence for case in cases)


def test_after_the_last_queue_number_comes_one_again(post: Post, tmp_path: Path) -> None:
    books = Books(post, tmp_path / "journal", first_number=LAST_NUMBER - 1)
    assert [books.records(adult()).case.number for _ in range(2)] == [LAST_NUMBER, 1]
    books.journal.close()


def test_the_code_on_the_slip_names_nobody_and_carries_the_lanes_signature(books: Books) -> None:
    case = books.records(adult()).case
    said, _, signature = case.qr.rpartition(":")
    assert said == f"MPAKA1:{LANE}:{case.token}:{case.number}"
    books.public.verify(urlsafe_b64decode(signature + "=" * (-len(signature) % 4)), b"mpaka-slip-1\0" + said.encode())


def test_faces_and_fingers_are_kept_and_the_picture_of_the_page_goes_to_the_desks_alone(books: Books) -> None:
    case = books.records(adult()).case
    ((begun, pictures),) = books.for_desks
    assert begun == case
    assert [one.kind for one in pictures] == [MediaKind.DOCUMENT]
    kept: queue.Queue[Any] = queue.Queue()
    books.journal.pictures_of(case.case_id, kept.put)
    assert [row.kind for row in kept.get(timeout=GIVE_UP_S)] == [MediaKind.FACE, MediaKind.FINGER, MediaKind.FINGER]


def test_the_desks_have_their_pictures_before_the_session_hears_that_it_is_recorded(books: Books) -> None:
    order: list[str] = []
    books.ledger.begun = lambda case, pictures: order.append("desks")
    books.ledger._put = lambda event: (order.append("session"), books.came.put(event))  # type: ignore[assignment,func-returns-value]  # both are wanted
    books.records(adult())
    assert order == ["desks", "session"]


def test_a_registration_that_is_too_large_is_not_recorded_and_no_number_is_shown_twice(books: Books) -> None:
    member = Member(BorderPass(Private("x" * 40_000)))
    event = books.records(Registration("en", Travellers(Papers.BORDER_PASS, (member,)), HelpReason.PASS_UNKNOWN), ticket=8)
    assert event == e.NotRecorded(8, NotRecordedBecause.TOO_LARGE)
    assert books.records(adult()).case.number == 2


def test_a_journal_that_is_closed_says_no_under_the_sessions_ticket(books: Books) -> None:
    books.journal.close()
    assert books.records(adult(), ticket=9) == e.NotRecorded(9, NotRecordedBecause.BROKEN)


def test_an_answer_to_somebody_else_is_not_the_ledgers(books: Books) -> None:
    books.ledger.answered(Recorded(4711, 1, "a record of the desks"))
    assert books.came.empty()


def test_the_end_of_a_session_is_a_row_without_a_person(books: Books, post: Post) -> None:
    books.ledger.ended(StepName.FACE, EndReason.IDLE, 93)
    assert post.audited(books.journal) == [{"ended": "FACE", "reason": "idle", "seconds": 93}]
