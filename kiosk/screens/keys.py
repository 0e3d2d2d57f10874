"""The keys of a keyboard and of a tactile keypad, named for what they do here. PURE."""

from enum import Enum


class Key(Enum):
    """All that can be done without touching the screen."""

    NEXT = "next"
    PREVIOUS = "previous"
    CHOOSE = "choose"
    BACK = "back"
    HELP = "help"
    REPEAT = "repeat"
    LOUDER = "louder"


KEYS: dict[str, Key] = {
    "tab": Key.NEXT,
    "down": Key.NEXT,
    "right": Key.NEXT,
    "up": Key.PREVIOUS,
    "left": Key.PREVIOUS,
    "enter": Key.CHOOSE,
    "numpadenter": Key.CHOOSE,
    "spacebar": Key.CHOOSE,
    "escape": Key.BACK,
    "backspace": Key.BACK,
    "f1": Key.HELP,
    "h": Key.HELP,
    "f2": Key.REPEAT,
    "r": Key.REPEAT,
    "f3": Key.LOUDER,
    "v": Key.LOUDER,
}
"""Kivy's name of a key -> what it does."""
