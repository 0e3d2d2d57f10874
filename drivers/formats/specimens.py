"""Specimen documents of Utopia for tests, practice and the demo. None of these people exists; their surnames mean "example".

Ages and expiry are counted from the day that is passed in, so a specimen stays what it is called in any year.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from drivers.formats.dates import PartialDate
from drivers.formats.layouts import Format
from drivers.formats.making import Content, make, name_in_zone

_UTOPIA = "UTO"
_YEAR = timedelta(days=365.25)


@dataclass(frozen=True)
class Specimen:
    """One document: a key to ask for it by, its format and what its zone says."""

    key: str
    format: Format
    content: Content

    @property
    def lines(self) -> tuple[str, ...]:
        return make(self.format, self.content)


def specimens(today: date) -> tuple[Specimen, ...]:
    """Every specimen, as of today: passports of an adult and of a family of four, protected and other travellers, and each other format."""
    return (*_passports(today), *_protected(today), *_other_formats(today))


def specimen(key: str, today: date) -> Specimen:
    """The specimen with this key; KeyError where there is none."""
    return {one.key: one for one in specimens(today)}[key]


def _passports(today: date) -> tuple[Specimen, ...]:
    """Ordinary passports: good ones, one that has run out, one whose holder has a single name and knows the year of birth alone."""
    return (
        _passport("adult", "Mfano", "Tumaini Neema", "F", "U00000101", _ago(today, 34), _ahead(today, 5)),
        _passport("mother", "Chitsanzo", "Mphatso", "F", "U00000202", _ago(today, 38), _ahead(today, 6)),
        _passport("father", "Chitsanzo", "Chikondi Yohane", "M", "U00000203", _ago(today, 41), _ahead(today, 4)),
        _passport("child", "Chitsanzo", "Thoko", "F", "U00000204", _ago(today, 7), _ahead(today, 3)),
        _passport("baby", "Chitsanzo", "Limbani", "M", "U00000205", today - timedelta(days=40), _ahead(today, 4)),
        _passport(
            "long_name", "Exemplo de Vasconcelos e Albuquerque", "Maria da Conceição", "F", "U00000301", _ago(today, 29), _ahead(today, 8)
        ),
        _passport("expired", "Exemple", "Élise", "F", "U00000401", _ago(today, 52), today - timedelta(days=20)),
        _passport("one_name", "Mzee", "", "M", "U00000501", PartialDate(_ago(today, 70).year), _ahead(today, 2)),
    )


def _protected(today: date) -> tuple[Specimen, ...]:
    """Those who go the short way: a refugee, a stateless person, one with an emergency passport."""
    birth, expiry = _ago(today, 26), _ahead(today, 1)
    return (
        _passport("refugee", "Misaali", "Samira", "F", "R00000601", birth, expiry, code="PR", nationality="XXB"),
        _passport("stateless", "Beispiel", "Adam", "M", "S00000701", birth, expiry, code="PS", nationality="XXA"),
        _passport("emergency", "Mfano", "Baraka", "M", "E00000801", birth, expiry, code="PE"),
    )


def _other_formats(today: date) -> tuple[Specimen, ...]:
    """A card with a long number, a crew certificate, a small travel document, both visas."""
    birth, expiry = _ago(today, 45), _ahead(today, 3)

    def holder(code: str, given: str, number: str, optional: str = "") -> Content:
        return Content(code, _UTOPIA, name_in_zone("Mfano", given), number, _UTOPIA, birth, "M", expiry, optional)

    return (
        Specimen("card", Format.TD1, holder("I", "Juma", "U0000090112345")),
        Specimen("crew", Format.TD1, holder("AC", "Hamisi", "C00001001", "UTO")),
        Specimen("small", Format.TD2, holder("I", "Bakari", "U00001101")),
        Specimen("visa_a", Format.MRVA, holder("V", "Salim", "V00001201")),
        Specimen("visa_b", Format.MRVB, holder("V", "Rashid", "V00001301")),
    )


def _passport(
    key: str,
    surname: str,
    given: str,
    sex: str,
    number: str,
    birth: date | PartialDate,
    expiry: date,
    code: str = "PP",
    nationality: str = _UTOPIA,
) -> Specimen:
    return Specimen(key, Format.TD3, Content(code, _UTOPIA, name_in_zone(surname, given), number, nationality, birth, sex, expiry))


def _ago(today: date, years: int) -> date:
    """A day that makes someone so many years old, and some months."""
    return today - years * _YEAR - timedelta(days=100)


def _ahead(today: date, years: int) -> date:
    return today + years * _YEAR
