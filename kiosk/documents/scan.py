"""A document as it was read, before anyone looked at it. PURE."""

from dataclasses import dataclass

from drivers.contract import Encoding, Kind
from kiosk.private import Private


@dataclass(frozen=True)
class Image:
    """A picture of a person or a document, copied out of the frame ring."""

    encoding: Encoding
    width: int
    height: int
    data: Private[bytes]


@dataclass(frozen=True)
class Scan:
    """A zone as it was read. `confirmed` False: no checksum on the wire and no second read that agreed."""

    lines: Private[tuple[str, ...]]
    source: Kind
    confirmed: bool
    picture: Image | None = None
