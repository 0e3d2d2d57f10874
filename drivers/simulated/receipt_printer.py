"""A simulated receipt printer: the real driver, and an emulator that speaks ESC/POS on a pty or a TCP port. Its receipts become PNG files.

Besides a fault script (faults.py) the scene gives it a state of its paper: see `receipt_firmware.Condition`, for instance `out:1200`.
"""

import contextlib
import os
import select
import socket
import threading
import time
import tty
from pathlib import Path
from typing import Any, Protocol

from drivers.driver import DeviceAbsent, Outlet
from drivers.receipt.connecting import Plug
from drivers.receipt.printer import ReceiptPrinter
from drivers.receipt.profiles import PROFILES
from drivers.simulated.faults import Troublemaker, Unplugged
from drivers.simulated.receipt_firmware import PrinterFirmware, read_condition
from drivers.simulated.receipt_roll import Roll
from drivers.simulated.scene import Scene
from firmware_bridge.reach import Reach

DEVICE = "receipt_printer"
TICK_S, SPLIT_PAUSE_S = 0.02, 0.001


class Socket(Protocol):
    """Where the cable is plugged in. `path` is what a driver opens."""

    path: str

    def readable(self, wait_s: float) -> bool:
        """Whether bytes have come."""

    def read(self, most: int) -> bytes:
        """Bytes that have come; none where the other end has gone."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def close(self) -> None:
        """Pull the plug."""


class PtySocket:
    """A serial port."""

    def __init__(self) -> None:
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        # kept open, so that a driver that closes its port does not look like a hang-up to us
        self._slave = slave

    def readable(self, wait_s: float) -> bool:
        return bool(select.select([self._master], [], [], wait_s)[0])

    def read(self, most: int) -> bytes:
        return os.read(self._master, most)

    def write(self, data: bytes) -> None:
        os.write(self._master, data)

    def close(self) -> None:
        for fd in (self._slave, self._master):
            os.close(fd)


class TcpSocket:
    """A network printer's port on loopback, any free one if none is named; one connection at a time."""

    def __init__(self, port: int = 0) -> None:
        """Raises OSError where the port is taken."""
        self._server = socket.create_server(("127.0.0.1", port))
        self.path = f"127.0.0.1:{self._server.getsockname()[1]}"
        self._client: socket.socket | None = None

    def readable(self, wait_s: float) -> bool:
        ready = bool(select.select([self._client or self._server], [], [], wait_s)[0])
        if ready and self._client is None:
            self._client = self._server.accept()[0]
            return False
        return ready

    def read(self, most: int) -> bytes:
        data = b""
        with contextlib.suppress(ConnectionError):
            data = self._client.recv(most) if self._client else b""
        if not data and self._client is not None:
            self._client.close()
            self._client = None
        return data

    def write(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            if self._client is not None:
                self._client.sendall(data)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._server.close()


class PrinterDevice:
    """Plugged in while it lives: a thread that takes bytes while the printer's buffer has room, and answers."""

    def __init__(self, firmware: PrinterFirmware, scene: Scene, plug: Socket) -> None:
        """Plug it in and switch it on."""
        self._firmware, self._scene, self._plug = firmware, scene, plug
        self._trouble = Troublemaker()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._live, name="simulated receipt printer", daemon=True)
        self._thread.start()

    @property
    def path(self) -> str:
        """The port that a driver opens."""
        return self._plug.path

    @property
    def roll(self) -> Roll:
        """Its paper."""
        return self._firmware.roll

    def close(self) -> None:
        """Unplug it."""
        self._ending.set()
        self._thread.join()

    def _live(self) -> None:
        # OSError: the driver's end is gone
        with contextlib.suppress(Unplugged, OSError):
            while not self._ending.is_set():
                self._turn()
        self._plug.close()

    def _turn(self) -> None:
        seen = self._scene.look(DEVICE)
        self._trouble.follow(seen.fault)
        self._write(self._firmware.follow(read_condition(seen.paper)))
        if self._trouble.unplugged or self._firmware.unplugged:
            raise Unplugged
        if not self._firmware.room:
            self._ending.wait(TICK_S)
        elif self._plug.readable(TICK_S):
            self._write(self._firmware.received(self._plug.read(self._firmware.room)))

    def _write(self, answers: list[bytes]) -> None:
        for answer in answers:
            try:
                for piece in self._trouble.pieces(answer):
                    self._plug.write(piece)
                    if self._trouble.faults.split:
                        time.sleep(SPLIT_PAUSE_S)
            except Unplugged as pulled:
                self._plug.write(pulled.args[0])
                # what was written before the plug came out still arrives
                time.sleep(TICK_S)
                raise


class SimulatedReceiptPrinter(ReceiptPrinter):
    """The ESC/POS driver with the emulator at the other end.

    Settings: `scene`, the folder of the scene; `output`, the folder for the receipts; `wire`, pty or tcp; the others as of the real driver.
    """

    name = "simulated-receipt-printer"

    def __init__(self, settings: dict[str, Any]) -> None:
        paper = settings.get("paper", "80mm-process-id")
        super().__init__({**settings, "port": "/dev/null", "wire": "serial", "paper": paper})
        self._scene, self._tcp = Scene(Path(settings["scene"])), settings.get("wire", "pty") == "tcp"
        sizes = PROFILES[paper].sizes
        self.firmware = PrinterFirmware(Roll(Path(settings["output"]), sizes.width, sizes.dpi))
        self._device: PrinterDevice | None = None

    def open(self, outlet: Outlet) -> str:
        """Plug the emulator in, then open it as any printer. Raises DeviceAbsent."""
        seen = self._scene.read(DEVICE)
        if seen.fault.startswith("unplug") or seen.paper.startswith("unplug"):
            raise DeviceAbsent("unplugged")
        self.firmware.power_up()
        self._device = PrinterDevice(self.firmware, self._scene, TcpSocket() if self._tcp else PtySocket())
        self._plug = Plug(Reach(self._device.path))
        return super().open(outlet)

    def close(self) -> None:
        """Free the port, unplug."""
        super().close()
        if self._device is not None:
            self._device.close()
            self._device = None
