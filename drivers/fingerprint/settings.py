"""Settings that scanner drivers have in common. PURE."""

import re
from collections.abc import Container
from typing import Any

_PORT_PATH = re.compile(r"[0-9]{1,3}-[0-9]{1,3}(\.[0-9]{1,3}){0,5}")


def port_path(settings: dict[str, Any]) -> str:
    """The setting `usb_port`, empty where any port will do. Raises ValueError."""
    value = settings.get("usb_port", "")
    if not isinstance(value, str) or (value and _PORT_PATH.fullmatch(value) is None):
        raise ValueError(f'usb_port: expected a port path such as "1-1.2", not {value!r}')
    return value


def yes_or_no(settings: dict[str, Any], name: str) -> bool:
    """A setting that is true or false; false where it is left out. Raises ValueError."""
    value = settings.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name}: expected true or false, not {value!r}")
    return value


def number(settings: dict[str, Any], name: str, usual: int, allowed: Container[int]) -> int:
    """A whole number among those allowed. Raises ValueError."""
    value = settings.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        raise ValueError(f"{name}: {value!r} is not allowed; usual is {usual}")
    return value
