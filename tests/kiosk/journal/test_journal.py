"""The journal: recorded means on the disk, in one chain; nothing leaves before headquarters has it; trouble is said in words."""

import os
import queue
import shutil
import sqlite3
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.journal.ids import uuid7
from kiosk.journal.rows import (
    AckRefused,
    AckTaken,
    Caps,
    CommandKept,
    Expires,
    JournalUnusable,
    Kind,
    NewPicture,
    NotRecorded,
    Obeys,
    Opens,
    Pressure,
    Recorded,
    Settles,
)
from kiosk.journal.schema import JOURNAL_FILE, JOURNAL_FORMS, MEDIA_FILE, migrate
from kiosk.messages.payloads import Ack, Outcome, Picture, Record, RecordType, Reject, Result, decode, members
from kiosk.private import Private
from kiosk.registration.names import NotRecordedBecause
from kiosk.sealing.envelope import open_envelope
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash, key_id, signed_by
from kiosk.sealing.station import raw_public, read_opening_key
from tests.kiosk.practice import CONSOLE, GIVE_UP_S, LANE, OTHER_LANE, Kept, Practice, StillClock


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path)


@pytest.fixture
def kept(practice: Practice) -> Iterator[Kept]:
    opened = practice.journal(clock=StillClock())
    yield opened
    opened.close()


def rows(kept: Kept, after: int = 0, limit: int = 1000) -> list[Record]:
    return [decode(row.content, Record) for row in kept.asked(kept.journal.unsent, after, limit)]


def ack(kept: Kept, upto: int, /, **more: object) -> Ack:
    found = {row.sequence: row.content for row in kept.asked(kept.journal.unsent, 0, 1000)}
    facts = {
        "station": LANE, "chain": kept.journal.opened.chain, "upto": f"{upto:020d}", "sig": "", "time": "2026-12-24T00:00:00.000Z",
        "head": chain_hash(found[upto]) if upto in found else NOTHING_BEFORE,
    }  # fmt: skip
    return Ack(**{**facts, **more})  # type: ignore[arg-type]


def test_records_hang_together_in_one_signed_chain(practice: Practice, kept: Kept) -> None:
    answers = [kept.recorded(kind=kind) for kind in Kind]
    assert [answer.sequence for answer in answers] == [1, 2, 3, 4]
    before = NOTHING_BEFORE
    for row, kind in zip(kept.asked(kept.journal.unsent, 0, 9), Kind, strict=True):
        record = decode(row.content, Record)
        assert (record.prevhash, record.type, int(record.sequence)) == (before, kind.type, row.sequence)
        key = practice.keys().public.station_key(LANE, record.keyid)
        assert key is not None
        assert signed_by("record", members(row.content), (key,))
        before = chain_hash(row.content)


def test_the_station_cannot_open_what_it_recorded_and_three_others_can(practice: Practice, kept: Kept) -> None:
    kept.recorded(b'{"name":"MARKED SPECIMEN"}')
    record = rows(kept)[0]
    founding = practice.founding
    for path in (founding.opening_key, founding.recovery_key, founding.station(CONSOLE) / "desk.key"):
        key = read_opening_key(path)
        opened = open_envelope({key_id(raw_public(key)): key}, b64decode(record.data_base64), LANE, record.id)
        assert opened.value == b'{"name":"MARKED SPECIMEN"}'


def test_no_word_of_a_person_is_on_the_disk(practice: Practice) -> None:
    kept = practice.journal()
    kept.journal.record(1, Kind.REGISTRATION, Private(b"MARKED SPECIMEN"), [NewPicture(Picture.FACE, Private(b"MARKED PICTURE"))])
    assert isinstance(kept.answer(), Recorded)
    # as a power cut would leave it, with the write-ahead log beside it, and after closing
    for _ in range(2):
        for path in (practice.folder / "journal").iterdir():
            assert b"MARKED" not in path.read_bytes(), path.name
        kept.close()


