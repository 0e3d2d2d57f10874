"""The paper of a simulated receipt printer: rows of dots, and each cut receipt as a PNG file."""

from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

LETTER_HEIGHT = 24


class Roll:
    """Paper of so many dots across. `cut_off` are the receipts that were cut, oldest first; the folder holds them as slip-0001.png and so on."""

    def __init__(self, folder: Path | None = None, width: int = 576) -> None:
        self.width, self._folder = width, folder
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

    def print_text(self, text: str) -> None:
        """One line of letters, as a printer's own coarse type."""
        image = Image.new("1", (self.width, LETTER_HEIGHT), 0)
        ImageDraw.Draw(image).text((0, 2), text, fill=1, font=ImageFont.load_default(size=18))
        self._rows += image.tobytes()

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
        image = Image.frombytes("1", (self.width, self.rows), bytes(byte ^ 0xFF for byte in self._rows))
        self._rows.clear()
        self.cut_off.append(image)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            number = sum(1 for _ in self._folder.glob("slip-*.png")) + 1
            image.save(self._folder / f"slip-{number:04d}.png")
