"""What a station has to know again after a restart: open cases, claims, decisions, commands. On the writer's thread, like the store."""

from base64 import b64decode

from kiosk.clock import parse_utc
from kiosk.journal.rows import CaseBook, CommandKept, Obeys, StoredCase, StoredDecision
from kiosk.journal.store import Store
from kiosk.messages.payloads import Outcome, Record, Result, decode


def case_book(store: Store) -> CaseBook:
    """Open cases, oldest first, with the ciphertext that consoles are offered again; and the decisions that were taken in."""
    found = store.connection.execute(
        "SELECT case_id, token, since, holder, version, content FROM open_case JOIN record USING (sequence) ORDER BY sequence"
    )
    cases = tuple(
        StoredCase(case_id, token, parse_utc(since), holder, version, b64decode(decode(content, Record).data_base64))
        for case_id, token, since, holder, version, content in found
    )
    kept = store.connection.execute("SELECT decision_id, case_id, code, outcome FROM decision ORDER BY sequence")
    return CaseBook(
        cases, tuple(StoredDecision(decision_id, case_id, code, Outcome(outcome)) for decision_id, case_id, code, outcome in kept)
    )


def envelope_of(store: Store, case_id: str) -> bytes | None:
    """The sealed record of one open case."""
    found = store.connection.execute("SELECT content FROM open_case JOIN record USING (sequence) WHERE case_id = ?", (case_id,)).fetchone()
    return b64decode(decode(found[0], Record).data_base64) if found else None


def keep_claim(store: Store, case_id: str, holder: str, version: int) -> None:
    """Who holds a case, so that a restart of the lane does not give it to another console."""
    with store.transaction():
        store.connection.execute("UPDATE open_case SET holder = ?, version = ? WHERE case_id = ?", (holder, version, case_id))


def keep_command(store: Store, obeys: Obeys) -> None:
    """A command's result without an audit record, for which there was no room."""
    with store.transaction():
        store.obey(obeys)


def command(store: Store, command_id: str) -> CommandKept | None:
    """What became of a command that was here before, and not longer ago than the journal keeps."""
    found = store.connection.execute("SELECT number, id, result, why FROM command WHERE id = ?", (command_id,)).fetchone()
    return CommandKept(found[0], found[1], Result(found[2]), found[3]) if found else None


def last_number(store: Store) -> int:
    """The highest number of a command so far; its row is never removed."""
    return int(store.connection.execute("SELECT coalesce(max(number), 0) FROM command").fetchone()[0])
