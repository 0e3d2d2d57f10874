"""Serial fingerprint modules ZFM-20, R30x, R503 and AS608, 8N1: low assurance, refused for a traveller's record.

Their pictures have 4 bits, their templates are the maker's own and no rate of false matches is documented. So no order to take a traveller's finger is
carried out; the driver tells what the module is and tests it, and zfm_module.py can enrol and find an officer's finger for whoever builds a use for it.
Shown with an emulator that two independent clients accept. UNPROVEN ON HARDWARE.
"""

import time
from typing import Any

from drivers.contract import Answer, CaptureFinger, Done, Kind, NotCaptured, Order, Rest, TestDone, TestYourself, Unread
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.fingerprint.scanner import in_our_words
from drivers.fingerprint.zfm_module import Refused, ZfmModule
from drivers.fingerprint.zfm_packets import ANYBODY, BadAnswer, Code, Facts
from drivers.options import Options
from firmware_bridge.wire import Wire

BAUDS = tuple(9600 * times for times in range(1, 13))
ASK_S = 5.0


class ZfmScanner:
    """One module. Settings: `usb` and `port` (firmware_bridge/reach.py); `baud` (57600), `password` (0) and `address` (0xFFFFFFFF) as numbers."""

    kind = Kind.FINGERPRINT_SCANNER
    name = "zfm"
    orders: tuple[type[Order], ...] = (Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        options = Options(settings)
        self._reach, self._baud = options.reach(), options.whole("baud", BAUDS, 57600)
        self._password = options.whole("password", range(1 << 32), 0)
        self._address = options.whole("address", range(1 << 32), ANYBODY)
        options.none_left()
        self._wire: Wire | None = None
        self._module: ZfmModule | None = None
        self._asked = 0.0

    def open(self, outlet: Outlet) -> str:
        """Open the port, give the password, and ask what it is. Raises DeviceAbsent."""
        with in_our_words():
            self._wire = self._plug()
            self._module = ZfmModule(self._wire, self._address)
            facts = self._let_in()
        return f"serial fingerprint module of {facts.places} templates, low assurance: not for a traveller's record"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Test, or rest; a traveller's finger is refused. Raises DeviceAbsent."""
        match order:
            case CaptureFinger():
                return NotCaptured(Unread.POOR_PICTURE)
            case TestYourself():
                return self._test()
            case _:
                return Done()

    def idle(self) -> None:
        """Notice a pulled plug at once, and silence within seconds. Raises DeviceAbsent."""
        with in_our_words():
            self.open_module().listen()
            # the port stays when the module behind it loses its power: only an answer says that it is there
            if time.monotonic() - self._asked > ASK_S:
                self._let_in()

    def close(self) -> None:
        """Free the port."""
        if self._wire is not None:
            self._wire.close()
        self._wire = self._module = None

    def open_module(self) -> ZfmModule:
        """The module, for whoever enrols or looks for an officer. Raises DeviceAbsent."""
        if self._module is None:
            raise DeviceAbsent("the module is not open")
        return self._module

    def _plug(self) -> Wire:
        """The wire to the module, opened. Raises WireLost."""
        return self._reach.serial(self._baud)

    def _let_in(self) -> Facts:
        self._asked = time.monotonic()
        try:
            self.open_module().let_in(self._password)
            return self.open_module().facts()
        except Refused as why:
            wrong = "the password in its settings is wrong" if why.code == Code.WRONG_PASSWORD else str(why)
            raise DeviceAbsent(f"{self._reach}: {wrong}") from None
        except BadAnswer as why:
            raise DeviceAbsent(f"{self._reach}: {why}") from None

    def _test(self) -> Answer:
        with in_our_words():
            facts = self._let_in()
            try:
                kept = self.open_module().count()
            except (Refused, BadAnswer) as why:
                return TestDone(False, (str(why),))
        return TestDone(True, (f"{kept} of {facts.places} templates", f"security level {facts.security}", "4 bits: not for a record"))
