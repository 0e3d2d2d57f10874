"""ESC/POS: the bytes that a receipt printer is sent. PURE.

Source: the command names and layouts of Epson's public ESC/POS reference; GS ( H function 48 and DLE DC4 function 8 are in the later
printers of the TM family, the rest in nearly every 58 and 80 mm printer. Not yet seen on a printer of ours.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

START = b"\x1b@"
"""ESC @: back to the settings of power-on; what is not printed yet is forgotten, and automatic status is off again."""
AUTOMATIC_STATUS = b"\x1da\xff"
"""GS a: four bytes each time the printer's state changes."""
CUT = b"\x1dVB\x00"
"""GS V 66: feed to the knife and cut."""
MARK = b"\x1dr\x01"
"""GS r 1: one byte once everything before it has been processed."""
CENTRE, LEFT = b"\x1ba\x01", b"\x1ba\x00"
ASK_PICTURES = b"\x1d(L\x04\x000@KC"
"""GS ( L function 64: which pictures it keeps, as 37 72 status keys 00, at most 40 keys at once; it waits for GO_ON after each answer."""
GO_ON = b"\x06"
ASK_NAME = b"\x1dIC"
"""GS I 67: the printer's name as `_` name NUL."""
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 8: forget all data at once, answered by 37 25 00."""
RECOVER = b"\x10\x05\x02"
"""DLE ENQ 2: go on after an error of the cutter or the like, all data forgotten."""

ROWS_A_BAND = 48
"""A picture goes in bands of at most so many rows, so that no command is longer than LONGEST_BAND."""
LONGEST_BAND = 8 + 80 * ROWS_A_BAND
LEAST_PAIRS = 4
LEADING_DOTS = 6
"""Air under a line of the printer's own letters."""
LETTER_DOTS = 24
MOST_FEED = 255
JOB_NUMBERS = 10_000
_REAL_TIME = {0x10: {0x04, 0x05, 0x14}}
_WIDEST_SHIFT = 8


