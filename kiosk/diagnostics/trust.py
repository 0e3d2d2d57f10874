"""Keys, certificates and the staff list: whether they are there, whose they are, and until when they hold."""

import os
import stat
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from kiosk.diagnostics.readiness import Finding, State, ready
from kiosk.founding.certificates import UNREADABLE, renewal
from kiosk.roles import Role
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.signing import key_id
from kiosk.sealing.station import DESK, StationKeys, TlsFiles, raw_public, read_opening_key
from kiosk.sign_on import StaffListWrong
from kiosk.staff import load_list

SET_UP = "set the station up again, or make keys for practice: mpaka keys --help"
LIST_WARNING = timedelta(days=14)


def private_file(part: str, path: Path) -> Finding:
    """A key that must be there and be readable by its owner alone."""
    try:
        mode = path.stat().st_mode
    except OSError as why:
        return Finding(part, State.NOT_READY, f"{path}: {why.strerror}", SET_UP)
    if stat.S_IMODE(mode) & 0o077:
        return Finding(part, State.NOT_READY, f"{path} is readable by others", f"chmod 600 {path}; renew the key if others did read it")
    if not os.access(path, os.R_OK):
        return Finding(part, State.NOT_READY, f"{path} cannot be read by this user", "check as the station's user (sudo -u), or chown it")
    return ready(part, f"{path}")


def key_set(part: str, keys: StationKeys) -> Finding:
    """A key set that is verified already: it must also have everybody to seal to."""
    try:
        keys.readers()
    except KeysWrong as why:
        return Finding(part, State.NOT_READY, str(why), "take the newest key set from headquarters")
    return ready(part, f"number {keys.public.number}, signed by the authority, with this station's key in it")


def desk_key(part: str, home: Path, keys: StationKeys) -> Finding:
    """A console's desk key: its own, and the one that this post's lanes seal to."""
    there = private_file(part, home / DESK)
    if there.state is not State.READY:
        return there
    try:
        named = key_id(raw_public(read_opening_key(home / DESK)))
        sealed_to = {reader.id for reader in keys.readers()}
    except KeysWrong as why:
        return Finding(part, State.NOT_READY, str(why), SET_UP)
    if named not in sealed_to:
        to_do = "no case could be opened with it: take this post's desk key from headquarters"
        return Finding(part, State.NOT_READY, f"{home / DESK} is not the one in key set {keys.public.number}", to_do)
    return there


def certificate(part: str, files: TlsFiles, station: str, now: datetime | None) -> Finding:
    """The certificate with which the station comes to its brokers. A bad one stops reporting, never the lane. `now` None: not known."""
    private = private_file(part, files.key)
    if private.state is not State.READY:
        return private
    try:
        shown = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        x509.load_pem_x509_certificate(files.authority.read_bytes())
    except OSError as why:
        return Finding(part, State.NOT_READY, f"{why.filename}: {why.strerror}", SET_UP)
    except UNREADABLE:
        return Finding(part, State.NOT_READY, f"{files.certificate}, {files.authority}: not both certificates in PEM form", SET_UP)
    names = [str(name.value) for name in shown.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if names != [station]:
        return Finding(part, State.NOT_READY, f"{files.certificate} is of {', '.join(names) or 'nobody'}, not of {station}", SET_UP)
    return _in_time(part, shown, now)


def _in_time(part: str, shown: x509.Certificate, now: datetime | None) -> Finding:
    begins, ends = shown.not_valid_before_utc, shown.not_valid_after_utc
    if now is None:
        return ready(part, f"until {ends:%Y-%m-%d}, not judged: the clock is not known")
    if now < begins:
        return Finding(part, State.WARNING, f"holds only from {begins:%Y-%m-%d} on", "look at the clock; records wait until then")
    if now > ends:
        return Finding(
            part,
            State.WARNING,
            f"ran out on {ends:%Y-%m-%d}: nothing is reported, records wait",
            "get a new one: mpaka keys station, install",
        )
    if now > renewal(shown):
        return Finding(part, State.WARNING, f"runs out on {ends:%Y-%m-%d}", "renew it: two thirds of its life are over")
    return ready(part, f"until {ends:%Y-%m-%d}")


def staff_list(part: str, path: Path, post: str, wanted: frozenset[Role], keys: StationKeys, today: date | None) -> Finding:
    """The list, and how many may sign on at this station. `wanted` are the roles that it serves; `today` None: not known."""
    try:
        listed = load_list(path, keys.public.authority())
    except StaffListWrong as why:
        return Finding(part, State.NOT_READY, f"{path}: {why}", "take the signed list from headquarters")
    here = [member for member in listed.staff if post in member.posts and frozenset(member.roles) & wanted]
    roles = " or ".join(sorted(role.replace("_", " ") for role in wanted))
    if not here:
        found = f"number {listed.number}: no {roles} of {post} is on it"
        return Finding(part, State.NOT_READY, found, "nobody can sign on: ask headquarters for this post's list")
    good = [member for member in here if today is None or member.valid_until >= today]
    if not good:
        return Finding(
            part, State.NOT_READY, f"number {listed.number}: everybody's validity has run out", "ask headquarters for a newer list"
        )
    last = max(member.valid_until for member in good)
    found = f"number {listed.number}, {len(good)} may sign on here, the last until {last}"
    if today is not None and last - today < LIST_WARNING:
        return Finding(part, State.WARNING, found, "ask headquarters for a newer list in time")
    return ready(part, found)
