"""A vendor's program, played: `python -m drivers.simulated.finger_program --scene DIR --fd N --runtime DIR`. Speaks as fingerprint/external.py says.

It shows a finger when the scene puts one on the glass, and follows the scene's fault script like any other simulated device.
"""

import argparse
import select
import socket
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
    Heartbeat,
    Hello,
    Hint,
    Kind,
    Ordered,
    Rest,
    TestDone,
    TestYourself,
)
from drivers.lines import LineReader, Word, order_from_line, to_line
from drivers.ring import FrameRing
from drivers.simulated.faults import Troublemaker, Unplugged
from drivers.simulated.ridges import HEIGHT, WIDTH, draw
from drivers.simulated.scene import Scene, Seen

DEVICE = "fingerprint_scanner"
TICK_S, SETTLE_TICKS, HEARTBEAT_S = 0.1, 4, 1.0
PPI = 500
UNPLUGGED = 3
"""Exit status when the plug is pulled."""


class Program:
    """One scanner: at most one finger is waited for."""

    def __init__(self, scene: Scene, line: socket.socket, ring_path: Path) -> None:
        self._scene, self._line = scene, line
        self._ring, self._ring_path = FrameRing.create(ring_path, WIDTH * HEIGHT), ring_path
        self._trouble = Troublemaker()
        self._wanted: tuple[int, CaptureFinger] | None = None
        self._taken, self._steady = -1, 0
        self._beaten = 0.0

    def run(self) -> None:
        """Until the line ends. Raises Unplugged."""
        self._trouble.follow(self._scene.look(DEVICE).fault)
        capabilities = (CaptureFinger.__name__, Rest.__name__, TestYourself.__name__)
        self._say(Hello(PROTOCOL, Kind.FINGERPRINT_SCANNER, "finger-program", "1.0", capabilities, str(self._ring_path)))
        self._say(DeviceReady("synthetic fingers, 500 ppi"))
        lines = LineReader()
        while True:
            seen = self._scene.look(DEVICE)
            self._trouble.follow(seen.fault)
            if self._trouble.unplugged:
                raise Unplugged
            self._beat()
            if select.select([self._line], [], [], TICK_S)[0]:
                data = self._line.recv(65536)
                if not data:
                    return
                for line in lines.feed(data):
                    self._take(order_from_line(line))
            else:
                self._look(seen)

    def _beat(self) -> None:
        if time.monotonic() - self._beaten >= HEARTBEAT_S:
            self._beaten = time.monotonic()
            self._say(Heartbeat())

    def _take(self, ordered: Ordered) -> None:
        match ordered.order:
            case CaptureFinger() as wanted:
                self._wanted, self._steady = (ordered.ticket, wanted), 0
            case TestYourself():
                self._answer(ordered.ticket, TestDone(True, ("glass clean", f"{PPI} ppi, 8 bits")))
            case _:
                self._wanted = None
                self._answer(ordered.ticket, Done())

    def _look(self, seen: Seen) -> None:
        """A finger that lies still for four looks is taken; each laying down counts once."""
        if self._wanted is None:
            return
        if seen.finger is None or seen.laid == self._taken:
            self._steady = 0
            return
        self._steady += 1
        ticket, wanted = self._wanted
        image = draw(seen.finger * 10 + list(type(wanted.finger)).index(wanted.finger))
        picture = self._ring.put(image.tobytes(), Encoding.GREY8, WIDTH, HEIGHT)
        if self._steady < SETTLE_TICKS:
            self._say(FrameSeen(picture, Hint.PRESS_HARDER if self._steady == 1 else Hint.OK))
            return
        self._taken, self._wanted = seen.laid, None
        self._answer(ticket, FingerCaptured(wanted.finger, picture, PPI, None))

    def _answer(self, ticket: int, answer: Answer) -> None:
        self._say(Answered(ticket, answer))

    def _say(self, word: Word) -> None:
        try:
            for piece in self._trouble.pieces(to_line(word)):
                self._line.sendall(piece)
        except Unplugged as pulled:
            self._line.sendall(pulled.before)
            raise


def main() -> None:
    """Run the program that the command line describes."""
    parser = argparse.ArgumentParser(description="A fingerprint scanner's program, played.")
    parser.add_argument("--scene", type=Path, required=True)
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    chosen = parser.parse_args()
    with socket.socket(fileno=chosen.fd) as line:
        try:
            Program(Scene(chosen.scene), line, chosen.runtime / "fingers.ring").run()
        except Unplugged:
            sys.exit(UNPLUGGED)
        except ConnectionError:
            # whoever started us has gone
            sys.exit(0)


if __name__ == "__main__":
    main()
