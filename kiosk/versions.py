"""Moving to another version of the program: what a station writes, and what it is told. The station itself moves nothing: it has no right to.

It lays the authority's command, as it came, into its data folder. A small program of root's (switching.py) finds it there, verifies it again, moves
the link `current`, and says so in a file; the station ends itself when nobody is there, and its unit starts what the link names.
"""

import logging
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.folders import lasting_file
from kiosk.link.commands import arguments_of, object_wish
from kiosk.manifest import ManifestWrong, read_manifest
from kiosk.messages.payloads import SIGNED_AS, Command, encode, members
from kiosk.obeying import NotObeyed, Obeyed
from kiosk.sealing.signing import signed_by

log = logging.getLogger(__name__)

CURRENT = "current"
WISH = Path("wanted", "version.json")
"""Where in a station's data folder the command lies."""
TOLD = {"lane": "lane.json", "console": "console.json"}
"""The file in `places.switch` that tells a kind of station what became of it."""


class SwitchState(StrEnum):
    """MOVED: the link names it, the station does not run it yet or not for long. RUNS: it was up and stayed up. BACK: to the one before."""

    REFUSED = "refused"
    MOVED = "moved"
    RUNS = "runs"
    BACK = "back"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What root's program says of the last command: of its version and number, and from which version it was moved."""

    version: str = ""
    number: int = 0
    state: SwitchState = SwitchState.RUNS
    before: str = ""
    why: str = ""


def read_told(path: Path) -> Told:
    """What is said there; nothing where no version was ever ordered, or the file is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Told)
    except (OSError, msgspec.DecodeError):
        return Told()


class Versions:
    """A station's side. `look` is asked now and then."""

    def __init__(self, folder: Path, data: Path, told: Path, running: str) -> None:
        """`folder` holds one folder a version, `data` is the station's, `told` the file that root's program writes; `running` is our version."""
        self._folder, self._wish, self._path, self._running = folder, data / WISH, told, running
        self._told, self._noted = read_told(told), False

    def obey(self, command: Command, authority: Ed25519PublicKey) -> Obeyed:
        """Lay the command down for root's program. Raises NotObeyed, OSError."""
        if not signed_by(SIGNED_AS[Command], members(encode(command)), (authority,)):
            raise NotObeyed("a version is ordered with the authority's own key; a delegate's does not count")
        found = object_wish(arguments_of(command), "manifest")
        if isinstance(found, str):
            raise NotObeyed(found)
        try:
            manifest = read_manifest(found, authority)
        except ManifestWrong as why:
            raise NotObeyed(str(why)) from None
        if manifest.version != arguments_of(command).get("version"):
            raise NotObeyed("args.version is not the manifest's")
        place = self._folder / manifest.version
        if not place.is_dir():
            raise NotObeyed(f"{place} is not here: bring the version to this station first")
        lasting_file(self._wish, encode(command))
        return Obeyed(why=f"version {manifest.version} is taken when nobody is there")

    def look(self, note: Callable[[dict[str, str | int]], None]) -> bool:
        """Whether the station is to end when nobody is there. What became of the last command is noted once, and again after a start."""
        told = read_told(self._path)
        if told != self._told or (not self._noted and told.state in (SwitchState.BACK, SwitchState.REFUSED)):
            log.info("version %s: %s %s", told.version, told.state, told.why)
            note({"deed": f"version_{told.state}", "version": told.version, "before": told.before, "why": told.why})
        self._told, self._noted = told, True
        return told.state is SwitchState.MOVED and told.version != self._running

    def facts(self) -> dict[str, str]:
        """For the status: what is to run and does not yet, or why what was ordered does not."""
        told = self._told
        if told.state in (SwitchState.BACK, SwitchState.REFUSED):
            return {"switch": f"{told.version}: {told.state}: {told.why}"}
        return {"wanted": told.version} if told.state is SwitchState.MOVED and told.version != self._running else {}
