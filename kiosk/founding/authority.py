"""The authority's folder, on a machine that has no network: its own key, the authority of certificates, and the key set that it signs.

    authority.key, authority.pub     Ed25519, under a passphrase (absent where a token holds it)
    certificates.key, ca.pem         the authority of certificates, under the same passphrase (absent where the ministry has one)
    key-set.json, key-sets/          the newest key set, and every one that was signed
    certificates/, crl.pem           every certificate that was given out, by common name, and the list of those that count no more

What changes a key set is pure: entries in, entries out.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec import structs

from kiosk.founding.certificates import Certifier, load_certificate, load_certificates
from kiosk.keys import sign_key_set
from kiosk.sealing.key_set import KeyEntry, KeyState, KeysWrong, PublicKeys, Use, load_key_set
from kiosk.sealing.protected import Ask, read_private
from kiosk.sealing.signing import Signer
from kiosk.sealing.station import AUTHORITY, KEY_SET, TLS_AUTHORITY, read_authority

AUTHORITY_KEY, CERTIFIER_KEY = "authority.key", "certificates.key"
REVOKED, REVOCATIONS = "revoked", "crl.pem"
NEVER_WITHOUT = (Use.HEADQUARTERS, Use.RECOVERY)


@dataclass(frozen=True)
class AuthorityFolder:
    """Where everything lies."""

    folder: Path

    @property
    def key(self) -> Path:
        """The authority's private key, unless a token holds it."""
        return self.folder / AUTHORITY_KEY

    @property
    def public(self) -> Path:
        """The authority's public key, which every station gets at set-up."""
        return self.folder / AUTHORITY

    @property
    def certifier_key(self) -> Path:
        """The private key of the authority of certificates."""
        return self.folder / CERTIFIER_KEY

    @property
    def certifier(self) -> Path:
        """Its certificate, which every station and broker gets."""
        return self.folder / TLS_AUTHORITY

    @property
    def key_set(self) -> Path:
        """The newest key set."""
        return self.folder / KEY_SET

    @property
    def certificates(self) -> Path:
        """What was given out."""
        return self.folder / "certificates"

    def known(self) -> PublicKeys:
        """The newest key set, verified. Raises KeysWrong."""
        return load_key_set(self.key_set, read_authority(self.folder))

    def keep_key_set(self, number: int, content: bytes) -> None:
        """Put this key set in place of the last; all of them are kept."""
        kept = self.folder / "key-sets" / f"{number:06d}.json"
        kept.parent.mkdir(exist_ok=True, mode=0o700)
        for path in (kept, self.key_set):
            replace_file(path, content)

    def keep_certificate(self, name: str, certificate: x509.Certificate) -> None:
        """Remember what was given out, the newest first: for `show`, `pack` and `revoke`."""
        self.certificates.mkdir(exist_ok=True, mode=0o700)
        path = self.certificates / f"{name}.pem"
        replace_file(path, certificate.public_bytes(Encoding.PEM) + (path.read_bytes() if path.exists() else b""))

    def revoke_certificates(self, name: str) -> None:
        """All that were given out under this name count no more. Raises KeysWrong where there is none."""
        path, revoked = self.certificates / f"{name}.pem", self.certificates / REVOKED / f"{name}.pem"
        if not path.exists():
            raise KeysWrong(f"{path}: no certificate of {name} was given out here, or they were revoked already")
        revoked.parent.mkdir(exist_ok=True, mode=0o700)
        replace_file(revoked, path.read_bytes() + (revoked.read_bytes() if revoked.exists() else b""))
        path.unlink()

    def revoked_certificates(self) -> list[x509.Certificate]:
        """Every one that counts no more. Raises KeysWrong."""
        return [found for path in sorted((self.certificates / REVOKED).glob("*.pem")) for found in load_certificates(path)]


def read_certifier(place: AuthorityFolder, ask: Ask) -> Certifier:
    """The authority of certificates with its key. Raises KeysWrong."""
    key = read_private(place.certifier_key, ask)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysWrong(f"{place.certifier_key}: is not the key of an authority of certificates")
    certificate = load_certificate(place.certifier)
    if certificate.public_key() != key.public_key():
        raise KeysWrong(f"{place.certifier}: is not the certificate of {place.certifier_key}")
    return Certifier(key, certificate)


def sign_next(place: AuthorityFolder, entries: Iterable[KeyEntry], authority: Signer, now: datetime) -> int:
    """Sign the next key set with these entries and keep it; returns its number. Raises KeysWrong: then nothing was changed."""
    known, listed = place.known(), list(entries)
    check_signer(place, authority)
    for use in NEVER_WITHOUT:
        if not any(entry.use is use and entry.state is KeyState.ACTIVE for entry in listed):
            raise KeysWrong(f"a key set without an active key for {use} would stop every station: bring a new one in the same step")
    number = known.number + 1
    place.keep_key_set(number, sign_key_set(number, known.country, listed, authority, now.astimezone(UTC)))
    return number


def check_signer(place: AuthorityFolder, authority: Signer) -> None:
    """Whether this is the key whose signature stations believe. Raises KeysWrong."""
    if authority.public_key() != read_authority(place.folder):
        raise KeysWrong(f"this is not the key of the authority in {place.public}")


def added(entries: Iterable[KeyEntry], new: KeyEntry, former: KeyState | None = None) -> list[KeyEntry]:
    """The entries with a new one. Active ones of the same use and owner become `former`: RETIRED what is renewed, REVOKED what was lost.

    Raises KeysWrong where there are such and nobody said what becomes of them, or where the key was known before."""
    before = list(entries)
    if any(entry.id == new.id for entry in before):
        raise KeysWrong(f"the key {new.id} of {new.owner} is in the key set already")
    alike = [entry for entry in before if is_rival(entry, new)]
    if alike and former is None:
        raise KeysWrong(
            f"{new.owner} has a key for {new.use} already: say with --renew that it ends in order, or with --lost that it was lost"
        )
    return [structs.replace(entry, state=former or entry.state) if entry in alike else entry for entry in before] + [new]


def is_rival(entry: KeyEntry, new: KeyEntry) -> bool:
    """Whether this active key is the one that the new one follows. Headquarters' own are followed whoever owns the new one."""
    same_owner = entry.owner == new.owner or new.use in NEVER_WITHOUT
    return entry.use is new.use and same_owner and entry.state is KeyState.ACTIVE


def ended(entries: Iterable[KeyEntry], named: str, state: KeyState) -> list[KeyEntry]:
    """The entries with one retired or revoked, by its key id. Raises KeysWrong; what was revoked stays so."""
    before = list(entries)
    found = [entry for entry in before if entry.id == named]
    if not found:
        raise KeysWrong(f"the key set has no key {named}; `mpaka keys show` lists them")
    if found[0].state is KeyState.REVOKED and state is not KeyState.REVOKED:
        raise KeysWrong(f"the key {named} of {found[0].owner} was revoked; that is for good")
    return [structs.replace(entry, state=state) if entry.id == named else entry for entry in before]


def replace_file(path: Path, content: bytes) -> None:
    """Who reads the file meanwhile, or after a power cut, finds the old one or the new one, whole."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
