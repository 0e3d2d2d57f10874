"""Headquarters' store: one row a record, its chain verified. It holds envelopes and no key to open them.

What came is taken in batches: what the store has that concerns a batch is asked for in a few statements, judging.py judges, and the outcome is written in
the same transaction. `upto` of a chain so is always the last row without a gap before it. Several receivers may share one store: each takes the rows of
its chains for itself, in one order, so that no two wait for each other.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from kiosk.headquarters.database import StoreFailed, StoreUnusable, carry_forward, open_database
from kiosk.headquarters.judging import FindingKind, Found, Judgement, Known, Link, Names, Reach, Signed, advanced, judge
from kiosk.messages.payloads import LaneState, Media

PART = "store"
# Where there is no other word: a file of SQLite in places.data
STORE_FILE = "headquarters.db"
# So many rows that came early are looked at in one go
EARLY = 1000

SCHEMA = """
CREATE TABLE IF NOT EXISTS chain (
    number {serial}, station TEXT NOT NULL, chain TEXT NOT NULL, upto BIGINT NOT NULL, head TEXT NOT NULL, forked INTEGER NOT NULL DEFAULT 0,
    UNIQUE (station, chain)
);
CREATE TABLE IF NOT EXISTS record (
    id TEXT PRIMARY KEY, chain TEXT NOT NULL, sequence BIGINT NOT NULL, station TEXT NOT NULL, type TEXT NOT NULL, time TEXT NOT NULL,
    content {bytes} NOT NULL, hash TEXT NOT NULL, prevhash TEXT NOT NULL, received TEXT NOT NULL, UNIQUE (station, chain, sequence)
);
CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY, record TEXT NOT NULL, station TEXT NOT NULL, content {bytes} NOT NULL, received TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS media_of_record ON media (record);
CREATE TABLE IF NOT EXISTS rejected (
    hash TEXT PRIMARY KEY, id TEXT NOT NULL, station TEXT NOT NULL, chain TEXT NOT NULL, sequence BIGINT NOT NULL, why TEXT NOT NULL,
    content {bytes} NOT NULL, received TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS finding (
    kind TEXT NOT NULL, station TEXT NOT NULL, chain TEXT NOT NULL, sequence BIGINT NOT NULL, first_seen TEXT NOT NULL,
    times BIGINT NOT NULL DEFAULT 1, PRIMARY KEY (kind, station, chain, sequence)
);
CREATE TABLE IF NOT EXISTS lane (
    station TEXT PRIMARY KEY, state TEXT NOT NULL, session TEXT NOT NULL, seen TEXT NOT NULL, status {bytes} NOT NULL
);
"""
# Form 1, in SQLite alone, told by its rowid which chain began last; a program that knows no other form shall not write here any more
NUMBERED_CHAINS = (
    "ALTER TABLE chain RENAME TO chain_before",
    "CREATE TABLE chain (number {serial}, station TEXT NOT NULL, chain TEXT NOT NULL, upto BIGINT NOT NULL, head TEXT NOT NULL,"
    " forked INTEGER NOT NULL DEFAULT 0, UNIQUE (station, chain))",
    "INSERT INTO chain (station, chain, upto, head, forked) SELECT station, chain, upto, head, forked FROM chain_before ORDER BY rowid",
    "DROP TABLE chain_before",
    "PRAGMA user_version = 2",
)
STEPS = (NUMBERED_CHAINS,)


@dataclass(frozen=True)
class Position:
    """How far a chain is stored without a gap, and its hash there."""

    station: str
    chain: str
    upto: int
    head: str


@dataclass(frozen=True)
class Gap:
    """Rows of a chain are missing: those after `upto` and before `next_sequence`."""

    station: str
    chain: str
    upto: int
    next_sequence: int


@dataclass(frozen=True)
class Finding:
    """Something to look at."""

    kind: FindingKind
    station: str
    chain: str
    sequence: int
    first_seen: str
    times: int


@dataclass(frozen=True)
class Lane:
    """The last known state of a station."""

    station: str
    state: str
    seen: str
    status: bytes


@dataclass(frozen=True)
class Says:
    """A station says how it is: its state, its session and its status as it came. `state` None: a last will says that it is lost."""

    station: str
    session: str
    state: LaneState | None = None
    status: bytes = b""


@dataclass(frozen=True)
class Pictured:
    """A sealed picture whose signature was verified."""

    station: str
    media: Media
    content: bytes


@dataclass
class Batch:
    """What came in one go, in its order."""

    records: list[Signed] = field(default_factory=list)
    pictures: list[Pictured] = field(default_factory=list)
    says: list[Says] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)


@dataclass(frozen=True)
class Taken:
    """What became of a batch: of its records, its pictures that are stored, and the newest chain of each station that sent some."""

    judgement: Judgement
    pictures: tuple[Pictured, ...]
    newest: dict[str, Position]


def stored_ids(url: str) -> Iterator[str]:
    """The ids of all stored records, by station, then chain in the order in which they began, then sequence. Read beside a receiver.

    Raises StoreUnusable, StoreFailed."""
    store = Store(url, make=False)
    try:
        yield from store.ids()
    finally:
        store.close()


# Each break in the numbers of a chain that went two ways, its rows stored apart counted with the others; breaks that were accepted do not count
GAPS_OF_FORKED = (
    "SELECT station, chain, before, sequence FROM (SELECT station, chain, sequence,"
    " lag(sequence, 1, upto) OVER (PARTITION BY station, chain ORDER BY sequence) AS before FROM ("
    + " UNION ".join(
        f"SELECT chain.station, chain.chain, upto, sequence FROM chain JOIN {place} ON {place}.station = chain.station"
        f" AND {place}.chain = chain.chain AND sequence > upto WHERE forked = 1"
        for place in ("record", "rejected")
    )
    + ") AS there) AS place WHERE sequence > before + 1 AND NOT EXISTS (SELECT 1 FROM finding WHERE kind = 'gap accepted'"
    " AND finding.station = place.station AND finding.chain = place.chain AND finding.sequence = before + 1)"
)


class Store:
    """One connection, used by the thread that opened it."""

    def __init__(self, url: str, make: bool = True) -> None:
        """Open the store; without one it is made, unless `make` is False. Raises StoreUnusable."""
        self.database = open_database(url, make)
        try:
            carry_forward(self.database, PART, SCHEMA, STEPS, make)
        except StoreFailed as why:
            self.database.close()
            raise StoreUnusable(f"store {self.database.place}: cannot be opened: {why}") from None
        except StoreUnusable:
            self.database.close()
            raise

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, on the disk when this returns. Raises StoreFailed where the disk or another program does not let it."""
        return self.database.transaction()

    def take(self, batch: Batch, now: str) -> Taken:
        """Store a batch, records that do not fit apart. Within `transaction`; what is here already changes nothing. Raises StoreFailed."""
        judgement = judge(batch.records, self._known(batch.records))
        self._write(judgement, now)
        pictures = sorted((one.media.id, one.media.record, one.station, one.content, now) for one in batch.pictures)
        self.database.execute_many("INSERT INTO media VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", pictures)
        whose: dict[str, str] = dict(
            self.database.execute_with("SELECT id, station FROM media WHERE id IN ({rows})", [row[:1] for row in pictures])
        )
        kept = tuple(one for one in batch.pictures if whose[one.media.id] == one.station)
        # under its id is another's: it is not stored, and so it is not let go of
        twins = [Found(FindingKind.MALFORMED, one.station) for one in batch.pictures if whose[one.media.id] != one.station]
        self.hear(batch.says, now)
        self.note([*batch.found, *judgement.found, *twins], now)
        return Taken(judgement, kept, self.newest_chains(one.station for one in kept))

    def _known(self, records: Sequence[Signed]) -> Known:
        """What the store has that concerns these records; their chains are this transaction's from here on."""
        chains = sorted({signed.names for signed in records})
        there = {(station, chain) for station, chain, *_ in self._reaches(chains)}
        # Begun in one order, and before any is locked: two receivers never wait for each other
        begun = [(*names, 0, Reach().head) for names in chains if names not in there]
        self.database.execute_many("INSERT INTO chain (station, chain, upto, head) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", begun)
        reaches = {(row[0], row[1]): Reach(row[2], row[3], bool(row[4])) for row in self._reaches(chains, self.database.for_update)}
        digests = self.database.execute_with(
            "SELECT id, hash FROM record WHERE id IN ({rows})", [(signed.record.id,) for signed in records]
        )
        places = [(*signed.names, signed.sequence) for signed in records]
        taken = self.database.execute_with(
            "SELECT station, chain, sequence FROM record WHERE (station, chain, sequence) IN ({rows})", places
        )
        early = self._early({names: reach.upto for names, reach in reaches.items()})
        return Known(reaches, dict(digests), frozenset(taken), early)

    def _reaches(self, chains: Sequence[Names], how: str = "") -> list[tuple[str, str, int, str, int]]:
        query = "SELECT station, chain, upto, head, forked FROM chain WHERE (station, chain) IN ({rows}) ORDER BY station, chain"
        return self.database.execute_with(query + how, chains)

    def _early(self, uptos: dict[Names, int]) -> dict[Names, list[Link]]:
        """What is stored beyond where each chain has come to."""
        links: dict[Names, list[Link]] = {}
        found = self.database.execute_with(
            "WITH wanted (station, chain, upto) AS ({rows}) SELECT record.station, record.chain, sequence, hash, prevhash FROM wanted"
            " JOIN record ON record.station = wanted.station AND record.chain = wanted.chain"
            f" AND record.sequence > wanted.upto AND record.sequence <= wanted.upto + {EARLY}",
            [(*names, upto) for names, upto in uptos.items()],
        )
        for station, chain, *link in found:
            links.setdefault((station, chain), []).append(Link(*link))
        return links

    def _write(self, judgement: Judgement, now: str) -> None:
        rows = [
            (one.record.id, one.record.chain, one.sequence, one.station, one.record.type, one.record.time, one.content, one.digest)
            + (one.record.prevhash, now)
            for one in judgement.stored
        ]
        self.database.execute_many("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        apart = [
            (one.digest, one.record.id, one.station, one.record.chain, one.sequence, why, one.content, now) for one, why in judgement.apart
        ]
        self.database.execute_many("INSERT INTO rejected VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", sorted(apart))
        self._reach(judgement.reaches)

    def _reach(self, reaches: dict[Names, Reach]) -> None:
        rows = [(reach.upto, reach.head, int(reach.forked), *names) for names, reach in reaches.items()]
        self.database.execute_many("UPDATE chain SET upto = ?, head = ?, forked = ? WHERE station = ? AND chain = ?", rows)

    def position(self, station: str, chain: str) -> Position:
        """How far this chain is stored; nothing of it: 0."""
        found = self._reaches([(station, chain)])
        reach = Reach(found[0][2], found[0][3]) if found else Reach()
        return Position(station, chain, reach.upto, reach.head)

    def newest_chains(self, stations: Iterable[str]) -> dict[str, Position]:
        """The chain of each of these stations that began last; a station without one is not among them."""
        query = (
            "SELECT station, chain, upto, head FROM chain"
            " WHERE number IN (SELECT max(number) FROM chain WHERE station IN ({rows}) GROUP BY station)"
        )
        return {row[0]: Position(*row) for row in self.database.execute_with(query, [(station,) for station in sorted(set(stations))])}

    def note(self, found: Iterable[Found], now: str) -> None:
        """List what has to be looked at; the same again is counted."""
        counted = Counter((one.kind, one.station, one.chain, one.sequence) for one in found)
        self.database.execute_many(
            "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, station, chain, sequence)"
            " DO UPDATE SET times = finding.times + excluded.times",
            [(*one, now, times) for one, times in sorted(counted.items())],
        )

    def hear(self, says: Iterable[Says], now: str) -> None:
        """Keep the last that each station says of itself.

        The very same words again (a broker repeats what it retains) do not make it seen anew. A last will makes it lost, and `seen` is then
        since when; one of an older session is late news and changes nothing."""
        for wave in _waves(says):
            self.database.execute_many(
                "INSERT INTO lane VALUES (?, ?, ?, ?, ?) ON CONFLICT (station) DO UPDATE"
                " SET state = excluded.state, session = excluded.session, seen = excluded.seen, status = excluded.status"
                " WHERE lane.status <> excluded.status",
                [(one.station, one.state, one.session, now, one.status) for one in wave if one.state is not None],
            )
            self.database.execute_many(
                "UPDATE lane SET state = 'lost', seen = ? WHERE station = ? AND session = ? AND state <> 'lost'",
                [(now, one.station, one.session) for one in wave if one.state is None],
            )

    def ids(self) -> Iterator[str]:
        """The ids of all records, by station, then chain in the order in which they began, then sequence."""
        found = self.database.each(
            "SELECT id FROM record JOIN chain USING (station, chain) ORDER BY station, chain.number, record.sequence"
        )
        for (record_id,) in found:
            yield record_id

    def lanes(self) -> tuple[Lane, ...]:
        """Every station that was ever heard of."""
        return tuple(Lane(*row) for row in self.database.execute("SELECT station, state, seen, status FROM lane ORDER BY station"))

    def lanes_of(self, stations: Iterable[str]) -> tuple[Lane, ...]:
        """Those of these stations that were ever heard of."""
        query = "SELECT station, state, seen, status FROM lane WHERE station IN ({rows}) ORDER BY station"
        return tuple(Lane(*row) for row in self.database.execute_with(query, [(station,) for station in sorted(set(stations))]))

    def gaps(self) -> tuple[Gap, ...]:
        """Chains with rows missing. Rows on their way look alike for a moment.

        Of a chain that went two ways, what is stored apart is there as well: its gaps are to be filled before the station gets an empty journal.
        """
        found = self.database.execute(
            "SELECT station, chain, upto, following FROM (SELECT station, chain, upto, (SELECT min(sequence) FROM record"
            " WHERE record.station = chain.station AND record.chain = chain.chain AND sequence > upto) AS following"
            " FROM chain WHERE forked = 0) AS reach WHERE following > upto + 1"
            f" UNION ALL {GAPS_OF_FORKED} ORDER BY 1, 2, 3"
        )
        return tuple(Gap(*row) for row in found)

    def findings(self) -> tuple[Finding, ...]:
        """All that somebody has to look at, oldest first."""
        found = self.database.execute(
            "SELECT kind, station, chain, sequence, first_seen, times FROM finding ORDER BY first_seen, station, chain, sequence, kind"
        )
        return tuple(Finding(FindingKind(row[0]), *row[1:]) for row in found)

    def accept_gap(self, gap: Gap, now: str) -> Position:
        """An operator knows that these rows are lost (the store was restored, the station had removed them): go on after them; listed.

        Raises StoreFailed."""
        names = (gap.station, gap.chain)
        with self.transaction():
            if gap not in self.gaps():
                raise StoreFailed("this gap is not there any more: some of its rows have come meanwhile; look again")
            ((_, _, upto, head, forked),) = self._reaches([names], self.database.for_update)
            reach, found = Reach(upto, head, bool(forked)), tuple[Found, ...]()
            if not forked:
                links = self._early({names: gap.next_sequence - 1})[names]
                before = min(links, key=lambda link: link.sequence).prevhash
                reach, found = advanced(names, Reach(gap.next_sequence - 1, before), links)
                self._reach({names: reach})
            self.note([Found(FindingKind.GAP_ACCEPTED, *names, gap.upto + 1), *found], now)
        return Position(*names, reach.upto, reach.head)

    def counts(self) -> tuple[int, int, int]:
        """Records, pictures, records stored apart."""
        query = "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM media), (SELECT count(*) FROM rejected)"
        ((records, media, rejected),) = self.database.execute(query)
        return records, media, rejected

    def close(self) -> None:
        """Close the store."""
        self.database.close()


def _waves(says: Iterable[Says]) -> list[list[Says]]:
    """Each wave has one word of a station, stations in one order. Of words that follow each other the last counts; a last will stands by itself."""
    lines: dict[str, list[Says]] = {}
    for one in says:
        line = lines.setdefault(one.station, [])
        if line and line[-1].state is not None and one.state is not None:
            line.pop()
        line.append(one)
    longest = max(map(len, lines.values()), default=0)
    return [[line[at] for _, line in sorted(lines.items()) if at < len(line)] for at in range(longest)]
