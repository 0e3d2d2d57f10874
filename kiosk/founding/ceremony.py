"""A state's founding, on a machine without a network (docs/keys.md): authority, authority of certificates, opening key, recovery key.

The recovery key is cut into its shares before anything is written; the whole of it never touches a disk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.folders import lasting_folder
from kiosk.founding.authority import AuthorityFolder, replace_file
from kiosk.founding.certificates import new_certifier
from kiosk.founding.requests import spoken
from kiosk.keys import FoundingExists, sign_key_set
from kiosk.messages.topics import parse_station
from kiosk.private import Private
from kiosk.sealing import shares
from kiosk.sealing.key_set import KeyEntry, KeyState, Use
from kiosk.sealing.protected import Ask, check_passphrase, protected_pem
from kiosk.sealing.signing import Signer, key_id
from kiosk.sealing.station import key_text, raw_public, write_private
from kiosk.sealing.token import make_in_token

PROTOCOL = "protocol.txt"


@dataclass(frozen=True)
class Ceremony:
    """What is founded. `authority`, `opening`: addresses in a token (pkcs11:...), or empty for files under a passphrase.

    `new` asks for a new passphrase, `ask` for the PIN of a token. `certificates`: whether the state has no authority of its own for them."""

    folder: Path
    headquarters: str
    new: Callable[[str], Private[str]]
    ask: Ask
    authority: str = ""
    opening: str = ""
    certificates: bool = True


@dataclass(frozen=True)
class Founded:
    """The ids of the keys, as they are written into the protocol, and where the shares lie until they are handed out."""

    authority: str
    opening: str
    recovery: str
    shares: tuple[Path, ...]


def found_state(plan: Ceremony, now: datetime) -> Founded:
    """Do it. Raises FoundingExists, BadMessage for a wrong name, KeysWrong for a token or a passphrase."""
    station, place = parse_station(plan.headquarters), AuthorityFolder(plan.folder)
    _refuse_where_something_lies(plan, place)
    # everybody is asked before anything is written
    guards_authority = _asked(plan, "the authority") if plan.certificates or not plan.authority else None
    guards_opening = None if plan.opening else _asked(plan, "the opening key")
    lasting_folder(plan.folder)
    authority = _authority(plan, place, guards_authority)
    if plan.certificates and guards_authority is not None:
        certifier = new_certifier(f"Mpaka certificates {station.country.upper()} {now:%Y}", now)
        write_private(place.certifier_key, protected_pem(certifier.key, guards_authority))
        replace_file(place.certifier, certifier.certificate.public_bytes(Encoding.PEM))
    opening = new_opening_key(plan.folder / "opener", guards_opening, plan.opening, plan.ask)
    recovery, pages = new_recovery_key(plan.folder / "shares", station.id, now)
    entries = [key_entry(use, station.id, public) for use, public in ((Use.HEADQUARTERS, opening), (Use.RECOVERY, recovery))]
    place.keep_key_set(1, sign_key_set(1, station.country, entries, authority, now.astimezone(UTC)))
    public = authority.public_key().public_bytes_raw()
    founded = Founded(key_id(public), key_id(opening), key_id(recovery), pages)
    replace_file(plan.folder / PROTOCOL, _protocol(station.id, founded, now).encode())
    # last, so that a founding that was cut short is not taken for a whole one
    replace_file(place.public, f"{key_text(public)}\n".encode())
    return founded


def new_opening_key(folder: Path, passphrase: Private[str] | None, uri: str, ask: Ask) -> bytes:
    """A new opening key, in a file in `folder` under this passphrase, or in the token at `uri`; returns its public half. Raises KeysWrong."""
    if passphrase is None:
        return make_in_token(uri, ask, signs=False).public
    key = X25519PrivateKey.generate()
    lasting_folder(folder)
    write_private(folder / f"opening-{key_id(raw_public(key))}.key", protected_pem(key, passphrase))
    return raw_public(key)


def new_recovery_key(folder: Path, owner: str, now: datetime) -> tuple[bytes, tuple[Path, ...]]:
    """A new recovery key, written down in its shares alone; returns its public half and the pages. Raises OSError."""
    key = X25519PrivateKey.generate()
    return raw_public(key), write_shares(folder, key, owner, now)


def write_shares(folder: Path, key: X25519PrivateKey, owner: str, now: datetime) -> tuple[Path, ...]:
    """A page for each holder, in files for their owner alone: to be printed, handed out and removed. Raises OSError, also for old pages."""
    lasting_folder(folder)
    named, pages = key_id(raw_public(key)), []
    for number, words in enumerate(shares.split(key), 1):
        pages.append(folder / f"share-{number}-of-{shares.HOLDERS}-{named}.txt")
        write_private(pages[-1], shares.page(words, number, spoken(named), owner, f"{now:%Y-%m-%d}").encode())
    return tuple(pages)


def key_entry(use: Use, owner: str, public: bytes) -> KeyEntry:
    """An active entry of a key set."""
    return KeyEntry(id=key_id(public), use=use, owner=owner, public=key_text(public), state=KeyState.ACTIVE)


def _refuse_where_something_lies(plan: Ceremony, place: AuthorityFolder) -> None:
    if place.public.exists():
        raise FoundingExists(f"{plan.folder}: there is a founding already; its keys are never overwritten")
    if plan.folder.exists() and any(plan.folder.iterdir()):
        raise FoundingExists(f"{plan.folder}: is not empty (a founding that was cut short?); remove it, or name a new folder")


def _asked(plan: Ceremony, what: str) -> Private[str]:
    passphrase = plan.new(what)
    check_passphrase(passphrase)
    return passphrase


def _authority(plan: Ceremony, place: AuthorityFolder, passphrase: Private[str] | None) -> Signer:
    if plan.authority or passphrase is None:
        return make_in_token(plan.authority, plan.ask, signs=True)
    key = Ed25519PrivateKey.generate()
    write_private(place.key, protected_pem(key, passphrase))
    return key


def _protocol(headquarters: str, founded: Founded, now: datetime) -> str:
    """What is written down and signed in the room; no secret is in it."""
    return (
        f"FOUNDING of the keys of {headquarters}\n\nDate: {now:%Y-%m-%d}    Place: ______________________________\n\n"
        f"Authority        {spoken(founded.authority)}    every station is told this id at set-up\n"
        f"Opening key      {spoken(founded.opening)}\n"
        f"Recovery key     {spoken(founded.recovery)}    cut into {shares.HOLDERS} shares, any {shares.NEEDED} open\n\n"
        "Present (name, office, signature):\n"
        + "".join(f"  {who:<28} ______________________________\n" for who in ("keeper of the authority", "keeper of the opening key"))
        + "".join(f"  {f'holder of share {number}':<28} ______________________________\n" for number in range(1, shares.HOLDERS + 1))
        + f"  {'witness':<28} ______________________________\n\n"
        "[ ] the machine had no network, and started from a medium that was checked\n"
        "[ ] each share was printed once, read back, sealed in an envelope of its own\n"
        "[ ] the folder `shares` was removed and the medium that held it destroyed\n"
        "[ ] the authority's folder was written to two media, kept apart under lock\n"
    )
