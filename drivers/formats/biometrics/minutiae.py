"""What a record of finger minutiae says: ISO/IEC 19794-2 (record format, not card format) and ANSI INCITS 378.

All positions are pixels from the upper left corner. Angles are counted anticlockwise from the right, in steps of 360/256 degrees in
the records of ISO and of 2 degrees in those of ANSI. Nothing measured on a person is shown by a repr.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType

from drivers.formats.biometrics.codes import FingerPosition


class RecordFormat(StrEnum):
    """The editions that are read and written. ANSI_2007 is the draft of 2009 that NIST's library calls 2007: one header byte shorter."""

    ISO_2005 = "ISO/IEC 19794-2:2005"
    ISO_2011 = "ISO/IEC 19794-2:2011"
    ANSI_2004 = "ANSI INCITS 378-2004"
    ANSI_2007 = "ANSI INCITS 378-2009, draft of 2007"
    ANSI_2009 = "ANSI INCITS 378-2009"
    ANSI_2009_AM1 = "ANSI INCITS 378-2009/AM 1"


IDENTIFIER = b"FMR\0"
VERSIONS: Mapping[RecordFormat, bytes] = MappingProxyType(
    {
        RecordFormat.ISO_2005: b" 20\0",
        RecordFormat.ISO_2011: b"030\0",
        RecordFormat.ANSI_2004: b" 20\0",
        RecordFormat.ANSI_2007: b"030\0",
        RecordFormat.ANSI_2009: b"030\0",
        RecordFormat.ANSI_2009_AM1: b"035\0",
    }
)
ISO_FORMATS = frozenset({RecordFormat.ISO_2005, RecordFormat.ISO_2011})
# In these the size and density of the picture stand once, in the header of the record.
ONE_FRAME = frozenset({RecordFormat.ISO_2005, RecordFormat.ANSI_2004})


class MinutiaKind(IntEnum):
    """OTHER is "either, or not known" in ANSI 378-2009."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


@dataclass(frozen=True)
class Minutia:
    """One minutia. `quality` is 1 to 100, 0 where it is not given (from 2009 on: 254 not given, 255 could not be had)."""

    kind: MinutiaKind = field(repr=False)
    x: int = field(repr=False)
    y: int = field(repr=False)
    angle: int = field(repr=False)
    quality: int = field(default=0, repr=False)

    def degrees(self, format: RecordFormat) -> float:
        """The angle in degrees, in a record of this format."""
        return self.angle * 360 / 256 if format in ISO_FORMATS else self.angle * 2.0


@dataclass(frozen=True)
class Frame:
    """The picture in which minutiae were found: pixels, and pixels a centimetre (197 is 500 an inch)."""

    width: int
    height: int
    x_density: int
    y_density: int


@dataclass(frozen=True)
class QualityScore:
    """A quality of the whole picture, with the owner and number of the algorithm that gave it (registered with IBIA; 0 unknown)."""

    score: int = field(repr=False)
    owner: int = 0
    algorithm: int = 0


@dataclass(frozen=True)
class Capture:
    """What an edition of 2011 says about how a view was taken.

    `taken` is year, month, day, hour, minute, second and millisecond in UTC, 0xFF where not known; `certificates` are pairs of authority
    and scheme, None where the record's header says that it has none; `ending` is how ridge endings are placed; `long` says whether
    minutiae have a quality byte.
    """

    taken: tuple[int, int, int, int, int, int, int] = field(default=(0xFFFF, 255, 255, 255, 255, 255, 0xFFFF), repr=False)
    technology: int = 0
    vendor: int = 0
    device: int = 0
    certificates: tuple[tuple[int, int], ...] | None = None
    ending: int = 0
    long: bool = True


@dataclass(frozen=True)
class View:
    """One finger as seen once. `number` counts the views of one finger from 0. `extended` is the extended data, byte for byte.

    The first editions have exactly one quality, without owner and algorithm; those of 2009 exactly one with both; ISO 2011 any number.
    `impression` is a code of `codes`; `capture` is there in ISO 2011 alone.
    """

    finger: FingerPosition
    frame: Frame
    minutiae: tuple[Minutia, ...] = field(repr=False)
    qualities: tuple[QualityScore, ...]
    number: int = 0
    impression: int = 0
    extended: bytes = field(default=b"", repr=False)
    capture: Capture | None = None


@dataclass(frozen=True)
class MinutiaeRecord:
    """A whole record.

    `owner` and `product` are the CBEFF product identifier (ANSI alone); `sensor` and `compliance` the capture equipment and its
    certification bits (not in ISO 2011). `version` is the version as it stands in the record, where that is not the format's own.
    """

    format: RecordFormat
    views: tuple[View, ...]
    owner: int = 0
    product: int = 0
    sensor: int = 0
    compliance: int = 0
    version: bytes = b""

    @property
    def certified(self) -> bool:
        """Whether the highest certification bit is set: the sensor is certified for image quality (Appendix F of the FBI)."""
        width = 8 if self.format in (RecordFormat.ANSI_2009, RecordFormat.ANSI_2009_AM1) else 4
        return bool(self.compliance >> (width - 1))