def test_each_ticket_is_answered_once_also_when_the_journal_closes(practice: Practice) -> None:
    kept = practice.journal()
    for ticket in range(50):
        kept.journal.record(ticket, Kind.AUDIT, Private(b"{}"))
    kept.close()
    kept.journal.record(50, Kind.AUDIT, Private(b"{}"))
    answers = [kept.told.get_nowait() for _ in range(51)]
    assert kept.told.empty()
    assert [answer.ticket for answer in answers if isinstance(answer, Recorded)] == list(range(50))
    assert answers[-1] == NotRecorded(50, NotRecordedBecause.BROKEN)


def test_after_a_restart_the_chain_goes_on_and_open_cases_are_back(practice: Practice) -> None:
    kept = practice.journal()
    first = kept.recorded(token="AAA222", pictures=2)
    second = kept.recorded(token="BBB333")
    kept.journal.keep_claim(second.record_id, CONSOLE, 3)
    envelope = b64decode(rows(kept)[0].data_base64)
    kept.close()
    again = practice.journal()
    found = again.asked(again.journal.case_book)
    assert [(case.case_id, case.token_code, case.holder, case.version) for case in found.cases] == [
        (first.record_id, "AAA222", "", 0),
        (second.record_id, "BBB333", CONSOLE, 3),
    ]
    assert found.cases[0].envelope == envelope, "the same ciphertext is offered again"
    assert len(again.asked(again.journal.pictures_of, first.record_id)) == 2
    assert again.recorded().sequence == 3
    again.close()


def test_an_accepted_decision_closes_its_case_in_the_same_commit(kept: Kept) -> None:
    case = kept.recorded(token="AAA222").record_id
    for number, outcome in enumerate((Outcome.CONFLICT, Outcome.ACCEPTED), start=1):
        kept.journal.record(90 + number, Kind.DECISION, Private(b"{}"), work=Settles(f"d{number}", case, "clear", outcome))
        assert isinstance(kept.answer(), Recorded)
        assert len(kept.asked(kept.journal.case_book).cases) == (0 if outcome is Outcome.ACCEPTED else 1)
    assert [decision.outcome for decision in kept.asked(kept.journal.case_book).decisions] == [Outcome.CONFLICT, Outcome.ACCEPTED]
    assert kept.asked(kept.journal.envelope_of, case) is None


def test_a_decision_that_is_here_already_is_not_recorded_twice(kept: Kept) -> None:
    case = kept.recorded(token="AAA222").record_id
    work = Settles("d1", case, "clear", Outcome.ACCEPTED)
    for ticket in (91, 92):
        kept.journal.record(ticket, Kind.DECISION, Private(b"{}"), work=work)
    assert isinstance(kept.answer(), Recorded)
    assert isinstance(kept.answer(), NotRecorded)
    assert kept.asked(kept.journal.waiting).rows == 2


def test_an_expired_case_is_closed(kept: Kept) -> None:
    case = kept.recorded(token="AAA222").record_id
    kept.journal.record(91, Kind.AUDIT, Private(b"{}"), work=Expires(case))
    assert isinstance(kept.answer(), Recorded)
    assert kept.asked(kept.journal.case_book).cases == ()


def test_a_record_that_is_too_large_is_refused_and_leaves_no_gap(kept: Kept) -> None:
    assert kept.records(bytes(20_000)) == NotRecorded(1, NotRecordedBecause.TOO_LARGE)
    kept.journal.record(2, Kind.REGISTRATION, Private(b"{}"), [NewPicture(Picture.FACE, Private(bytes(300_000)))])
    assert kept.answer() == NotRecorded(2, NotRecordedBecause.TOO_LARGE)
    assert kept.recorded().sequence == 1


