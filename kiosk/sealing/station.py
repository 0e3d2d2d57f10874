"""A station's own keys, as they lie in its folder, and how private key files are read and written."""

import os
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from kiosk.messages.topics import parse_station
from kiosk.sealing.envelope import Reader
from kiosk.sealing.key_set import KeysWrong, PublicKeys, load_key_set, read_key_set
from kiosk.sealing.protected import Ask, read_private
from kiosk.sealing.signing import key_id

SIGNING, ACKNOWLEDGEMENT, DESK = "signing.key", "acknowledgement.key", "desk.key"
AUTHORITY, KEY_SET = "authority.pub", "key-set.json"
TLS_KEY, TLS_CERTIFICATE, TLS_AUTHORITY = "tls.key", "tls.pem", "ca.pem"


@dataclass(frozen=True)
class TlsFiles:
    """What a mutual TLS connection needs: the authority of certificates, one's own certificate, its key."""

    authority: Path
    certificate: Path
    key: Path


@dataclass(frozen=True)
class StationKeys:
    """Who this station is: its name, its signing key, everyone's public keys, its files for TLS."""

    station: str
    signing: Ed25519PrivateKey
    public: PublicKeys
    tls: TlsFiles

    @property
    def id(self) -> str:
        """The id of the signing key."""
        return key_id(raw_public(self.signing))

    def readers(self) -> tuple[Reader, ...]:
        """Who can open what this station seals."""
        return self.public.readers(parse_station(self.station).post)


@dataclass(frozen=True)
class ReceiverKeys:
    """Headquarters' receiver: it signs acknowledgements, and opens nothing."""

    station: str
    acknowledgement: Ed25519PrivateKey
    public: PublicKeys
    tls: TlsFiles


def load_receiver_keys(folder: Path, station: str) -> ReceiverKeys:
    """The keys in the receiver's folder. Raises KeysWrong."""
    public = load_key_set(folder / KEY_SET, read_authority(folder))
    return ReceiverKeys(station, read_signing_key(folder / ACKNOWLEDGEMENT), public, tls_files(folder))


def load_station_keys(folder: Path, station: str) -> StationKeys:
    """The keys in a station's folder. Raises KeysWrong, which says what to do."""
    public = load_key_set(folder / KEY_SET, read_authority(folder))
    keys = StationKeys(station, read_signing_key(folder / SIGNING), public, tls_files(folder))
    if public.station_key(station, keys.id) is None:
        raise KeysWrong(f"{folder}: the signing key there is not one of {station} in key set {public.number}; set the station up again")
    return keys


def with_key_set(keys: StationKeys, content: bytes) -> StationKeys:
    """The same station with a newer key set; the very same number changes nothing. Raises KeysWrong where it could not go on with it."""
    public = read_key_set(content, keys.public.authority())
    if public.number < keys.public.number:
        raise KeysWrong(f"key set {public.number} is older than {keys.public.number}, which is here")
    if public.station_key(keys.station, keys.id) is None:
        raise KeysWrong(f"key set {public.number} does not know the key that {keys.station} signs with; set the station up anew")
    # what cannot be sealed cannot be recorded
    public.readers(parse_station(keys.station).post)
    return replace(keys, public=public)


def tls_files(folder: Path) -> TlsFiles:
    """Where a folder of keys has its files for TLS."""
    return TlsFiles(folder / TLS_AUTHORITY, folder / TLS_CERTIFICATE, folder / TLS_KEY)


def read_authority(folder: Path) -> Ed25519PublicKey:
    """The authority's public key, which came into the folder at set-up. Raises KeysWrong."""
    path = folder / AUTHORITY
    try:
        return Ed25519PublicKey.from_public_bytes(b64decode(path.read_bytes().strip(), validate=True))
    except OSError as why:
        raise KeysWrong(f"{path}: cannot be read ({type(why).__name__}); `mpaka keys` makes a founding for practice") from None
    except ValueError:
        raise KeysWrong(f"{path}: is not a public key (44 characters of base64)") from None


def read_signing_key(path: Path, ask: Ask | None = None) -> Ed25519PrivateKey:
    """A private key that signs; `ask` is asked where a passphrase protects it. Raises KeysWrong."""
    key = read_private(path, ask)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysWrong(f"{path}: is not a key that signs (Ed25519)")
    return key


def read_opening_key(path: Path, ask: Ask | None = None) -> X25519PrivateKey:
    """A private key that opens envelopes; `ask` is asked where a passphrase protects it. Raises KeysWrong."""
    key = read_private(path, ask)
    if not isinstance(key, X25519PrivateKey):
        raise KeysWrong(f"{path}: is not a key that opens (X25519)")
    return key


def write_private(path: Path, content: bytes) -> None:
    """Write a secret: mode 0600 from its first byte; a file that is there is never overwritten."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def private_pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    """A private key as PEM, PKCS 8, not encrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def raw_public(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    """The 32 bytes of the public half."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_text(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    """The public half in base64, as key sets and `authority.pub` write it."""
    return key_text(raw_public(key))


def key_text(public: bytes) -> str:
    """32 raw bytes of a public key in base64."""
    return b64encode(public).decode("ascii")
