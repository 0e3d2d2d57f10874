"""`mpaka keys found`, `shares`, `recover`, `enrol`, `key-set`, `sign`, `show`: the authority's side, on a machine without a network."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.folders import lasting_folder
from kiosk.founding.authority import REVOCATIONS, AuthorityFolder, added, check_signer, ended, read_certifier, replace_file, sign_next
from kiosk.founding.ceremony import Ceremony, found_state, key_entry, new_opening_key, new_recovery_key, write_shares
from kiosk.founding.certificates import common_names, load_certificate, renewal, revocation_list, sign_request
from kiosk.founding.requests import entries_of, read_request, spoken
from kiosk.keys import FoundingExists
from kiosk.messages.canonical import BadMessage
from kiosk.programs.asking import asking, asking_new
from kiosk.sealing.key_set import KeyEntry, KeyState, KeysWrong, PublicKeys, Use, load_key_set
from kiosk.sealing.opening import joined, signing_key
from kiosk.sealing.protected import protected_pem
from kiosk.sealing.signing import Signer, key_id
from kiosk.sealing.station import (
    KEY_SET,
    TLS_AUTHORITY,
    TLS_CERTIFICATE,
    raw_public,
    read_authority,
    read_opening_key,
    write_private,
)

OVER_ALL = {
    Use.COMMAND: "orders of every station of the state: no lane and no console needs it",
    Use.ACKNOWLEDGEMENT: "tells every station of the state what it may forget: a receiver of headquarters needs it, and nobody else",
}


@dataclass(frozen=True)
class Authority:
    """The authority's folder, where its key is (empty: in that folder), and a file with the passphrase, if any."""

    folder: Path
    key: str = ""
    passphrase: Path | None = None

    @property
    def place(self) -> AuthorityFolder:
        """The folder."""
        return AuthorityFolder(self.folder)

    def signer(self) -> Signer:
        """The authority's key. Raises KeysWrong."""
        return signing_key(self.key or str(self.place.key), asking(self.passphrase))


@dataclass(frozen=True)
class Guarded:
    """Where new keys go: addresses in tokens, or empty for files; and files with the passphrases, if any."""

    authority: str = ""
    opening: str = ""
    passphrase: Path | None = None
    opening_passphrase: Path | None = None


def found(folder: Path, headquarters: str, guarded: Guarded, *, certificates: bool) -> int:
    """Found a state, and say what is to be done with what lies there. Returns the exit status. Raises KeysWrong."""
    asks = {"the authority": asking_new(guarded.passphrase), "the opening key": asking_new(guarded.opening_passphrase)}
    plan = Ceremony(
        folder, headquarters, lambda what: asks[what](what), asking(), guarded.authority, guarded.opening, certificates=certificates
    )
    try:
        founded = found_state(plan, datetime.now(UTC))
    except (FoundingExists, BadMessage, OSError) as why:
        raise KeysWrong(str(why)) from None
    print(f"Founded in {folder}:")
    for what, named in (("authority", founded.authority), ("opening key", founded.opening), ("recovery key", founded.recovery)):
        print(f"  {what:<13} {spoken(named)}")
    _print_shares(founded.shares)
    print(f"Then print {folder / 'protocol.txt'} and sign it. Stations come in by their requests: mpaka keys enrol, mpaka keys sign")
    return 0


def cut(source: Path, out: Path, owner: str, passphrase: Path | None) -> int:
    """Cut a recovery key that lies in a file into its shares, and take the file away. Raises KeysWrong."""
    key = read_opening_key(source, asking(passphrase))
    try:
        pages = write_shares(out, key, owner, datetime.now(UTC))
        # overwritten first; on flash the old bytes may still lie somewhere: the medium is destroyed (docs/keys.md)
        source.write_bytes(bytes(source.stat().st_size))
        source.unlink()
    except OSError as why:
        raise KeysWrong(f"{out}: the shares cannot be written ({why})") from None
    print(f"{source} is removed.")
    _print_shares(pages)
    return 0


