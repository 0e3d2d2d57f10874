"""What a client says and hears in MQTT 3.1.1 (OASIS mqtt-v3.1.1): bytes out of values, values out of bytes. No line, no clock.

Only what a lane needs: a session that is always new, QoS 1, a will; its statuses keep it alive, so that it never pings. A program that holds ten
thousand lines pays for everything else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

# Nothing that headquarters sends to a lane comes near this; it bounds what a broker can make one line hold
LARGEST_PACKET = 524_288
LARGEST_NUMBER = 65_535
_LEVEL, _CLEAN, _WILL_QOS1_RETAINED = 4, 0b0000_0010, 0b0010_1100


class NotMqtt(ValueError):
    """Bytes of a broker that are no packet a client may be sent; the text says which rule they break."""


class Kind(IntEnum):
    """The packet types (2.2.1) that a broker sends to such a client."""

    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBACK = 9


@dataclass(frozen=True)
class Accepted:
    """The broker's answer to CONNECT; 0 is yes (3.2.2.3)."""

    code: int


@dataclass(frozen=True)
class Confirmed:
    """The broker has the message with this number."""

    number: int


@dataclass(frozen=True)
class Subscribed:
    """The broker's answer to SUBSCRIBE: whether it granted every topic."""

    granted: bool


@dataclass(frozen=True)
class Published:
    """A message; `number` 0: no confirmation is wanted."""

    topic: str
    payload: bytes
    number: int


Packet = Accepted | Confirmed | Subscribed | Published

GOODBYE = b"\xe0\x00"


def connect(client_id: str, keepalive_s: int, will_topic: str, will: bytes) -> bytes:
    """CONNECT with a clean session and a will that is retained, QoS 1 (3.1)."""
    flags = _CLEAN | _WILL_QOS1_RETAINED
    head = _text("MQTT") + bytes([_LEVEL, flags]) + keepalive_s.to_bytes(2, "big")
    return _framed(0x10, head + _text(client_id) + _text(will_topic) + len(will).to_bytes(2, "big") + will)


def publish(topic: str, payload: bytes, number: int, retain: bool) -> bytes:
    """PUBLISH at QoS 1 (3.3); `number` from 1 to 65,535."""
    return _framed(0x33 if retain else 0x32, _text(topic) + number.to_bytes(2, "big") + payload)


def subscribe(topics: Sequence[str], number: int) -> bytes:
    """SUBSCRIBE to these at QoS 1 (3.8)."""
    return _framed(0x82, number.to_bytes(2, "big") + b"".join(_text(topic) + b"\x01" for topic in topics))


def confirm(number: int) -> bytes:
    """PUBACK (3.4)."""
    return b"\x40\x02" + number.to_bytes(2, "big")


class Packets:
    """Bytes as they come from one line, in any portions, as packets."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, content: bytes) -> Iterator[Packet]:
        """The packets that are whole now. Raises NotMqtt; what comes after that on this line means nothing."""
        held = self._rest + content if self._rest else content
        at = 0
        try:
            while (framed := _frame(held, at)) is not None:
                start, end = framed
                packet = _packet(held[at], held[start:end])
                at = end
                yield packet
        finally:
            self._rest = held[at:]


def _frame(held: bytes, at: int) -> tuple[int, int] | None:
    """Where the packet that begins at `at` has its body; None while it is not whole. Length as of 2.2.3."""
    length = 0
    for place in range(4):
        if at + 1 + place >= len(held):
            return None
        byte = held[at + 1 + place]
        length |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            if length > LARGEST_PACKET:
                raise NotMqtt(f"a packet of {length} bytes, more than {LARGEST_PACKET}")
            start = at + 2 + place
            return (start, start + length) if start + length <= len(held) else None
    raise NotMqtt("a length of more than four bytes")


def _packet(first: int, body: bytes) -> Packet:
    kind, flags = first >> 4, first & 0x0F
    if kind == Kind.PUBLISH:
        return _published(flags, body)
    if flags:
        raise NotMqtt("flags that this packet does not have")
    if kind == Kind.PUBACK and len(body) == 2:
        return Confirmed(int.from_bytes(body, "big"))
    if kind == Kind.CONNACK and len(body) == 2:
        return Accepted(body[1])
    if kind == Kind.SUBACK and len(body) >= 3:
        return Subscribed(all(code == 1 for code in body[2:]))
    raise NotMqtt("a packet that a broker does not send here")


def _published(flags: int, body: bytes) -> Published:
    qos = flags >> 1 & 0b11
    topic_end = 2 + int.from_bytes(body[:2], "big")
    payload_at = topic_end + 2 if qos else topic_end
    if qos > 1 or len(body) < max(2, payload_at):
        raise NotMqtt("a message that is cut short, or of a QoS that nobody asked for")
    number = int.from_bytes(body[topic_end:payload_at], "big")
    if qos and not number:
        raise NotMqtt("a message without its number")
    try:
        return Published(body[2:topic_end].decode("utf-8"), body[payload_at:], number)
    except UnicodeDecodeError:
        raise NotMqtt("a topic that is not UTF-8") from None


def _text(text: str) -> bytes:
    encoded = text.encode("utf-8")
    return len(encoded).to_bytes(2, "big") + encoded


def _framed(first: int, body: bytes) -> bytes:
    length, size = len(body), bytearray([first])
    while True:
        length, low = divmod(length, 128)
        size.append(low | (0x80 if length else 0))
        if not length:
            return bytes(size) + body
