"""Root's part of moving to another version: verify the authority's command, move the link `current`, watch the station come up, go back if it does not.

It trusts nothing that a station wrote: the command is verified with the authority's public key in /etc/mpaka, which is root's, its number has to rise,
the version's folder has to be root's alone and to hold what the manifest says.
"""

import logging
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from kiosk.clock import Stamp, parse_utc
from kiosk.folders import lasting_file
from kiosk.link.commands import arguments_of
from kiosk.manifest import ROOT, Manifest, ManifestWrong, digest_of, is_loose, read_manifest, writable_by_others
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import LARGEST, SIGNED_AS, Command, CommandName, members, shaped
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.signing import signed_by
from kiosk.sealing.station import AUTHORITY, read_authority
from kiosk.versions import CURRENT, SwitchState, Told, read_told

log = logging.getLogger(__name__)

UP_WITHIN_S, STAYS_UP_S, CRASHES = 120.0, 120.0, 3
LOOK_S = 1.0
READABLE = 0o644


class NotSwitched(ValueError):
    """A wish is not carried out; the text says why."""


@dataclass(frozen=True)
class Ground:
    """Where things are: the folder of versions, that of the settings, the wish in the station's data folder, the file that tells it; whose all is.

    The authority's public key lies beside the settings as well, root's alone: the station's folder of keys is the station's."""

    station: str
    versions: Path
    settings: Path
    wish: Path
    told: Path
    owner: int = ROOT


@dataclass(frozen=True)
class UnitSeen:
    """A station's unit: the process that runs (0: none), whether it said that it is ready, and how often it was started again by itself."""

    pid: int
    up: bool
    restarts: int


class Unit(Protocol):
    """The station's unit, as systemd has it."""

    def seen(self) -> UnitSeen:
        """How it is now."""

    def restart(self) -> None:
        """End it and start it anew."""


class Watch:
    """Decides from looks at a unit whether the new version runs: RUNS, BACK with a reason, or nothing yet. PURE."""

    def __init__(self, before: UnitSeen) -> None:
        """`before`: how the unit was when the link was moved; the old version may run on for hours, until nobody is there."""
        self._old = before.pid
        self._first: UnitSeen | None = None
        self._down_since = self._up_since = 0.0
        self._up = False
        self._restarts = 0

    def look(self, seen: UnitSeen, now: float) -> tuple[SwitchState, str] | None:
        """`now` in seconds of a clock that only rises."""
        if self._first is None:
            if self._old and seen.pid == self._old:
                return None
            self._first, self._down_since, self._restarts = seen, now, seen.restarts
        if seen.restarts - self._first.restarts >= CRASHES:
            return SwitchState.BACK, f"it ended {CRASHES} times by itself"
        if seen.up and (not self._up or seen.restarts != self._restarts):
            self._up_since = now
        elif not seen.up and self._up:
            self._down_since = now
        self._up, self._restarts = seen.up, seen.restarts
        if self._up:
            return (SwitchState.RUNS, "") if now - self._up_since >= STAYS_UP_S else None
        return (SwitchState.BACK, f"it was not up within {UP_WITHIN_S:.0f} s") if now - self._down_since > UP_WITHIN_S else None


def switch(ground: Ground, unit: Unit, now: Callable[[], Stamp], rest: Callable[[float], object], monotonic: Callable[[], float]) -> None:
    """Carry out what is wanted until nothing new is. A move that a power cut interrupted is watched to its end first. Raises OSError."""
    told = read_told(ground.told)
    if told.state is SwitchState.MOVED:
        _watch(ground, unit, told, UnitSeen(0, False, 0), rest, monotonic)
    while (moved := _move(ground, unit, now())) is not None:
        told, before = moved
        _watch(ground, unit, told, before, rest, monotonic)