def test_rows_leave_the_outbox_up_to_what_headquarters_has(kept: Kept) -> None:
    for _ in range(5):
        kept.recorded()
    assert kept.asked(kept.journal.acknowledged, ack(kept, 3)) == AckTaken(3)
    assert [int(record.sequence) for record in rows(kept)] == [4, 5]
    assert kept.asked(kept.journal.acknowledged, ack(kept, 0)) == AckTaken(0)


@pytest.mark.parametrize("wrong", [{}, {"head": "1" * 64}], ids=["taken", "refused"])
def test_what_is_recorded_after_an_acknowledgement_is_synced_like_all_before(kept: Kept, wrong: dict[str, object]) -> None:
    """Letting rows go has no sync of its own; the rule for records stands again at once."""
    kept.recorded()
    kept.asked(kept.journal.acknowledged, ack(kept, 1, **wrong))
    levels: queue.Queue[int] = queue.Queue()
    for name in ("main", "media"):
        asked = f"PRAGMA {name}.synchronous"
        kept.journal._put(lambda store, asked=asked: levels.put(store.connection.execute(asked).fetchone()[0]))
        assert levels.get(timeout=GIVE_UP_S) == 2, "FULL"


@pytest.mark.parametrize("wrong", [{"chain": "018f8a8e-1111-7111-8111-111111111111"}, {"head": "f" * 64}, {"upto": f"{9:020d}"}])
def test_an_acknowledgement_that_does_not_fit_lets_nothing_go(kept: Kept, wrong: dict[str, object]) -> None:
    kept.recorded()
    assert isinstance(kept.asked(kept.journal.acknowledged, ack(kept, 1, **wrong)), AckRefused)
    assert len(rows(kept)) == 1


def test_a_picture_leaves_only_when_its_id_was_named(kept: Kept) -> None:
    kept.recorded(pictures=2)
    pictures = kept.asked(kept.journal.unsent_pictures, 0, 9)
    kept.asked(kept.journal.acknowledged, ack(kept, 1, ids=[pictures[0].picture_id]))
    assert kept.asked(kept.journal.unsent_pictures, 0, 9) == (pictures[1],)


def test_a_row_that_headquarters_stored_apart_is_counted_and_not_sent_again(kept: Kept) -> None:
    record = kept.recorded().record_id
    kept.asked(kept.journal.acknowledged, ack(kept, 0, reject=[Reject(id=record, why="fork")]))
    waiting = kept.asked(kept.journal.waiting)
    assert (waiting.rows, waiting.rejected) == (0, 1)


def test_rows_are_sent_again_when_headquarters_asks_and_an_old_acknowledgement_does_not_take_them(kept: Kept) -> None:
    for _ in range(3):
        kept.recorded(pictures=1)
    done = ack(kept, 3, ids=[picture.picture_id for picture in kept.asked(kept.journal.unsent_pictures, 0, 9)])
    kept.asked(kept.journal.acknowledged, done)
    kept.journal.replay(2)
    assert [int(record.sequence) for record in rows(kept)] == [2, 3]
    assert len(kept.asked(kept.journal.unsent_pictures, 0, 9)) == 2
    assert isinstance(kept.asked(kept.journal.acknowledged, done), AckRefused)
    assert kept.asked(kept.journal.acknowledged, ack(kept, 3, time="2026-12-25T00:00:00.000Z")) == AckTaken(3)


def test_an_acknowledgement_from_before_headquarters_went_back_takes_nothing_however_late_it_comes(kept: Kept) -> None:
    for _ in range(3):
        kept.recorded()
    late = ack(kept, 3, time="2026-12-24T00:00:00.000Z")
    kept.journal.replay(1, "2026-12-24T06:00:00.000Z")
    assert isinstance(kept.asked(kept.journal.acknowledged, late), AckRefused)
    kept.journal.replay(1)
    assert isinstance(kept.asked(kept.journal.acknowledged, late), AckRefused), "a later wish without a moment does not bring it back"
    assert kept.asked(kept.journal.acknowledged, ack(kept, 3, time="2026-12-24T07:00:00.000Z")) == AckTaken(3)


