"""Reading zones: the specimens of Utopia, what is wrong said in words, and any text at all."""

import pytest
from drivers.formats.layouts import Format
from drivers.formats.mrz import parse

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
SMALL_BOOK = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
VISA_A = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
VISA_B = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")


@pytest.mark.parametrize(
    ("lines", "format"),
    [(PASSPORT, Format.TD3), (CARD, Format.TD1), (SMALL_BOOK, Format.TD2), (VISA_A, Format.MRVA), (VISA_B, Format.MRVB)],
)
def test_each_specimen_of_utopia_is_read_as_what_it_is_with_nothing_wrong(lines: tuple[str, ...], format: Format) -> None:
    zone = parse(lines)
    assert zone.format is format
    assert zone.valid
    assert zone.problems == ()
    assert zone.fields is not None
    assert (zone.fields.surname, zone.fields.given_names) == ("ERIKSSON", "ANNA MARIA")