def recover(pages: Sequence[Path], out: Path | None, passphrase: Path | None) -> int:
    """Join two shares; say whose key it is, or write it under a passphrase where `out` names a file. Raises KeysWrong."""
    key = joined(",".join(str(page) for page in pages), asking())
    named = key_id(raw_public(key))
    if out is None:
        print(f"The shares join to the recovery key {spoken(named)}. Open records with: mpaka headquarters open --key shares")
        return 0
    try:
        write_private(out, protected_pem(key, asking_new(passphrase)("the recovery key")))
    except OSError as why:
        raise KeysWrong(f"{out}: cannot be written ({type(why).__name__})") from None
    print(f"The recovery key {spoken(named)} is in {out}, under its passphrase. Remove it when the records are opened.")
    return 0


def enrol(authority: Authority, requests: Sequence[Path], former: KeyState | None, *, sure: bool) -> int:
    """Take what stations ask for into the next key set. Raises KeysWrong."""
    known = authority.place.known()
    entries = list(known.entries)
    for path in requests:
        asked = read_request(_read(path), known)
        print(
            f"{asked.station}: {', '.join(str(entry.use) for entry in entries_of(asked))}; its technician reads out {spoken(asked.keyid)}"
        )
        for use in (entry.use for entry in entries_of(asked) if entry.use in OVER_ALL):
            print(f"▲ with this key {asked.station} {OVER_ALL[use]}")
        if not sure and not _says_yes("Is it the same?"):
            raise KeysWrong("nothing was signed: what the technician reads out must be the same; look for the right request")
        for entry in entries_of(asked):
            entries = added(entries, entry, former)
    number = sign_next(authority.place, entries, authority.signer(), datetime.now(UTC))
    return _signed(authority.place, number)


def change(authority: Authority, retire: Iterable[str], revoke: Iterable[str]) -> int:
    """Retire and revoke keys by their ids, and sign the next key set. Raises KeysWrong."""
    entries = list(authority.place.known().entries)
    for state, named in (*((KeyState.RETIRED, key) for key in retire), *((KeyState.REVOKED, key) for key in revoke)):
        entries = ended(entries, named, state)
    number = sign_next(authority.place, entries, authority.signer(), datetime.now(UTC))
    return _signed(authority.place, number)


def renew(authority: Authority, use: Use, guarded: Guarded, former: KeyState) -> int:
    """A new opening or recovery key for headquarters in place of the active one, and the next key set. Raises KeysWrong."""
    place = authority.place
    known, now = place.known(), datetime.now(UTC)
    owner = next(entry.owner for entry in known.entries if entry.use is use and entry.state is KeyState.ACTIVE)
    signer = authority.signer()
    check_signer(place, signer)
    pages: tuple[Path, ...] = ()
    try:
        if use is Use.HEADQUARTERS:
            new = asking_new(guarded.opening_passphrase)
            passphrase = None if guarded.opening else new("the opening key")
            public = new_opening_key(place.folder / "opener", passphrase, guarded.opening, asking())
        else:
            public, pages = new_recovery_key(place.folder / "shares", owner, now)
    except OSError as why:
        raise KeysWrong(f"{place.folder}: the new key cannot be written ({why})") from None
    number = sign_next(place, added(known.entries, key_entry(use, owner, public), former), signer, now)
    print(f"New key for {use}: {spoken(key_id(public))}. Keep the one before it: it opens what was sealed to it.")
    if pages:
        _print_shares(pages)
    return _signed(place, number)


def sign(authority: Authority, requests: Sequence[Path], days: int, *, broker: bool) -> int:
    """Sign requests for certificates. Raises KeysWrong."""
    certifier = read_certifier(authority.place, asking(authority.passphrase))
    for path in requests:
        made = sign_request(certifier, _read(path), datetime.now(UTC), timedelta(days=days), broker=broker)
        (name,) = common_names(made.subject)
        authority.place.keep_certificate(name, made)
        print(f"{name}: until {made.not_valid_after_utc:%Y-%m-%d}, renew from {renewal(made):%Y-%m-%d}")
        print(f"  lay it on a stick for its machine: mpaka keys pack {name}")
    return 0


def revoke(authority: Authority, names: Sequence[str]) -> int:
    """The certificates of these names count no more: write the list for the brokers. Raises KeysWrong."""
    place = authority.place
    certifier = read_certifier(place, asking(authority.passphrase))
    for name in names:
        place.revoke_certificates(name)
    replace_file(place.folder / REVOCATIONS, revocation_list(certifier, place.revoked_certificates(), datetime.now(UTC)))
    print(f"{place.folder / REVOCATIONS}: bring it to every broker (mpaka keys pack, rights --crl), and start the brokers again.")
    print("The keys with which they sign records are another matter: mpaka keys key-set --revoke, or enrol --lost")
    return 0


