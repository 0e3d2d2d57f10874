"""Every key of a running post is renewed while records flow, on a real broker: nothing is lost, doubled or unreadable."""

import json
import sqlite3
import threading
from base64 import b64decode
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.receiver import ReceiverPlan, run_headquarters
from kiosk.headquarters.store import STORE_FILE, Store
from kiosk.messages.payloads import Record, decode
from kiosk.private import Private
from kiosk.sealing.envelope import CannotOpen
from kiosk.sealing.key_set import KeySetFile
from kiosk.sealing.opening import OpeningKey, opening_key
from kiosk.sealing.station import KEY_SET, load_receiver_keys, load_station_keys, read_authority
from tests.kiosk.founding.brokers import StateBroker
from tests.kiosk.founding.ceremony import HEADQUARTERS, PASSPHRASE, Ceremony
from tests.kiosk.founding.lanes import Lane
from tests.kiosk.practice import SOON, until

LANE, CONSOLE = "ut-nowhere-lane1", "ut-nowhere-console1"


class Receiver:
    """Headquarters' receiver in a thread, with the keys that lie in its folder now."""

    def __init__(self, ceremony: Ceremony, broker: StateBroker) -> None:
        folder, self.store = ceremony.station(HEADQUARTERS), ceremony.folder / STORE_FILE
        keys, self._stop = load_receiver_keys(folder, HEADQUARTERS), threading.Event()
        newer = KeySetFile(folder / KEY_SET, read_authority(folder)).newer
        plan = ReceiverPlan(keys, broker.at(keys.tls), sqlite_url(self.store), SOON, newer=newer)
        self._thread = threading.Thread(target=run_headquarters, args=(plan, SystemClock(), self._stop))
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


class Post:
    """A post with one lane that records, and what it recorded."""

    def __init__(self, folder: Path) -> None:
        self.ceremony = Ceremony(folder)
        self.ceremony.sets_up(CONSOLE, "signing", "tls", "desk")
        self.ceremony.sets_up(HEADQUARTERS, "signing", "tls", "acknowledgement")
        self.ceremony.sets_up(LANE)
        self.ceremony.installs(HEADQUARTERS)
        self.broker = StateBroker(self.ceremony, (HEADQUARTERS,))
        self.receiver = Receiver(self.ceremony, self.broker)
        self.lane = Lane(self.ceremony, self.broker.at(self.ceremony.station(LANE)))
        self.recorded: dict[str, int] = {}

    def records(self, count: int = 5) -> None:
        for _ in range(count):
            number = len(self.recorded)
            self.recorded[self.lane.kept.recorded(json.dumps({"number": number}).encode()).record_id] = number

    def lane_starts_again(self) -> None:
        self.lane.close()
        self.lane = Lane(self.ceremony, self.broker.at(self.ceremony.station(LANE)))

    def receiver_starts_again(self) -> None:
        self.receiver.stop()
        self.receiver = Receiver(self.ceremony, self.broker)

    def until_all_is_there(self) -> None:
        until(lambda: self.lane.kept.asked(self.lane.kept.journal.waiting).rows, lambda rows: rows == 0)

    def opened(self, key: OpeningKey) -> dict[str, int]:
        """The registrations in the store that this key opens."""
        with sqlite3.connect(self.receiver.store) as connection:
            contents = [row[0] for row in connection.execute("SELECT content FROM record ORDER BY sequence")]
        connection.close()
        found = {}
        for content in contents:
            record = decode(content, Record)
            try:
                payload = json.loads(key.open(b64decode(record.data_base64), LANE, record.id).value)
            except CannotOpen:
                continue
            if "number" in payload:
                found[record.id] = payload["number"]
        return found

    def close(self) -> None:
        self.lane.close()
        self.receiver.stop()
        self.broker.stop()


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


def test_every_key_is_renewed_under_way_and_nothing_is_lost_doubled_or_unreadable(post: Post) -> None:
    ceremony, station = post.ceremony, load_station_keys(post.ceremony.station(LANE), LANE)
    post.records()
    # the station's own: headquarters has the key set first, and takes it in while it runs
    ceremony.makes(LANE)
    ceremony.enrols(LANE, how=("--renew",))
    ceremony.certifies(LANE)
    ceremony.installs(HEADQUARTERS)
    post.records()
    ceremony.installs(LANE)
    post.records()
    post.lane_starts_again()
    assert post.lane.keys.id != station.id
    post.records()
    # headquarters acknowledges with another key before the lane knows it: what it says is not believed, and nothing leaves the outbox
    ceremony.makes(HEADQUARTERS, "acknowledgement")
    ceremony.enrols(HEADQUARTERS, how=("--renew",))
    ceremony.installs(HEADQUARTERS)
    post.receiver_starts_again()
    post.records()
    post.lane.until_refused("unsigned")
    ceremony.installs(LANE)
    post.until_all_is_there()
    # headquarters' opening key
    ceremony.signs("key-set", "--new-opening-key", "--opening-passphrase-file", str(ceremony.passphrase))
    ceremony.installs(HEADQUARTERS)
    ceremony.installs(LANE)
    post.records()
    post.lane_starts_again()
    post.records()
    post.until_all_is_there()
    post.close()

    store = Store(sqlite_url(post.receiver.store))
    assert (store.gaps(), store.findings(), store.counts()[2]) == ((), (), 0)
    store.close()
    keys = sorted((ceremony.authority / "opener").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    both, old, new = (opening_key(str(source), lambda what: Private(PASSPHRASE)) for source in (keys[0].parent, *keys))
    assert post.opened(both) == post.recorded
    assert list(post.opened(both)) == list(post.recorded), "in their order"
    assert set(post.opened(old)) | set(post.opened(new)) == set(post.recorded)
    assert not set(post.opened(old)) & set(post.opened(new))
    assert len(post.opened(new)) == 5, "those that were sealed after the lane took the key set"
    pages = sorted((ceremony.authority / "shares").iterdir())
    assert post.opened(opening_key(f"shares:{pages[0]},{pages[1]}", lambda what: Private(PASSPHRASE))) == post.recorded