def test_rows_that_were_stored_apart_come_again_whatever_the_first_is_that_headquarters_asks_for(kept: Kept) -> None:
    apart = kept.recorded(pictures=1).record_id
    kept.recorded()
    pictures = [picture.picture_id for picture in kept.asked(kept.journal.unsent_pictures, 0, 9)]
    kept.asked(kept.journal.acknowledged, ack(kept, 2, ids=pictures, reject=[Reject(id=apart, why="fork")]))
    kept.journal.replay(2)
    assert [int(record.sequence) for record in rows(kept)] == [1, 2]
    assert len(kept.asked(kept.journal.unsent_pictures, 0, 9)) == 1


def test_a_row_that_headquarters_names_as_stored_is_let_go_though_the_head_is_of_another_branch(kept: Kept) -> None:
    first, second = kept.recorded().record_id, kept.recorded().record_id
    assert isinstance(kept.asked(kept.journal.acknowledged, ack(kept, 9, ids=[first])), AckRefused)
    assert [record.id for record in rows(kept)] == [second]


def test_a_command_is_remembered_with_its_result(kept: Kept) -> None:
    done = CommandKept(7, "id-7", Result.DONE, "")
    facts = {"event": "command", "number": 7}
    assert kept.asked(kept.journal.keep_command, Obeys(done, {"closed": "since"}), facts) is True
    assert kept.asked(kept.journal.keep_command, Obeys(CommandKept(7, "id-7", Result.FAILED, "again")), facts) is True
    assert [record.type for record in rows(kept)] == [RecordType.AUDIT] * 2
    assert kept.asked(kept.journal.command, "id-7") == (done, 7)
    assert kept.asked(kept.journal.command, "id-8") == (None, 7)


def test_what_headquarters_ordered_holds_over_a_restart_until_it_is_ended(practice: Practice) -> None:
    for number, ordered in ((1, {"closed": "since", "languages": "en sw"}), (2, {"closed": ""})):
        kept = practice.journal()
        kept.asked(kept.journal.keep_command, Obeys(CommandKept(number, f"id-{number}", Result.DONE, ""), ordered), {"number": number})
        kept.close()
    again = practice.journal()
    assert again.journal.opened.ordered == {"languages": "en sw"}
    again.close()


def test_results_of_commands_go_past_retention_and_the_highest_number_never(practice: Practice) -> None:
    clock = StillClock()
    kept = practice.journal(clock=clock, caps=Caps(retention_days=7))

    def keeps(number: int) -> CommandKept:
        done = CommandKept(number, f"id-{number}", Result.DONE, "")
        assert kept.asked(kept.journal.keep_command, Obeys(done), {"number": number}) is True
        return done

    def knows(number: int) -> tuple[CommandKept | None, int]:
        kept.journal._put(kept.journal._trim)
        found: tuple[CommandKept | None, int] = kept.asked(kept.journal.command, f"id-{number}")
        return found

    first = keeps(1)
    clock.pass_days(4)
    second = keeps(2)
    clock.pass_days(2.9)
    assert knows(1) == (first, 2)
    clock.pass_days(0.2)
    assert (knows(1), knows(2)) == ((None, 2), (second, 2)), "come again, the first is refused by its number"
    clock.pass_days(400)
    assert knows(2) == (second, 2)
    third = keeps(3)
    assert (knows(2), knows(3)) == ((None, 3), (third, 3))
    assert len(rows(kept)) == 3, "what headquarters was not told yet waits for it"
    kept.close()


def test_a_command_of_a_journal_of_the_first_form_is_as_old_as_its_newest_record(practice: Practice) -> None:
    folder = practice.folder / "journal"
    folder.mkdir()
    disk = sqlite3.connect(folder / JOURNAL_FILE, isolation_level=None)
    migrate(disk, "main", JOURNAL_FORMS[:1])
    disk.execute("INSERT INTO command VALUES (7, 'id-7', 'done', '')")
    disk.execute("INSERT INTO record VALUES (1, 'one', '2026-12-01T08:00:00.000Z', x'00', '')")
    migrate(disk, "main", JOURNAL_FORMS)
    assert disk.execute("SELECT number, id, result, why, made FROM command").fetchall() == [
        (7, "id-7", "done", "", "2026-12-01T08:00:00.000Z")
    ]
    disk.close()


