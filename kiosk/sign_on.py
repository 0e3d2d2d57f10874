"""Signing on at a station: the staff list, the PIN, and a lock-out that grows.

The staff list is signed by the authority and imported like any other list; a PIN is kept as scrypt only. What the lock-out decides
is pure (`Lockout`); what a try costs is one scrypt, known name or not, so that time tells nothing.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import msgspec

from kiosk.private import Private
from kiosk.roles import Role, SignedOn

FREE_TRIES = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 900.0
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**15, 8, 1
SCRYPT_MEMORY = 64 * 1024 * 1024


class StaffListWrong(ValueError):
    """The staff list cannot be used; the text says why and names nobody."""


class Staff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member of staff: a pseudonym, never a name. `salt` and `pin` are hexadecimal; `pin` is scrypt(PIN, salt)."""

    pseudonym: str
    roles: tuple[Role, ...]
    posts: tuple[str, ...]
    salt: str
    pin: str
    valid_until: date


class StaffList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everyone who may sign on. `number` rises with each list; an older one is refused. `made`: when, RFC 3339, empty in old lists."""

    number: int
    staff: tuple[Staff, ...]
    made: str = ""


class Refusal(StrEnum):
    """Why somebody could not sign on. WRONG stands for a wrong name and a wrong PIN alike."""

    WRONG = "wrong"
    WAIT = "wait"
    NOT_HERE = "not_here"
    RUN_OUT = "run_out"


@dataclass(frozen=True)
class Refused:
    """Nobody signed on. `wait_s` is how long the next try has to wait."""

    why: Refusal
    wait_s: float = 0.0


@dataclass(frozen=True)
class Lockout:
    """Failed tries by pseudonym: three are free, then each doubles the wait, up to a quarter of an hour; never for good."""

    failures: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    until: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def wait_s(self, pseudonym: str, now: float) -> float:
        """Seconds until this pseudonym may try again."""
        return max(0.0, self.until.get(pseudonym, 0.0) - now)

    def failed(self, pseudonym: str, now: float) -> "Lockout":
        """One more wrong try."""
        count = self.failures.get(pseudonym, 0) + 1
        wait = min(FIRST_WAIT_S * 2.0 ** min(count - FREE_TRIES, 10), LONGEST_WAIT_S) if count >= FREE_TRIES else 0.0
        return Lockout(MappingProxyType({**self.failures, pseudonym: count}), MappingProxyType({**self.until, pseudonym: now + wait}))

    def succeeded(self, pseudonym: str) -> "Lockout":
        """A right PIN clears the count."""
        without = {name: count for name, count in self.failures.items() if name != pseudonym}
        return Lockout(MappingProxyType(without), MappingProxyType({name: at for name, at in self.until.items() if name != pseudonym}))


def hash_pin(pin: str, salt: bytes) -> str:
    """scrypt of a PIN, hexadecimal; about 50 ms on a Raspberry-Pi-class core."""
    return hashlib.scrypt(pin.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, maxmem=SCRYPT_MEMORY).hex()


def read_staff_list(content: bytes, verify: Callable[[dict[str, Any]], bool]) -> StaffList:
    """The staff list in a file {"list": {...}, "keyid": ..., "sig": ...} whose signature `verify` finds good. Raises StaffListWrong."""
    try:
        signed = json.loads(content)
    except (UnicodeDecodeError, ValueError):
        raise StaffListWrong("the staff list is not JSON") from None
    if not isinstance(signed, dict) or not isinstance(signed.get("list"), dict):
        raise StaffListWrong("the staff list has no member `list`")
    if not verify(signed):
        raise StaffListWrong("the staff list is not signed by this state's authority")
    try:
        return msgspec.convert(signed["list"], StaffList)
    except msgspec.ValidationError as why:
        raise StaffListWrong(f"the staff list is malformed: {why}") from None


def people_of(staff: Iterable[Staff], post: str, wanted: frozenset[Role]) -> tuple[str, ...]:
    """The pseudonyms of those who may sign on at a station of this post that serves these roles."""
    return tuple(member.pseudonym for member in staff if post in member.posts and frozenset(member.roles) & wanted)


class SignOn:
    """The one who signs people on at a station. Not thread-safe: one owner."""

    def __init__(self, staff: StaffList, post: str, wanted: frozenset[Role], note: Callable[[str, str], None]) -> None:
        """`wanted` are the roles that this station serves; `note(deed, pseudonym)` journals each try."""
        self._post, self._wanted, self._note = post, wanted, note
        self._lockout = Lockout()
        self.take(staff)

    def take(self, staff: StaffList) -> None:
        """From the next sign-on on this list counts; whoever is locked out stays so."""
        self._staff = {member.pseudonym: member for member in staff.staff}
        self.made = staff.made

    @property
    def people(self) -> tuple[str, ...]:
        """The pseudonyms that may sign on here."""
        return people_of(self._staff.values(), self._post, self._wanted)

    def try_pin(self, pseudonym: str, pin: Private[str], now: float, today: date | None) -> SignedOn | Refused:
        """One try. `now` is monotonic seconds; `today` is None where the clock is not known, and then validity is not judged."""
        if wait := self._lockout.wait_s(pseudonym, now):
            return Refused(Refusal.WAIT, wait)
        member = self._staff.get(pseudonym)
        salt = bytes.fromhex(member.salt) if member is not None else b"nobody by that name"
        right = hmac.compare_digest(hash_pin(pin.value, salt), member.pin if member is not None else "")
        if member is None or not right:
            self._lockout = self._lockout.failed(pseudonym, now)
            self._note("sign_on_failed", pseudonym if member is not None else "unknown")
            return Refused(Refusal.WRONG, self._lockout.wait_s(pseudonym, now))
        if refusal := self._not_here(member, today):
            self._note(f"sign_on_{refusal}", pseudonym)
            return Refused(refusal)
        self._lockout = self._lockout.succeeded(pseudonym)
        self._note("signed_on", pseudonym)
        return SignedOn(pseudonym, frozenset(member.roles) & self._wanted)

    def sign_off(self, person: SignedOn) -> None:
        """The person leaves the station; journalled."""
        self._note("signed_off", person.pseudonym)

    def _not_here(self, member: Staff, today: date | None) -> Refusal | None:
        if self._post not in member.posts or not frozenset(member.roles) & self._wanted:
            return Refusal.NOT_HERE
        if today is not None and today > member.valid_until:
            return Refusal.RUN_OUT
        return None
