"""Fault scripts as data: what goes wrong between an emulator and the driver. One script is a few words divided by spaces.

silence          answers stay away           split:N      bytes come N at a time
garbage:N        noise before each Nth answer slow:N       N milliseconds before each answer
unplug           the plug is pulled           unplug:N     ... after N bytes from now on
print            the device's library prints to standard output
"""

import os
import time
from dataclasses import dataclass

NOISE = bytes([0x00, 0xFF, 0x49, 0x7E, 0x0D])


class ScriptWrong(ValueError):
    """Not a fault script."""


@dataclass(frozen=True)
class Faults:
    """A script read."""

    silence: bool = False
    split: int = 0
    garbage: int = 0
    slow_ms: int = 0
    unplug_after: int | None = None
    prints: bool = False


def read_script(text: str) -> Faults:
    """The faults that a script orders. Raises ScriptWrong."""
    values: dict[str, int | bool | None] = {}
    for word in text.split():
        name, _, number = word.partition(":")
        if number and not number.isdigit():
            raise ScriptWrong(f"{word}: not a number")
        count = int(number) if number else 0
        match name:
            case "silence":
                values["silence"] = True
            case "split":
                values["split"] = max(1, count)
            case "garbage":
                values["garbage"] = max(1, count)
            case "slow":
                values["slow_ms"] = count
            case "unplug":
                values["unplug_after"] = count
            case "print":
                values["prints"] = True
            case _:
                raise ScriptWrong(f"{word}: no such fault")
    return Faults(**values)  # type: ignore[arg-type]


class Unplugged(Exception):
    """The plug is out."""


class Troublemaker:
    """Puts a device's answers through the script that holds now. `written` counts bytes since the script changed."""

    def __init__(self) -> None:
        self.faults = Faults()
        self._script = ""
        self._written = 0
        self._answers = 0

    def follow(self, script: str) -> None:
        """From now on this script. Raises ScriptWrong."""
        if script != self._script:
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
        """What really goes out for this answer, piece by piece. Raises Unplugged when the plug is pulled in the middle; what went before is in its args."""
        faults = self.faults
        if faults.silence or not answer:
            return []
        self._answers += 1
        if faults.slow_ms:
            time.sleep(faults.slow_ms / 1000)
        if faults.garbage and self._answers % faults.garbage == 0:
            answer = NOISE + answer
        if faults.unplug_after is not None and self._written + len(answer) >= faults.unplug_after:
            kept = answer[: max(0, faults.unplug_after - self._written)]
            self._written = faults.unplug_after
            raise Unplugged(kept)
        self._written += len(answer)
        step = faults.split or len(answer)
        return [answer[at : at + step] for at in range(0, len(answer), step)]
