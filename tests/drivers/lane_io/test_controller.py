"""Lamp, barrier and presence: the driver with the simulated controller, and the controller alone with a clock of the test's own."""

from pathlib import Path

import pytest

from drivers import contract
from drivers.contract import DeviceGone, DeviceReady, Done, Lamp, OpenBarrier, PresenceChanged, ShowLamp
from drivers.simulated.lane_io import ControllerFirmware
from drivers.simulated.scene import Scene, Seen
from firmware_bridge.frames import CobsReader, cobs_frame
from firmware_bridge.lane_controller.messages import (
    BarrierValue,
    Describe,
    Envelope,
    Heartbeat,
    LampValue,
    Message,
    Mode,
    Output,
    Result,
    SafeReason,
    SetOutput,
    State,
    Status,
    from_payload,
    to_payload,
)
from tests.drivers.running_host import RunningHost

NOBODY, SOMEBODY = Seen(), Seen(present=True)
LEASE = 77


class Bench:
    """The controller's firmware on a bench: frames in, answers out, and a clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.firmware = ControllerFirmware(clock=lambda: self.now)
        self._reader = CobsReader()

    def send(self, message: Message, seen: Seen = NOBODY, id_: int = 1) -> list[Message]:
        return self._said(self.firmware.received(cobs_frame(to_payload(Envelope(0, id_, message))), seen))

    def wait(self, seconds: float, seen: Seen = NOBODY) -> list[Message]:
        self.now += seconds
        return self._said(self.firmware.tick(seen))

    def state(self, seen: Seen = NOBODY) -> State:
        return self.firmware.state(seen)

    def _said(self, frames: list[bytes]) -> list[Message]:
        return [from_payload(payload).message for frame in frames for payload in self._reader.feed(frame)]


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.send(Describe(LEASE))
    made.send(Heartbeat())
    return made


def test_a_controller_boots_safe_and_goes_live_with_the_first_heartbeat() -> None:
    bench = Bench()
    assert (bench.state().mode, bench.state().lamp) == (Mode.SAFE, LampValue.RED)
    bench.send(Heartbeat())
    assert bench.state().mode is Mode.LIVE


def test_a_host_that_falls_silent_leaves_a_red_lamp_and_a_shut_barrier(bench: Bench) -> None:
    bench.send(SetOutput(Output.LAMP, LampValue.GREEN, 0, LEASE))
    bench.send(SetOutput(Output.BARRIER, BarrierValue.OPEN, 60_000, LEASE))
    assert (bench.state().lamp, bench.state().barrier) == (LampValue.GREEN, BarrierValue.OPEN)
    bench.wait(1.9)
    assert bench.state().mode is Mode.LIVE
    bench.wait(0.2)
    state = bench.state()
    assert (state.mode, state.reason) == (Mode.SAFE, SafeReason.HOST_SILENT)
    assert (state.lamp, state.barrier) == (LampValue.RED, BarrierValue.CLOSED)


def test_a_barrier_falls_back_by_itself_when_its_time_is_over(bench: Bench) -> None:
    bench.send(SetOutput(Output.BARRIER, BarrierValue.OPEN, 1000, LEASE))
    bench.wait(0.9)
    assert bench.state().barrier is BarrierValue.OPEN
    bench.wait(0.2)
    assert bench.state().barrier is BarrierValue.CLOSED


def test_a_barrier_never_shuts_on_somebody_who_stands_there(bench: Bench) -> None:
    bench.send(SetOutput(Output.BARRIER, BarrierValue.OPEN, 1000, LEASE), SOMEBODY)
    bench.wait(5.0, SOMEBODY)
    assert bench.state(SOMEBODY).mode is Mode.SAFE
    assert bench.state(SOMEBODY).barrier is BarrierValue.OPEN
    bench.wait(0.1, NOBODY)
    assert bench.state(NOBODY).barrier is BarrierValue.CLOSED


def test_the_state_is_told_five_times_a_second_and_at_once_when_it_changes(bench: Bench) -> None:
    bench.wait(0.3)
    assert bench.wait(0.05) == []
    assert len(bench.wait(0.16)) == 1
    assert len(bench.wait(0.01, SOMEBODY)) == 1


@pytest.mark.parametrize(
    ("order", "status"),
    [
        (SetOutput(9, 0, 0, LEASE), Status.NO_SUCH_OUTPUT),
        (SetOutput(Output.LAMP, 9, 0, LEASE), Status.NO_SUCH_VALUE),
        (SetOutput(Output.LAMP, LampValue.GREEN, 0, LEASE - 1), Status.STALE_LEASE),
        (SetOutput(Output.LAMP, LampValue.GREEN, 0, LEASE), Status.DONE),
    ],
)
def test_each_order_is_answered_with_what_became_of_it(bench: Bench, order: SetOutput, status: Status) -> None:
    assert Result(status) in bench.send(order)


def test_an_order_sent_twice_does_what_it_did_once(bench: Bench) -> None:
    for _ in range(2):
        assert Result(Status.DONE) in bench.send(SetOutput(Output.LAMP, LampValue.AMBER, 0, LEASE), id_=5)
    assert bench.state().lamp is LampValue.AMBER


def simulated(tmp_path: Path) -> RunningHost:
    return RunningHost("simulated-lane-io", {"scene": str(tmp_path / "scene")}, tmp_path)


def test_somebody_who_steps_up_to_the_lane_is_sensed_and_so_is_their_leaving(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with simulated(tmp_path) as host:
        assert not host.wait_for(PresenceChanged).present
        scene.put("lane_io", present=True)
        assert host.wait_for(PresenceChanged).present
        scene.put("lane_io", present=False)
        assert not host.wait_for(PresenceChanged).present


def test_the_lamp_and_the_barrier_do_what_is_ordered(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with simulated(tmp_path) as host:
        host.wait_for(DeviceReady)
        host.answer(host.order(ShowLamp(Lamp.GREEN)), Done)
        host.answer(host.order(OpenBarrier(30.0)), Done)
        assert scene.shown("lane_io") == {"mode": "live", "lamp": "green", "barrier": "open"}
        test = host.answer(host.order(contract.TestYourself()), contract.TestDone)
        assert test.passed
        assert "lamp green, barrier open" in test.findings


def test_a_lamp_is_lit_again_when_the_controller_is_back(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with simulated(tmp_path) as host:
        host.wait_for(DeviceReady)
        host.answer(host.order(ShowLamp(Lamp.AMBER)), Done)
        scene.put("lane_io", fault="unplug")
        host.wait_for(DeviceGone)
        scene.put("lane_io", fault="")
        host.wait_for(DeviceReady)
        while scene.shown("lane_io")["lamp"] != "amber":
            host.hear()
