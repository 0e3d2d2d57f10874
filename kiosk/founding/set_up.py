"""A station's side: keys are made here and stay here, a request goes out, and what comes back is checked before it is put in place.

A key that was made waits as `NAME.next` until the authority's key set names it (for TLS: until a certificate fits it); until then the
station goes on with what it has. So a renewal can be broken off at any point, and nothing is lost.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.clock import utc_text
from kiosk.folders import lasting_folder
from kiosk.founding.authority import replace_file
from kiosk.founding.certificates import fitting, request, tls_pem
from kiosk.founding.requests import spoken, write_request
from kiosk.messages.canonical import BadMessage
from kiosk.messages.topics import parse_station
from kiosk.sealing.key_set import KeyState, KeysWrong, PublicKeys, Use, read_key_set
from kiosk.sealing.protected import PrivateKey, read_private
from kiosk.sealing.signing import key_id
from kiosk.sealing.station import (
    ACKNOWLEDGEMENT,
    AUTHORITY,
    DESK,
    KEY_SET,
    SIGNING,
    TLS_AUTHORITY,
    TLS_CERTIFICATE,
    TLS_KEY,
    private_pem,
    raw_public,
    read_authority,
    read_signing_key,
    write_private,
)

REQUEST, CERTIFICATE_REQUEST, NEXT = "request.json", "request.csr", ".next"
COMMAND = "command.key"


class Part(StrEnum):
    """A key that a station makes."""

    SIGNING = "signing"
    TLS = "tls"
    ACKNOWLEDGEMENT = "acknowledgement"
    DESK = "desk"
    COMMAND = "command"


FILES = {
    Part.SIGNING: SIGNING,
    Part.ACKNOWLEDGEMENT: ACKNOWLEDGEMENT,
    Part.DESK: DESK,
    Part.COMMAND: COMMAND,
}
USES = {Part.SIGNING: Use.STATION, Part.ACKNOWLEDGEMENT: Use.ACKNOWLEDGEMENT, Part.DESK: Use.DESK, Part.COMMAND: Use.COMMAND}


@dataclass(frozen=True)
class Prepared:
    """What was made: the requests that go out, and the id of the key that signed the first, which is read out to the authority."""

    requests: tuple[Path, ...]
    id: str


def prepare(folder: Path, station: str, parts: Collection[Part], now: datetime) -> Prepared:
    """Make these keys, and the requests for them. Raises KeysWrong; a key that waits already is never overwritten."""
    try:
        parse_station(station)
    except BadMessage as why:
        raise KeysWrong(f'"{station}": {why}') from None
    waiting = [part for part in parts if next_of(folder, _file(part)).exists()]
    if waiting:
        raise KeysWrong(
            f"{folder}: a new key for {', '.join(waiting)} waits already: send its request, or remove {_file(waiting[0])}{NEXT} and begin anew"
        )
    lasting_folder(folder)
    made: dict[Part, PrivateKey] = {part: _new(part) for part in parts}
    requests = []
    if signed := {USES[part]: _public(key) for part, key in made.items() if part is not Part.TLS}:
        new = made.get(Part.SIGNING)
        signer = new if isinstance(new, Ed25519PrivateKey) else read_signing_key(folder / SIGNING)
        requests.append((folder / REQUEST, write_request(station, utc_text(now), signed, signer)))
        named = key_id(raw_public(signer))
    else:
        named = ""
    if isinstance(key := made.get(Part.TLS), ec.EllipticCurvePrivateKey):
        requests.append((folder / CERTIFICATE_REQUEST, request(key, station)))
    for part, key in made.items():
        write_private(next_of(folder, _file(part)), _pem(key))
    for path, content in requests:
        replace_file(path, content)
    return Prepared(tuple(path for path, _ in requests), named)


def install(folder: Path, station: str, brought: Path, now: datetime | None, authority: str = "") -> tuple[str, ...]:
    """Check what lies in `brought` (authority.pub, key-set.json, tls.pem, ca.pem: those that are there) and put it in place.

    `authority` is the id of the authority's key, needed where the station does not know it yet; `now` None: the clock is not known. Returns
    what was done, in words. Raises KeysWrong: then nothing was changed."""
    steps = [*_keys(folder, station, brought, authority), *_certificate(folder, station, brought, now)]
    if not steps:
        raise KeysWrong(f"{brought}: nothing lies there that a station takes: {AUTHORITY}, {KEY_SET}, {TLS_CERTIFICATE}, {TLS_AUTHORITY}")
    for step in steps:
        step.do()
    return tuple(step.says for step in steps)


def next_of(folder: Path, name: str) -> Path:
    """Where a key waits for its place."""
    return folder / f"{name}{NEXT}"


@dataclass(frozen=True)
class _Step:
    """Something that was checked and can be done."""

    says: str
    do: Callable[[], object]


def _keys(folder: Path, station: str, brought: Path, authority: str) -> Iterator[_Step]:
    """First the key set, then the keys that it names: between the two the station has an older key, which counts as retired."""
    if not (brought / KEY_SET).exists():
        return
    believed = _authority(folder, brought, authority)
    content = (brought / KEY_SET).read_bytes()
    public = read_key_set(content, believed)
    _newer(folder, public, believed)
    if not (folder / AUTHORITY).exists():
        found = (brought / AUTHORITY).read_bytes()
        yield _Step(f"the authority's key {spoken(authority)} is believed", lambda: replace_file(folder / AUTHORITY, found))
    yield _Step(f"key set {public.number}", lambda: replace_file(folder / KEY_SET, content))
    for part, name in FILES.items():
        waits, there = next_of(folder, name), folder / name
        if waits.exists() and _named(public, part, station, waits):
            yield _Step(f"the new key for {part}", lambda waits=waits, there=there: waits.replace(there))  # type: ignore[misc]
        elif waits.exists() and not there.exists():
            raise KeysWrong(
                f"key set {public.number} does not have this station's new key for {part}: send {REQUEST}, and take the next one"
            )
        elif there.exists() and not _named(public, part, station, there):
            raise KeysWrong(f"key set {public.number} does not have this station's key for {part} any more: make a new one, send {REQUEST}")


def _authority(folder: Path, brought: Path, named: str) -> Ed25519PublicKey:
    """The one that this station believes; a first one only where a person names its id."""
    if (folder / AUTHORITY).exists():
        return read_authority(folder)
    key = read_authority(brought)
    found = key_id(key.public_bytes_raw())
    if found != named.replace(" ", ""):
        raise KeysWrong(
            f"{brought / AUTHORITY}: has the id {spoken(found)}; compare it with the founding's protocol, and say it: --authority"
        )
    return key


def _newer(folder: Path, public: PublicKeys, authority: Ed25519PublicKey) -> None:
    if (folder / KEY_SET).exists():
        present = read_key_set((folder / KEY_SET).read_bytes(), authority).number
        if public.number < present:
            raise KeysWrong(f"key set {public.number} is older than the one here ({present}): take the newest")


def _named(public: PublicKeys, part: Part, station: str, path: Path) -> bool:
    """Whether the key set has this key, and not as a revoked one."""
    key = read_private(path)
    if not isinstance(key, Ed25519PrivateKey | X25519PrivateKey):
        raise KeysWrong(f"{path}: is not a key for {part}")
    owner = parse_station(station).post if part is Part.DESK else station
    named = (key_id(raw_public(key)), USES[part], owner)
    return any((entry.id, entry.use, entry.owner) == named and entry.state is not KeyState.REVOKED for entry in public.entries)


def _certificate(folder: Path, station: str, brought: Path, now: datetime | None) -> Iterator[_Step]:
    """The key takes its place before the certificate: cut short between the two, the same install is done again."""
    if not (brought / TLS_CERTIFICATE).exists():
        return
    roots = brought / TLS_AUTHORITY if (brought / TLS_AUTHORITY).exists() else folder / TLS_AUTHORITY
    if not roots.exists():
        raise KeysWrong(f"{brought}: {TLS_AUTHORITY} is missing, the certificate of the authority that signed {TLS_CERTIFICATE}")
    chain, trusted = (brought / TLS_CERTIFICATE).read_bytes(), roots.read_bytes()
    waits, there = next_of(folder, TLS_KEY), folder / TLS_KEY
    held = waits if waits.exists() else there
    key = read_private(held)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysWrong(f"{held}: is not a key for TLS")
    own = fitting(chain, trusted, key, station, now)
    if held is waits:
        yield _Step("the new key for tls", lambda: waits.replace(there))
    yield _Step("the authority of certificates", lambda: replace_file(folder / TLS_AUTHORITY, trusted))
    until = own.not_valid_after_utc
    yield _Step(f"the certificate, until {until:%Y-%m-%d}", lambda: replace_file(folder / TLS_CERTIFICATE, chain))


def _file(part: Part) -> str:
    return TLS_KEY if part is Part.TLS else FILES[part]


def _new(part: Part) -> PrivateKey:
    match part:
        case Part.TLS:
            return ec.generate_private_key(ec.SECP256R1())
        case Part.DESK:
            return X25519PrivateKey.generate()
        case Part.SIGNING | Part.ACKNOWLEDGEMENT | Part.COMMAND:
            return Ed25519PrivateKey.generate()


def _public(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw() if not isinstance(key, ec.EllipticCurvePrivateKey) else b""


def _pem(key: PrivateKey) -> bytes:
    return tls_pem(key) if isinstance(key, ec.EllipticCurvePrivateKey) else private_pem(key)
