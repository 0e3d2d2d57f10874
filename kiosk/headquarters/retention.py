"""Retention and erasure, from the receiver's sealed store and from the opened one: the same orders, the same journal, two databases.

In the sealed store the ciphertext goes and its row stays: sequence, hash and prevhash, so that the chain still verifies, a gap is still a gap, and the
record, sent again by a lane, is one that is known already. In the opened one the person goes and the crossing stays: that somebody crossed, and nobody who.
What was ordered of stations, and who pulled, leave whole: of these the journal says how many went.
"""

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from kiosk.clock import Clock, utc_text
from kiosk.crossings.columns import LEFT, STORED
from kiosk.headquarters.commands import ENDED, CommandState
from kiosk.headquarters.erasures import Deed, Erasures, Order, Target
from kiosk.headquarters.opened import Opened
from kiosk.headquarters.rollout import RolloutState
from kiosk.headquarters.rollouts import RolloutBook
from kiosk.headquarters.sql import Database, Row
from kiosk.headquarters.sqlite import SqliteDatabase
from kiosk.headquarters.store import Store
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Record, RecordType, decode
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash
from kiosk.settings import Strict

AT_ONCE = 200
NOT_HELD = "NOT IN (SELECT record_id FROM hold)"
# Of these is written down how many went, and not which: a visa's number is somebody's, and the others would make the journal as long as they are
COUNTED = (Deed.PERMIT, Deed.ROLLOUT, Deed.COMMAND, Deed.PULL)
_ENDED = ", ".join(f"'{state}'" for state in ENDED)
_OVER_ROLLOUTS = (
    f"SELECT '{Deed.ROLLOUT}', CAST(number AS TEXT), '', '' FROM rollout"
    f" WHERE state IN ('{RolloutState.DONE}', '{RolloutState.ABORTED}') AND since < ?"
)
# The newest that is not held stays: the station's next number is above it, though that may be below one that is held
_OVER_COMMANDS = (
    f"SELECT '{Deed.COMMAND}', id, '', '' FROM command AS one WHERE state IN ({_ENDED})"
    " AND since < ? AND id NOT IN (SELECT command FROM rollout_member) AND EXISTS (SELECT 1 FROM command AS newer"
    f" WHERE newer.station = one.station AND newer.number > one.number AND newer.state <> '{CommandState.HELD}')"
)
Days = Annotated[int, msgspec.Meta(ge=1, le=36_525)]


class SealedRules(Strict, frozen=True, kw_only=True):
    """Days from when headquarters stored it; of commands and rollouts from when they ended. What has no rule stays."""

    registrations_days: Days | None = None
    decisions_days: Days | None = None
    others_days: Days | None = None
    pictures_days: Days | None = None
    commands_days: Days | None = None


class OpenedRules(Strict, frozen=True, kw_only=True):
    """Days from when headquarters stored the record that it was opened from; of visas and permits from their last day, of pulls from when they were.

    What has no rule stays."""

    crossings_days: Days | None = None
    pictures_days: Days | None = None
    permits_days: Days | None = None
    pulls_days: Days | None = None


class RetentionSettings(Strict, frozen=True, kw_only=True):
    """`config/retention.toml`: how long a state keeps what. The law says so, not the product."""

    sealed: SealedRules = SealedRules()
    opened: OpenedRules = OpenedRules()


class NotErased(RuntimeError):
    """An order was refused; the text says why. Nothing was erased."""


@dataclass(frozen=True)
class Rule:
    """What is older than so many days goes. `find` selects what a Target is made of; its one value is the moment before which."""

    name: str
    days: int | None
    find: str


class Keeping(ABC):
    """A database from which is erased."""

    def __init__(self, database: Database) -> None:
        """Raises StoreUnusable, StoreFailed."""
        self.database = database
        if isinstance(database, SqliteDatabase):
            # what is overwritten from here on is zeros, and not merely free
            database.execute("PRAGMA secure_delete = ON")
        self.journal = Erasures(database)

    @property
    @abstractmethod
    def tables(self) -> tuple[str, ...]:
        """From which tables something of a person is erased."""

    @abstractmethod
    def of(self, record_id: str, member: int | None) -> list[Target]:
        """What is still there of one record; of one traveller of a party, where the database has them apart. Raises StoreFailed."""

    @abstractmethod
    def pictures(self, targets: Sequence[Target]) -> list[Target]:
        """The pictures that go with these records or travellers. Raises StoreFailed."""

    @abstractmethod
    def is_known(self, record_id: str) -> bool:
        """Whether there is, or was, such a record. Raises StoreFailed."""

    @abstractmethod
    def remove(self, targets: Sequence[Target], now: str) -> None:
        """Erase these. Within a transaction. Raises StoreFailed."""

    def close(self) -> None:
        """Close it."""
        self.database.close()

    def _targets(self, sql: str, values: Sequence[Any]) -> list[Target]:
        return [_target(row) for row in self.database.execute(sql, values)]


