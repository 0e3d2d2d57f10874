"""A driver whose work a vendor's own program does (drivers/vendor_program.py). What a family adds is what it thinks of the program's answers."""

from abc import ABC, abstractmethod
from typing import Any

from drivers.contract import Answer, Done, Kind, NotCaptured, Order, TestDone
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.lines import Word
from drivers.vendor_program import VendorProgram


class ExternalDriver(ABC):
    """Settings: `program`, the command line of the vendor's program; `runtime`, where its folder is made (the host gives it)."""

    kind: Kind
    folder: str
    """Of the program, within `runtime`."""

    def __init__(self, settings: dict[str, Any]) -> None:
        """Raises KeyError, ValueError for settings it does not take."""
        self._program = VendorProgram(self.kind, settings, self.folder)
        self._outlet: Outlet | None = None

    def open(self, outlet: Outlet) -> str:
        """Start the program and wait until its device is ready. Raises DeviceAbsent."""
        self._outlet = outlet
        return self._program.start()

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Pass the order on and wait for its answer. Raises DeviceAbsent."""
        answer = self._program.ask(order, until, self._hear)
        if isinstance(answer, NotCaptured | TestDone | Done):
            return answer
        judged = self._judged(answer, self._open_outlet())
        if judged is None:
            raise DeviceAbsent("the program answers what was not asked")
        return judged

    def idle(self) -> None:
        """Hear what the program says by itself. Raises DeviceAbsent."""
        self._program.listen(self._hear)

    def close(self) -> None:
        """End the program."""
        self._program.end()

    @abstractmethod
    def _judged(self, answer: Answer, outlet: Outlet) -> Answer | None:
        """What the lane may have of an answer, its pictures in the host's ring; None where no order of this family is answered so."""

    @abstractmethod
    def _heard(self, word: Word, outlet: Outlet) -> None:
        """Pass on what the program said by itself."""

    def _hear(self, word: Word) -> None:
        self._heard(word, self._open_outlet())

    def _open_outlet(self) -> Outlet:
        if self._outlet is None:
            raise DeviceAbsent("the program is not running")
        return self._outlet
