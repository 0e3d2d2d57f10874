"""What can be wrong with a machine readable zone, each with a code for programs and a sentence for people.

A sentence names a field and a place, never what stands there (law 10: nothing of a person in logs).
"""

from dataclasses import dataclass
from enum import StrEnum

from drivers.formats.layouts import Part, Span


class Wrong(StrEnum):
    """Codes of what is wrong. NO_FORMAT, CHARACTER and CHECK_DIGIT make a zone not valid; the others are for an officer to weigh."""

    NO_FORMAT = "no_format"
    CHARACTER = "character"
    CHECK_DIGIT = "check_digit"
    LONG_NUMBER = "long_number"
    DOCUMENT_CODE = "document_code"
    STATE = "state"
    DATE = "date"
    SEX = "sex"
    NAME = "name"


WORDS_FOR_PARTS = {
    Part.DOCUMENT_CODE: "document code",
    Part.ISSUER: "issuing state",
    Part.NAME: "name",
    Part.GIVEN: "given names",
    Part.NUMBER: "document number",
    Part.NATIONALITY: "nationality",
    Part.BIRTH: "date of birth",
    Part.SEX: "sex",
    Part.EXPIRY: "date of expiry",
    Part.OPTIONAL: "optional data",
    Part.OPTIONAL_2: "second optional data",
    Part.OFFICE: "office of issue",
    Part.COMPOSITE: "whole zone",
}

_SENTENCES = {
    Wrong.NO_FORMAT: "These lines are not a machine readable zone: it has 3 lines of 30, 2 of 36 or 2 of 44 characters.",
    Wrong.CHARACTER: "A character that no zone may hold stands in the {part}",
    Wrong.CHECK_DIGIT: "The check digit of the {part} is not right",
    Wrong.LONG_NUMBER: "The document number goes on into the optional data and has no end there",
    Wrong.DOCUMENT_CODE: "The document code is not one for this kind of document",
    Wrong.STATE: "The {part} is not in the list of codes",
    Wrong.DATE: "The {part} is not a day of the calendar",
    Wrong.SEX: "The field for the sex holds something other than F, M or a filler",
    Wrong.NAME: "The {part} field is empty or not written as a name is",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the code, the field, and where it stands (None where the lines have no format)."""

    wrong: Wrong
    part: Part | None = None
    at: Span | None = None

    @property
    def words(self) -> str:
        """A sentence in English for a person."""
        if self.part is None or self.at is None:
            return _SENTENCES[self.wrong]
        sentence = _SENTENCES[self.wrong].format(part=WORDS_FOR_PARTS[self.part])
        places = f"position {self.at.first}" if self.at.first == self.at.last else f"positions {self.at.first} to {self.at.last}"
        return f"{sentence} (line {self.at.line}, {places})."
