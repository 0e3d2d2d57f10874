"""`mpaka headquarters order` and `commands`: ordering something of stations, a step apart with a key that the receiver does not hold."""

import json
import re
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from kiosk.board.words import clock, length
from kiosk.clock import parse_utc, utc_text
from kiosk.headquarters.commands import CommandBook, CommandState, Ordered, OrderWrong, Wish, is_over
from kiosk.headquarters.database import open_database
from kiosk.keys import Founding
from kiosk.manifest import ManifestWrong, read_manifest
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import CommandName, members
from kiosk.messages.topics import parse_station
from kiosk.programs.practice import receiver_keys, receiver_place
from kiosk.sealing.key_set import KeyState, KeysWrong, PublicKeys, Use, load_key_set, read_key_set
from kiosk.sealing.opening import signing_key
from kiosk.sealing.protected import Ask
from kiosk.sealing.signing import Signer
from kiosk.sealing.station import KEY_SET, read_authority
from kiosk.sealing.unwrapping import TokenLost
from kiosk.settings import HeadquartersSettings, beside, load
from kiosk.sign_on import StaffListWrong
from kiosk.staff import read_list

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
LONGEST = timedelta(days=30)
LOOK_S = 0.5
HEADS = ("NUMBER", "STATION", "COMMAND", "STATE", "SINCE", "BY", "WHY")


@dataclass(frozen=True)
class Whom:
    """Which stations: by name, all of a post, or all that the key set knows."""

    stations: tuple[str, ...] = ()
    post: str = ""
    everyone: bool = False


@dataclass(frozen=True)
class Said:
    """The arguments of a command as they were typed; None and empty where they were not."""

    first: int | None = None
    after: str = ""
    file: Path | None = None
    languages: tuple[str, ...] | None = None
    since: str = ""


def public_keys(folder: Path) -> PublicKeys:
    """The key set in this folder, verified by the authority's public key there. Raises KeysWrong."""
    return load_key_set(folder / KEY_SET, read_authority(folder))


def keys_folder(settings: Path, database: str | None, keys: Path | None, founding: Path) -> Path:
    """Where the key set lies: named, or the receiver's by the settings, or with a database alone that of the practice founding."""
    if keys is not None:
        return keys
    if database is None:
        return beside(settings, load(settings, HeadquartersSettings).places.keys)
    receiver_keys(founding)
    return receiver_place(Founding(founding))


def commander(source: str, public: PublicKeys, ask: Ask) -> Signer:
    """The key that signs, where it may: a file, perhaps under a passphrase, or a token. Raises KeysWrong."""
    key = signing_key(source, ask)
    if key.public_key().public_bytes_raw() not in [known.public_bytes_raw() for known in public.commanders()]:
        raise KeysWrong(f"{source}: stations obey the authority's key and its delegates' in key set {public.number}; this is neither")
    return key


def stations_of(whom: Whom, public: PublicKeys) -> tuple[str, ...]:
    """Their names, in order. Raises OrderWrong for a station or a post that the key set does not know."""
    receivers = {entry.owner for entry in public.entries if entry.use is Use.ACKNOWLEDGEMENT}
    active = {entry.owner for entry in public.entries if entry.use is Use.STATION and entry.state is not KeyState.REVOKED} - receivers
    unknown = sorted(set(whom.stations) - active)
    if unknown:
        raise OrderWrong(f"unknown station: {', '.join(unknown)}; key set {public.number} does not name it, or has revoked it")
    post = whom.post.lower()
    found = [name for name in active if whom.everyone or name in whom.stations or (post and parse_station(name).post == post)]
    if not found:
        raise OrderWrong(f"post {whom.post}: key set {public.number} has no station there" if post else "no station is named")
    return tuple(sorted(found))


def arguments(name: CommandName, said: Said, public: PublicKeys, now: datetime) -> dict[str, Any]:
    """The arguments of a command. Raises OrderWrong for one that it does not take, lacks, or that no station could use."""
    _refuse_others(name, said)
    match name:
        case CommandName.REPLAY:
            if said.first is None or said.first < 1:
                raise OrderWrong("replay: --from says from which sequence on (1: all)")
            after = {"after": utc_text(moment(said.after, now))} if said.after else {}
            return {"from": said.first, **after}
        case CommandName.SEND_LOGS:
            return {"since": utc_text(moment(said.since, now))} if said.since else {}
        case CommandName.LANGUAGES:
            if said.languages is None:
                raise OrderWrong("languages: --languages names them in their order; without any, those of the post's profile")
            return {"languages": list(said.languages)}
        case CommandName.LISTS:
            return {"kind": "staff", "list": _list(said.file, public)}
        case CommandName.KEY_SET:
            return {"key_set": _key_set(said.file, public)}
        case CommandName.VERSION:
            return _version(said.file, public)
        case _:
            return {}


TAKES = {
    CommandName.REPLAY: ("first", "after"),
    CommandName.SEND_LOGS: ("since",),
    CommandName.LANGUAGES: ("languages",),
    CommandName.LISTS: ("file",),
    CommandName.KEY_SET: ("file",),
    CommandName.VERSION: ("file",),
}
OPTIONS = {"first": "--from", "after": "--after", "since": "--since", "languages": "--languages", "file": "--list"}


def _refuse_others(name: CommandName, said: Said) -> None:
    for member, option in OPTIONS.items():
        if member not in TAKES.get(name, ()) and getattr(said, member) not in (None, ""):
            raise OrderWrong(f"{name} takes no {option}")


