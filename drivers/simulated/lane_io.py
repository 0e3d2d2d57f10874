"""A simulated lane controller: the real driver, and the controller's own behaviour at the other end of a pty, with its fall to safe.

What it shows is written beside the scene as `lane_io.shown.json`: {"mode", "lamp", "barrier"}, for the demo and for tests to look at.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from drivers.lane_io.controller import LaneIo
from drivers.simulated.pty_device import EmulatorReach, PtySocket
from drivers.simulated.scene import Scene, Seen
from firmware_bridge.frames import CobsReader, cobs_frame
from firmware_bridge.lane_controller.messages import (
    LEASE_S,
    STATE_S,
    BadMessage,
    BarrierValue,
    Describe,
    Description,
    Envelope,
    Heartbeat,
    Input,
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

DEVICE = "lane_io"
TEXT = '{"name":"mpaka lane controller, simulated","firmware":"1.0","outputs":["lamp","barrier"],"inputs":["presence"]}'
SAFE_LAMP, SAFE_BARRIER = LampValue.RED, BarrierValue.CLOSED
VALUES: dict[int, type[LampValue] | type[BarrierValue]] = {Output.LAMP: LampValue, Output.BARRIER: BarrierValue}
FOREVER = float("inf")


@dataclass(frozen=True)
class Held:
    """An output's value and until when it holds."""

    value: int
    until: float


class ControllerFirmware:
    """The controller's side of the protocol. Time comes in, so that tests need not wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, show: Callable[[State], None] = lambda _: None) -> None:
        self._clock, self._show = clock, show
        self._frames = CobsReader()
        self._booted = self._told_at = clock()
        self._beat_at = -FOREVER
        self._mode, self._reason = Mode.SAFE, SafeReason.BOOT
        self._held: dict[int, Held] = {}
        self._lease, self._sequence = -1, 0
        self._told: State | None = None

    def received(self, data: bytes, seen: Seen) -> list[bytes]:
        """Answers to these bytes, and the new state where they changed something."""
        answers = []
        for payload in self._frames.feed(data):
            try:
                envelope = from_payload(payload)
            except BadMessage:
                continue
            answer = self._answer(envelope.message)
            if answer is not None:
                answers.append(self._frame(answer, envelope.id))
        return answers + self.tick(seen)

    def tick(self, seen: Seen) -> list[bytes]:
        """The state, when it is another or five times a second."""
        now = self._clock()
        if self._mode is Mode.LIVE and now - self._beat_at > LEASE_S:
            self._mode, self._reason, self._held = Mode.SAFE, SafeReason.HOST_SILENT, {}
        state = self.state(seen)
        same = self._told is not None and replace(state, uptime_ms=self._told.uptime_ms) == self._told
        if same and now - self._told_at < STATE_S:
            return []
        if not same:
            self._show(state)
        self._told, self._told_at = state, now
        return [self._frame(state, 0)]

    def state(self, seen: Seen) -> State:
        """What is shown and sensed now."""
        barrier = BarrierValue(self._value(Output.BARRIER, SAFE_BARRIER))
        shut_in = self._told is not None and self._told.barrier is BarrierValue.OPEN and seen.present
        if shut_in:
            # somebody stands there: an open barrier stays open, whoever wants it shut
            barrier = BarrierValue.OPEN
        inputs = (Input.PRESENCE if seen.present else Input.NONE) | (Input.BARRIER_OPEN if barrier is BarrierValue.OPEN else Input.NONE)
        lamp = LampValue(self._value(Output.LAMP, LampValue.OFF)) if self._mode is Mode.LIVE else SAFE_LAMP
        uptime = round(1000 * (self._clock() - self._booted))
        return State(self._mode, self._reason, lamp, barrier, inputs, uptime, damaged_frames=min(self._frames.damaged, 0xFFFF))

    def _value(self, output: Output, otherwise: int) -> int:
        held = self._held.get(output)
        return held.value if held is not None and self._clock() < held.until else otherwise

    def _answer(self, message: Message) -> Message | None:
        match message:
            case Describe(lease):
                self._lease = lease
                return Description(TEXT)
            case SetOutput():
                return Result(self._set(message))
            case Heartbeat():
                self._mode, self._beat_at = Mode.LIVE, self._clock()
        return None

    def _set(self, order: SetOutput) -> Status:
        values = VALUES.get(order.output)
        if values is None:
            return Status.NO_SUCH_OUTPUT
        if order.value not in list(values):
            return Status.NO_SUCH_VALUE
        if order.lease != self._lease:
            return Status.STALE_LEASE
        if self._mode is not Mode.LIVE:
            return Status.NOT_LIVE
        until = self._clock() + order.for_ms / 1000 if order.for_ms else FOREVER
        self._held[order.output] = Held(order.value, until)
        return Status.DONE

    def _frame(self, message: Message, id_: int) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFF
        return cobs_frame(to_payload(Envelope(self._sequence, id_, message)))


class SimulatedLaneIo(LaneIo):
    """The lane controller's driver with the emulator at the other end. Settings: `scene`, the folder of the scene."""

    name = "simulated-lane-io"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__({"port": DEVICE})
        scene = Path(settings["scene"])
        self._scene = Scene(scene)
        self._reach = EmulatorReach(DEVICE, socket=PtySocket(DEVICE, scene), firmware=lambda: ControllerFirmware(show=self._show))

    def _show(self, state: State) -> None:
        shown = {"mode": state.mode.name.lower(), "lamp": state.lamp.name.lower(), "barrier": state.barrier.name.lower()}
        self._scene.show(DEVICE, shown)
