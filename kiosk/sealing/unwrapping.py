"""HPKE opened by a private key that cannot leave its token: the token does X25519, and the rest of RFC 9180 is done here.

Base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, one message: what `cryptography.hpke` does with a key in memory
(envelope.py). The tests hold it against that, and against the RFC's own vector.
"""

from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

ENC_BYTES, KEY_BYTES, NONCE_BYTES = 32, 32, 12
KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0003))
BASE_MODE = b"\0"


class TokenLost(RuntimeError):
    """The token that holds a key does not do what it is asked; the text says why."""


class KeyExchange(Protocol):
    """A private X25519 key that is used where it is."""

    @property
    def public(self) -> bytes:
        """The 32 bytes of its public half."""

    def exchange(self, peer: bytes) -> bytes:
        """X25519 with this public key: 32 bytes. Raises TokenLost, and ValueError for a public key that is none."""


def unwrap(wrapped: bytes, key: KeyExchange, info: bytes, beside: bytes = b"") -> bytes:
    """What was sealed to this key with this info, and with `beside` in clear. Raises TokenLost, and ValueError, also for another key's."""
    if len(wrapped) < ENC_BYTES:
        raise ValueError("shorter than a public key")
    enc, sealed = wrapped[:ENC_BYTES], wrapped[ENC_BYTES:]
    shared = _shared_secret(key.exchange(enc), enc + key.public)
    context = BASE_MODE + _extract(SUITE, b"", b"psk_id_hash", b"") + _extract(SUITE, b"", b"info_hash", info)
    secret = _extract(SUITE, shared, b"secret", b"")
    cipher = ChaCha20Poly1305(_expand(SUITE, secret, b"key", context, KEY_BYTES))
    try:
        return cipher.decrypt(_expand(SUITE, secret, b"base_nonce", context, NONCE_BYTES), sealed, beside)
    except InvalidTag:
        raise ValueError("it was changed, or sealed for another key") from None


def _shared_secret(exchanged: bytes, context: bytes) -> bytes:
    return _expand(KEM_SUITE, _extract(KEM_SUITE, b"", b"eae_prk", exchanged), b"shared_secret", context, 32)


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    """LabeledExtract of RFC 9180, section 4."""
    made = HMAC(salt or bytes(32), SHA256())
    made.update(b"HPKE-v1" + suite + label + material)
    return made.finalize()


def _expand(suite: bytes, secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand of RFC 9180, section 4."""
    return HKDFExpand(SHA256(), length, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info).derive(secret)
