"""From the cells of two or three lines to a reading: characters by field, the type by likelihood, check digits as constraints.

What a finger hides at the end of a name or of optional data is taken for fillers where fillers lead up to it, by the rule of Doc
9303-3 that nothing follows them there.
Names are never repaired. A field under a check digit may take one other character, if the digit then comes right, the other
character was nearly as likely, and no second such change exists: wrong but valid is the worst error there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import LAYOUTS, Format, Part, alphabets, formats_of_shape, is_document_code
from drivers.formats.mrz import Zone, detect, parse
from drivers.formats.problems import Wrong
from drivers.passport.zone.alphabet import CHARACTERS, INDEX

FILLER = "<"
NAMES = frozenset({Part.NAME, Part.GIVEN})
UNUSUAL = 3.0  # how much less likely, as a logarithm, another first letter is than those of the type
NEARLY = 0.3  # a change is weighed where the other character has at least this part of the first one's chance
SURE = 0.65  # every character of a valid zone that no check digit guards is at least this certain
UNUSUALLY_SURE = 0.9  # what is seldom printed is at least this certain: a state in no list, a second letter of the document's code
HIDDEN = 0.5  # presence of any character below which a cell counts as hidden
FILLERS = {Part.NAME: 3, Part.GIVEN: 3, Part.OPTIONAL: 4, Part.OPTIONAL_2: 4}
"""Fillers that must be seen before a hidden end of these fields is taken for more of them."""
INFERRED = 0.8  # certainty of a filler that is not seen
GUESS = 0.25  # a character that a check digit guards is at least this certain
READABLE = 0.55  # every character of a zone whose check digits are wrong as printed
MEAN_READABLE = 0.93


@dataclass(frozen=True)
class Decoded:
    """Lines of one type with the certainty of each character (lines, length) and how likely the type's best lines are."""

    zone: Zone
    certain: NDArray[np.float64]
    likelihood: float


def _masks(kind: Format) -> NDArray[np.float64]:
    """0 where a character may stand, a large negative number where it may not: (lines, length, 37)."""
    table = alphabets(kind)
    mask = np.full((len(table), len(table[0]), len(CHARACTERS)), -50.0)
    for line, row in enumerate(table):
        for at, allowed in enumerate(row):
            mask[line, at, [INDEX[character] for character in allowed]] = 0.0
    unusual = [at for character, at in INDEX.items() if not is_document_code(kind, character)]
    mask[0, 0, unusual] -= UNUSUAL
    return mask


MASKS = {kind: _masks(kind) for kind in Format}


def _text(best: NDArray[np.int64]) -> tuple[str, ...]:
    return tuple("".join(CHARACTERS[at] for at in row) for row in best)


def _guarded(kind: Format, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which positions (lines, length) some check digit spans or is; never those of names, even where a digit spans them."""
    guarded = np.zeros(shape, bool)
    layout = LAYOUTS[kind]
    for digit in layout.digits:
        for span in (*digit.over, digit.at):
            guarded[span.line - 1, span.first - 1 : span.last] = True
    for part in NAMES & layout.spans.keys():
        span = layout.spans[part]
        guarded[span.line - 1, span.first - 1 : span.last] = False
    return guarded


def _repaired(logs: NDArray[np.float64], best: NDArray[np.int64], kind: Format) -> NDArray[np.int64] | None:
    """The lines with the one change that makes every check digit right; None where there is none, or more than one."""
    top = np.take_along_axis(logs, best[..., None], 2)
    likely = logs > top + np.log(NEARLY)
    np.put_along_axis(likely, best[..., None], False, 2)
    likely &= _guarded(kind, best.shape)[..., None]
    found = []
    for line, at, character in np.argwhere(likely)[:60]:
        changed = best.copy()
        changed[line, at] = character
        if parse(_text(changed), kind).valid:
            found.append(changed)
    return found[0] if len(found) == 1 else None


def _inferred(best: NDArray[np.int64], presence: NDArray[np.float64], kind: Format) -> NDArray[np.bool_]:
    """Which positions (lines, length) are hidden and can only be fillers."""
    inferred = np.zeros(best.shape, bool)
    for part, least in FILLERS.items():
        span = LAYOUTS[kind].spans.get(part)
        if span is None:
            continue
        row, field = best[span.line - 1], slice(span.first - 1, span.last)
        hidden = presence[span.line - 1, field] < HIDDEN
        text = _text(row[None, field])[0]
        seen = "".join("" if gone else character for character, gone in zip(text, hidden, strict=True))
        first = int(hidden.argmax())
        plain = set(seen[first:]) <= {FILLER}  # what stands behind the hidden part
        if hidden.any() and plain and text[:first].endswith(FILLER * least):
            beside = np.convolve(hidden, [1, 1, 1], "same") > 0  # a filler at the edge of what covers the rest is seen in part
            inferred[span.line - 1, field] = hidden | (beside & (row[field] == INDEX[FILLER]))
    return inferred


def _as_type(logs: NDArray[np.float64], presence: NDArray[np.float64], kind: Format) -> Decoded:
    """The likeliest lines as this type."""
    allowed = logs + MASKS[kind]
    best = allowed.argmax(2)
    inferred = _inferred(best, presence, kind)
    best[inferred] = INDEX[FILLER]
    zone = parse(_text(best), kind)
    if not zone.valid:
        repaired = _repaired(allowed, best, kind)
        if repaired is not None:
            best, zone = repaired, parse(_text(repaired), kind)
    own = np.take_along_axis(allowed, best[..., None], 2)[..., 0]
    # The certainty is among the characters that may stand there: O and 0 do not rival where only digits may be.
    chances = np.exp(own - np.logaddexp.reduce(allowed, axis=2))
    certain = np.where(inferred, np.maximum(INFERRED, chances * presence), chances * presence)
    return Decoded(zone, certain, float(own[~inferred].sum()))


def decode(chances: Sequence[NDArray[np.float64]], presence: Sequence[NDArray[np.float64]]) -> Decoded | None:
    """The likeliest reading of lines with these chances (n, 37 each) and presence (n, each); None where no type has the shape."""
    logs = np.log(np.stack(chances))
    there = np.stack(presence)
    every = [_as_type(logs, there, kind) for kind in formats_of_shape(len(logs), logs.shape[1])]
    fitting = [one for one in every if detect(one.zone.lines) is one.zone.format]
    return max(fitting, key=lambda one: one.likelihood, default=None)


def acceptable(decoded: Decoded) -> bool:
    """Whether a reading may be given out: a valid one whose unguarded characters are sure, or print that is plainly as it reads."""
    kind = decoded.zone.format
    if kind is None:
        return False
    if decoded.zone.valid:
        least = np.where(_guarded(kind, decoded.certain.shape), GUESS, SURE)
        if decoded.zone.lines[0][1] != FILLER:
            least[0, 1] = UNUSUALLY_SURE
        for problem in decoded.zone.problems:
            if problem.wrong is Wrong.STATE and problem.at is not None:
                least[problem.at.line - 1, problem.at.first - 1 : problem.at.last] = UNUSUALLY_SURE
        return bool((decoded.certain >= least).all())
    return bool(decoded.certain.min() >= READABLE and decoded.certain.mean() >= MEAN_READABLE)
