"""What a lane says of itself to headquarters while people pass it."""

import platform

import msgspec

from drivers.contract import Kind, Paper, PaperChanged
from kiosk.desk.events import CaseTaken, ClearPressed
from kiosk.desk.states import Progress
from kiosk.messages.payloads import DeviceState, LaneState, Queue, Status, decode
from kiosk.messages.topics import Leaf
from kiosk.registration import states as s
from tests.kiosk.crossing import Crossing
from tests.kiosk.stations import Post


def test_a_lane_counts_who_waits_and_who_was_decided_and_names_nobody(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    assert (lane.facts().queue, lane.facts().hours) == (Queue(cases=0, longest_s=0), ())
    crossing = Crossing(post, lane)
    case = crossing.to(s.Token).case.case_id
    crossing.slip_comes()
    crossing.leaves()
    queue = lane.facts().queue
    assert queue is not None
    assert queue.cases == 1
    (hour,) = lane.facts().hours
    assert (hour.registered, hour.decided, hour.wait_s) == (1, 0, msgspec.UNSET)
    post.until(lambda: case in console.now.waiting)
    console.touch(CaseTaken(case))
    post.until(lambda: console.now.opened)
    console.touch(ClearPressed())
    post.until(lambda: console.now.opened and console.now.opened.progress is Progress.DONE)
    assert lane.desks.queue().cases == 0
    hours = lane.facts().hours
    assert (sum(hour.registered for hour in hours), sum(hour.decided for hour in hours)) == (1, 1)
    assert isinstance(hours[-1].wait_s, int)


def test_a_lane_says_its_devices_its_paper_its_lists_and_what_it_runs(post: Post) -> None:
    lane = post.lane()
    lane.hands[Kind.RECEIPT_PRINTER].notes(PaperChanged(Paper.OUT))
    lane.hands[Kind.FACE_CAMERA].is_lost()
    post.until(lambda: lane.lane.paper is Paper.OUT)
    lane.wire.changed()
    said = decode(post.said(Leaf.STATUS)[-1], Status)
    assert isinstance(said.devices, dict)
    assert said.devices[Kind.FACE_CAMERA] is DeviceState.FAILED
    assert said.devices[Kind.RECEIPT_PRINTER] is DeviceState.OK
    assert said.consumables == {"paper": "out"}
    assert said.state is LaneState.OPEN
    assert isinstance(said.since, dict)
    assert set(said.since) == {"state", "paper", *said.devices}
    assert isinstance(said.versions, dict)
    assert said.versions["python"] == platform.python_version()
    assert "mpaka" in said.versions
    if lane.clock.now().known:
        assert isinstance(said.lists, dict)
        assert set(said.lists) == {"staff", "key_set"}
        assert all(0 <= age_s < 3600 for age_s in said.lists.values())
    else:
        assert said.lists == {}
