"""The units: clean for systemd-analyze on a tree laid out as docs/install.md says, never giving up, least privilege."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.versions import WISH

ROOT = Path(__file__).parents[2]
# Root's small program that moves a station to another version is none of the programs that run for ever
SWITCH = ROOT / "systemd" / "mpaka-version@.service"
UNITS = sorted(set((ROOT / "systemd").glob("*.service")) - {SWITCH})
TIMERS = sorted((ROOT / "systemd").glob("*.timer"))
# What a timer starts does its work and ends; all others run for ever
TIMED = [unit for unit in UNITS if unit.with_suffix(".timer") in TIMERS]
ANALYZE = shutil.which("systemd-analyze")
# Units of Debian's own that ours name; the laid-out tree has them as empty ones
OTHERS = (
    "network-online.target",
    "time-sync.target",
    "multi-user.target",
    "timers.target",
    "basic.target",
    "sysinit.target",
    "shutdown.target",
    "tmp.mount",
    "paths.target",
)


def lay_out(tree: Path) -> Path:
    """A root folder with the program and the units where an installation puts them."""
    units = tree / "etc/systemd/system"
    units.mkdir(parents=True)
    (tree / "opt/mpaka/0.1.0/bin").mkdir(parents=True)
    (tree / "opt/mpaka/current").symlink_to("0.1.0")
    for name in ("mpaka", "python"):
        program = tree / "opt/mpaka/0.1.0/bin" / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    manual = tree / "opt/mpaka/0.1.0/share/doc/mpaka/install.md"
    manual.parent.mkdir(parents=True)
    manual.write_text("")
    for name in OTHERS:
        (units / name).write_text(
            f"[Unit]\nDescription={name}\n" + ("[Mount]\nWhere=/tmp\nWhat=tmpfs\nType=tmpfs\n" if name.endswith(".mount") else "")
        )
    for name in ("systemd-udevd.service",):
        (units / name).write_text("[Unit]\nDescription=udev\n[Service]\nExecStart=/opt/mpaka/current/bin/mpaka\n")
    for unit in (*UNITS, *TIMERS, SWITCH, SWITCH.with_suffix(".path")):
        shutil.copy(unit, units)
    return units


def verify(tree: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """What systemd-analyze says of the units of that tree."""
    assert ANALYZE is not None
    return subprocess.run(
        [ANALYZE, "verify", f"--root={tree}", "--man=no", *names], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on this machine")
def test_systemd_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    lay_out(tmp_path)
    said = verify(tmp_path, *(unit.name for unit in (*UNITS, *TIMERS)), "mpaka-version@lane.service", "mpaka-version@console.path")
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on this machine")
def test_a_misspelt_key_would_be_found(tmp_path: Path) -> None:
    units = lay_out(tmp_path)
    unit = units / UNITS[0].name
    unit.write_text(unit.read_text().replace("NoNewPrivileges", "NoNewPriviledges"))
    assert "NoNewPriviledges" in verify(tmp_path, unit.name).stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_never_gives_up_and_leaves_no_memory_on_disk(unit: Path) -> None:
    parser = read(unit)
    assert parser["Unit"]["StartLimitIntervalSec"] == "0"
    service = parser["Service"]
    if unit in TIMED:
        assert service["Type"] == "oneshot"
        assert read(unit.with_suffix(".timer"))["Timer"]["OnUnitInactiveSec"]
    else:
        assert (service["Type"], service["Restart"]) == ("notify", "always")
        assert int(service["WatchdogSec"]) > 0
    assert (service["MemorySwapMax"], service["LimitCORE"]) == ("0", "0")
    assert service["NoNewPrivileges"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    assert service["User"].startswith("mpaka-")


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys of units have capitals
    parser.read_string(unit.read_text())
    return parser


def test_the_opener_is_another_user_who_reads_the_store_and_the_receiver_has_no_part_in_it() -> None:
    opener, receiver = read(ROOT / "systemd/mpaka-opener.service")["Service"], read(ROOT / "systemd/mpaka-headquarters.service")["Service"]
    assert opener["User"] != receiver["User"]
    assert receiver["Group"] in opener["SupplementaryGroups"].split()
    assert opener["Group"] not in receiver["SupplementaryGroups"].split()
    assert (opener["StateDirectoryMode"], opener["UMask"]) == ("0700", "0077")
    assert (receiver["StateDirectoryMode"], receiver["UMask"]) == ("0750", "0027")
    board = read(ROOT / "systemd/mpaka-board.service")["Service"]
    assert board["StateDirectory"] == receiver["StateDirectory"]
    assert (board["StateDirectoryMode"], board["UMask"]) == ("0750", "0027"), "systemd sets the folder's mode at each start of either"
    users = (ROOT / "systemd/mpaka-sysusers.conf").read_text()
    assert "m mpaka-opener mpaka-headquarters" in users
    assert "mpaka-headquarters mpaka-opener" not in users


def test_root_s_program_may_move_the_link_and_read_the_wish_and_nothing_else() -> None:
    service = read(SWITCH)["Service"]
    assert "User" not in service
    assert service["CapabilityBoundingSet"] == "CAP_DAC_READ_SEARCH"
    assert (service["ProtectSystem"], service["ReadWritePaths"]) == ("strict", "/opt/mpaka")
    assert (service["RestrictAddressFamilies"], service["PrivateNetwork"]) == ("AF_UNIX", "yes")
    assert "kiosk.programs.version_switch %i" in service["ExecStart"]
    watched = SWITCH.with_suffix(".path").read_text()
    assert f"PathChanged=/var/lib/mpaka/%i/{WISH}" in watched


def test_there_is_a_unit_for_each_station_program() -> None:
    assert [unit.stem for unit in UNITS] == [
        "mpaka-board",
        "mpaka-console",
        "mpaka-export",
        "mpaka-headquarters",
        "mpaka-lane",
        "mpaka-opener",
    ]
