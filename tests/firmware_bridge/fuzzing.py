"""Bytes that nobody meant, for the parsers of wires: what the kernel says of plugs, recorded conversations, and the lane controller's frames."""

import random

from firmware_bridge.frames import CobsReader, cobs_frame
from firmware_bridge.lane_controller.messages import (
    BadMessage,
    BarrierValue,
    Describe,
    Description,
    Envelope,
    Heartbeat,
    Input,
    LampValue,
    Mode,
    Result,
    SafeReason,
    SetOutput,
    State,
    Status,
    from_payload,
    to_payload,
)
from firmware_bridge.plug_events import read_event
from firmware_bridge.recorded_wire import read_conversation
from tests.fuzzing import Parser, pieces, spoiled

EVENTS = (
    b"add@/devices/usb1/1-1\0ACTION=add\0DEVPATH=/devices/usb1/1-1\0SUBSYSTEM=usb\0DEVNAME=bus/usb/001/004\0SEQNUM=1\0",
    b"libudev\0\xfe\xed\xca\xfe\x28\0\0\0\x28\0\0\0\x1a\0\0\0" + bytes(16) + b"ACTION=add\0DEVPATH=/devices\0",
)
CONVERSATION = b"# talk\n?\n> 54 00 00\n< 54 00 02 49 44\n~\n!\n"
STATE = State(Mode.LIVE, SafeReason(0), LampValue.GREEN, BarrierValue.CLOSED, Input(0), 1234, 1, 2, 3, 4)
MESSAGES = [Describe(7), Description("lane controller"), SetOutput(1, 1, 1000, 7), Result(Status.DONE), STATE, Heartbeat()]
PAYLOADS = [to_payload(Envelope(number, 300 + number, message)) for number, message in enumerate(MESSAGES)]
FRAMES = b"".join(map(cobs_frame, PAYLOADS))


def plug_event(dice: random.Random) -> bool:
    """Whether one message of the kernel or of udev is an event."""
    return read_event(spoiled(dice.choice(EVENTS), dice)) is not None


def conversation(dice: random.Random) -> bool:
    """Whether a text is a conversation; one that is none is refused with the number of a line."""
    try:
        read_conversation(spoiled(CONVERSATION, dice).decode("latin-1"))
    except ValueError as why:
        assert str(why).startswith("line "), why
        return False
    return True


def controller_frames(dice: random.Random) -> bool:
    """Whether nothing was damaged; a whole frame behind whatever came is found again."""
    reader = CobsReader()
    found = [payload for piece in pieces(spoiled(FRAMES, dice) + cobs_frame(b"last"), dice) for payload in reader.feed(piece)]
    assert found[-1] == b"last"
    return not reader.damaged


def controller_message(dice: random.Random) -> bool:
    """Whether a payload is a message; what is one comes back byte for byte."""
    payload = spoiled(dice.choice(PAYLOADS), dice, harms=3)
    try:
        envelope = from_payload(payload)
    except BadMessage:
        return False
    assert to_payload(envelope) == payload
    return True


PARSERS: dict[str, Parser] = {
    "plug events": plug_event,
    "conversations": conversation,
    "lane controller's frames": controller_frames,
    "lane controller's messages": controller_message,
}
