"""What a lane and a console do when headquarters commands it; what is refused changes nothing and says why; what holds holds over a restart."""

import json
import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.clock import utc_text
from kiosk.journal.rows import Pressure, PressureChanged
from kiosk.keys import sign_key_set
from kiosk.link.words import Commanded
from kiosk.maintenance import MenuAsked
from kiosk.manifest import make_manifest
from kiosk.messages.payloads import Command, CommandName, Result, Status, decode, encode, members
from kiosk.messages.topics import Leaf, topic
from kiosk.pad import PersonChosen, Submit
from kiosk.programs.version import package_version
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.names import ClosedFor
from kiosk.roles import Role
from kiosk.sealing.key_set import KeyState, Use, load_key_set
from kiosk.sealing.signing import signed
from kiosk.sealing.station import KEY_SET, read_signing_key
from kiosk.staff import Newcomer, draw_pin, make_list
from kiosk.versions import WISH, SwitchState, Told, Versions
from kiosk.views.desk_parts import MenuView, SignOnView
from kiosk.views.technician import SignOffAsked
from tests.kiosk.contract import keeps_to_it
from tests.kiosk.crossing import Crossing
from tests.kiosk.stations import CONSOLE, LANE, PROFILE, ConsoleAtHand, LaneAtHand, Post, keyed

numbers = iter(range(1, 10_000))


def commanded(station: Any, name: CommandName, /, **args: Any) -> tuple[Result, str]:
    """What becomes of a command, and why."""
    expires = utc_text(station.clock.now().utc + timedelta(hours=1))
    command = Command(id=str(uuid4()), station=LANE, number=next(numbers), name=name, expires=expires, sig="", args=args)
    station.wire.tell(Commanded(command))
    return station.wire.answers[-1][1], station.wire.whys[-1]


def closed(post: Post, lane: LaneAtHand, reason: ClosedFor | None) -> None:
    post.until(lambda: lane.lane.state.kiosk.closed is reason, f"closed for {reason}")


def said(post: Post, lane: LaneAtHand) -> Status:
    lane.wire.changed()
    return decode(post.said(Leaf.STATUS)[-1], Status)


def languages(lane: LaneAtHand) -> tuple[str, ...]:
    return lane.lane.state.kiosk.profile.languages


def staff(post: Post, number: int, **people: Role) -> dict[str, Any]:
    authority = read_signing_key(post.made.founding.authority)
    newcomers = [Newcomer(name.replace("_", "-"), (role,), draw_pin()) for name, role in people.items()]
    found: dict[str, Any] = json.loads(make_list(number, newcomers, ["TZ-TUNDUMA"], date(2099, 1, 1), authority))
    return found


def key_set(post: Post, number: int, without: tuple[Use, str] | None = None) -> dict[str, Any]:
    authority = read_signing_key(post.made.founding.authority)
    known = load_key_set(post.made.founding.station(LANE) / KEY_SET, authority.public_key())
    entries = [entry for entry in known.entries if (entry.use, entry.owner) != without]
    found: dict[str, Any] = json.loads(sign_key_set(number, known.country, entries, authority, datetime.now(UTC)))
    return found


# open and close


