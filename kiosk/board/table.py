"""The board as lines of a terminal: one a station, the worst first. PURE.

Plain words in columns where nobody looks (a pipe, a file); on a terminal the state is coloured as well, never coloured alone.
"""

from datetime import datetime, tzinfo

from kiosk.board.state import Board, LaneSeen, Shown
from kiosk.board.words import clock, length, since

HEADS = ("STATION", "STATE", "SINCE", "WAITING", "LONGEST", "THIS HOUR", "NOT SENT", "TO LOOK AT")
COLOURS = {Shown.LOST: "31;1", Shown.FAULT: "31;1", Shown.OPEN: "32", Shown.MAINTENANCE: "35", Shown.STARTING: "35"}
WARN_COLOUR, STATE_COLUMN = "33;1", 1


def table(board: Board, zone: tzinfo, *, colours: bool) -> list[str]:
    """The lines; the last one sums up."""
    lanes = sorted(board.lanes, key=lambda lane: (-lane.level, lane.station.post, lane.station.name))
    rows = [HEADS, *(_row(lane, board, zone) for lane in lanes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = []
    for row, lane in zip(rows, (None, *lanes), strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        if colours and lane is not None:
            cells[STATE_COLUMN] = _coloured(cells[STATE_COLUMN], lane)
        lines.append("  ".join(cells).rstrip())
    silent = [f"No station has been heard {since(board.silent_since, zone, board.at)}."] if board.silent_since is not None else []
    others = [_printable(f"{other.station}: {'; '.join(trouble.says for trouble in other.troubles)}") for other in board.others]
    return [*lines, *others, *silent, _sum(board)]


def _row(lane: LaneSeen, board: Board, zone: tzinfo) -> tuple[str, ...]:
    queue, outbox, hour = lane.queue, lane.outbox, lane.hours[-1]
    troubles = "; ".join(f"{trouble.what}: {trouble.says}" + _when(trouble.since, board, zone) for trouble in lane.troubles)
    return (
        lane.station.id,
        str(lane.state),
        clock(lane.since, zone, board.at) if lane.since is not None else "",
        str(queue.cases) if queue is not None else "",
        length(queue.longest_s) if queue is not None and queue.cases else "",
        str(hour.registered),
        str(outbox.rows) if outbox is not None else "",
        _printable(troubles),
    )


def _when(moment: datetime | None, board: Board, zone: tzinfo) -> str:
    from_when = since(moment, zone, board.at) if moment is not None else ""
    return f" {from_when}" if from_when else ""


def _printable(text: str) -> str:
    """A station's words must not steer somebody's terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _coloured(cell: str, lane: LaneSeen) -> str:
    colour = COLOURS.get(lane.state, "")
    if lane.state is Shown.OPEN and lane.troubles:
        colour = WARN_COLOUR
    return f"\x1b[{colour}m{cell}\x1b[0m" if colour else cell


def _sum(board: Board) -> str:
    counts = ", ".join(f"{board.count(state)} {state}" for state in Shown if board.count(state))
    return f"{board.total} stations" + (f": {counts}; {len(board.in_trouble)} need attention" if board.total else "")
