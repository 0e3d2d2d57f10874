"""One station of the board with all that it says of itself. PURE: state in, text out."""

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from html import escape
from typing import TypeVar

from msgspec import UnsetType

from kiosk.board.chart import chart
from kiosk.board.parts import LEVELS, shape, trouble_words
from kiosk.board.state import Board, CommandSeen, LaneSeen
from kiosk.board.troubles import MOST_NAMES, moment, plain
from kiosk.board.troubles import since as since_when
from kiosk.board.words import clock, length, since
from kiosk.messages.payloads import Status

V = TypeVar("V")


def lane_page(lane: LaneSeen, board: Board, zone: tzinfo) -> str:
    """What the station says of itself; of a lost one, what it said last."""
    from_when = since(lane.since, zone, board.at)
    troubles = "".join(
        f'<li class="{LEVELS[trouble.level]}"><p>{trouble_words(trouble, board, zone)}</p></li>' for trouble in lane.troubles
    )
    told = "".join(f"<tr><th>{escape(name)}</th><td>{escape(words)}</td></tr>" for name, words in _facts(lane, board, zone))
    ordered = "".join(_command(command, board, zone) for command in lane.commands)
    commands = f'<h3>Ordered by headquarters</h3><table class="commands">{ordered}</table>' if ordered else ""
    held = "" if lane.heard else '<p class="empty">What follows is what it said last.</p>'
    return (
        f'<h2 class="state">{shape(lane.state)}{lane.station.id}: {lane.state} <span class="when">{from_when}</span></h2>'
        f'<ol class="all">{troubles}</ol>{held}{chart(lane.hours, zone)}<table>{told}</table>{commands}'
    )


def _command(command: CommandSeen, board: Board, zone: tzinfo) -> str:
    """One row: what was ordered, where it stands since when, by whom, and why so."""
    state = f"{command.state} {since(moment(command.since), zone, board.at)}"
    why = ": ".join(words for words in (command.by, command.why) if words)
    return f"<tr><th>{escape(plain(command.name))}</th><td>{escape(state)}</td><td>{escape(why)}</td><td>{command.number}</td></tr>"


def _facts(lane: LaneSeen, board: Board, zone: tzinfo) -> Iterator[tuple[str, str]]:
    """Name and words of each fact."""
    status = lane.status
    yield "last heard", f"{clock(lane.seen, zone, board.at)} ({length((board.at - lane.seen).total_seconds())} ago)"
    for table in (status.devices, status.consumables):
        for name, state in _entries(table):
            yield plain(name), f"{plain(str(state))} {since(since_when(status, name), zone, board.at)}"
    if lane.queue is not None:
        longest = f", the longest for {length(lane.queue.longest_s)}" if lane.queue.cases else ""
        yield "waiting for an officer", f"{lane.queue.cases}{longest}"
    if lane.outbox is not None:
        oldest = f", the oldest for {length(lane.outbox.oldest_s)}" if lane.outbox.rows else ""
        yield "records not sent", f"{lane.outbox.rows} ({lane.outbox.bytes} bytes{oldest}), {lane.outbox.rejected} stored apart"
    yield from _clock(status)
    for name, age_s in _entries(status.lists):
        yield f"list {plain(name)}", f"{length(age_s)} old"
    for name, version in _entries(status.versions):
        yield f"version of {plain(name)}", plain(str(version))


def _clock(status: Status) -> Iterator[tuple[str, str]]:
    if isinstance(status.clock, UnsetType):
        return
    yield "clock", f"by {status.clock.source}, uncertain by {status.clock.uncertainty_s:.3g} s"
    if not isinstance(status.clock.drift_s, UnsetType):
        yield "clock against headquarters", f"{status.clock.drift_s:+.3f} s"


def _entries(table: Mapping[str, V] | UnsetType) -> list[tuple[str, V]]:
    return [] if isinstance(table, UnsetType) else list(table.items())[:MOST_NAMES]
