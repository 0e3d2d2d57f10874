"""Retention and erasure: what is over its time or ordered away is gone from every file, and that it was so is proven; chains still verify."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.__main__ import main
from kiosk.clock import Stamp, SystemClock, utc_text
from kiosk.crossings.columns import LEFT, STORED
from kiosk.headquarters.clients import Clients, Pull
from kiosk.headquarters.commands import CommandState, Ordered, Wish
from kiosk.headquarters.erasures import Erasures, Order, broken
from kiosk.headquarters.opener import Tally
from kiosk.headquarters.retention import (
    Keeping,
    NotErased,
    OpenedKeeping,
    OpenedRules,
    RetentionSettings,
    SealedKeeping,
    SealedRules,
    apply,
    erase,
    faults,
    overdue,
    scrub,
)
from kiosk.headquarters.rollouts import Plan, RolloutBook
from kiosk.headquarters.store import Store
from kiosk.messages.payloads import CommandName, CommandResult, Result
from kiosk.settings import load
from tests.kiosk.headquarters.crossed import FACE, JOHN, Border, member
from tests.kiosk.practice import LANE, OTHER_LANE, StillClock

ROOT = Path(__file__).parents[3]
ORDER = Order("O-9", "ordered", "case 12/2026")


@pytest.fixture
def border(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Border]:
    here = Border(tmp_path, new_database(), sealed=new_database())
    yield here
    here.close()


def later(days: float) -> StillClock:
    """A clock so many days from now."""
    clock = StillClock()
    clock.utc = SystemClock().now().utc + timedelta(days=days)
    return clock


def sealed(border: Border) -> SealedKeeping:
    return SealedKeeping(border.store_url)


def of_store(border: Border, sql: str) -> list[tuple[Any, ...]]:
    return border.store.database.execute(sql)


def applied(keeping: Keeping, rules: Any, clock: StillClock) -> dict[str, int]:
    found: dict[str, int] = {}
    for rule in keeping.rules(rules):  # type: ignore[attr-defined]  # each kind of keeping has rules of its own
        expected = overdue(keeping, rule, clock.utc)
        done = apply(keeping, rule, "O-9", clock)
        assert done >= expected
        found[rule.name] = found.get(rule.name, 0) + done
    return found


def ordered(border: Border, record: str, member: int | None = None) -> None:
    for keeping in (sealed(border), OpenedKeeping(border.into)):
        with closing(keeping):
            erase(keeping, record, member, ORDER, border.clock)
            scrub(keeping)


def test_each_kind_goes_when_its_own_time_is_over_and_not_before(border: Border) -> None:
    case = border.registers(member(pictures=1), pictures=1)
    border.decides(case)
    border.lane.journal.audit({"event": "session_ended"})
    border.lane.asked(border.lane.journal.waiting)
    border.delivers()
    rules = SealedRules(registrations_days=300, decisions_days=200, others_days=100, pictures_days=30)
    with closing(sealed(border)) as keeping:
        assert sum(applied(keeping, rules, later(29)).values()) == 0
        assert applied(keeping, rules, later(31))["pictures_days"] == 1
        assert applied(keeping, rules, later(101))["others_days"] == 1
        assert applied(keeping, rules, later(201))["decisions_days"] == 2
        assert of_store(border, "SELECT count(*) FROM record WHERE length(content) > 0") == [(1,)]
        assert applied(keeping, rules, later(301))["registrations_days"] == 1
        assert of_store(border, "SELECT count(*) FROM record WHERE length(content) > 0") == [(0,)]
        assert sum(applied(keeping, rules, later(999)).values()) == 0


def test_what_has_no_rule_stays_for_ever(border: Border) -> None:
    border.registers(member())
    border.delivers()
    border.fills()
    with closing(sealed(border)) as keeping:
        assert sum(applied(keeping, SealedRules(), later(30_000)).values()) == 0
    with closing(OpenedKeeping(border.into)) as opened:
        assert sum(applied(opened, OpenedRules(), later(30_000)).values()) == 0


def test_the_chain_verifies_and_gaps_are_found_after_an_erasure(border: Border) -> None:
    ids = [border.registers(member()) for _ in range(6)]
    rows = border.waiting(border.lane).rows
    border.takes(LANE, [*rows[:4], rows[5]])
    with closing(sealed(border)) as keeping:
        for record in (ids[0], ids[2], ids[5]):
            assert erase(keeping, record, None, ORDER, border.clock) == 1
    assert list(faults(border.store_url)) == []
    assert [(gap.upto, gap.next_sequence) for gap in border.store.gaps()] == [(4, 6)]
    border.takes(LANE, rows[4:])
    assert border.store.gaps() == ()
    position = border.store.newest_chains([LANE])[LANE]
    assert (position.upto, position.head) == (6, hashlib.sha256(rows[5].content).hexdigest())


def test_a_lane_that_sends_everything_again_does_not_bring_it_back(border: Border) -> None:
    record = border.registers(member(pictures=1), pictures=1)
    waiting = border.waiting(border.lane)
    border.takes(LANE, waiting.rows, waiting.pictures)
    ordered_in_store(border, record)
    border.takes(LANE, waiting.rows, waiting.pictures)
    assert of_store(border, "SELECT length(content) FROM record UNION ALL SELECT length(content) FROM media") == [(0,), (0,)]
    assert border.fills() == Tally(0, 0)
    assert border.store.findings() == ()


def ordered_in_store(border: Border, record: str) -> None:
    with closing(sealed(border)) as keeping:
        erase(keeping, record, None, ORDER, border.clock)


def test_a_picture_that_comes_after_its_record_was_erased_goes_with_the_next_retention(border: Border) -> None:
    record = border.registers(member(pictures=1), pictures=1)
    waiting = border.waiting(border.lane)
    border.takes(LANE, waiting.rows)
    ordered_in_store(border, record)
    border.takes(LANE, (), waiting.pictures)
    assert of_store(border, "SELECT count(*) FROM media WHERE length(content) > 0") == [(1,)]
    with closing(sealed(border)) as keeping:
        assert applied(keeping, SealedRules(), later(1))["its record is erased"] == 1


def test_no_file_of_the_store_holds_a_byte_of_what_was_erased(tmp_path: Path) -> None:
    into = tmp_path / "opened" / "opened.db"
    border = Border(tmp_path, str(into))
    record, other = border.registers(member(pictures=1), pictures=1), border.registers(member(JOHN))
    waiting = border.waiting(border.lane)
    border.takes(LANE, waiting.rows, waiting.pictures)
    border.fills()
    gone = [*pieces(waiting.rows[0].content), *pieces(waiting.pictures[0].content)]
    stays = pieces(waiting.rows[1].content)
    private = [b"ANNA MARIA", FACE, b"1974-08-12"]
    assert all(found_in(tmp_path / "headquarters", piece) for piece in (*gone, *stays))
    assert all(found_in(into.parent, piece) for piece in private)
    ordered(border, record)
    assert [piece for piece in gone if found_in(tmp_path / "headquarters", piece)] == []
    assert all(found_in(tmp_path / "headquarters", piece) for piece in stays)
    assert [piece for piece in private if found_in(into.parent, piece)] == []
    assert found_in(into.parent, b"JOHN")
    assert other in {found for (found,) in border.opened("SELECT record_id FROM crossing WHERE erased IS NULL")}
    border.close()


def pieces(content: bytes) -> list[bytes]:
    """Pieces of a sealed message, short enough to stand whole on a page of the database; what station and record say in clear is not among them."""
    sealed_part = json.loads(content)["data_base64"].encode()
    return [sealed_part[at : at + 48] for at in range(400, len(sealed_part) - 48, 400)]


def found_in(folder: Path, piece: bytes) -> bool:
    return any(piece in file.read_bytes() for file in folder.iterdir())


def test_a_store_that_is_read_meanwhile_says_that_its_log_is_not_yet_clean(tmp_path: Path) -> None:
    border = Border(tmp_path, "")
    record = border.registers(member())
    border.delivers()
    reader = sqlite3.connect(border.store_url, isolation_level=None)
    with closing(sealed(border)) as keeping:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM record").fetchone()
        keeping.database.execute("PRAGMA busy_timeout = 50")
        erase(keeping, record, None, ORDER, border.clock)
        assert "run this again" in scrub(keeping)
        reader.execute("COMMIT")
        assert scrub(keeping) == ""
    reader.close()
    border.close()


def test_an_erased_crossing_says_that_somebody_crossed_and_nobody_who(border: Border) -> None:
    case = border.registers(member(pictures=1), pictures=1)
    border.decides(case)
    border.delivers()
    border.fills()
    (before,) = border.opened("SELECT change FROM crossing")[0]
    ordered(border, case)
    names = [column.name for column in STORED]
    (row,) = (dict(zip(names, found, strict=True)) for found in border.opened(f"SELECT {', '.join(names)} FROM crossing"))
    assert {name for name, value in row.items() if value is not None} <= LEFT
    assert (row["record_id"], row["direction"], row["post"]) == (case, "entry", "ut-nowhere")
    assert row["erased"] and row["change"] > before, "other systems are told"
    for table in ("picture", "decision", "awaited"):
        assert border.opened(f"SELECT * FROM {table}") == []
    assert border.fills() == Tally(0, 0)


def test_a_decision_that_comes_after_the_erasure_brings_nothing_back(border: Border) -> None:
    case = border.registers(member())
    border.delivers()
    border.fills()
    ordered(border, case)
    border.decides(case)
    border.delivers()
    border.fills()
    assert border.opened("SELECT decision_officer FROM crossing") == [(None,)]


def test_of_a_party_one_traveller_is_erased_and_the_others_stay(border: Border) -> None:
    case = border.registers(member(pictures=1), member(JOHN, "child", pictures=1), pictures=2)
    border.decides(case)
    border.delivers()
    border.fills()
    ordered(border, case, member=1)
    assert border.opened("SELECT member, surname, decision_code FROM crossing ORDER BY member") == [
        (0, "ERIKSSON", "cleared"),
        (1, None, None),
    ]
    assert border.opened("SELECT member FROM picture") == [(0,)]
    assert of_store(border, f"SELECT length(content) FROM record WHERE id = '{case}'") == [(0,)]


def test_a_picture_that_was_erased_is_not_opened_again_while_another_of_its_record_is_waited_for(border: Border) -> None:
    border.registers(member(pictures=2), pictures=1)
    border.delivers()
    assert border.fills() == Tally(2, 0)
    with closing(OpenedKeeping(border.into)) as opened:
        assert applied(opened, OpenedRules(pictures_days=30), later(31))["pictures_days"] == 1
    assert len(border.opened("SELECT * FROM awaited")) == 1
    assert border.fills() == Tally(0, 0)
    assert border.opened("SELECT count(*) FROM picture") == [(0,)]


def test_a_picture_of_a_traveller_who_was_erased_is_not_taken_when_it_comes_late(border: Border) -> None:
    record = border.registers(member(pictures=1), member(JOHN, "child", pictures=1), pictures=2)
    border.delivers(pictures=False)
    border.fills()
    with closing(OpenedKeeping(border.into)) as opened:
        erase(opened, record, 1, ORDER, border.clock)
    border.delivers()
    assert border.fills() == Tally(1, 1)
    assert border.opened("SELECT member FROM picture") == [(0,)]
    assert border.opened("SELECT why FROM unopened") == [("its traveller was erased",)]
    assert border.fills() == Tally(0, 0), "it is not tried each time"


def test_who_is_erased_while_the_opener_runs_does_not_come_back(border: Border) -> None:
    record = border.registers(member())
    border.registers(member(JOHN))
    border.delivers()

    class Meanwhile(StillClock):
        """The order comes between reading the sealed record and storing what was opened."""

        ran = False

        def now(self) -> Stamp:
            if not self.ran:
                self.ran = True
                ordered(border, record)
            return super().now()

    border.fills()
    with closing(OpenedKeeping(border.into)) as opened, opened.database.transaction():
        opened.database.execute("DELETE FROM crossing")
        opened.database.execute("DELETE FROM progress")
    border.fills(clock=Meanwhile())
    assert border.opened("SELECT given_names FROM crossing") == [("JOHN",)]


def test_a_visa_goes_after_its_last_day_and_its_number_is_in_no_journal(border: Border) -> None:
    visas = border.folder / "visas.csv"
    head = "number,issuer,document_state,document_number,valid_from,valid_until\n"
    visas.write_text(f"{head}V/1,UTO,UTO,X1,2020-01-01,2026-01-01\nV/2,UTO,UTO,X1,2020-01-01,2099-01-01\n", encoding="utf-8")
    assert main(["headquarters", "import", str(visas), "--into", border.into, "--kind", "visas"]) == 0
    with closing(OpenedKeeping(border.into)) as keeping:
        assert applied(keeping, OpenedRules(permits_days=30), later(0))["permits_days"] == 1
        assert [(entry.deed, entry.name) for entry in keeping.journal.all()] == [("permit", "1 of them")]
    assert border.opened("SELECT number FROM permit") == [("V/2",)]


def test_what_is_held_is_neither_over_its_time_nor_erased_by_order(border: Border) -> None:
    case = border.registers(member(pictures=1), pictures=1)
    border.delivers()
    border.fills()
    rules = {
        SealedKeeping: SealedRules(registrations_days=1, pictures_days=1),
        OpenedKeeping: OpenedRules(crossings_days=1, pictures_days=1),
    }
    for keeping in (sealed(border), OpenedKeeping(border.into)):
        with closing(keeping):
            assert keeping.journal.hold(case, replace(ORDER, rule="hold"), utc_text(border.clock.now().utc))
            assert not keeping.journal.hold(case, ORDER, utc_text(border.clock.now().utc))
            assert sum(applied(keeping, rules[type(keeping)], later(9)).values()) == 0
            with pytest.raises(NotErased, match="is held"):
                erase(keeping, case, None, ORDER, border.clock)
            assert keeping.journal.release(case, ORDER, utc_text(border.clock.now().utc))
            assert sum(applied(keeping, rules[type(keeping)], later(9)).values()) == 2
            assert [entry.deed for entry in keeping.journal.of(case)][:2] == ["hold", "release"]


def test_the_proof_names_what_was_erased_by_whom_and_why_and_nothing_of_the_person(
    border: Border, capsys: pytest.CaptureFixture[str]
) -> None:
    case = border.registers(member(pictures=1), pictures=1)
    content = border.waiting(border.lane).rows[0].content
    border.delivers()
    border.fills()
    where = ("--store", border.store_url, "--opened", border.into)
    assert main(["headquarters", "erase", "--person-of", case, *where, "--operator", "O-9", "--reason", "case 12/2026"]) == 0
    capsys.readouterr()
    assert main(["headquarters", "proof", "nobody", *where]) == 0
    assert "nobody: the journal says nothing of it, and there is no such record" in capsys.readouterr().err
    assert main(["headquarters", "proof", case, *where]) == 0
    said = capsys.readouterr()
    entries = [json.loads(line) for line in said.out.splitlines()]
    assert [entry["deed"] for entry in entries] == ["record", "media", "crossing", "picture"]
    assert {(entry["operator"], entry["rule"], entry["reason"]) for entry in entries} == {("O-9", "ordered", "case 12/2026")}
    assert entries[0]["content_hash"] == entries[2]["content_hash"] == hashlib.sha256(content).hexdigest()
    assert "2 entries, each follows the one before" in said.err
    assert "ERIKSSON" not in said.out + said.err


@pytest.mark.parametrize(
    "tampered",
    [
        "UPDATE erasure SET operator = 'O-1' WHERE number = 2",
        "DELETE FROM erasure WHERE number = 2",
        "UPDATE erasure SET prevhash = hash WHERE number = 3",
    ],
)
def test_a_journal_that_was_changed_is_noticed(border: Border, tampered: str, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [border.registers(member()) for _ in range(3)]
    border.delivers()
    for record in ids:
        ordered_in_store(border, record)
    assert main(["headquarters", "proof", "--store", border.store_url]) == 0
    of_store(border, tampered)
    assert main(["headquarters", "proof", "--store", border.store_url]) == 1
    said = capsys.readouterr()
    assert "was changed" in said.err or "is missing" in said.err


def test_content_that_went_without_an_erasure_or_was_changed_is_noticed(border: Border) -> None:
    for _ in range(4):
        border.registers(member())
    border.delivers()
    border.store.database.execute("UPDATE record SET content = ? WHERE sequence = 1", (b"",))
    border.store.database.execute("UPDATE record SET content = ? WHERE sequence = 2", (b"other",))
    border.store.database.execute("UPDATE record SET prevhash = ? WHERE sequence = 4", ("0" * 64,))
    found = list(faults(border.store_url))
    assert [fault.split(": ")[1] for fault in found] == [
        "its content is gone, and no erasure says why",
        "its content is not what its hash says",
        "does not follow the one before it",
        "its content is not what its hash says",
    ]


def test_an_erasure_that_fails_has_neither_erased_nor_written_anything(border: Border, monkeypatch: pytest.MonkeyPatch) -> None:
    record = border.registers(member())
    border.delivers()
    with closing(sealed(border)) as keeping:

        def cut(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(keeping, "remove", cut)
        with pytest.raises(KeyboardInterrupt):
            erase(keeping, record, None, ORDER, border.clock)
        assert keeping.journal.of(record) == []
    assert of_store(border, "SELECT count(*) FROM record WHERE length(content) > 0") == [(1,)]


def test_an_order_for_a_record_that_nobody_knows_is_told_and_other_records_of_the_document_are_named(
    border: Border, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = border.registers(member()), border.registers(member())
    border.delivers()
    border.fills()
    order = ("--opened", border.into, "--operator", "O-9", "--reason", "case 12/2026")
    assert main(["headquarters", "erase", "--person-of", "nobody", *order]) == 1
    assert "no such record" in capsys.readouterr().err
    assert main(["headquarters", "erase", "--person-of", first, *order]) == 0
    assert f"each needs its own order: {second}" in capsys.readouterr().out
    assert main(["headquarters", "hold", second, *order]) == 0
    assert main(["headquarters", "erase", "--person-of", second, *order]) == 1
    assert main(["headquarters", "release", second, *order]) == 0
    assert main(["headquarters", "erase", "--person-of", second, *order]) == 0


def test_the_command_counts_first_and_erases_when_it_is_told_to(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    border.registers(member())
    border.delivers()
    rules = border.folder / "rules.toml"
    rules.write_text("[sealed]\nregistrations_days = 1\n")
    where = ("--store", border.store_url, "--rules", str(rules), "--operator", "O-9")
    assert main(["headquarters", "retention", *where]) == 0
    said = capsys.readouterr().out
    assert "registrations_days: 0 would be erased" in said
    assert "pictures_days: no rule, all is kept" in said


def test_nothing_is_erased_by_a_clock_that_is_not_known(
    border: Border, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = border.folder / "rules.toml"
    rules.write_text("[sealed]\nregistrations_days = 1\n")
    lost = SystemClock(disciplined=lambda: None, has_rtc=False)
    monkeypatch.setattr("kiosk.programs.retention.SystemClock", lambda: lost)
    assert main(["headquarters", "retention", "--apply", "--store", border.store_url, "--rules", str(rules), "--operator", "O-9"]) == 1
    assert "clock is not known to be right" in capsys.readouterr().err


def test_the_example_of_the_settings_is_one(tmp_path: Path) -> None:
    settings = load(ROOT / "config" / "retention.toml", RetentionSettings)
    assert (settings.sealed.pictures_days, settings.opened.crossings_days) == (90, 1826)
    assert (settings.sealed.commands_days, settings.opened.pulls_days) == (365, 730)


def test_a_journal_of_nothing_is_whole(border: Border) -> None:
    assert broken(Erasures(border.store.database).all()) == (0, "")


KEY = Ed25519PrivateKey.generate()


@dataclass
class Outbox:
    """A store with what is ordered of stations, and a clock that is moved."""

    url: str
    clock: StillClock

    def __post_init__(self) -> None:
        self.store = Store(self.url)
        self.rollouts = RolloutBook(self.store)
        self.book = self.rollouts.commands

    @property
    def now(self) -> datetime:
        return self.clock.utc

    @property
    def wish(self) -> Wish:
        return Wish(CommandName.RELOAD_SETTINGS, self.now + timedelta(days=900), "O-1")

    def orders(self, station: str = LANE, at: datetime | None = None) -> Ordered:
        return self.book.order([station], self.wish, KEY, at or self.now)[0]

    def answers(self, *commands: Ordered) -> None:
        for one in commands:
            assert self.book.answered(one.station, CommandResult(id=one.id, number=one.number, result=Result.DONE, sig=""), self.now)

    def rolls_out(self) -> tuple[int, Ordered]:
        """A rollout to one station, which has carried it out; it runs on."""
        number = self.rollouts.begin(Plan("settings", self.wish, ((LANE,),), timedelta(0)), KEY, self.now)
        self.rollouts.turn(self.rollouts.one(number), self.now)
        command = self.book.listed(LANE, 1)[0]
        self.answers(command)
        return number, command

    def keeps(self, days: int) -> dict[str, int]:
        with closing(SealedKeeping(self.url)) as keeping:
            return {name: count for name, count in applied(keeping, SealedRules(commands_days=days), self.clock).items() if count}

    def numbers(self, station: str = LANE) -> list[int]:
        return sorted(one.number for one in self.book.listed(station))


@pytest.fixture
def outbox(database_url: str) -> Iterator[Outbox]:
    made = Outbox(database_url, StillClock())
    yield made
    made.store.close()


def test_what_is_over_leaves_the_outbox_after_its_time_and_a_station_s_newest_number_never(outbox: Outbox) -> None:
    began = outbox.now
    first, second, waits, last = [outbox.orders() for _ in range(4)]
    alone = outbox.orders(OTHER_LANE)
    outbox.answers(first, second, last, alone)
    outbox.clock.pass_days(29)
    assert outbox.keeps(30) == {}
    outbox.clock.pass_days(2)
    assert outbox.keeps(30) == {"commands_days": 2}
    assert (outbox.numbers(), outbox.numbers(OTHER_LANE)) == ([waits.number, last.number], [alone.number])
    assert outbox.keeps(30) == {}
    assert outbox.orders(at=began).number == last.number + 1, "a station takes no number twice"
    with closing(SealedKeeping(outbox.url)) as keeping:
        assert [(entry.deed, entry.name) for entry in keeping.journal.all()] == [("command", "2 of them")]
        assert broken(keeping.journal.all()) == (1, "")


@pytest.mark.parametrize("state", [CommandState.EXPIRED, CommandState.DROPPED])
def test_what_was_never_answered_or_never_sent_leaves_too(outbox: Outbox, state: CommandState) -> None:
    if state is CommandState.EXPIRED:
        outbox.orders()
        outbox.clock.pass_days(901)
        outbox.book.lapse(outbox.now)
    else:
        number = outbox.rollouts.begin(Plan("settings", outbox.wish, ((LANE,),), timedelta(0)), KEY, outbox.now)
        outbox.rollouts.abort(number, "", outbox.now)
    assert [one.state for one in outbox.book.listed()] == [state]
    newest = outbox.orders()
    outbox.clock.pass_days(31)
    assert outbox.keeps(30)["commands_days"] == 1
    assert outbox.numbers() == [newest.number]


def test_no_number_comes_twice_below_one_that_a_rollout_holds(outbox: Outbox) -> None:
    began = outbox.now
    outbox.rollouts.begin(Plan("settings", outbox.wish, ((LANE,),), timedelta(0)), KEY, began)
    between = [outbox.orders() for _ in range(3)]
    outbox.answers(*between)
    outbox.clock.pass_days(31)
    assert outbox.keeps(30) == {"commands_days": 2}
    assert outbox.orders(at=began).number == between[-1].number + 1


def test_a_rollout_keeps_its_commands_while_it_goes_on_and_leaves_with_them(outbox: Outbox) -> None:
    number, command = outbox.rolls_out()
    newest = outbox.orders()
    outbox.clock.pass_days(31)
    assert outbox.keeps(30) == {}
    outbox.rollouts.abort(number, "", outbox.now)
    outbox.clock.pass_days(29)
    assert outbox.keeps(30) == {}
    outbox.clock.pass_days(2)
    assert outbox.keeps(30) == {"commands_days, rollouts": 1, "commands_days": 1}
    assert (outbox.numbers(), outbox.rollouts.listed()) == ([newest.number], ())
    assert command.number < newest.number
    assert outbox.store.database.execute("SELECT count(*) FROM rollout_member") == [(0,)]


def test_who_pulled_is_forgotten_after_its_time_and_how_much_that_was_is_not(border: Border) -> None:
    border.fills()
    clock = StillClock()
    with closing(OpenedKeeping(border.into)) as keeping:
        assert "pulls_days" not in {rule.name for rule in keeping.rules(OpenedRules(pulls_days=30))}, "nobody may pull yet"
        clients = Clients(keeping.database, make=True)
        for day in range(3):
            clients.note(Pull("bms", "127.0.0.1", "crossings", day, day + 1, 1), clock.now())
            clock.pass_days(10)
        clock.pass_days(5)
        assert applied(keeping, OpenedRules(), clock)["pulls_days"] == 0
        assert applied(keeping, OpenedRules(pulls_days=30), clock)["pulls_days"] == 1
        assert [(entry.deed, entry.name) for entry in keeping.journal.all()] == [("pull", "1 of them")]
    assert border.opened("SELECT after FROM pull ORDER BY number") == [(1,), (2,)]
