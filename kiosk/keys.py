"""A founding for practice and the demo (`mpaka keys`): authority, headquarters, desk, stations, and certificates for TLS.

A state's real founding is a ceremony: the authority stays offline, the recovery key is shared among three holders. Here all keys are
made at once into one folder, so that the demo and the tests use the same files as a station does. For the same reason the key of the
certificates' authority stays there, so that a lane can be added later (`enrol`).
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from kiosk.founding.certificates import Certifier, certify, new_certifier, tls_pem
from kiosk.messages.payloads import encode, members
from kiosk.messages.topics import parse_station
from kiosk.sealing.key_set import (
    KEY_SET_KIND,
    LARGEST_KEY_SET,
    KeyEntry,
    KeySet,
    KeyState,
    KeysWrong,
    PublicKeys,
    Use,
    load_key_set,
    read_key_set,
)
from kiosk.sealing.signing import Signer, key_id, sign_members
from kiosk.sealing.station import (
    ACKNOWLEDGEMENT,
    AUTHORITY,
    DESK,
    KEY_SET,
    SIGNING,
    TLS_AUTHORITY,
    TLS_CERTIFICATE,
    TLS_KEY,
    TlsFiles,
    private_pem,
    public_text,
    raw_public,
    read_signing_key,
    tls_files,
    write_private,
)

# What the practice broker's certificate is for
LOCAL = ("localhost", "127.0.0.1", "::1")


class FoundingExists(FileExistsError):
    """There is a founding in the folder already; it is never overwritten."""


@dataclass(frozen=True)
class Founding:
    """Where everything lies. `station(id)` is the folder that a lane, a console or the receiver is given as its `places.keys`."""

    folder: Path

    def station(self, station: str) -> Path:
        """The keys of one station."""
        return self.folder / "stations" / station

    @property
    def broker(self) -> Path:
        """Certificate and key of a broker on this machine."""
        return self.folder / "broker"

    @property
    def authority(self) -> Path:
        """The authority's private key: signs key sets, staff lists, commands."""
        return self.folder / "authority" / "authority.key"

    @property
    def certifier_key(self) -> Path:
        """The private key of the authority of certificates."""
        return self.folder / "authority" / "certificates.key"

    @property
    def opening_key(self) -> Path:
        """Headquarters' active opening key, for `mpaka headquarters open`; the receiver never has it."""
        return self.folder / "opener" / "active.key"

    @property
    def recovery_key(self) -> Path:
        """Headquarters' recovery key; offline in a real founding."""
        return self.folder / "safe" / "recovery.key"


def found(folder: Path, lanes: Sequence[str], consoles: Sequence[str], headquarters: str, now: datetime | None = None) -> Founding:
    """Make a founding for these stations in an empty or new folder. Raises FoundingExists, BadMessage for a wrong station name."""
    stations = [parse_station(name) for name in (*lanes, *consoles, headquarters)]
    now = now or datetime.now(UTC)
    founding = Founding(folder)
    if founding.authority.exists():
        raise FoundingExists(f"{folder}: there is a founding already; its keys are never overwritten")
    authority, acknowledgement = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    active, recovery = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    posts = sorted({parse_station(name).post for name in (*lanes, *consoles)})
    desks = {post: X25519PrivateKey.generate() for post in posts}
    signing = {station.id: Ed25519PrivateKey.generate() for station in stations}
    entries = [
        _entry(Use.HEADQUARTERS, headquarters, active),
        _entry(Use.RECOVERY, headquarters, recovery),
        _entry(Use.ACKNOWLEDGEMENT, headquarters, acknowledgement),
        *(_entry(Use.DESK, post, key) for post, key in desks.items()),
        *(_entry(Use.STATION, station, key) for station, key in signing.items()),
    ]
    key_set = sign_key_set(1, stations[0].country, entries, authority, now)
    certifier = new_certifier("Mpaka practice certificates", now)
    for station in stations:
        _lay_out(founding.station(station.id), authority, key_set, certifier, station.id, now)
        write_private(founding.station(station.id) / SIGNING, private_pem(signing[station.id]))
    for console in consoles:
        write_private(founding.station(console) / DESK, private_pem(desks[parse_station(console).post]))
    write_private(founding.station(headquarters) / ACKNOWLEDGEMENT, private_pem(acknowledgement))
    _certify(founding.broker, certifier, LOCAL[0], now, LOCAL)
    _keep(founding.opening_key, private_pem(active))
    _keep(founding.recovery_key, private_pem(recovery))
    _keep(founding.certifier_key, tls_pem(certifier.key))
    # last, so that a founding that was cut short is not taken for a whole one
    _keep(founding.authority, private_pem(authority))
    return founding


def sign_key_set(number: int, country: str, entries: Iterable[KeyEntry], authority: Signer, now: datetime) -> bytes:
    """A key set with the authority's signature, as it is written to `key-set.json`."""
    made = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    unsigned = KeySet(number=number, country=country, made=made, keys=tuple(entries), sig="")
    sig = sign_members(KEY_SET_KIND, members(encode(unsigned), LARGEST_KEY_SET), authority)
    return encode(msgspec.structs.replace(unsigned, sig=sig))