def test_a_command_is_kept_though_there_is_no_room_for_an_audit_record(practice: Practice) -> None:
    kept = practice.journal(caps=Caps(journal_bytes=200_000))
    while isinstance(kept.records(bytes(4000), Kind.AUDIT), Recorded):
        pass
    before = len(rows(kept))
    done = CommandKept(1, "id-1", Result.DONE, "")
    assert kept.asked(kept.journal.keep_command, Obeys(done), {"number": 1}) is True
    assert kept.asked(kept.journal.command, "id-1") == (done, 1)
    assert len(rows(kept)) == before
    kept.close()


def test_old_rows_go_when_headquarters_has_them_and_the_chain_goes_on_at_the_cut(practice: Practice) -> None:
    clock = StillClock()
    kept = practice.journal(clock=clock, caps=Caps(retention_days=7))
    for number in range(6):
        kept.recorded(pictures=1, token="AAA222" if number == 4 else "")
    pictures = [picture.picture_id for picture in kept.asked(kept.journal.unsent_pictures, 0, 9)]
    last = kept.asked(kept.journal.unsent, 5, 1)[0]
    kept.asked(kept.journal.acknowledged, ack(kept, 6, ids=pictures[:5]))
    kept.close()
    clock.pass_days(8)
    again = practice.journal(clock=clock, caps=Caps(retention_days=7))
    # rows 1 to 4 may go: 5 is an open case; its picture stays, and so does picture 6, which headquarters does not have
    with_rows = again.recorded()
    assert (with_rows.sequence, rows(again)[0].prevhash) == (7, chain_hash(last.content))
    again.close()
    disk = sqlite3.connect(practice.folder / "journal" / JOURNAL_FILE)
    assert [row[0] for row in disk.execute("SELECT sequence FROM record ORDER BY 1")] == [5, 6, 7]
    assert dict(disk.execute("SELECT name, value FROM mark WHERE name = 'cut_sequence'")) == {"cut_sequence": "4"}
    disk.close()
    media = sqlite3.connect(practice.folder / "journal" / MEDIA_FILE)
    assert [row[0] for row in media.execute("SELECT place FROM picture ORDER BY 1")] == [5, 6]
    media.close()


def test_self_registration_pauses_at_nine_tenths_and_decisions_go_on(practice: Practice) -> None:
    kept = practice.journal(caps=Caps(journal_bytes=1_500_000))
    while not isinstance(answer := kept.records(bytes(12_000)), NotRecorded):
        pass
    assert answer.reason is NotRecordedBecause.FULL
    assert kept.pressures == [Pressure.WARN, Pressure.PAUSED]
    assert kept.journal.pressure is Pressure.PAUSED
    for _ in range(10):
        kept.recorded(b"{}", Kind.DECISION)
    kept.close()


def test_a_full_database_refuses_decisions_too_and_loses_nothing(practice: Practice) -> None:
    kept = practice.journal(caps=Caps(journal_bytes=300_000))
    recorded = 0
    while True:
        answer = kept.records(bytes(12_000), Kind.DECISION)
        if isinstance(answer, NotRecorded):
            break
        recorded += isinstance(answer, Recorded)
    assert answer.reason is NotRecordedBecause.FULL
    assert len(rows(kept)) == recorded
    kept.close()
    roomier = practice.journal(caps=Caps(journal_bytes=3_000_000))
    assert len(rows(roomier)) == recorded
    roomier.recorded()
    roomier.close()


