"""A post in a folder, as a technician lays it out: keys, staff list, settings of a lane and a console. Tests then spoil one thing of it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drivers.contract import Kind
from kiosk.broker import free_port
from kiosk.journal.rows import MEGABYTE, Caps
from kiosk.programs import check
from kiosk.programs.keys import Made
from kiosk.sealing.station import StationKeys, load_station_keys
from tests.kiosk.practice import Kept
from tests.kiosk.stations import CONSOLE, LANE, PROFILE, SIMULATED

GIVE_UP_S = 60.0
STATION = """\
station = "{station}"
post = "tz-tunduma.toml"
direction = "exit"
live = false
staff = "keys/staff.json"
{more}
[window]
display = "{display}"
[places]
data = "{station}/data"
runtime = "{station}/run"
keys = "keys/stations/{station}"
[journal]
cap_mb = 1
media_cap_mb = 1
[links.headquarters]
host = "127.0.0.1"
port = {port}
tls = false
"""
HOLDER = """\
import sys
from pathlib import Path
from kiosk.clock import SystemClock
from kiosk.journal.writer import Journal
from kiosk.sealing.station import load_station_keys
journal = Journal(Path(sys.argv[1]), load_station_keys(Path(sys.argv[2]), sys.argv[3]), SystemClock(), lambda answer: None)
print("open", flush=True)
sys.stdin.read()
journal.close()
"""


@dataclass(frozen=True)
class Said:
    """What a program said and how it ended."""

    status: int
    out: str
    err: str

    def line(self, part: str) -> str:
        """The report's line of this part, with its advice."""
        rows = self.out.splitlines()
        at = next(number for number, row in enumerate(rows) if row[13:].startswith(f"{part}  "))
        return "\n".join(row for row in rows[at : at + 2] if row == rows[at] or "→" in row)


@dataclass(frozen=True)
class LaidOut:
    """The post's folder."""

    folder: Path
    port: int

    @property
    def lane(self) -> Path:
        return self.folder / "lane.toml"

    @property
    def console(self) -> Path:
        return self.folder / "console.toml"

    @property
    def data(self) -> Path:
        return self.folder / LANE / "data"

    @property
    def staff(self) -> Path:
        return self.folder / "keys" / "staff.json"

    def keys_of(self, station: str) -> Path:
        return self.folder / "keys" / "stations" / station

    @property
    def caps(self) -> Caps:
        return Caps(MEGABYTE, MEGABYTE)

    def keys(self, station: str = LANE) -> StationKeys:
        return load_station_keys(self.keys_of(station), station)

    def kept(self, **more: Any) -> Kept:
        """The lane's journal, in this process."""
        return Kept(self.data, self.keys(), **more)

    def change(self, was: str, becomes: str, path: Path | None = None) -> None:
        """Edit the lane's settings, as a hand would."""
        path = path or self.lane
        text = path.read_text(encoding="utf-8")
        assert was in text
        path.write_text(text.replace(was, becomes), encoding="utf-8")

    def devices(self, tables: str) -> None:
        """Put these in place of the lane's devices."""
        self.lane.write_text(self.lane.read_text(encoding="utf-8").split("[devices")[0] + tables, encoding="utf-8")

    def check(self, capsys: pytest.CaptureFixture[str], path: Path | None = None, patience_s: float = 60.0) -> Said:
        """`mpaka check`, in this process."""
        capsys.readouterr()
        status = check.run(path or self.lane, patience_s)
        return Said(status, *capsys.readouterr())

    def runs(self, command: str, path: Path | None = None) -> Said:
        """`mpaka COMMAND --settings F` as a process of its own, until it ends."""
        words = [sys.executable, "-m", "kiosk", command, "--settings", str(path or self.lane)]
        environment = {**os.environ, "SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy"}
        ended = subprocess.run(words, capture_output=True, text=True, timeout=GIVE_UP_S, env=environment, check=False)
        return Said(ended.returncode, ended.stdout, ended.stderr)

    def holding(self) -> "subprocess.Popen[str]":
        """Another process that has the lane's journal, as a running lane has; it lets go when its stdin is closed."""
        words = [sys.executable, "-c", HOLDER, str(self.data), str(self.keys_of(LANE)), LANE]
        holder = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        return holder


def lay_out(folder: Path, made: Made, *, simulated: bool = False) -> LaidOut:
    """A post whose lane has no devices, or all of the simulated ones."""
    shutil.copytree(made.founding.folder, folder / "keys")
    shutil.copy(PROFILE, folder)
    (folder / "scene").mkdir()
    port = free_port()
    place = f'settings = {{ scene = "{folder}/scene", output = "{folder}" }}\n'
    devices = "".join(f'[devices.{kind}]\ndriver = "{SIMULATED[kind]}"\n{place}' for kind in Kind) if simulated else "[devices]\n"
    lane = STATION.format(station=LANE, more="", display="lane10", port=port)
    (folder / "lane.toml").write_text(lane + devices, encoding="utf-8")
    more = f'lanes = ["{LANE}"]\ndesk = {{ name = "4" }}\n'
    (folder / "console.toml").write_text(STATION.format(station=CONSOLE, more=more, display="console10", port=port), encoding="utf-8")
    for station in (LANE, CONSOLE):
        (folder / station / "data").mkdir(parents=True)
    return LaidOut(folder, port)
