"""The board in a terminal: plain columns for a pipe, colour beside the word for a person."""

import re
from datetime import UTC

from kiosk.board.table import HEADS, table
from kiosk.messages.payloads import DeviceState, LaneState
from tests.kiosk.board.boards import ago, board, many, row, status

BOARD = board(
    row("ut-north-lane1"),
    row("ut-north-lane2", status(devices={"receipt_printer": DeviceState.FAILED}, since={"receipt_printer": ago(minutes=40)})),
    row("ut-south-lane1", lost=True, seen_s=600),
    row("ut-south-lane2", status(LaneState.CLOSED)),
)


def test_a_pipe_gets_columns_without_escape_codes_and_the_worst_first() -> None:
    lines = table(BOARD, UTC, colours=False)
    assert lines[0].split() == " ".join(HEADS).split()
    assert [line.split()[:2] for line in lines[1:5]] == [
        ["ut-south-lane1", "lost"],
        ["ut-north-lane2", "open"],
        ["ut-north-lane1", "open"],
        ["ut-south-lane2", "closed"],
    ]
    assert "receipt printer: failed since 11:54 (40 min)" in lines[2]
    assert lines[-1] == "4 stations: 1 lost, 1 closed, 2 open; 2 need attention"
    assert not any("\x1b" in line for line in lines)
    starts = {line.index(state) for line, state in zip(lines[1:5], ("lost", "open", "open", "closed"), strict=True)}
    assert len(starts) == 1, "the columns stand under one another"


def test_colour_comes_beside_the_word_and_changes_no_column() -> None:
    plain, coloured = table(many(30), UTC, colours=False), table(many(30), UTC, colours=True)
    assert any("\x1b[" in line for line in coloured)
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == plain


def test_an_empty_board_says_that_it_is() -> None:
    assert table(board(), UTC, colours=True)[-1] == "0 stations"


def test_when_nobody_is_heard_that_is_said_in_a_line_of_its_own() -> None:
    assert "No station has been heard since" in table(board(row(seen_s=60)), UTC, colours=False)[-2]


def test_a_lane_that_headquarters_closed_is_marked_with_since_when() -> None:
    closed = row(said=status(LaneState.CLOSED, closed_by_headquarters=ago(minutes=50)))
    assert "lane: closed by headquarters since 11:44 (50 min)" in table(board(closed), UTC, colours=False)[1]
