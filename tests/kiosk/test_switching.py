"""Moving to another version, in a root of its own: signed, whole and root's alone, or refused; watched, and gone back from when it does not come up."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import Stamp, utc_text
from kiosk.manifest import ManifestWrong, digest_of, make_manifest, read_manifest, writable_by_others
from kiosk.messages.payloads import ClockSource, Command, CommandName, encode, members
from kiosk.programs.version_switch import SystemdUnit, ground_of
from kiosk.sealing.signing import signed
from kiosk.sealing.station import AUTHORITY, public_text
from kiosk.switching import STAYS_UP_S, UP_WITHIN_S, Ground, NotSwitched, UnitSeen, Watch, point, switch, wanted
from kiosk.versions import CURRENT, WISH, SwitchState, Told, Versions, read_told

NOW = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
LANE = "ut-north-lane1"
ROOT = Path(__file__).parents[2]


def clock() -> Stamp:
    return Stamp(NOW, ClockSource.NTP, 0.01, "boot", 1000)


@dataclass
class Play:
    """A unit that plays what it is told second by second; the last look stays. Its clock is the seconds that were rested."""

    looks: list[UnitSeen] = field(default_factory=lambda: [UnitSeen(7, True, 0), UnitSeen(8, True, 1)])
    now: float = 0.0
    restarted: int = 0

    def seen(self) -> UnitSeen:
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    def restart(self) -> None:
        self.restarted += 1

    def rest(self, seconds: float) -> None:
        self.now += seconds
        assert self.now < 10_000, "it watches for ever"


class Machine:
    """A station's machine: /opt/mpaka with two versions, keys in /etc, the station's data, what root tells."""

    def __init__(self, folder: Path) -> None:
        self.authority = Ed25519PrivateKey.generate()
        self.opt, self.etc = folder / "opt", folder / "etc"
        for version in ("0.1.0", "0.2.0"):
            program = self.opt / version / "bin" / "mpaka"
            program.parent.mkdir(parents=True)
            program.write_text(f"#!/bin/sh\necho {version}\n")
            program.chmod(0o755)
            (self.opt / version / "lib64").symlink_to("bin")
        self.opt.chmod(0o755)
        (self.opt / CURRENT).symlink_to("0.1.0")
        self.etc.mkdir(mode=0o755)
        (self.etc / AUTHORITY).write_text(public_text(self.authority))
        self.data, told = folder / "data", folder / "told" / "lane.json"
        self.ground = Ground(LANE, self.opt, self.etc, self.data / WISH, told, os.geteuid())
        self.unit = Play()
        self.number = 100

    def manifest(self, version: str = "0.2.0") -> dict[str, Any]:
        return members(make_manifest(self.opt / version, version, self.authority, NOW))

    def command(self, version: str = "0.2.0", key: Ed25519PrivateKey | None = None, **other: Any) -> Command:
        self.number += 1
        plain: dict[str, Any] = {
            "id": str(uuid4()),
            "station": LANE,
            "number": self.number,
            "name": CommandName.VERSION,
            "expires": utc_text(NOW + timedelta(hours=1)),
            "args": {"version": version, "manifest": self.manifest(version)},
        }
        return signed(Command(sig="", **{**plain, **other}), key or self.authority)

    def wants(self, command: Command) -> None:
        self.ground.wish.parent.mkdir(parents=True, exist_ok=True)
        self.ground.wish.write_bytes(encode(command))

    def switches(self) -> Told:
        switch(self.ground, self.unit, clock, self.unit.rest, lambda: self.unit.now)
        return self.told

    @property
    def told(self) -> Told:
        return read_told(self.ground.told)

    @property
    def current(self) -> str:
        return str((self.opt / CURRENT).readlink())


@pytest.fixture(autouse=True)
def nobody_else_writes() -> Iterator[None]:
    """As root's umask is."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


# the move


def test_a_version_that_is_whole_and_signed_becomes_the_current_one_and_stays_when_it_is_up(machine: Machine) -> None:
    machine.wants(machine.command())
    assert machine.switches() == Told(version="0.2.0", number=101, state=SwitchState.RUNS, before="0.1.0")
    assert machine.current == "0.2.0"
    assert machine.unit.restarted == 0, "the station ends itself when nobody is there"
    assert STAYS_UP_S <= machine.unit.now < STAYS_UP_S + 5
    assert machine.ground.told.stat().st_mode & 0o777 == 0o644, "the station reads it"
    before = machine.unit.now
    assert machine.switches().state is SwitchState.RUNS
    assert machine.unit.now == before, "the same command again does nothing"


