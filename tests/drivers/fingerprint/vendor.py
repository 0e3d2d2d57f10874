"""A vendor's program with one defect, named on its command line: `python -m tests.drivers.fingerprint.vendor DEFECT --fd N --runtime DIR`."""

import argparse
import socket
import time
from pathlib import Path

from drivers.contract import PROTOCOL, Answered, CaptureFinger, DeviceReady, Encoding, FingerCaptured, Hello, Kind, Picture
from drivers.lines import LineReader, order_from_line, to_line
from drivers.ring import FrameRing
from drivers.simulated.ridges import HEIGHT, WIDTH, draw


def picture(ring: FrameRing, defect: str) -> Picture:
    """A finger with the defect."""
    image = draw(3)
    match defect:
        case "four bits":
            return ring.put((image // 16 * 17).tobytes(), Encoding.GREY8, WIDTH, HEIGHT)
        case "small":
            return ring.put(image[:100, :100].tobytes(), Encoding.GREY8, 100, 100)
        case "wrong size":
            return ring.put(image.tobytes(), Encoding.GREY8, WIDTH + 1, HEIGHT)
        case "not there":
            return Picture(0, 99, Encoding.GREY8, WIDTH, HEIGHT, WIDTH * HEIGHT)
        case _:
            return ring.put(image.tobytes(), Encoding.GREY8, WIDTH, HEIGHT)


def main() -> None:
    """Play the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("defect")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    chosen = parser.parse_args()
    line = socket.socket(fileno=chosen.fd)
    path = chosen.runtime / "vendor.ring"
    ring = FrameRing.create(path, WIDTH * HEIGHT)
    kind = Kind.RECEIPT_PRINTER if chosen.defect == "another kind" else Kind.FINGERPRINT_SCANNER
    protocol = 99 if chosen.defect == "another protocol" else PROTOCOL
    line.sendall(to_line(Hello(protocol, kind, "vendor", "1", ("CaptureFinger",), str(path))))
    if chosen.defect == "nonsense":
        line.sendall(b"Device found!\n")
    line.sendall(to_line(DeviceReady("a scanner")))
    if chosen.defect == "ends at once":
        return
    reader = LineReader()
    while data := line.recv(65536):
        for raw in reader.feed(data):
            ordered = order_from_line(raw)
            if isinstance(ordered.order, CaptureFinger):
                if chosen.defect == "dies":
                    return
                if chosen.defect == "hangs":
                    time.sleep(3600)
                ppi = 250 if chosen.defect == "250 ppi" else 500
                line.sendall(
                    to_line(Answered(ordered.ticket, FingerCaptured(ordered.order.finger, picture(ring, chosen.defect), ppi, None)))
                )


if __name__ == "__main__":
    main()