class SealedKeeping(Keeping):
    """The receiver's store; for the receiver's user."""

    tables = ("record", "rejected", "media")
    _OF = {Deed.RECORD: ("record", "id"), Deed.APART: ("rejected", "hash"), Deed.MEDIA: ("media", "id")}

    def __init__(self, url: str) -> None:
        """Open it. Raises StoreUnusable, StoreFailed."""
        store = Store(url, make=False)
        super().__init__(store.database)
        RolloutBook(store)

    @staticmethod
    def rules(settings: SealedRules) -> tuple[Rule, ...]:
        """What goes when."""
        record = f"SELECT '{Deed.RECORD}', id, id, hash FROM record WHERE received < ? AND length(content) > 0 AND id {NOT_HELD} AND type"
        named = f"'{RecordType.REGISTRATION}'", f"'{RecordType.DECISION}'"
        apart = f"SELECT '{Deed.APART}', hash, id, hash FROM rejected WHERE received < ? AND length(content) > 0 AND id {NOT_HELD}"
        media = f"SELECT '{Deed.MEDIA}', id, record, content FROM media WHERE length(content) > 0 AND record {NOT_HELD} AND "
        erased = "SELECT id FROM record WHERE length(content) = 0 UNION SELECT id FROM rejected WHERE length(content) = 0"
        return (
            Rule("registrations_days", settings.registrations_days, f"{record} = {named[0]}"),
            Rule("decisions_days", settings.decisions_days, f"{record} = {named[1]}"),
            Rule("others_days", settings.others_days, f"{record} NOT IN ({', '.join(named)})"),
            # of what was stored apart the type stands in the content alone: it is kept as registrations are
            Rule("registrations_days, stored apart", settings.registrations_days, apart),
            Rule("pictures_days", settings.pictures_days, f"{media} received < ?"),
            # came after its record was erased, or was not there when it was
            Rule("its record is erased", 0, f"{media} record IN ({erased}) AND received < ?"),
            # before the commands: those of a rollout stay as long as it does
            Rule("commands_days, rollouts", settings.commands_days, _OVER_ROLLOUTS),
            Rule("commands_days", settings.commands_days, _OVER_COMMANDS),
        )

    def of(self, record_id: str, member: int | None) -> list[Target]:
        sql = (
            f"SELECT '{Deed.RECORD}', id, id, hash FROM record WHERE id = ? AND length(content) > 0"
            f" UNION ALL SELECT '{Deed.APART}', hash, id, hash FROM rejected WHERE id = ? AND length(content) > 0"
        )
        return self._targets(sql, (record_id, record_id))

    def pictures(self, targets: Sequence[Target]) -> list[Target]:
        sql = f"SELECT '{Deed.MEDIA}', id, record, content FROM media WHERE length(content) > 0 AND record IN ({{rows}})"
        records = {target.record_id for target in targets if target.deed in (Deed.RECORD, Deed.APART)}
        return [_target(row) for row in self.database.execute_with(sql, [(record,) for record in sorted(records)])]

    def is_known(self, record_id: str) -> bool:
        return bool(self.database.execute("SELECT 1 FROM record WHERE id = ? UNION SELECT 1 FROM rejected WHERE id = ?", (record_id,) * 2))

    def remove(self, targets: Sequence[Target], now: str) -> None:
        for deed, (table, key) in self._OF.items():
            rows = [(b"", target.name) for target in targets if target.deed is deed]
            self.database.execute_many(f"UPDATE {table} SET content = ? WHERE {key} = ?", rows)
        rollouts = [(int(target.name),) for target in targets if target.deed is Deed.ROLLOUT]
        self.database.execute_many("DELETE FROM rollout_member WHERE rollout = ?", rollouts)
        self.database.execute_many("DELETE FROM rollout WHERE number = ?", rollouts)
        self.database.execute_many(
            "DELETE FROM command WHERE id = ?", [(target.name,) for target in targets if target.deed is Deed.COMMAND]
        )


