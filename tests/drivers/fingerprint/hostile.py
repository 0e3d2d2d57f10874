"""Recordings in which one thing goes wrong: `python -m tests.drivers.fingerprint.hostile READER [--count 100] [--seed 1] [--umockdev]`.

A packet is lost, late, twice there, cut, lengthened, changed or refused. The driver may say that the device is gone, or that no picture could be had; or it
gives the picture, which then differs from the true one in no more pixels than bytes were changed on the wire (it has no checksum). With --umockdev altered
capture files play through libusb into a process of their own, else the packets play on a simulated plug. Prints how often what came out.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import cv2

from drivers.contract import CaptureFinger, Finger, FingerCaptured
from drivers.driver import DeviceAbsent, Driver
from drivers.simulated.usb_plug import UsbPlug
from tests.drivers.fingerprint.open_driver import OpenDriver
from tests.drivers.fingerprint.replayed import LIBFPRINT, READERS, command, folder_of
from tests.drivers.fingerprint.usb_recordings import (
    RECORDINGS,
    altered,
    altered_packets,
    read_recording,
    reference,
    write_recording,
)

PATIENCE_S, LONGEST_S, LONGEST_PROCESS_S = 0.15, 20.0, 60.0


class Failed(AssertionError):
    """A driver did something that it may not do."""


def on_plug(name: str, count: int, seed: int, patience_s: float = PATIENCE_S) -> Counter[str]:
    """So many altered conversations on a simulated plug: how often what came out. Raises Failed."""
    found, reader, true = Counter[str](), READERS[name], reference(READERS[name].folder)
    conversation = reader.conversation()
    with tempfile.TemporaryDirectory() as place:
        for number in range(count):
            changed, what, turned = altered(conversation, random.Random(f"{seed} {number}"))
            plug = UsbPlug()
            plug.plug(reader.played(changed, strict=False))
            began = time.monotonic()
            outcome, wrong = _attempt(reader.driver({}, plug), Path(place), true, patience_s)
            if wrong > turned or time.monotonic() - began > LONGEST_S:
                raise Failed(f"number {number} of seed {seed}, {what}: {outcome}, {wrong} pixels wrong, {time.monotonic() - began:.1f} s")
            found[f"{what}: {outcome}"] += 1
    return found


def _attempt(driver: Driver, folder: Path, true: cv2.typing.MatLike, patience_s: float) -> tuple[str, int]:
    """What came of one capture, and how many pixels of its picture are wrong."""
    try:
        with OpenDriver(driver, folder) as opened:
            answer = opened.order(CaptureFinger(Finger.RIGHT_THUMB), patience_s)
            wrong = int((opened.image(answer.picture) != true).sum()) if isinstance(answer, FingerCaptured) else 0
            return type(answer).__name__, wrong
    except DeviceAbsent:
        return "gone", 0


def through_libusb(name: str, count: int, seed: int) -> Counter[str]:
    """So many altered capture files, each replayed by umockdev into a process. Raises Failed."""
    found, folder = Counter[str](), folder_of(name)
    true, (before, packets) = reference(folder), read_recording(RECORDINGS / folder / "capture.pcapng")
    with tempfile.TemporaryDirectory() as place:
        capture, picture = Path(place) / "capture.pcapng", Path(place) / "picture.png"
        for number in range(count):
            picture.unlink(missing_ok=True)
            changed, what, turned = altered_packets(packets, random.Random(f"{seed} {number}"))
            write_recording(capture, before, changed)
            done = subprocess.run(
                command(name, picture, capture), capture_output=True, text=True, check=False, timeout=LONGEST_PROCESS_S, errors="replace"
            )
            wrong = int((cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE) != true).sum()) if picture.exists() else 0
            if done.returncode or wrong > turned:
                raise Failed(f"number {number} of seed {seed}, {what}: {wrong} pixels wrong; {done.stderr[-600:]}")
            found[f"{what}: {json.loads(done.stdout.splitlines()[-1])['outcome'].partition(':')[0]}"] += 1
    return found


def main(arguments: list[str]) -> int:
    """Run and print; exit status 1 where a driver did what it may not do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", choices=[*sorted(READERS), f"{LIBFPRINT}uru4000"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--umockdev", action="store_true")
    chosen = parser.parse_args(arguments)
    try:
        found = (through_libusb if chosen.umockdev or chosen.reader.startswith(LIBFPRINT) else on_plug)(
            chosen.reader, chosen.count, chosen.seed
        )
    except Failed as why:
        print(why)
        return 1
    for what, times in sorted(found.items()):
        print(f"{times:8d}  {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