def mounted(folder: Path, options: str) -> bool:
    return (
        os.geteuid() == 0
        and subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], capture_output=True, check=False).returncode == 0
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted(folder, "size=3m"):
        pytest.skip("only root may make a small disk here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_fills_up_pauses_the_kiosk_and_loses_nothing(practice: Practice, small_disk: Path) -> None:
    kept = Kept(small_disk / "journal", practice.keys())
    recorded = [kept.recorded().record_id]
    (small_disk / "somebody else's file").write_bytes(bytes(2_000_000))
    while not isinstance(answer := kept.records(bytes(8_000)), NotRecorded):
        recorded += [answer.record_id] if isinstance(answer, Recorded) else []
    assert answer.reason is NotRecordedBecause.FULL
    while True:
        answer = kept.records(bytes(8_000), Kind.DECISION)
        if isinstance(answer, NotRecorded):
            break
        recorded += [answer.record_id] if isinstance(answer, Recorded) else []
    assert answer.reason is NotRecordedBecause.FULL
    assert [record.id for record in rows(kept)] == recorded
    kept.close()
    (small_disk / "somebody else's file").unlink()
    again = Kept(small_disk / "journal", practice.keys())
    assert [record.id for record in rows(again)] == recorded
    assert again.recorded().sequence == len(recorded) + 1
    again.close()


def test_a_disk_that_turns_read_only_is_told_and_is_not_opened_again(practice: Practice, small_disk: Path) -> None:
    kept = Kept(small_disk / "journal", practice.keys())
    kept.recorded()
    kept.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(JournalUnusable, match="read-only"):
        Kept(small_disk / "journal", practice.keys())


def test_a_journal_whose_beginning_is_damaged_says_what_to_do(practice: Practice) -> None:
    practice.journal().close()
    path = practice.folder / "journal" / JOURNAL_FILE
    path.write_bytes(b"not a database, for certain" + path.read_bytes()[27:])
    with pytest.raises(JournalUnusable, match="put the file aside for headquarters"):
        practice.journal()


def test_a_row_that_was_changed_by_hand_is_found(practice: Practice) -> None:
    kept = practice.journal()
    kept.recorded()
    kept.close()
    disk = sqlite3.connect(practice.folder / "journal" / JOURNAL_FILE)
    disk.execute("UPDATE record SET content = replace(CAST(content AS TEXT), 'audit', 'Audit') || ' '")
    disk.commit()
    disk.close()
    with pytest.raises(JournalUnusable, match="row 1 is damaged"):
        practice.journal()


def test_a_second_program_does_not_get_the_journal(practice: Practice) -> None:
    kept = practice.journal()
    with pytest.raises(JournalUnusable, match="another program holds it"):
        practice.journal()
    kept.close()


def test_the_journal_of_another_station_is_refused(practice: Practice) -> None:
    practice.journal().close()
    with pytest.raises(JournalUnusable, match=f"journal of {LANE}"):
        Kept(practice.folder / "journal", practice.keys(OTHER_LANE))


def test_a_folder_that_cannot_be_made_is_said(practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(JournalUnusable, match="cannot be made"):
        Kept(tmp_path / "file" / "journal", practice.keys())


def test_the_form_goes_forward_and_a_newer_one_is_refused(practice: Practice) -> None:
    kept = practice.journal()
    kept.recorded()
    kept.close()
    disk = sqlite3.connect(practice.folder / "journal" / JOURNAL_FILE, isolation_level=None)
    migrate(disk, "main", [*JOURNAL_FORMS, "ALTER TABLE record ADD COLUMN later TEXT;"])
    assert disk.execute("SELECT count(*), max(later) FROM record").fetchone() == (1, None)
    disk.close()
    with pytest.raises(JournalUnusable, match=f"has form {len(JOURNAL_FORMS) + 1}, this version knows {len(JOURNAL_FORMS)}"):
        practice.journal()


def test_pictures_without_a_record_are_swept(practice: Practice) -> None:
    kept = practice.journal()
    kept.recorded(pictures=1)
    kept.close()
    media = sqlite3.connect(practice.folder / "journal" / MEDIA_FILE)
    media.execute("INSERT INTO picture (id, record, kind, made, content) VALUES ('left', 'nobody', 'face', '2026', x'00')")
    media.execute("INSERT INTO outbox VALUES (2)")
    media.commit()
    media.close()
    again = practice.journal()
    assert [picture.place for picture in again.asked(again.journal.unsent_pictures, 0, 9)] == [1]
    again.close()


def test_the_journal_knows_the_latest_moment_that_it_saw(practice: Practice) -> None:
    clock = StillClock(datetime(2027, 3, 1, tzinfo=UTC))
    kept = practice.journal(clock=clock)
    kept.recorded()
    assert isinstance(kept.asked(kept.journal.acknowledged, ack(kept, 1, time="2027-05-05T05:05:05.000Z")), AckTaken)
    kept.close()
    slow = StillClock(datetime(2020, 1, 1, tzinfo=UTC))
    again = practice.journal(clock=slow)
    assert slow.utc == datetime(2027, 5, 5, 5, 5, 5, tzinfo=UTC)
    again.close()


def test_a_journal_takes_key_sets_only_forward(practice: Practice) -> None:
    def opened(number: int) -> Kept:
        keys = practice.keys()
        keys.public.number = number
        return Kept(practice.folder / "journal", keys)

    for number in (4, 4, 5):
        opened(number).close()
    with pytest.raises(JournalUnusable, match="key set 4 is older than number 5, seen before; take the newest"):
        opened(4)
    opened(5).close()


def test_a_copy_made_at_any_moment_holds_all_that_was_recorded(practice: Practice) -> None:
    """What a kill at that moment leaves behind: the files as they are, never closed."""
    kept = practice.journal()
    for number in range(1, 31):
        kept.recorded(bytes(500 * number % 9000), pictures=number % 2)
        if number % 10 == 0:
            copy = practice.folder / f"copy{number}"
            shutil.copytree(practice.folder / "journal", copy)
            left = Kept(copy, practice.keys())
            assert len(rows(left)) == number
            left.close()
    kept.close()


@settings(max_examples=30, deadline=None)
@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2200, 1, 1)), st.integers(1, 10_000))
def test_ids_of_records_rise_with_time(at: datetime, later_ms: int) -> None:
    first = uuid7(at.replace(tzinfo=UTC))
    assert (first[14], first[19] in "89ab") == ("7", True)
    assert uuid7(at.replace(tzinfo=UTC) + timedelta(milliseconds=later_ms)) > first


