"""Messages between lane and host as lines of JSON, at most 64 KiB each. PURE.

{"is": "Ordered", "ticket": 7, "deadline_s": 5.0, "order": {"is": "Rest"}}: every message names its type; whatever is not exactly
a message is refused.
"""

import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args

import msgspec

from drivers.contract import Answer, Answered, Notice, Order, Ordered, Picture, Slip, TrialStep

LONGEST = 65536
Word = Answered | Notice

_ORDERS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Order)}
_ANSWERS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Answer)}
_NOTICES: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Notice)}
_PARTS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Picture, Slip, TrialStep)}


class BadLine(ValueError):
    """A line is not a message of the protocol. The text holds nothing of the line but the name of its type."""


class LineReader:
    """Cuts a stream of bytes into lines."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that are complete now. Raises BadLine where a line grows past 64 KiB."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST or any(len(line) > LONGEST for line in lines):
            self._rest = b""
            raise BadLine("a line is longer than 64 KiB")
        return lines


def to_line(message: Ordered | Word) -> bytes:
    """One message as one line. Raises BadLine where it would be too long."""
    line = json.dumps(_plain(message), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    if len(line) > LONGEST:
        raise BadLine(f"{type(message).__name__} is longer than 64 KiB")
    return line


def order_from_line(line: bytes) -> Ordered:
    """The order that a line holds. Raises BadLine."""
    values = _values(line, "Ordered")
    order = _message(values.pop("order", None), _ORDERS)
    return Ordered(_ticket(values), _deadline(values), order)


def word_from_line(line: bytes) -> Word:
    """The answer or notice that a line holds. Raises BadLine."""
    values = _values(line)
    if values.get("is") != "Answered":
        notice: Notice = _message(values, _NOTICES)
        return notice
    answer = _message(values.pop("answer", None), _ANSWERS)
    ticket = _ticket(values)
    if values.keys() != {"is"}:
        raise BadLine("Answered has members it should not have")
    return Answered(ticket, answer)


def _plain(message: Any) -> Any:
    if is_dataclass(message):
        return {"is": type(message).__name__, **{field.name: _plain(getattr(message, field.name)) for field in fields(message)}}
    if isinstance(message, tuple):
        return [_plain(part) for part in message]
    return message


def _values(line: bytes, expected: str = "") -> dict[str, Any]:
    try:
        values = json.loads(line)
    # RecursionError: brackets enough within brackets
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadLine("a line is not JSON") from None
    if not isinstance(values, dict) or not isinstance(values.get("is"), str):
        raise BadLine("a line is not a message")
    if expected and values["is"] != expected:
        raise BadLine(f"expected {expected}")
    return values


def _ticket(values: dict[str, Any]) -> int:
    ticket = values.pop("ticket", None)
    # true is a whole number to Python, and no ticket
    if not isinstance(ticket, int) or isinstance(ticket, bool):
        raise BadLine("a ticket is missing")
    return ticket


def _deadline(values: dict[str, Any]) -> float:
    deadline = values.pop("deadline_s", None)
    if not isinstance(deadline, int | float) or isinstance(deadline, bool) or not 0 < deadline < 1e6 or values.keys() != {"is"}:
        raise BadLine("Ordered needs a ticket, a deadline and an order, and nothing else")
    return float(deadline)


def _message(values: Any, kinds: dict[str, type[Any]]) -> Any:
    """The message of one of these kinds. Every member of the type must be there that has no default, and no other."""
    kind, members = _opened(values, kinds)
    whole = {key: [_part(one) for one in value] if isinstance(value, list) else _part(value) for key, value in members.items()}
    try:
        return msgspec.convert(whole, kind)
    except (msgspec.ValidationError, RecursionError):
        raise BadLine(f"{kind.__name__} is malformed") from None


def _part(value: Any) -> Any:
    """What stands inside a message (a picture, a slip, a step of a trial) names its type too."""
    return _opened(value, _PARTS)[1] if isinstance(value, dict) else value


def _opened(values: Any, kinds: dict[str, type[Any]]) -> tuple[type[Any], dict[str, Any]]:
    """Which kind this is, and its members."""
    name = values.get("is") if isinstance(values, dict) else None
    kind = kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BadLine("a message of no known type")
    members = {key: value for key, value in values.items() if key != "is"}
    if not members.keys() <= {field.name for field in fields(kind)}:
        raise BadLine(f"{kind.__name__} has members it should not have")
    return kind, members
