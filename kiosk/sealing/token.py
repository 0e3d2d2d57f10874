"""Keys in a PKCS#11 token (a smart card, a USB token, an HSM, SoftHSM): named by a URI (RFC 7512), used where they are, never read out.

    pkcs11:token=mpaka;object=authority?module-path=/usr/lib/softhsm/libsofthsm2.so

The PIN is asked for, or read from the file that `pin-source` names; `pin-value` is refused, since a command line is no place for a secret.
Needs the extra `mpaka[token]` (python-pkcs11). Ed25519 for the authority is EDDSA; X25519 for opening is ECDH1_DERIVE on a Montgomery key,
which SoftHSM 2 files under EC_EDWARDS, as PKCS#11 2.40 had no other place for it. Other tokens are unproven.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.private import Private
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.protected import Ask
from kiosk.sealing.unwrapping import TokenLost

SCHEME = "pkcs11:"
EXAMPLE = "pkcs11:token=NAME;object=KEY?module-path=/usr/lib/softhsm/libsofthsm2.so"
KNOWN = {"token", "object", "module-path", "pin-source"}
OID_ED25519, OID_X25519 = "1.3.101.112", "1.3.101.110"
RAW_KEY_BYTES = 32
EXCHANGE_BITS = 256
PROOF = b"mpaka-token-proof"


@dataclass(frozen=True)
class TokenAddress:
    """Where a key is: the vendor's library, the token's label, the key's label, and a file with the PIN, if any."""

    module: Path
    token: str
    object: str
    pin: Path | None = None


def parse_uri(text: str) -> TokenAddress:
    """Read a PKCS#11 URI. Raises KeysWrong."""
    path, _, query = text.removeprefix(SCHEME).partition("?")
    pairs = [part.partition("=") for part in (*path.split(";"), *query.split("&")) if part]
    found = {name: unquote(value) for name, _, value in pairs}
    if "pin-value" in found:
        raise KeysWrong("a token's PIN does not stand in its address; leave pin-value out: it is asked for, or read from pin-source=FILE")
    if unknown := sorted(set(found) - KNOWN):
        raise KeysWrong(f"a token's address has no part {', '.join(unknown)}; it is written {EXAMPLE}")
    if not all(found.get(name) for name in ("token", "object", "module-path")):
        raise KeysWrong(f"a token's address needs token, object and module-path: {EXAMPLE}")
    pin = found.get("pin-source", "").removeprefix("file:")
    return TokenAddress(Path(found["module-path"]), found["token"], found["object"], Path(pin) if pin else None)


class TokenKey:
    """A key pair in a token. It stays usable until the program ends: who leaves a token leaves it with all its keys."""

    def __init__(self, address: TokenAddress, session: Any) -> None:
        """Find it on this open session; see `token_key`. Raises KeysWrong, which says what is missing."""
        self._address, self._pkcs11 = address, _library()
        with _spoken(self._pkcs11, address):
            keys = self._pkcs11.ObjectClass
            self._private = session.get_key(object_class=keys.PRIVATE_KEY, label=address.object)
            public = session.get_key(object_class=keys.PUBLIC_KEY, label=address.object)
            self.public = bytes(public[self._pkcs11.Attribute.EC_POINT])[-RAW_KEY_BYTES:]

    def sign(self, data: bytes) -> bytes:
        """An Ed25519 signature: 64 bytes. Raises TokenLost."""
        with self._working():
            return bytes(self._private.sign(data, mechanism=self._pkcs11.Mechanism.EDDSA))

    def public_key(self) -> Ed25519PublicKey:
        """The public half of a key that signs."""
        return Ed25519PublicKey.from_public_bytes(self.public)

    def exchange(self, peer: bytes) -> bytes:
        """X25519 with this public key: 32 bytes. Raises TokenLost."""
        library = self._pkcs11
        template = {library.Attribute.SENSITIVE: False, library.Attribute.EXTRACTABLE: True}
        with self._working():
            derived = self._private.derive_key(
                library.KeyType.GENERIC_SECRET,
                EXCHANGE_BITS,
                mechanism=library.Mechanism.ECDH1_DERIVE,
                mechanism_param=(library.KDF.NULL, None, peer),
                template=template,
            )
            return bytes(derived[library.Attribute.VALUE])

    @contextmanager
    def _working(self) -> Iterator[None]:
        try:
            yield
        except (self._pkcs11.PKCS11Error, AttributeError) as why:
            # a key without the right to sign or derive has no such method
            raise TokenLost(f"token {self._address.token}: key {self._address.object} does not do it ({_name(why)})") from None


