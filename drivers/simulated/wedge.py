"""A simulated keyboard wedge: the real driver, and an emulator that writes the kernel's own input events on a pty, in the layout it is told."""

import os
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from drivers.passport.keyboard import LAYOUTS, Key
from drivers.passport.layout_proof import Proof
from drivers.passport.wedge import KeyboardWedge
from drivers.simulated.pty_device import PtySocket
from drivers.simulated.scene import Seen
from firmware_bridge.hid_wire import HidWire
from firmware_bridge.key_events import DOWN, EV_KEY, EV_SYN, SYN_REPORT, UP, InputEvent, event_bytes
from firmware_bridge.wire import Wire

DEVICE = "passport_reader"
ENTER, SHIFT = 28, 42
GAP_S = 0.002
CHUNK = 1536
"""Bytes written at once: a pty holds 4,095 that nobody reads."""


def key_for(character: str, layout: str) -> Key:
    """The key that gives this character in a layout. Raises KeyError for a character that no zone has."""
    keys = LAYOUTS[layout]
    if character == "<":
        return Key(*keys.filler, 0.0)
    if character.isdigit():
        return Key(2 + "1234567890".index(character), keys.digits_shifted, 0.0)
    codes = {letter: code for code, letter in keys.letters.items()}
    return Key(codes[character], True, 0.0)


def typed(lines: Sequence[str], layout: str, began_s: float, gap_s: float = GAP_S) -> Iterator[InputEvent]:
    """The events of a reader that types these lines, Enter after each; every change has its SYN_REPORT."""
    at = began_s
    for line in lines:
        for key in [*(key_for(character, layout) for character in line), Key(ENTER, False, 0.0)]:
            around = [(SHIFT, DOWN), (key.code, DOWN), (key.code, UP), (SHIFT, UP)]
            for code, value in around if key.shifted else around[1:3]:
                yield InputEvent(at, EV_KEY, code, value)
                yield InputEvent(at, EV_SYN, SYN_REPORT, 0)
            at += gap_s


class Typist:
    """Types the zone of a document once when it is laid down."""

    def __init__(self, layout: str) -> None:
        self._layout, self._said = layout, 0
        self._waiting = b""

    def received(self, data: bytes, seen: Seen) -> list[bytes]:
        """A keyboard is told nothing."""
        return []

    def tick(self, seen: Seen) -> list[bytes]:
        """The next keys."""
        if seen.lines and seen.laid != self._said:
            self._said = seen.laid
            self._waiting += b"".join(map(event_bytes, typed(seen.lines, self._layout, time.monotonic())))
        now, self._waiting = self._waiting[:CHUNK], self._waiting[CHUNK:]
        return [now] if now else []


class SimulatedWedge(KeyboardWedge):
    """The wedge's driver with the emulator at the other end. Settings: `scene`, `proofs`, `layout` of the emulator (us), `proven` (true): not a new one."""

    name = "simulated-wedge"

    def __init__(self, settings: dict[str, Any]) -> None:
        scene = Path(settings["scene"])
        super().__init__({"usb": "0000:0000", "proofs": str(settings.get("proofs", scene / "layouts"))})
        self._socket, self._layout = PtySocket(DEVICE, scene), str(settings.get("layout", "us"))
        self._new = not settings.get("proven", True)

    def close(self) -> None:
        """Let go of it, unplug."""
        super().close()
        self._socket.pull()

    def _plug(self) -> Wire:
        self._id = "0000:0000 at a pty"
        if not self._new:
            self._proofs.keep(self._id, Proof(self._layout, date.today()))
        fd = os.open(self._socket.plug(Typist(self._layout)), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        return HidWire(fd, "pty", lambda: os.close(fd))
