"""`mpaka demo`: the whole post on one machine. With a display people play it themselves; without one, or with --play, three crossings are played."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from kiosk.broker import NoBroker, free_port
from kiosk.clock import SystemClock
from kiosk.demo import post as posts
from kiosk.demo.page import Chapter, Shot, write_page
from kiosk.demo.people import CROSSINGS
from kiosk.headquarters.opener import OpeningPlan, open_records
from kiosk.screens import contact_sheet

PATIENCE_S, DELIVERY_S = 420.0, 30.0
PICTURES_A_LINE = 10


class Missing(RuntimeError):
    """Something that the demo should have left is not there; the text says what."""


def run(folder: Path, *, play: bool) -> int:
    """Run the demo; returns the exit status."""
    if not posts.PROFILE.is_file():
        print("mpaka demo: runs from a checkout of the project, where config/ lies; an installed copy has stations only", file=sys.stderr)
        return 2
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    try:
        return run_by_hand(folder) if has_display and not play else run_played(folder)
    except (Missing, NoBroker) as why:
        print(f"mpaka demo: {why}", file=sys.stderr)
        return 1


def run_played(folder: Path) -> int:
    """Three crossings by a scripted traveller and officer. Raises Missing, NoBroker."""
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("*.png"), *folder.glob("*.json"), folder / "index.html"]:
        old.unlink(missing_ok=True)
    shutil.rmtree(folder / "run", ignore_errors=True)
    _say("a broker, keys, settings, specimens ...")
    broker = posts.start_demo_broker(folder)
    post = posts.lay_out(folder, broker.port)
    headquarters = posts.start_headquarters(post)
    people: list[subprocess.Popen[bytes]] = []
    try:
        people = _start_people(post)
        _watch(people, folder)
        records = _delivered(post)
    finally:
        for process in (*people, headquarters):
            process.terminate()
        for process in (*people, headquarters):
            process.wait(10)
        broker.stop()
    page = _tell(post, records, time.monotonic() - began, str(broker.kind))
    _say(f"done in {time.monotonic() - began:.0f} s: {len(records)} records at headquarters, slips and screens in {page}")
    return 0


def run_by_hand(folder: Path) -> int:
    """Windows for a traveller, an officer and a tray of specimens; ends when the lane's window is closed. Raises NoBroker."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "run", ignore_errors=True)
    broker = posts.start_demo_broker(folder)
    post = posts.lay_out(folder, broker.port, "lane10")
    headquarters = posts.start_headquarters(post)
    board_port = free_port()
    board = posts.start_board(post, board_port)
    lane = posts.start("lane", ["kiosk", "lane", "--settings", str(post.settings / "lane.toml")], folder, _at(0, 40))
    console = posts.start("console", ["kiosk", "console", "--settings", str(post.settings / "console.toml")], folder, _at(640, 120))
    tray = posts.start("tray", ["kiosk.demo.tray", "--scene", str(post.scene), "--pages", str(post.pages)], folder, _at(60, 640))
    _say("play the traveller in the lane's window: touch a specimen in the tray to lay it down, a face to step before the camera")
    _say("play the officer at the desk; PINs: " + ", ".join(f"{who} {pin.value}" for who, pin in post.made.pins))
    _say(f"headquarters' board is at http://127.0.0.1:{board_port}/")
    _say(f"slips appear in {post.slips}; close the lane's window to end")
    try:
        lane.wait()
    except KeyboardInterrupt:
        _say("ending")
    finally:
        for process in (tray, console, lane, board, headquarters):
            process.terminate()
            process.wait(10)
        broker.stop()
    return 0


def _at(left: int, top: int) -> dict[str, str]:
    """Where a window comes up, so that none hides another whole; the key names are those of Kivy's own configuration."""
    return {"KCFG_GRAPHICS_POSITION": "custom", "KCFG_GRAPHICS_LEFT": str(left), "KCFG_GRAPHICS_TOP": str(top)}


