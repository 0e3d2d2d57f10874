"""A post in a folder: founding, settings, specimens, a broker, headquarters and two stations, each a process of its own."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import cv2

from drivers.formats.specimens import specimen
from drivers.simulated.faces import draw_face
from drivers.simulated.pages import draw_page
from kiosk.broker import Broker, start_broker
from kiosk.demo.people import CROSSINGS
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.store import STORE_FILE
from kiosk.programs.keys import Made, make

LANE, CONSOLE, HEADQUARTERS = "tz-tunduma-lane1", "tz-tunduma-console1", "tz-hq-headquarters1"
PROFILE = Path(__file__).parents[2] / "config" / "posts" / "tz-tunduma.toml"
DEVICES = {
    "passport_reader": "simulated-passport-reader",
    "document_camera": "simulated-document-camera",
    "face_camera": "simulated-face-camera",
    "fingerprint_scanner": "simulated-fingerprint-scanner",
    "receipt_printer": "simulated-receipt-printer",
    "lane_io": "simulated-lane-io",
}
STATION = """\
station = "{station}"
post = "posts/tz-tunduma.toml"
direction = "exit"
staff = "../keys/staff.json"
{more}
[window]
display = "{display}"
fullscreen = false

[places]
data = "{data}"
runtime = "{runtime}"
keys = "../keys/stations/{station}"

[links.headquarters]
host = "127.0.0.1"
port = {port}
tls = false
"""
HEADQUARTERS_SETTINGS = """\
station = "{station}"

[link]
host = "127.0.0.1"
port = {port}
tls = false

[places]
data = "../headquarters"
runtime = "../run/headquarters"
keys = "../keys/stations/{station}"
"""


@dataclass(frozen=True)
class Post:
    """The folders of a laid-out post."""

    folder: Path
    made: Made

    @property
    def settings(self) -> Path:
        """Settings of all three."""
        return self.folder / "settings"

    @property
    def scene(self) -> Path:
        """What is in front of the simulated devices."""
        return self.folder / "run" / "scene"

    @property
    def pages(self) -> Path:
        """Specimen documents and faces."""
        return self.folder / "specimens"

    @property
    def slips(self) -> Path:
        """What came out of the printer, as PNG."""
        return self.folder / "slips"

    @property
    def store(self) -> str:
        """The URL of headquarters' store."""
        return sqlite_url(self.folder / "headquarters" / STORE_FILE)


def lay_out(folder: Path, port: int, lane_display: str = "kiosk21") -> Post:
    """Everything in an empty folder; what an earlier demo left there is removed."""
    for old in (
        "keys",
        "settings",
        "run/scene",
        "run/lane",
        "run/console",
        "specimens",
        "slips",
        "headquarters",
        "lane",
        "console",
        "openings",
    ):
        shutil.rmtree(folder / old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    post = Post(folder, make(folder / "keys", [LANE], [CONSOLE], HEADQUARTERS))
    (post.settings / "posts").mkdir(parents=True)
    shutil.copy(PROFILE, post.settings / "posts")
    for place in (post.scene, post.slips):
        place.mkdir(parents=True)
    _write_settings(post, port, lane_display)
    draw_specimens(post.pages)
    return post


def draw_specimens(folder: Path) -> None:
    """Pages, zones and faces of everybody in the demo."""
    folder.mkdir(parents=True, exist_ok=True)
    for member in (member for crossing in CROSSINGS for member in crossing.members):
        document = specimen(member.specimen, date.today())
        draw_page(document, member.seed, child=member.child).save(folder / f"{member.specimen}.png")
        (folder / f"{member.specimen}.txt").write_text("\n".join(document.lines) + "\n", encoding="ascii")
        cv2.imwrite(str(folder / f"face-{member.seed}.png"), draw_face(member.seed, child=member.child))


def start(name: str, command: list[str], folder: Path, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A process of the post, its output in a log of its own."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    with (logs / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *command], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
        )


def start_headquarters(post: Post) -> subprocess.Popen[bytes]:
    """The receiver."""
    return start("headquarters", ["kiosk", "headquarters", "--settings", str(post.settings / "headquarters.toml")], post.folder)


def start_board(post: Post, port: int) -> subprocess.Popen[bytes]:
    """What headquarters looks at, at this port of the loopback address."""
    settings = str(post.settings / "headquarters.toml")
    return start("board", ["kiosk", "headquarters", "board", "--settings", settings, "--port", str(port)], post.folder)


def start_demo_broker(folder: Path) -> Broker:
    """A broker on the loopback address: mosquitto, or the one from PyPI."""
    return start_broker(folder / "run" / "broker")


def _write_settings(post: Post, port: int, lane_display: str) -> None:
    devices = "".join(
        f'\n[devices.{kind}]\ndriver = "{driver}"\nsettings = {{ scene = "{post.scene}", output = "{post.slips}" }}\n'
        for kind, driver in DEVICES.items()
    )
    lane = STATION.format(station=LANE, more="", display=lane_display, data="../lane", runtime="../run/lane", port=port)
    (post.settings / "lane.toml").write_text(lane + devices, encoding="utf-8")
    more = f'lanes = ["{LANE}"]\ndesk = {{ name = "4", arrow = "right" }}\n'
    console = STATION.format(station=CONSOLE, more=more, display="console10", data="../console", runtime="../run/console", port=port)
    (post.settings / "console.toml").write_text(console, encoding="utf-8")
    text = HEADQUARTERS_SETTINGS.format(station=HEADQUARTERS, port=port)
    (post.settings / "headquarters.toml").write_text(text, encoding="utf-8")
