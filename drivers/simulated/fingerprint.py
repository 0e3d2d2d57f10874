"""A simulated fingerprint scanner: the external driver, with a vendor's program that we play."""

import sys
from pathlib import Path
from typing import Any

from drivers.driver import DeviceAbsent, Outlet
from drivers.fingerprint.external import ExternalScanner
from drivers.simulated.faults import read_script
from drivers.simulated.finger_program import DEVICE, UNPLUGGED
from drivers.simulated.scene import Scene

ENDS_WITHIN_S = 2.0


class SimulatedScanner(ExternalScanner):
    """Settings: `scene`, the folder of the scene; `runtime` comes from the host."""

    name = "simulated-fingerprint-scanner"

    def __init__(self, settings: dict[str, Any]) -> None:
        program = [sys.executable, "-m", "drivers.simulated.finger_program", "--scene", str(settings["scene"])]
        super().__init__({**settings, "program": program})
        self._scene = Scene(Path(settings["scene"]))
        self._pulled_by = ""

    def open(self, outlet: Outlet) -> str:
        """Start the program, unless the plug is out: then its script has to change first. Raises DeviceAbsent."""
        script = self._scene.read(DEVICE).fault
        if read_script(script).unplug_after == 0 or (script and script == self._pulled_by):
            raise DeviceAbsent("unplugged")
        self._pulled_by = ""
        return super().open(outlet)

    def close(self) -> None:
        """End the program, and remember whether its plug was pulled."""
        script = self._scene.read(DEVICE).fault
        pulled = read_script(script).unplug_after is not None
        status = self._program.end(ENDS_WITHIN_S if pulled else 0.0)
        if status is not None:
            self._pulled_by = script if pulled and status == UNPLUGGED else ""
