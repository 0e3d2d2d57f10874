"""Fault scripts as data: what goes wrong between an emulator and its driver. One script is a few words divided by spaces.

silence          answers stay away           split:N      bytes come N at a time
garbage:N        noise before each Nth answer slow:N       N milliseconds before each answer
garble:N         byte N from now on is changed double:N     byte N from now on comes twice
mute:N           after N bytes from now on nothing comes any more
unplug           the plug is pulled           unplug:N     ... after N bytes from now on, and stays out until the script is another
print            the device's library prints to standard output
"""

import os
import time
from dataclasses import dataclass
from typing import Any

NOISE = bytes([0x00, 0xFF, 0x49, 0x7E, 0x0D])
GARBLED = 0x03
"""The bits that a garbled byte has changed: a letter of a zone becomes another letter or a digit, as on a noisy wire."""


class ScriptWrong(ValueError):
    """Not a fault script."""


class Unplugged(Exception):
    """The plug is pulled; `before` are the bytes that still went out."""

    def __init__(self, before: bytes = b"") -> None:
        super().__init__(before)
        self.before = before


@dataclass(frozen=True)
class Faults:
    """A script read."""

    silence: bool = False
    split: int = 0
    garbage: int = 0
    slow_ms: int = 0
    unplug_after: int | None = None
    prints: bool = False
    garble_at: int = 0
    double_at: int = 0
    mute_after: int | None = None


_WORDS: dict[str, tuple[str, int | None]] = {
    "silence": ("silence", None),
    "split": ("split", 1),
    "garbage": ("garbage", 1),
    "slow": ("slow_ms", 0),
    "garble": ("garble_at", 1),
    "double": ("double_at", 1),
    "mute": ("mute_after", 0),
    "unplug": ("unplug_after", 0),
    "print": ("prints", None),
}
"""Word of a script -> the fault, and the least of it; None for what needs no number."""


def read_script(text: str) -> Faults:
    """The faults that a script orders. Raises ScriptWrong."""
    faults: dict[str, Any] = {}
    for word in text.split():
        name, _, number = word.partition(":")
        if number and not (number.isascii() and number.isdigit() and len(number) < 10):
            raise ScriptWrong(f"{name}: what follows the colon is not a number")
        if name not in _WORDS:
            raise ScriptWrong(f"{name}: no such fault; there are {', '.join(_WORDS)}")
        fault, least = _WORDS[name]
        faults[fault] = True if least is None else max(least, int(number or 0))
    return Faults(**faults)


def _spoiled(answer: bytes, before: int, faults: Faults) -> bytes:
    """Single bytes changed, doubled or left away; `before` bytes were said since the script began."""
    if faults.mute_after is not None:
        answer = answer[: max(0, faults.mute_after - before)]
    at = faults.garble_at - 1 - before
    if faults.garble_at and 0 <= at < len(answer):
        answer = answer[:at] + bytes([answer[at] ^ GARBLED]) + answer[at + 1 :]
    at = faults.double_at - 1 - before
    if faults.double_at and 0 <= at < len(answer):
        answer = answer[: at + 1] + answer[at:]
    return answer


class Troublemaker:
    """Puts a device's answers through the script that holds now. It outlives the plug: what was pulled stays out."""

    def __init__(self) -> None:
        self.faults = Faults()
        self._script = ""
        self._written = 0
        self._answers = 0

    def follow(self, script: str) -> None:
        """From now on this script. Raises ScriptWrong."""
        if script == self._script:
            return
        self._script, self.faults, self._written, self._answers = script, read_script(script), 0, 0
        if self.faults.prints:
            # as a C library would: past Python, straight to descriptor 1
            os.write(1, b"vendor library 4.2: hello from a library that prints\n")

    @property
    def unplugged(self) -> bool:
        """Whether the plug is out."""
        after = self.faults.unplug_after
        return after is not None and self._written >= after

    def pieces(self, answer: bytes) -> list[bytes]:
        """What really goes out for this answer, piece by piece. Raises Unplugged when the plug is pulled in the middle."""
        faults = self.faults
        if faults.silence or not answer:
            return []
        self._answers += 1
        if faults.slow_ms:
            time.sleep(faults.slow_ms / 1000)
        if faults.garbage and self._answers % faults.garbage == 0:
            answer = NOISE + answer
        if faults.unplug_after is not None and self._written + len(answer) >= faults.unplug_after:
            before = answer[: max(0, faults.unplug_after - self._written)]
            self._written = faults.unplug_after
            raise Unplugged(before)
        self._written += len(answer)
        answer = _spoiled(answer, self._written - len(answer), faults)
        step = faults.split or max(1, len(answer))
        return [answer[at : at + step] for at in range(0, len(answer), step)]
