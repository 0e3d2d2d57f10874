"""Private key files under a passphrase: PKCS 8 in PEM (RFC 5958), PBES2 with scrypt (RFC 8018, RFC 7914) and AES-256-CBC.

`openssl pkey -in FILE` reads them too. The cryptography package reads this form but writes only PBKDF2 with 2048 rounds, which guesses too
fast for the key of a state; so the few lines of DER around the cipher are written here.
"""

import secrets
from base64 import encodebytes
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from kiosk.private import Private
from kiosk.sealing.key_set import KeysWrong

PrivateKey = Ed25519PrivateKey | X25519PrivateKey | EllipticCurvePrivateKey
Ask = Callable[[str], Private[str]]
"""Asks a person for a passphrase, a PIN or the words of a share; the text says for which. Raises KeysWrong where nobody can be asked."""

SHORTEST_PASSPHRASE = 12
# 16 MB and about a third of a second a guess; more memory than that OpenSSL's own program refuses
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 8
OID_PBES2, OID_SCRYPT, OID_AES256_CBC = "2a864886f70d01050d", "2b06010401da47040b", "60864801650304012a"
ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


def protected_pem(key: PrivateKey, passphrase: Private[str]) -> bytes:
    """The key as PEM that only the passphrase opens. Raises KeysWrong for one that is too short."""
    check_passphrase(passphrase)
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(16)
    padder = PKCS7(128).padder()
    plain = padder.update(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())) + padder.finalize()
    stretched = Scrypt(salt, 32, SCRYPT_N, SCRYPT_R, SCRYPT_P).derive(passphrase.value.encode())
    encryptor = Cipher(AES256(stretched), CBC(nonce)).encryptor()
    numbers = b"".join(_der(2, number.to_bytes(4, "big").lstrip(b"\0")) for number in (SCRYPT_N, SCRYPT_R, SCRYPT_P))
    stretch = _der(0x30, _der(6, bytes.fromhex(OID_SCRYPT)), _der(0x30, _der(4, salt), numbers))
    cipher = _der(0x30, _der(6, bytes.fromhex(OID_AES256_CBC)), _der(4, nonce))
    how = _der(0x30, _der(6, bytes.fromhex(OID_PBES2)), _der(0x30, stretch, cipher))
    whole = _der(0x30, how, _der(4, encryptor.update(plain) + encryptor.finalize()))
    return ENCRYPTED + b"\n" + encodebytes(whole) + b"-----END ENCRYPTED PRIVATE KEY-----\n"


def check_passphrase(passphrase: Private[str]) -> None:
    """Whether it may protect a key. Raises KeysWrong for one that is too short."""
    if len(passphrase.value) < SHORTEST_PASSPHRASE:
        raise KeysWrong(f"the passphrase is too short: take {SHORTEST_PASSPHRASE} characters or more, such as six words drawn by dice")


def read_private(path: Path, ask: Ask | None = None) -> PrivateKeyTypes:
    """A private key in a file: PEM, PKCS 8, readable by its owner alone; `ask` is asked where a passphrase protects it. Raises KeysWrong."""
    try:
        others, content = path.stat().st_mode & 0o077, path.read_bytes()
    except OSError as why:
        raise KeysWrong(f"{path}: cannot be read ({type(why).__name__}); `mpaka keys` makes a founding for practice") from None
    if others:
        raise KeysWrong(f"{path}: others may read this key; run chmod 600 on it, and renew it if others did")
    if ENCRYPTED not in content:
        return _loaded(path, content, None)
    if ask is None:
        raise KeysWrong(f"{path}: is protected by a passphrase, which cannot be asked for here")
    return _loaded(path, content, ask(f"passphrase of {path}"))


def _loaded(path: Path, content: bytes, passphrase: Private[str] | None) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(content, None if passphrase is None else passphrase.value.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if passphrase is not None:
            raise KeysWrong(f"{path}: this passphrase does not open it") from None
        raise KeysWrong(f"{path}: is not a private key in PEM form") from None


def _der(tag: int, *parts: bytes) -> bytes:
    """One element of DER (X.690): tag, length, content. Here no whole number begins with a set bit, and nothing is longer than 64 KiB."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes(2, "big").lstrip(b"\0")
    return bytes([tag, 0x80 | len(length)]) + length + content
