"""Bytes that no reader meant, for each parser of the passport readers. Run by tests/fuzzing.py.

Noise, or what a reader would say with bytes changed, lost, doubled or put in. Whatever comes, a parser neither raises nor remembers more than it must, and
after a silence the next whole answer is understood.
"""

from collections.abc import Callable
from datetime import date

from drivers.contract import Answer, DocumentRead
from drivers.formats.dates import read_birth, read_expiry
from drivers.formats.mrz import parse
from drivers.formats.names import read_name
from drivers.passport.bare_lines import BareLines
from drivers.passport.framed import content_lines
from drivers.passport.honeywell import menu_verdict
from drivers.passport.judging import of_one, zone_lines
from drivers.passport.keyboard import LAYOUTS, Scans, typed_lines
from drivers.passport.rte_native import optical_lines
from drivers.passport.zone.sizes import size_of
from drivers.simulated.wedge import typed
from firmware_bridge.frames import Elyctis, ElyctisFrames, elyctis_bytes
from firmware_bridge.key_events import KeyStream, event_bytes
from firmware_bridge.marked_frames import MarkedFrames, Marks
from firmware_bridge.rte_frames import Rte, RteFrames, Rules, rte_bytes
from tests.drivers.fuzzing import BMP, JPEG, PNG
from tests.drivers.passport.readers import CARD, SMALL, ZONE
from tests.fuzzing import Parser, spoiled

TODAY = date(2026, 11, 30)
TEXT = ("\r".join(ZONE) + "\r").encode()
ELYCTIS = elyctis_bytes(Elyctis(b"I", TEXT + b"\r"))
MARKS = Marks(b"\x02", b"\x03", "crc16-x25", "all")
BARE = Marks(b"", b"\n")
RULES = Rules(7, "soh", "length", "etx")
RTE = rte_bytes(Rte(b"OU", 0, b"\r" + TEXT), RULES)
TYPED = b"".join(map(event_bytes, typed(("P<UTOMFANO",), "us", 1.0)))


def _read(answers: list[Answer]) -> bool:
    return any(isinstance(answer, DocumentRead) for answer in answers)


def elyctis(data: bytes) -> bool:
    frames = ElyctisFrames(b"ILCVRWT")
    answers = [of_one(zone_lines(frame.data)) for frame in frames.feed(data)]
    frames.silence()
    assert frames.feed(ELYCTIS) == [Elyctis(b"I", TEXT + b"\r")]
    return _read(answers)


def marked(data: bytes) -> bool:
    answers = []
    for marks, separator in ((MARKS, b"\r"), (BARE, b"")):
        frames = MarkedFrames(marks)
        answers += [of_one(content_lines(content, separator)) for content in frames.feed(data)]
        frames.silence()
        assert frames.feed(marks.frame(TEXT)) == [TEXT]
    return _read(answers)


def rte(data: bytes) -> bool:
    frames = RteFrames(RULES)
    answers = [of_one(optical_lines(frame.data)) for frame in frames.feed(data)]
    frames.silence()
    assert optical_lines(frames.feed(RTE)[0].data) == ZONE
    return _read(answers)


def bare_lines(data: bytes) -> bool:
    collector = BareLines()
    answers = [of_one(collector.feed(data) or ()), of_one(collector.silence() or ())]
    assert collector.feed(TEXT) == ZONE
    return _read(answers)


def menu(data: bytes) -> bool:
    verdict = menu_verdict(data, "ocrena1")
    assert verdict in (None, 0x05, 0x06, 0x15)
    return verdict is not None


def keys(data: bytes) -> bool:
    scans = Scans()
    found = scans.feed(KeyStream().feed(data))
    known = False
    for scan in (*found, scans.end()):
        assert scan.gap_s == scan.gap_s
        for layout in LAYOUTS.values():
            lines = typed_lines(scan.keys, layout)
            known = known or lines is not None
            of_one(lines or ())
    scans.feed(KeyStream().feed(TYPED))
    assert typed_lines(scans.end().keys, LAYOUTS["us"]) == ("P<UTOMFANO",)
    return known


def zone(data: bytes) -> bool:
    text = data.decode("latin-1")
    lines = tuple(text.split("\r")) if "\r" in text else (text,)
    found = parse(lines)
    read_name(text)
    for six in (text[:6], "".join(lines)[57:63]):
        read_birth(six, TODAY)
        read_expiry(six, TODAY)
    return found.valid


def picture_head(data: bytes) -> bool:
    size = size_of(data)
    assert size is None or min(size) >= 0 or data[:1] == b"P", size
    return size is not None


def _one_of(parser: Callable[[bytes], bool], *samples: bytes) -> Parser:
    """The parser, given one of these with something wrong."""
    return lambda dice: parser(spoiled(dice.choice(samples) * dice.randrange(1, 3), dice))


TIFF = b"II*\0\x08\0\0\0\x02\0\0\x01\x03\0\x01\0\0\0\x40\0\0\0\x01\x01\x04\0\x01\0\0\0\x30\0\0\0"
WEBP = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\x07\xc0\x01\0\0\0\0\0"
PARSERS: dict[str, Parser] = {
    "Elyctis frames": _one_of(elyctis, ELYCTIS),
    "marked frames": _one_of(marked, MARKS.frame(TEXT) + BARE.frame(TEXT)),
    "RTE Native frames": _one_of(rte, RTE),
    "bare lines": _one_of(bare_lines, TEXT),
    "Honeywell menu": _one_of(menu, b"OCRENA1\x06"),
    "key events": _one_of(keys, TYPED),
    "zones": _one_of(zone, *("\r".join(lines).encode() for lines in (ZONE, CARD, SMALL))),
    "heads of picture files": _one_of(picture_head, JPEG, PNG, BMP, b"P5 64 48 255\n", b"GIF89a\x40\0\x30\0", TIFF, WEBP),
}
