"""A vendor's passport program with one defect, named on its command line: `python -m tests.drivers.passport.vendor DEFECT --fd N --runtime DIR`."""

import argparse
import socket
from datetime import date
from pathlib import Path

from drivers import contract
from drivers.contract import (
    PROTOCOL,
    Answer,
    Answered,
    DeviceGone,
    DeviceReady,
    DocumentLaid,
    DocumentRead,
    DocumentTaken,
    Done,
    Encoding,
    Hello,
    Kind,
    ReadDocument,
)
from drivers.formats.specimens import specimen
from drivers.lines import LineReader, order_from_line, to_line
from drivers.ring import FrameRing

ADULT = specimen("adult", date(2026, 11, 24)).lines
PAGE = b"\xff\xd8 a page as JPEG \xff\xd9"


def answer(ring: FrameRing, defect: str) -> Answer:
    """What the program says it read."""
    page = ring.put(PAGE, Encoding.JPEG, 1200, 900)
    match defect:
        case "wrong digits":
            return DocumentRead((ADULT[0], ADULT[1].replace("U0000010", "U0000070")), confirmed=True)
        case "no state":
            return DocumentRead((ADULT[0].replace("UTO", "YTO", 1), ADULT[1]), confirmed=True)
        case "not sure":
            return DocumentRead(ADULT, confirmed=False)
        case "something else":
            return contract.PassRead("a border pass")
        case "raw page":
            return DocumentRead(ADULT, confirmed=True, picture=ring.put(bytes(300), Encoding.BGR8, 10, 10))
        case "large page":
            return DocumentRead(ADULT, confirmed=True, picture=ring.put(bytes(130_000), Encoding.JPEG, 1200, 900))
        case "lost page":
            return DocumentRead(ADULT, confirmed=True, picture=contract.Picture(0, 99, Encoding.JPEG, 9, 9, 9))
        case _:
            return DocumentRead(ADULT, confirmed=True, picture=page)


def main() -> None:
    """Play the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("defect")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    chosen = parser.parse_args()
    line = socket.socket(fileno=chosen.fd)
    path = chosen.runtime / "vendor.ring"
    ring = FrameRing.create(path, 200_000)
    name = "" if chosen.defect == "no ring" else str(path)
    line.sendall(to_line(Hello(PROTOCOL, Kind.PASSPORT_READER, "vendor", "1", ("ReadDocument",), name)))
    line.sendall(to_line(DeviceReady("a page reader")))
    reader = LineReader()
    while data := line.recv(65536):
        for raw in reader.feed(data):
            ordered = order_from_line(raw)
            if not isinstance(ordered.order, ReadDocument):
                line.sendall(to_line(Answered(ordered.ticket, Done())))
            elif chosen.defect == "unplugged":
                line.sendall(to_line(DeviceGone("the cable is out")))
            elif chosen.defect != "waits":
                line.sendall(to_line(DocumentLaid()))
                line.sendall(to_line(Answered(ordered.ticket, answer(ring, chosen.defect))))
                line.sendall(to_line(DocumentTaken()))


if __name__ == "__main__":
    main()
