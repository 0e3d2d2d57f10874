"""A vendor's own program as a passport reader: it speaks to us as drivers/vendor_program.py says; for readers whose wire is not public.

It answers ReadDocument with DocumentRead or NotCaptured and may say DocumentLaid, DocumentTaken and FrameSeen. What it calls read is judged like any other
read: wrong check digits are refused, and a zone counts as confirmed only where the program says so and states and dates are sound. A picture of the page is
passed on where it is JPEG or PNG of up to 120 KB.
"""

from drivers.contract import (
    Answer,
    DocumentLaid,
    DocumentRead,
    DocumentTaken,
    Encoding,
    FrameSeen,
    Kind,
    Order,
    Picture,
    ReadDocument,
    Rest,
    TestYourself,
)
from drivers.driver import Outlet
from drivers.external import ExternalDriver
from drivers.lines import Word
from drivers.passport.judging import of_guarded

MOST_BYTES = 120_000
PAGES = (Encoding.JPEG, Encoding.PNG)


class ExternalReader(ExternalDriver):
    """Settings: as of every external driver."""

    kind = Kind.PASSPORT_READER
    name = "external-passport"
    orders: tuple[type[Order], ...] = (ReadDocument, Rest, TestYourself)
    folder = "passport_program"

    def _judged(self, answer: Answer, outlet: Outlet) -> Answer | None:
        if not isinstance(answer, DocumentRead):
            return None
        judged = of_guarded(answer.lines)
        if not isinstance(judged, DocumentRead):
            return judged
        return DocumentRead(answer.lines, answer.confirmed and judged.confirmed, self._copied(answer.picture, outlet))

    def _copied(self, picture: Picture | None, outlet: Outlet) -> Picture | None:
        """The page in the host's ring; None where it is not there, not compressed or too large for a record's media."""
        data = self._program.take(picture) if picture is not None else None
        if picture is None or data is None or picture.encoding not in PAGES or len(data) > MOST_BYTES:
            return None
        return outlet.ring.put(data, picture.encoding, picture.width, picture.height)

    def _heard(self, word: Word, outlet: Outlet) -> None:
        if isinstance(word, DocumentLaid | DocumentTaken):
            outlet.tell(word)
        elif isinstance(word, FrameSeen):
            data = self._program.take(word.picture)
            if data is not None:
                outlet.frame(data, word.picture.width, word.picture.height, word.hint, word.picture.encoding)
