"""The board's state: what a lane says becomes what headquarters sees; who is not heard is lost; what is broken is said with since when."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from kiosk.board.metrics import metrics
from kiosk.board.page import page
from kiosk.board.state import LaneSeen, Remark, Row, Shown, board_of, lane_of
from kiosk.board.table import table
from kiosk.board.troubles import Level
from kiosk.board.wanted import Wanted, narrowed, wanted_from
from kiosk.messages.payloads import (
    ClockFacts,
    ClockSource,
    DeviceState,
    Hour,
    LaneState,
    Outbox,
    Queue,
    SelfRegistration,
    Status,
    encode,
)
from tests.kiosk.board.boards import AT, POSTS, SESSION, ago, board, row, some_row, status


def lane(said: Status | None = None, **more: object) -> LaneSeen:
    (found,) = board(row(said=said, **more)).lanes  # type: ignore[arg-type]
    return found


def complaints(said: Status) -> list[tuple[str, str]]:
    return [(trouble.what, trouble.says) for trouble in lane(said).troubles]


def test_a_lane_that_does_well_is_open_since_when_it_says_and_nothing_is_to_be_looked_at() -> None:
    seen = lane()
    assert (seen.state, seen.since, seen.level, seen.troubles) == (Shown.OPEN, AT - timedelta(hours=5), Level.FINE, ())
    assert board(row()).in_trouble == ()


@pytest.mark.parametrize("state", LaneState)
def test_each_state_that_a_lane_can_say_has_a_place_on_the_board(state: LaneState) -> None:
    assert lane(status(state)).state == state


def test_a_lane_whose_last_will_came_is_lost_since_then_and_its_old_complaints_are_not_told() -> None:
    seen = lane(status(devices={"receipt_printer": DeviceState.FAILED}), lost=True, seen_s=600)
    assert (seen.state, seen.since, seen.level) == (Shown.LOST, AT - timedelta(seconds=600), Level.STOP)
    assert [trouble.says for trouble in seen.troubles] == ["the connection broke"]
    assert seen.queue is None


@pytest.mark.parametrize(("seconds", "state"), [(29, Shown.OPEN), (31, Shown.LOST)])
def test_a_lane_that_says_nothing_for_three_statuses_is_lost_also_without_a_will(seconds: float, state: Shown) -> None:
    assert lane(seen_s=seconds).state is state


def test_a_lane_that_was_shut_down_stays_stopped_and_is_no_trouble() -> None:
    seen = lane(status(LaneState.STOPPED, devices={"receipt_printer": DeviceState.FAILED}), seen_s=90_000)
    assert (seen.state, seen.level) == (Shown.STOPPED, Level.FINE)


def test_a_lane_closed_by_a_fault_is_the_worst_there_is() -> None:
    seen = lane(status(LaneState.FAULT))
    assert (seen.level, seen.troubles[0].since) == (Level.STOP, AT - timedelta(hours=5))


def test_what_is_broken_is_told_with_since_when() -> None:
    said = status(
        devices={"receipt_printer": DeviceState.FAILED, "face_camera": DeviceState.OK},
        consumables={"paper": "out"},
        since={"receipt_printer": ago(minutes=40), "paper": ago(minutes=50)},
    )
    told = [(trouble.what, trouble.says, trouble.since) for trouble in lane(said).troubles]
    assert told == [("receipt printer", "failed", AT - timedelta(minutes=40)), ("paper", "used up", AT - timedelta(minutes=50))]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (status(self_registration=SelfRegistration(state="paused", reason="the journal is full")), ("self-registration", "paused: the journal is full")),
        (status(outbox=Outbox(rows=12, bytes=1, oldest_s=301)), ("records", "12 not sent yet")),
        (status(outbox=Outbox(rows=0, bytes=0, oldest_s=0, rejected=3)), ("records", "3 stored apart by headquarters")),
        (status(clock=ClockFacts(source=ClockSource.UNKNOWN, uncertainty_s=1e9)), ("clock", "the time is not known")),
        (status(clock=ClockFacts(source=ClockSource.NTP, uncertainty_s=0.1, drift_s=-4.0)), ("clock", "4 s slow")),
        (status(queue=Queue(cases=1, longest_s=1801)), ("queue", "somebody waits long")),
        (status(lists={"watchlist": 86_401, "staff": 86_401}), ("list watchlist", "24 h old")),
        (status(lists={"staff": 91 * 86_400, "key_set": 400 * 86_400}), ("list staff", "91 days old")),
        (status(consumables={"paper": "near_end"}), ("paper", "nearly used up")),
    ],
)  # fmt: skip
def test_each_complaint_is_said_in_words(said: Status, told: tuple[str, str]) -> None:
    assert complaints(said) == [told]


@pytest.mark.parametrize(
    "said",
    [
        status(outbox=Outbox(rows=12, bytes=1, oldest_s=299)),
        status(clock=ClockFacts(source=ClockSource.NTP, uncertainty_s=0.1, drift_s=1.9)),
        status(queue=Queue(cases=9, longest_s=1799)),
        status(lists={"watchlist": 86_400}),
        status(consumables={"paper": "silent"}),
        Status(state=LaneState.OPEN, ts=ago(seconds=1), session=SESSION, seq=1),
    ],
)
def test_what_is_within_its_bounds_is_not_complained_of(said: Status) -> None:
    assert complaints(said) == []


def test_the_worst_comes_first_then_what_has_been_so_for_longest() -> None:
    seen = board(
        row("ut-north-lane1", status(consumables={"paper": "out"}, since={"paper": ago(minutes=5)})),
        row("ut-north-lane2", status(consumables={"paper": "out"}, since={"paper": ago(minutes=50)})),
        row("ut-north-lane3", lost=True, seen_s=60),
        row("ut-north-lane4"),
    )
    assert [lane.station.name for lane in seen.in_trouble] == ["lane3", "lane2", "lane1"]


def test_what_headquarters_found_in_the_records_stands_with_the_lane() -> None:
    seen = board(row(), row("ut-north-lane2"), remarks=(Remark("ut-north-lane2", "number 3 to 4 did not come", ago(minutes=9)),))
    assert [lane.station.name for lane in seen.in_trouble] == ["lane2"]
    assert seen.in_trouble[0].troubles[0].since == AT - timedelta(minutes=9)


def test_a_post_sums_up_its_lanes_that_are_heard() -> None:
    hour = text_of_hour(0)
    first, second = (Hour(hour=hour, registered=10, decided=1, wait_s=600), Hour(hour=hour, registered=5, decided=3, wait_s=200))
    seen = board(
        row("ut-north-lane1", status(queue=Queue(cases=2, longest_s=300), outbox=Outbox(rows=1, bytes=9, oldest_s=2), hours=[first])),
        row("ut-north-lane2", status(queue=Queue(cases=3, longest_s=100), hours=[second])),
        row("ut-north-lane3", status(queue=Queue(cases=9, longest_s=900)), lost=True, seen_s=60),
    )  # fmt: skip
    (post,) = seen.posts
    assert (post.cases, post.longest_s, post.rows, post.level) == (5, 300, 1, Level.STOP)
    now = post.hours[-1]
    assert (now.registered, now.decided, now.wait_s) == (15, 4, 300)
    assert [hour.registered for hour in post.hours[:-1]] == [0] * 5


def text_of_hour(back: int) -> str:
    return (AT.replace(minute=0, second=0) - timedelta(hours=back)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_hours_that_are_over_longer_than_the_board_shows_are_left_out() -> None:
    seen = lane(status(hours=[Hour(hour=text_of_hour(6), registered=9, decided=9), Hour(hour=text_of_hour(5), registered=4, decided=0)]))
    assert [hour.registered for hour in seen.hours] == [4, 0, 0, 0, 0, 0]


def test_when_nobody_is_heard_the_receiver_is_the_trouble() -> None:
    assert board(row(seen_s=5), row("ut-north-lane2", seen_s=500)).silent_since is None
    assert board(row(seen_s=50), row("ut-north-lane2", seen_s=500)).silent_since == AT - timedelta(seconds=50)
    assert board().silent_since is None


def test_lanes_stand_in_the_order_of_their_numbers() -> None:
    names = [lane.station.name for lane in board(*(row(f"ut-north-lane{number}") for number in (10, 2, 1))).lanes]
    assert names == ["lane1", "lane2", "lane10"]


@pytest.mark.parametrize(
    "bad",
    [
        Row("nonsense", "open", ago(seconds=1), encode(status())),
        Row("ut-north-lane1", "open", "yesterday", encode(status())),
        Row("ut-north-lane1", "open", ago(seconds=1), b"{"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_and_the_others_are_shown(bad: Row) -> None:
    assert [lane.station.id for lane in board(bad, row("ut-south-lane1")).lanes] == ["ut-south-lane1"]


def test_the_board_is_narrowed_by_name_post_state_and_trouble() -> None:
    whole = board(row("ut-north-lane1"), row("ut-north-lane2", status(LaneState.CLOSED)), row("ut-south-lane1", lost=True, seen_s=60))

    def names(**asked: str) -> list[str]:
        return [lane.station.id for lane in narrowed(whole, wanted_from(asked)).lanes]

    assert names(q=" NORTH ") == ["ut-north-lane1", "ut-north-lane2"]
    assert names(post="ut-south") == ["ut-south-lane1"]
    assert names(show="closed") == ["ut-north-lane2"]
    assert names(show="trouble") == ["ut-south-lane1"]
    assert names(show="no such state") == [lane.station.id for lane in whole.lanes]
    assert narrowed(whole, Wanted(post="ut-south")).total == 3


WORDS = st.text(max_size=12)
COUNTS = st.integers(0, 2**53 - 1)
UTC_TEXTS = st.sampled_from(
    ["2026-12-01T12:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-13-41T25:61:61Z", "2026-12-01T12:00:00.5Z"]
)
STATUSES = st.builds(
    Status,
    state=st.sampled_from(LaneState), ts=UTC_TEXTS, session=st.just(SESSION), seq=COUNTS,
    self_registration=st.builds(SelfRegistration, state=st.sampled_from(["open", "paused"]), reason=WORDS),
    devices=st.dictionaries(WORDS, st.sampled_from(DeviceState), max_size=4),
    consumables=st.dictionaries(WORDS, WORDS | st.sampled_from(["out", "fault"]), max_size=4),
    lists=st.dictionaries(WORDS, st.integers(-(2**53) + 1, 2**53 - 1), max_size=3),
    clock=st.builds(ClockFacts, source=st.sampled_from(ClockSource), uncertainty_s=st.floats(allow_nan=False, allow_infinity=False),
                    drift_s=st.floats(allow_nan=False, allow_infinity=False)),
    outbox=st.builds(Outbox, rows=COUNTS, bytes=COUNTS, oldest_s=COUNTS, rejected=COUNTS),
    versions=st.dictionaries(WORDS, WORDS, max_size=3), since=st.dictionaries(WORDS | st.just("state"), UTC_TEXTS, max_size=3),
    queue=st.builds(Queue, cases=COUNTS, longest_s=COUNTS),
    hours=st.lists(st.builds(Hour, hour=UTC_TEXTS, registered=COUNTS, decided=COUNTS, wait_s=COUNTS), max_size=3),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(STATUSES)
def test_whatever_a_station_says_of_itself_is_drawn_and_steers_nothing(said: Status) -> None:
    try:
        content = encode(said)
    except ValueError:
        # half of a surrogate pair: cannot be sent
        return
    seen = board_of([Row("ut-north-lane1", said.state, ago(seconds=1), content), row("ut-north-lane2")], [], AT)
    for wanted in (Wanted(), Wanted(lane="ut-north-lane1"), Wanted(show="trouble")):
        drawn = page(seen, wanted, UTC)
        assert drawn.count("<script") == 1
    assert len(table(seen, UTC, colours=False)) == len(seen.lanes) + 2
    assert all("\x1b" not in line and "\n" not in line for line in table(seen, UTC, colours=False))
    assert metrics(seen).count("\nmpaka_station_up") + metrics(seen).startswith("mpaka_station_up") == len(seen.lanes)


def test_ten_thousand_spoiled_statuses_are_shown_or_left_out_and_do_nothing_else() -> None:
    chance, whole = random.Random(7), encode(status(hours=[Hour(hour=text_of_hour(0), registered=1, decided=1)]))
    shown = 0
    for _ in range(10_000):
        spoiled = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        seen = lane_of(Row("ut-north-lane1", "open", ago(seconds=1), bytes(spoiled)), AT)
        shown += seen is not None
    assert 0 < shown < 10_000


def test_a_fleet_of_two_thousand_is_folded_and_drawn_in_bounds() -> None:
    few = [some_row("ut-north-lane1", random.Random(seed)) for seed in range(50)]
    rows = [replace(few[number % 50], station=f"{POSTS[number % 10]}-lane{number}") for number in range(2_000)]
    whole = board(*rows)
    assert len(whole.lanes) == 2_000
    drawn = page(whole, Wanted(), UTC)
    assert drawn.count('class="lane ') == 400
    assert "1600 more lanes" in drawn
    assert len(drawn) < 500_000


def test_the_same_words_of_a_lane_make_the_same_picture_of_it() -> None:
    said = status()
    assert lane_of(row(said=said), AT) == lane_of(row(said=structs.replace(said)), AT)
    assert lane_of(row(said=said), AT) != lane_of(row(said=said), datetime(2026, 12, 2, tzinfo=UTC))


def test_what_is_wrong_with_a_receiver_or_with_one_who_takes_a_station_s_name_is_shown_too() -> None:
    remarks = (
        Remark("ut-hq-headquarters1", "the receiver met a broker that did not prove itself", ago()),
        Remark("ut-north-lane9", "a gap was accepted by an operator", ago(), Level.NOTE),
        Remark("ut-north-lane1", "records without the signature of a known key", ago()),
    )
    seen = board(row(), remarks=remarks)
    assert [other.station for other in seen.others] == ["ut-hq-headquarters1"]
    assert [trouble.says for trouble in seen.lanes[0].troubles] == ["records without the signature of a known key"]
    assert "met a broker that did not prove itself" in page(seen, Wanted(), UTC)
    assert any("ut-hq-headquarters1: the receiver met" in line for line in table(seen, UTC, colours=False))
    assert "did not prove itself" in page(board(remarks=remarks[:1]), Wanted(), UTC), "also before any lane was heard"