def test_a_lane_that_headquarters_closes_lets_the_traveller_end_and_stays_closed_over_a_restart(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    crossing.to(s.Face)
    assert commanded(lane, CommandName.CLOSE) == (Result.DONE, "")
    crossing.to(s.Token)
    crossing.slip_comes()
    crossing.leaves()
    closed(post, lane, ClosedFor.HEADQUARTERS)
    since = said(post, lane).closed_by_headquarters
    result, why = commanded(lane, CommandName.CLOSE)
    assert (result, why) == (Result.DONE, f"closed by headquarters since {since}")
    post.ends(lane)
    lane = post.lane()
    closed(post, lane, ClosedFor.HEADQUARTERS)
    assert said(post, lane).closed_by_headquarters == since, "since then, not since the restart"
    assert commanded(lane, CommandName.OPEN) == (Result.DONE, "")
    closed(post, lane, None)
    post.ends(lane)
    lane = post.lane()
    closed(post, lane, None)
    assert [row["name"] for row in post.audited(lane.journal) if row.get("event") == "command"] == ["close", "close", "open"]


def test_a_technician_sees_who_closed_the_lane_and_does_not_open_it_by_leaving(post: Post) -> None:
    lane = post.lane()
    closed(post, lane, None)
    commanded(lane, CommandName.CLOSE)
    lane.lane.put(e.LaneClosed(ClosedFor.FAULT))
    closed(post, lane, ClosedFor.FAULT)
    lane.touch(MenuAsked(), PersonChosen("T-1"), *keyed(post.pins["T-1"]), Submit())
    post.until(lambda: isinstance(lane.lane.state, s.Maintenance))
    view = lane.glass.board_view
    assert isinstance(view, MenuView)
    assert any("Closed by headquarters since" in line.says for line in view.findings)
    lane.touch(SignOffAsked())
    closed(post, lane, ClosedFor.HEADQUARTERS)


def test_a_lane_whose_journal_is_full_says_so_when_it_is_to_open(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    lane = post.lane()
    monkeypatch.setattr(type(lane.journal), "pressure", Pressure.PAUSED)
    lane._journal_says(PressureChanged(Pressure.PAUSED))
    assert commanded(lane, CommandName.OPEN) == (Result.DONE, "closed all the same while its journal is full")
    closed(post, lane, ClosedFor.JOURNAL_FULL)


# languages and settings


def test_headquarters_says_which_languages_a_lane_offers_from_the_next_traveller_on(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    crossing.to(s.Language)
    assert commanded(lane, CommandName.LANGUAGES, languages=["en", "sw"]) == (Result.DONE, "")
    lane.lane.turn()
    assert languages(lane)[0] == "sw", "who is there chooses among what they were offered"
    lane.touch(e.LeaveAsked(), e.Cancelled())
    post.until(lambda: isinstance(lane.lane.state, s.Attract))
    assert languages(lane) == ("en", "sw")
    post.ends(lane)
    lane = post.lane()
    assert languages(lane) == ("en", "sw")
    assert commanded(lane, CommandName.LANGUAGES, languages=[]) == (Result.DONE, "")
    post.until(lambda: languages(lane) == ("sw", "en", "ny", "pt", "fr"), "those of the post again")


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ({"languages": ["en", "xx"]}, "the lane lacks words: language xx: there is no catalogue"),
        ({"languages": ["en", "en"]}, "args.languages names a language twice"),
        ({"languages": "en"}, "args.languages is not a list of language tags"),
        ({}, "args.languages is not a list of language tags"),
    ],
)
def test_languages_that_cannot_be_offered_are_refused(post: Post, args: dict[str, Any], why: str) -> None:
    lane = post.lane()
    before = languages(lane)
    assert commanded(lane, CommandName.LANGUAGES, **args) == (Result.REFUSED, why)
    lane.lane.turn()
    assert languages(lane) == before


def rewritten(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_settings_are_read_again_and_what_needs_a_restart_is_named(post: Post) -> None:
    lane = post.lane()
    assert commanded(lane, CommandName.RELOAD_SETTINGS) == (Result.DONE, "")
    rewritten(post.folder / "lane.toml", "cap_mb = 2048", "cap_mb = 1024\n[limits]\nquestion = 33")
    rewritten(post.folder / PROFILE.name, "max_party = 8", "max_party = 2")
    rewritten(post.folder / PROFILE.name, 'name = "Tunduma"', 'name = "Elsewhere"')
    result, why = commanded(lane, CommandName.RELOAD_SETTINGS)
    assert (result, why) == (Result.DONE, "after a restart: journal, post.name")
    post.until(lambda: lane.lane.state.kiosk.profile.max_party == 2)
    assert lane.lane.state.kiosk.profile.seconds.question == 33


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("lane.toml", "cap_mb = 2048", "cap_mb = -1", "at journal.cap_mb"),
        ("lane.toml", "[places]", "[plaices]", "plaices"),
        ("lane.toml", LANE, "tz-tunduma-lane7", "is of tz-tunduma-lane7"),
        (PROFILE.name, '"fr"]', '"xx"]', "language xx: there is no catalogue"),
        (PROFILE.name, "max_party = 8", "max_party = 8 8", "is not TOML"),
    ],
)
def test_wrong_settings_are_refused_with_the_reason_and_the_old_ones_go_on(post: Post, file: str, old: str, new: str, why: str) -> None:
    lane = post.lane()
    before = lane.commands.profile
    rewritten(post.folder / file, old, new)
    result, said_why = commanded(lane, CommandName.RELOAD_SETTINGS)
    assert result is Result.REFUSED
    assert said_why.startswith("the old settings go on: ")
    assert why in said_why
    assert lane.commands.profile == before
    closed(post, lane, None)


