"""A production broker as `mpaka keys rights` sets it up: real mosquitto, the founding's own certificates, the posts' own profile."""

import os
import shutil
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from kiosk.broker import LOOPBACK, free_port, mosquitto
from kiosk.link.connection import BrokerAddress
from kiosk.sealing.station import TlsFiles, tls_files
from tests.kiosk.founding.ceremony import Ceremony
from tests.kiosk.practice import GIVE_UP_S

HOST = "localhost"
PROFILE = """\
code = "UT-NOWHERE"
country = "UT"
name = "Nowhere"
neighbour = "Elsewhere"
layout = "juxtaposed"
legal_basis = "none: Utopia"
next_place = { name = "4" }
help_desk = { name = "2" }
[stations]
lanes = ["lane1", "lane2"]
consoles = { console1 = ["lane1"] }
"""


class StateBroker:
    """Runs until `stop`. `log` is what mosquitto says."""

    def __init__(self, ceremony: Ceremony, receivers: tuple[str, ...]) -> None:
        if mosquitto() is None:
            pytest.skip("mosquitto is not installed")
        self.folder, self.port = ceremony.folder / "broker", free_port()
        self.ceremony, self._receivers = ceremony, receivers
        ceremony.does("broker", HOST, "--folder", str(self.folder))
        ceremony.signs("sign", str(self.folder / "request.csr"), "--broker")
        self.set_up()
        self.start()

    def set_up(self, *more: str) -> None:
        """As the ceremony's `rights` and `pack` say now; before `start`."""
        for path in self.ceremony.brings(HOST).iterdir():
            shutil.copy(path, self.folder)
        profile = self.ceremony.folder / "ut-nowhere.toml"
        profile.write_text(PROFILE, encoding="utf-8")
        place = ("--to", str(self.folder), "--place", str(self.folder), "--port", str(self.port), "--address", LOOPBACK)
        self.ceremony.does("rights", str(profile), "--receivers", *self._receivers, *place, *more)
        # started by root it would give its rights up, and could then not read the folder
        user = "user root\n" if os.geteuid() == 0 else ""
        (self.folder / "whole.conf").write_text((self.folder / "mpaka.conf").read_text() + user + "log_dest stderr\n", encoding="utf-8")

    def start(self) -> None:
        self._log = (self.folder / "log").open("ab")
        command = [mosquitto() or "", "-c", str(self.folder / "whole.conf")]
        self._process = subprocess.Popen(command, stderr=self._log, stdout=self._log, cwd=self.folder)
        waited = threading.Event()
        for _ in range(int(GIVE_UP_S / 0.02)):
            assert self._process.poll() is None, self.log
            with socket.socket() as asked:
                if asked.connect_ex((LOOPBACK, self.port)) == 0:
                    return
            waited.wait(0.02)
        raise AssertionError(self.log)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(GIVE_UP_S)
        self._log.close()

    def at(self, files: TlsFiles | Path, host: str = HOST) -> BrokerAddress:
        return BrokerAddress(host, self.port, files if isinstance(files, TlsFiles) else tls_files(files))
