"""A simulated Elyctis ID BOX: the real driver, and an emulator that speaks the reader's frames on a pty."""

from pathlib import Path
from typing import Any

from drivers.passport.elyctis import COMMANDS, ElyctisReader
from drivers.simulated.pty_device import EmulatorReach, PtySocket
from drivers.simulated.scene import Seen
from firmware_bridge.frames import Elyctis, ElyctisFrames, elyctis_bytes

DEVICE = "passport_reader"
FACTS = {b"V": b"1.20 simulated", b"R": b"SIM-000001", b"W": b"OCR 3.1", b"T": b"ID BOX One"}


class IdBox:
    """The reader's side of the Scanner Command Set. Continuous mode switches itself off after a good read."""

    def __init__(self) -> None:
        self._frames = ElyctisFrames(COMMANDS)
        self._continuous = False
        self._read = -1

    def received(self, data: bytes, seen: Seen) -> list[bytes]:
        """Answers to commands."""
        return [elyctis_bytes(self._answer(frame, seen)) for frame in self._frames.feed(data)]

    def tick(self, seen: Seen) -> list[bytes]:
        """In continuous mode: the zone of a document that was laid down, once."""
        if not self._continuous or not seen.lines or seen.laid == self._read:
            return []
        self._continuous, self._read = False, seen.laid
        return [elyctis_bytes(Elyctis(b"I", _zone(seen)))]

    def _answer(self, frame: Elyctis, seen: Seen) -> Elyctis:
        if frame.command == b"C":
            self._continuous = frame.data == b"\1"
            return frame
        if frame.command == b"I":
            return Elyctis(b"I", _zone(seen) if seen.lines else b"")
        return Elyctis(frame.command, FACTS.get(frame.command, b""))


def _zone(seen: Seen) -> bytes:
    return "\r".join(seen.lines).encode("ascii", "replace") + b"\r\r"


class SimulatedPassportReader(ElyctisReader):
    """The Elyctis driver with the emulator at the other end. Settings: `scene`, the folder of the scene."""

    name = "simulated-passport-reader"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__({"port": "simulated"})
        self._reach = EmulatorReach(DEVICE, socket=PtySocket(DEVICE, Path(settings["scene"])), firmware=IdBox)
