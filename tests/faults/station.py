"""A station in a process of its own, for tests that kill it: records as fast as it can and writes down what it was told is recorded.

    python -m tests.faults.station FOLDER PORT SPEAKS COUNT
FOLDER is a practice folder with a founding. Each recorded id is appended, synced, to FOLDER/accepted; `done` is printed at the end.
"""

import os
import queue
import sys
import threading
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.journal.rows import Answer, Kind, NewPicture, Recorded
from kiosk.journal.writer import Journal
from kiosk.link.connection import BrokerAddress
from kiosk.link.link import Link
from kiosk.link.words import Facts, LinkPlan
from kiosk.messages.payloads import LaneState, Picture
from kiosk.private import Private
from kiosk.sealing.station import load_station_keys
from tests.kiosk.practice import LANE, SOON


def run(folder: Path, port: int, speaks: int, count: int) -> None:
    """Record until `count` are accepted over all starts, then go on reporting until killed."""
    keys = load_station_keys(folder / "founding" / "stations" / LANE, LANE)
    told: queue.Queue[Answer] = queue.Queue()
    clock = SystemClock()
    journal = Journal(folder / "journal", keys, clock, told.put)
    link = Link(
        LinkPlan(keys, BrokerAddress("127.0.0.1", port, None, speaks), (), SOON),
        clock,
        lambda: Facts(LaneState.OPEN),
        lambda word: None,
        journal,
    )
    link.start()
    accepted = os.open(folder / "accepted", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    done = os.fstat(accepted).st_size // 37
    pace = threading.Event()
    for ticket in range(done, count):
        pictures = [NewPicture(Picture.FACE, Private(bytes(3000)))] if ticket % 3 == 0 else []
        journal.record(ticket, Kind.REGISTRATION, Private(b"%d" % ticket), pictures)
        answer = told.get()
        if isinstance(answer, Recorded):
            os.write(accepted, answer.record_id.encode() + b"\n")
            os.fsync(accepted)
        pace.wait(0.005)
    print("done", flush=True)
    sys.stdin.read()
    link.close()
    journal.close()


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
