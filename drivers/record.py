"""Record a conversation with a real device, for a driver's tests: `python -m drivers.record NAME --settings JSON --out FILE`.

It opens the device itself, alone: no lane can be using it, so no traveller stands before it. It carries out one order, the device's work unless another is
named, and writes the conversation in the format of firmware_bridge/recorded_wire.py. What is read must be a specimen of Utopia, printed (drivers/simulated/pages.py
draws them, drivers/passport/layout_proof.py has one for keyboards): nobody's word is taken for that. All stays in memory until the zone has said so itself;
where it says anything else, or where anything else that could be a zone went over the wire, nothing is written. Fingers are never recorded.
"""

import argparse
import io
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from drivers.catalogue import DriverUnknown, make
from drivers.contract import Answer, CaptureFace, CaptureFinger, DocumentRead, NotCaptured, Order, TestYourself
from drivers.driver import DeviceAbsent, Driver, Outlet, Until
from drivers.formats.mrz import parse
from drivers.ring import FrameRing
from drivers.works import work_of
from firmware_bridge.key_events import DOWN, EV_KEY, SIZE, KeyStream
from firmware_bridge.recorded_wire import Recorder, read_conversation
from firmware_bridge.tap import SAID, tapped

UTOPIA = "UTO"
LEAST_ZONE = 16
"""A run of so many characters that a zone may hold could be part of one. Serial numbers are shorter."""
_RUN = re.compile(rb"[A-Za-z0-9<]{%d,}" % LEAST_ZONE)
_NO_CHARACTERS = frozenset({28, 96, 42, 54})
"""Keys that end a line or shift."""


class NotASpecimen(ValueError):
    """What went over the wire is not only a specimen: nothing of it is kept."""


def may_be_kept(said: bytes, answer: Answer) -> bool:
    """Whether nothing but a specimen of Utopia is in what a device said. PURE."""
    lines: tuple[str, ...] = ()
    if isinstance(answer, DocumentRead):
        zone = parse(answer.lines)
        if zone.fields is None or zone.fields.issuer != UTOPIA:
            return False
        lines = answer.lines
    elif isinstance(answer, NotCaptured):
        # not read: whatever came may have been anybody's
        return False
    return _only_these_keys(said, lines) if _is_keys(said) else _only_these_lines(said, lines)


def _only_these_lines(said: bytes, lines: Sequence[str]) -> bool:
    rest = said
    for line in lines:
        rest = rest.replace(line.encode(), b"\n")
    return _RUN.search(rest) is None


def _is_keys(said: bytes) -> bool:
    """Whether these are events of a keyboard: whole ones, of types that there are."""
    return bool(said) and len(said) % SIZE == 0 and all(event.type < 0x20 and event.value in (0, 1, 2) for event in KeyStream().feed(said))


def _only_these_keys(said: bytes, lines: Sequence[str]) -> bool:
    """A zone typed once or more often, and no other key: the driver has read the zone from one of these scans, so all that are equal to it are the same."""
    codes = [
        event.code for event in KeyStream().feed(said) if event.type == EV_KEY and event.value == DOWN and event.code not in _NO_CHARACTERS
    ]
    size = sum(map(len, lines))
    if not size:
        return not codes
    return len(codes) % size == 0 and codes == codes[:size] * (len(codes) // size)


def record(driver: Driver, order: Order, deadline_s: float, runtime: Path) -> tuple[str, Answer]:
    """The conversation as text, and what came of it. Raises DeviceAbsent, NotASpecimen."""
    paper = io.StringIO()
    ring = FrameRing.create(runtime / "recording.ring")
    with tapped(Recorder(paper)):
        try:
            identity = driver.open(Outlet(lambda notice: None, ring))
            answer = driver.carry_out(order, Until(deadline_s))
        finally:
            driver.close()
            ring.close()
    turns = read_conversation(paper.getvalue())
    if not may_be_kept(b"".join(turn.data for turn in turns if turn.who == SAID), answer):
        raise NotASpecimen("what went over the wire is not a specimen of Utopia alone: nothing was written")
    return f"# {identity}\n# {type(order).__name__}, answered with {type(answer).__name__}\n{paper.getvalue()}", answer


def _settings(text: str) -> dict[str, Any]:
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError("expected an object")
    return values


def main(arguments: Sequence[str] | None = None) -> int:
    """Record what the command line says; exit status 1 where nothing was kept, 2 where it cannot be done."""
    parser = argparse.ArgumentParser(
        description="Record a conversation with a device. Only ever of a specimen of Utopia: anything else is thrown away."
    )
    parser.add_argument("name", help="the driver's name")
    parser.add_argument("--settings", type=_settings, default={}, help="as in [devices.*] of the lane's settings, as JSON")
    parser.add_argument("--self-test", action="store_true", help="record the self-test instead of the device's work")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long it may take to lay the specimen down")
    parser.add_argument("--out", type=Path, required=True, help="a new file")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="mpaka-recording-") as place:
        return _kept(chosen, Path(place))


def _kept(chosen: argparse.Namespace, runtime: Path) -> int:
    """Record, and keep it where that may be."""
    if chosen.out.exists():
        sys.stderr.write(f"{chosen.out} exists: a recording is never written over\n")
        return 1
    try:
        driver = make(chosen.name, {"runtime": str(runtime), **chosen.settings})
    except DriverUnknown as why:
        sys.stderr.write(f"{why}\n")
        return 2
    if {CaptureFinger, CaptureFace} & set(driver.orders):
        sys.stderr.write("fingers and faces are nobody's specimen: they are not recorded\n")
        return 2
    try:
        order = TestYourself() if chosen.self_test else work_of(driver).order
        text, answer = record(driver, order, chosen.seconds, runtime)
        # where the device hangs says nothing to whoever plays the conversation
        own = {key: value for key, value in chosen.settings.items() if key not in ("port", "usb")}
        settings = f"# settings: {json.dumps(own)}\n" if own else ""
        chosen.out.write_text(f"# driver: {driver.name}\n{settings}{text}", encoding="utf-8")
    except (DeviceAbsent, NotASpecimen) as why:
        sys.stderr.write(f"{why}\n")
        return 1
    sys.stdout.write(f"{chosen.out}: {len(read_conversation(text))} turns, {type(answer).__name__}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