def span(text: str) -> timedelta:
    """90s, 30m, 1h, 2d. Raises OrderWrong."""
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text, re.ASCII)
    if found is None:
        raise OrderWrong(f'"{text[:40]}" is no length of time: 90s, 30m, 1h or 2d')
    return timedelta(seconds=int(found[1]) * UNITS[found[2]])


def expiry(text: str, now: datetime) -> datetime:
    """When a command lapses. Raises OrderWrong."""
    after = span(text)
    if not timedelta(0) < after <= LONGEST:
        raise OrderWrong(f"--expires {text}: from a second to {LONGEST.days} days; what is older surprises whoever forgot it")
    return now + after


def moment(text: str, now: datetime) -> datetime:
    """A moment in UTC (2027-01-15T08:00:00Z), or so long ago (2h). Raises OrderWrong."""
    if text.endswith("Z"):
        try:
            return parse_utc(text)
        except ValueError:
            raise OrderWrong(f'"{text[:40]}" is no moment in UTC: 2027-01-15T08:00:00Z, or 2h for two hours ago') from None
    return now - span(text)


def order(database: str, whom: Whom, wish: Wish, key: str, public: PublicKeys, ask: Ask, *, wait: bool = False) -> int:
    """Sign and put in; prints one line a station. With `wait`, follow them. Returns 1 where one of those was not done.

    Raises OrderWrong, KeysWrong, StoreUnusable, StoreFailed."""
    opened = open_database(database)
    try:
        signing = commander(key, public, ask)
        book = CommandBook(opened)
        made = book.order(stations_of(whom, public), wish, signing, datetime.now(UTC))
        for one in made:
            print(f"{one.number} {one.station} {one.name}", flush=True)
        follows = "" if wait else "; `mpaka headquarters commands` shows what comes of it"
        print(f"ordered of {_many(len(made), 'station')}, until {made[0].expires}{follows}", file=sys.stderr)
        return _follow(book, {one.id for one in made}) if wait else 0
    except TokenLost as why:
        raise OrderWrong(f"nothing was ordered: {why}") from None
    finally:
        opened.close()


def show(database: str, station: str, *, wait: bool) -> int:
    """Print the newest commands; with `wait`, those unanswered as their results come. Returns 1 where one of those was not done.

    Raises StoreUnusable, StoreFailed."""
    opened = open_database(database, make=False)
    try:
        book = CommandBook(opened)
        if wait:
            return _follow(book, {one.id for one in book.unanswered(station)})
        now = datetime.now(UTC)
        for line in table(book.listed(station), now, here()):
            print(line)
    finally:
        opened.close()
    return 0


def table(commands: Iterable[Ordered], now: datetime, zone: tzinfo) -> list[str]:
    """The lines of a table, heads first."""
    rows = [HEADS, *(_row(one, now, zone) for one in commands)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(one: Ordered, now: datetime, zone: tzinfo) -> tuple[str, ...]:
    since = parse_utc(one.since)
    asked = f"asked {one.tries} times; lapses {clock(parse_utc(one.expires), zone, now)}" if one.state is CommandState.SENT else ""
    said = "; ".join(words for words in (one.why, one.reason and f"ordered because: {one.reason}", asked) if words)
    state = f"{clock(since, zone, now)} ({length((now - since).total_seconds())})"
    return str(one.number), one.station, one.name, str(one.state), state, one.operator, "".join(c if c.isprintable() else "?" for c in said)


def _follow(book: CommandBook, left: set[str]) -> int:
    """Each time one has its result, a line."""
    waited = threading.Event()
    if left:
        print(f"waiting for the result of {_many(len(left), 'command')}; what lapses first is expired", file=sys.stderr)
    else:
        print("each command has its result already: `mpaka headquarters commands` shows them", file=sys.stderr)
    undone = 0
    while left:
        now = datetime.now(UTC)
        for one in [one for one in book.those(left) if is_over(one, now)]:
            left.discard(one.id)
            undone += one.state is not CommandState.DONE
            state = CommandState.EXPIRED if one.open else one.state
            print(f"{one.number} {one.station} {one.name}: {state}{f' ({one.why})' if one.why else ''}", flush=True)
        if left:
            waited.wait(LOOK_S)
    return 1 if undone else 0


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _list(file: Path | None, public: PublicKeys) -> dict[str, Any]:
    content = _content(file, "lists: --list names the signed staff list (staff.json)")
    try:
        read_list(content, public.authority())
    except StaffListWrong as why:
        raise OrderWrong(f"{file}: {why}") from None
    found: dict[str, Any] = json.loads(content)
    return found


def _key_set(file: Path | None, public: PublicKeys) -> dict[str, Any]:
    content = _content(file, "key-set: --file names the signed key set (key-set.json)")
    try:
        read_key_set(content, public.authority())
        return members(content)
    except (KeysWrong, BadMessage) as why:
        raise OrderWrong(f"{file}: {why}") from None


def _version(file: Path | None, public: PublicKeys) -> dict[str, Any]:
    content = _content(file, "version: --file names the version's signed manifest (`mpaka headquarters manifest` makes it)")
    try:
        found = members(content)
        manifest = read_manifest(found, public.authority())
    except (ManifestWrong, BadMessage) as why:
        raise OrderWrong(f"{file}: {why}") from None
    return {"version": manifest.version, "manifest": found}


def _content(file: Path | None, lacking: str) -> bytes:
    if file is None:
        raise OrderWrong(lacking)
    try:
        return file.read_bytes()
    except OSError as why:
        raise OrderWrong(f"{file}: cannot be read ({why.strerror})") from None


def here() -> tzinfo:
    """The zone of this machine."""
    return datetime.now().astimezone().tzinfo or UTC
