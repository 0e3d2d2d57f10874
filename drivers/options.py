"""The settings of a device, taken one by one: each with its limits, each error with the setting's name, and none that nobody asked for."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from firmware_bridge.reach import Reach, reach

_FROM_THE_HOST = frozenset({"runtime"})


class Options:
    """Every method but `none_left` takes one setting. Raises ValueError, whose text names the setting and what was expected."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._taken = set(_FROM_THE_HOST)

    def reach(self) -> Reach:
        """Where the device is, from `usb` and `port` (firmware_bridge/reach.py)."""
        return reach({name: self.text(name, "", r".*") for name in ("usb", "port")})

    def text(self, name: str, default: str | None = None, pattern: str = r".+", expected: str = "a text") -> str:
        """A text that matches the whole pattern. Without a default the setting must be there."""
        value = self._take(name, default, expected)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(f"{name}: expected {expected}")
        return value

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of these texts."""
        value = self._take(name, default, f"one of {', '.join(choices)}")
        if value not in choices:
            raise ValueError(f"{name}: expected one of {', '.join(choices)}")
        return str(value)

    def number(self, name: str, least: float, most: float, default: float) -> float:
        """A number within these limits."""
        value = self._take(name, default, "a number")
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ValueError(f"{name}: expected a number from {least:g} to {most:g}")
        return float(value)

    def whole(self, name: str, allowed: Sequence[int], default: int | None = None, expected: str = "") -> int:
        """A whole number among those allowed. Without a default the setting must be there."""
        some = f"from {allowed[0]} to {allowed[-1]}" if isinstance(allowed, range) else f"of {', '.join(map(str, allowed))}"
        expected = expected or f"a whole number {some}"
        value = self._take(name, default, expected)
        if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
            raise ValueError(f"{name}: expected {expected}")
        return value

    def yes(self, name: str, default: bool = False) -> bool:
        """True or false."""
        value = self._take(name, default, "true or false")
        if not isinstance(value, bool):
            raise ValueError(f"{name}: expected true or false")
        return value

    def octets(self, name: str, most: int, default: str | None = None) -> bytes:
        """Up to so many bytes written as hexadecimal, such as "02" or "0d 0a"; "" is none."""
        expected = f"up to {most} bytes as hexadecimal, such as '0d 0a'"
        value = self._take(name, default, expected)
        try:
            data = bytes.fromhex(value) if isinstance(value, str) else None
        except ValueError:
            data = None
        if data is None or len(data) > most:
            raise ValueError(f"{name}: expected {expected}")
        return data

    def texts(self, name: str, default: Sequence[str], pattern: str, expected: str) -> tuple[str, ...]:
        """A list of texts that each match the whole pattern."""
        value = self._take(name, list(default), f"a list, each {expected}")
        if not isinstance(value, list) or not all(isinstance(one, str) and re.fullmatch(pattern, one) for one in value):
            raise ValueError(f"{name}: expected a list, each {expected}")
        return tuple(value)

    def none_left(self) -> None:
        """Refuse what nobody took: a setting misspelt would else be ignored in silence."""
        left = sorted(self._settings.keys() - self._taken)
        if left:
            raise ValueError(f"{left[0]}: there is no such setting; there are {', '.join(sorted(self._taken - _FROM_THE_HOST))}")

    def _take(self, name: str, default: Any, expected: str) -> Any:
        self._taken.add(name)
        value = self._settings.get(name, default)
        if value is None:
            raise ValueError(f"{name}: it must be set; expected {expected}")
        return value
