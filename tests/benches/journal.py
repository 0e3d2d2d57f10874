"""Journal and link: `python -m tests.benches.journal [--records 200]`.

One record as a lane keeps it: 1.5 kB of data and a face of 20 kB, sealed for three readers, signed, chained, committed with synchronous=FULL.
p50 and p99 of one record to Recorded; records a second when many wait; sealing and signing alone; the disk's own fsync of 4 kB beside them, since
it decides the rest. Then from asking to record until the journal has let the record go upon headquarters' signed acknowledgement, with each
broker that is here; and how long a backlog takes. TMPDIR names the disk that is measured.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.broker import BrokerKind, mosquitto, start_broker
from kiosk.journal.rows import Kind, NewPicture, Recorded
from kiosk.link.words import LinkUp
from kiosk.messages.payloads import Picture
from kiosk.private import Private
from kiosk.sealing.envelope import seal
from kiosk.sealing.signing import sign_members
from tests.benches.figures import cpu_s, machine, spread, table
from tests.kiosk.practice import GIVE_UP_S, LANE, Headquarters, Kept, Practice, Station, plain

DATA, FACE = os.urandom(1500), b"\xff\xd8" + os.urandom(20_000)
ROW = {"station": LANE, "sequence": f"{1:020d}", "prevhash": "0" * 64, "content": "x" * 3000}
LOOK_S = 0.001


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200)
    chosen = parser.parse_args(arguments)
    print(machine())
    with tempfile.TemporaryDirectory(prefix="mpaka-bench-") as place:
        practice = Practice(Path(place))
        table("alone", _alone(practice, chosen.records))
        table("journal", _journal(practice, chosen.records))
    for kind in [BrokerKind.MOSQUITTO, BrokerKind.AMQTT] if mosquitto() else [BrokerKind.AMQTT]:
        with tempfile.TemporaryDirectory(prefix="mpaka-bench-") as place:
            table(f"to headquarters over {kind}", _link(Practice(Path(place)), kind, chosen.records))
    return 0


def _alone(practice: Practice, rounds: int) -> dict[str, str]:
    keys = practice.keys()
    readers = keys.readers()
    return {
        f"seal 1.5 kB for {len(readers)} readers": _micro(lambda: seal(Private(DATA), LANE, "a", readers), rounds),
        f"seal 20 kB for {len(readers)} readers": _micro(lambda: seal(Private(FACE), LANE, "a", readers), rounds),
        "sign a row of 3 kB": _micro(lambda: sign_members("record", ROW, keys.signing), rounds),
        "fsync of 4 kB": _fsync(practice.folder, rounds),
    }


def _micro(what: Callable[[], object], rounds: int) -> str:
    what()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        what()
        times.append(time.perf_counter() - began)
    return spread(times, 99, unit=1e6, name="us")


def _fsync(folder: Path, rounds: int) -> str:
    with (folder / "fsync").open("wb") as file:

        def write() -> None:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())

        return _micro(write, rounds)


def _record(kept: Kept, ticket: int) -> None:
    kept.journal.record(ticket, Kind.REGISTRATION, Private(DATA), [NewPicture(Picture.FACE, Private(FACE))])


def _recorded(kept: Kept) -> None:
    answer = kept.answer()
    if not isinstance(answer, Recorded):
        raise TypeError(f"not recorded: {answer}")


def _journal(practice: Practice, records: int) -> dict[str, str]:
    kept, single = practice.journal(), []
    cpu = cpu_s(os.getpid())
    for number in range(records):
        began = time.perf_counter()
        _record(kept, number)
        _recorded(kept)
        single.append(time.perf_counter() - began)
    cpu = cpu_s(os.getpid()) - cpu
    began = time.perf_counter()
    for number in range(records):
        _record(kept, records + number)
    for _ in range(records):
        _recorded(kept)
    rate = records / (time.perf_counter() - began)
    kept.close()
    return {
        "one record and its face to Recorded": spread(single, 99, digits=1) + f", CPU {cpu / records * 1000:.1f} ms each",
        "records a second, each with its own commit": f"{rate:.0f}",
    }


def _link(practice: Practice, kind: BrokerKind, records: int) -> dict[str, str]:
    broker = start_broker(practice.folder / "broker", kind=kind)
    kept, headquarters = practice.journal(), Headquarters(practice, plain(broker))
    station = Station(practice, plain(broker), kept)
    try:
        while station.word() != LinkUp():
            pass
        # headquarters may still be on its way to the broker: the first one waits for it
        _record(kept, 9_999)
        _recorded(kept)
        _delivered(kept)
        acknowledged = []
        for number in range(records // 4 or 1):
            began = time.perf_counter()
            _record(kept, number)
            _recorded(kept)
            _delivered(kept)
            acknowledged.append(time.perf_counter() - began)
        began = time.perf_counter()
        for number in range(records):
            _record(kept, 10_000 + number)
        for _ in range(records):
            _recorded(kept)
        _delivered(kept)
        took = time.perf_counter() - began
    finally:
        station.link.close()
        kept.close()
        headquarters.stop()
        broker.stop()
    return {
        "asked to record, to acknowledged and let go, face included": spread(acknowledged, 99, digits=1),
        "records a second, recorded and delivered with their faces": f"{records / took:.0f}",
    }


def _delivered(kept: Kept) -> None:
    """Until headquarters has everything. Raises TimeoutError."""
    due = time.monotonic() + 2 * GIVE_UP_S
    while (left := kept.asked(kept.journal.waiting)) and (left.rows or left.pictures):
        if time.monotonic() > due:
            raise TimeoutError(f"{left.rows} rows and {left.pictures} pictures still wait")
        time.sleep(LOOK_S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
