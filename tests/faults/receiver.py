"""A receiver in a process of its own, for tests that kill it: python -m tests.faults.receiver FOLDER PORT SPEAKS [DATABASE NAME]

With a name of its own it is one of several; it then prints how many messages it takes in each go.
"""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.headquarters import receiver
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.store import STORE_FILE
from kiosk.link.connection import BrokerAddress, Came
from kiosk.sealing.station import load_receiver_keys
from tests.kiosk.practice import RECEIVER, SOON


class Telling(receiver.Receiver):
    """Says what it takes."""

    def take(self, messages: Sequence[Came]) -> list[tuple[str, bytes]]:
        acks = super().take(messages)
        if messages:
            print(len(messages), flush=True)
        return acks


if __name__ == "__main__":
    folder, broker = Path(sys.argv[1]), BrokerAddress("127.0.0.1", int(sys.argv[2]), None, int(sys.argv[3]))
    store, name = sys.argv[4:] or (sqlite_url(folder / "headquarters" / STORE_FILE), RECEIVER)
    if name != RECEIVER:
        receiver.Receiver = Telling  # type: ignore[misc]
    keys = load_receiver_keys(folder / "founding" / "stations" / RECEIVER, name)
    receiver.run_headquarters(receiver.ReceiverPlan(keys, broker, store, SOON), SystemClock(), threading.Event())
