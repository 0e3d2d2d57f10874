"""Simulated readers that speak by themselves when something is laid down: one with marked frames, one with RTE Native; the real drivers, and emulators."""

from pathlib import Path
from typing import Any

from drivers.passport.framed import FramedReader
from drivers.passport.rte_native import FILLED_TO, RteNativeReader
from drivers.simulated.pty_device import EmulatorReach, PtySocket
from drivers.simulated.scene import Seen
from firmware_bridge.marked_frames import Marks
from firmware_bridge.rte_frames import Rte, Rules, rte_bytes

DEVICE = "passport_reader"
MARKS = {"start": "02", "end": "03", "checksum": "crc16-ccitt-false", "over": "content-end"}
RULES = {"length_from": "soh", "bcc_from": "length", "bcc_to": "etx"}
"""One of the possible readings of the public pages, chosen for the emulator alone."""


class FramingReader:
    """Says the zone of a document once when it is laid down, as often as `times`; a trigger makes it say what lies there."""

    def __init__(self, marks: Marks, separator: bytes = b"\r", times: int = 1, trigger: bytes = b"") -> None:
        self._marks, self._separator, self._times, self._trigger = marks, separator, times, trigger
        self._said = 0

    def received(self, data: bytes, seen: Seen) -> list[bytes]:
        """The zone, where the trigger was pulled."""
        return self._frames(seen) if self._trigger and self._trigger in data and seen.lines else []

    def tick(self, seen: Seen) -> list[bytes]:
        """The zone of what was laid down, unless it waits for its trigger."""
        if self._trigger or not seen.lines or seen.laid == self._said:
            return []
        self._said = seen.laid
        return self._frames(seen) * self._times

    def _frames(self, seen: Seen) -> list[bytes]:
        lines = [line.encode("ascii", "replace") for line in seen.lines]
        return [self._marks.frame(self._separator.join(lines) + self._separator)]


class RteReader:
    """Says the zone of a document once when it is laid down, under one reading of the rules."""

    def __init__(self, rules: Rules) -> None:
        self._rules, self._said = rules, 0

    def received(self, data: bytes, seen: Seen) -> list[bytes]:
        """It takes no commands."""
        return []

    def tick(self, seen: Seen) -> list[bytes]:
        """The frame of what was laid down."""
        if not seen.lines or seen.laid == self._said:
            return []
        self._said = seen.laid
        width = FILLED_TO.get(len(seen.lines), 44)
        lines = [""] * (3 - len(seen.lines)) + [line.ljust(width, "_") for line in seen.lines]
        data = "".join(f"{line}\r" for line in lines).encode("ascii", "replace")
        return [rte_bytes(Rte(b"OU", 0x20, data), self._rules)]


class SimulatedFramedReader(FramedReader):
    """The framed driver with the emulator at the other end. Settings: `scene`, and the driver's own, except `port`."""

    name = "simulated-framed"

    def __init__(self, settings: dict[str, Any]) -> None:
        own = {key: value for key, value in settings.items() if key not in ("scene", "output")}
        super().__init__({**MARKS, **own, "port": "simulated"})
        self._reach = EmulatorReach(DEVICE, socket=PtySocket(DEVICE, Path(settings["scene"])), firmware=self._emulator)

    def _emulator(self) -> FramingReader:
        return FramingReader(self._marks, self._separator, 2 if self._second_s else 1, self._trigger)


class SimulatedRteReader(RteNativeReader):
    """The RTE Native driver with the emulator at the other end. Settings: `scene`, the folder of the scene."""

    name = "simulated-rte-native"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__({**RULES, "port": "simulated"})
        self._reach = EmulatorReach(DEVICE, socket=PtySocket(DEVICE, Path(settings["scene"])), firmware=lambda: RteReader(self._rules))