def wanted(ground: Ground, last: int, now: Stamp) -> tuple[Command, Manifest] | None:
    """The command that lies there, if its number is above the last one's. Raises NotSwitched, OSError."""
    content = _wish(ground.wish)
    if content is None:
        return None
    try:
        for path in (ground.settings, ground.settings / AUTHORITY):
            if not path.exists() or is_loose(path, ground.owner):
                raise NotSwitched(f"{path} is not there, or could be changed by others than root")
        authority = read_authority(ground.settings)
        found = members(content)
        command = shaped(found, Command)
        if not signed_by(SIGNED_AS[Command], found, (authority,)):
            raise NotSwitched("the command is not signed by this state's authority")
        if command.number <= last:
            return None
        manifest = read_manifest(arguments_of(command).get("manifest") or {}, authority)  # type: ignore[arg-type]
    except (BadMessage, KeysWrong, ManifestWrong) as why:
        raise NotSwitched(str(why)) from None
    if (command.name, command.station) != (CommandName.VERSION, ground.station):
        raise NotSwitched(f"the command is not a version for {ground.station}")
    if now.known and parse_utc(command.expires) < now.utc:
        raise NotSwitched("the command's time has passed")
    return command, manifest


def verify(ground: Ground, manifest: Manifest) -> None:
    """Raises NotSwitched unless this version's folder is here, root's alone, and holds what the manifest says."""
    folder = ground.versions / manifest.version
    if folder.is_symlink() or not folder.is_dir():
        raise NotSwitched(f"{folder} is not here: bring the version to this station first")
    loose = ground.versions if is_loose(ground.versions, ground.owner) else writable_by_others(folder, ground.owner)
    if loose is not None:
        raise NotSwitched(f"{loose} could be changed by others than root")
    try:
        digest = digest_of(folder)
    except ManifestWrong as why:
        raise NotSwitched(str(why)) from None
    if digest != manifest.files:
        raise NotSwitched(f"what lies in {folder} is not what the manifest says: bring it again")


def point(versions: Path, name: str) -> None:
    """Have the link `current` name this version: the old or the new, also after a power cut. Raises OSError."""
    new = versions / f"{CURRENT}.new"
    new.unlink(missing_ok=True)
    new.symlink_to(name)
    new.replace(versions / CURRENT)
    folder = os.open(versions, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _move(ground: Ground, unit: Unit, now: Stamp) -> tuple[Told, UnitSeen] | None:
    """One step: None where there is nothing to watch. What is refused is told once."""
    last = read_told(ground.told)
    version, number = "", last.number
    try:
        found = wanted(ground, last.number, now)
        if found is None:
            return None
        command, manifest = found
        version, number = manifest.version, command.number
        verify(ground, manifest)
    except NotSwitched as why:
        log.warning("version %s is refused: %s", version or "?", why)
        _tell(ground, Told(version=version, number=number, state=SwitchState.REFUSED, why=str(why)))
        return None
    link = ground.versions / CURRENT
    before, seen = link.readlink().name if link.is_symlink() else "", unit.seen()
    if before == version:
        _tell(ground, Told(version=version, number=number))
        return None
    moved = Told(version=version, number=number, state=SwitchState.MOVED, before=before)
    # told first: after a power cut in between, the watch finds the old version up, and says so
    _tell(ground, moved)
    point(ground.versions, version)
    log.info("version %s in place of %s, from the station's next start on", version, before)
    return moved, seen


def _watch(
    ground: Ground, unit: Unit, told: Told, before: UnitSeen, rest: Callable[[float], object], monotonic: Callable[[], float]
) -> None:
    link = ground.versions / CURRENT
    if not link.is_symlink() or link.readlink().name != told.version:
        point(ground.versions, told.version)
    watch = Watch(before)
    while (ended := watch.look(unit.seen(), monotonic())) is None:
        rest(LOOK_S)
    state, why = ended
    if state is SwitchState.BACK and told.before:
        log.warning("back from version %s to %s: %s", told.version, told.before, why)
        point(ground.versions, told.before)
    _tell(ground, msgspec.structs.replace(told, state=state, why=why))
    if state is SwitchState.BACK:
        unit.restart()


def _tell(ground: Ground, told: Told) -> None:
    lasting_file(ground.told, msgspec.json.encode(told), READABLE)


def _wish(path: Path) -> bytes | None:
    """What lies there; None where nothing does. Only a plain file is read: the folder is the station's. Raises NotSwitched, OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotSwitched(f"{path} is no plain file")
        return file.read(LARGEST + 1)
