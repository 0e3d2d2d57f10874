"""What leaves the journal: rows that wait, acknowledgements that let them go, room on the disk. On the writer's thread, like the store."""

import os
from datetime import timedelta
from pathlib import Path

from kiosk.clock import Stamp, parse_utc, utc_text
from kiosk.journal.rows import AckRefused, AckTaken, Caps, PictureRow, Pressure, Row, Waiting
from kiosk.journal.schema import PAGE_BYTES
from kiosk.journal.store import Head, Store
from kiosk.messages.payloads import Ack, Picture

WARN_AT, PAUSE_AT, AUDIT_UNTIL = 0.70, 0.90, 0.95
# Rows removed at one go, so that a traveller's record never waits long behind it
TRIM_BATCH = 200


def unsent(store: Store, after: int, limit: int) -> tuple[Row, ...]:
    """Rows that headquarters has not acknowledged, with a sequence beyond `after`, lowest first."""
    found = store.connection.execute(
        "SELECT sequence, id, content FROM record JOIN main.outbox USING (sequence) WHERE sequence > ? ORDER BY sequence LIMIT ?",
        (after, limit),
    )
    return tuple(Row(*row) for row in found)


def unsent_pictures(store: Store, after: int, limit: int) -> tuple[PictureRow, ...]:
    """Pictures that headquarters has not acknowledged, placed beyond `after`, oldest first."""
    found = store.connection.execute(
        "SELECT place, id, record, kind, content FROM media.picture JOIN media.outbox USING (place) WHERE place > ? ORDER BY place LIMIT ?",
        (after, limit),
    )
    return tuple(_picture_row(row) for row in found)


def pictures_of(store: Store, record_id: str) -> tuple[PictureRow, ...]:
    """The pictures of one record."""
    found = store.connection.execute(
        "SELECT place, id, record, kind, content FROM media.picture WHERE record = ? ORDER BY place", (record_id,)
    )
    return tuple(_picture_row(row) for row in found)


def waiting(store: Store) -> Waiting:
    """What waits for headquarters."""
    query = "SELECT count(*), coalesce(sum(length(content)), 0), min(made) FROM record JOIN main.outbox USING (sequence)"
    rows, size, oldest = store.connection.execute(query).fetchone()
    rejected = store.connection.execute("SELECT count(*) FROM rejected").fetchone()[0]
    pictures = store.connection.execute("SELECT count(*) FROM media.outbox").fetchone()[0]
    return Waiting(rows, size, parse_utc(oldest) if oldest else None, rejected, pictures)


def acknowledge(store: Store, ack: Ack) -> AckTaken | AckRefused:
    """Let go of what headquarters has. The signature is already verified; here the acknowledgement is bound to this chain and its head."""
    if ack.chain != store.chain:
        return AckRefused("it is for another chain")
    if parse_utc(ack.time) <= parse_utc(store.mark("replay_after") or "1970-01-01T00:00:00Z"):
        return AckRefused("it is older than headquarters' wish to have rows again", suspect=False)
    fits = _fits(store, Head(int(ack.upto), ack.head))
    # undone by a power cut, the rows are sent again and acknowledged again; a sync for each would halve what a slow disk lets leave
    with store.unsynced_transaction():
        _let_go_by_id(store, ack)
        if fits:
            store.connection.execute("DELETE FROM main.outbox WHERE sequence <= ?", (int(ack.upto),))
            store.set_mark("acknowledged_at", max(store.mark("acknowledged_at"), utc_text(parse_utc(ack.time))))
    return AckTaken(int(ack.upto)) if fits else AckRefused(f"its head at {int(ack.upto)} is not this journal's")


def replay(store: Store, first: int, after: str = "") -> None:
    """Headquarters wants rows from this sequence on again, and all that it stored apart; what was removed here stays removed.

    `after` (as utc_text writes it): since then its store is the one that wants them. What was signed before, and comes late, says nothing."""
    wanted = "FROM record WHERE sequence >= ? OR id IN (SELECT id FROM rejected)"
    rows, pictures = f"SELECT sequence {wanted}", f"SELECT place FROM media.picture WHERE record IN (SELECT id {wanted})"
    with store.transaction():
        store.connection.execute(f"INSERT OR IGNORE INTO main.outbox {rows}", (first,))
        store.connection.execute(f"INSERT OR IGNORE INTO media.outbox {pictures}", (first,))
        store.set_mark("replay_after", max(store.mark("acknowledged_at"), store.mark("replay_after"), after))


def used(store: Store, caps: Caps, folder: Path) -> float:
    """How full the fuller of the two files is, 0 to 1; a disk with less room than the cap counts as the cap."""
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    shares = []
    for name, cap in (("main", caps.journal_bytes), ("media", caps.media_bytes)):
        pages = int(store.connection.execute(f"PRAGMA {name}.page_count").fetchone()[0])
        shares.append(_held(store, name) / min(cap, pages * PAGE_BYTES + free))
    return max(shares)


