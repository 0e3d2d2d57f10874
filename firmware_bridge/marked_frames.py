"""Frames between marks, as a reader's manual describes them: start, content, end, checksum. PURE.

What differs from reader to reader is a `Marks`. A frame begins at the start mark (where there is none: with the next byte), goes on to the first end
mark, and the checksum follows it. Content never holds the marks: whoever sends zones has letters, digits, `<` and line ends to send.
"""

from dataclasses import dataclass

from firmware_bridge.checksums import CRCS, xor

LONGEST = 512
CHECKSUMS = ("none", "xor", *CRCS)
OVER = ("content", "content-end", "start-content", "all")


@dataclass(frozen=True)
class Marks:
    """How a reader frames. `over`: what the checksum spans, of start, content and end. `hexadecimal`: it is written as digits, not as bytes."""

    start: bytes
    end: bytes
    checksum: str = "none"
    over: str = "content"
    low_byte_first: bool = False
    hexadecimal: bool = False

    @property
    def check_size(self) -> int:
        """How many bytes of checksum follow the end mark."""
        size = {"none": 0, "xor": 1}.get(self.checksum, 2)
        return 2 * size if self.hexadecimal else size

    def check(self, content: bytes) -> bytes:
        """The checksum as it goes over the wire; nothing where there is none."""
        if self.checksum == "none":
            return b""
        head = self.start if self.over in ("start-content", "all") else b""
        tail = self.end if self.over in ("content-end", "all") else b""
        value = self._value(head + content + tail)
        return value.hex().upper().encode() if self.hexadecimal else value

    def _value(self, spanned: bytes) -> bytes:
        if self.checksum == "xor":
            return bytes([xor(spanned)])
        return CRCS[self.checksum].of(spanned).to_bytes(2, "little" if self.low_byte_first else "big")

    def frame(self, content: bytes) -> bytes:
        """The whole frame."""
        return self.start + content + self.end + self.check(content)


class MarkedFrames:
    """Cuts a stream into contents. A frame with a wrong checksum, one that grows past 512 bytes, and what stands between frames are dropped."""

    def __init__(self, marks: Marks) -> None:
        """Raises ValueError for marks without an end: nothing would ever be whole."""
        if not marks.end:
            raise ValueError("end: a frame needs an end mark")
        self._marks = marks
        self._rest = b""
        self.damaged = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The contents that are complete now."""
        self._rest += data
        contents: list[bytes] = []
        while self._cut(contents):
            pass
        return contents

    def silence(self) -> bool:
        """Nothing came for a while: what is unfinished never will be. Returns whether a frame had begun."""
        begun, self._rest = self._marks.start in self._rest and bool(self._rest), b""
        self.damaged += begun
        return begun

    def _cut(self, contents: list[bytes]) -> bool:
        """Take one frame, or what is none, from the front; False where more has to come first."""
        start, end, size = self._marks.start, self._marks.end, self._marks.check_size
        at = self._rest.find(start)
        if at < 0:
            # the beginning of a start mark may be all that has come of it
            self._rest = self._rest[-(len(start) - 1) :] if len(start) > 1 else b""
            return False
        self._rest = self._rest[at:]
        stop = self._rest.find(end, len(start))
        if stop < 0 or stop > LONGEST:
            return self._too_long()
        if len(self._rest) < stop + len(end) + size:
            return False
        content = self._rest[len(start) : stop]
        if start and start in content:
            # a second start mark: the first frame broke off
            self.damaged += 1
            self._rest = self._rest[self._rest.rindex(start, 0, stop) :]
            return True
        self._take(content, self._rest[stop + len(end) : stop + len(end) + size], contents)
        return True

    def _take(self, content: bytes, check: bytes, contents: list[bytes]) -> None:
        start, end = self._marks.start, self._marks.end
        if check.upper() == self._marks.check(content) if self._marks.hexadecimal else check == self._marks.check(content):
            contents.append(content)
            self._rest = self._rest[len(start) + len(content) + len(end) + len(check) :]
            return
        self.damaged += 1
        # the start of the next frame may stand in what was taken for a checksum
        self._rest = self._rest[max(1, len(start) + len(content)) :]

    def _too_long(self) -> bool:
        if len(self._rest) <= LONGEST + len(self._marks.start):
            return False
        self.damaged += 1
        self._rest = self._rest[max(1, len(self._marks.start)) :]
        return True
