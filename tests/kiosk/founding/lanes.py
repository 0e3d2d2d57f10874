"""A lane of a founded state, without a screen: its journal and its link, with the keys that lie in its folder now."""

import json
from base64 import b64decode
from datetime import UTC, datetime

from kiosk.link.connection import BrokerAddress
from kiosk.link.link import Link
from kiosk.link.words import LinkDown, LinkPlan
from kiosk.messages.payloads import Record, decode
from kiosk.private import Private
from kiosk.sealing.key_set import KeySetFile
from kiosk.sealing.opening import opening_key
from kiosk.sealing.station import KEY_SET, load_station_keys, read_authority
from tests.kiosk.founding.ceremony import PASSPHRASE, Ceremony
from tests.kiosk.practice import FACTS, SOON, Kept, StillClock, until

LANE = "ut-nowhere-lane1"


class Lane:
    """A lane of a founded state: its journal, and its link to this broker."""

    def __init__(self, ceremony: Ceremony, broker: BrokerAddress, name: str = LANE) -> None:
        self.keys = load_station_keys(ceremony.station(name), name)
        self.kept = Kept(ceremony.folder / f"journal of {name}", self.keys)
        self._opener = opening_key(str(ceremony.authority / "opener"), lambda what: Private(PASSPHRASE))
        self.words: list[object] = []
        newer = KeySetFile(ceremony.station(name) / KEY_SET, read_authority(ceremony.station(name))).newer
        self.link = Link(
            LinkPlan(self.keys, broker, (), SOON, newer), StillClock(datetime.now(UTC)), lambda: FACTS, self.words.append, self.kept.journal
        )
        self.link.start()

    def until_refused(self, *kinds: str) -> None:
        """Until the journal has a row for each of these."""
        until(self.journalled, lambda found: set(kinds) <= found)

    def journalled(self) -> set[str]:
        rows = [decode(row.content, Record) for row in self.kept.asked(self.kept.journal.unsent, 0, 1000)]
        opened = [json.loads(self._opener.open(b64decode(row.data_base64), self.keys.station, row.id).value) for row in rows]
        return {facts["what"] for facts in opened if facts.get("event") == "refused"}

    @property
    def why_down(self) -> str:
        return next((word.why for word in self.words if isinstance(word, LinkDown)), "")

    def close(self) -> None:
        self.link.close()
        self.kept.close()