@dataclass(frozen=True)
class Bitmap:
    """A picture of black and white dots. Each row is `stride` bytes, the leftmost dot in the highest bit, 1 is black."""

    width: int
    height: int
    data: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError where the data are not rows of this width."""
        if self.width <= 0 or self.height < 0 or len(self.data) != self.stride * self.height:
            raise ValueError("a bitmap's data must be height rows of (width + 7) // 8 bytes")

    @property
    def stride(self) -> int:
        """Bytes a row."""
        return (self.width + 7) // 8

    def row(self, number: int) -> bytes:
        """One row of dots."""
        return self.data[number * self.stride : (number + 1) * self.stride]

    def shifted(self, dots: int) -> "Bitmap":
        """The same picture moved to the right; what passes the edge is lost, so callers keep a white margin."""
        bits = self.stride * 8
        rows = (int.from_bytes(self.row(number)) >> dots for number in range(self.height))
        return Bitmap(self.width, self.height, b"".join(row.to_bytes(bits // 8) for row in rows))


def picture(bitmap: Bitmap) -> bytes:
    """The bitmap as bands of GS v 0; white rows become feeds, white right margins are not sent, and coarse parts go coarsely.

    Dots may look like a real-time command, which printers obey even inside a picture (once in some hundred pictures). Then the
    whole picture moves by a dot or more to the right until they do not. Raises ValueError where eight dots do not help.
    """
    return _harmless(bitmap, _bands)


def keep(key: str, bitmap: Bitmap) -> bytes:
    """GS ( L function 67: keep this picture under this key of two letters, for ever. The memory wears out: not to be done daily.

    Raises ValueError where the key is not two printable letters, or the picture is longer than a band may be.
    """
    if len(key) != 2 or not key.isascii() or not key.isprintable():
        raise ValueError("a key is two printable ASCII letters")
    sent = _harmless(bitmap, lambda moved: _keeping(key, moved))
    if len(sent) > LONGEST_BAND:
        raise ValueError("the picture is too large for the printer's memory")
    return sent


def _keeping(key: str, bitmap: Bitmap) -> bytes:
    size = bitmap.width.to_bytes(2, "little") + bitmap.height.to_bytes(2, "little")
    parameters = b"0C0" + key.encode() + b"\x01" + size + b"1" + bitmap.data
    return b"\x1d(L" + len(parameters).to_bytes(2, "little") + parameters


def kept(key: str, scale: int) -> bytes:
    """GS ( L function 69: print the picture kept under this key, centred, every dot a square of `scale` dots (1 or 2)."""
    return CENTRE + b"\x1d(L\x06\x000E" + key.encode() + bytes([scale, scale]) + LEFT


def _harmless(bitmap: Bitmap, command: Callable[[Bitmap], bytes]) -> bytes:
    for dots in range(_WIDEST_SHIFT):
        sent = command(bitmap.shifted(dots) if dots else bitmap)
        if not hides_real_time(sent):
            return sent
    raise ValueError("the picture looks like a real-time command wherever it is put")


def units(dpi: int) -> bytes:
    """GS P: from now on feeds and line spacings count in dots of the print head; many printers count in halves of them otherwise."""
    return b"\x1dP" + bytes([dpi, dpi])


def letters(lines: Iterable[str], wide: int, high: int, bold: bool, white_on_black: bool) -> bytes:
    """Lines in the printer's own letters, centred, so many times as wide and high (1 to 8). Raises ValueError for other than printable ASCII."""
    shown = list(lines)
    if not all(line.isascii() and line.isprintable() for line in shown) or not (1 <= wide <= 8 and 1 <= high <= 8):
        raise ValueError("the printer's own letters are printable ASCII, 1 to 8 times as large")
    look = b"\x1d!" + bytes([(wide - 1) << 4 | high - 1]) + b"\x1bE" + bytes([bold]) + b"\x1dB" + bytes([white_on_black])
    spacing = b"\x1b3" + bytes([LETTER_DOTS * high + LEADING_DOTS])
    plain = b"\x1d!\x00\x1bE\x00\x1dB\x00"
    return CENTRE + look + spacing + b"".join(line.encode() + b"\n" for line in shown) + plain + LEFT


def hides_real_time(data: bytes) -> bool:
    """Whether the bytes of DLE EOT, DLE ENQ or DLE DC4 stand anywhere in the data."""
    return any(after in _REAL_TIME.get(before, ()) for before, after in zip(data, data[1:], strict=False))


def _bands(bitmap: Bitmap) -> bytes:
    out = bytearray()
    rows, at = [bitmap.row(number) for number in range(bitmap.height)], 0
    while at < len(rows):
        take, band = _white(rows, at) or _coarse(rows, at) or _fine(rows, at)
        out += band
        at += take
    return bytes(out)


def _white(rows: list[bytes], at: int) -> tuple[int, bytes] | None:
    """A feed over the white rows that begin here; None where none do. As the others: how many rows, and their bytes."""
    end = at
    while end < len(rows) and not any(rows[end]):
        end += 1
    return (end - at, feed(end - at)) if end > at else None


def _coarse(rows: list[bytes], at: int) -> tuple[int, bytes] | None:
    """Rows whose dots all stand in squares of four are sent as one dot each, a quarter of the bytes; None where too few do."""
    pairs = 0
    while pairs < ROWS_A_BAND and _in_squares(rows[at + 2 * pairs : at + 2 * pairs + 2]):
        pairs += 1
    if pairs < LEAST_PAIRS:
        return None
    return 2 * pairs, _band([_halved(row) for row in rows[at : at + 2 * pairs : 2]], mode=3)


def _fine(rows: list[bytes], at: int) -> tuple[int, bytes]:
    """Rows as they are, up to the next that can be sent with less."""
    end = at + 1
    while end < len(rows) and end - at < ROWS_A_BAND and any(rows[end]) and not _coarse(rows, end):
        end += 1
    return end - at, _band(rows[at:end])


def _in_squares(pair: list[bytes]) -> bool:
    """Whether two rows are alike, not white, and each dot has a twin beside it."""
    if len(pair) < 2 or pair[0] != pair[1] or not any(pair[0]):
        return False
    dots, right = int.from_bytes(pair[0]), int.from_bytes(b"\x55" * len(pair[0]))
    return dots >> 1 & right == dots & right


def _halved(row: bytes) -> bytes:
    """Every other dot, from the left."""
    bits = f"{int.from_bytes(row):0{len(row) * 8}b}"[::2]
    size = (len(bits) + 7) // 8
    return int(bits.ljust(size * 8, "0"), 2).to_bytes(size)


def _band(rows: list[bytes], mode: int = 0) -> bytes:
    """GS v 0 m xL xH yL yH, then the rows without the white columns at their right. Mode 3: each dot is printed as a square of four."""
    width = max(len(row.rstrip(b"\x00")) for row in rows)
    # printers fill the row with white themselves
    head = b"\x1dv0" + bytes([mode]) + width.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return head + b"".join(row[:width] for row in rows)


def feed(dots: int) -> bytes:
    """ESC J n, as often as needed. One dot is one row of a picture."""
    whole, rest = divmod(dots, MOST_FEED)
    return (b"\x1bJ" + bytes([MOST_FEED])) * whole + (b"\x1bJ" + bytes([rest]) if rest else b"")


def qr(text: str, module: int) -> bytes:
    """A QR code of error correction level M drawn by the printer itself (GS ( k, functions 165, 167, 169, 180, 181), centred.

    `module` is the side of a square in dots, 1 to 16. Raises ValueError for characters that are not printable, or too many.
    """
    data = text.encode()
    if not text.isprintable() or not 0 < len(data) <= 2331 or not 1 <= module <= 16:
        raise ValueError("a QR code takes 1 to 2331 bytes of printable text and modules of 1 to 16 dots")
    model = _code(b"1A2\x00")
    return CENTRE + model + _code(b"1C" + bytes([module])) + _code(b"1E1") + _code(b"1P0" + data) + _code(b"1Q0") + LEFT


def _code(parameters: bytes) -> bytes:
    return b"\x1d(k" + len(parameters).to_bytes(2, "little") + parameters


def ask(what: int) -> bytes:
    """DLE EOT n: one byte at once. 1 the printer, 2 why it is off line, 3 its errors, 4 its paper."""
    if what not in (1, 2, 3, 4):
        raise ValueError("DLE EOT asks 1, 2, 3 or 4")
    return b"\x10\x04" + bytes([what])


def process_id(number: int) -> bytes:
    """GS ( H function 48: the printer says this number back when everything before it is printed. Taken modulo 10,000."""
    return b"\x1d(H\x06\x0000" + f"{number % JOB_NUMBERS:04d}".encode()


def free_from_broken_command() -> bytes:
    """For a printer that was left in the middle of a command: NULs end the longest picture band we ever send, then it starts afresh."""
    return bytes(LONGEST_BAND) + START
