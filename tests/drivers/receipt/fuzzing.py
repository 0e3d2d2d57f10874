"""What printers say, mixed, split and spoilt; and the file of printers. Run by tests/fuzzing.py.

Half of the streams are clean: what was said must come out, all of it and in order, wherever the stream is split. The other half have bytes
changed, lost or put in: then no more marks may come out than were set, and the reader must go on.
"""

import random
from dataclasses import dataclass, field

from drivers.receipt.profiles import read_printers
from drivers.receipt.status import Cleared, HealthSaid, MarkPassed, Named, PicturesHeld, Printed, Said, StatusReader
from tests.fuzzing import Parser, spoiled

PRINTER = b'[80mm]\nsizes = "wide"\ncolumns = 48\nproof = "mark"\nnative_qr = true\nmemory = false\nslow = false\nsource = "x"\n'
NAMES = (b"TM-T20III", b"SRP-350plusIII", b"POS-80", b"")


@dataclass
class Stream:
    """Bytes, what must be asked before they come, and what they say: the kinds, and the values where they have one."""

    data: bytearray = field(default_factory=bytearray)
    questions: list[int] = field(default_factory=list)
    marks: int = 0
    named: bool = False
    says: list[Said | type] = field(default_factory=list)


def real_time(stream: Stream, chance: random.Random) -> None:
    stream.questions.append(chance.randint(1, 4))
    stream.data.append(0x12 | chance.getrandbits(8) & 0x6C)
    stream.says.append(HealthSaid)


def automatic(stream: Stream, chance: random.Random) -> None:
    stream.data += bytes([0x10 | chance.getrandbits(8) & 0x6C, *(chance.getrandbits(8) & 0x6F for _ in range(3))])
    stream.says.append(HealthSaid)


def mark(stream: Stream, chance: random.Random) -> None:
    stream.marks += 1
    stream.data.append(chance.getrandbits(8) & 0x6F)
    stream.says += [HealthSaid, MarkPassed]


def process(stream: Stream, chance: random.Random) -> None:
    number = chance.randrange(10_000)
    stream.data += b"\x37\x22" + f"{number:04d}".encode() + b"\x00"
    stream.says.append(Printed(number))


def cleared(stream: Stream, _: random.Random) -> None:
    stream.data += b"\x37\x25\x00"
    stream.says.append(Cleared())


def name(stream: Stream, chance: random.Random) -> None:
    if stream.named:
        return
    said = chance.choice(NAMES)
    stream.named = True
    stream.data += b"_" + said + b"\x00"
    stream.says.append(Named(said.decode()))


def pictures(stream: Stream, chance: random.Random) -> None:
    keys, more = tuple(f"{chance.randrange(100):02d}" for _ in range(chance.randint(0, 40))), chance.random() < 0.3
    stream.data += b"\x37r" + (b"A" if more else b"@") + "".join(keys).encode() + b"\x00"
    stream.says.append(PicturesHeld(keys, more))


SOURCES = (real_time, real_time, automatic, mark, process, cleared, name, pictures)


def stream_of(chance: random.Random) -> Stream:
    made = Stream()
    for _ in range(chance.randint(1, 12)):
        chance.choice(SOURCES)(made, chance)
    return made


def spoilt(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(3):
            case 0:
                data[at : at + 1] = chance.randbytes(1)
            case 1:
                del data[at : at + chance.randint(1, 4)]
            case _:
                data[at:at] = chance.randbytes(chance.randint(1, 6))
    return bytes(data)


def reader_for(stream: Stream) -> StatusReader:
    made = StatusReader()
    for question in stream.questions:
        made.asked(question)
    for _ in range(stream.marks):
        made.asked_mark()
    if stream.named:
        made.asked_name()
    return made


def heard(stream: Stream, data: bytes, chance: random.Random) -> list[Said]:
    """What the reader makes of it in pieces of any size; it must be the same as in one piece."""
    split, whole = reader_for(stream), reader_for(stream)
    said, at = [], 0
    while at < len(data):
        size = chance.randint(1, 9)
        said += split.feed(data[at : at + size])
        at += size
    assert said == whole.feed(data), data.hex()
    assert split.health == whole.health
    return said


def answers(chance: random.Random) -> bool:
    """Whether a stream was clean, and then told apart."""
    stream = stream_of(chance)
    if chance.random() < 0.5:
        said = heard(stream, spoilt(stream.data, chance), chance)
        assert sum(isinstance(one, MarkPassed) for one in said) <= stream.marks, stream.data.hex()
        return False
    said = heard(stream, bytes(stream.data), chance)
    wanted = [one if isinstance(one, type) else type(one) for one in stream.says]
    assert [type(one) for one in said] == wanted, stream.data.hex()
    pairs = zip(said, stream.says, strict=True)
    assert all(one == other for one, other in pairs if not isinstance(other, type)), stream.data.hex()
    return True


def printers(chance: random.Random) -> bool:
    """Whether a text describes printers; what is wrong is said with a line or a printer's name."""
    try:
        return bool(read_printers(spoiled(PRINTER, chance).decode("utf-8", "replace")))
    except ValueError:
        return False


PARSERS: dict[str, Parser] = {"printers' answers": answers, "the file of printers": printers}
