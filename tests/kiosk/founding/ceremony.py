"""A state's founding as its people do it: every step is the command line's own."""

from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.founding.requests import read_request
from kiosk.sealing.key_set import PublicKeys, load_key_set
from kiosk.sealing.signing import key_id
from kiosk.sealing.station import read_authority

HEADQUARTERS = "ut-hq-headquarters1"
PASSPHRASE = "six words drawn by dice"


class Ceremony:
    """The authority's folder and the stations', in a folder that goes away."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder, self.authority = folder, folder / "authority"
        self.passphrase = folder / "passphrase"
        self.passphrase.touch(0o600)
        self.passphrase.write_text(PASSPHRASE + "\n", encoding="utf-8")
        guarded = ("--passphrase-file", str(self.passphrase), "--opening-passphrase-file", str(self.passphrase))
        self.does("found", str(self.authority), "--headquarters", HEADQUARTERS, *guarded, *more)

    def does(self, *words: str) -> None:
        assert main(["keys", *words]) == 0, words

    def signs(self, step: str, *words: str) -> None:
        self.does(step, "--authority", str(self.authority), "--passphrase-file", str(self.passphrase), *words)

    def refuses(self, capsys: pytest.CaptureFixture[str], *words: str) -> str:
        capsys.readouterr()
        assert main(["keys", *words]) == 1, words
        return capsys.readouterr().err

    def station(self, name: str) -> Path:
        return self.folder / "stations" / name

    def makes(self, name: str, *parts: str) -> None:
        """Keys made at the station."""
        self.does("station", name, "--folder", str(self.station(name)), *(("--parts", *parts) if parts else ()))

    def enrols(self, *names: str, how: tuple[str, ...] = ()) -> None:
        self.signs("enrol", *(str(self.station(name) / "request.json") for name in names), "--yes", *how)

    def certifies(self, name: str) -> None:
        self.signs("sign", str(self.station(name) / "request.csr"))

    def brings(self, name: str) -> Path:
        """A stick with what the station takes."""
        stick = self.folder / "sticks" / name
        self.does("pack", name, "--authority", str(self.authority), "--to", str(stick))
        return stick

    def installs(self, name: str) -> None:
        stick = self.brings(name)
        self.does("install", name, str(stick), "--folder", str(self.station(name)), "--authority", self.authority_id)

    def sets_up(self, name: str, *parts: str) -> Path:
        """All steps of a station; returns its folder."""
        self.makes(name, *parts)
        self.enrols(name)
        self.certifies(name)
        self.installs(name)
        return self.station(name)

    @property
    def authority_id(self) -> str:
        return key_id(read_authority(self.authority).public_bytes_raw())

    @property
    def known(self) -> PublicKeys:
        return load_key_set(self.authority / "key-set.json", read_authority(self.authority))

    def asked(self, name: str) -> str:
        return read_request((self.station(name) / "request.json").read_bytes(), self.known).keyid