def test_the_old_version_may_serve_its_travellers_for_hours_before_it_ends(machine: Machine) -> None:
    machine.unit.looks = [UnitSeen(7, True, 0)] * 7000 + [UnitSeen(8, False, 1)] * 30 + [UnitSeen(8, True, 1)]
    machine.wants(machine.command())
    assert machine.switches().state is SwitchState.RUNS


@pytest.mark.parametrize(
    ("looks", "why"),
    [
        ([UnitSeen(7, True, 0), UnitSeen(8, False, 1)], "it was not up within 120 s"),
        ([UnitSeen(7, True, 0), UnitSeen(0, False, 1)], "it was not up within 120 s"),
        ([UnitSeen(7, True, 0), *(UnitSeen(8 + at, at % 2 == 0, 1 + at) for at in range(4))], "it ended 3 times by itself"),
        ([UnitSeen(7, True, 0), *[UnitSeen(8, True, 1)] * 100, UnitSeen(8, False, 1)], "it was not up within 120 s"),
    ],
)
def test_a_version_that_does_not_come_up_is_gone_back_from(machine: Machine, looks: list[UnitSeen], why: str) -> None:
    machine.unit.looks = looks
    machine.wants(machine.command())
    assert machine.switches() == Told(version="0.2.0", number=101, state=SwitchState.BACK, before="0.1.0", why=why)
    assert machine.current == "0.1.0"
    assert machine.unit.restarted == 1
    assert machine.switches().state is SwitchState.BACK, "and is not tried again by itself"


@given(st.lists(st.builds(UnitSeen, st.integers(0, 3), st.booleans(), st.integers(0, 4)), min_size=1, max_size=60))
def test_a_watch_always_ends_once_the_new_version_has_begun(looks: list[UnitSeen]) -> None:
    watch, ended = Watch(UnitSeen(9, True, 0)), None
    for second, seen in enumerate([*looks, *[looks[-1]] * 600]):
        ended = watch.look(seen, float(second))
        if ended is not None:
            break
    assert ended is not None
    assert second <= len(looks) + max(UP_WITHIN_S, STAYS_UP_S) + 1


@pytest.mark.parametrize("pointed", [False, True])
def test_a_move_that_a_power_cut_interrupted_is_watched_to_its_end(machine: Machine, pointed: bool) -> None:
    machine.wants(machine.command())
    machine.ground.told.parent.mkdir()
    machine.ground.told.write_bytes(msgspec.json.encode(Told(version="0.2.0", number=101, state=SwitchState.MOVED, before="0.1.0")))
    if pointed:
        point(machine.opt, "0.2.0")
    machine.unit.looks = [UnitSeen(8, False, 0)]
    assert machine.switches().state is SwitchState.BACK
    assert machine.current == "0.1.0"


def test_going_back_is_an_order_like_any_other(machine: Machine) -> None:
    machine.wants(machine.command())
    machine.switches()
    machine.unit = Play([UnitSeen(8, True, 1), UnitSeen(9, True, 2)])
    machine.wants(machine.command("0.1.0"))
    assert machine.switches() == Told(version="0.1.0", number=102, state=SwitchState.RUNS, before="0.2.0")
    assert machine.current == "0.1.0"


# what is refused


def changed(machine: Machine) -> Command:
    command = machine.command()
    (machine.opt / "0.2.0/bin/mpaka").write_text("#!/bin/sh\necho evil\n")
    return command


def added(machine: Machine) -> Command:
    command = machine.command()
    (machine.opt / "0.2.0/bin/more").write_text("")
    return command


def executable(machine: Machine) -> Command:
    (machine.opt / "0.2.0/readme").write_text("")
    command = machine.command()
    (machine.opt / "0.2.0/readme").chmod(0o755)
    return command


def relinked(machine: Machine) -> Command:
    command = machine.command()
    (machine.opt / "0.2.0/lib64").unlink()
    (machine.opt / "0.2.0/lib64").symlink_to("/tmp")
    return command


def loose(machine: Machine) -> Command:
    (machine.opt / "0.2.0/bin/mpaka").chmod(0o777)
    return machine.command()


def shared(machine: Machine) -> Command:
    machine.opt.chmod(0o775)
    return machine.command()


def swapped(machine: Machine) -> Command:
    """A key that the station's own user put there."""
    (machine.etc / AUTHORITY).chmod(0o666)
    return machine.command()


def unfounded(machine: Machine) -> Command:
    (machine.etc / AUTHORITY).unlink()
    return machine.command()


