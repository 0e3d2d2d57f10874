"""The traffic log: what goes over a device's wire, for minutes, while a technician looks: `python -m firmware_bridge.traffic DEVICE --runtime DIR`.

It is off unless the file `traffic/DEVICE.on` in the runtime folder (a tmpfs) says until when it is on, by the machine's monotonic clock and at most fifteen
minutes ahead: what is forgotten ends by itself, and so does what is left behind by a power cut. One line a piece: seconds since it was switched on, `>` sent
or `<` said, how many bytes, and the bytes as hexadecimal. In a direction in which something of a person goes, which the host knows, only control characters
are shown: `..` stands for a printable byte, `**` for one above 7F. That cannot be switched off, and nothing is written where the runtime folder does not
live in memory: docs/decisions/0007-a-traffic-log-that-hides-people.md.
"""

import argparse
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from firmware_bridge.tap import PULLED

MOST_S, FOLLOW_S = 900.0, 0.2
MOST_BYTES = 1_000_000
IN_MEMORY = ("tmpfs", "ramfs")
MOUNTS = Path("/proc/self/mountinfo")
SHOWN = 48
"""Bytes at the beginning and at the end of a long piece; of what lies between only the number is written."""


log = logging.getLogger(__name__)


class OnADisk(OSError):
    """The folder is on a disk: bytes of devices may not be written there."""


def filesystem_of(folder: Path) -> str:
    """The type of the file system that a folder is on, such as tmpfs; "" where the kernel does not say. Raises OSError where it is not there."""
    device = folder.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    rows = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines() if MOUNTS.exists() else []
    for row in rows:
        mount, _, made_by = row.partition(" - ")
        if mount.split()[2] == number:
            return made_by.split()[0]
    return ""


def demand_memory(folder: Path) -> None:
    """Raises OnADisk, which says what to do, unless the folder is in memory."""
    found = filesystem_of(folder)
    if found not in IN_MEMORY:
        raise OnADisk(
            f"no traffic log is written: {folder} is not in memory ({found or 'its file system is not known'}); "
            "mount a tmpfs there, or let `places.runtime` in the settings name a folder below /run or /dev/shm"
        )


def masked(data: bytes) -> str:
    """Bytes in a direction in which something of a person goes: control characters as they are, nothing of the others."""
    return " ".join(f"{byte:02x}" if byte < 0x20 or byte == 0x7F else "**" if byte > 0x7F else ".." for byte in data)


def shown(data: bytes, hide: bool) -> str:
    """A piece as it is written down, its middle left out where it is long."""
    write = masked if hide else lambda piece: piece.hex(" ")
    if len(data) <= 2 * SHOWN:
        return write(data)
    return f"{write(data[:SHOWN])} ({len(data) - 2 * SHOWN} more) {write(data[-SHOWN:])}"


def switch_on(runtime: Path, device: str, seconds: float) -> Path:
    """Switch a device's log on, for so long; returns the file that it is written to.

    ValueError for longer than fifteen minutes, OSError without a host, OnADisk where the folder is not in memory.
    """
    if not 0 < seconds <= MOST_S:
        raise ValueError(f"a traffic log is on for {MOST_S / 60:.0f} minutes at most")
    folder = runtime / "traffic"
    demand_memory(folder)
    written = folder / f"{device}.log"
    written.unlink(missing_ok=True)
    new = folder / f".{device}.{os.getpid()}"
    new.write_text(json.dumps({"until": time.monotonic() + seconds}), encoding="utf-8")
    # a technician may be another user than the host; nobody else gets into the folder
    new.chmod(0o644)
    new.replace(folder / f"{device}.on")
    return written


def switch_off(runtime: Path, device: str) -> None:
    """Switch it off."""
    (runtime / "traffic" / f"{device}.on").unlink(missing_ok=True)


