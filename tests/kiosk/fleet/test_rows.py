"""A simulated lane's rows: none leaves without a signed word that fits its chain, and what waited is known again."""

from pathlib import Path

import pytest

from kiosk.fleet.outbox import Chain, FleetOutbox, KnownRow, NewRow
from kiosk.fleet.rows import Rows
from kiosk.journal.rows import JournalUnusable
from kiosk.messages.payloads import Ack, Reject

OTHER_CHAIN, TIME = "018f8a8e-1111-7111-8111-111111111111", "2026-12-01T08:00:00.000Z"


def digest(sequence: int) -> str:
    return f"{sequence:064x}"


def lane(rows: int) -> Rows:
    made = Rows(None, (), 3.0, lambda: 0.0)
    for sequence in range(1, rows + 1):
        assert made.place().sequence == sequence
        assert made.place().prevhash == digest(sequence - 1)
        made.placed(digest(sequence))
        made.told(sequence, f"id{sequence}", digest(sequence), 10.0)
    return made


def ack(rows: Rows, upto: int, head: str = "", chain: str = "", reject: tuple[str, ...] = ()) -> Ack:
    named = [Reject(id=one, why="fork") for one in reject]
    return Ack(
        station="s", chain=chain or rows.chain.chain, upto=f"{upto:020d}", head=head or digest(upto), time=TIME, sig="", reject=named
    )


def send(rows: Rows, now: float, owed: bool = False) -> list[int]:
    sent = []
    for sequence in rows.next():
        rows.sent(sequence, sequence, now)
        sent.append(sequence)
    if not owed:
        for sequence in sent:
            rows.confirmed(sequence)
    return sent


def test_rows_leave_in_order_within_the_window_and_go_when_headquarters_has_them() -> None:
    rows = lane(25)
    assert send(rows, 10.0) == list(range(1, 21))
    judged = rows.judge(ack(rows, 3), 11.0)
    assert [row.record_id for row in judged.gone] == ["id1", "id2", "id3"]
    assert send(rows, 11.0) == [21, 22, 23]
    assert (rows.waiting, rows.chain.upto, rows.chain.head) == (22, 3, digest(3))


def test_what_was_not_acknowledged_goes_again_from_the_lowest_and_not_while_the_broker_owes_a_confirmation() -> None:
    rows = lane(2)
    send(rows, 10.0, owed=True)
    assert not rows.due(100.0)
    rows.restart(100.0)
    assert send(rows, 100.0) == [1, 2]
    assert not rows.due(102.9)
    assert rows.due(103.1)
    assert [rows.sent(sequence, 0, 104.0) for sequence in rows.next()] == [True, True]


@pytest.mark.parametrize(
    ("upto", "head", "chain"),
    [(2, digest(9), ""), (2, "", OTHER_CHAIN), (7, "", "")],
    ids=["another hash", "another chain", "beyond the end"],
)
def test_a_word_that_does_not_fit_the_chain_lets_nothing_go(upto: int, head: str, chain: str) -> None:
    rows = lane(3)
    judged = rows.judge(ack(rows, upto, head, chain), 11.0)
    assert (judged.gone, bool(judged.refused), rows.waiting) == ((), True, 3)


def test_an_old_word_changes_nothing_and_is_no_lie() -> None:
    rows = lane(3)
    rows.judge(ack(rows, 2), 11.0)
    for upto in (1, 2):
        judged = rows.judge(ack(rows, upto), 12.0)
        assert (list(judged.gone), judged.refused, rows.waiting) == ([], "", 1)


def test_what_headquarters_stores_apart_leaves_and_is_counted() -> None:
    rows = lane(3)
    judged = rows.judge(ack(rows, 1, reject=("id3", "of another")), 11.0)
    assert (judged.apart, rows.waiting) == ((("id3", "fork"),), 1)


def test_what_waits_is_known_again_after_a_restart_and_what_went_is_not(tmp_path: Path) -> None:
    outbox = FleetOutbox(tmp_path / "state", "keys")
    first = Chain(OTHER_CHAIN, 2, digest(2), 0, digest(0))
    outbox.commit({7: first}, [NewRow(7, sequence, f"id{sequence}", digest(sequence), b"content") for sequence in (1, 2)], {})
    outbox.commit({7: Chain(OTHER_CHAIN, 2, digest(2), 1, digest(1))}, (), {"id9": "fork"})
    outbox.close()
    again = FleetOutbox(tmp_path / "state", "keys")
    assert again.rows() == [KnownRow(7, 2, "id2", digest(2))]
    assert (again.content(7, 2), again.rejected()) == (b"content", 1)
    rows = Rows(again.chains()[7], again.rows(), 3.0, lambda: 0.0)
    assert (rows.place().sequence, rows.place().prevhash, send(rows, 1.0)) == (3, digest(2), [2])
    with pytest.raises(JournalUnusable, match="is not in it"):
        again.content(7, 1)
    again.close()
    with pytest.raises(JournalUnusable, match="a fleet with other keys"):
        FleetOutbox(tmp_path / "state", "other keys")


def test_after_a_commit_that_failed_none_is_taken_so_that_no_chain_has_a_hole(tmp_path: Path) -> None:
    outbox = FleetOutbox(tmp_path / "state", "keys")
    row, at = NewRow(1, 1, "id1", digest(1), b""), Chain(OTHER_CHAIN, 1, digest(1), 0, digest(0))
    outbox.commit({1: at}, [row], {})
    with pytest.raises(JournalUnusable, match="IntegrityError"):
        outbox.commit({1: at}, [row], {})
    with pytest.raises(JournalUnusable, match="an earlier commit failed"):
        outbox.commit({1: at}, (), {})
    outbox.close()
