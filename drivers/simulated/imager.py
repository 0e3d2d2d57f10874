"""A simulated Honeywell imager: the real driver, and an emulator that takes its menu commands and triggers on a pty."""

import re
from pathlib import Path
from typing import Any

from drivers.passport.honeywell import ACK, ENQ, NAK, HoneywellImager
from drivers.simulated.pty_device import EmulatorReach, PtySocket
from drivers.simulated.scene import Seen

DEVICE = "passport_reader"
KNOWN = {b"ALLENA": b"01", b"OCRENA": b"01", b"OCRATS": b"012345"}
"""Items of the menu, and the values each takes."""
_COMMAND = re.compile(rb"\x16(?:M\r(?P<item>[^!.]{6})(?P<value>[^!.]*)[!.]|(?P<trigger>[TU])\r)")
LONGEST = 512


class Imager:
    """The reader's side: OCR must be on and a template chosen, then a trigger reads what lies there, once."""

    def __init__(self) -> None:
        self._rest = b""
        self._set: dict[bytes, bytes] = {}
        self._triggered = False

    def received(self, data: bytes, seen: Seen) -> list[bytes]:
        """Answers to menu commands; a trigger is answered with what lies there."""
        self._rest = (self._rest + data)[-LONGEST:]
        said = []
        while (command := _COMMAND.search(self._rest)) is not None:
            self._rest = self._rest[command.end() :]
            if command["trigger"]:
                self._triggered = command["trigger"] == b"T"
                said += self.tick(seen)
            else:
                said.append(self._menu(command["item"], command["value"]))
        return said

    def tick(self, seen: Seen) -> list[bytes]:
        """What is seen while the trigger is pulled."""
        reads = self._set.get(b"OCRENA") == b"1" and self._set.get(b"OCRATS", b"0") != b"0"
        if not self._triggered or not reads or not seen.lines:
            return []
        self._triggered = False
        return ["\r".join(seen.lines).encode("ascii", "replace") + b"\r"]

    def _menu(self, item: bytes, value: bytes) -> bytes:
        echo, values = item.upper() + value, KNOWN.get(item.upper())
        if values is None:
            return echo + bytes([ENQ])
        if len(value) != 1 or value not in values:
            return echo + bytes([NAK])
        self._set[item.upper()] = value
        return echo + bytes([ACK])


class SimulatedImager(HoneywellImager):
    """The Honeywell driver with the emulator at the other end. Settings: `scene`, the folder of the scene."""

    name = "simulated-honeywell"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__({"port": "simulated"})
        self._reach = EmulatorReach(DEVICE, socket=PtySocket(DEVICE, Path(settings["scene"])), firmware=Imager)
