"""Carries commands: from the outbox to the stations, and their signed results back. It holds no key that orders anything."""

import logging
import time
from collections.abc import Callable, Sequence

from kiosk.clock import Clock
from kiosk.headquarters.commands import CommandBook
from kiosk.link.connection import Came
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import CommandResult, members, shaped
from kiosk.messages.topics import Leaf, parse_topic, topic

log = logging.getLogger(__name__)

LOOK_S = 1.0
HEARD = (Leaf.RESULT, Leaf.BIRTH)
"""What a courier listens to."""


class Courier:
    """Messages in, topics and bytes out; no line of its own. In the receiver's thread."""

    def __init__(
        self,
        book: CommandBook,
        clock: Clock,
        is_of: Callable[[str, dict[str, object]], bool],
        refuse: Callable[[str, str], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_of` says whether this result is signed by that station; `refuse` lists a station's message that is not, with why."""
        self._book, self._clock, self._is_of, self._refuse, self._monotonic = book, clock, is_of, refuse, monotonic
        self._look_at = 0.0

    def turn(self, messages: Sequence[Came]) -> list[tuple[str, bytes]]:
        """Keep the results among these messages; returns what is to be sent now, looked for each second and when a station spoke.

        Raises StoreFailed: then stations tell their results again when they are asked again."""
        born = []
        for came in messages:
            try:
                address = parse_topic(came.topic)
            except BadMessage:
                continue
            if address.leaf is Leaf.BIRTH:
                born.append(address.station.id)
            elif address.leaf is Leaf.RESULT:
                self._take(address.station.id, came.payload)
                self._look_at = 0.0
        if not born and self._monotonic() < self._look_at:
            return []
        self._look_at = self._monotonic() + LOOK_S
        now = self._clock.now().utc
        self._book.lapse(now)
        if born:
            self._book.born(born, now)
        return [(topic(due.station, Leaf.COMMAND), due.content) for due in self._book.due(now)]

    def _take(self, station: str, payload: bytes) -> None:
        try:
            found = members(payload)
            result = shaped(found, CommandResult)
        except BadMessage as why:
            self._refuse(station, f"a result: {why}")
            return
        if not self._is_of(station, found):
            self._refuse(station, "")
        elif self._book.answered(station, result, self._clock.now().utc):
            log.info("headquarters: %s answers command %d: %s", station, result.number, result.result)