def absent(machine: Machine) -> Command:
    command = machine.command()
    (machine.opt / "0.2.0").rename(machine.opt / "elsewhere")
    return command


def linked(machine: Machine) -> Command:
    command = absent(machine)
    (machine.opt / "0.2.0").symlink_to("elsewhere")
    return command


REFUSED: list[tuple[Callable[[Machine], Command], str]] = [
    (changed, "is not what the manifest says"),
    (added, "is not what the manifest says"),
    (executable, "is not what the manifest says"),
    (relinked, "is not what the manifest says"),
    (loose, "could be changed by others than root"),
    (shared, "opt could be changed by others than root"),
    (swapped, "authority.pub is not there, or could be changed by others than root"),
    (unfounded, "authority.pub is not there, or could be changed by others than root"),
    (absent, "is not here: bring the version to this station first"),
    (linked, "is not here: bring the version to this station first"),
    (lambda machine: machine.command(key=Ed25519PrivateKey.generate()), "is not signed by this state's authority"),
    (lambda machine: machine.command(station="ut-north-lane2"), f"is not a version for {LANE}"),
    (lambda machine: machine.command(name=CommandName.CLOSE), f"is not a version for {LANE}"),
    (lambda machine: machine.command(expires=utc_text(NOW - timedelta(seconds=1))), "time has passed"),
    (lambda machine: machine.command(args={"version": "0.2.0"}), "the manifest cannot be read"),
    (
        lambda machine: machine.command(args={"version": "0.2.0", "manifest": {**machine.manifest(), "files": "0" * 64}}),
        "the manifest is not signed by this state's authority",
    ),
]


