"""Which code of a state stands in three positions of a zone: those of the list are likelier than any other three letters. PURE but for numpy."""

import numpy as np
from numpy.typing import NDArray

from drivers.formats.states import FILLER, STATES
from drivers.passport.zone.alphabet import INDEX

LISTED = 3.5  # how much likelier, as a logarithm, a code of the list is than another that was seen as clearly
CODES = np.array([[INDEX[character] for character in code.ljust(3, FILLER)] for code in STATES])


def likeliest_code(logs: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The likeliest code, (3,), for logarithms of chances (3, 37), and how sure each of its characters is, (3,)."""
    free = logs.argmax(1)
    listed = logs[0, CODES[:, 0]] + logs[1, CODES[:, 1]] + logs[2, CODES[:, 2]]
    weights = np.exp(listed + LISTED)
    codes = CODES
    if not (free == CODES).all(1).any():
        codes, weights = np.vstack([CODES, free]), np.append(weights, np.exp(logs.max(1).sum()))
    best = codes[weights.argmax()]
    return best, np.asarray(((codes == best) * weights[:, None]).sum(0) / weights.sum())
