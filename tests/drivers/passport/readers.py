"""The readers as these tests meet them: each driver with its emulator at the other end of a wire in memory, on which single bytes can go wrong."""

import mmap
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from drivers.driver import Driver, Outlet
from drivers.formats.specimens import specimen
from drivers.passport.elyctis import ElyctisReader
from drivers.passport.framed import FramedReader
from drivers.passport.honeywell import HoneywellImager
from drivers.passport.layout_proof import Proof, Proofs
from drivers.passport.rte_native import RteNativeReader
from drivers.passport.wedge import KeyboardWedge
from drivers.ring import FrameRing
from drivers.simulated.framing_readers import MARKS, RULES, FramingReader, RteReader
from drivers.simulated.imager import Imager
from drivers.simulated.passport_reader import IdBox
from drivers.simulated.pty_device import Firmware
from drivers.simulated.scene import Seen
from drivers.simulated.wedge import Typist
from firmware_bridge.marked_frames import Marks
from firmware_bridge.rte_frames import Rules
from firmware_bridge.wire import Wire

NOBODY = Outlet(lambda notice: None, FrameRing(mmap.mmap(-1, 3 * 32)))
"""Where nobody listens."""
TODAY = date(2026, 11, 24)
ZONE = specimen("adult", TODAY).lines
CARD = specimen("card", TODAY).lines
SMALL = specimen("small", TODAY).lines
QUICK = {"answer_s": 0.1, "gap_s": 0.02}
MARKS_OF_TESTS = Marks(b"\x02", b"\x03", "crc16-ccitt-false", "content-end")
RULES_OF_TESTS = Rules(7, "soh", "length", "etx")


@dataclass(frozen=True)
class Fault:
    """What happens to byte number `at` of all that the device says: split, garble, double, drop or silence (from there on for ever)."""

    what: str = ""
    at: int = -1
    mask: int = 0x01

    def apply(self, began: int, data: bytes) -> tuple[list[bytes], bool]:
        """What arrives of an answer that begins at byte `began`, piece by piece; and whether the device is silent from now on."""
        at = self.at - began
        if not self.what or not 0 <= at < len(data):
            return [data], False
        before, byte, after = data[:at], data[at : at + 1], data[at + 1 :]
        match self.what:
            case "split":
                return [before, byte + after], False
            case "garble":
                return [before + bytes([byte[0] ^ self.mask]) + after], False
            case "double":
                return [before + byte + byte + after], False
            case "drop":
                return [before + after], False
            case _:
                return [before], True


class EmulatedWire:
    """A wire in memory: the device answers at once, and sees what `seen` says."""

    def __init__(self, firmware: Firmware, fault: Fault | None = None) -> None:
        self.seen = Seen()
        self.said = 0
        self._firmware, self._fault = firmware, fault or Fault()
        self._waiting: deque[bytes] = deque()
        self._silent = False
        self._nobody = threading.Event()

    def lay(self, *lines: str) -> None:
        """Lay something down."""
        self.seen = replace(self.seen, laid=self.seen.laid + 1, lines=lines)

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        self._say(self._firmware.tick(self.seen) + self._firmware.received(data, self.seen))

    def receive(self, timeout_s: float) -> bytes:
        self._say(self._firmware.tick(self.seen))
        if not self._waiting:
            # as long as a driver is willing to wait: nothing will come
            self._nobody.wait(timeout_s)
            return b""
        return self._waiting.popleft()

    def close(self) -> None:
        self._waiting.clear()

    def _say(self, answers: list[bytes]) -> None:
        for answer in answers:
            pieces, silent = self._fault.apply(self.said, answer)
            self.said += len(answer)
            if not self._silent:
                self._waiting += [piece for piece in pieces if piece]
            self._silent = self._silent or silent


@dataclass(frozen=True)
class Kind:
    """One driver in these tests. `guarded`: its wire has a checksum. `confirms`: an undisturbed read is confirmed."""

    name: str
    make: Callable[[Wire, Path], Driver]
    firmware: Callable[[], Firmware]
    guarded: bool = False
    confirms: bool = True


def _on(driver: type[Any], settings: dict[str, Any]) -> Callable[[Wire, Path], Driver]:
    """The driver on a wire of the test's choice."""

    def make(wire: Wire, folder: Path) -> Driver:
        class OnWire(driver):  # type: ignore[misc]
            def _plug(self) -> Wire:
                return wire

        made: Driver = OnWire(settings)
        return made

    return make


def _wedge(wire: Wire, folder: Path) -> Driver:
    """A wedge whose layout was proven today."""
    if Proofs(folder).of("0c2e:0b61") is None:
        Proofs(folder).keep("0c2e:0b61", Proof("us", date.today()))
    return _on(KeyboardWedge, {"usb": "0c2e:0b61", "proofs": str(folder)})(wire, folder)


_PORT = {"port": "memory"}
READERS = (
    Kind("elyctis", _on(ElyctisReader, {**_PORT, "answer_s": QUICK["answer_s"]}), IdBox),
    Kind("elyctis inquiring", _on(ElyctisReader, {**_PORT, "answer_s": QUICK["answer_s"], "mode": "inquire"}), IdBox),
    Kind("honeywell", _on(HoneywellImager, {**_PORT, **QUICK}), Imager),
    Kind("framed with CRC", _on(FramedReader, {**_PORT, **MARKS}), lambda: FramingReader(MARKS_OF_TESTS), guarded=True),
    Kind(
        "framed with XOR",
        _on(FramedReader, {**_PORT, "start": "02", "end": "03", "checksum": "xor"}),
        lambda: FramingReader(Marks(b"\x02", b"\x03", "xor")),
        guarded=True,
    ),
    Kind(
        "framed, sent twice",
        _on(FramedReader, {**_PORT, "start": "02", "end": "03", "second_s": 0.1}),
        lambda: FramingReader(Marks(b"\x02", b"\x03"), times=2),
    ),
    Kind("framed, sent once", _on(FramedReader, {**_PORT, "end": "0a"}), lambda: FramingReader(Marks(b"", b"\n")), confirms=False),
    Kind(
        "framed, triggered",
        _on(FramedReader, {**_PORT, "end": "0a", "trigger": "7e53", "gap_s": 0.02}),
        lambda: FramingReader(Marks(b"", b"\n"), trigger=b"~S"),
    ),
    Kind("rte-native", _on(RteNativeReader, {**_PORT, **RULES}), lambda: RteReader(RULES_OF_TESTS), guarded=True),
    Kind("wedge", _wedge, lambda: Typist("us"), confirms=False),
)