@pytest.mark.parametrize(("makes", "why"), REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_what_may_not_run_is_refused_with_the_reason(machine: Machine, makes: Callable[[Machine], Command], why: str) -> None:
    machine.wants(makes(machine))
    told = machine.switches()
    assert told.state is SwitchState.REFUSED
    assert why in told.why
    assert machine.current == "0.1.0"


def test_an_older_command_played_again_does_nothing(machine: Machine) -> None:
    older = machine.command("0.1.0")
    machine.wants(machine.command())
    machine.switches()
    machine.wants(older)
    assert machine.switches().version == "0.2.0"
    assert machine.current == "0.2.0"


def test_a_version_s_name_is_no_way_out_of_the_folder(machine: Machine) -> None:
    for version in ("../etc", ".", "", "a/b", "x" * 41):
        with pytest.raises(ManifestWrong):
            make_manifest(machine.opt / "0.2.0", version, machine.authority, NOW)


def test_only_a_plain_file_is_read_from_the_station_s_folder(machine: Machine, tmp_path: Path) -> None:
    assert wanted(machine.ground, 0, clock()) is None, "nothing was ever ordered"
    machine.ground.wish.parent.mkdir(parents=True)
    os.mkfifo(machine.ground.wish)
    with pytest.raises(NotSwitched, match="is no plain file"):
        wanted(machine.ground, 0, clock())
    machine.ground.wish.unlink()
    (tmp_path / "secret").write_text("a secret")
    machine.ground.wish.symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic"):
        wanted(machine.ground, 0, clock())


@given(st.binary(max_size=300))
def test_no_bytes_in_the_station_s_folder_do_more_than_be_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    machine = Machine(tmp_path_factory.mktemp("machine"))
    machine.ground.wish.parent.mkdir(parents=True)
    machine.ground.wish.write_bytes(content)
    assert machine.switches().state is SwitchState.REFUSED
    assert machine.current == "0.1.0"


# the folder's hash


def test_the_hash_of_a_folder_is_of_names_contents_rights_and_links_and_of_nothing_else(machine: Machine) -> None:
    folder = machine.opt / "0.2.0"
    first = digest_of(folder)
    os.utime(folder / "bin/mpaka", (1, 1))
    assert digest_of(folder) == first
    (folder / "empty").mkdir()
    assert digest_of(folder) != first
    (folder / "empty").rmdir()
    assert digest_of(folder) == first
    os.mkfifo(folder / "pipe")
    with pytest.raises(ManifestWrong, match="neither a file, a folder nor a link"):
        digest_of(folder)
    with pytest.raises(ManifestWrong, match="cannot be read"):
        digest_of(folder / "nothing")
    (folder / "pipe").unlink()
    assert writable_by_others(folder, os.geteuid()) is None
    assert writable_by_others(folder, os.geteuid() + 1) == folder


def test_a_manifest_with_a_member_changed_is_none(machine: Machine) -> None:
    found = machine.manifest()
    assert read_manifest(found, machine.authority.public_key()).version == "0.2.0"
    with pytest.raises(ManifestWrong, match="not signed"):
        read_manifest({**found, "version": "0.3.0"}, machine.authority.public_key())


# the station's side


def versions(machine: Machine, running: str = "0.1.0") -> Versions:
    return Versions(machine.opt, machine.data, machine.ground.told, running)


def test_what_a_station_lays_down_is_what_root_s_program_believes(machine: Machine) -> None:
    command = machine.command()
    assert versions(machine).obey(command, machine.authority.public_key()).why == "version 0.2.0 is taken when nobody is there"
    assert machine.switches().state is SwitchState.RUNS


def test_a_station_ends_when_another_version_is_to_run_and_notes_what_became_of_it(machine: Machine) -> None:
    noted: list[dict[str, str | int]] = []
    station = versions(machine)
    assert not station.look(noted.append)
    assert (noted, station.facts()) == ([], {})
    for state, ends, facts in (
        (SwitchState.MOVED, True, {"wanted": "0.2.0"}),
        (SwitchState.BACK, False, {"switch": "0.2.0: back: it was not up"}),
        (SwitchState.RUNS, False, {}),
    ):
        machine.ground.told.parent.mkdir(exist_ok=True)
        machine.ground.told.write_bytes(
            msgspec.json.encode(Told(version="0.2.0", number=1, state=state, before="0.1.0", why="it was not up"))
        )
        assert station.look(noted.append) is ends
        assert station.look(noted.append) is ends
        assert station.facts() == facts
    assert [row["deed"] for row in noted] == ["version_moved", "version_back", "version_runs"]
    assert not versions(machine, "0.2.0").look(noted.append), "it is that version"


def test_an_old_version_that_was_started_again_after_going_back_notes_it(machine: Machine) -> None:
    noted: list[dict[str, str | int]] = []
    machine.unit.looks = [UnitSeen(7, True, 0), UnitSeen(8, False, 1)]
    machine.wants(machine.command())
    machine.switches()
    versions(machine).look(noted.append)
    assert noted == [{"deed": "version_back", "version": "0.2.0", "before": "0.1.0", "why": "it was not up within 120 s"}]


# the program


def test_the_program_moves_a_station_of_its_settings_and_asks_systemctl(machine: Machine, tmp_path: Path) -> None:
    """With a systemctl that says what it is asked, and a unit that never comes up: two minutes are not waited for, the program is ended."""
    settings = machine.etc / "lane.toml"
    settings.write_text(
        f'station = "{LANE}"\npost = "post.toml"\ndirection = "exit"\n[window]\ndisplay = "lane10"\n[devices]\n'
        f'[places]\ndata = "../data"\nversions = "../opt"\nswitch = "../told"\n'
        '[links.headquarters]\nhost = "127.0.0.1"\nport = 1\ntls = false\n'
    )
    found = ground_of("lane", settings)
    assert (found.station, found.settings, found.owner) == (LANE, machine.etc, os.geteuid())
    assert [path.resolve() for path in (found.versions, found.wish, found.told)] == [machine.opt, machine.ground.wish, machine.ground.told]
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/asked\necho MainPID=0\necho ActiveState=activating\necho NRestarts=2\n')
    systemctl.chmod(0o755)
    unit = SystemdUnit("mpaka-lane.service", str(systemctl))
    assert unit.seen() == UnitSeen(0, False, 2)
    unit.restart()
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == ["show --property=MainPID,ActiveState,NRestarts mpaka-lane.service", "restart --no-block mpaka-lane.service"]
    expires = utc_text(datetime.now(UTC) + timedelta(hours=1))
    machine.wants(machine.command(key=Ed25519PrivateKey.generate(), expires=expires))
    words = [sys.executable, "-B", "-m", "kiosk.programs.version_switch", "lane", f"--settings={settings}", f"--systemctl={systemctl}"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, machine.told.state) == (0, SwitchState.REFUSED), done.stderr
    assert "is not signed by this state's authority" in done.stderr
    machine.wants(machine.command(expires=expires))
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "version 0.2.0 in place of 0.1.0" in process.stderr.readline()
        process.terminate()
    assert machine.current == "0.2.0"
    assert machine.told.state is SwitchState.MOVED


def test_systemd_that_does_not_answer_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="systemctl show mpaka-lane.service: CalledProcessError"):
        SystemdUnit("mpaka-lane.service", "/bin/false").seen()
