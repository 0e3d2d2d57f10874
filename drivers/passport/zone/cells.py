"""From the recogniser's columns to the cells of a line: where its 30, 36 or 44 characters are centred, and what each may be.

The print of a zone has a fixed pitch, so the centres lie on a smooth lattice; a character that faded away still has its cell.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.alphabet import NOTHING, STRIDE, STRIP_WIDTH

LENGTHS = (30, 36, 44)
SEEN = 0.35  # chance of any character from which a column belongs to a character
MOST_LOST = 4  # characters at the ends that may be lost, or seen too many, before a length is ruled out
MOST_COVERED = 14  # characters at one end that may lie under a finger
FEWEST = 14  # characters that must be seen
PITCHES = (9.0, 32.0)  # pixels of the strip
LEAST_CHANCE = 0.02


@dataclass(frozen=True)
class Cells:
    """The cells of a line taken as one length n: centres (n,) in strip pixels, chances (n, 37) of each character, and how much
    any character is there at all, (n,). `score` is the mean logarithm of that, less what print beyond the ends speaks against it."""

    centres: NDArray[np.float64]
    chances: NDArray[np.float64]
    presence: NDArray[np.float64]
    score: float


def seen_centres(presence: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centres, in strip pixels, of the runs of columns (208,) on which some character is seen."""
    on = np.concatenate([[False], presence > SEEN, [False]])
    edges = np.flatnonzero(on[1:] != on[:-1]).reshape(-1, 2)
    columns = np.arange(len(presence))
    middle = [float(np.average(columns[start:end], weights=presence[start:end])) for start, end in edges]
    return (np.array(middle) + 0.5) * STRIDE - 0.5


@dataclass(frozen=True)
class _Lattice:
    """Centre of the cell i is bend[0] i² + bend[1] i + bend[2], in strip pixels; cells 0 to last were seen."""

    bend: NDArray[np.float64]
    last: int

    def at(self, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """Centres of these cells; beyond the cells that were seen the lattice goes on straight."""
        inner = np.clip(cells, 0, self.last)
        slope = np.polyval(np.polyder(self.bend), inner)
        return np.asarray(np.polyval(self.bend, inner) + slope * (cells - inner))


def _longest_run(centres: NDArray[np.float64], pitch: float) -> NDArray[np.float64]:
    """The part of the centres without a hole of four characters or more."""
    holes = np.flatnonzero(np.diff(centres) > 4.5 * pitch) + 1
    return np.asarray(max(np.split(centres, holes), key=len))


def _lattice(centres: NDArray[np.float64]) -> _Lattice | None:
    """The smooth lattice through the centres; None where they are too few or keep no pitch."""
    steps = np.diff(centres)
    steps = steps[(steps > PITCHES[0]) & (steps < PITCHES[1])]
    if len(steps) < FEWEST - 1:
        return None
    pitch = float(np.median(steps))
    run = _longest_run(centres, pitch)
    run = run[np.concatenate([[True], np.diff(run) > 0.5 * pitch])]
    if len(run) < FEWEST:
        return None
    cell = np.concatenate([[0], np.cumsum(np.maximum(1, np.rint(np.diff(run) / pitch)))])
    bend = np.polyfit(cell, run, 2)
    near = np.abs(np.polyval(bend, cell) - run) < 0.3 * pitch
    if near.sum() < max(FEWEST, 0.75 * len(run)):
        return None
    return _Lattice(np.polyfit(cell[near], run[near], 2), int(cell[-1]))


def _taken(columns: NDArray[np.float64], centres: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Chances (n, 37) and presence (n,) at these centres, from the two columns around each."""
    place = np.clip((centres + 0.5) / STRIDE - 0.5, 0, len(columns) - 1.001)
    before = place.astype(int)
    part = (place - before)[:, None]
    there = columns[before] * (1 - part) + columns[before + 1] * part
    presence = 1 - there[:, NOTHING]
    chances = there[:, :NOTHING] + 1e-6
    return chances / chances.sum(1, keepdims=True), presence


@dataclass(frozen=True)
class Sight:
    """What is seen of a line: the recogniser's columns (208, 38), the centres of its characters, and the lattice they stand on."""

    columns: NDArray[np.float64]
    centres: NDArray[np.float64]
    lattice: _Lattice

    @property
    def count(self) -> int:
        """Characters from the first that was seen to the last."""
        return self.lattice.last + 1

    @property
    def ends(self) -> tuple[float, float]:
        """Centres of the first character that was seen and of the last, in strip pixels."""
        first, last = self.lattice.at(np.array([0, self.lattice.last]))
        return float(first), float(last)

    def placed(self, start: int, length: int) -> Cells:
        """The cells where the line begins at the cell `start` of the lattice, whose cell 0 is the first character that was seen."""
        at = self.lattice.at(np.arange(start, start + length))
        chances, presence = _taken(self.columns, at)
        presence = np.where((at > 2) & (at < STRIP_WIDTH - 3), presence, 0.0)
        pitch = (at[-1] - at[0]) / (length - 1)
        # Print a cell or two beyond an end speaks for another place of the line; print farther off is not of the line.
        beyond = np.sum((self.centres < at[0] - 0.5 * pitch) & (self.centres > at[0] - 2.5 * pitch))
        beyond += np.sum((self.centres > at[-1] + 0.5 * pitch) & (self.centres < at[-1] + 2.5 * pitch))
        score = float(np.mean(np.log(np.maximum(presence, LEAST_CHANCE)))) - 4 * float(beyond) / length
        return Cells(at, chances, presence, score)

    def cells(self) -> dict[int, Cells]:
        """The cells for each length that the line can have; empty where too little of it is seen to tell."""
        found = {}
        for length in LENGTHS:
            spare = length - self.count
            if abs(spare) <= MOST_LOST:
                # Where either end may be hidden the line begins with the first character that was seen: the end lies under a finger.
                tries = [self.placed(start, length) for start in sorted(range(-max(spare, 0), max(-spare, 0) + 1), key=abs)]
                found[length] = max(tries, key=lambda one: round(one.score, 2))
        return found

    def cell_at(self, centre: float) -> float:
        """Which cell of the lattice lies at this strip pixel, in parts of a cell."""
        cells = np.arange(-MOST_COVERED, self.count + MOST_COVERED)
        return float(np.interp(centre, self.lattice.at(cells), cells))


def sight_of(columns: NDArray[np.float64]) -> Sight | None:
    """What is seen of a line in these columns (208, 38); None where no line of a zone is."""
    centres = seen_centres(1 - columns[:, NOTHING])
    lattice = _lattice(centres) if len(centres) >= FEWEST else None
    return Sight(columns, centres, lattice) if lattice else None
