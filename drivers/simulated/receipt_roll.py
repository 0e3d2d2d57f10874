"""The paper of a simulated receipt printer: rows of dots, and each cut receipt as a PNG file."""

from dataclasses import dataclass
from pathlib import Path

import segno
from PIL import Image

from drivers.receipt.lettering import typed

LETTER_WIDTH, LETTER_HEIGHT = 12, 24
INVERSE = bytes(range(255, -1, -1))
"""Pillow's white is 1, a printer's black is 1."""


@dataclass
class Look:
    """How the printer's own letters look now, and where everything stands: `centred` or at the left edge; `spacing` rows a line at least."""

    wide: int = 1
    high: int = 1
    bold: bool = False
    white_on_black: bool = False
    centred: bool = False
    spacing: int = 30


class Roll:
    """Paper of so many dots across, so many an inch. `cut_off` are the receipts that were cut, oldest first; the folder holds them as slip-0001.png and so on."""

    def __init__(self, folder: Path | None = None, width: int = 576, dpi: int = 203) -> None:
        self.width, self.dpi, self._folder = width, dpi, folder
        self.cut_off: list[Image.Image] = []
        self._rows = bytearray()

    @property
    def stride(self) -> int:
        """Bytes a row."""
        return (self.width + 7) // 8

    @property
    def rows(self) -> int:
        """How many rows hang out of the printer, uncut."""
        return len(self._rows) // self.stride

    def print_row(self, dots: bytes) -> None:
        """One row of dots from the left edge; what passes the right edge is lost."""
        self._rows += dots[: self.stride].ljust(self.stride, b"\x00")

    def feed(self, rows: int) -> None:
        """White paper."""
        self._rows += bytes(rows * self.stride)

    def print_text(self, text: str, look: Look) -> None:
        """One line of the printer's own letters."""
        if text:
            letters = typed(text, LETTER_WIDTH, look.wide, look.high, look.bold, look.white_on_black)
            page = Image.new("1", (self.width, letters.height), 1)
            page.paste(letters, ((self.width - letters.width) // 2 if look.centred else 0, 0))
            self._rows += page.tobytes().translate(INVERSE)
        self.feed(max(0, look.spacing - (LETTER_HEIGHT * look.high if text else 0)))

    def print_dots(self, rows: list[bytes], width: int, centred: bool) -> None:
        """A picture of so many dots across."""
        left = max(0, (self.width - width) // 4 * 2) if centred else 0
        for row in rows:
            bits = "0" * left + f"{int.from_bytes(row):0{len(row) * 8}b}"
            self._rows += int(bits.ljust(self.stride * 8, "0")[: self.stride * 8], 2).to_bytes(self.stride)

    def print_code(self, text: str, module: int, error: str, centred: bool) -> None:
        """A QR code without its quiet zone."""
        matrix = segno.make_qr(text, error=error, boost_error=False).matrix
        left = max(0, (self.width - len(matrix) * module) // 2) if centred else 0
        for row in matrix:
            bits = "0" * left + "".join("01"[bit] * module for bit in row)
            dots = int(bits.ljust(self.stride * 8, "0")[: self.stride * 8], 2).to_bytes(self.stride)
            self._rows += dots * module

    def cut(self) -> None:
        """Cut off what hangs out; nothing happens where nothing does."""
        if not self._rows:
            return
        image = Image.frombytes("1", (self.width, self.rows), bytes(self._rows).translate(INVERSE))
        self._rows.clear()
        self.cut_off.append(image)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            number = sum(1 for _ in self._folder.glob("slip-*.png")) + 1
            image.save(self._folder / f"slip-{number:04d}.png")
