"""The lane's lamp, barrier and presence, through our lane controller (firmware_bridge/lane_controller). UNPROVEN ON HARDWARE: shown with an emulator.

The controller falls to its safe state by itself when this process stops: nothing here has to be kept for that.
"""

import json
import secrets
import time
from typing import Any

from drivers.contract import Answer, Done, Kind, Lamp, OpenBarrier, Order, PresenceChanged, Rest, ShowLamp, TestDone, TestYourself
from drivers.driver import DeviceAbsent, Outlet, Until
from firmware_bridge.lane_controller.client import ControllerRefused, LaneController
from firmware_bridge.lane_controller.messages import BarrierValue, Input, LampValue, Mode, Output, State
from firmware_bridge.reach import reach
from firmware_bridge.wire import Wire, WireLost, WireSilent

LAMPS = {Lamp.OFF: LampValue.OFF, Lamp.GREEN: LampValue.GREEN, Lamp.AMBER: LampValue.AMBER, Lamp.RED: LampValue.RED}
FIRST_STATE_S, LONGEST_OPEN_S = 2.0, 120.0
LISTEN_S = 0.1


def in_words(description: str) -> str:
    """A controller's description as a technician reads it: name and firmware of its JSON; what is no such JSON, as it came."""
    try:
        found = json.loads(description)
    except ValueError:
        return description
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        return description
    firmware = found.get("firmware")
    return f"{found['name']}, firmware {firmware}" if isinstance(firmware, str) else found["name"]


class LaneIo:
    """Settings: `usb` and `port` (firmware_bridge/reach.py), `baud` (115200), `description` (SHA-256 of the controller's description; empty: any)."""

    kind = Kind.LANE_IO
    name = "lane-controller"
    orders: tuple[type[Order], ...] = (ShowLamp, OpenBarrier, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._reach, self._baud = reach(settings), int(settings.get("baud", 115200))
        self._pinned = str(settings.get("description", ""))
        self._wire: Wire | None = None
        self._controller: LaneController | None = None
        self._outlet: Outlet | None = None
        self._lamp: Lamp | None = None
        self._state: State | None = None

    def open(self, outlet: Outlet) -> str:
        """Open the port, begin a lease, hear the first state. Raises DeviceAbsent."""
        self._outlet, self._state = outlet, None
        try:
            self._wire = self._plug()
            self._controller = LaneController(self._wire, secrets.randbits(16))
            text = self._controller.connect(self._pinned)
        except (WireLost, WireSilent, ControllerRefused) as why:
            raise DeviceAbsent(str(why)) from None
        due = time.monotonic() + FIRST_STATE_S
        while self._state is None and time.monotonic() < due:
            self._poll(LISTEN_S)
        return in_words(text)

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Light, open, or test. Raises DeviceAbsent."""
        match order:
            case ShowLamp(lamp=lamp):
                self._lamp = lamp
                self._set(Output.LAMP, LAMPS[lamp])
            case OpenBarrier(seconds=seconds):
                self._set(Output.BARRIER, BarrierValue.OPEN, round(1000 * min(max(0.1, seconds), LONGEST_OPEN_S)))
            case TestYourself():
                return self._test()
        return Done()

    def idle(self) -> None:
        """Keep the heartbeat going and hear what is sensed. Raises DeviceAbsent."""
        self._poll(0.0)
        # the controller was safe for a while, or forgot: the lamp is as it was ordered
        if self._lamp is not None and self._state is not None and self._state.lamp is not LAMPS[self._lamp]:
            self._set(Output.LAMP, LAMPS[self._lamp])

    def close(self) -> None:
        """Free the port."""
        self._controller = None
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _plug(self) -> Wire:
        """The wire to the controller, opened. Raises WireLost, DeviceAbsent."""
        return self._reach.serial(self._baud)

    def _test(self) -> Answer:
        self._poll(LISTEN_S)
        state, controller = self._state, self._controller
        if state is None or controller is None:
            return TestDone(False, ("the controller sends no state",))
        sensed = [one.name.lower().replace("_", " ") for one in Input if one in state.inputs and one.name]
        counted = {
            "brown-outs": state.brown_outs,
            "watchdog resets": state.watchdog_resets,
            "tampers": state.tampers,
            "frames damaged on the way there": state.damaged_frames,
            "frames damaged on the way here": controller.damaged,
        }
        found = (
            f"mode {state.mode.name.lower()}, last fall to safe: {state.reason.name.lower().replace('_', ' ')}",
            f"lamp {state.lamp.name.lower()}, barrier {state.barrier.name.lower()}",
            f"senses: {', '.join(sensed) or 'nothing'}",
            ", ".join(f"{what} {count}" for what, count in counted.items()),
        )
        return TestDone(state.mode is Mode.LIVE, found)

    def _set(self, output: Output, value: int, for_ms: int = 0) -> None:
        try:
            self._connected().set_output(output, value, for_ms)
        except (WireLost, WireSilent, ControllerRefused) as why:
            raise DeviceAbsent(str(why)) from None
        self._poll(0.0)

    def _poll(self, timeout_s: float) -> None:
        try:
            states = self._connected().poll(timeout_s)
        except (WireLost, WireSilent) as why:
            raise DeviceAbsent(str(why)) from None
        for state in states:
            self._hear(state)

    def _hear(self, state: State) -> None:
        before, self._state = self._state, state
        present = Input.PRESENCE in state.inputs
        if self._outlet is not None and (before is None or present != (Input.PRESENCE in before.inputs)):
            self._outlet.tell(PresenceChanged(present))

    def _connected(self) -> LaneController:
        if self._controller is None:
            raise DeviceAbsent("the lane controller is not open")
        return self._controller
