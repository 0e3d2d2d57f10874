"""A receiver in a process of its own, for tests that kill it: python -m tests.faults.receiver FOLDER PORT SPEAKS [DATABASE]"""

import sys
import threading
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.receiver import ReceiverPlan, run_headquarters
from kiosk.headquarters.store import STORE_FILE
from kiosk.link.connection import BrokerAddress
from kiosk.sealing.station import load_receiver_keys
from tests.kiosk.practice import RECEIVER, SOON

if __name__ == "__main__":
    folder, broker = Path(sys.argv[1]), BrokerAddress("127.0.0.1", int(sys.argv[2]), None, int(sys.argv[3]))
    keys = load_receiver_keys(folder / "founding" / "stations" / RECEIVER, RECEIVER)
    store = sys.argv[4] if len(sys.argv) > 4 else sqlite_url(folder / "headquarters" / STORE_FILE)
    run_headquarters(ReceiverPlan(keys, broker, store, SOON), SystemClock(), threading.Event())
