"""The key set: every public key of a state in one list, signed by its authority, with a number that only rises."""

from base64 import b64decode
from binascii import Error as NotBase64
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Payload, Utc, members, shaped
from kiosk.sealing.envelope import Reader
from kiosk.sealing.signing import key_id, signed_by

KEY_SET_KIND = "key-set"
RAW_KEY_BYTES = 32
# Some 80,000 keys: a large state, and a bound to what a wrong file can cost
LARGEST_KEY_SET = 16_000_000


class KeysWrong(ValueError):
    """Keys cannot be used; the text says which, and what to do."""


class Use(StrEnum):
    """What a key is for. STATION, ACKNOWLEDGEMENT and COMMAND sign (Ed25519); the others are sealed to (X25519)."""

    STATION = "station"
    ACKNOWLEDGEMENT = "acknowledgement"
    COMMAND = "command"
    HEADQUARTERS = "headquarters"
    RECOVERY = "recovery"
    DESK = "desk"


class KeyState(StrEnum):
    """RETIRED: what it signed still counts, nothing new is sealed to it. REVOKED: nothing that it signs counts."""

    ACTIVE = "active"
    RETIRED = "retired"
    REVOKED = "revoked"


class KeyEntry(Payload, frozen=True, kw_only=True):
    """One public key: `owner` is a station, or a post for a desk key; `public` its 32 raw bytes, base64."""

    id: str
    use: Use
    owner: str
    public: str
    state: KeyState


class KeySet(Payload, frozen=True, kw_only=True):
    """All of a state's keys."""

    number: int
    country: str
    made: Utc
    keys: tuple[KeyEntry, ...]
    sig: str


class PublicKeys:
    """A verified key set, asked by use. Immutable; a key is found at once among ten thousand."""

    def __init__(self, key_set: KeySet, authority: Ed25519PublicKey) -> None:
        """`key_set` is already verified: see `read_key_set`."""
        self.number = key_set.number
        self.country = key_set.country
        self.entries = key_set.keys
        self._authority = authority
        self.made = key_set.made
        self._by_use: dict[tuple[Use, str | None], list[KeyEntry]] = {}
        self._stations: dict[tuple[str, str], KeyEntry] = {}
        # kept once read: making a key of its bytes costs as much as a signature's verification saves
        self._keys: dict[str, Ed25519PublicKey] = {}
        for entry in self.entries:
            for owner in (None, entry.owner):
                self._by_use.setdefault((entry.use, owner), []).append(entry)
            if entry.use is Use.STATION and entry.state is not KeyState.REVOKED:
                self._stations.setdefault((entry.owner, entry.id), entry)

    def signers(self, use: Use, owner: str | None = None) -> tuple[Ed25519PublicKey, ...]:
        """The keys whose signature counts for this use, of this owner or of anyone."""
        return tuple(self._signer(entry) for entry in self._by_use.get((use, owner), ()) if entry.state is not KeyState.REVOKED)

    def station_key(self, station: str, named: str) -> Ed25519PublicKey | None:
        """The signing key of a station by its key id; None where it is not known or revoked."""
        entry = self._stations.get((station, named))
        return None if entry is None else self._signer(entry)

    def names_station(self, station: str) -> bool:
        """Whether there is, or was, such a station, whatever its keys count for by now."""
        return (Use.STATION, station) in self._by_use

    def commanders(self) -> tuple[Ed25519PublicKey, ...]:
        """The keys that may sign commands: the authority's own and its delegates'."""
        return (self._authority, *self.signers(Use.COMMAND))

    def authority(self) -> Ed25519PublicKey:
        """The key that signs key sets, staff lists and manifests."""
        return self._authority

    def readers(self, post: str) -> tuple[Reader, ...]:
        """Who can open what a station of this post seals: headquarters, its recovery key, the post's desk. Raises KeysWrong."""
        wanted = ((Use.HEADQUARTERS, None), (Use.RECOVERY, None), (Use.DESK, post))
        found = [(use, self._reader(use, owner)) for use, owner in wanted]
        missing = [str(use) for use, reader in found if reader is None]
        if missing:
            raise KeysWrong(f"key set {self.number} has no active key for: {', '.join(missing)}; get a newer key set from headquarters")
        return tuple(reader for _, reader in found if reader is not None)

    def _signer(self, entry: KeyEntry) -> Ed25519PublicKey:
        if (key := self._keys.get(entry.public)) is None:
            key = self._keys[entry.public] = Ed25519PublicKey.from_public_bytes(b64decode(entry.public))
        return key

    def _reader(self, use: Use, owner: str | None) -> Reader | None:
        for entry in self._by_use.get((use, owner), ()):
            if entry.state is KeyState.ACTIVE:
                return Reader(entry.id, X25519PublicKey.from_public_bytes(b64decode(entry.public)))
        return None


def read_key_set(content: bytes, authority: Ed25519PublicKey) -> PublicKeys:
    """Verify and read a key set. Raises KeysWrong."""
    try:
        found = members(content, LARGEST_KEY_SET)
        key_set = shaped(found, KeySet)
    except BadMessage as why:
        raise KeysWrong(f"the key set cannot be read: {why}") from None
    if not signed_by(KEY_SET_KIND, found, (authority,)):
        raise KeysWrong("the key set is not signed by this state's authority; take the file from headquarters again")
    for entry in key_set.keys:
        _check(entry)
    return PublicKeys(key_set, authority)


def load_key_set(path: Path, authority: Ed25519PublicKey) -> PublicKeys:
    """The key set in this file. Raises KeysWrong."""
    try:
        content = path.read_bytes()
    except OSError as why:
        raise KeysWrong(f"{path}: cannot be read ({type(why).__name__}); `mpaka keys` makes a founding for practice") from None
    return read_key_set(content, authority)


def no_newer(number: int) -> PublicKeys | None:
    """The key set that a program began with is all that it ever knows."""
    return None


class KeySetFile:
    """A key set's file that is looked at again when a key is not known: key sets change while a receiver runs."""

    def __init__(self, path: Path, authority: Ed25519PublicKey) -> None:
        self._path, self._authority = path, authority
        self._seen = self._looks()

    def newer(self, number: int) -> PublicKeys | None:
        """The key set there, where the file was changed since the last look and its number is higher than this. Raises KeysWrong."""
        looks = self._looks()
        if looks == self._seen:
            return None
        self._seen = looks
        found = load_key_set(self._path, self._authority)
        return found if found.number > number else None

    def _looks(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_ino, found.st_mtime_ns, found.st_size)


def _check(entry: KeyEntry) -> None:
    try:
        raw = b64decode(entry.public, validate=True)
    except (NotBase64, ValueError):
        raw = b""
    if len(raw) != RAW_KEY_BYTES or key_id(raw) != entry.id:
        raise KeysWrong(f"the key set's entry {entry.use} of {entry.owner} is malformed")
