"""`mpaka headquarters rollout` and `manifest`: what an operator does with a rollout; the receiver carries it on (kiosk/headquarters/rollouts.py)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.board.state import Row, lane_of
from kiosk.board.troubles import Level
from kiosk.board.words import clock, length
from kiosk.headquarters.commands import OrderWrong, Wish
from kiosk.headquarters.rollout import Found, Rollout, RolloutState, Stand, in_stages, progress
from kiosk.headquarters.rollouts import Looked, Plan, RolloutBook
from kiosk.headquarters.store import Store
from kiosk.manifest import ManifestWrong, make_manifest
from kiosk.messages.payloads import CommandName
from kiosk.programs.ordering import Whom, commander, here, stations_of
from kiosk.sealing.key_set import PublicKeys
from kiosk.sealing.opening import signing_key
from kiosk.sealing.protected import Ask

HEADS = ("STAGE", "STATION", "STANDS", "SINCE", "WHY")


@dataclass(frozen=True)
class Turns:
    """Which stations, and in which order: by name, of posts, or all, `but` some; `first` first; `sizes` of the stages before the last."""

    stations: tuple[str, ...]
    posts: tuple[str, ...]
    everyone: bool
    but: tuple[str, ...]
    first: tuple[str, ...]
    sizes: tuple[int, ...]


def begin(url: str, turns: Turns, wish: Wish, well: timedelta, key: str, public: PublicKeys, ask: Ask) -> int:
    """Sign all commands and hold them. Returns the exit status. Raises OrderWrong, KeysWrong, StoreUnusable, StoreFailed."""
    signing, now = commander(key, public, ask), datetime.now(UTC)
    stations = _stations(turns, public)
    with opened(url) as (store, book):
        stages = in_stages(stations, turns.sizes, turns.first, _well(store, stations, now))
        if wish.expires - now <= well * len(stages):
            raise OrderWrong(
                f"{len(stages)} stages of {length(well.total_seconds())} do not fit before it lapses: give it longer with --expires"
            )
        number = book.begin(Plan(words(wish), wish, stages, well), signing, now)
    sizes = ", then ".join(str(len(stage)) for stage in stages)
    print(f"rollout {number} of {words(wish)}: to {sizes}")
    print(
        f"stage 1: {', '.join(stages[0])}; the receiver begins it; `mpaka headquarters rollout show {number}` follows it", file=sys.stderr
    )
    return 0


def show(url: str, number: int | None) -> int:
    """Print the rollouts, or one with its stations. Returns the exit status: 1 where that one is stopped. Raises OrderWrong, StoreUnusable."""
    now = datetime.now(UTC)
    with opened(url, make=False) as (_, book):
        looked = [book.look(rollout, now) for rollout in (book.listed() if number is None else [book.one(number)])]
    for one in looked:
        print(headline(one, now))
    if number is None:
        return 0
    for line in table(looked[0], now):
        print(line)
    return 1 if looked[0].rollout.state is RolloutState.STOPPED else 0


def resume(url: str, number: int) -> int:
    """Go on. Returns the exit status. Raises OrderWrong, StoreUnusable, StoreFailed."""
    with opened(url, make=False) as (_, book):
        left = book.resume(number, datetime.now(UTC))
    without = f" without {', '.join(left)}" if left else ""
    print(f"rollout {number} goes on{without}")
    return 0


def abort(url: str, number: int, why: str) -> int:
    """Give it up. Returns the exit status. Raises OrderWrong, StoreUnusable, StoreFailed."""
    with opened(url, make=False) as (_, book):
        dropped = book.abort(number, why, datetime.now(UTC))
    print(f"rollout {number} is given up: {dropped} commands are never sent; who has it keeps it")
    return 0


def may_go_back(url: str, number: int) -> None:
    """Raises OrderWrong where this rollout is none of a version."""
    with opened(url, make=False) as (_, book):
        book.goes_back(number)


def back(url: str, number: int, wish: Wish, key: str, public: PublicKeys, ask: Ask) -> int:
    """Order the earlier version of all that were sent the newer one. Returns the exit status. Raises OrderWrong, KeysWrong, StoreFailed."""
    signing = commander(key, public, ask)
    with opened(url, make=False) as (_, book):
        made = book.back(number, wish, signing, datetime.now(UTC))
    print(
        f"rollout {number} is given up; {words(wish)} is ordered of {len(made)} stations; `mpaka headquarters commands --wait` follows them"
    )
    return 0


def print_manifest(folder: Path, version: str, key: str, ask: Ask) -> int:
    """Print the signed manifest of this folder. Returns the exit status. Raises KeysWrong."""
    try:
        print(make_manifest(folder, version, signing_key(key, ask), datetime.now(UTC)).decode())
    except ManifestWrong as why:
        print(f"mpaka headquarters manifest: {why}", file=sys.stderr)
        return 1
    return 0


def words(wish: Wish) -> str:
    """What is rolled out: staff list 7, key set 3, version 0.2.0, languages en sw, reload-settings."""
    args: dict[str, Any] = wish.args
    match wish.name:
        case CommandName.LISTS:
            return f"staff list {args['list']['list']['number']}"
        case CommandName.KEY_SET:
            return f"key set {args['key_set']['number']}"
        case CommandName.VERSION:
            return f"version {args['version']}"
        case CommandName.LANGUAGES:
            return f"languages {' '.join(args['languages']) or 'of the post'}"
        case _:
            return str(wish.name)


def headline(looked: Looked, now: datetime) -> str:
    """One line: which, of what, how far, and why it stopped."""
    rollout = looked.rollout
    why = ": ".join(words for words in (rollout.station, rollout.why) if words)
    return _printable(f"{rollout.number} {rollout.what}: {progress(rollout, looked.found, now)}{f' ({why})' if why else ''}")


def table(looked: Looked, now: datetime) -> list[str]:
    """A line a station, heads first."""
    rows = [HEADS, *(_row(one, looked.rollout, now) for one in looked.found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


@contextmanager
def opened(url: str, *, make: bool = True) -> Iterator[tuple[Store, RolloutBook]]:
    """The store and its rollouts. Raises StoreUnusable, StoreFailed."""
    store = Store(url, make)
    try:
        yield store, RolloutBook(store)
    finally:
        store.close()


def _stations(turns: Turns, public: PublicKeys) -> tuple[str, ...]:
    if any(size < 1 for size in turns.sizes):
        raise OrderWrong("--stages: a stage has one station at least")
    whoms = [Whom(post=post) for post in turns.posts] or [Whom(turns.stations, everyone=turns.everyone)]
    named = {station for whom in whoms for station in stations_of(whom, public)}
    unknown = sorted({*turns.but, *turns.first} - named)
    if unknown:
        raise OrderWrong(f"--first and --but name stations of this rollout; {', '.join(unknown)} is none")
    left = named - set(turns.but)
    if not left:
        raise OrderWrong("no station is left")
    return tuple(sorted(left))


def _well(store: Store, stations: tuple[str, ...], now: datetime) -> frozenset[str]:
    """Those that are heard and in no trouble: what happens to them says something about what is rolled out."""
    rows = [Row(lane.station, lane.state, lane.seen, lane.status) for lane in store.lanes_of(stations)]
    lanes = [lane for row in rows if (lane := lane_of(row, now)) is not None]
    return frozenset(lane.station.id for lane in lanes if lane.heard and lane.level < Level.WARN)


def _row(one: Found, rollout: Rollout, now: datetime) -> tuple[str, ...]:
    member = one.member
    since = member.had or (member.since if one.stand is not Stand.HELD else None)
    stopped = rollout.why if one.member.station == rollout.station else ""
    return (
        str(member.stage),
        member.station,
        str(one.stand if one.stand is not Stand.HELD else member.command),
        f"{clock(since, here(), now)} ({length((now - since).total_seconds())})" if since is not None else "",
        _printable(one.why or stopped or member.why),
    )


def _printable(text: str) -> str:
    """A station's words must not steer somebody's terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