class OpenedKeeping(Keeping):
    """The opened database; for the opener's user."""

    tables = ("crossing", "decision", "picture", "permit")
    _CROSSING = f"SELECT '{Deed.CROSSING}', record_hash || '/' || member, record_id, record_hash FROM crossing WHERE erased IS NULL"
    _EMPTIED = ", ".join(f"{column.name} = NULL" for column in STORED if column.name not in LEFT)

    def __init__(self, url: str) -> None:
        """Open it. Raises StoreUnusable, StoreFailed."""
        self._opened = Opened(url, make=False)
        super().__init__(self._opened.database)

    def rules(self, settings: OpenedRules) -> tuple[Rule, ...]:
        """What goes when. Raises StoreFailed."""
        picture = (
            f"SELECT '{Deed.PICTURE}', id, record_id, image FROM picture WHERE record_id {NOT_HELD} AND record_id IN"
            " (SELECT record_id FROM crossing WHERE"
        )
        pulls = Rule("pulls_days", settings.pulls_days, f"SELECT '{Deed.PULL}', CAST(number AS TEXT), '', '' FROM pull WHERE time < ?")
        return (
            Rule("crossings_days", settings.crossings_days, f"{self._CROSSING} AND received < ? AND record_id {NOT_HELD}"),
            Rule("pictures_days", settings.pictures_days, f"{picture} received < ?)"),
            Rule(
                "permits_days",
                settings.permits_days,
                f"SELECT '{Deed.PERMIT}', kind || '/' || issuer || '/' || number, '', '' FROM permit WHERE valid_until < ?",
            ),
            # their table is made with the first client
            *((pulls,) if self.database.has_table("pull") else ()),
        )

    def of(self, record_id: str, member: int | None) -> list[Target]:
        narrow, values = ("", (record_id,)) if member is None else (" AND member = ?", (record_id, member))
        return self._targets(f"{self._CROSSING} AND record_id = ?{narrow}", values)

    def pictures(self, targets: Sequence[Target]) -> list[Target]:
        sql = f"SELECT '{Deed.PICTURE}', id, record_id, image FROM picture WHERE (record_id, member) IN ({{rows}})"
        travellers = sorted((target.record_id, _traveller(target)[1]) for target in targets if target.deed is Deed.CROSSING)
        return [_target(row) for row in self.database.execute_with(sql, travellers)]

    def is_known(self, record_id: str) -> bool:
        return bool(self.database.execute("SELECT 1 FROM crossing WHERE record_id = ?", (record_id,)))

    def alike(self, record_id: str) -> list[str]:
        """Other records that show a document of this one. Raises StoreFailed."""
        sql = (
            "SELECT DISTINCT other.record_id FROM crossing AS one JOIN crossing AS other"
            " ON other.document_state = one.document_state AND other.document_number = one.document_number"
            " WHERE one.record_id = ? AND one.document_number <> '' AND other.record_id <> one.record_id ORDER BY other.record_id"
        )
        return [found for (found,) in self.database.execute(sql, (record_id,))]

    def remove(self, targets: Sequence[Target], now: str) -> None:
        crossings = [target for target in targets if target.deed is Deed.CROSSING]
        rows = [_traveller(target) for target in crossings]
        emptied = f"UPDATE crossing SET {self._EMPTIED}, erased = ? WHERE record_hash = ? AND member = ?"
        self.database.execute_many(emptied, [(now, *row) for row in rows])
        self._opened.touch(rows)
        pictures = [(target.name,) for target in targets if target.deed is Deed.PICTURE]
        self.database.execute_many("DELETE FROM picture WHERE id = ?", pictures)
        permits = [target.name.split("/", 2) for target in targets if target.deed is Deed.PERMIT]
        self.database.execute_many("DELETE FROM permit WHERE kind = ? AND issuer = ? AND number = ?", permits)
        pulls = [(int(target.name),) for target in targets if target.deed is Deed.PULL]
        self.database.execute_many("DELETE FROM pull WHERE number = ?", pulls)
        # of a party only one may be erased: what belongs to the others stays
        nobody = "NOT EXISTS (SELECT 1 FROM crossing WHERE crossing.record_id = ? AND erased IS NULL)"
        records = [(record, record) for record in sorted({target.record_id for target in crossings})]
        self.database.execute_many(f"DELETE FROM decision WHERE case_id = ? AND {nobody}", records)
        self.database.execute_many(f"DELETE FROM awaited WHERE record_id = ? AND {nobody}", records)


