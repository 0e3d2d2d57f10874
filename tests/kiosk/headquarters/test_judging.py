"""Judging a batch from values: whatever is cut into batches how, what is stored and what is found is the same."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.headquarters.judging import FindingKind, Known, Link, Reach, Signed, Why, judge
from kiosk.messages.payloads import ClockSource, Record, RecordType
from kiosk.sealing.signing import NOTHING_BEFORE

LANE, CHAIN = "ut-nowhere-lane1", "018f8a8e-2222-7222-8222-222222222222"


def row(sequence: int, before: Signed | None = None, branch: int = 1) -> Signed:
    record = Record(
        specversion="1.0",
        id=f"018f8a8e-{branch:04d}-7111-8111-{sequence:012d}",
        source="",
        type=RecordType.REGISTRATION,
        time="2026-12-01T08:00:00Z",
        clocksource=ClockSource.NTP,
        uncertaintys=0.0,
        bootid="",
        monotonicms=0,
        sequence=f"{sequence:020d}",
        chain=CHAIN,
        prevhash=before.digest if before else NOTHING_BEFORE,
        keyid="",
        sig="",
        data_base64="",
    )
    return Signed(LANE, record, f"{branch} {sequence}".encode())


def chain(length: int, branch: int = 1, after: Signed | None = None) -> list[Signed]:
    rows: list[Signed] = []
    first = after.sequence + 1 if after else 1
    for sequence in range(first, first + length):
        rows.append(row(sequence, rows[-1] if rows else after, branch))
    return rows


class Shelf:
    """What a store would have after some batches."""

    def __init__(self) -> None:
        self.reach, self.rows, self.found, self.apart = Reach(), list[Signed](), list[tuple[FindingKind, int]](), list[Signed]()

    def takes(self, *batch: Signed) -> list[Why | None]:
        early = [Link(one.sequence, one.digest, one.record.prevhash) for one in self.rows if one.sequence > self.reach.upto]
        known = Known(
            {(LANE, CHAIN): self.reach},
            {one.record.id: one.digest for one in self.rows},
            frozenset((LANE, CHAIN, one.sequence) for one in self.rows),
            {(LANE, CHAIN): early},
        )
        judgement = judge(batch, known)
        self.reach = judgement.reaches[LANE, CHAIN]
        self.rows += judgement.stored
        self.apart += [one for one, _ in judgement.apart]
        self.found += [(found.kind, found.sequence) for found in judgement.found]
        return judgement.whys


@given(order=st.permutations(range(8)), cuts=st.sets(st.integers(1, 7)))
def test_an_unbroken_chain_ends_in_one_state_however_it_comes(order: list[int], cuts: set[int]) -> None:
    rows, shelf = chain(8), Shelf()
    for first, last in pairwise((0, *sorted(cuts), 8)):
        assert shelf.takes(*(rows[at] for at in order[first:last])) == [None] * (last - first)
    assert (shelf.reach, shelf.found) == (Reach(8, rows[-1].digest), [])
    assert shelf.takes(*rows) == [None] * 8
    assert len(shelf.rows) == 8


def test_a_second_branch_is_kept_apart_and_found_once_for_each_place_that_is_taken() -> None:
    rows, shelf = chain(4), Shelf()
    other = chain(4, 2, rows[1])
    shelf.takes(*rows)
    assert shelf.takes(*other) == [Why.FORK] * 4
    assert shelf.found == [(FindingKind.ROLLBACK, 3), (FindingKind.ROLLBACK, 4)]
    assert shelf.reach == Reach(4, rows[-1].digest, forked=True)
    assert shelf.takes(rows[0], *chain(1, 1, rows[3])) == [None, Why.FORK], "what is here stays here; nothing goes on"


def test_a_branch_that_came_early_is_found_when_the_other_reaches_it() -> None:
    rows, shelf = chain(3), Shelf()
    other = chain(2, 2, rows[0])
    shelf.takes(other[1])
    assert shelf.takes(*rows[:2]) == [None, None]
    assert (shelf.reach.upto, shelf.reach.forked, shelf.found) == (2, True, [(FindingKind.FORK, 3)])


def test_an_id_that_is_another_record_s_is_refused_without_a_fork() -> None:
    rows, shelf = chain(2), Shelf()
    shelf.takes(rows[0])
    thief = Signed(LANE, replace_id(rows[1], rows[0]), b"other")
    assert shelf.takes(thief, rows[1]) == [Why.TAKEN, None]
    assert (shelf.reach.upto, shelf.found) == (2, [])


def replace_id(record: Signed, other: Signed) -> Record:
    return Record(**{**{name: getattr(record.record, name) for name in record.record.__struct_fields__}, "id": other.record.id})


def test_an_accepted_gap_does_not_stop_what_comes_late() -> None:
    rows, shelf = chain(5), Shelf()
    shelf.reach = replace(Reach(), upto=3, head=rows[2].digest)
    assert shelf.takes(rows[1], rows[3], rows[4]) == [None] * 3
    assert shelf.reach == Reach(5, rows[4].digest)
