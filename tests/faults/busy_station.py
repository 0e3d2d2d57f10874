"""A station that works without rest, for the test that kills it: `python -m tests.faults.busy_station lane|console SETTINGS ACCEPTED`.

Whatever was accepted is written to the file ACCEPTED, one id a line, synced: a case once its token was on the screen, a decision once the console said that it was
recorded. Nobody is played by touch here: events go where a touch would put them.
"""

import os
import sys
import threading
import time
from pathlib import Path

from kiosk.desk.events import CaseTaken, ReasonChosen, ReferPressed
from kiosk.desk.states import Progress
from kiosk.movement.case import Reason
from kiosk.pad import Digit, PersonChosen, Submit
from kiosk.private import Private
from kiosk.programs.console import ConsoleStation
from kiosk.programs.lane import LaneStation
from kiosk.registration import events
from kiosk.registration.states import Attract, HelpDiscreet, Token
from kiosk.registration.travellers import Papers

TURN_S = 0.02


class Accepted:
    """The file that a judge reads."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._known: set[str] = set()

    def note(self, id_: str) -> None:
        """This was accepted; known once the line is on the disk."""
        if id_ not in self._known:
            self._known.add(id_)
            os.write(self._file, f"{id_}\n".encode())
            os.fsync(self._file)


def travellers(station: LaneStation, accepted: Accepted) -> None:
    """One person without a document after the other."""
    lane = station.lane
    while True:
        state = lane.state
        match state:
            case Attract():
                for event in (
                    events.Touched(time.monotonic()),
                    events.LanguageChosen("sw"),
                    events.NoticeUnderstood(),
                    events.TravelClassChosen(Papers.NONE_OR_UNSURE),
                ):
                    lane.put(event)
            case Token():
                accepted.note(state.case.case_id)
                lane.put(events.SlipTaken())
            case HelpDiscreet(order=None):
                lane.put(events.OfficerAttended())
            case _:
                pass
        time.sleep(TURN_S * 5)


def officer(station: ConsoleStation, accepted: Accepted, pin: str) -> None:
    """Sends everybody to second line."""
    console = station.console
    for event in (PersonChosen("O-1"), *(Digit(Private(digit)) for digit in pin), Submit()):
        console.put(event)
    while True:
        opened = console.desk.opened
        if opened is None or opened.progress in (Progress.DONE, Progress.CONFLICT, Progress.LANE_NOT_REACHED):
            if opened is not None:
                accepted.note(opened.waiting.case_id)
            console.touched(CaseTaken())
        elif opened.progress is Progress.EXAMINING:
            console.touched(ReferPressed())
            console.touched(ReasonChosen(Reason.NO_DOCUMENT))
        elif opened.progress is Progress.SENDING:
            accepted.note(opened.waiting.case_id)
        time.sleep(TURN_S)


def main() -> None:
    """Run one station until it is killed."""
    kind, settings, path = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    accepted = Accepted(path)
    station: LaneStation | ConsoleStation
    if kind == "lane":
        station = lane = LaneStation(settings, offscreen=True)
        work = threading.Thread(target=travellers, args=(lane, accepted), daemon=True)
    else:
        station = console = ConsoleStation(settings, offscreen=True)
        work = threading.Thread(target=officer, args=(console, accepted, os.environ["MPAKA_TEST_PIN"]), daemon=True)
    station.start()
    work.start()
    station.run()


if __name__ == "__main__":
    main()
