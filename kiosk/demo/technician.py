"""A technician who looks in before the first traveller comes: the corner, the PIN, a self-test, signing off."""

from pathlib import Path

from kiosk.demo.page import Shot
from kiosk.demo.playing import Playing, until
from kiosk.programs.lane import LaneStation
from kiosk.registration.names import StepName

CORNER_S = 10.6
TITLE, STORY = "0. The technician looks in", "Ten seconds on the corner and a PIN; only while nobody is at the lane. Each test is recorded."


def look_in(station: LaneStation, pin: str, out: Path) -> list[Shot]:
    """Sign on, test two devices, sign off. Raises Stuck."""
    window = Playing(station.app, out, "technician")
    window.hold_corner(CORNER_S)
    until(lambda: station.technician.present, "the technician's pad")
    window.picture("Who is there? The pseudonyms of the staff list.")
    window.touch("person_T-1")
    for digit in pin:
        window.touch(f"digit_{digit}")
    window.touch("enter")
    until(lambda: station.lane.state.name is StepName.MAINTENANCE, "the menu")
    window.picture("Violet and dark: nobody takes this for a lane at work.")
    for kind in ("document_camera", "receipt_printer"):
        window.touch(f"test_{kind}")
    window.picture("Self-tests with their results.")
    window.touch("sign_off")
    until(lambda: station.lane.state.name is StepName.ATTRACT, "the lane to open again")
    return window.shots