def overdue(keeping: Keeping, rule: Rule, now: datetime) -> int:
    """How much this rule would erase now. Raises StoreFailed."""
    if rule.days is None:
        return 0
    ((count,),) = keeping.database.execute(f"SELECT count(*) FROM ({rule.find}) AS found", (_before(rule, now),))
    return int(count)


def apply(keeping: Keeping, rule: Rule, operator: str, clock: Clock) -> int:
    """Erase what this rule says, a portion at a time. Returns how much. Raises StoreFailed."""
    if rule.days is None:
        return 0
    count, now = 0, clock.now()
    order = Order(operator, f"{rule.name} = {rule.days}" if rule.days else rule.name, "retention")
    while True:
        with keeping.database.transaction():
            keeping.database.writes_alone()
            rows = keeping.database.execute(f"{rule.find} LIMIT {AT_ONCE}", (_before(rule, now.utc),))
            if not rows:
                return count
            count += _erase(keeping, [_target(row) for row in rows], order, now.text)


def erase(keeping: Keeping, record_id: str, member: int | None, order: Order, clock: Clock) -> int:
    """Erase everything of one record, as the law orders it. Returns how much. Raises NotErased, StoreFailed."""
    with keeping.database.transaction():
        keeping.database.writes_alone()
        if keeping.journal.is_held(record_id):
            raise NotErased(f"{record_id}: is held; `mpaka headquarters release` first, and who holds it says whether that may be")
        return _erase(keeping, keeping.of(record_id, member), order, clock.now().text)


def scrub(keeping: Keeping) -> str:
    """Let no copy of what was erased lie in the database's files. Returns what is still to be done; empty: nothing. Raises StoreFailed."""
    database = keeping.database
    if not isinstance(database, SqliteDatabase):
        return f"PostgreSQL keeps old rows in its files until they are rewritten: VACUUM FULL {', '.join(keeping.tables)};"
    database.execute("VACUUM")
    ((busy, _, _),) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return "another program reads the database, so its log still has what was erased: run this again" if busy else ""


def faults(url: str) -> Iterator[str]:
    """What does not fit in the sealed store: links between records, contents, and contents that are gone without an entry in the journal.

    Raises StoreUnusable, StoreFailed."""
    with closing(Store(url, make=False)) as store:
        database = store.database
        erased = {entry.content_hash for entry in Erasures(database, make=False).all()}
        chains = database.execute("SELECT station, chain, upto FROM chain ORDER BY station, chain")
        for station, chain, upto in chains:
            before: tuple[int, str] = (0, NOTHING_BEFORE)
            sql = "SELECT sequence, hash, prevhash, content FROM record WHERE station = ? AND chain = ? AND sequence <= ? ORDER BY sequence"
            for sequence, digest, prevhash, content in database.each(sql, (station, chain, upto)):
                where = f"{station}, chain {chain}, number {sequence}"
                if sequence == before[0] + 1 and prevhash != before[1]:
                    yield f"{where}: does not follow the one before it"
                if not content and digest not in erased:
                    yield f"{where}: its content is gone, and no erasure says why"
                if content and not _is_whole(bytes(content), digest, prevhash, sequence):
                    yield f"{where}: its content is not what its hash says"
                before = (sequence, digest)


def _is_whole(content: bytes, digest: str, prevhash: str, sequence: int) -> bool:
    try:
        record = decode(content, Record)
    except BadMessage:
        return False
    return (chain_hash(content), record.prevhash, int(record.sequence)) == (digest, prevhash, sequence)


def _erase(keeping: Keeping, targets: Sequence[Target], order: Order, now: str) -> int:
    whole = [*targets, *keeping.pictures(targets)]
    many = Counter(target.deed for target in whole if target.deed in COUNTED)
    counted = [Target(deed, f"{count} of them", "", "") for deed, count in many.items()]
    keeping.journal.add([*(target for target in whole if target.deed not in COUNTED), *counted], order, now)
    keeping.remove(whole, now)
    return len(whole)


def _traveller(target: Target) -> tuple[str, int]:
    """Hash and member of a crossing."""
    record_hash, _, member = target.name.partition("/")
    return record_hash, int(member)


def _target(row: Row) -> Target:
    """Of a picture the content came, and its hash is made here."""
    deed, name, record_id, found = row
    digest = found if isinstance(found, str) else hashlib.sha256(bytes(found)).hexdigest()
    return Target(Deed(deed), name, record_id, digest)


def _before(rule: Rule, now: datetime) -> str:
    return utc_text(now - timedelta(days=rule.days or 0))
