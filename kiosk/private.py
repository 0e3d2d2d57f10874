"""Private: a value of a person, which never shows itself in a log, an exception or a debugger's repr (law 10)."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Private(Generic[T]):
    """Wraps a value of a person. `value` is the only way in; `repr`, `str` and `format` give nothing away."""

    value: T

    def __repr__(self) -> str:
        return "‹private›"

    def __str__(self) -> str:
        return "‹private›"

    def __format__(self, spec: str) -> str:
        return "‹private›"
