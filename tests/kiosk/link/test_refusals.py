"""What a station refused is counted, journalled without filling the journal, and said; nothing that came from outside is in it."""

from collections.abc import Mapping
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk.board.troubles import REFUSED, Level, troubles_of
from kiosk.clock import utc_text
from kiosk.link.refusals import HOUR_S, Refusals
from kiosk.messages.payloads import CertificateDates, Refusal, Refused
from tests.kiosk.board.boards import AT, status
from tests.kiosk.practice import StillClock


class Journal:
    """Audit rows in a list, and a monotonic clock in the test's hands."""

    def __init__(self) -> None:
        self.rows: list[Mapping[str, str | int]] = []
        self.now = 0.0
        self.refusals = Refusals(self.rows.append, StillClock(), lambda: self.now)


def test_a_flood_of_forty_thousand_makes_sixteen_rows_and_one_more_an_hour() -> None:
    journal = Journal()
    for _ in range(40_000):
        journal.refusals.note(Refusal.UNSIGNED)
    assert [row["times"] for row in journal.rows] == [2**power for power in range(16)]
    journal.now += HOUR_S
    for _ in range(10):
        journal.refusals.note(Refusal.UNSIGNED)
    assert [row["times"] for row in journal.rows[16:]] == [40_001]


def test_each_kind_is_journalled_for_itself_and_all_are_said() -> None:
    journal = Journal()
    assert journal.refusals.seen() is None
    for kind in (Refusal.UNSIGNED, Refusal.BROKER, Refusal.UNSIGNED, Refusal.UNSIGNED):
        journal.refusals.note(kind)
    assert journal.rows == [
        {"event": "refused", "what": "unsigned", "times": 1},
        {"event": "refused", "what": "broker", "times": 1},
        {"event": "refused", "what": "unsigned", "times": 2},
    ]
    assert journal.refusals.seen() == Refused(last="2026-12-01T08:00:00.000Z", counts={"unsigned": 3, "broker": 1})


def test_a_station_without_a_journal_still_counts() -> None:
    refusals = Refusals(None, StillClock())
    refusals.note(Refusal.DENIED, 5)
    assert refusals.seen() == Refused(last="2026-12-01T08:00:00.000Z", counts={"denied": 5})


@given(st.lists(st.tuples(st.sampled_from(Refusal), st.integers(1, 1000), st.floats(0, HOUR_S)), max_size=200))
def test_the_last_row_of_a_kind_is_never_less_than_half_of_what_came(noted: list[tuple[Refusal, int, float]]) -> None:
    journal = Journal()
    for kind, times, passed in noted:
        journal.now += passed
        journal.refusals.note(kind, times)
    found = journal.refusals.seen()
    for kind, total in (found.counts if found is not None else {}).items():
        told = [int(row["times"]) for row in journal.rows if row["what"] == kind]
        assert total / 2 < told[-1] <= total
        assert told == sorted(set(told))


def refused(counts: dict[str, int], ago: timedelta = timedelta(minutes=1)) -> list[tuple[Level, str]]:
    found = troubles_of(status(refused=Refused(last=utc_text(AT - ago), counts=counts)), AT)
    return [(trouble.level, trouble.says) for trouble in found if trouble.what == "refused"]


def test_the_board_shows_what_was_refused_for_a_day_in_words() -> None:
    assert set(REFUSED) == set(Refusal)
    assert refused({"unsigned": 3}) == [(Level.WARN, "messages that nobody who may say this has signed (3 times)")]
    assert refused({"repeated": 1}) == [(Level.NOTE, "commands that were carried out before")]
    assert refused({"something_new": 1}) == [(Level.WARN, "something new")], "a newer station may name what this board does not know"
    assert refused({"unsigned": 3}, timedelta(days=2)) == []


def test_the_board_says_in_time_that_a_certificate_ends() -> None:
    def says(days_left: float) -> list[str]:
        dates = CertificateDates(begins=utc_text(AT - timedelta(days=90 - days_left)), ends=utc_text(AT + timedelta(days=days_left)))
        return [trouble.says for trouble in troubles_of(status(certificate=dates), AT) if trouble.what == "certificate"]

    assert says(31) == []
    assert says(29) == [f"ends on {AT + timedelta(days=29):%Y-%m-%d}: renew it"]
