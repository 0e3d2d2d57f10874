"""The pictures of a simulated receipt printer: GS ( L and GS 8 L, those of the moment and those it keeps without current. No wire, no clock."""

from dataclasses import dataclass

MOST_KEYS = 40
ACK, NAK = 0x06, 0x15


@dataclass(frozen=True)
class Dots:
    """Rows of dots, and how often each dot is printed across and down."""

    rows: tuple[bytes, ...]
    width: int
    across: int = 1
    down: int = 1

    def printed(self) -> list[bytes]:
        """The rows as they come out."""
        return [widened(row, self.across) for row in self.rows for _ in range(self.down)]


class Graphics:
    """What the functions of GS ( L do. `memory` keeps pictures by key; the printer hands it on when its current fails."""

    def __init__(self, memory: dict[bytes, Dots]) -> None:
        self.memory = memory
        self._stored: Dots | None = None

    def carry_out(self, parameters: bytes) -> Dots | None:
        """Functions 112 and 67 store, 66 and 65 forget; 2, 50 and 69 print: then what comes out."""
        function, rest = parameters[1:2], parameters[2:]
        match function:
            case b"p" if len(rest) >= 8:
                self._stored = _dots(rest[4:8], rest[8:], rest[1], rest[2])
            case b"C" if len(rest) >= 9:
                self._keep(rest)
            case b"B" if len(rest) >= 2:
                self.memory.pop(rest[:2], None)
            case b"A" if rest[:3] == b"CLR":
                self.memory.clear()
            case b"2" | b"\x02":
                return self._stored
            case b"E" if len(rest) >= 4 and rest[:2] in self.memory:
                kept = self.memory[rest[:2]]
                return Dots(kept.rows, kept.width, rest[2], rest[3])
            case _:
                pass
        return None

    def _keep(self, rest: bytes) -> None:
        """a kc1 kc2 b xL xH yL yH c dots."""
        kept = _dots(rest[4:8], rest[9:], 1, 1)
        if kept is not None and len(kept.rows) == int.from_bytes(rest[6:8], "little"):
            self.memory[rest[1:3]] = kept

    def key_lists(self) -> list[bytes]:
        """The answers to function 64, one after the other as they are acknowledged."""
        keys = sorted(self.memory)
        groups = [keys[at : at + MOST_KEYS] for at in range(0, len(keys), MOST_KEYS)] or [[]]
        return [b"\x37r" + (b"@" if group is groups[-1] else b"A") + b"".join(group) + b"\x00" for group in groups]


def _dots(size: bytes, data: bytes, across: int, down: int) -> Dots | None:
    width = int.from_bytes(size[:2], "little")
    stride = (width + 7) // 8
    if not stride:
        return None
    rows = tuple(data[at : at + stride] for at in range(0, len(data), stride))
    return Dots(rows, width, 2 if across == 2 else 1, 2 if down == 2 else 1)


def widened(row: bytes, times: int) -> bytes:
    """Every dot so many times."""
    bits = "".join(bit * times for bit in f"{int.from_bytes(row):0{len(row) * 8}b}")
    return int(bits, 2).to_bytes(times * len(row)) if row else b""
