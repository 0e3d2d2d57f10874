"""An officer who plays at the console's window: signs on, takes each case, decides. `python -m kiosk.demo.officer --settings F --pin P --out D`."""

import argparse
import logging
import os
import sys
from pathlib import Path

from kiosk.demo.page import Shot
from kiosk.demo.people import CROSSINGS
from kiosk.demo.playing import Playing, play_at, until, write_story
from kiosk.desk.states import Progress
from kiosk.programs.console import ConsoleStation

PATIENCE_S = 240.0


class Officer:
    """Decides as many cases as there are crossings: clears, but sends the one without a document to second line."""

    def __init__(self, station: ConsoleStation, pin: str, out: Path) -> None:
        self._station, self._pin = station, pin
        self._window = Playing(station.app, out, "officer")

    def play(self) -> list[Shot]:
        """All cases. Raises Stuck."""
        self._sign_on()
        for number in range(1, len(CROSSINGS) + 1):
            until(lambda: bool(self._station.console.desk.waiting), f"case {number}", PATIENCE_S)
            self._window.picture("Somebody waits.")
            self._window.touch("take_next")
            until(lambda: self._station.console.desk.opened is not None and self._progress is Progress.EXAMINING, f"case {number} to open")
            self._decide()
        self._window.touch("sign_off")
        return self._window.shots

    @property
    def _progress(self) -> Progress | None:
        opened = self._station.console.desk.opened
        return opened.progress if opened is not None else None

    def _sign_on(self) -> None:
        self._window.picture("Who is at the desk?")
        self._window.touch("person_O-1")
        for digit in self._pin:
            self._window.touch(f"digit_{digit}")
        self._window.picture("A PIN, never shown.")
        self._window.touch("enter")
        until(lambda: self._station.console.desk.person is not None, "signing on")

    def _decide(self) -> None:
        opened = self._station.console.desk.opened
        members = len(opened.record.value.members) if opened is not None else 0
        until(lambda: members == 0 or self._pictures >= 1, "the pictures of the case")
        self._window.picture("The case: pictures, data, each check with its reason.")
        for _ in range(1, members):
            self._window.touch("next_member")
            self._window.picture("The next person of the family.")
        if members:
            self._window.touch("clear")
        else:
            self._window.touch("second_line")
            self._window.picture("Second line needs a coded reason, and the traveller is not told.")
            self._window.touch("reason_no_document")
        until(lambda: self._progress is Progress.DONE, "the lane's answer")
        self._window.picture("Recorded here, and the lane has it.")

    @property
    def _pictures(self) -> int:
        opened = self._station.console.desk.opened
        return len(opened.pictures) if opened is not None else 0


def main() -> int:
    """Play the console; the PIN comes in the environment, so that no process list shows it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    station = ConsoleStation(chosen.settings, offscreen=True)

    def play() -> None:
        shots = Officer(station, os.environ["MPAKA_DEMO_PIN"], chosen.out).play()
        write_story(chosen.out / "officer.json", [("4. The officer's desk", "One officer decides all three.", shots)])

    return play_at(station, play)


if __name__ == "__main__":
    sys.exit(main())