# lists and keys


def technicians(post: Post, lane: LaneAtHand) -> list[str]:
    """Who is asked for a PIN at the lane."""
    post.until(lambda: isinstance(lane.lane.state, s.Attract))
    lane.touch(MenuAsked())
    view = lane.glass.board_view
    assert isinstance(view, SignOnView)
    return [person.label for person in view.people]


def test_a_newer_staff_list_counts_at_once_and_after_a_restart(post: Post) -> None:
    lane = post.lane()
    newer = staff(post, 2, T_7=Role.TECHNICIAN, O_1=Role.OFFICER)
    assert commanded(lane, CommandName.LISTS, kind="staff", list=newer) == (Result.DONE, "staff list 2")
    assert technicians(post, lane) == ["T-7"]
    post.ends(lane)
    lane = post.lane()
    assert technicians(post, lane) == ["T-7"]
    assert commanded(lane, CommandName.LISTS, kind="staff", list=newer) == (Result.DONE, "staff list 2 is here already")


def test_staff_lists_that_may_not_count_are_refused(post: Post) -> None:
    lane = post.lane()
    commanded(lane, CommandName.LISTS, kind="staff", list=staff(post, 5, T_7=Role.TECHNICIAN))
    forged = {**staff(post, 6, T_8=Role.TECHNICIAN), "sig": "AAAA"}
    for args, why in (
        ({"list": staff(post, 4, T_8=Role.TECHNICIAN)}, "staff list 4 is older than 5, which is here"),
        ({"list": staff(post, 5, T_8=Role.TECHNICIAN)}, "another staff list 5 is here: give each list a number of its own"),
        ({"list": staff(post, 6, O_1=Role.OFFICER)}, "nobody on staff list 6 could sign on here"),
        ({"list": forged}, "the staff list is not signed by this state's authority"),
        ({"list": "staff.json"}, "args.list is not an object"),
        ({"kind": "watch", "list": {}}, 'args.kind is not "staff": this version takes no other list'),
    ):
        assert commanded(lane, CommandName.LISTS, **{"kind": "staff", **args}) == (Result.REFUSED, why)
    post.until(lambda: lane.technician._people == ("T-7",))


def test_a_newer_key_set_is_believed_at_once_and_after_a_restart(post: Post) -> None:
    lane = post.lane()
    wanted = key_set(post, 9)
    assert commanded(lane, CommandName.KEY_SET, key_set=wanted) == (Result.DONE, "key set 9")
    assert lane.wire.keys.public.number == 9
    assert commanded(lane, CommandName.KEY_SET, key_set=wanted) == (Result.DONE, "key set 9 is here already")
    post.ends(lane)
    lane = post.lane()
    assert lane.wire.keys.public.number == 9
    assert commanded(lane, CommandName.KEY_SET, key_set=key_set(post, 8)) == (Result.REFUSED, "key set 8 is older than 9, which is here")


def test_a_key_set_with_which_the_lane_could_not_go_on_is_refused(post: Post) -> None:
    lane = post.lane()
    for wanted, why in (
        (key_set(post, 2, without=(Use.STATION, LANE)), f"key set 2 does not know the key that {LANE} signs with; set the station up anew"),
        (
            key_set(post, 2, without=(Use.DESK, "tz-tunduma")),
            "key set 2 has no active key for: desk; get a newer key set from headquarters",
        ),
        ({**key_set(post, 2), "number": 3}, "the key set is not signed by this state's authority; take the file from headquarters again"),
    ):
        assert commanded(lane, CommandName.KEY_SET, key_set=wanted) == (Result.REFUSED, why)
    assert lane.wire.keys.public.number == 1
    assert all(entry.state is KeyState.ACTIVE for entry in lane.wire.keys.public.entries)


