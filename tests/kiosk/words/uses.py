"""Which keys the product's code speaks of, read from its source: whole words, and words with something put in."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import kiosk
from kiosk.registration.profile import FIXED_OPTIONS, Question
from kiosk.settings import Asked

ROOT = Path(kiosk.__path__[0])
SPEAKING = {"say", "said", "sentence", "text", "choice"}
"""Calls whose first argument is a key."""


@cache
def trees(room: Path = ROOT) -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in sorted(room.rglob("*.py")))


@cache
def constants() -> frozenset[str]:
    """Every string that stands in the source as it is."""
    nodes = (node for tree in trees() for node in ast.walk(tree))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Every string of the source that begins like a key and has something put in."""
    found = []
    for node in (node for tree in trees() for node in ast.walk(tree)):
        if (
            isinstance(node, ast.JoinedStr)
            and isinstance(node.values[0], ast.Constant)
            and re.match(r"[a-z]\w*_", str(node.values[0].value))
        ):
            parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values)
            found.append(re.compile("".join(parts)))
    return tuple(found)


def answers() -> frozenset[str]:
    """The answers of a declaration, whose keys are question and option."""
    options = {**FIXED_OPTIONS, Question.PURPOSE: Asked().purposes}
    return frozenset(f"{question}_{option}" for question, each in options.items() for option in each)


def is_used(key: str) -> bool:
    return key in constants() or key in answers() or any(pattern.fullmatch(key) for pattern in patterns())


def asked_for() -> Iterator[str]:
    """The keys that a view asks for by name."""
    for node in (node for tree in (*trees(ROOT / "views"), *trees(ROOT / "words")) for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SPEAKING and re.fullmatch(r"[a-z]\w*", node.args[0].value):
                yield node.args[0].value
