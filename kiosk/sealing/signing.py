"""Signatures and the chain: Ed25519 over a prefix that names the kind, and SHA-256 of the RFC 8785 form of all members but `sig`."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.messages.canonical import BadMessage, canonical
from kiosk.messages.payloads import SIGNED_AS, Payload, encode, members

# what `prevhash` and `head` say before the first record of a chain
NOTHING_BEFORE = "0" * 64

P = TypeVar("P", bound=Payload)


class Signer(Protocol):
    """What signs: an Ed25519 key in memory, or one in a token."""

    def sign(self, data: bytes, /) -> bytes:
        """The signature: 64 bytes."""

    def public_key(self) -> Ed25519PublicKey:
        """Its public half."""


def key_id(public: bytes) -> str:
    """The short name of a public key: the first 16 hexadecimal digits of the SHA-256 of its 32 raw bytes."""
    return hashlib.sha256(public).hexdigest()[:16]


def sign_members(kind: str, found: Mapping[str, Any], key: Signer) -> str:
    """The signature, base64. `kind` keeps a signature over one kind of message from standing for another."""
    return b64encode(key.sign(_covered(kind, found))).decode("ascii")


def signed_by(kind: str, found: Mapping[str, Any], keys: Iterable[Ed25519PublicKey]) -> bool:
    """Whether the member `sig` is the signature of one of these keys over all the others."""
    sig = found.get("sig")
    try:
        signature = b64decode(sig, validate=True) if isinstance(sig, str) else b""
        covered = _covered(kind, found)
    except (ValueError, BadMessage):
        return False
    return any(_fits(key, signature, covered) for key in keys)


def signed(payload: P, key: Signer) -> P:
    """The same payload with its `sig` made."""
    return msgspec.structs.replace(payload, sig=sign_members(SIGNED_AS[type(payload)], members(encode(payload)), key))


def chain_hash(content: bytes) -> str:
    """The hash that the next record names as `prevhash`: SHA-256, hexadecimal, of a record's canonical JSON with its `sig`."""
    return hashlib.sha256(content).hexdigest()


def _covered(kind: str, found: Mapping[str, Any]) -> bytes:
    without = {name: value for name, value in found.items() if name != "sig"}
    return f"mpaka-{kind}-1".encode("ascii") + b"\0" + hashlib.sha256(canonical(without)).digest()


def _fits(key: Ed25519PublicKey, signature: bytes, covered: bytes) -> bool:
    try:
        key.verify(signature, covered)
    except InvalidSignature:
        return False
    return True
