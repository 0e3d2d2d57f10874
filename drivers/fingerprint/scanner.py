"""What our own scanner drivers have in common: showing live pictures with what they lack, and handing over the one that was taken."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from drivers.contract import Answer, Encoding, Finger, FingerCaptured, Hint, NotCaptured, Unread
from drivers.driver import DeviceAbsent, Outlet
from drivers.fingerprint.pictures import fit_for_record, into_ring
from drivers.fingerprint.placement import Image, Placement, place
from drivers.fingerprint.quality import Quality
from firmware_bridge.wire import WireLost, WireSilent

Judge = Callable[[Image], Placement]


@dataclass
class Taking:
    """From a live picture to the answer. `judge` is the gate before a picture is taken."""

    ppi: int
    judge: Judge = place
    quality: Quality = field(default_factory=Quality)
    outlet: Outlet | None = None

    def seen(self, image: Image) -> Hint:
        """Show a live picture; returns what it lacks."""
        hint = self.judge(image).hint
        self._outlet().frame(image.tobytes(), image.shape[1], image.shape[0], hint, Encoding.GREY8)
        return hint

    def taken(self, finger: Finger, image: Image) -> Answer:
        """Hand it over, with NFIQ 2 where that is installed."""
        if not fit_for_record(image):
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