def enrol(founding: Founding, lane: str, now: datetime | None = None) -> None:
    """Add a lane to a founding for practice: its keys and certificate, and for every station a key set with the next number.

    The desk key of a post that is new here is held by nobody: it has no console. Raises KeysWrong for a founding without its authorities'
    private keys, BadMessage for a wrong name, OSError. Not for two processes at once."""
    station, now = parse_station(lane), now or datetime.now(UTC)
    certifier, authority = _kept_certifier(founding), read_signing_key(founding.authority)
    signing = Ed25519PrivateKey.generate()
    key_set = _with_lanes(founding, {station.id: signing}, authority, now)
    # begun and not ended before, and taken away; it is made under another name, so that a lane's folder is always a whole one
    begun = founding.folder / "begun"
    shutil.rmtree(begun, ignore_errors=True)
    _lay_out(begun, authority, key_set, certifier, station.id, now)
    write_private(begun / SIGNING, private_pem(signing))
    _hand_out(founding, key_set)
    begun.rename(founding.station(station.id))


def enrol_many(founding: Founding, signing: Mapping[str, Ed25519PrivateKey], now: datetime | None = None) -> PublicKeys:
    """Add lanes by name and signing key at once: one key set with the next number, neither folder nor certificate for each of them.

    Lanes that are in the key set with this key stay as they are. Returns the key set that has them all. Raises as `enrol` does."""
    now, authority = now or datetime.now(UTC), read_signing_key(founding.authority)
    known = _key_set_of(founding, authority)
    new = {lane: key for lane, key in signing.items() if known.station_key(lane, key_id(raw_public(key))) is None}
    if not new:
        return known
    key_set = _with_lanes(founding, new, authority, now)
    _hand_out(founding, key_set)
    return read_key_set(key_set, authority.public_key())


def certify_station(founding: Founding, folder: Path, station: str, now: datetime | None = None) -> TlsFiles:
    """What a station needs for mutual TLS, made in a new folder. Raises KeysWrong, OSError."""
    _certify(folder, _kept_certifier(founding), parse_station(station).id, now or datetime.now(UTC))
    return tls_files(folder)


def _with_lanes(founding: Founding, lanes: Mapping[str, Ed25519PrivateKey], authority: Ed25519PrivateKey, now: datetime) -> bytes:
    """The founding's key set with these lanes, and a desk key for each post that is new with them, signed with the next number."""
    known = _key_set_of(founding, authority)
    desks = {entry.owner for entry in known.entries if entry.use is Use.DESK}
    posts = sorted({parse_station(lane).post for lane in lanes} - desks)
    entries = [
        *known.entries,
        *(_entry(Use.STATION, lane, key) for lane, key in lanes.items()),
        *(_entry(Use.DESK, post, X25519PrivateKey.generate()) for post in posts),
    ]
    return sign_key_set(known.number + 1, known.country, entries, authority, now)


def _key_set_of(founding: Founding, authority: Ed25519PrivateKey) -> PublicKeys:
    return load_key_set(_enrolled(founding)[0] / KEY_SET, authority.public_key())


def _enrolled(founding: Founding) -> list[Path]:
    """The folders of the stations that have a key set."""
    return [path for path in sorted((founding.folder / "stations").iterdir()) if (path / KEY_SET).exists()]


def _hand_out(founding: Founding, key_set: bytes) -> None:
    for folder in _enrolled(founding):
        _replace(folder / KEY_SET, key_set)


def _kept_certifier(founding: Founding) -> Certifier:
    """The founding's authority of certificates, read back."""
    try:
        key = load_pem_private_key(founding.certifier_key.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate((founding.broker / TLS_AUTHORITY).read_bytes())
    except (OSError, ValueError) as why:
        raise KeysWrong(
            f"{founding.folder}: no lane can be added here, the key of its certificates cannot be read ({type(why).__name__}); "
            "name this lane when the founding is made: `mpaka keys --lanes`"
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysWrong(f"{founding.certifier_key}: is not the key of an authority of certificates")
    return Certifier(key, certificate)


def _replace(path: Path, content: bytes) -> None:
    """Who reads the file meanwhile finds the old one or the new one, whole."""
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)


def _entry(use: Use, owner: str, key: Ed25519PrivateKey | X25519PrivateKey) -> KeyEntry:
    return KeyEntry(id=key_id(raw_public(key)), use=use, owner=owner, public=public_text(key), state=KeyState.ACTIVE)


def _keep(path: Path, pem: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(path, pem)


def _lay_out(folder: Path, authority: Ed25519PrivateKey, key_set: bytes, certifier: Certifier, station: str, now: datetime) -> None:
    _certify(folder, certifier, station, now)
    (folder / AUTHORITY).write_text(public_text(authority) + "\n", encoding="ascii")
    (folder / KEY_SET).write_bytes(key_set)


def _certify(folder: Path, certifier: Certifier, name: str, now: datetime, hosts: Sequence[str] = ()) -> None:
    """A key and a certificate for TLS whose common name is the station's id (or the broker's host)."""
    folder.mkdir(parents=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    write_private(folder / TLS_KEY, tls_pem(key))
    (folder / TLS_CERTIFICATE).write_bytes(certify(certifier, name, key.public_key(), now, hosts).public_bytes(Encoding.PEM))
    (folder / TLS_AUTHORITY).write_bytes(certifier.certificate.public_bytes(Encoding.PEM))
