"""A traveller who plays a crossing at the kiosk's window, with simulated devices: `python -m kiosk.demo.traveller --settings F --scene D --out D`."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.contract import Kind
from drivers.simulated.scene import Scene
from kiosk.demo import technician
from kiosk.demo.page import Shot
from kiosk.demo.people import CROSSINGS, Crossing, Member
from kiosk.demo.playing import Playing, play_at, until, write_story
from kiosk.programs.lane import LaneStation
from kiosk.registration.states import SlipIs

OFFICER_S, LIVE_S = 120.0, 0.35
LIVE = {"DOC_CAPTURE": "It lies there and is being read.", "FACE": "Hold still."}
SAID = {
    "ATTRACT": "The kiosk waits. Nothing moves until somebody comes.",
    "LANGUAGE": "Each language says its own name when touched.",
    "NOTICE": "What is recorded, and why; spoken as well.",
    "TRAVEL_CLASS": "Four pictures, four answers.",
    "DOC_CAPTURE": "Lay the passport down.",
    "DOC_CHECK": "The document is looked at.",
    "PARTY": "Who travels along?",
    "DECLARE": "One question, one touch.",
    "FACE": "Look here.",
    "FINGERS": "A finger, flat on the glass.",
    "REVIEW": "Is this right?",
    "RECORDING": "Nothing is promised before it is on the disk.",
    "TOKEN": "The number, and where to go.",
    "HELP_DISCREET": "An officer will help. It looks the same for every reason.",
}


class Traveller:
    """Plays crossings one after the other."""

    def __init__(self, station: LaneStation, scene: Scene, pages: Path, out: Path) -> None:
        self._station, self._scene, self._pages, self._out = station, scene, pages, out
        self._window = Playing(station.app, out, "traveller")
        self._seen: set[str] = set()

    def play(self) -> list[tuple[str, str, list[Shot]]]:
        """All three. Raises Stuck."""
        until(lambda: self._name == "ATTRACT" and len(self._state.kiosk.lost) <= 1, "the lane to open")
        checked = (technician.TITLE, technician.STORY, technician.look_in(self._station, os.environ["MPAKA_DEMO_TECHNICIAN"], self._out))
        return [checked, *((crossing.title, crossing.story, self._cross(crossing)) for crossing in CROSSINGS)]

    @property
    def _state(self) -> Any:
        """The session's state, read from another thread: one value, never changed in place."""
        return self._station.lane.state

    @property
    def _name(self) -> str:
        return str(self._state.name)

    def _cross(self, crossing: Crossing) -> list[Shot]:
        self._window = Playing(self._station.app, self._out, f"crossing{crossing.title[0]}")
        self._scene.put("passport_reader", fault="" if crossing.reader else "unplug", lines=[])
        until(lambda: (Kind.PASSPORT_READER in self._state.kiosk.lost) is not crossing.reader, "the passport reader")
        self._scene.put("lane_io", present=True)
        self._seen = set()
        while not (self._name == "ATTRACT" and "TOKEN" in self._seen):
            self._step(crossing)
        self._scene.put("lane_io", present=False)
        return self._window.shots

    def _step(self, crossing: Crossing) -> None:
        """Look at the screen, picture it, do what it asks, wait until it is another one."""
        state, name = self._state, self._name
        key = f"{name}:{getattr(state, 'question', '')}{getattr(state, 'member', '')}"
        if key not in self._seen:
            self._window.picture(SAID.get(name, name))
        self._seen |= {key, name}
        if self._state is state:
            self._act(crossing, name)
            self._while_it_lasts(state, name)
        until(lambda: self._state is not state, f"the screen after {name}")

    def _while_it_lasts(self, state: Any, name: str) -> None:
        """The live picture with the document or the face in it, if the lane has not gone on already."""
        if name in LIVE and f"{name} live" not in self._seen:
            time.sleep(LIVE_S)
            if self._state is state:
                self._seen.add(f"{name} live")
                self._window.picture(LIVE[name], settle_s=0.0)

    def _act(self, crossing: Crossing, name: str) -> None:
        """What this person does on this screen; where the machine is at work, nothing."""
        touched = {
            "ATTRACT": ("start",),
            "LANGUAGE": (f"language_{crossing.language}",),
            "NOTICE": ("understood",),
            "TRAVEL_CLASS": (crossing.papers,),
            "REVIEW": ("review_yes",),
        }
        if name in touched:
            self._window.touch(*touched[name])
        elif name in DOES:
            DOES[name](self, crossing)

    def lay_down_next(self, crossing: Crossing) -> None:
        """On that screen."""
        self._lay_down(crossing.members[len(self._state.travellers.members)], crossing.reader)

    def party(self, crossing: Crossing) -> None:
        """On that screen."""
        self._take_away()
        count = len(self._state.travellers.members)
        more = crossing.members[count : count + 1]
        self._window.touch(*([f"add_{more[0].relation}"] if more else ["party_complete", "party_alone"]))

    def declare(self, crossing: Crossing) -> None:
        """On that screen."""
        question = self._state.question
        options = [f"{question}_{option}" for option in self._station.commands.profile.options(question)]
        self._window.touch(*[answer for answer in crossing.answers if answer in options] or options)

    def look(self, crossing: Crossing) -> None:
        """On that screen."""
        member = crossing.members[self._state.member]
        self._scene.put("face_camera", image=str(self._pages / f"face-{member.seed}.png"))

    def finger(self, crossing: Crossing) -> None:
        """On that screen."""
        self._scene.put("fingerprint_scanner", finger=crossing.members[self._state.member].seed)

    def take_slip(self, crossing: Crossing) -> None:
        """On that screen."""
        until(lambda: getattr(self._state, "slip", None) is not SlipIs.COMING, "the slip")
        self._window.picture("The slip is out.")
        self._leave()

    def _lay_down(self, member: Member, reader: bool) -> None:
        if reader:
            lines = (self._pages / f"{member.specimen}.txt").read_text(encoding="ascii").split()
            self._scene.put("passport_reader", lines=lines)
        else:
            self._scene.put("document_camera", image=str(self._pages / f"{member.specimen}.png"))

    def _take_away(self) -> None:
        self._scene.put("passport_reader", lines=[])
        self._scene.put("document_camera", image="")

    def _leave(self) -> None:
        self._take_away()
        self._scene.put("face_camera", image="")
        self._scene.put("fingerprint_scanner", finger=None)
        self._window.touch("token_done", "token_done_screen")


DOES: dict[str, Callable[[Traveller, Crossing], None]] = {
    "DOC_CAPTURE": Traveller.lay_down_next,
    "PARTY": Traveller.party,
    "DECLARE": Traveller.declare,
    "FACE": Traveller.look,
    "FINGERS": Traveller.finger,
    "TOKEN": Traveller.take_slip,
}


def main() -> int:
    """Play the lane; the exit status says whether the story came to its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--scene", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    station = LaneStation(chosen.settings, offscreen=True)

    def play() -> None:
        traveller = Traveller(station, Scene(chosen.scene), chosen.pages, chosen.out)
        write_story(chosen.out / "traveller.json", traveller.play())
        # the lane stays open until the officer has decided the last case
        until((chosen.out / "officer.json").exists, "the officer", OFFICER_S)

    return play_at(station, play)


if __name__ == "__main__":
    sys.exit(main())
