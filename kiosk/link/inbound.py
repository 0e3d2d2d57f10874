"""What comes in: read, its signature verified by the one who may say such a thing, or refused. No bytes from a broker are trusted."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import (
    SIGNED_AS,
    Ack,
    CaseMedia,
    CaseOffer,
    Claim,
    Claims,
    Command,
    CommandResult,
    Decided,
    Decision,
    Hello,
    Lost,
    Payload,
    Refusal,
    Status,
    members,
    shaped,
)
from kiosk.messages.topics import Address, Leaf, parse_station, parse_topic
from kiosk.sealing.key_set import PublicKeys, Use
from kiosk.sealing.signing import signed_by


class NotSigned(BadMessage):
    """Nobody who may say this has signed it, as far as the keys say that are known here."""


class Misdirected(BadMessage):
    """It is for another station."""


SHAPES: dict[Leaf, type[Payload]] = {
    Leaf.ACK: Ack,
    Leaf.COMMAND: Command,
    Leaf.RESULT: CommandResult,
    Leaf.CASE: CaseOffer,
    Leaf.CASE_MEDIA: CaseMedia,
    Leaf.HELLO: Hello,
    Leaf.CLAIM: Claim,
    Leaf.CLAIMS: Claims,
    Leaf.DECISION: Decision,
    Leaf.DECIDED: Decided,
}


@dataclass(frozen=True)
class Heard:
    """A message that may be believed. `station` is the one whose topic it came on: for cases and claims the lane."""

    station: str
    leaf: Leaf
    message: Payload


def hear(topic: str, payload: bytes, keys: PublicKeys) -> Heard:
    """Read and verify one message. Raises BadMessage; NotSigned and Misdirected are such."""
    address = parse_topic(topic)
    found = members(payload)
    if address.leaf is Leaf.STATUS:
        # not signed: it shows a lane's lamp on a board and decides nothing
        return Heard(address.station.id, address.leaf, shaped(found, Lost if found.get("state") == "lost" else Status))
    shape = SHAPES.get(address.leaf)
    if shape is None:
        raise BadMessage(f"nobody here listens to {address.leaf}")
    message = shaped(found, shape)
    if isinstance(message, Ack | Command) and message.station != address.station.id:
        raise Misdirected(f"{shape.__name__}: it is for another station")
    if not signed_by(SIGNED_AS[shape], found, _speakers(address, message, keys)):
        raise NotSigned(f"{shape.__name__}: its signature is not of one who may say this")
    return Heard(address.station.id, address.leaf, message)


def refusal_of(why: BadMessage) -> Refusal:
    """Why a message was not believed, as the status counts it."""
    match why:
        case NotSigned():
            return Refusal.UNSIGNED
        case Misdirected():
            return Refusal.MISDIRECTED
        case _:
            return Refusal.MALFORMED


def _speakers(address: Address, message: Payload, keys: PublicKeys) -> tuple[Ed25519PublicKey, ...]:
    match message:
        case Ack():
            return keys.signers(Use.ACKNOWLEDGEMENT)
        case Command():
            return keys.commanders()
        case Hello(console=console) | Claim(console=console) | Decision(console=console):
            # consoles of another post have no say here
            return keys.signers(Use.STATION, console) if parse_station(console).post == address.station.post else ()
        case _:
            return keys.signers(Use.STATION, address.station.id)