# logs


def test_a_lane_sends_what_its_program_logged_since_a_moment_and_nothing_like_a_zone(post: Post) -> None:
    lane = post.lane()
    logger = logging.getLogger("mpaka.lane")
    logger.warning("an old line")
    lane.log.flush()
    since = utc_text(datetime.now(UTC) + timedelta(milliseconds=2))
    while utc_text(datetime.now(UTC)) <= since:
        pass
    for number in range(400):
        logger.warning("line %d %s", number, "of a log that does not fit into one record")
    logger.warning("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<")
    result, why = commanded(lane, CommandName.SEND_LOGS, since=since)
    assert result is Result.DONE
    command = lane.wire.answers[-1][0]
    rows = [row for row in post.audited(lane.journal) if row.get("event") == "log"]
    assert [(row["command"], row["piece"], row["of"]) for row in rows] == [(command.id, at + 1, len(rows)) for at in range(len(rows))]
    assert len(rows) > 1
    lines = "\n".join(row["text"] for row in rows).splitlines()
    assert why == f"{len(lines)} lines in {len(rows)} records"
    assert [line.split(" line ")[1].split()[0] for line in lines if " line " in line] == [str(number) for number in range(400)]
    assert "an old line" not in "\n".join(lines)
    assert "‹withheld›" in lines[-1] and "ANNA" not in lines[-1]
    assert commanded(lane, CommandName.SEND_LOGS, since="yesterday") == (Result.REFUSED, "args.since is not a moment in UTC")
    assert commanded(lane, CommandName.SEND_LOGS)[0] is Result.DONE
    assert any("an old line" in row["text"] for row in post.audited(lane.journal) if row.get("event") == "log"), "all that is kept"


