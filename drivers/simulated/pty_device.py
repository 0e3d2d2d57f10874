"""A device at the other end of a pty: a thread that reads what the driver writes and answers as the device would."""

import contextlib
import os
import select
import threading
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from drivers.driver import DeviceAbsent
from drivers.simulated.faults import Troublemaker, Unplugged
from drivers.simulated.scene import Scene, Seen
from firmware_bridge.reach import Reach
from firmware_bridge.wire import Wire

TICK_S = 0.1
SPLIT_PAUSE_S = 0.001


class Firmware(Protocol):
    """What a device does: a function of what comes in and of what it sees."""

    def received(self, data: bytes, seen: Seen) -> list[bytes]:
        """Answers to these bytes."""

    def tick(self, seen: Seen) -> list[bytes]:
        """What it says by itself; about ten times a second, and before each `received`."""


class PtyDevice:
    """Plugged in while it lives. `path` is the port that a driver opens."""

    def __init__(self, device: str, firmware: Firmware, scene: Scene, trouble: Troublemaker | None = None) -> None:
        """Plug it in; raises DeviceAbsent while the plug is out. `trouble` remembers that from one plugging-in to the next."""
        self._device, self._firmware, self._scene = device, firmware, scene
        self._trouble = trouble or Troublemaker()
        self._trouble.follow(scene.look(device).fault)
        if self._trouble.unplugged:
            raise DeviceAbsent("unplugged")
        self._master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(slave)
        # kept open, so that a driver that closes its port does not look like a hang-up to us
        self._slave = slave
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"simulated {device}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Unplug it."""
        self._ending.set()
        self._thread.join()

    def _live(self) -> None:
        # OSError: the driver's end is gone
        with contextlib.suppress(Unplugged, OSError):
            while not self._ending.is_set():
                self._turn()
        for fd in (self._slave, self._master):
            with contextlib.suppress(OSError):
                os.close(fd)

    def _turn(self) -> None:
        ready, _, _ = select.select([self._master], [], [], TICK_S)
        data = os.read(self._master, 4096) if ready else b""
        seen = self._scene.look(self._device)
        self._trouble.follow(seen.fault)
        if self._trouble.unplugged:
            raise Unplugged
        for answer in self._firmware.tick(seen):
            self._write(answer)
        for answer in self._firmware.received(data, seen) if data else []:
            self._write(answer)

    def _put(self, piece: bytes) -> None:
        """Whole, however slowly it is read; nobody who stopped reading keeps the plug in."""
        while piece and not self._ending.is_set():
            if select.select([], [self._master], [], TICK_S)[1]:
                with contextlib.suppress(BlockingIOError):
                    piece = piece[os.write(self._master, piece) :]

    def _write(self, answer: bytes) -> None:
        try:
            for piece in self._trouble.pieces(answer):
                self._put(piece)
                if self._trouble.faults.split:
                    time.sleep(SPLIT_PAUSE_S)
        except Unplugged as pulled:
            self._put(pulled.before)
            # what was written before the plug came out still arrives
            time.sleep(TICK_S)
            raise


class PtySocket:
    """Where a simulated device is plugged in: each time a driver opens it anew, with what pulled the plug remembered."""

    def __init__(self, device: str, scene: Path) -> None:
        self._device, self._scene, self._trouble = device, Scene(scene), Troublemaker()
        self._plugged: PtyDevice | None = None

    @property
    def path(self) -> str:
        """The port that a driver opens just now; empty while nothing is plugged in."""
        return self._plugged.path if self._plugged is not None else ""

    def plug(self, firmware: Firmware) -> str:
        """Switch a device on; returns the port that a driver opens. Raises DeviceAbsent while the plug is out."""
        self.pull()
        self._plugged = PtyDevice(self._device, firmware, self._scene, self._trouble)
        return self._plugged.path

    def pull(self) -> None:
        """Unplug it, if it is plugged in."""
        if self._plugged is not None:
            self._plugged.close()
            self._plugged = None


class _PulledWhenClosed:
    """A wire to an emulator, which is unplugged with it."""

    def __init__(self, wire: Wire, socket: PtySocket) -> None:
        self._wire, self._socket = wire, socket
        self.send, self.receive = wire.send, wire.receive

    def close(self) -> None:
        self._wire.close()
        self._socket.pull()


@dataclass(frozen=True)
class EmulatorReach(Reach):
    """Where an emulator is: a new one is plugged in each time a driver opens its wire, and pulled out when that is closed."""

    socket: PtySocket = field(kw_only=True)
    firmware: Callable[[], Firmware] = field(kw_only=True)

    def serial(self, baud: int = 115200, *, rtscts: bool = False, xonxoff: bool = False) -> Wire:
        """A wire to it. Raises DeviceAbsent while the plug is out."""
        return _PulledWhenClosed(Reach(self.socket.plug(self.firmware())).serial(baud, rtscts=rtscts, xonxoff=xonxoff), self.socket)
