"""A vendor's program, played: `python -m drivers.simulated.finger_program --scene DIR --ring PATH`. Speaks the host's lines on standard input and output.

It shows a finger when the scene puts one on the glass, and follows the scene's fault script like any other simulated device.
"""

import argparse
import os
import select
import sys
import time
from pathlib import Path

from drivers.contract import (
    PROTOCOL,
    Answer,
    Answered,
    CaptureFinger,
    DeviceReady,
    Done,
    Encoding,
    FingerCaptured,
    FrameSeen,
    Hello,
    Hint,
    Kind,
    Ordered,
    Rest,
    TestDone,
    TestYourself,
)
from drivers.lines import LineReader, Word, order_from_line, to_line
from drivers.ring import FrameRing, open_ring
from drivers.simulated.faults import Troublemaker, Unplugged
from drivers.simulated.ridges import HEIGHT, WIDTH, draw
from drivers.simulated.scene import Scene

DEVICE = "fingerprint_scanner"
TICK_S, SETTLE_TICKS = 0.1, 4
PPI = 500


class Program:
    """One scanner: at most one finger is waited for."""

    def __init__(self, scene: Scene, ring: FrameRing) -> None:
        self._scene, self._ring = scene, ring
        self._trouble = Troublemaker()
        self._wanted: tuple[int, CaptureFinger] | None = None
        self._seen, self._steady = -1, 0

    def run(self) -> None:
        """Until standard input ends, or the plug is pulled."""
        capabilities = (CaptureFinger.__name__, Rest.__name__, TestYourself.__name__)
        self._say(Hello(PROTOCOL, Kind.FINGERPRINT_SCANNER, "finger-program", "1.0", capabilities))
        self._say(DeviceReady("synthetic finger, 500 ppi"))
        lines = LineReader()
        while True:
            seen = self._scene.look(DEVICE)
            self._trouble.follow(seen.fault)
            if self._trouble.unplugged:
                raise Unplugged
            if select.select([sys.stdin], [], [], TICK_S)[0]:
                data = os.read(sys.stdin.fileno(), 65536)
                if not data:
                    return
                for line in lines.feed(data):
                    self._take(order_from_line(line))
            elif self._wanted is not None:
                self._look(seen.finger, seen.laid)

    def _take(self, ordered: Ordered) -> None:
        match ordered.order:
            case CaptureFinger() as wanted:
                self._wanted, self._steady = (ordered.ticket, wanted), 0
            case TestYourself():
                self._answer(ordered.ticket, TestDone(True, ("glass clean", f"{PPI} ppi, 8 bits")))
            case _:
                self._wanted = None
                self._answer(ordered.ticket, Done())

    def _look(self, finger: int | None, laid: int) -> None:
        """A finger that lies still for four looks is taken; each laying down counts once."""
        if self._wanted is None:
            return
        if finger is None or laid == self._seen:
            self._steady = 0
            return
        self._steady += 1
        ticket, wanted = self._wanted
        image = draw(finger * 10 + list(type(wanted.finger)).index(wanted.finger))
        picture = self._ring.put(image.tobytes(), Encoding.GREY8, WIDTH, HEIGHT)
        if self._steady < SETTLE_TICKS:
            self._say(FrameSeen(picture, Hint.PRESS_HARDER if self._steady == 1 else Hint.OK))
            return
        self._seen, self._wanted = laid, None
        self._answer(ticket, FingerCaptured(wanted.finger, picture, PPI, None))

    def _answer(self, ticket: int, answer: Answer) -> None:
        self._say(Answered(ticket, answer))

    def _say(self, word: Word) -> None:
        try:
            for piece in self._trouble.pieces(to_line(word)):
                os.write(sys.stdout.fileno(), piece)
        except Unplugged as pulled:
            os.write(sys.stdout.fileno(), pulled.args[0])
            time.sleep(TICK_S)
            raise


def main() -> None:
    """Run the program that the command line describes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", type=Path, required=True)
    parser.add_argument("--ring", type=Path, required=True)
    chosen = parser.parse_args()
    try:
        Program(Scene(chosen.scene), open_ring(chosen.ring)).run()
    except Unplugged:
        sys.exit(3)


if __name__ == "__main__":
    main()
