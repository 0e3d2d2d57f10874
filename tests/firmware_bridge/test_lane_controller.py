"""The lane controller's protocol: bytes that mean what they say, and a fall to safe that needs no host."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.frames import CobsReader, cobs_frame
from firmware_bridge.lane_controller.client import ControllerRefused, LaneController
from firmware_bridge.lane_controller.messages import (
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
from firmware_bridge.wire import WireSilent

BYTE, WORD, LONG = st.integers(0, 255), st.integers(0, 65535), st.integers(0, 2**32 - 1)
MESSAGES: st.SearchStrategy[Message] = st.one_of(
    st.builds(Describe, WORD),
    st.builds(Description, st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)),
    st.builds(SetOutput, BYTE, BYTE, LONG, WORD),
    st.builds(Result, st.sampled_from(Status)),
    st.builds(
        State,
        st.sampled_from(Mode),
        st.sampled_from(SafeReason),
        st.sampled_from(LampValue),
        st.sampled_from(BarrierValue),
        st.integers(0, 63).map(Input),
        LONG,
        BYTE,
        BYTE,
        BYTE,
        WORD,
    ),
    st.just(Heartbeat()),
)


@given(st.builds(Envelope, BYTE, WORD, MESSAGES))
def test_every_message_goes_through_and_back(envelope: Envelope) -> None:
    assert from_payload(to_payload(envelope)) == envelope


@given(st.binary(max_size=230))
def test_any_bytes_are_a_message_or_a_bad_one(payload: bytes) -> None:
    try:
        from_payload(payload)
    except BadMessage:
        return


def test_a_message_as_its_bytes() -> None:
    # version 1, sequence 7, type 3, id 0x0102; output 1, value 1, 5000 ms, lease 0xBEEF; low byte first
    payload = to_payload(Envelope(7, 0x0102, SetOutput(Output.BARRIER, BarrierValue.OPEN, 5000, 0xBEEF)))
    assert payload.hex() == "01070302010101881300 00efbe".replace(" ", "")


def test_another_version_is_refused() -> None:
    with pytest.raises(BadMessage, match="version 2"):
        from_payload(bytes([2]) + to_payload(Envelope(0, 0, Heartbeat()))[1:])


def test_a_value_that_does_not_fit_is_refused() -> None:
    with pytest.raises(BadMessage):
        to_payload(Envelope(0, 0, SetOutput(300, 0, 0, 0)))


class Controller:
    """A wire with a controller behind it that answers by a script: what it says for each frame that it hears."""

    def __init__(self, *, deaf_to: int = 0, text: str = "a controller") -> None:
        self.heard: list[Message] = []
        self.ids: list[int] = []
        self._frames, self._out = CobsReader(), bytearray()
        self._deaf_to, self._text = deaf_to, text
        self.states: list[State] = []

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        for payload in self._frames.feed(data):
            envelope = from_payload(payload)
            self.heard.append(envelope.message)
            match envelope.message:
                case Describe():
                    self._say(Description(self._text), envelope.id)
                case SetOutput() as order:
                    self.ids.append(envelope.id)
                    if len(self.ids) > self._deaf_to:
                        known = order.output in list(Output)
                        self._say(Result(Status.DONE if known else Status.NO_SUCH_OUTPUT), envelope.id)

    def receive(self, timeout_s: float) -> bytes:
        while self.states:
            self._say(self.states.pop(0), 0)
        data, self._out = bytes(self._out), bytearray()
        return data

    def close(self) -> None:
        pass

    def _say(self, message: Message, id_: int) -> None:
        self._out += b"\x07noise" + cobs_frame(to_payload(Envelope(0, id_, message)))


def test_an_order_whose_answer_is_lost_is_sent_again_with_the_same_id() -> None:
    wire = Controller(deaf_to=2)
    controller = LaneController(wire, lease=9)
    controller.connect()
    controller.set_output(Output.BARRIER, BarrierValue.OPEN, 3000)
    assert len(wire.ids) == 3
    assert len(set(wire.ids)) == 1


def test_a_controller_that_never_answers_is_silent() -> None:
    controller = LaneController(Controller(deaf_to=1000), lease=9)
    controller.connect()
    with pytest.raises(WireSilent):
        controller.set_output(Output.LAMP, LampValue.GREEN)


def test_a_controller_that_is_not_the_one_pinned_is_refused() -> None:
    pinned = hashlib.sha256(b"a controller").hexdigest()
    assert LaneController(Controller(), 1).connect(pinned) == "a controller"
    with pytest.raises(ControllerRefused, match="SHA-256"):
        LaneController(Controller(text="another"), 1).connect(pinned)


def test_a_heartbeat_goes_out_with_the_first_look_and_states_come_back() -> None:
    wire = Controller()
    controller = LaneController(wire, 1)
    controller.connect()
    state = State(Mode.LIVE, SafeReason.BOOT, LampValue.GREEN, BarrierValue.CLOSED, Input.PRESENCE, 1234)
    wire.states.append(state)
    assert controller.poll(0.0) == [state]
    assert Heartbeat() in wire.heard
