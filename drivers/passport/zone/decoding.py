"""From the cells of two or three lines to a reading: characters by field, the type by likelihood, check digits as constraints.

What a finger hides at the end of a name or of optional data is taken for fillers where fillers lead up to it, by the rule of Doc
9303-3 that nothing follows them there.
Names are never repaired. Fields under check digits take other characters only where the digits then come right and little speaks for
any other reading (`agreeing`): wrong but valid is the worst error there is. Three letters for a state are likelier to be a known code.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import LAYOUTS, Format, Part, alphabets, formats_of_shape, is_document_code
from drivers.formats.mrz import Zone, detect, parse
from drivers.formats.problems import Wrong
from drivers.passport.zone.agreeing import agreed
from drivers.passport.zone.alphabet import CHARACTERS, INDEX
from drivers.passport.zone.state_codes import likeliest_code

FILLER = "<"
SMOOTHED = 0.01 / 38  # what the recogniser was taught to leave to every character: no doubt of its own
LEAST = 1e-5
NAMES = frozenset({Part.NAME, Part.GIVEN})
UNUSUAL = 3.0  # how much less likely, as a logarithm, another first letter is than those of the type
SURE = 0.75  # every character of a valid zone that no check digit guards is at least this certain
UNUSUALLY_SURE = 0.9  # what is seldom printed is at least this certain: a state in no list, a second letter of the document's code
FAINT = 0.6  # presence from which a guarded character is fully there
CLEAR = 0.75  # a filler is clear from here
PLAIN = 0.9  # and another character plainly printed from here
FILLERS = {Part.NAME: 3, Part.GIVEN: 3, Part.OPTIONAL: 4, Part.OPTIONAL_2: 4}
"""Clear fillers that must lead up to the end of these fields before what is not plain there is taken for more of them."""
INFERRED = 0.8  # certainty of a filler that is not seen
GUARDED_SURE = 0.8  # a guarded character among the readings that the digits allow: G and 6, S and 8 weigh the same in every digit
AGREED = 0.7  # and the whole reading that they allow at least this
ACCIDENT = {Format.MRVA: 0.1, Format.MRVB: 0.1}  # how often check digits agree by accident: on a visa none spans the others
ACCIDENT_UNDER_TWO = 0.02
READABLE = 0.55  # every character of a zone whose check digits are wrong as printed
GUARDED_READABLE = 0.85  # and those that the digits guard
MEAN_READABLE = 0.93


@dataclass(frozen=True)
class Decoded:
    """Lines of one type with the certainty of each character (lines, length), how likely the type's best lines are, and how sure a
    reading is that its check digits allow (0 where they allow none)."""

    zone: Zone
    certain: NDArray[np.float64]
    likelihood: float
    agreed: float


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


def _inferred(best: NDArray[np.int64], certain: NDArray[np.float64], kind: Format) -> NDArray[np.bool_]:
    """Which positions (lines, length) can only be fillers: not plainly read, after fillers that are, with nothing plain behind them."""
    inferred = np.zeros(best.shape, bool)
    filler = best == INDEX[FILLER]
    for part, least in FILLERS.items():
        span = LAYOUTS[kind].spans.get(part)
        if span is None:
            continue
        field = (span.line - 1, slice(span.first - 1, span.last))
        clear = filler[field] & (certain[field] >= CLEAR)
        open_ended = filler[field] | (certain[field] < PLAIN)
        first = next((at for at in range(least, span.size) if clear[at - least : at].all() and open_ended[at:].all()), span.size)
        inferred[field][first:] = ~clear[first:]
    return inferred


@dataclass(frozen=True)
class _Plain:
    """The likeliest lines as one type before check digits are asked: characters (lines, length) and how sure each is, what is inferred,
    and the logarithms of the chances among the characters that may stand there."""

    kind: Format
    best: NDArray[np.int64]
    certain: NDArray[np.float64]
    inferred: NDArray[np.bool_]
    logs: NDArray[np.float64]
    likelihood: float


def _as_type(logs: NDArray[np.float64], presence: NDArray[np.float64], kind: Format) -> _Plain:
    """The likeliest lines as this type."""
    allowed = logs + MASKS[kind]
    among = allowed - np.logaddexp.reduce(allowed, axis=2, keepdims=True)  # O and 0 do not rival where only digits may be
    best = allowed.argmax(2)
    own = np.exp(np.take_along_axis(among, best[..., None], 2)[..., 0])
    inferred = _inferred(best, own * presence, kind)
    best[inferred] = INDEX[FILLER]
    likelihood = float(np.take_along_axis(allowed, best[..., None], 2)[..., 0][~inferred].sum())
    certain = np.exp(np.take_along_axis(among, best[..., None], 2)[..., 0])
    for part in (Part.ISSUER, Part.NATIONALITY):
        if (span := LAYOUTS[kind].spans.get(part)) is not None:
            place = (span.line - 1, slice(span.first - 1, span.last))
            best[place], certain[place] = likeliest_code(among[place])
    return _Plain(kind, best, certain, inferred, among, likelihood)


def _settled(plain: _Plain, presence: NDArray[np.float64]) -> Decoded:
    """The lines that the check digits allow, where they allow some, as they are otherwise."""
    kind, best, certain = plain.kind, plain.best, plain.certain
    guarded = _guarded(kind, best.shape)
    accident = ACCIDENT.get(kind, ACCIDENT_UNDER_TWO)
    found = agreed(plain.logs, best, guarded & ~plain.inferred, lambda one: parse(_text(one), kind).valid, accident)
    if found is not None:
        best, certain = found.best, np.where(guarded, found.certain, certain)
    # Where check digits speak for a character it may be faint.
    certain = certain * np.where(guarded, np.minimum(1.0, presence / FAINT), presence)
    certain = np.where(plain.inferred, np.maximum(INFERRED, certain), certain)
    return Decoded(parse(_text(best), kind), certain, plain.likelihood, found.sure if found else 0.0)


def _fits(plain: _Plain) -> bool:
    """Whether lines that begin like these are of the type. A card of France may be either the old one or a TD2."""
    told = detect(_text(plain.best))
    return told is plain.kind or (told is Format.FRID and plain.kind is Format.TD2)


def decode(chances: Sequence[NDArray[np.float64]], presence: Sequence[NDArray[np.float64]]) -> Decoded | None:
    """The likeliest reading of lines with these chances (n, 37 each) and presence (n, each); None where no type has the shape."""
    logs = np.log(np.maximum(np.stack(chances) - SMOOTHED, LEAST))
    there = np.stack(presence)
    every = [_as_type(logs, there, kind) for kind in formats_of_shape(len(logs), logs.shape[1])]
    fitting = [one for one in every if _fits(one)]
    likeliest = max(fitting, key=lambda one: one.likelihood, default=None)
    return _settled(likeliest, there) if likeliest else None


def acceptable(decoded: Decoded) -> bool:
    """Whether a reading may be given out: a valid one whose unguarded characters are sure, or print that is plainly as it reads."""
    kind = decoded.zone.format
    if kind is None:
        return False
    guarded = _guarded(kind, decoded.certain.shape)
    if decoded.zone.valid:
        least = np.where(guarded, GUARDED_SURE, SURE)
        if decoded.zone.lines[0][1] != FILLER:
            least[0, 1] = UNUSUALLY_SURE
        for problem in decoded.zone.problems:
            if problem.wrong is Wrong.STATE and problem.at is not None:
                least[problem.at.line - 1, problem.at.first - 1 : problem.at.last] = UNUSUALLY_SURE
        return bool(decoded.agreed >= AGREED and (decoded.certain >= least).all())
    readable = (decoded.certain >= np.where(guarded, GUARDED_READABLE, READABLE)).all()
    return bool(readable and decoded.certain.mean() >= MEAN_READABLE)
