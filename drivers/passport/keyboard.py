"""Keys that a reader types, as scans; and what they say in each keyboard layout. PURE.

A reader types a zone within half a second, 2 to 11 ms from key to key, a person takes more than 50: so a scan is a reader's when at least 30 keys came with
a median gap under 35 ms. The kernel says where its queue ran over (SYN_DROPPED): then keys are missing, and all of that scan is void. So is one with a key
that repeats (an event "up" was lost) or a key that no zone has.

What a key means depends on the layout for which the reader was set up, and nothing in the events tells it: layout_proof.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from types import MappingProxyType

from firmware_bridge.key_events import DOWN, EV_KEY, EV_SYN, REPEAT, SYN_DROPPED, SYN_REPORT, InputEvent

LEAST_KEYS, READERS_GAP_S, PAUSE_S = 30, 0.035, 0.25
MOST_KEYS = 512
SHIFTS, ENTERS, CAPS_LOCK = frozenset({42, 54}), frozenset({28, 96}), 58
_DIGITS, _UPPER, _MIDDLE, _LOWER = 2, 16, 30, 44
_COMMA, _BESIDE_SHIFT, _SEMICOLON = 51, 86, 39
"""Codes of the first key of each row, and of single keys (KEY_COMMA, KEY_102ND, KEY_SEMICOLON)."""


@dataclass(frozen=True)
class Key:
    """One key that was pressed. `at_s` in seconds of the kernel's clock."""

    code: int
    shifted: bool
    at_s: float


@dataclass(frozen=True)
class Scan:
    """Keys that were pressed without a pause between them. `void`: keys are missing, by the kernel's word (`dropped`) or by what they look like."""

    keys: tuple[Key, ...] = field(repr=False)
    void: bool
    dropped: bool = False

    @property
    def gap_s(self) -> float:
        """The median time from key to key."""
        return median(b.at_s - a.at_s for a, b in zip(self.keys, self.keys[1:], strict=False)) if len(self.keys) > 1 else 0.0

    @property
    def by_a_reader(self) -> bool:
        """Whether no person typed this."""
        return len(self.keys) >= LEAST_KEYS and self.gap_s < READERS_GAP_S


def _rows(rows: Mapping[int, str]) -> dict[int, str]:
    return {first + at: letter for first, row in rows.items() for at, letter in enumerate(row)}


@dataclass(frozen=True)
class Layout:
    """What the keys of a zone stand for. Letters count with shift and without; digits and `<` each as the layout has them."""

    letters: Mapping[int, str]
    digits_shifted: bool
    filler: tuple[int, bool]

    def character(self, key: Key) -> str | None:
        """The character of a zone, or None for a key that stands for none."""
        if key.code in self.letters:
            return self.letters[key.code]
        if (key.code, key.shifted) == self.filler:
            return "<"
        at = key.code - _DIGITS
        return "1234567890"[at] if 0 <= at < 10 and key.shifted is self.digits_shifted else None


_QWERTY = {_UPPER: "QWERTYUIOP", _MIDDLE: "ASDFGHJKL", _LOWER: "ZXCVBNM"}
LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "us": Layout(_rows(_QWERTY), digits_shifted=False, filler=(_COMMA, True)),
        "es": Layout(_rows(_QWERTY), digits_shifted=False, filler=(_BESIDE_SHIFT, False)),
        "de": Layout(
            _rows({_UPPER: "QWERTZUIOP", _MIDDLE: "ASDFGHJKL", _LOWER: "YXCVBNM"}), digits_shifted=False, filler=(_BESIDE_SHIFT, False)
        ),
        "fr": Layout(
            _rows({_UPPER: "AZERTYUIOP", _MIDDLE: "QSDFGHJKL", _SEMICOLON: "M", _LOWER: "WXCVBN"}),
            digits_shifted=True,
            filler=(_BESIDE_SHIFT, False),
        ),
    }
)
"""As Linux names them; `es` has the letters of `us` and `<` beside the shift key, as Italian, Portuguese and the Nordic layouts have it too."""


def typed_lines(keys: Sequence[Key], layout: Layout) -> tuple[str, ...] | None:
    """The lines that these keys are in a layout; None where a key stands for nothing in it."""
    lines = [""]
    for key in keys:
        if key.code in ENTERS:
            lines.append("")
            continue
        character = layout.character(key)
        if character is None:
            return None
        lines[-1] += character
    return tuple(line for line in lines if line)


class Scans:
    """Collects events until a pause says that a scan is over."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._void = self._shifted = self._dropped = self._dropping = False
        self._last_s = 0.0

    @property
    def begun(self) -> bool:
        """Whether anything has been typed since the last pause."""
        return bool(self._keys) or self._void or self._dropped

    @property
    def pending(self) -> Scan:
        """What has been typed since the last pause."""
        return Scan(tuple(self._keys), self._void or self._dropped, self._dropped)

    def feed(self, events: Sequence[InputEvent]) -> list[Scan]:
        """The scans that a pause in these events ends."""
        scans = []
        for event in events:
            paused = event.at_s - self._last_s > PAUSE_S
            if event.type == EV_KEY and paused and self.begun:
                scans.append(self.end())
            self._hear(event)
            self._last_s = event.at_s
        return scans

    def end(self) -> Scan:
        """Nothing came for a while: the scan is over."""
        scan = self.pending
        self._keys = []
        self._void = self._shifted = self._dropped = self._dropping = False
        return scan

    def _hear(self, event: InputEvent) -> None:
        if event.type == EV_SYN and event.code == SYN_DROPPED:
            # what follows up to the next report is what the kernel had left, not what was typed
            self._dropping = self._dropped = True
        elif event.type == EV_SYN and event.code == SYN_REPORT:
            self._dropping = False
        elif event.type == EV_KEY and not self._dropping:
            self._key(event)

    def _key(self, event: InputEvent) -> None:
        if event.code in SHIFTS:
            self._shifted = event.value != 0
        elif event.value == REPEAT or len(self._keys) >= MOST_KEYS:
            # a reader lets go of each key at once: a key that repeats is a person's, or its release was lost
            self._void = True
        elif event.value == DOWN and event.code != CAPS_LOCK:
            self._keys.append(Key(event.code, self._shifted, event.at_s))
