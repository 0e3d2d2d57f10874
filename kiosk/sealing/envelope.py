"""Envelopes (law 5): a payload encrypted once under a fresh key, and that key wrapped for each reader by HPKE.

HPKE is RFC 9180 with X25519, HKDF-SHA256 and ChaCha20-Poly1305; the payload's cipher is ChaCha20-Poly1305 (RFC 8439). The envelope is
a MessagePack map, since JSON would put base64 into base64. Station and record stand in it in clear, and both ciphers are bound to them:
an envelope moved to another record does not open.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kiosk.private import Private
from kiosk.sealing.unwrapping import KeyExchange, unwrap

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
NONCE_BYTES = 12


class CannotOpen(ValueError):
    """An envelope cannot be opened; the text says why and nothing of what is in it."""


class Wrapped(msgspec.Struct, frozen=True):
    """The payload's key, wrapped for the reader whose public key has this id."""

    to: str
    key: bytes


class Envelope(msgspec.Struct, frozen=True):
    """What lies on the disk and on the wire."""

    v: int
    station: str
    record: str
    nonce: bytes
    keys: tuple[Wrapped, ...]
    sealed: bytes


@dataclass(frozen=True)
class Reader:
    """Somebody who can open what is sealed: key id and public key."""

    id: str
    public: X25519PublicKey


def seal(payload: Private[bytes], station: str, record: str, readers: tuple[Reader, ...]) -> bytes:
    """The payload sealed for each of these readers, and for nobody else. About 0.1 ms a reader."""
    key = ChaCha20Poly1305.generate_key()
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = _bound(station, record)
    sealed = ChaCha20Poly1305(key).encrypt(nonce, payload.value, bound)
    wrapped = tuple(Wrapped(reader.id, SUITE.encrypt(key, reader.public, bound)) for reader in readers)
    return msgspec.msgpack.encode(Envelope(1, station, record, nonce, wrapped, sealed))


def read_envelope(content: bytes) -> Envelope:
    """The envelope's clear parts. Raises CannotOpen for bytes that are none."""
    try:
        envelope = msgspec.msgpack.decode(content, type=Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
        raise CannotOpen(f"not an envelope ({type(why).__name__})") from None
    if envelope.v != 1 or len(envelope.nonce) != NONCE_BYTES:
        raise CannotOpen("an envelope of a form that is not known here")
    return envelope


def open_envelope(keys: Mapping[str, X25519PrivateKey | KeyExchange], content: bytes, station: str, record: str) -> Private[bytes]:
    """Open what `station` sealed as `record`, with whichever of `keys` (by id) it was wrapped for. Raises CannotOpen.

    With a key in a token it may also raise TokenLost."""
    envelope = read_envelope(content)
    if (envelope.station, envelope.record) != (station, record):
        raise CannotOpen("the envelope belongs to another record")
    wrapped = next((wrapped for wrapped in envelope.keys if wrapped.to in keys), None)
    if wrapped is None:
        raise CannotOpen("it was not sealed for this key")
    bound = _bound(station, record)
    try:
        key = _unwrapped(wrapped.key, keys[wrapped.to], bound)
        return Private(ChaCha20Poly1305(key).decrypt(envelope.nonce, envelope.sealed, bound))
    except (InvalidTag, ValueError):
        raise CannotOpen("it was changed, or sealed for another key") from None


def _unwrapped(wrapped: bytes, key: X25519PrivateKey | KeyExchange, bound: bytes) -> bytes:
    if isinstance(key, X25519PrivateKey):
        return SUITE.decrypt(wrapped, key, bound)
    return unwrap(wrapped, key, bound)


def _bound(station: str, record: str) -> bytes:
    return f"mpaka-envelope-1\0{station}|{record}".encode()
