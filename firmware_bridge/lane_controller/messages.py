"""What host and lane controller say to each other. PURE. Each message is the payload of one COBS frame (frames.py), low byte first.

    head   version u8 = 1, sequence u8, type u8, id u16         both directions number their frames; gaps are lost frames
    1 DESCRIBE     host   lease u16                              begins a lease: orders of an older one are refused from then on
    2 DESCRIPTION  MCU    text, ASCII, at most 200 bytes         answers DESCRIBE with its id; the text's SHA-256 is pinned in the settings
    3 SET          host   output u8, value u8, for_ms u32, lease u16
    4 RESULT       MCU    status u8                              answers SET with its id
    5 STATE        MCU    see `State`                            five times a second, and at once when something changes
    6 HEARTBEAT    host                                          every 500 ms; after 2 s without one the controller falls to SAFE

SET says "this output has this value for at most so many milliseconds" (0: as long as heartbeats come) and may be sent again with the same id
without harm: a lost answer costs nothing. The controller boots in SAFE and leaves it with the first heartbeat. Fire release, emergency
release and crush protection are wired in hardware: their inputs are read here, never overridden.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag

VERSION = 1
HEARTBEAT_S, LEASE_S, STATE_S = 0.5, 2.0, 0.2
LONGEST_DESCRIPTION = 200

_HEAD = struct.Struct("<BBBH")
_DESCRIBE = struct.Struct("<H")
_SET = struct.Struct("<BBIH")
_RESULT = struct.Struct("<B")
_STATE = struct.Struct("<BBBBHIBBBH")


class BadMessage(ValueError):
    """A payload is not a message of this protocol."""


class Output(IntEnum):
    """What can be switched."""

    LAMP = 0
    BARRIER = 1


class LampValue(IntEnum):
    """Values of Output.LAMP."""

    OFF = 0
    GREEN = 1
    AMBER = 2
    RED = 3


class BarrierValue(IntEnum):
    """Values of Output.BARRIER."""

    CLOSED = 0
    OPEN = 1


class Input(IntFlag):
    """What is sensed."""

    NONE = 0
    PRESENCE = 1
    BARRIER_OPEN = 2
    FIRE_RELEASE = 4
    EMERGENCY_RELEASE = 8
    TAMPER = 16
    KEY_SWITCH = 32


class Mode(IntEnum):
    """SAFE: lamp red, barrier as configured for no host."""

    SAFE = 0
    LIVE = 1


class SafeReason(IntEnum):
    """Why the controller last fell to SAFE; kept until the next fall."""

    BOOT = 0
    HOST_SILENT = 1
    BROWN_OUT = 2
    WATCHDOG = 3


class Status(IntEnum):
    """What became of a SET."""

    DONE = 0
    NO_SUCH_OUTPUT = 1
    NO_SUCH_VALUE = 2
    STALE_LEASE = 3
    NOT_LIVE = 4


@dataclass(frozen=True)
class Describe:
    """Who are you? From now on orders carry this lease."""

    lease: int


@dataclass(frozen=True)
class Description:
    """What the controller is, in words: name, firmware, outputs, inputs."""

    text: str


@dataclass(frozen=True)
class SetOutput:
    """An output's value for at most `for_ms` milliseconds; 0: as long as heartbeats come."""

    output: int
    value: int
    for_ms: int
    lease: int


@dataclass(frozen=True)
class Result:
    """What became of the SET with this id."""

    status: Status


@dataclass(frozen=True)
class State:
    """All there is to know: what is shown, what is sensed, and the health record since power came (counters stop at their largest)."""

    mode: Mode
    reason: SafeReason
    lamp: LampValue
    barrier: BarrierValue
    inputs: Input
    uptime_ms: int
    brown_outs: int = 0
    watchdog_resets: int = 0
    tampers: int = 0
    damaged_frames: int = 0


@dataclass(frozen=True)
class Heartbeat:
    """The host lives."""


Message = Describe | Description | SetOutput | Result | State | Heartbeat


@dataclass(frozen=True)
class Envelope:
    """A message with its number in the stream and the id that pairs questions with answers."""

    sequence: int
    id: int
    message: Message


def to_payload(envelope: Envelope) -> bytes:
    """The message as bytes. Raises BadMessage where a value does not fit its field."""
    try:
        type_, body = _body(envelope.message)
        return _HEAD.pack(VERSION, envelope.sequence & 0xFF, type_, envelope.id) + body
    except (struct.error, UnicodeEncodeError):
        raise BadMessage(f"{type(envelope.message).__name__} has a value that does not fit") from None


def from_payload(payload: bytes) -> Envelope:
    """The message that these bytes are. Raises BadMessage."""
    if len(payload) < _HEAD.size:
        raise BadMessage("too short for a head")
    version, sequence, type_, id_ = _HEAD.unpack_from(payload)
    if version != VERSION:
        raise BadMessage(f"version {version} is not {VERSION}")
    try:
        return Envelope(sequence, id_, _message(type_, payload[_HEAD.size :]))
    except (struct.error, UnicodeDecodeError, ValueError):
        raise BadMessage(f"a malformed message of type {type_}") from None


def _body(message: Message) -> tuple[int, bytes]:
    match message:
        case Describe(lease):
            return 1, _DESCRIBE.pack(lease)
        case Description(text):
            return 2, text.encode("ascii")[:LONGEST_DESCRIPTION]
        case SetOutput(output, value, for_ms, lease):
            return 3, _SET.pack(output, value, for_ms, lease)
        case Result(status):
            return 4, _RESULT.pack(status)
        case State():
            shown = (message.mode, message.reason, message.lamp, message.barrier, message.inputs, message.uptime_ms & 0xFFFFFFFF)
            return 5, _STATE.pack(*shown, message.brown_outs, message.watchdog_resets, message.tampers, message.damaged_frames)
        case Heartbeat():
            return 6, b""


def _message(type_: int, body: bytes) -> Message:
    match type_:
        case 1:
            return Describe(*_DESCRIBE.unpack(body))
        case 2 if len(body) <= LONGEST_DESCRIPTION:
            return Description(body.decode("ascii"))
        case 3:
            return SetOutput(*_SET.unpack(body))
        case 4:
            return Result(Status(*_RESULT.unpack(body)))
        case 5:
            mode, reason, lamp, barrier, inputs, *health = _STATE.unpack(body)
            return State(Mode(mode), SafeReason(reason), LampValue(lamp), BarrierValue(barrier), Input(inputs), *health)
        case 6 if not body:
            return Heartbeat()
        case _:
            raise BadMessage(f"no message has type {type_} and {len(body)} bytes")
