"""The opening key, as whoever opens holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.private import Private
from kiosk.sealing.envelope import open_envelope
from kiosk.sealing.signing import key_id
from kiosk.sealing.station import raw_public, read_opening_key


@dataclass(frozen=True)
class OpeningKey:
    """Keys that open, by id."""

    keys: Mapping[str, X25519PrivateKey]

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(self.keys)

    def open(self, content: bytes, station: str, record: str) -> Private[bytes]:
        """Open what `station` sealed as `record`. Raises CannotOpen."""
        return open_envelope(self.keys, content, station, record)


def held(source: str) -> OpeningKey:
    """The key at this source. Raises KeysWrong."""
    key = read_opening_key(Path(source))
    return OpeningKey({key_id(raw_public(key)): key})
