"""Keys that are not on a station: what opens records, and what signs for the state. One way to name where they are:

- `FILE`: a PEM file, under a passphrase or not;
- `FOLDER`: every `*.key` in it, such as an opening key and those that it followed;
- `pkcs11:...`: a key in a token (token.py);
- `shares`: two of the three shares of the recovery key are asked for; `shares:FILE,FILE` reads their pages.

    key = opening_key("shares", ask)
    key.open(content, "tz-tunduma-lane1", record_id).value
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from kiosk.private import Private
from kiosk.sealing import shares
from kiosk.sealing.envelope import open_envelope
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.protected import Ask
from kiosk.sealing.signing import Signer, key_id
from kiosk.sealing.station import raw_public, read_opening_key, read_signing_key
from kiosk.sealing.token import SCHEME, TokenKey, signing_token, token_key
from kiosk.sealing.unwrapping import KeyExchange, TokenLost

SHARES = "shares"


@dataclass(frozen=True)
class OpeningKey:
    """One or more keys that open what was sealed to them."""

    keys: Mapping[str, X25519PrivateKey | KeyExchange]

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids, as envelopes and key sets name them."""
        return tuple(self.keys)

    def open(self, content: bytes, station: str, record: str) -> Private[bytes]:
        """Open what `station` sealed as `record`. Raises CannotOpen for this envelope, KeysWrong where the key is not there any more."""
        try:
            return open_envelope(self.keys, content, station, record)
        except TokenLost as why:
            raise KeysWrong(f"{why}; is it still plugged in?") from None


def opening_key(source: str, ask: Ask) -> OpeningKey:
    """The keys at this source, ready to open. `ask` asks a person for a passphrase, a PIN, or a share's words. Raises KeysWrong."""
    if source.startswith(SCHEME):
        return OpeningKey(dict([_in_token(source, ask)]))
    if source == SHARES or source.startswith(f"{SHARES}:"):
        return _held([joined(source.partition(":")[2], ask)])
    path = Path(source)
    if not path.is_dir():
        return _held([read_opening_key(path, ask)])
    files = sorted(path.glob("*.key"))
    if not files:
        raise KeysWrong(f"{path}: no key lies there (*.key)")
    return _held([read_opening_key(file, ask) for file in files])


def signing_key(source: str, ask: Ask) -> Signer:
    """The key at this source that signs for the state: a file or a token. Raises KeysWrong."""
    return signing_token(source, ask) if source.startswith(SCHEME) else read_signing_key(Path(source), ask)


def joined(files: str, ask: Ask) -> X25519PrivateKey:
    """The recovery key of two shares: of these pages (paths with commas between), or as they are typed. Raises KeysWrong."""
    if files:
        return shares.join([_page(Path(name)) for name in files.split(",")])
    found = []
    for number in range(1, shares.NEEDED + 1):
        words = shares.words_of(ask(f"the words of share {number}").value)
        shares.check(number, words)
        found.append(words)
    return shares.join(found)


def _page(path: Path) -> Private[str]:
    try:
        return shares.words_of(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as why:
        raise KeysWrong(f"{path}: the share cannot be read ({type(why).__name__})") from None


def _held(keys: list[X25519PrivateKey]) -> OpeningKey:
    return OpeningKey({key_id(raw_public(key)): key for key in keys})


def _in_token(uri: str, ask: Ask) -> tuple[str, TokenKey]:
    """A key that opens, in a token: it is tried once with a public key made for that."""
    key, other = token_key(uri, ask), X25519PrivateKey.generate()
    try:
        fits = key.exchange(raw_public(other)) == other.exchange(X25519PublicKey.from_public_bytes(key.public))
    except (TokenLost, ValueError) as why:
        raise KeysWrong(f"{uri}: is not an X25519 key that derives ({why})") from None
    if not fits:
        raise KeysWrong(f"{uri}: its public half is not that of the key")
    return key_id(key.public), key