def pack(place: AuthorityFolder, name: str, out: Path) -> int:
    """Lay out what a station or a broker takes back: nothing of it is secret. Raises KeysWrong."""
    certificate = place.certificates / f"{name}.pem"
    wanted = (place.public, place.key_set, place.certifier, place.folder / REVOCATIONS)
    found = {path.name: path.read_bytes() for path in wanted if path.exists()}
    if certificate.exists():
        found[TLS_CERTIFICATE] = load_certificate(certificate).public_bytes(Encoding.PEM)
    try:
        lasting_folder(out)
        for name_there, content in found.items():
            replace_file(out / name_there, content)
    except OSError as why:
        raise KeysWrong(f"{out}: cannot be written ({why})") from None
    print(f"{out}: {', '.join(found)}")
    if TLS_CERTIFICATE not in found:
        print(f"No certificate of {name} was signed here; where the ministry's authority signs, put tls.pem and ca.pem beside them.")
    return 0


def show(folder: Path) -> int:
    """Who has which key, and until when certificates hold: of the authority's folder, or of a station's. Raises KeysWrong.

    Returns 1 where a certificate ran out or is to be renewed."""
    known = load_key_set(folder / KEY_SET, read_authority(folder))
    print(
        f"Key set {known.number} of {known.country.upper()}, signed {known.made} by {spoken(key_id(known.authority().public_bytes_raw()))}"
    )
    for entry in sorted(known.entries, key=_order):
        sign = {KeyState.ACTIVE: "●", KeyState.RETIRED: "○", KeyState.REVOKED: "✖"}[entry.state]
        print(f"  {sign} {entry.state:<8} {entry.use:<16} {entry.owner:<32} {spoken(entry.id)}")
    found = [load_certificate(path) for path in _certificate_files(folder)]
    now = datetime.now(UTC)
    for certificate in sorted(found, key=lambda made: made.not_valid_after_utc):
        print(f"  {_until(certificate, now)}")
    lacking = _without_certificate(known, found) if (folder / "certificates").exists() else []
    if lacking:
        print(f"No certificate was signed here for: {', '.join(lacking)}")
    return 1 if any(now >= renewal(certificate) for certificate in found) else 0


def _order(entry: KeyEntry) -> tuple[int, str, int]:
    return list(Use).index(entry.use), entry.owner, list(KeyState).index(entry.state)


def _certificate_files(folder: Path) -> list[Path]:
    own = [path for path in (folder / TLS_CERTIFICATE, folder / TLS_AUTHORITY) if path.exists()]
    return [*own, *sorted((folder / "certificates").glob("*.pem"))]


def _until(certificate: x509.Certificate, now: datetime) -> str:
    (name, *_) = common_names(certificate.subject) or ["without a name"]
    ends, due = certificate.not_valid_after_utc, renewal(certificate)
    if now > ends:
        return f"✖ certificate of {name} ran out on {ends:%Y-%m-%d}: renew it now"
    if now >= due:
        return f"▲ certificate of {name} ends on {ends:%Y-%m-%d}: renew it, two thirds of its life are over"
    return f"● certificate of {name} until {ends:%Y-%m-%d}, renew from {due:%Y-%m-%d}"


def _without_certificate(known: PublicKeys, found: Iterable[x509.Certificate]) -> list[str]:
    named = {name for certificate in found for name in common_names(certificate.subject)}
    return sorted({entry.owner for entry in known.entries if entry.use is Use.STATION and entry.state is KeyState.ACTIVE} - named)


def _signed(place: AuthorityFolder, number: int) -> int:
    print(f"Key set {number} is signed: {place.key_set}. Bring it to the receiver first, then to every station (mpaka keys install).")
    return 0


def _print_shares(pages: Sequence[Path]) -> None:
    print("Shares, one a holder. Print each once, let its holder read it back (mpaka keys recover), seal it, then remove these files:")
    for page in pages:
        print(f"  {page}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as why:
        raise KeysWrong(f"{path}: cannot be read ({type(why).__name__})") from None


def _says_yes(question: str) -> bool:
    if not sys.stdin.isatty():
        raise KeysWrong("nobody sits at a terminal to compare what the technician reads out; --yes says that it was compared")
    print(f"{question} [yes/no] ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
