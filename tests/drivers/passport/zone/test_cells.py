"""Where the characters of a line stand: on a lattice, even where some of them are lost."""

import numpy as np
import pytest

from drivers.passport.zone.alphabet import CHARACTERS, INDEX, NOTHING
from drivers.passport.zone.cells import sight_of
from tests.drivers.passport.zone.specimens import CARD, LETTER, PASSPORT


def columns_of(line, pitch=17.0, start=40.0, lost=(), bend=0.0):
    """What the recogniser says of a clean line: (208, 38)."""
    columns = np.full((208, 38), 1e-4)
    columns[:, NOTHING] = 0.99
    for at, character in enumerate(line):
        centre = start + at * pitch + bend * at * at
        if at in lost or character == " ":
            continue
        for column in range(208):
            if abs(column * 4 + 1.5 - centre) < 0.24 * pitch:
                columns[column, NOTHING] = 0.005
                columns[column, INDEX[character]] = 0.98
    return columns / columns.sum(1, keepdims=True)


def text_of(cells):
    return "".join(CHARACTERS[at] for at in cells.chances.argmax(1))


@pytest.mark.parametrize("line", [PASSPORT[1], LETTER[1], CARD[0]])
def test_each_length_is_told_by_counting(line):
    found = sight_of(columns_of(line)).cells()
    best = max(found, key=lambda length: found[length].score)
    assert best == len(line)
    assert text_of(found[best]) == line


def test_a_character_lost_inside_keeps_its_cell_and_says_that_it_is_hardly_there():
    found = sight_of(columns_of(PASSPORT[1], lost={17})).cells()
    assert text_of(found[44])[:17] + text_of(found[44])[18:] == PASSPORT[1][:17] + PASSPORT[1][18:]
    assert found[44].presence[17] < 0.1
    assert np.delete(found[44].presence, 17).min() > 0.8


def test_a_line_seen_from_the_side_keeps_its_count():
    found = sight_of(columns_of(PASSPORT[1], pitch=14.0, bend=0.06)).cells()
    assert text_of(found[44]) == PASSPORT[1]


def test_a_stroke_beside_the_line_is_not_of_it():
    columns = columns_of(CARD[0], start=80.0)
    columns[8, NOTHING], columns[8, INDEX["I"]] = 0.01, 0.98
    found = sight_of(columns).cells()
    assert text_of(found[30]) == CARD[0]


def test_too_few_characters_are_no_line():
    assert sight_of(columns_of("UTOPIA")) is None


def test_print_that_keeps_no_pitch_is_no_line():
    columns = np.full((208, 38), 1e-4)
    columns[:, NOTHING] = 0.99
    place = 10.0
    rng = np.random.default_rng(3)
    while place < 800:
        columns[int(place / 4)] = 1e-4
        columns[int(place / 4), INDEX["A"]] = 0.99
        place += rng.uniform(9, 40)
    assert (seen := sight_of(columns)) is None or all(cells.score < -0.6 for cells in seen.cells().values())


def test_a_line_hidden_at_its_end_is_of_no_length_and_keeps_its_cells():
    sight = sight_of(columns_of(PASSPORT[0], lost=set(range(34, 44))))
    assert 44 not in sight.cells()
    cells = sight.placed(0, 44)
    assert text_of(cells)[:34] == PASSPORT[0][:34]
    assert cells.presence[:34].min() > 0.8 > 0.1 > cells.presence[34:].max()
    assert sight.cell_at(40.0 + 12 * 17) == pytest.approx(12, abs=0.2)


def test_an_empty_strip_is_no_line():
    columns = np.full((208, 38), 1e-4)
    columns[:, NOTHING] = 1
    assert sight_of(columns) is None
