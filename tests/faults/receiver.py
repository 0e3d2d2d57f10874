"""A receiver in a process of its own, for tests that kill it: python -m tests.faults.receiver FOLDER PORT SPEAKS"""

import sys
import threading
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.headquarters.receiver import ReceiverPlan, run_headquarters
from kiosk.link.connection import BrokerAddress
from kiosk.sealing.station import load_receiver_keys
from tests.kiosk.practice import RECEIVER, SOON

if __name__ == "__main__":
    folder, port, speaks = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    keys = load_receiver_keys(folder / "founding" / "stations" / RECEIVER, RECEIVER)
    run_headquarters(
        ReceiverPlan(keys, BrokerAddress("127.0.0.1", port, None, speaks), folder / "headquarters", SOON), SystemClock(), threading.Event()
    )
