"""A vendor's own program as a passport reader: it speaks to us as drivers/vendor_program.py says; for readers whose wire is not public.

It answers ReadDocument with DocumentRead or NotCaptured and may say DocumentLaid, DocumentTaken and FrameSeen. What it calls read is judged like any other
read: wrong check digits are refused, and a zone counts as confirmed only where the program says so and states and dates are sound. A picture of the page is
passed on where it is JPEG or PNG of up to 120 KB.
"""

from typing import Any

from drivers.contract import (
    Answer,
    DocumentLaid,
    DocumentRead,
    DocumentTaken,
    Done,
    Encoding,
    FrameSeen,
    Kind,
    NotCaptured,
    Order,
    Picture,
    ReadDocument,
    Rest,
    TestDone,
    TestYourself,
)
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.lines import Word
from drivers.passport.judging import of_guarded
from drivers.vendor_program import VendorProgram

MOST_BYTES = 120_000
PAGES = (Encoding.JPEG, Encoding.PNG)


class ExternalReader:
    """Settings: `program`, the command line of the vendor's program; `runtime`, where its folder is made (the host gives it)."""

    kind = Kind.PASSPORT_READER
    name = "external-passport"
    orders: tuple[type[Order], ...] = (ReadDocument, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._program = VendorProgram(self.kind, settings, "passport_program")
        self._outlet: Outlet | None = None

    def open(self, outlet: Outlet) -> str:
        """Start the program and wait until its device is ready. Raises DeviceAbsent."""
        self._outlet = outlet
        return self._program.start()

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Pass the order on and wait for its answer. Raises DeviceAbsent."""
        return self._judged(self._program.ask(order, until, self._heard))

    def idle(self) -> None:
        """Hear what the program says by itself. Raises DeviceAbsent."""
        self._program.listen(self._heard)

    def close(self) -> None:
        """End the program."""
        self._program.end()

    def _judged(self, answer: Answer) -> Answer:
        match answer:
            case DocumentRead(lines=lines, confirmed=confirmed, picture=picture):
                judged = of_guarded(lines)
                if not isinstance(judged, DocumentRead):
                    return judged
                return DocumentRead(lines, confirmed and judged.confirmed, self._copied(picture))
            case NotCaptured() | TestDone() | Done():
                return answer
            case _:
                raise DeviceAbsent("the program answers what was not asked")

    def _copied(self, picture: Picture | None) -> Picture | None:
        """The page in the host's ring; None where it is not there, not compressed or too large for a record's media."""
        data = self._program.take(picture) if picture is not None else None
        if picture is None or data is None or self._outlet is None or picture.encoding not in PAGES or len(data) > MOST_BYTES:
            return None
        return self._outlet.ring.put(data, picture.encoding, picture.width, picture.height)

    def _heard(self, word: Word) -> None:
        if self._outlet is None:
            return
        if isinstance(word, DocumentLaid | DocumentTaken):
            self._outlet.tell(word)
        elif isinstance(word, FrameSeen):
            data = self._program.take(word.picture)
            if data is not None:
                self._outlet.frame(data, word.picture.width, word.picture.height, word.hint, word.picture.encoding)
