"""What our own scanner drivers have in common: showing live pictures with what they lack, and handing over the one that was taken."""

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from drivers.contract import Answer, CaptureFinger, Done, Encoding, Finger, FingerCaptured, Hint, NotCaptured, Order, TestYourself, Unread
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.fingerprint.pictures import fit_for_record, into_ring
from drivers.fingerprint.placement import Image, Placement, place
from drivers.fingerprint.quality import Quality
from firmware_bridge.wire import WireLost, WireSilent

Judge = Callable[[Image], Placement]
PATIENCE_S = 4.0
"""So long a finger that lies there is asked to lie better."""
MOST_MISSES = 3
"""After so many pictures that did not come whole in one order, the traveller is not kept waiting for another."""


class Scanner(Protocol):
    """What a scanner does for its orders. Each may raise DeviceAbsent, WireLost or WireSilent."""

    def capture(self, finger: Finger, until: Until) -> Answer:
        """Take a finger."""

    def test(self) -> Answer:
        """Test the device."""

    def rest(self) -> None:
        """Stop looking."""


@dataclass
class Taking:
    """From live pictures to the answer. `judge` is the gate; a finger that stays short of it is taken after `patience_s` as good as it got."""

    ppi: int
    judge: Judge = place
    patience_s: float = PATIENCE_S
    quality: Quality = field(default_factory=Quality)
    outlet: Outlet | None = None
    _best: tuple[float, Image] | None = None
    _since: float = 0.0

    def begin(self) -> None:
        """Another finger, or none: nothing is kept of the one before."""
        self._best = None

    def seen(self, image: Image) -> Hint:
        """Show a live picture; returns what it lacks, and OK too where no better one will come."""
        placement = self.judge(image)
        self._outlet().frame(image.tobytes(), image.shape[1], image.shape[0], placement.hint, Encoding.GREY8)
        if placement.hint is Hint.NOTHING_THERE:
            self._best = None
            return placement.hint
        if self._best is None:
            self._since = time.monotonic()
        good = math.inf if placement.hint is Hint.OK else placement.area * placement.contrast
        if self._best is None or good > self._best[0]:
            self._best = (good, image)
        # worn or dry skin is no reason to send anybody away
        return Hint.OK if time.monotonic() - self._since >= self.patience_s else placement.hint

    def taken(self, finger: Finger) -> Answer:
        """Hand over the best picture that was seen, with NFIQ 2 where that is installed."""
        image = self._best[1] if self._best is not None else None
        self.begin()
        if image is None or not fit_for_record(image):
            return NotCaptured(Unread.POOR_PICTURE)
        return FingerCaptured(finger, into_ring(image, self._outlet().ring), self.ppi, self.quality.score(image, self.ppi))

    def _outlet(self) -> Outlet:
        if self.outlet is None:
            raise DeviceAbsent("the reader is not open")
        return self.outlet


def take_all(image: Image) -> Placement:
    """A gate that is always open: for recordings, and for a technician who looks at the glass itself."""
    return Placement(Hint.OK)


@contextlib.contextmanager
def in_our_words() -> Iterator[None]:
    """What the wire says of a device that is lost or silent, as what the host expects."""
    try:
        yield
    except (WireLost, WireSilent) as why:
        raise DeviceAbsent(str(why)) from None


def carried_out(order: Order, until: Until, scanner: Scanner) -> Answer:
    """What comes of an order. Raises DeviceAbsent."""
    with in_our_words():
        match order:
            case CaptureFinger(finger=finger):
                return scanner.capture(finger, until)
            case TestYourself():
                return scanner.test()
            case _:
                scanner.rest()
                return Done()
