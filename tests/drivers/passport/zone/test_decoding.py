"""Which characters stand in a zone: the field says what may stand there, check digits say what must, and names are left alone."""

import numpy as np
import pytest

from drivers.formats.layouts import Format
from drivers.passport.zone.alphabet import CHARACTERS, INDEX
from drivers.passport.zone.decoding import acceptable, decode
from tests.drivers.passport.zone.specimens import CARD, LETTER, PASSPORT, VISA, ZONES, chances, here

FRENCH = ("IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "8806923102858CORINNE<<<<<<<6512068F6")


def seen(lines, sure=0.97):
    return [chances(line, sure) for line in lines], [here(line) for line in lines]


def doubt(table, at, first, second, part=0.55):
    """The recogniser wavers at one place between two characters."""
    table[at] = 1e-4
    table[at, INDEX[first]] = part
    table[at, INDEX[second]] = 1 - part
    return table


@pytest.mark.parametrize(("kind", "lines"), [*ZONES.items(), (Format.FRID, FRENCH)])
def test_each_type_is_told_by_what_stands_in_it(kind, lines):
    decoded = decode(*seen(lines))
    assert (decoded.zone.format, decoded.zone.lines, decoded.zone.valid) == (kind, lines, True)
    assert acceptable(decoded)


def test_a_zero_read_in_a_name_is_the_letter_and_a_letter_read_in_a_date_is_the_figure():
    tables, there = seen(PASSPORT)
    doubt(tables[0], PASSPORT[0].index("O", 5), "0", "O", 0.8)
    doubt(tables[1], 13, "Z", "7", 0.8)
    assert decode(tables, there).zone.lines == PASSPORT


def test_a_figure_hardly_less_likely_that_makes_the_check_digits_right_is_taken():
    tables, there = seen(PASSPORT)
    doubt(tables[1], 3, "B", "8")
    decoded = decode(tables, there)
    assert decoded.zone.lines == PASSPORT
    assert decoded.zone.valid


def test_a_number_that_two_changes_would_mend_equally_is_not_mended():
    tables, there = seen(PASSPORT)
    # Both places have the weight 7: taking one off either makes every check digit right, and only one of them is true.
    doubt(tables[1], 3, "9", "8")
    doubt(tables[1], 6, "2", "1")
    assert PASSPORT[1][3] == "8" and PASSPORT[1][6] == "2"
    decoded = decode(tables, there)
    assert decoded.agreed < 0.6
    assert not acceptable(decoded)


def test_two_figures_in_doubt_are_settled_by_the_digits_that_span_both():
    tables, there = seen(PASSPORT)
    doubt(tables[1], 3, "B", "8", 0.6)
    doubt(tables[1], 14, "9", "4", 0.6)
    decoded = decode(tables, there)
    assert decoded.zone.lines == PASSPORT
    assert acceptable(decoded)


@pytest.mark.parametrize(("row", "column", "rival"), [(0, 3, "F"), (1, 11, "F"), (1, 12, "Q")])
def test_a_known_state_is_likelier_than_three_other_letters(row, column, rival):
    """UTO is in the list of states; UFO and UTQ are not."""
    tables, there = seen(PASSPORT)
    doubt(tables[row], column, rival, PASSPORT[row][column], 0.75)
    decoded = decode(tables, there)
    assert decoded.zone.lines == PASSPORT
    assert acceptable(decoded)


def test_a_state_of_no_list_that_is_plainly_printed_stays_as_printed():
    printed = (PASSPORT[0].replace("UTO", "UFQ", 1), PASSPORT[1].replace("UTO", "UFQ", 1))
    decoded = decode(*seen(printed))
    assert decoded.zone.lines == printed
    assert acceptable(decoded)


def test_a_number_far_from_what_was_seen_is_never_put_in_its_place():
    tables, there = seen(PASSPORT)
    tables[1][3] = chances("4")[0]
    decoded = decode(tables, there)
    assert decoded.zone.lines[1][3] == "4"
    assert not decoded.zone.valid


@pytest.mark.parametrize("wavering", ["K<", "SE", "IL"])
def test_a_name_in_doubt_is_not_given_out(wavering):
    tables, there = seen(PASSPORT)
    doubt(tables[0], 8, *wavering, 0.53)
    assert not acceptable(decode(tables, there))


def test_a_character_that_is_hardly_there_is_not_given_out():
    tables, there = seen(CARD)
    there[2][3] = 0.3
    assert not acceptable(decode(tables, there))


def test_print_whose_check_digits_are_wrong_is_read_as_printed_and_marked():
    printed = (PASSPORT[0], PASSPORT[1][:-1] + "7")
    decoded = decode(*seen(printed))
    assert decoded.zone.lines == printed
    assert not decoded.zone.valid
    assert acceptable(decoded)


def test_a_visa_is_no_passport_and_a_travel_letter_no_visa():
    assert decode(*seen(VISA)).zone.format is Format.MRVA
    assert decode(*seen(LETTER)).zone.format is Format.TD2


def test_lines_of_no_known_shape_are_nothing():
    assert decode(*seen(("A" * 31, "B" * 31))) is None


def test_chance_never_makes_a_valid_zone():
    rng = np.random.default_rng(5)
    for _ in range(60):
        lines = ["".join(CHARACTERS[at] for at in rng.integers(0, 37, 44)) for _ in range(2)]
        decoded = decode(*seen(lines, 0.6))
        assert decoded is None or not (decoded.zone.valid and acceptable(decoded))


def hidden(tables, there, line, cells):
    """Something lies over these cells of a line."""
    tables[line][cells] = 1 / 37
    there[line] = there[line].copy()
    there[line][cells] = 0.03
    return tables, there


def test_the_hidden_end_of_a_name_after_fillers_is_fillers():
    decoded = decode(*hidden(*seen(PASSPORT), 0, slice(30, 44)))
    assert decoded.zone.lines == PASSPORT
    assert acceptable(decoded)
    assert 0.65 < decoded.certain[0, 30:].min() < 0.9 < decoded.certain[0, :29].min()


def test_a_finger_before_the_last_fillers_of_a_name_hides_nothing_either():
    decoded = decode(*hidden(*seen(CARD), 2, slice(25, 28)))
    assert (decoded.zone.lines, acceptable(decoded)) == (CARD, True)


def test_what_the_edge_of_a_finger_makes_of_fillers_is_no_letter_of_a_name():
    tables, there = hidden(*seen(PASSPORT), 0, slice(36, 44))
    doubt(tables[0], 34, "V", "<", 0.8)
    doubt(tables[0], 35, "U", "K", 0.6)
    decoded = decode(tables, there)
    assert (decoded.zone.lines, acceptable(decoded)) == (PASSPORT, True)


def test_a_letter_plainly_printed_behind_fillers_is_not_taken_for_one_of_them():
    printed = (PASSPORT[0][:34] + "V" + PASSPORT[0][35:], PASSPORT[1])
    assert decode(*seen(printed)).zone.lines == printed


def test_a_card_of_france_may_be_a_td2():
    lines = ("IDFRABERTHIER<<CORINNE<<<<<<<<<<<<<<", "L898902C36FRA7408122F1204159<<<<<<<8")
    decoded = decode(*seen(lines))
    assert (decoded.zone.format, decoded.zone.lines, decoded.zone.valid) == (Format.TD2, lines, True)
    assert acceptable(decoded)


@pytest.mark.parametrize("first", [18, 23, 25, 27])
def test_the_hidden_end_of_a_name_that_may_go_on_is_not_guessed(first):
    assert not acceptable(decode(*hidden(*seen(PASSPORT), 0, slice(first, 44))))


def test_a_name_that_goes_on_behind_what_hides_it_is_not_guessed():
    line = "P<UTOERIKSSON<<ANNA<<<<<<<<MARIA<<<<<<<<<<<<"
    assert not acceptable(decode(*hidden(*seen((line, PASSPORT[1])), 0, slice(22, 26))))


def test_hidden_optional_data_are_fillers_only_where_several_lead_up_to_them():
    assert acceptable(decode(*hidden(*seen(VISA), 1, slice(40, 44)))) is False
    plain = (VISA[0], VISA[1][:28] + "<" * 16)
    decoded = decode(*hidden(*seen(plain), 1, slice(36, 44)))
    assert (decoded.zone.lines, acceptable(decoded)) == (plain, True)


@pytest.mark.parametrize(("lines", "row", "cells"), [(PASSPORT, 1, 43), (CARD, 1, 29), (PASSPORT, 1, 9), (LETTER, 1, 35)])
def test_a_hidden_check_digit_is_not_guessed(lines, row, cells):
    assert not acceptable(decode(*hidden(*seen(lines), row, slice(cells, cells + 1))))
