"""The host's end of the lane controller: heartbeats, orders sent again until answered, and the state as it comes."""

import hashlib
import time
from collections import deque

from firmware_bridge.frames import CobsReader, cobs_frame
from firmware_bridge.lane_controller.messages import (
    HEARTBEAT_S,
    BadMessage,
    Describe,
    Description,
    Envelope,
    Heartbeat,
    Message,
    Output,
    Result,
    SetOutput,
    State,
    Status,
    from_payload,
    to_payload,
)
from firmware_bridge.wire import Wire, WireSilent

ANSWER_S, TRIES = 0.25, 6
SILENT_S = 1.5


class ControllerRefused(RuntimeError):
    """The controller answers that it will not, or is not the one that the settings name."""


class LaneController:
    """One controller on a wire. Call `poll` at least twice a second: it keeps the heartbeat going. Every method may raise WireLost or WireSilent."""

    def __init__(self, wire: Wire, lease: int) -> None:
        """`lease` is a number of 16 bits that the last session did not have."""
        self._wire, self._lease = wire, lease & 0xFFFF
        self._frames = CobsReader()
        self._heard: deque[Envelope] = deque()
        self._sequence = self._id = 0
        self._beaten = self._heard_at = time.monotonic()
        self._beaten -= HEARTBEAT_S

    @property
    def damaged(self) -> int:
        """Frames that arrived damaged."""
        return self._frames.damaged

    def connect(self, pinned: str = "") -> str:
        """Begin a lease; returns what the controller says it is. Raises ControllerRefused where its SHA-256 is not the one pinned."""
        answer = self._ask(Describe(self._lease))
        if not isinstance(answer, Description):
            raise ControllerRefused("the controller answers a question that was not asked")
        found = hashlib.sha256(answer.text.encode()).hexdigest()
        if pinned and found != pinned.lower():
            raise ControllerRefused(f"the controller's description has SHA-256 {found}, the settings expect another")
        self._beat()
        return answer.text

    def set_output(self, output: Output, value: int, for_ms: int = 0) -> None:
        """Switch; 0 means as long as heartbeats go. Raises ControllerRefused."""
        answer = self._ask(SetOutput(output, value, for_ms, self._lease))
        status = answer.status if isinstance(answer, Result) else None
        if status is not Status.DONE:
            raise ControllerRefused(f"{output.name.lower()} was not switched: {status.name.lower() if status else 'no result'}")

    def poll(self, timeout_s: float) -> list[State]:
        """The states that came, oldest first. Raises WireSilent when none has come for too long."""
        self._beat()
        self._listen(timeout_s)
        states = [envelope.message for envelope in self._heard if isinstance(envelope.message, State)]
        self._heard.clear()
        if time.monotonic() - self._heard_at > SILENT_S:
            raise WireSilent("the lane controller is silent")
        return states

    def _ask(self, question: Message) -> Message:
        """Send with a new id, again with the same id while no answer comes."""
        self._id = (self._id + 1) & 0xFFFF
        for _ in range(TRIES):
            self._send(question, self._id)
            due = time.monotonic() + ANSWER_S
            while (left := due - time.monotonic()) > 0:
                self._beat()
                self._listen(left)
                answer = next((one for one in self._heard if one.id == self._id and isinstance(one.message, Description | Result)), None)
                if answer is not None:
                    self._heard.remove(answer)
                    return answer.message
        raise WireSilent("the lane controller does not answer")

    def _beat(self) -> None:
        if time.monotonic() - self._beaten >= HEARTBEAT_S:
            self._beaten = time.monotonic()
            self._send(Heartbeat(), 0)

    def _send(self, message: Message, id_: int) -> None:
        self._sequence = (self._sequence + 1) & 0xFF
        self._wire.send(cobs_frame(to_payload(Envelope(self._sequence, id_, message))))

    def _listen(self, timeout_s: float) -> None:
        for payload in self._frames.feed(self._wire.receive(timeout_s)):
            try:
                self._heard.append(from_payload(payload))
            except BadMessage:
                # a whole frame of another protocol or version: silence will tell
                continue
            self._heard_at = time.monotonic()
