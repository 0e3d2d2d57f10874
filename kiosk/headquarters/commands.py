"""Headquarters' outbox of commands: what was ordered of a station, signed, until its result is there or its time has passed.

Whoever orders holds the authority's key, or a delegate's, and puts the signed command here; a receiver only carries it. A station gets one command
at a time, in the order of numbers: one that overtook another would make the station refuse the slower one.

A command may be *held*: signed now, sent only once it is released (rollouts.py). Whoever releases it has no key, so its number is fixed before it is
known what else will be ordered meanwhile: numbers are left free below it for that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import UNSET

from kiosk.clock import parse_utc, utc_text
from kiosk.headquarters.database import Database, StoreFailed, carry_forward
from kiosk.journal.ids import uuid7
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import LARGEST, Command, CommandName, CommandResult, encode
from kiosk.sealing.signing import Signer, signed

PART = "commands"
SCHEMA = """
CREATE TABLE IF NOT EXISTS command (
    id TEXT PRIMARY KEY, station TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, content {bytes} NOT NULL, ordered TEXT NOT NULL,
    expires TEXT NOT NULL, operator TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL, why TEXT NOT NULL DEFAULT '',
    tries BIGINT NOT NULL DEFAULT 0, again TEXT NOT NULL, UNIQUE (station, number)
);
CREATE INDEX IF NOT EXISTS command_that_waits ON command (state, station, number)
"""
COLUMNS = "id, station, number, name, ordered, expires, operator, reason, state, since, why, tries"
# Sent again after 5 s, then doubling; a station that comes back gets it at its birth
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 300.0
AT_ONCE = 500
# How many orders of other programs may come between when a number is taken
TRIES = 20
# How many orders of a station may come between the holding of a command and its release; also how far a held number runs ahead of the clock
LEFT_FREE = 600


class CommandState(StrEnum):
    """Where a command stands. EXPIRED: no result came before its time; one that comes late still counts.

    HELD: not to be sent yet. DROPPED: was held, and will never be sent."""

    HELD = "held"
    DROPPED = "dropped"
    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    EXPIRED = "expired"


UNANSWERED = (CommandState.WAITING, CommandState.SENT)
SETTLED = (CommandState.DONE, CommandState.REFUSED, CommandState.FAILED)
ENDED = (*SETTLED, CommandState.EXPIRED, CommandState.DROPPED)
# What stands in place of a command's signed bytes once it is over: they are never sent again
NOTHING = b""


class OrderWrong(ValueError):
    """Nothing was ordered; the text says why and what to do."""


@dataclass(frozen=True)
class Wish:
    """What is wanted of stations, by whom and why. `expires` is a moment in UTC."""

    name: CommandName
    expires: datetime
    operator: str
    reason: str = ""
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ordered:
    """A command in the outbox, without its content. Moments as utc_text writes them."""

    id: str
    station: str
    number: int
    name: str
    ordered: str
    expires: str
    operator: str
    reason: str
    state: CommandState
    since: str
    why: str
    tries: int

    @property
    def open(self) -> bool:
        """Whether its result is still waited for."""
        return self.state in UNANSWERED


@dataclass(frozen=True)
class Due:
    """A command that is to be sent now: the signed bytes for its station."""

    id: str
    station: str
    content: bytes


class CommandBook:
    """The outbox in headquarters' database. Any number of programs may use it at once. Every method may raise StoreFailed."""

    def __init__(self, database: Database) -> None:
        """Lay its table out where it is missing. Raises StoreUnusable."""
        self._database = database
        carry_forward(database, PART, SCHEMA, ())

    def order(self, stations: Sequence[str], wish: Wish, key: Signer, now: datetime) -> tuple[Ordered, ...]:
        """Sign a command for each of these stations and put it in: all of them or none. Raises OrderWrong."""
        with self._database.transaction():
            return tuple(self._order(station, wish, key, now, CommandState.WAITING) for station in stations)

    def hold(self, stations: Sequence[str], wish: Wish, key: Signer, now: datetime) -> tuple[Ordered, ...]:
        """Sign a command for each of these stations, and send none before `release`. Within a transaction. Raises OrderWrong."""
        holding = self._database.execute_with(
            "SELECT station FROM command WHERE state = 'held' AND station IN ({rows}) ORDER BY station",
            [(station,) for station in stations],
        )
        if holding:
            raise OrderWrong(f"{holding[0][0]}: another command is held for it; one rollout at a time for a station")
        return tuple(self._order(station, wish, key, now, CommandState.HELD) for station in stations)

    def release(self, ids: Iterable[str], now: datetime) -> None:
        """Send these now, if they are held. Within a transaction; a second time it changes nothing."""
        moment = utc_text(now)
        self._database.execute_many(
            "UPDATE command SET state = ?, since = ?, again = ? WHERE id = ? AND state = ?",
            [(CommandState.WAITING, moment, moment, command_id, CommandState.HELD) for command_id in sorted(ids)],
        )

    def drop(self, ids: Iterable[str], why: str, now: datetime) -> None:
        """Never send these, if they are still held. Within a transaction."""
        self._database.execute_many(
            "UPDATE command SET state = ?, since = ?, why = ?, content = ? WHERE id = ? AND state = ?",
            [(CommandState.DROPPED, utc_text(now), why, NOTHING, command_id, CommandState.HELD) for command_id in sorted(ids)],
        )

    def due(self, now: datetime) -> tuple[Due, ...]:
        """What is to be sent now; each is given to one receiver alone, and again when its patience is over."""
        moment = utc_text(now)
        found = self._database.execute(
            "SELECT id, tries FROM command AS one WHERE state IN (?, ?) AND again <= ? AND expires > ? AND NOT EXISTS"
            " (SELECT 1 FROM command AS before WHERE before.station = one.station AND before.number < one.number AND before.state IN (?, ?))"
            f" ORDER BY station LIMIT {AT_ONCE}",
            (*UNANSWERED, moment, moment, *UNANSWERED),
        )
        if not found:
            return ()
        with self._database.transaction():
            return tuple(due for command_id, tries in found for due in self._claimed(command_id, tries, now))

    def lapse(self, now: datetime) -> None:
        """What had no result before its time is not sent any more."""
        moment = utc_text(now)
        values = (*UNANSWERED, moment)
        if self._database.execute("SELECT 1 FROM command WHERE state IN (?, ?) AND expires <= ? LIMIT 1", values):
            with self._database.transaction():
                self._database.execute(
                    "UPDATE command SET state = ?, since = ?, why = ?, content = ? WHERE state IN (?, ?) AND expires <= ?",
                    (CommandState.EXPIRED, moment, "no result came before its time", NOTHING, *values),
                )

    def born(self, stations: Iterable[str], now: datetime) -> None:
        """These stations are here: what they owe a result for is due at once."""
        with self._database.transaction():
            self._database.execute_many(
                "UPDATE command SET again = ? WHERE station = ? AND state IN (?, ?)",
                [(utc_text(now), station, *UNANSWERED) for station in sorted(set(stations))],
            )

    def answered(self, station: str, result: CommandResult, now: datetime) -> bool:
        """A station's result, its signature already verified: the first one stands. Returns whether it was wanted."""
        # PostgreSQL has no zero character: with one in it no result of anybody would be taken any more
        why = "" if result.why is UNSET else str(result.why).replace("\0", "\ufffd")
        with self._database.transaction():
            found = self._database.execute(
                "UPDATE command SET state = ?, since = ?, why = ?, content = ?"
                " WHERE id = ? AND station = ? AND number = ? AND state NOT IN (?, ?, ?) RETURNING id",
                (CommandState(str(result.result)), utc_text(now), why, NOTHING, result.id, station, result.number, *SETTLED),
            )
        return bool(found)

    def listed(self, station: str = "", limit: int = 200) -> tuple[Ordered, ...]:
        """The newest commands, of one station or of all, newest first."""
        where, values = ("WHERE station = ?", [station]) if station else ("", [])
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM command {where} ORDER BY ordered DESC, station, number DESC LIMIT ?", (*values, limit)
        )
        return tuple(_ordered(row) for row in rows)

    def those(self, ids: Iterable[str]) -> tuple[Ordered, ...]:
        """These commands, by station and number."""
        wanted = [(command_id,) for command_id in ids]
        rows = self._database.execute_with(f"SELECT {COLUMNS} FROM command WHERE id IN ({{rows}}) ORDER BY station, number", wanted)
        return tuple(_ordered(row) for row in rows)

    def unanswered(self, station: str = "") -> tuple[Ordered, ...]:
        """What no result has come for, by station and number."""
        where, values = (" AND station = ?", [station]) if station else ("", [])
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM command WHERE state IN (?, ?){where} ORDER BY station, number", (*UNANSWERED, *values)
        )
        return tuple(_ordered(row) for row in rows)

    def last_of_each(self, most: int, after: datetime) -> dict[str, tuple[Ordered, ...]]:
        """The newest commands of each station, newest first, of those ordered after this moment."""
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM (SELECT {COLUMNS}, row_number() OVER (PARTITION BY station ORDER BY number DESC) AS place"
            " FROM command WHERE ordered > ?) AS numbered WHERE place <= ? ORDER BY station, number DESC",
            (utc_text(after), most),
        )
        found: dict[str, list[Ordered]] = {}
        for row in rows:
            found.setdefault(row[1], []).append(_ordered(row))
        return {station: tuple(commands) for station, commands in found.items()}

    def _order(self, station: str, wish: Wish, key: Signer, now: datetime, state: CommandState) -> Ordered:
        moment, expires = utc_text(now), utc_text(wish.expires)
        for _ in range(TRIES):
            number = self._next_number(station, now) + (LEFT_FREE if state is CommandState.HELD else 0)
            args = wish.args or UNSET
            unsigned = Command(id=uuid7(now), station=station, number=number, name=wish.name, expires=expires, sig="", args=args)
            content = _signed(unsigned, key)
            said = (wish.operator, wish.reason, state, moment)
            sql = (
                "INSERT INTO command (id, station, number, name, ordered, expires, operator, reason, state, since, content, again)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"
            )
            if self._database.execute(sql, (unsigned.id, station, number, wish.name, moment, expires, *said, content, moment)):
                return Ordered(unsigned.id, station, number, wish.name, moment, expires, *said, "", 0)
        raise StoreFailed(f"{station}: others order of it at the same time; try again")

    def _next_number(self, station: str, now: datetime) -> int:
        """Rises with the seconds as well: a store that was restored from a backup does not go on below what its stations have seen.

        While a command is held it counts on below that one, which is not released before this transaction ends. Raises OrderWrong."""
        held = self._database.execute(
            f"SELECT number FROM command WHERE station = ? AND state = ?{self._database.for_update}", (station, CommandState.HELD)
        )
        if not held:
            ((last,),) = self._database.execute("SELECT coalesce(max(number), 0) FROM command WHERE station = ?", (station,))
            return max(int(last) + 1, int(now.timestamp()))
        ((ahead,),) = held
        ((last,),) = self._database.execute(
            "SELECT coalesce(max(number), 0) FROM command WHERE station = ? AND number < ?", (station, ahead)
        )
        number = max(int(last) + 1, int(ahead) - LEFT_FREE)
        if number >= ahead:
            raise OrderWrong(f"{station}: {LEFT_FREE} orders came while a rollout holds one for it; abort the rollout first")
        return number

    def _claimed(self, command_id: str, tries: int, now: datetime) -> list[Due]:
        """The command, if no other receiver was faster."""
        again = now + timedelta(seconds=min(FIRST_WAIT_S * 2.0 ** min(tries, 10), LONGEST_WAIT_S))
        rows = self._database.execute(
            "UPDATE command SET since = CASE WHEN state = ? THEN ? ELSE since END, state = ?, tries = tries + 1, again = ?"
            " WHERE id = ? AND tries = ? AND state IN (?, ?) RETURNING id, station, content",
            (CommandState.WAITING, utc_text(now), CommandState.SENT, utc_text(again), command_id, tries, *UNANSWERED),
        )
        return [Due(row[0], row[1], bytes(row[2])) for row in rows]


def commands_of(database: Database, most: int, after: datetime) -> dict[str, tuple[Ordered, ...]]:
    """The newest commands of each station, read beside a receiver; none where nothing was ever ordered. Raises StoreFailed."""
    return CommandBook(database).last_of_each(most, after) if database.has_table("command") else {}


def is_over(command: Ordered, now: datetime) -> bool:
    """Whether nothing more is to be waited for, also where no receiver runs that would say so."""
    return not command.open or parse_utc(command.expires) <= now


def _signed(command: Command, key: Signer) -> bytes:
    try:
        content = encode(signed(command, key))
    except BadMessage as why:
        raise OrderWrong(f"{command.name} cannot be sent: {why}") from None
    if len(content) > LARGEST:
        raise OrderWrong(f"{command.name} cannot be sent: longer than {LARGEST} bytes")
    return content


def _ordered(row: Sequence[Any]) -> Ordered:
    command_id, station, number, name, ordered, expires, operator, reason, state, since, why, tries = row
    return Ordered(command_id, station, number, name, ordered, expires, operator, reason, CommandState(state), since, why, tries)