def _start_people(post: posts.Post) -> list[subprocess.Popen[bytes]]:
    pins = dict(post.made.pins)
    lane = ["kiosk.demo.traveller", "--settings", str(post.settings / "lane.toml"), "--scene", str(post.scene)]
    desk = ["kiosk.demo.officer", "--settings", str(post.settings / "console.toml"), "--out", str(post.folder)]
    return [
        posts.start("officer", desk, post.folder, {"MPAKA_DEMO_PIN": pins["O-1"].value}),
        posts.start(
            "traveller",
            [*lane, "--pages", str(post.pages), "--out", str(post.folder)],
            post.folder,
            {"MPAKA_DEMO_TECHNICIAN": pins["T-1"].value},
        ),
    ]


def _watch(people: list[subprocess.Popen[bytes]], folder: Path) -> None:
    """Until both have come to their end; tells which pictures appear."""
    due, told = time.monotonic() + PATIENCE_S, 0
    while any(process.poll() is None for process in people):
        failed = [process for process in people if process.poll() not in (None, 0)]
        if failed or time.monotonic() > due:
            raise Missing(f"the play did not come to its end; {folder}/logs/traveller.log and officer.log say why")
        pictures = len(list(folder.glob("*.png")))
        if pictures >= told + (1 if sys.stdout.isatty() else PICTURES_A_LINE):
            told = pictures
            _say(f"{pictures} screens pictured, {len(list((folder / 'slips').glob('*.png')))} slips printed", again=True)
        time.sleep(0.5)
    if any(process.returncode for process in people):
        raise Missing(f"the play did not come to its end; {folder}/logs/traveller.log and officer.log say why")


def _delivered(post: posts.Post) -> list[dict[str, Any]]:
    """Headquarters' records, opened with the demo's key, once all have come. Raises Missing."""
    wanted = {"mpaka.registration.v1": len(CROSSINGS), "mpaka.decision.v1": 2 * len(CROSSINGS)}
    due = time.monotonic() + DELIVERY_S
    while True:
        records = _opened(post)
        counts = {type_: sum(record["type"] == type_ for record in records) for type_ in wanted}
        if all(counts[type_] >= number for type_, number in wanted.items()):
            break
        if time.monotonic() > due:
            raise Missing(f"headquarters has {counts}, and should have {wanted}")
        time.sleep(0.5)
    if len({record["id"] for record in records}) != len(records) or counts != wanted:
        raise Missing(f"headquarters has {counts}: more than {wanted}")
    if (slips := len(list(post.slips.glob("*.png")))) != len(CROSSINGS):
        raise Missing(f"{slips} slips were printed for {len(CROSSINGS)} crossings")
    return records


def _opened(post: posts.Post) -> list[dict[str, Any]]:
    lines: list[str] = []
    plan = OpeningPlan(post.store, post.folder / "openings", post.made.founding.opening_key, "demo", "the demo's page")
    tally = open_records(plan, SystemClock(), lines.append)
    if tally.not_opened:
        raise Missing(f"{tally.not_opened} records at headquarters cannot be opened with the demo's key")
    return [json.loads(line) for line in lines]


def _tell(post: posts.Post, records: list[dict[str, Any]], seconds: float, broker: str) -> Path:
    chapters = [*_chapters(post.folder / "traveller.json"), *_chapters(post.folder / "officer.json")]
    slips = tuple(Shot(f"slips/{slip.name}", "As it came out of the printer.") for slip in sorted(post.slips.glob("*.png")))
    chapters.append(Chapter("5. The slips", slips))
    for name, title in (("crossing", "traveller"), ("officer", "officer")):
        contact_sheet.write(sorted(post.folder.glob(f"{name}*.png")), post.folder / f"contact-sheet-{title}.png")
    shown = [record for record in records if record["type"] != "mpaka.audit.v1"]
    figures = {
        "crossings played": str(len(CROSSINGS)),
        "records at headquarters": str(len(records)),
        "seconds": f"{seconds:.0f}",
        "broker": broker,
    }
    return write_page(post.folder, chapters, shown, figures)


def _chapters(path: Path) -> list[Chapter]:
    told = json.loads(path.read_text(encoding="utf-8"))
    return [Chapter(f"{one['title']}: {one['story']}", tuple(Shot(*shot) for shot in one["shots"])) for one in told]


def _say(what: str, *, again: bool = False) -> None:
    """Progress; on a terminal the same line is written again."""
    end = "\r" if again and sys.stdout.isatty() else "\n"
    print(f"mpaka demo: {what}", end=end, flush=True)
