"""The USB laboratory: a guest in qemu whose kernel plays USB devices to itself. Scripts of the laboratory are copied, since their folder is read-only."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BUILD_S, GUEST_S = 600, 600
UDEVD = os.environ.get("MPAKA_UDEVD", "/lib/systemd/systemd-udevd")
needs_udevd = pytest.mark.skipif(
    not Path(UDEVD).exists(), reason="libusb hears of plugs from udev, which is not installed (MPAKA_UDEVD may name it)"
)
NEEDED = ("qemu-system-x86_64", "busybox", "cpio", "xz", "apt-get", "dpkg-deb")
FOLDERS = tuple(
    Path(part) / "lab" for part in (os.environ.get("MPAKA_SHARED", ""), str(ROOT.parent / "shared"), str(ROOT / "shared")) if part
)


@dataclass(frozen=True)
class Guest:
    """Runs commands as root in a fresh guest that sees this machine's files."""

    scripts: Path
    build: Path

    def run(self, command: str) -> list[str]:
        """The lines that the command printed. Fails where it did not end well."""
        words = ["nice", "-n", "10", str(self.scripts / "guest.sh"), command]
        ended = subprocess.run(
            words,
            capture_output=True,
            text=True,
            check=False,
            timeout=GUEST_S + 30,
            env={**os.environ, "BUILD": str(self.build), "T": str(GUEST_S)},
        )
        lines = [line.rstrip("\r") for line in ended.stdout.splitlines()]
        assert "GUEST_RC=0" in lines, ended.stdout[-3000:] + ended.stderr[-1000:]
        return lines

    def python(self, module: str, *arguments: str) -> list[str]:
        """A module of this checkout, by this Python."""
        told = f"PYTHONDONTWRITEBYTECODE=1 MPAKA_UDEVD={UDEVD} MPAKA_LAB_MODULES={self.modules}"
        return self.run(f"cd {ROOT} && {told} {sys.executable} -m {module} {' '.join(arguments)}")

    def measured(self, module: str, *arguments: str) -> list[Any]:
        """What the module printed as JSON behind the word MEASURED, line by line."""
        lines = self.python(module, *arguments)
        return [json.loads(line.removeprefix("MEASURED")) for line in lines if line.startswith("MEASURED")]

    @property
    def modules(self) -> Path:
        """The guest's kernel modules. Skips where only the ramdisk was kept of the build."""
        folder = self.build / "root/lib/modules"
        if not folder.is_dir():
            pytest.skip(f"{folder} is not there")
        return folder


def laboratory(folder: Path) -> Guest:
    """Built in this folder; skips where the laboratory or what it needs is missing. A folder already built is named by MPAKA_LAB_BUILD."""
    scripts = next((place for place in FOLDERS if (place / "guest.sh").exists()), None)
    if scripts is None:
        pytest.skip("the USB laboratory's scripts are not here")
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"the USB laboratory needs {', '.join(missing)}")
    copied = Path(shutil.copytree(scripts, folder / "lab", copy_function=shutil.copy))
    for script in copied.glob("*.sh"):
        script.chmod(0o755)
    built = Path(os.environ.get("MPAKA_LAB_BUILD", copied / "build"))
    if not (built / "initrd.gz").exists():
        ended = subprocess.run([str(copied / "build.sh"), str(built)], capture_output=True, text=True, check=False, timeout=BUILD_S)
        if ended.returncode:
            pytest.skip(f"the USB laboratory cannot be built here: {ended.stderr[-300:]}")
    return Guest(copied, built)
