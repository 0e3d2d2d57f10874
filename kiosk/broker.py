"""A broker on this machine for the demo and the tests: mosquitto where it is installed, else amqtt from PyPI. Loopback only, no root.

Neither keeps anything: stations connect with a clean session and send again until headquarters acknowledges.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kiosk.founding.rights import ENFORCED, EVERYONE, SIZES, receiving, watching
from kiosk.sealing.station import TlsFiles

LOOPBACK = "127.0.0.1"
START_S, STOP_S = 15.0, 3.0
# Debian puts it where an ordinary user's PATH does not look
MOSQUITTO_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


class NoBroker(RuntimeError):
    """No broker can be started here; the text says what to do."""


class BrokerKind(StrEnum):
    """The two that can be started."""

    MOSQUITTO = "mosquitto"
    AMQTT = "amqtt"


@dataclass(frozen=True)
class Plan:
    """What is started: which broker, where, and with mutual TLS (then for these stations alone) or plain."""

    kind: BrokerKind
    folder: Path
    port: int
    tls: TlsFiles | None = None
    receiver: str = ""
    consoles: Sequence[tuple[str, tuple[str, ...]]] = ()


class Broker:
    """A running broker. `host` and `port` say where."""

    def __init__(self, plan: Plan) -> None:
        """Start it and wait until it listens. Raises NoBroker."""
        self.kind, self.host, self.port = plan.kind, LOOPBACK, plan.port
        self._plan = plan
        plan.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._command = _MAKERS[plan.kind](plan)
        self._process = self._started()

    @property
    def speaks(self) -> int:
        """Which MQTT to begin with: 5, or 4 for 3.1.1, which is all that amqtt knows."""
        return 5 if self.kind is BrokerKind.MOSQUITTO else 4

    @property
    def process_id(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it in order; one that does not listen is killed."""
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def start_again(self) -> None:
        """The same broker on the same port, after `stop` or `kill`."""
        self._process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        log_path = self._plan.folder / "broker.log"
        with log_path.open("ab") as log:
            process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._plan.folder)
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if process.poll() is not None:
                raise NoBroker(f"{self.kind} ended at once with status {process.returncode}; {log_path} says why")
            if _listens(self.port):
                return process
            time.sleep(0.02)
        process.kill()
        process.wait()
        raise NoBroker(f"{self.kind} does not listen on port {self.port} after {START_S:.0f} s; {log_path} says why")


def start_broker(folder: Path, port: int = 0, kind: BrokerKind | None = None) -> Broker:
    """A plain broker on the loopback address; port 0 takes a free one. Raises NoBroker, which says what to install."""
    return Broker(Plan(kind or found_broker(), folder, port or free_port()))


def start_tls_broker(folder: Path, tls: TlsFiles, receiver: str, consoles: Sequence[tuple[str, tuple[str, ...]]], port: int = 0) -> Broker:
    """A mosquitto with mutual TLS and the rights of docs/reporting.md: `consoles` names each console and the lanes that it watches."""
    if mosquitto() is None:
        raise NoBroker("mutual TLS on this machine needs mosquitto: apt-get install mosquitto")
    return Broker(Plan(BrokerKind.MOSQUITTO, folder, port or free_port(), tls, receiver, consoles))


def found_broker() -> BrokerKind:
    """Which broker this machine has. Raises NoBroker."""
    if mosquitto() is not None:
        return BrokerKind.MOSQUITTO
    if importlib.util.find_spec("amqtt") is not None:
        return BrokerKind.AMQTT
    raise NoBroker("no broker here: apt-get install mosquitto, or pip install 'mpaka[demo]'")


def mosquitto() -> str | None:
    """Where the mosquitto program is, if anywhere."""
    return shutil.which("mosquitto", path=MOSQUITTO_PATH)


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        return int(asked.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(0.5)
        return asked.connect_ex((LOOPBACK, port)) == 0


def _mosquitto(plan: Plan) -> list[str]:
    program = mosquitto()
    if program is None:
        raise NoBroker("mosquitto is not installed: apt-get install mosquitto")
    lines = [f"listener {plan.port} {LOOPBACK}", "persistence false", "log_dest stderr"]
    if os.geteuid() == 0:
        # started by root it would give its rights up, and could then not read the folder
        lines.append("user root")
    lines += ["allow_anonymous true", *SIZES] if plan.tls is None else _tls_lines(plan, plan.tls)
    conf = plan.folder / "mosquitto.conf"
    conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [*_dies_with_us(), program, "-c", str(conf)]


def _tls_lines(plan: Plan, tls: TlsFiles) -> list[str]:
    rights = plan.folder / "rights"
    rights.write_text("\n".join(_rights(plan.receiver, plan.consoles)) + "\n", encoding="utf-8")
    return [
        f"cafile {tls.authority}",
        f"certfile {tls.certificate}",
        f"keyfile {tls.key}",
        *ENFORCED,
        f"acl_file {rights}",
    ]


def _rights(receiver: str, consoles: Sequence[tuple[str, tuple[str, ...]]]) -> list[str]:
    """For practice, where stations come and go: everyone its own subtree, consoles what concerns their lanes, the receiver the rest."""
    lines = [f"pattern readwrite {EVERYONE[:-2]}/%u/#", *receiving(receiver)]
    for console, lanes in consoles:
        lines += [f"user {console}", *watching(lanes)]
    return lines


def _amqtt(plan: Plan) -> list[str]:
    conf = plan.folder / "amqtt.yaml"
    conf.write_text(
        f"listeners:\n  default:\n    type: tcp\n    bind: {LOOPBACK}:{plan.port}\n"
        "plugins:\n  amqtt.plugins.authentication.AnonymousAuthPlugin:\n    allow_anonymous: true\n",
        encoding="utf-8",
    )
    return [*_dies_with_us(), sys.executable, "-c", "from amqtt.scripts.broker_script import main; main()", "-c", str(conf)]


def _dies_with_us() -> list[str]:
    """Where util-linux is there, the broker ends with the program that started it, also when that one is killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


_MAKERS = {BrokerKind.MOSQUITTO: _mosquitto, BrokerKind.AMQTT: _amqtt}