def test_the_writer_shows_that_it_moves_while_nothing_happens(practice: Practice) -> None:
    import queue

    from kiosk.clock import SystemClock
    from kiosk.journal.writer import Journal

    moved: queue.Queue[None] = queue.Queue()
    journal = Journal(practice.folder / "journal", practice.keys(), SystemClock(), lambda answer: None, moved=lambda: moved.put(None))
    for _ in range(3):
        moved.get(timeout=GIVE_UP_S)
    journal.close()


def test_an_audit_needs_no_answer(kept: Kept) -> None:
    kept.journal.audit({"event": "session_ended", "last": "FACE", "reason": "idle", "seconds": 41})
    assert kept.asked(kept.journal.waiting).rows == 1
    assert kept.told.empty()
    assert Opens("AAA222").token_code == "AAA222"


def test_an_open_journal_has_no_shared_memory_file_also_when_it_was_there_before(practice: Practice) -> None:
    for _ in range(2):
        kept = practice.journal()
        kept.recorded(pictures=1)
        assert sorted(path.name for path in (practice.folder / "journal").iterdir()) == [
            JOURNAL_FILE, f"{JOURNAL_FILE}-wal", MEDIA_FILE, f"{MEDIA_FILE}-wal",
        ]  # fmt: skip
        kept.close()