class TrafficLog:
    """The host's side: a tap that writes while it is switched on."""

    def __init__(self, runtime: Path, device: str, personal: str) -> None:
        """`personal`: the directions, of `>` and `<`, in which something of a person goes. Makes the folder."""
        (runtime / "traffic").mkdir(mode=0o700, exist_ok=True)
        self._switch, self._log = runtime / "traffic" / f"{device}.on", runtime / "traffic" / f"{device}.log"
        self._device, self._personal = device, personal
        self._began = self._until = 0.0
        self._on = False
        self._written = 0

    def __call__(self, who: str, data: bytes) -> None:
        """What went over the wire. While the log is off this costs one look for a file."""
        now = time.monotonic()
        self._look(now)
        if not self._on:
            return
        if now >= self._until:
            self._end("its time is over")
        elif self._written > MOST_BYTES:
            self._end("it is full")
        else:
            piece = "the wire is lost" if who == PULLED else f"{len(data):4d}  {shown(data, who in self._personal)}"
            self._line(f"{now - self._began:9.3f} {who} {piece}")

    def _look(self, now: float) -> None:
        """See whether somebody switched it on or off."""
        until = self._switched() if self._switch.exists() else 0.0
        if not now < until <= now + MOST_S:
            until = 0.0
        if until and until != self._until:
            self._begin(now, until)
        elif self._on and not until and now < self._until:
            self._end("it was switched off")

    def _switched(self) -> float:
        """Until when it is on, as the file says; 0 for a file that says nothing."""
        try:
            return float(json.loads(self._switch.read_text(encoding="utf-8"))["until"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0.0

    def _begin(self, now: float, until: float) -> None:
        try:
            # asked again here: whoever wrote the switch may not have asked
            demand_memory(self._log.parent)
        except OSError as why:
            log.error("%s", why)
            self._switch.unlink(missing_ok=True)
            return
        self._began, self._until, self._written, self._on = now, until, 0, True
        self._log.unlink(missing_ok=True)
        hidden = "shows control characters only" if self._personal else "is not masked"
        self._line(f"# {self._device}: on for {until - now:.0f} s; what could name a person {hidden}")

    def _end(self, why: str) -> None:
        self._line(f"# ended: {why}")
        self._on = False
        # where it is full nobody waits for more
        self._switch.unlink(missing_ok=True)

    def _line(self, text: str) -> None:
        self._written += len(text) + 1
        # whoever may look into the runtime folder is a technician of this machine, and nobody else
        fd = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(fd, f"{text}\n".encode())
        finally:
            os.close(fd)


def follow(written: Path, until: float) -> Iterator[str]:
    """The lines of a log as they are written, to its end or until that moment of the monotonic clock."""
    at = 0
    while time.monotonic() < until:
        text = written.read_text(encoding="utf-8")[at:] if written.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        at += len(whole)
        for line in whole.splitlines():
            yield line
            if line.startswith("# ended"):
                return
        time.sleep(FOLLOW_S)


def main(arguments: Sequence[str] | None = None) -> int:
    """Switch a log on, show it, and switch it off."""
    parser = argparse.ArgumentParser(description="Show what goes over a device's wire, for minutes. What could name a person is hidden.")
    parser.add_argument("device", help="as in the settings: passport_reader, receipt_printer ...")
    parser.add_argument("--runtime", type=Path, default=Path("/run/mpaka"), help="the lane's runtime folder")
    parser.add_argument("--minutes", type=float, default=5.0, help="15 at most")
    chosen = parser.parse_args(arguments)
    # also where whoever started us ignores it, as a shell does for what runs in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        written = switch_on(chosen.runtime, chosen.device, chosen.minutes * 60)
    except (ValueError, OSError) as why:
        sys.stderr.write(f"{why}\n")
        return 2
    try:
        for line in follow(written, time.monotonic() + chosen.minutes * 60 + 1):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 0
    finally:
        switch_off(chosen.runtime, chosen.device)
    return 0


if __name__ == "__main__":
    sys.exit(main())
