"""In the guest: two readers of the same make on two ports, each behind a device process of its own that names its port. Prints what it measured.

python -m tests.hardware.two_alike
"""

import json
import os
import queue
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from drivers.contract import Answered, DocumentRead, Kind, ReadDocument
from drivers.formats.specimens import specimen
from drivers.simulated.scene import Seen
from firmware_bridge.usb_ports import Wanted, find, nodes
from firmware_bridge.wire import WireLost
from kiosk.devices import Back, Device, Lost, Told
from tests.hardware.ear import heard
from tests.hardware.gadgets import SerialGadget, load, wait_for
from tests.hardware.replugged import READER, Reader

NAMES = ("left", "right")
DAY = date(2026, 11, 24)


class Post:
    """One of the two: the reader with a document of its own on it, and the lane's process for it."""

    def __init__(self, number: int, gadget: SerialGadget, port: str, folder: Path) -> None:
        self.gadget, self.port, self._ticket = gadget, port, 0
        self.seen = Seen(laid=1, lines=specimen(("adult", "refugee")[number], DAY).lines)
        self.reader = Reader(gadget, lambda: self.seen)
        self.told = queue.Queue[tuple[float, Told]]()
        folder.mkdir()
        settings = {"usb": READER, "port": port}
        self.device = Device(Kind.PASSPORT_READER, "elyctis", settings, folder, lambda one: self.told.put((time.monotonic(), one)))
        self.device.start()
        heard(self.told, Back)

    def node(self) -> str:
        """What the kernel calls it just now."""
        return find(Wanted(READER, self.port), "tty").name

    def reads_its_own(self) -> bool:
        """Whether the document that is read is the one that is laid on this reader."""
        self._ticket += 1
        self.seen = replace(self.seen, laid=self.seen.laid + 1)
        self.device.order(self._ticket, ReadDocument(), 30.0)
        _, word = heard(self.told, Answered)
        assert isinstance(word, Answered)
        return isinstance(word.answer, DocumentRead) and word.answer.lines == self.seen.lines

    def close(self) -> None:
        self.device.close()
        self.reader.close()


def without_a_port() -> str:
    """What somebody is told who does not say which of the two."""
    try:
        return str(find(Wanted(READER), "tty"))
    except WireLost as why:
        return str(why)


def main() -> None:
    load(Path(os.environ["MPAKA_LAB_MODULES"]), "dummy_hcd", "num=2")
    gadgets = [SerialGadget(READER, name, f"dummy_udc.{number}") for number, name in enumerate(NAMES)]
    for gadget in gadgets:
        gadget.plug()
        assert wait_for(lambda: bool(nodes("tty")))
    assert wait_for(lambda: len(nodes("tty")) == len(NAMES))
    measured: dict[str, object] = {"ports": (ports := [node.port for node in nodes("tty")]), "without_a_port": without_a_port()}
    # which controller has which port is the kernel's affair: asked by pulling one
    gadgets[0].pull()
    assert wait_for(lambda: len(nodes("tty")) == 1)
    right = nodes("tty")[0].port
    left = next(port for port in ports if port != right)
    gadgets[0].plug()
    assert wait_for(lambda: len(nodes("tty")) == len(NAMES))
    with tempfile.TemporaryDirectory() as folder:
        both = [Post(n, gadget, port, Path(folder) / str(n)) for n, (gadget, port) in enumerate(zip(gadgets, (left, right), strict=True))]
        measured["nodes"] = [one.node() for one in both]
        measured["read"] = [one.reads_its_own() for one in both]
        # both out, and in again the other way round: the kernel gives each the other's name
        for one in both:
            one.gadget.pull()
        for one in both:
            heard(one.told, Lost)
        assert wait_for(lambda: not nodes("tty"))
        for count, one in enumerate(reversed(both), 1):
            one.gadget.plug()
            assert wait_for(lambda so_far=count: len(nodes("tty")) == so_far)
        for one in both:
            heard(one.told, Back)
        measured["nodes_after"] = [one.node() for one in both]
        measured["read_after"] = [one.reads_its_own() for one in both]
        # one out: the other works on and hears nothing of it
        both[0].gadget.pull()
        heard(both[0].told, Lost)
        measured["other_reads"] = both[1].reads_its_own()
        measured["other_lost"] = any(isinstance(one.word, Lost) for _, one in both[1].told.queue)
        both[0].gadget.plug()
        heard(both[0].told, Back)
        measured["back_reads"] = both[0].reads_its_own()
        for one in both:
            one.close()
    print("MEASURED", json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
