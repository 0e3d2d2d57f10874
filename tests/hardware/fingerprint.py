"""In the guest: a U.are.U reader on the kernel's own USB takes a finger, is unplugged and plugged in again, behind a lane's own device process.

python -m tests.hardware.fingerprint CYCLES. Prints what it measured as one JSON line. libusb hears of plugs from udev, so that is started first.
"""

import json
import queue
import sys
import tempfile
import time
from pathlib import Path

from drivers.contract import Answered, CaptureFinger, Finger, FingerCaptured, Kind
from drivers.driver import DeviceAbsent, Outlet
from drivers.fingerprint.uru4000 import Uru4000Scanner
from drivers.ring import FrameRing
from drivers.simulated.uru4000 import U4500, on_the_glass
from drivers.simulated.uru4000_model import Uru4000Model, stream
from kiosk.devices import Back, Device, Lost, Told
from tests.hardware.ear import heard
from tests.hardware.gadgets import start_udevd
from tests.hardware.reader_gadget import ReaderGadget

GIVE_UP_S = 60.0


class OnePicture(Uru4000Model):
    """Gives one picture each time that it is told to capture: what the kernel has taken of a second one would be given to the next who asks."""

    told = 0

    def _set(self, register: int, data: bytes) -> None:
        super()._set(register, data)
        self.told += (register, data) == (0x4E, b"\x20")

    def give(self, endpoint: int, length: int) -> bytes | None:
        if endpoint == 0x82 and not self.told:
            return None
        said = super().give(endpoint, length)
        self.told = 0 if endpoint == 0x82 and said is not None else self.told
        return said


def closing(ring: FrameRing) -> float:
    """How long a reader that is open takes to close: a listener waits for an interrupt all the time, and the kernel must end that."""
    driver, due = Uru4000Scanner({}), time.monotonic() + GIVE_UP_S
    while True:
        try:
            driver.open(Outlet(lambda _: None, ring))
            break
        except DeviceAbsent:
            # the kernel may not have made its acquaintance yet
            driver.close()
            if time.monotonic() > due:
                raise
            time.sleep(0.2)
    began = time.monotonic()
    driver.close()
    return time.monotonic() - began


def main() -> None:
    """Measure."""
    start_udevd()
    finger = on_the_glass(5)
    for key in Uru4000Model(U4500, lambda: None).keys:
        # the guest is slow: the scrambling is made before
        stream(key)
    gadget, told, measured = ReaderGadget(lambda: OnePicture(U4500, lambda: finger)), queue.Queue[tuple[float, Told]](), []
    gadget.plug()
    with tempfile.TemporaryDirectory() as runtime:
        measured.append({"closed_ms": round(1000 * closing(FrameRing.create(Path(runtime) / "ring", 16)))})
        device = Device(Kind.FINGERPRINT_SCANNER, "uru4000", {}, Path(runtime), lambda one: told.put((time.monotonic(), one)))
        device.start()
        heard(told, Back)
        for cycle in range(int(sys.argv[1])):
            began = time.monotonic()
            device.order(cycle, CaptureFinger(Finger.RIGHT_INDEX), 30.0)
            answered_at, answered = heard(told, Answered)
            assert isinstance(answered, Answered) and isinstance(answered.answer, FingerCaptured), answered
            pulled = time.monotonic()
            gadget.pull()
            lost_at, _ = heard(told, Lost)
            plugged = time.monotonic()
            gadget.plug()
            back_at, _ = heard(told, Back)
            times = {"captured_ms": answered_at - began, "lost_ms": lost_at - pulled, "back_ms": back_at - plugged}
            measured.append({name: round(1000 * took) for name, took in times.items()})
        device.close()
    print("MEASURED", json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
