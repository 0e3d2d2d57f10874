"""`mpaka broker`: a broker for practice on the loopback address, in the foreground. A state's own broker is set up by its people."""

import resource
import tempfile
import threading
from pathlib import Path

from kiosk.broker import Broker, NoBroker, start_broker, start_tls_broker
from kiosk.programs.practice import broker_files
from kiosk.programs.setting_up import end_on_signals
from kiosk.sealing.station import tls_files

LOOK_S = 0.5


def run(port: int, founding: Path | None) -> int:
    """Run it until the process is told to end; with a founding it wants mutual TLS. Returns the exit status. Raises NoBroker, KeysWrong."""
    stop = threading.Event()
    # a fleet has one line a lane
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    end_on_signals(stop.set)
    with tempfile.TemporaryDirectory(prefix="mpaka-broker-") as folder:
        broker = _started(Path(folder), port, founding)
        print(f"{broker.kind} listens on {broker.host}:{broker.port}, {'plain' if founding is None else 'mutual TLS'}", flush=True)
        while not stop.wait(LOOK_S):
            if not broker.running:
                raise NoBroker(f"{broker.kind} ended by itself: {_last_word(Path(folder))}")
        broker.stop()
    return 0


def _started(folder: Path, port: int, founding: Path | None) -> Broker:
    try:
        if founding is None:
            return start_broker(folder, port)
        place, receiver = broker_files(founding)
        return start_tls_broker(folder, tls_files(place), receiver, (), port)
    except NoBroker as why:
        raise NoBroker(f"{why} ({_last_word(folder)}); is something else on port {port}?") from None


def _last_word(folder: Path) -> str:
    """The last line of the broker's log, which goes away with the folder."""
    log = folder / "broker.log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return lines[-1] if lines else "no word of its own"
