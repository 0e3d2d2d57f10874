"""USB printers through the kernel's usblp: /dev/usb/lp0 and so on, found by usb_ports.py since the number changes with each plug.

usblp lets one program in at a time, answers EBUSY to a second, and says POLLHUP once the device is unplugged; what it had not given out by then is
lost. Facts: Linux, drivers/usb/class/usblp.c.
"""

import errno
import os

from firmware_bridge.stream import Stream, reason
from firmware_bridge.wire import WireLost

USBLP_MAJOR = 180
"""Character devices of USB classes (usbmisc); of those only usblp's can be a printer's."""


class UsblpWire(Stream):
    """One printer, for us alone."""

    def __init__(self, path: str) -> None:
        """Open it; raises WireLost when it is not there or held by another program."""
        try:
            self._lp: int | None = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError as why:
            held = "another program holds it" if why.errno == errno.EBUSY else reason(why)
            raise WireLost(f"{path} cannot be opened: {held}") from None
        super().__init__(self._lp, path, queued=False)

    def close(self) -> None:
        """Let go of it. May be called twice."""
        super().close()
        if self._lp is not None:
            os.close(self._lp)
            self._lp = None
