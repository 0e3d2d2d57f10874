"""The way that most programs report over MQTT, to stand beside ours in the matrix: paho at QoS 1, its own queue and thread, a persistent session.

    python -m tests.faults.plain_paho lane PORT RECORDS RATE LEDGER
    python -m tests.faults.plain_paho headquarters PORT DATABASE
"Done" is said when `publish` took the record; the lane ends when every record was confirmed by the broker. Headquarters stores each arrival.
"""

import json
import os
import sqlite3
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

TOPIC = "plain/records"
KEEPALIVE_S = 10


def client(name: str) -> Client:
    made = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
    made.reconnect_delay_set(1, 2)
    return made


def lane(port: int, records: int, rate: float, path: Path) -> None:
    ledger = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    first = len(path.read_text().split())
    confirmed, came = set[int](), threading.Event()

    def has(_: Client, __: Any, message: int, *___: Any) -> None:
        # more than once for one message where the line broke
        confirmed.add(message)
        came.set()

    line = client("plain-lane")
    line.on_publish = has
    line.connect_async("127.0.0.1", port, KEEPALIVE_S)
    line.loop_start()
    began = time.monotonic()
    for number in range(first, records):
        time.sleep(max(0.0, began + (number - first) / rate - time.monotonic()))
        record_id = str(uuid.uuid4())
        sent = line.publish(TOPIC, json.dumps({"id": record_id, "sequence": number, "payload": "x" * 1000}), qos=1)
        if sent.rc in (MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN):
            os.write(ledger, f"{record_id}\n".encode())
    while len(confirmed) < records - first:
        came.wait()
        came.clear()


def headquarters(port: int, path: Path) -> None:
    store = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    store.execute("CREATE TABLE IF NOT EXISTS arrival (id TEXT, sequence INTEGER)")

    def came(_: Client, __: Any, message: Any) -> None:
        found = json.loads(message.payload)
        store.execute("INSERT INTO arrival VALUES (?, ?)", (found["id"], found["sequence"]))

    line = client("plain-headquarters")
    line.on_message = came
    line.on_connect = lambda *_: line.subscribe(TOPIC, 1)
    line.on_subscribe = lambda *_: print("ready", flush=True)
    line.connect_async("127.0.0.1", port, KEEPALIVE_S)
    line.loop_forever(retry_first_connection=True)


if __name__ == "__main__":
    if sys.argv[1] == "lane":
        lane(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), Path(sys.argv[5]))
    else:
        headquarters(int(sys.argv[2]), Path(sys.argv[3]))