def pressure_at(share: float) -> Pressure:
    """What a station does about a journal that is so full."""
    if share >= PAUSE_AT:
        return Pressure.PAUSED
    return Pressure.WARN if share >= WARN_AT else Pressure.OK


def trim(store: Store, caps: Caps, now: Stamp) -> int:
    """Remove the oldest rows that headquarters has, past retention or over `keep_bytes`; the hash at the cut is kept. Returns how many.

    Results of commands go past retention."""
    before = utc_text(now.utc - timedelta(days=caps.retention_days))
    return _trim_records(store, before, caps) + _trim_pictures(store, before, caps) + _trim_commands(store, before)


def _trim_records(store: Store, before: str, caps: Caps) -> int:
    excess = _held(store, "main") - caps.keep_bytes
    cut: Head | None = None
    removed = 0
    query = "SELECT sequence, hash, made, length(content) FROM record WHERE sequence < ? ORDER BY sequence LIMIT ?"
    for sequence, row_hash, made, size in store.connection.execute(query, (_first_needed(store), TRIM_BATCH)).fetchall():
        if made >= before and excess <= 0:
            break
        excess -= size
        removed += 1
        cut = Head(sequence, row_hash)
    if cut is not None:
        with store.transaction():
            store.connection.execute("DELETE FROM record WHERE sequence <= ?", (cut.sequence,))
            store.connection.execute("DELETE FROM decision WHERE sequence <= ?", (cut.sequence,))
            store.set_mark("cut_sequence", str(cut.sequence))
            store.set_mark("cut_hash", cut.hash)
    return removed


def _trim_pictures(store: Store, before: str, caps: Caps) -> int:
    excess = _held(store, "media") - caps.keep_bytes
    gone = []
    query = (
        "SELECT place, made, length(content) FROM media.picture WHERE place NOT IN (SELECT place FROM media.outbox)"
        " AND record NOT IN (SELECT case_id FROM open_case) ORDER BY place LIMIT ?"
    )
    for place, made, size in store.connection.execute(query, (TRIM_BATCH,)).fetchall():
        if made >= before and excess <= 0:
            break
        excess -= size
        gone.append((place,))
    if gone:
        with store.transaction():
            store.connection.executemany("DELETE FROM media.picture WHERE place = ?", gone)
    return len(gone)


def _trim_commands(store: Store, before: str) -> int:
    """The one with the highest number stays: by it all that come again later are refused."""
    with store.transaction():
        gone = store.connection.execute("DELETE FROM command WHERE made < ? AND number < (SELECT max(number) FROM command)", (before,))
    return gone.rowcount


def _first_needed(store: Store) -> int:
    """The lowest sequence that has to stay: unsent, an open case's, or one whose pictures are unsent."""
    queries = (
        "SELECT min(sequence) FROM main.outbox",
        "SELECT min(sequence) FROM open_case",
        "SELECT min(sequence) FROM record WHERE id IN (SELECT record FROM media.picture JOIN media.outbox USING (place))",
    )
    lowest = [store.connection.execute(query).fetchone()[0] for query in queries]
    # the newest row stays in any case: it is what the next one hangs on, and the floor of the clock
    return min([store.head().sequence] + [int(sequence) for sequence in lowest if sequence is not None])


def _held(store: Store, name: str) -> int:
    pages, unused = (int(store.connection.execute(f"PRAGMA {name}.{what}").fetchone()[0]) for what in ("page_count", "freelist_count"))
    return (pages - unused) * PAGE_BYTES


def _fits(store: Store, said: Head) -> bool:
    """Whether this journal's chain has that hash there."""
    if said.sequence == store.cut().sequence:
        return said.hash == store.cut().hash
    found = store.connection.execute("SELECT hash FROM record WHERE sequence = ?", (said.sequence,)).fetchone()
    return found is not None and bool(found[0] == said.hash)


def _let_go_by_id(store: Store, ack: Ack) -> None:
    """Pictures that are stored, rows of a forked chain that are, and rows stored apart: headquarters keeps those whole, with the reason."""
    for stored in ack.ids:
        store.connection.execute("DELETE FROM media.outbox WHERE place = (SELECT place FROM media.picture WHERE id = ?)", (stored,))
        store.connection.execute("DELETE FROM main.outbox WHERE sequence = (SELECT sequence FROM record WHERE id = ?)", (stored,))
    for reject in ack.reject:
        found = store.connection.execute("SELECT sequence FROM record WHERE id = ?", (reject.id,)).fetchone()
        if found is not None:
            store.connection.execute("INSERT OR IGNORE INTO rejected VALUES (?, ?)", (reject.id, reject.why))
            store.connection.execute("DELETE FROM main.outbox WHERE sequence = ?", found)


def _picture_row(found: tuple[int, str, str, str, bytes]) -> PictureRow:
    place, picture_id, record_id, kind, content = found
    return PictureRow(place, picture_id, record_id, Picture(kind), content)
