"""Who opens and closes a lane: headquarters by command, the journal by how full it is. Neither undoes what the other did."""

from datetime import timedelta

from kiosk.clock import utc_text
from kiosk.journal.rows import Pressure, PressureChanged
from kiosk.link.words import Commanded
from kiosk.messages.payloads import Command, CommandName
from kiosk.registration.names import ClosedFor
from tests.kiosk.stations import LANE, LaneAtHand, Post

ID = "01930000-0000-7000-8000-000000000009"


def commanded(lane: LaneAtHand, name: CommandName, number: int) -> None:
    expires = utc_text(lane.clock.now().utc + timedelta(hours=1))
    lane.wire.tell(Commanded(Command(id=ID, station=LANE, number=number, name=name, expires=expires, sig="")))


def pressed(lane: LaneAtHand, pressure: Pressure) -> None:
    lane._journal_says(PressureChanged(pressure))


def closed(post: Post, lane: LaneAtHand, reason: ClosedFor | None) -> None:
    post.until(lambda: lane.lane.state.kiosk.closed is reason, f"closed for {reason}")


def test_a_lane_closed_by_headquarters_stays_closed_when_the_journal_has_room_again(post: Post) -> None:
    lane = post.lane()
    closed(post, lane, None)
    commanded(lane, CommandName.CLOSE, 1)
    closed(post, lane, ClosedFor.HEADQUARTERS)
    pressed(lane, Pressure.PAUSED)
    closed(post, lane, ClosedFor.JOURNAL_FULL)
    pressed(lane, Pressure.OK)
    closed(post, lane, ClosedFor.HEADQUARTERS)
    commanded(lane, CommandName.OPEN, 2)
    closed(post, lane, None)


def test_a_command_opens_no_lane_whose_journal_is_full(post: Post) -> None:
    lane = post.lane()
    pressed(lane, Pressure.PAUSED)
    closed(post, lane, ClosedFor.JOURNAL_FULL)
    commanded(lane, CommandName.OPEN, 1)
    closed(post, lane, ClosedFor.JOURNAL_FULL)
    pressed(lane, Pressure.OK)
    closed(post, lane, None)
