"""Run by escpos-server's own Python: the unchanged program, with our simulated USB plug for a bus and the emulator's TCP port behind its printer.

python escpos_server_on_our_plug.py EMULATOR_PORT LISTEN_PORT WEB_PORT
"""

import select
import socket
import sys

import usb.backend.libusb1
from escpos_server.cli import main as serve

from drivers.simulated.usb_plug import Face, UsbPlug


class Cable:
    """A USB printer with the endpoints that escpos-server expects; what it hears and says goes over TCP."""

    ids = (0x04B8, 0x0E15)
    faces = (Face(codes=(7, 1, 2), endpoints=((0x01, 2), (0x82, 2))),)

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port))

    def control(self, setup: tuple[int, int, int, int], data: bytes, length: int) -> bytes:
        return bytes(length)

    def give(self, endpoint: int, length: int) -> bytes | None:
        return self._line.recv(length) if select.select([self._line], [], [], 0)[0] else None

    def take(self, endpoint: int, data: bytes) -> int | None:
        return self._line.send(data) if select.select([], [self._line], [], 0)[1] else None


class Bus(UsbPlug):
    """escpos-server resets the device and never sets a configuration."""

    def reset_device(self, dev_handle: object) -> None:
        pass


def main() -> None:
    emulator, listen, web = sys.argv[1:]
    bus = Bus()
    bus.plug(Cable(int(emulator)))
    usb.backend.libusb1.get_backend = lambda find_library=None: bus
    sys.argv = ["escpos-server", "--usb-product", "04b8:0e15", "--listen-port", listen, "--web-port", web]
    serve()


if __name__ == "__main__":
    main()
