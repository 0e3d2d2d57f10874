"""What check digits say of the characters they guard: readings near the likeliest one, of which those count whose digits are all right.

Several guarded characters may be in doubt at once. Every reading with up to three of them changed is weighed by how likely its characters
are; readings whose check digits are wrong fall away. What is left tells which reading it is, how sure each character is, and,
against the chance that print read quite wrong agrees by accident, how sure the whole is. PURE but for numpy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

DOUBTED = 0.02  # a character is weighed where it has at least this part of the first one's chance
MOST_SINGLE, MOST_PAIRS, MOST_TRIPLES = 48, 20, 9  # the likeliest changes that are tried alone, two and three at a time
FLOOR = -5.0  # logarithm of a reading's likelihood, over the likeliest one's, below which it is not weighed
HOPELESS = -12.0  # logarithm of the likeliest reading's own likelihood below which print is too poor for digits to settle it


@dataclass(frozen=True)
class Agreed:
    """The likeliest reading whose check digits are all right: `best` (lines, length), how sure each character is among all such readings
    (1 where none differs), and how sure it is that the reading is right at all."""

    best: NDArray[np.int64]
    certain: NDArray[np.float64]
    sure: float


@dataclass(frozen=True)
class _Change:
    at: tuple[int, int]
    character: int
    cost: float


def _changes(logs: NDArray[np.float64], best: NDArray[np.int64], guarded: NDArray[np.bool_]) -> list[_Change]:
    """Other characters for the guarded ones that are in doubt, the likeliest first."""
    over = logs - np.take_along_axis(logs, best[..., None], 2)
    np.put_along_axis(over, best[..., None], -np.inf, 2)
    found = np.argwhere((over > np.log(DOUBTED)) & guarded[..., None])
    changes = [_Change((int(line), int(at)), int(one), float(over[line, at, one])) for line, at, one in found]
    return sorted(changes, key=lambda change: -change.cost)


def _sets(changes: list[_Change]) -> list[tuple[float, tuple[_Change, ...]]]:
    """The changes that are tried together, with the logarithm of their likelihood: none, one, two or three at different places."""
    sets: list[tuple[float, tuple[_Change, ...]]] = [(0.0, ())]
    for count, most in ((1, MOST_SINGLE), (2, MOST_PAIRS), (3, MOST_TRIPLES)):
        for chosen in combinations(changes[:most], count):
            cost = sum(change.cost for change in chosen)
            if cost > FLOOR and len({change.at for change in chosen}) == count:
                sets.append((cost, chosen))
    return sets


def agreed(
    logs: NDArray[np.float64],
    best: NDArray[np.int64],
    guarded: NDArray[np.bool_],
    right: Callable[[NDArray[np.int64]], bool],
    accident: float,
) -> Agreed | None:
    """The likeliest reading near `best` whose check digits are `right`; None where none is, or where most of the print is in doubt.

    `logs` (lines, length, 37): logarithms of the chances of the characters that may stand there, normalised; `best` (lines, length): the
    likeliest; `guarded` (lines, length): characters that some check digit spans or is; `accident`: how often digits agree by chance.
    """
    likely = float(np.take_along_axis(logs, best[..., None], 2)[..., 0][guarded].sum())
    if likely < HOPELESS:
        return None
    tried, weighed, valid = 0.0, 0.0, []
    for cost, chosen in _sets(_changes(logs, best, guarded)):
        reading = best.copy()
        for change in chosen:
            reading[change.at] = change.character
        tried += float(np.exp(cost + likely))
        if right(reading):
            valid.append((float(np.exp(cost + likely)), reading))
            weighed += valid[-1][0]
    if not valid:
        return None
    weight, reading = max(valid, key=lambda one: one[0])
    same = sum(part * (other == reading) for part, other in valid) / weighed
    beyond = accident * max(0.0, 1 - tried)  # of the readings that were not tried some agree as well
    return Agreed(reading, np.asarray(same, np.float64), weight / (weighed + beyond))
