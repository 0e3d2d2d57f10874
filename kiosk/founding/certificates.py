"""Certificates for mutual TLS: an offline authority of our own, requests for it or for a ministry's, and whether what came back fits.

The common name is the station's id; a broker's certificate has its host names. Keys are P-256, extensions as RFC 5280 wants them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.messages.canonical import BadMessage
from kiosk.messages.topics import parse_station
from kiosk.sealing.key_set import KeysWrong

LIFE, AUTHORITY_LIFE = timedelta(days=365), timedelta(days=3653)
# a station whose clock runs behind still accepts a certificate made today
BEFORE = timedelta(days=1)
RENEW_AFTER = 2 / 3
_HOST = re.compile(r"(?!\.)[A-Za-z0-9.:*_-]{1,64}", re.ASCII)
# What the cryptography package raises for bytes that are no certificate, or one of a kind that it does not know
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True)
class Certifier:
    """An authority of certificates with its key."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def new_certifier(name: str, now: datetime, life: timedelta = AUTHORITY_LIFE) -> Certifier:
    """A new authority of certificates."""
    key, named = ec.generate_private_key(ec.SECP256R1()), _named(name)
    builder = (
        _builder(named, named, key.public_key(), now, now + life)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certifies=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    return Certifier(key, builder.sign(key, SHA256()))


def certify(
    certifier: Certifier, name: str, key: CertificatePublicKeyTypes, now: datetime, hosts: Sequence[str] = (), life: timedelta = LIFE
) -> x509.Certificate:
    """A certificate of this common name: of a station, or with `hosts` (names, addresses) of a broker. Never longer than its authority's."""
    uses = [ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH]
    until = min(now + life, certifier.certificate.not_valid_after_utc)
    return (
        _builder(_named(name), certifier.certificate.subject, key, now, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general(host) for host in hosts or (name,)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .add_extension(_key_usage(certifies=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(certifier.key.public_key()), critical=False)
        .sign(certifier.key, SHA256())
    )


def request(key: ec.EllipticCurvePrivateKey, name: str, hosts: Sequence[str] = ()) -> bytes:
    """A request for a certificate (PKCS 10, PEM) as `certify` would make it: ours or a ministry's authority signs it."""
    uses = [ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH]
    made = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(_named(name))
        .add_extension(x509.SubjectAlternativeName([_general(host) for host in hosts or (name,)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .add_extension(_key_usage(certifies=False), critical=True)
        .sign(key, SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def sign_request(certifier: Certifier, content: bytes, now: datetime, life: timedelta = LIFE, *, broker: bool = False) -> x509.Certificate:
    """The certificate that a request asks for: a station's, or with `broker` a broker's, whose host names are taken over. Raises KeysWrong."""
    with _readable("the request is not one for a certificate (PKCS 10 in PEM form)"):
        asked = x509.load_pem_x509_csr(content)
        genuine, names, key, hosts = asked.is_signature_valid, common_names(asked.subject), asked.public_key(), _hosts(asked)
    if not genuine:
        raise KeysWrong("the request is not signed by the key that it names; let it be made again")
    if len(names) != 1:
        raise KeysWrong(f"the request has {len(names)} common names; a station's has one, its id")
    if certifier.certificate.not_valid_after_utc <= now:
        raise KeysWrong(f"the authority of certificates ended on {certifier.certificate.not_valid_after_utc:%Y-%m-%d}: make a new one")
    if bool(hosts) is not broker:
        raise KeysWrong(
            "the request is for a broker: sign it with --broker, if you mean to" if hosts else "the request is not for a broker"
        )
    if broker and (names[0] not in hosts or _HOST.fullmatch(names[0]) is None):
        # the name becomes a file's in the authority's folder
        raise KeysWrong("the request's common name is none of its host names; let it be made again (`mpaka keys broker`)")
    if not broker:
        try:
            parse_station(names[0])
        except BadMessage as why:
            raise KeysWrong(f'the request is for "{names[0]}": {why}') from None
    with _readable("the request has a name that no certificate can have"):
        return certify(certifier, names[0], key, now, hosts, life)


def revocation_list(certifier: Certifier, revoked: Iterable[x509.Certificate], now: datetime) -> bytes:
    """The list of certificates that count no more (CRL, PEM), for the brokers. It holds as long as its authority: one that ran out would
    shut everybody out."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(certifier.certificate.subject)
        .last_update(now - BEFORE)
        .next_update(certifier.certificate.not_valid_after_utc)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(certifier.key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    )
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(now).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(certifier.key, SHA256()).public_bytes(Encoding.PEM)


def fitting(
    chain: bytes, roots: bytes, key: ec.EllipticCurvePrivateKey, name: str, now: datetime | None, *, broker: bool = False
) -> x509.Certificate:
    """The certificate in `chain` (PEM, its own first), checked: name, key, use, issuers up to `roots`, dates where `now` is known.

    Raises KeysWrong, which says what to do."""
    certificates, trusted = _loaded(chain, "the certificate"), _loaded(roots, "ca.pem")
    with _readable("the certificate cannot be read: ask for it again"):
        return _fitting(certificates, trusted, key, name, now, broker=broker)


def _fitting(
    certificates: list[x509.Certificate],
    trusted: list[x509.Certificate],
    key: ec.EllipticCurvePrivateKey,
    name: str,
    now: datetime | None,
    *,
    broker: bool,
) -> x509.Certificate:
    own = certificates[0]
    if common_names(own.subject) != [name]:
        raise KeysWrong(
            f"the certificate is of {', '.join(common_names(own.subject)) or 'nobody'}, not of {name}: was another's file taken?"
        )
    if own.public_key() != key.public_key():
        raise KeysWrong("the certificate is not for the key that was made here: send the newest request.csr")
    if not _is_for(own, ExtendedKeyUsageOID.SERVER_AUTH if broker else ExtendedKeyUsageOID.CLIENT_AUTH):
        raise KeysWrong("the certificate is not for TLS (extended key usage): tell the authority what request.csr asks for")
    _climb(certificates, trusted)
    for found in certificates:
        begins, ends = found.not_valid_before_utc, found.not_valid_after_utc
        if now is not None and not begins <= now <= ends:
            raise KeysWrong(f"the certificate holds from {begins:%Y-%m-%d} to {ends:%Y-%m-%d}: look at the clock, or get a newer one")
    return own


def renewal(certificate: x509.Certificate) -> datetime:
    """From when on it is to be renewed: two thirds of its life are over."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return begins + (ends - begins) * RENEW_AFTER


def common_names(name: x509.Name) -> list[str]:
    """The common names in a subject."""
    return [str(found.value) for found in name.get_attributes_for_oid(NameOID.COMMON_NAME)]


def tls_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A key for TLS as PEM, PKCS 8, not encrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_certificate(path: Path) -> x509.Certificate:
    """The first certificate in a file. Raises KeysWrong."""
    return load_certificates(path)[0]


def load_certificates(path: Path) -> list[x509.Certificate]:
    """Every certificate in a file. Raises KeysWrong."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as why:
        raise KeysWrong(f"{path}: cannot be read ({type(why).__name__})") from None
    except UNREADABLE:
        raise KeysWrong(f"{path}: is not a certificate in PEM form") from None


def _loaded(content: bytes, what: str) -> list[x509.Certificate]:
    with _readable(f"{what} is not in PEM form: ask for it as text that begins with BEGIN CERTIFICATE"):
        return x509.load_pem_x509_certificates(content)


@contextmanager
def _readable(otherwise: str) -> Iterator[None]:
    """Whatever cannot be read in between is said in these words."""
    try:
        yield
    except KeysWrong:
        raise
    except UNREADABLE:
        raise KeysWrong(otherwise) from None


def _climb(chain: list[x509.Certificate], trusted: list[x509.Certificate]) -> None:
    """Each is signed by the next, the last by one that is trusted."""
    at = chain[0]
    for issuer in chain[1:]:
        if issuer in trusted:
            break
        if not _issued(at, issuer):
            raise KeysWrong("the certificates in the file do not follow on one another: own first, then its issuer, and so on")
        at = issuer
    if at not in trusted and not any(_issued(at, root) for root in trusted):
        raise KeysWrong("the certificate was not signed by the authority in ca.pem: take both from the same place")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (*UNREADABLE, InvalidSignature):
        return False


def _is_for(certificate: x509.Certificate, use: x509.ObjectIdentifier) -> bool:
    try:
        return use in certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except UNREADABLE:
        return False


def _hosts(asked: x509.CertificateSigningRequest) -> list[str]:
    """The host names and addresses of a request for a broker; none for a station's."""
    try:
        uses = asked.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        named = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    if ExtendedKeyUsageOID.SERVER_AUTH not in uses:
        return []
    return [*named.get_values_for_type(x509.DNSName), *(str(found) for found in named.get_values_for_type(x509.IPAddress))]


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: CertificatePublicKeyTypes, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(certifies: bool) -> x509.KeyUsage:
    """RFC 5280 4.2.1.3; Python 3.13 verifies strictly."""
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )
