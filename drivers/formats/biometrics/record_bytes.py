"""Bytes of a record, taken and put in order: big-endian numbers, and an error that names the place.

An error holds the name of a field, where its bytes are, and lengths and codes; never a value measured on a person.
"""


class RecordError(ValueError):
    """Bytes are not a record, or values cannot stand in one. `what` is the field, `at` its first byte, counted from 0."""

    def __init__(self, what: str, at: int, expected: str, found: str) -> None:
        super().__init__(f"{what}, byte {at}: expected {expected}, found {found}")
        self.what = what
        self.at = at
        self._expected = expected
        self._found = found

    def moved(self, by: int) -> "RecordError":
        """The same error for whoever counts from `by` bytes earlier."""
        return RecordError(self.what, self.at + by, self._expected, self._found)


class Reader:
    """Takes a record's fields one after the other. Each method raises RecordError."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    @property
    def left(self) -> int:
        """How many bytes have not been taken."""
        return len(self.data) - self.at

    def take(self, size: int, what: str) -> bytes:
        """The next `size` bytes."""
        if self.left < size:
            raise RecordError(what, self.at, f"{size} bytes", f"{self.left}, the end of the record")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int, what: str) -> int:
        """The next `size` bytes as an unsigned number."""
        return int.from_bytes(self.take(size, what), "big")

    def numbers(self, fields: tuple[tuple[str, int], ...]) -> dict[str, int]:
        """The next fields, each a name and a size in bytes, as unsigned numbers under their names."""
        return {what: self.number(size, what) for what, size in fields}

    def zero(self, size: int, what: str) -> None:
        """Pass over reserved bytes, which must be zero."""
        at = self.at
        if value := self.number(size, what):
            raise RecordError(what, at, "zero", str(value))

    def length(self, size: int, what: str) -> None:
        """The length of the whole record, which must be that of its bytes."""
        at = self.at
        if (said := self.number(size, what)) != len(self.data):
            raise RecordError(what, at, f"{len(self.data)}, the bytes there are", str(said))

    def end(self) -> None:
        """Nothing may be left."""
        if self.left:
            raise RecordError("end of the record", self.at, "no more bytes", f"{self.left} more")


class Writer:
    """Puts a record's fields one after the other into `data`. Each method raises RecordError for what does not fit its field."""

    def __init__(self) -> None:
        self.data = bytearray()

    def number(self, value: int, size: int, what: str) -> None:
        """Put an unsigned number of `size` bytes."""
        if not 0 <= value < 256**size:
            raise RecordError(what, len(self.data), f"0 to {256**size - 1}", "a number outside")
        self.data += value.to_bytes(size, "big")

    def numbers(self, fields: tuple[tuple[str, int], ...], values: dict[str, int]) -> None:
        """Put fields, each a name and a size in bytes, with the values under their names."""
        for what, size in fields:
            self.number(values[what], size, what)
