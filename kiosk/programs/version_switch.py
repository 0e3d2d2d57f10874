"""`python -m kiosk.programs.version_switch lane`: root's program that moves a station to the version that headquarters ordered; one move, then it ends.

Everything it needs is imported before the link is moved: what `current` names is another version afterwards.
"""

import argparse
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.settings import ConsoleSettings, LaneSettings, SettingsWrong, beside, load
from kiosk.switching import Ground, UnitSeen, switch
from kiosk.versions import TOLD, WISH

SETTINGS: dict[str, type[LaneSettings] | type[ConsoleSettings]] = {"lane": LaneSettings, "console": ConsoleSettings}
SYSTEMCTL, PATIENCE_S = "/usr/bin/systemctl", 60


class SystemdUnit:
    """A unit, asked and restarted through systemctl."""

    def __init__(self, name: str, systemctl: str = SYSTEMCTL) -> None:
        self._name, self._systemctl = name, systemctl

    def seen(self) -> UnitSeen:
        """How it is now. Raises OSError where systemd does not answer."""
        said = self._run("show", "--property=MainPID,ActiveState,NRestarts", self._name)
        found = dict(line.partition("=")[::2] for line in said.splitlines())
        return UnitSeen(int(found.get("MainPID") or 0), found.get("ActiveState") == "active", int(found.get("NRestarts") or 0))

    def restart(self) -> None:
        """End it and start it anew, without waiting until it is up. Raises OSError."""
        self._run("restart", "--no-block", self._name)

    def _run(self, *words: str) -> str:
        try:
            done = subprocess.run([self._systemctl, *words], capture_output=True, text=True, timeout=PATIENCE_S, check=True)
        except subprocess.SubprocessError as why:
            raise OSError(f"systemctl {words[0]} {self._name}: {type(why).__name__}") from None
        return done.stdout


def ground_of(kind: str, settings: Path) -> Ground:
    """Where the things of this station are. Raises SettingsWrong."""
    found = load(settings, SETTINGS[kind])
    places = found.places
    data, told = beside(settings, places.data), beside(settings, places.switch) / TOLD[kind]
    return Ground(found.station, beside(settings, places.versions), settings.absolute().parent, data / WISH, told, os.geteuid())


def main(arguments: list[str] | None = None) -> int:
    """Carry out what is wanted. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Move a station to the version that headquarters ordered; run by mpaka-version@.service.")
    parser.add_argument("kind", choices=sorted(SETTINGS))
    parser.add_argument("--settings", type=Path, help="default: /etc/mpaka/KIND.toml")
    parser.add_argument("--systemctl", default=SYSTEMCTL, help="default: %(default)s")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    unit, nobody = SystemdUnit(f"mpaka-{chosen.kind}.service", chosen.systemctl), threading.Event()
    try:
        ground = ground_of(chosen.kind, chosen.settings or Path(f"/etc/mpaka/{chosen.kind}.toml"))
        switch(ground, unit, SystemClock().now, nobody.wait, time.monotonic)
    except (SettingsWrong, OSError) as why:
        print(f"version switch: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
