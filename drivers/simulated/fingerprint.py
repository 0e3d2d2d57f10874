"""A simulated fingerprint scanner: the external driver, with a vendor's program that we play."""

import sys
from pathlib import Path
from typing import Any

from drivers.driver import DeviceAbsent, Outlet
from drivers.fingerprint.external import ExternalScanner
from drivers.simulated.faults import read_script
from drivers.simulated.finger_program import DEVICE
from drivers.simulated.scene import Scene


class SimulatedScanner(ExternalScanner):
    """Settings: `scene`, the folder of the scene; `runtime` comes from the host."""

    name = "simulated-fingerprint-scanner"

    def __init__(self, settings: dict[str, Any]) -> None:
        program = [sys.executable, "-m", "drivers.simulated.finger_program", "--scene", str(settings["scene"])]
        super().__init__({**settings, "program": program})
        self._scene = Scene(Path(settings["scene"]))

    def open(self, outlet: Outlet) -> str:
        """Start the program, unless the plug is out. Raises DeviceAbsent."""
        if read_script(self._scene.read(DEVICE).fault).unplug_after is not None:
            raise DeviceAbsent("unplugged")
        return super().open(outlet)
