"""The second database: only what is new is opened, each opening is journalled first, and what comes late or does not open is not lost."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from kiosk.__main__ import main
from kiosk.clock import Stamp
from kiosk.crossings.columns import STORED
from kiosk.crossings.opened import Decided
from kiosk.headquarters.database import StoreFailed, StoreUnusable
from kiosk.headquarters.opened import Opened
from kiosk.headquarters.opener import Tally
from kiosk.journal.rows import Kind, NewPicture
from kiosk.messages.canonical import canonical
from kiosk.messages.payloads import Decision, Picture, encode, members
from kiosk.private import Private
from kiosk.sealing.protected import protected_pem
from kiosk.sealing.signing import sign_members
from kiosk.sealing.station import read_opening_key, write_private
from tests.kiosk.headquarters.crossed import ANNA, FACE, JOHN, Border, Waiting, member, picture_of
from tests.kiosk.practice import CONSOLE, LANE, OTHER_LANE, Kept, Practice, StillClock


@pytest.fixture
def border(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Border]:
    here = Border(tmp_path, new_database(), sealed=new_database())
    yield here
    here.close()


def openings(border: Border) -> list[str]:
    journal = sqlite3.connect(border.folder / "openings" / "openings.db")
    names = [name for (name,) in journal.execute("SELECT record FROM opening ORDER BY number")]
    journal.close()
    return names


def test_a_party_is_a_row_a_traveller_in_plain_columns(border: Border) -> None:
    record = border.registers(member(), member(JOHN, "child"))
    border.delivers()
    assert border.fills() == Tally(1, 0)
    names = [column.name for column in STORED]
    mother, son = (dict(zip(names, row, strict=True)) for row in border.opened(f"SELECT {', '.join(names)} FROM crossing ORDER BY member"))
    assert (mother["record_id"], mother["member"], mother["party_size"], mother["relation"]) == (record, 0, 2, "")
    assert (mother["station"], mother["post"], mother["direction"], mother["sequence"]) == (LANE, "ut-nowhere", "entry", 1)
    assert (mother["document_type"], mother["document_state"], mother["document_number"]) == ("P", "UTO", "L898902C3")
    assert (mother["surname"], mother["given_names"], mother["birth_date"], mother["sex"]) == ("ERIKSSON", "ANNA MARIA", "1974-08-12", "F")
    assert json.loads(mother["answers"]) == {"purpose": "trade", "days": "3"}
    assert json.loads(mother["checks"]) == {"number_check_digit": "successful", "not_expired": "undetermined"}
    assert json.loads(mother["checks_evidence"]) == {"not_expired": "clock"}
    assert (mother["checks_worst"], mother["face"]) == ("undetermined", "unwilling")
    assert mother["time_source"] in ("ntp", "rtc", "unknown") and mother["time_uncertainty_s"] > 0
    assert mother["erased"] is mother["decision_code"] is None
    assert (son["member"], son["given_names"], son["relation"], son["record_id"]) == (1, "JOHN", "child", record)
    assert son["change"] > mother["change"]


def test_someone_of_whom_nothing_was_read_is_a_row_without_a_person(border: Border) -> None:
    border.registers()
    border.delivers()
    border.fills()
    assert border.opened("SELECT member, party_size, surname, papers FROM crossing") == [(0, 0, None, "document")]


def test_only_what_is_new_is_opened_and_each_opening_is_journalled_once(border: Border) -> None:
    first = border.registers(member())
    border.delivers()
    assert border.fills() == Tally(1, 0)
    assert border.fills() == Tally(0, 0)
    second = border.registers(member(JOHN))
    border.delivers()
    assert border.fills() == Tally(1, 0)
    assert openings(border) == [first, second]


def test_a_row_that_came_late_into_a_gap_is_opened_when_it_is_there(border: Border) -> None:
    ids = [border.registers(member()) for _ in range(5)]
    rows = border.waiting(border.lane).rows
    border.takes(LANE, [rows[0], rows[4]])
    border.fills()
    border.takes(LANE, [rows[2]])
    border.fills()
    assert openings(border) == [ids[0], ids[4], ids[2]]
    border.takes(LANE, rows)
    assert border.fills() == Tally(2, 0)
    assert {found for (found,) in border.opened("SELECT record_id FROM crossing")} == set(ids)
    assert border.opened("SELECT * FROM missing") == []


def test_a_decision_stands_with_its_crossing_whichever_came_first_and_counts_as_a_change(border: Border) -> None:
    case = border.registers(member(), member(JOHN, "child"))
    border.decides(case)
    lane, console = border.waiting(border.lane), border.waiting(border.console)
    border.takes(CONSOLE, console.rows)
    border.fills()
    border.takes(LANE, lane.rows)
    border.fills()
    says = "SELECT decision_code, decision_officer, decision_console, decision_conflict FROM crossing"
    assert border.opened(says) == [("cleared", "O-7", CONSOLE, 0)] * 2
    (before,) = border.opened("SELECT max(change) FROM crossing")[0]
    border.decides(case, code="second_line", officer="O-8", number=2)
    border.delivers()
    border.fills()
    assert border.opened(says) == [("cleared", "O-7", CONSOLE, 1)] * 2
    assert border.opened("SELECT min(change) FROM crossing")[0][0] > before
    assert border.opened("SELECT count(*) FROM decision") == [(2,)]


def test_pictures_are_looked_for_until_they_have_come(border: Border) -> None:
    record = border.registers(member(pictures=2), member(JOHN, "child", pictures=1), pictures=3)
    border.delivers(pictures=False)
    assert border.fills() == Tally(1, 0)
    pictures = border.waiting(border.lane).pictures
    border.takes(LANE, (), pictures[:1])
    assert border.fills() == Tally(1, 0)
    border.takes(LANE, (), pictures)
    assert border.fills() == Tally(2, 0)
    assert border.fills() == Tally(0, 0)
    found = border.opened("SELECT record_id, member, kind, encoding, width, image FROM picture ORDER BY member")
    assert [(row[0], *row[1:5], bytes(row[5])) for row in found] == [
        (record, at, "face", "jpeg", 4, FACE + str(at).encode()) for at in range(3)
    ]
    assert border.opened("SELECT * FROM awaited") == []
    assert sorted(openings(border)) == sorted([record, *(picture.picture_id for picture in pictures)])


def test_pictures_that_never_come_are_not_looked_for_for_ever(border: Border) -> None:
    border.registers(member(pictures=1), pictures=1)
    border.delivers(pictures=False)
    clock = StillClock()
    border.fills(clock=clock)
    clock.pass_days(59)
    border.fills(clock=clock)
    assert len(border.opened("SELECT * FROM awaited")) == 1
    clock.pass_days(2)
    border.fills(clock=clock)
    assert border.opened("SELECT * FROM awaited") == []


def test_what_another_key_does_not_open_is_listed_and_opened_when_it_is_asked_for_again(border: Border, tmp_path: Path) -> None:
    record = border.registers(member(pictures=1), pictures=1)
    border.delivers()
    stranger = Practice(tmp_path / "stranger").founding.opening_key
    assert border.fills(key=stranger) == Tally(0, 1)
    assert border.opened("SELECT record_id, why FROM unopened") == [(record, "it was not sealed for this key")]
    assert border.fills() == Tally(0, 0), "it is not tried each time"
    assert border.fills(again=True) == Tally(2, 0)
    assert border.opened("SELECT surname FROM crossing") == [("ERIKSSON",)]
    assert border.opened("SELECT * FROM unopened") == []
    picture = border.waiting(border.lane).pictures[0].picture_id
    assert openings(border) == [record, record, picture], "the try that failed is journalled as well"


def test_a_folder_of_keys_opens_what_was_sealed_before_and_after_a_rotation(border: Border, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    for name, founding in (("1.key", Practice(tmp_path / "older").founding), ("2.key", border.practice.founding)):
        shutil.copy(founding.opening_key, keys / name)
    border.registers(member())
    border.delivers()
    assert border.fills(key=keys) == Tally(1, 0)
    journal = sqlite3.connect(border.folder / "openings" / "openings.db")
    ((used,),) = journal.execute("SELECT key FROM opening").fetchall()
    journal.close()
    assert len(used.split()) == 2


def test_a_key_under_a_passphrase_is_opened_with_the_file_that_holds_it(
    border: Border, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # stretched little: what a guess costs is asserted where keys are
    monkeypatch.setattr("kiosk.sealing.protected.SCRYPT_N", 2**8)
    border.registers(member())
    border.delivers()
    key, passphrase = tmp_path / "protected.key", tmp_path / "passphrase"
    words = "six words drawn by dice"
    write_private(key, protected_pem(read_opening_key(border.practice.founding.opening_key), Private(words)))
    opens = ["headquarters", "open", "--store", border.store_url, "--into", border.into, "--operator", "O-1", "--reason", "new records"]
    opens += ["--key", str(key), "--passphrase-file", str(passphrase), "--openings", str(tmp_path / "openings")]
    for written, status in (("another passphrase", 2), (words, 0)):
        passphrase.unlink(missing_ok=True)
        write_private(passphrase, written.encode())
        assert main(opens) == status
    assert border.opened("SELECT surname FROM crossing") == [("ERIKSSON",)]


def test_a_picture_that_does_not_open_is_listed_and_tried_again_when_asked(border: Border, tmp_path: Path) -> None:
    border.registers(member(pictures=1), pictures=1)
    border.delivers(pictures=False)
    border.fills()
    border.delivers()
    stranger = Practice(tmp_path / "stranger").founding.opening_key
    assert border.fills(key=stranger) == Tally(0, 1)
    assert border.fills() == Tally(0, 0)
    assert border.fills(again=True) == Tally(1, 0)
    assert border.opened("SELECT count(*) FROM picture") == [(1,)]


def test_what_is_no_registration_is_listed_and_what_is_nobodys_crossing_stays_sealed(border: Border) -> None:
    border.lane.recorded(b"[]")
    border.lane.journal.audit({"event": "session_ended", "seconds": 41})
    border.lane.asked(border.lane.journal.waiting)
    border.delivers()
    assert border.fills() == Tally(0, 1)
    assert border.opened("SELECT why FROM unopened") == [("not a registration that this version knows",)]
    assert len(openings(border)) == 1


def test_a_text_that_no_database_holds_keeps_nobody_from_being_opened(border: Border) -> None:
    border.registers(structs.replace(member(None), border_pass="PASS\0 7"))
    border.decides(border.registers(member()), officer="O\0")
    border.delivers()
    assert border.fills() == Tally(4, 0)
    assert border.opened("SELECT border_pass, decision_officer FROM crossing ORDER BY sequence") == [
        ("PASS\ufffd 7", None),
        ("", "O\ufffd"),
    ]


@pytest.mark.parametrize("harm", [{"width": 2**70}, {"note": "\ud800"}, {"kind": "\0"}])
def test_neither_does_a_picture_whose_head_is_none(border: Border, harm: dict[str, Any]) -> None:
    head = json.loads(picture_of(0).partition(b"\n")[0])
    drawn = [NewPicture(Picture.FACE, Private(json.dumps(head | harm).encode() + b"\n" + FACE))]
    border.registers(member(pictures=1), drawn=drawn)
    border.delivers()
    assert border.fills().opened >= 1
    assert len(border.opened("SELECT id FROM picture")) + len(border.opened("SELECT name FROM unopened")) == 1


def test_a_number_that_no_database_holds_is_listed_and_the_next_is_opened(border: Border) -> None:
    border.registers(member(replace(ANNA, age=2**70)))
    record = border.registers(member())
    border.delivers()
    assert border.fills() == Tally(1, 1)
    assert border.opened("SELECT record_id FROM crossing") == [(record,)]
    assert border.opened("SELECT why FROM unopened") == [("a number in it is larger than any that is meant",)]


def of_another_lane(border: Border, kind: Kind, payload: bytes, *drawn: NewPicture) -> Waiting:
    other = Kept(border.folder / "other", border.practice.keys(OTHER_LANE))
    other.journal.record(1, kind, Private(payload), list(drawn), None)
    other.answer()
    waiting = border.waiting(other)
    other.close()
    return waiting


def test_a_lane_cannot_put_a_picture_to_the_crossing_of_another(border: Border) -> None:
    record = border.registers(member(pictures=1), pictures=1)
    border.delivers(pictures=False)
    there = of_another_lane(border, Kind.REGISTRATION, b"[]", NewPicture(Picture.FACE, Private(picture_of(0))))
    claims = members(there.pictures[0].content) | {"record": record}
    forged = replace(
        there.pictures[0], content=canonical(claims | {"sig": sign_members("media", claims, border.practice.keys(OTHER_LANE).signing)})
    )
    border.takes(OTHER_LANE, there.rows, [forged])
    assert border.store.counts() == (2, 1, 0), "the receiver cannot know"
    border.fills()
    assert border.opened("SELECT id FROM picture") == []
    border.delivers()
    border.fills()
    assert border.opened("SELECT id FROM picture") == [(border.waiting(border.lane).pictures[0].picture_id,)]


def test_a_decision_counts_where_the_console_is_of_the_post_of_the_crossing(border: Border) -> None:
    record = border.registers(member())
    decision = Decision(
        decision_id=record, case_id=record, version=1, code="cleared", officer="O-9", console="ut-elsewhere-console1", sig=""
    )
    border.takes(OTHER_LANE, of_another_lane(border, Kind.DECISION, encode(decision)).rows)
    border.delivers()
    assert border.fills() == Tally(1, 1)
    assert border.opened("SELECT why FROM unopened") == [("a decision of another post's console",)]
    with closing(Opened(border.into)) as into, into.transaction():
        into.take_decision(Decided(decision, record, "2026-12-01T08:00:00.000Z"))
    assert border.opened("SELECT decision_code FROM crossing") == [(None,)]


def test_a_record_stored_apart_is_opened_and_says_so(border: Border) -> None:
    lane = border.lane
    border.registers(member())
    lane.close()
    image = {path.name: path.read_bytes() for path in (border.folder / "lane").iterdir()}
    border.lane = type(lane)(border.folder / "lane", border.practice.keys())
    border.registers(member())
    border.delivers()
    border.lane.close()
    for name, content in image.items():
        (border.folder / "lane" / name).write_bytes(content)
    border.lane = type(lane)(border.folder / "lane", border.practice.keys())
    forked = border.registers(member(JOHN))
    border.delivers()
    border.fills()
    assert border.opened("SELECT record_id, given_names FROM crossing WHERE stored_apart = 'fork'") == [(forked, "JOHN")]
    assert border.fills() == Tally(0, 0)


def test_a_pass_that_is_cut_short_goes_on_without_a_second_row(border: Border, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.headquarters.sealed.AT_ONCE", 2)
    ids = [border.registers(member()) for _ in range(5)]
    border.delivers()
    cut = border.folder / "openings" / "openings.db"

    class Cut(StillClock):
        def now(self):  # type: ignore[no-untyped-def]  # the power goes at the third portion's commit
            if cut.exists() and len(openings(border)) >= 4:
                raise KeyboardInterrupt
            return super().now()

    with pytest.raises(KeyboardInterrupt):
        border.fills(clock=Cut())
    done = len(border.opened("SELECT * FROM crossing"))
    assert 0 < done < 5
    border.fills()
    assert sorted(found for (found,) in border.opened("SELECT record_id FROM crossing")) == sorted(ids)


def test_of_two_that_open_at_once_the_slower_stops_and_nothing_is_lost(border: Border, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [border.registers(member()) for _ in range(6)]
    rows = border.waiting(border.lane).rows
    border.takes(LANE, rows[:2])

    class Meanwhile(StillClock):
        """The timer's opener runs while this one opens."""

        ran = False

        def now(self) -> Stamp:
            if not self.ran:
                self.ran = True
                border.takes(LANE, [rows[2], rows[4]])
                assert border.fills() == Tally(4, 0)
            return super().now()

    with pytest.raises(StoreFailed, match="another program opens"):
        border.fills(clock=Meanwhile())
    border.takes(LANE, rows)
    assert border.fills() == Tally(2, 0)
    assert sorted(found for (found,) in border.opened("SELECT record_id FROM crossing")) == sorted(ids)
    assert border.opened("SELECT * FROM missing") == []


def test_nothing_is_opened_where_the_journal_of_openings_cannot_be_written(border: Border) -> None:
    border.registers(member())
    border.delivers()
    (border.folder / "openings").write_bytes(b"")
    with pytest.raises(StoreUnusable, match="nothing is opened without it"):
        border.fills()


def test_the_fields_of_anna_are_in_no_text_that_is_printed(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    border.registers(member())
    border.delivers()
    border.fills()
    assert ANNA.surname not in "".join(capsys.readouterr())