def token_key(uri: str, ask: Ask) -> TokenKey:
    """A key pair in a token. Raises KeysWrong."""
    address, library = parse_uri(uri), _library()
    with _spoken(library, address):
        session = _opened(library, address, ask, rw=False)
    return TokenKey(address, session)


def signing_token(uri: str, ask: Ask) -> TokenKey:
    """A key that signs, in a token: it is tried once. Raises KeysWrong."""
    key = token_key(uri, ask)
    try:
        key.public_key().verify(key.sign(PROOF), PROOF)
    except (TokenLost, InvalidSignature, ValueError) as why:
        raise KeysWrong(f"{uri}: is not an Ed25519 key that signs ({_name(why)})") from None
    return key


def make_in_token(uri: str, ask: Ask, *, signs: bool) -> TokenKey:
    """Make a key pair in the token that cannot leave it: Ed25519 where it signs, X25519 where it opens. Raises KeysWrong."""
    address, library = parse_uri(uri), _library()
    curve = import_module("pkcs11.util.ec").encode_named_curve_parameters(OID_ED25519 if signs else OID_X25519)
    flag = library.MechanismFlag.SIGN | library.MechanismFlag.VERIFY if signs else library.MechanismFlag.DERIVE
    with _spoken(library, address):
        session = _opened(library, address, ask, rw=True)
        if any(True for _ in session.get_objects({library.Attribute.LABEL: address.object})):
            raise KeysWrong(f"token {address.token}: has a key {address.object} already; it is never overwritten")
        parameters = session.create_domain_parameters(library.KeyType.EC_EDWARDS, {library.Attribute.EC_PARAMS: curve}, local=True)
        parameters.generate_keypair(
            mechanism=library.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=address.object, capabilities=flag
        )
    return TokenKey(address, session)


def _library() -> ModuleType:
    if find_spec("pkcs11") is None:
        raise KeysWrong("keys in a token need python-pkcs11: pip install 'mpaka[token]'")
    return import_module("pkcs11")


@contextmanager
def _spoken(library: ModuleType, address: TokenAddress) -> Iterator[None]:
    """What a token says, in words."""
    try:
        yield
    except library.exceptions.PinIncorrect:
        raise KeysWrong(f"token {address.token}: the PIN is wrong; too many wrong ones lock it") from None
    except library.exceptions.NoSuchToken:
        raise KeysWrong(f"token {address.token}: no such token is plugged in (module {address.module})") from None
    except library.exceptions.NoSuchKey:
        raise KeysWrong(f"token {address.token}: has no key pair {address.object}") from None
    except (library.PKCS11Error, RuntimeError) as why:
        raise KeysWrong(f"token {address.token}: does not work ({_name(why)}); is {address.module} its vendor's library?") from None


def _opened(library: ModuleType, address: TokenAddress, ask: Ask, *, rw: bool) -> Any:
    if not address.module.is_file():
        raise KeysWrong(f"{address.module}: there is no such library; module-path names the one of the token's vendor")
    token = library.lib(str(address.module)).get_token(token_label=address.token)
    try:
        return token.open(user_pin=_pin(address, ask).value, rw=rw)
    except library.exceptions.UserAlreadyLoggedIn:
        # a sign-on is of the whole program, not of one session
        return token.open(rw=rw)


def _pin(address: TokenAddress, ask: Ask) -> Private[str]:
    if address.pin is None:
        return ask(f"PIN of token {address.token}")
    try:
        return Private(address.pin.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as why:
        raise KeysWrong(f"{address.pin}: the PIN cannot be read ({_name(why)})") from None


def _name(why: Exception) -> str:
    return type(why).__name__