def test_a_journal_that_is_too_full_for_logs_says_so(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    lane = post.lane()
    monkeypatch.setattr(type(lane.journal), "pressure", Pressure.PAUSED)
    assert commanded(lane, CommandName.SEND_LOGS) == (Result.FAILED, "the journal is too full for logs")


# what a station does not do


def test_firmware_does_not_come_by_command(post: Post) -> None:
    lane = post.lane()
    result, why = commanded(lane, CommandName.FIRMWARE)
    assert (result, why) == (Result.REFUSED, "firmware does not come by command in this version; install it at the station")


# another version


class Switched:
    """A station whose versions lie in a folder of the test, and what root's program says there."""

    def __init__(self, post: Post, station: Any) -> None:
        self.post, self.station = post, station
        self.opt, self.told = post.folder / "opt", post.folder / "told.json"
        (self.opt / "9.9.9").mkdir(parents=True)
        station.versions = Versions(self.opt, post.folder / "data", self.told, package_version())
        self.ended: list[bool] = []
        station.stop = lambda: self.ended.append(True)

    def ordered(self, version: str = "9.9.9", key: Ed25519PrivateKey | None = None, **other: Any) -> tuple[Result, str]:
        authority = read_signing_key(self.post.made.founding.authority)
        manifest = members(make_manifest(self.opt / "9.9.9", version, authority, datetime.now(UTC)))
        expires = utc_text(datetime.now(UTC) + timedelta(hours=1))
        args = {"version": version, "manifest": manifest, **other}
        unsigned = Command(
            id=str(uuid4()), station=LANE, number=next(numbers), name=CommandName.VERSION, expires=expires, sig="", args=args
        )
        command = signed(unsigned, key or authority)
        keeps_to_it(topic(LANE, Leaf.COMMAND), encode(command))
        self.station.wire.tell(Commanded(command))
        return self.station.wire.answers[-1][1], self.station.wire.whys[-1]

    def moved(self) -> None:
        self.told.write_bytes(msgspec.json.encode(Told(version="9.9.9", number=1, state=SwitchState.MOVED, before="0.1.0")))


def test_a_lane_lays_an_ordered_version_down_and_ends_when_its_traveller_has_left(post: Post) -> None:
    lane = post.lane()
    switched = Switched(post, lane)
    assert switched.ordered() == (Result.DONE, "version 9.9.9 is taken when nobody is there")
    kept = decode((post.folder / "data" / WISH).read_bytes(), Command)
    assert kept.id == lane.wire.answers[-1][0].id
    crossing = Crossing(post, lane)
    crossing.to(s.Face)
    switched.moved()
    lane._tick_desks()
    lane.glass.work()
    assert switched.ended == [], "not while somebody is there"
    versions = said(post, lane).versions
    assert isinstance(versions, dict)
    assert versions["wanted"] == "9.9.9"
    crossing.to(s.Token)
    crossing.slip_comes()
    crossing.leaves()
    post.until(lambda: isinstance(lane.lane.state, s.Attract))
    lane._tick_desks()
    lane.glass.work()
    assert switched.ended == [True]
    assert [row["version"] for row in post.audited(lane.journal) if row.get("deed") == "version_moved"] == ["9.9.9"]


def test_versions_that_may_not_run_are_refused_at_once(post: Post) -> None:
    switched = Switched(post, post.lane())
    delegate = Ed25519PrivateKey.generate()
    manifest = {"version": "9.9.9", "files": "0" * 64, "made": utc_text(datetime.now(UTC)), "sig": ""}
    for ordered, why in (
        (lambda: switched.ordered("8.8.8"), f"{switched.opt / '8.8.8'} is not here: bring the version to this station first"),
        (lambda: switched.ordered(key=delegate), "a version is ordered with the authority's own key; a delegate's does not count"),
        (lambda: switched.ordered(version="9.9.9", manifest=manifest), "the manifest is not signed by this state's authority"),
    ):
        assert ordered() == (Result.REFUSED, why)
    assert not (post.folder / "data" / WISH).exists()


def test_a_console_ends_for_another_version_while_nobody_is_signed_on(post: Post) -> None:
    post.lane()
    console = post.console()
    switched = Switched(post, console)
    assert switched.ordered()[0] is Result.DONE
    switched.moved()
    console.officer_comes()
    console._tick()
    console.glass.work()
    assert switched.ended == []
    post.ends(console)
    console = post.console()
    again = Switched.__new__(Switched)
    again.ended = []
    console.versions, console.stop = Versions(switched.opt, post.folder, switched.told, "0.1.0"), lambda: again.ended.append(True)  # type: ignore[method-assign]
    console._tick()
    console.glass.work()
    assert again.ended == [True]


def test_a_console_takes_lists_and_keys_and_settings_and_closes_for_nobody(post: Post) -> None:
    lane, console = post.lane(), post.console()
    newer = staff(post, 2, T_7=Role.TECHNICIAN, O_9=Role.OFFICER)
    assert commanded(console, CommandName.LISTS, kind="staff", list=newer) == (Result.DONE, "staff list 2")
    post.until(lambda: console.console.pad.people == ("O-9",))
    assert commanded(console, CommandName.KEY_SET, key_set=key_set(post, 9)) == (Result.DONE, "key set 9")
    assert commanded(console, CommandName.CLOSE) == (Result.REFUSED, "this station does nothing for close")
    assert commanded(console, CommandName.LANGUAGES, languages=["en"]) == (Result.REFUSED, "this station does nothing for languages")
    rewritten(post.folder / f"{CONSOLE}.toml", 'desk = { name = "4" }', 'desk = { name = "5" }')
    assert commanded(console, CommandName.RELOAD_SETTINGS) == (Result.DONE, "after a restart: desk")
    rewritten(post.folder / f"{CONSOLE}.toml", "desk =", "desks =")
    assert commanded(console, CommandName.RELOAD_SETTINGS)[0] is Result.REFUSED
    assert isinstance(console, ConsoleAtHand)
    assert lane.lane.state.kiosk.closed is None
