"""Making and verifying a staff list: the authority's signature over who may sign on."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.messages.canonical import canonical
from kiosk.private import Private
from kiosk.roles import Role
from kiosk.sealing.signing import key_id, sign_members, signed_by
from kiosk.sealing.station import raw_public
from kiosk.sign_on import Staff, StaffList, StaffListWrong, hash_pin, read_staff_list

KIND = "staff-list"
STAFF_FILE = "staff.json"
PIN_DIGITS, SALT_BYTES = 6, 16


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be put on a list, with the PIN that they are told once."""

    pseudonym: str
    roles: tuple[Role, ...]
    pin: Private[str]


def draw_pin() -> Private[str]:
    """Six digits by chance."""
    return Private("".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS)))


def make_list(
    number: int,
    people: Sequence[Newcomer],
    posts: Sequence[str],
    valid_until: date,
    authority: Ed25519PrivateKey,
    made: datetime | None = None,
) -> bytes:
    """The content of a staff file, signed; `made` now where nothing is said."""
    staff = tuple(_member(person, tuple(posts), valid_until) for person in people)
    when = (made or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    members: dict[str, Any] = {"list": msgspec.to_builtins(StaffList(number, staff, when)), "keyid": key_id(raw_public(authority))}
    return canonical({**members, "sig": sign_members(KIND, members, authority)})


def load_list(path: Path, authority: Ed25519PublicKey) -> StaffList:
    """The staff list in this file. Raises StaffListWrong, which says what to do."""
    try:
        content = path.read_bytes()
    except OSError as why:
        raise StaffListWrong(f"{path}: cannot be read ({type(why).__name__}); take the list from headquarters") from None
    return read_list(content, authority)


def read_list(content: bytes, authority: Ed25519PublicKey) -> StaffList:
    """The staff list in these bytes. Raises StaffListWrong."""
    return read_staff_list(content, lambda found: signed_by(KIND, found, (authority,)))


def newest_list(installed: Path, received: Path, authority: Ed25519PublicKey) -> tuple[Path, StaffList]:
    """The list with the higher number: the one put there by hand, or the one that headquarters sent. Raises StaffListWrong."""
    found = load_list(installed, authority)
    if received.exists():
        try:
            sent = load_list(received, authority)
        except StaffListWrong as why:
            raise StaffListWrong(f"{received}: {why}; remove it, and have headquarters order the list again") from None
        if sent.number > found.number:
            return received, sent
    return installed, found


def _member(person: Newcomer, posts: tuple[str, ...], valid_until: date) -> Staff:
    salt = secrets.token_bytes(SALT_BYTES)
    return Staff(person.pseudonym, person.roles, posts, salt.hex(), hash_pin(person.pin.value, salt), valid_until)
