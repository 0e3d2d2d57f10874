"""What kind of document a zone is of, from its document code, its issuer and the nationality in it.

Doc 9303-4, 4.4 (second letter of a passport, in force from 2026), -5 and -6 note k, -3 section 5. An unknown second letter is an ordinary
document of its kind, never a refused one: older passports use PN, PC, PB and others freely, and `P<` is valid for years.
"""

from enum import StrEnum

from drivers.formats.states import StateKind, find_state


class DocumentClass(StrEnum):
    """The classes the lane tells apart. PROTECTED is a refugee other than by the 1951 Convention (XXC)."""

    ORDINARY = "ordinary"
    DIPLOMATIC = "diplomatic"
    OFFICIAL = "official"
    MILITARY = "military"
    EMERGENCY = "emergency"
    REFUGEE = "refugee"
    PROTECTED = "protected"
    STATELESS = "stateless"
    ALIEN = "alien"
    UN_LAISSEZ_PASSER = "un_laissez_passer"
    LAISSEZ_PASSER = "laissez_passer"
    SINGLE_SHEET = "single_sheet"
    CARD = "card"
    CREW = "crew"
    BORDER_PASS = "border_pass"
    VISA = "visa"
    UNKNOWN = "unknown"


_BY_NATIONALITY = {"XXA": DocumentClass.STATELESS, "XXB": DocumentClass.REFUGEE, "XXC": DocumentClass.PROTECTED}
_PASSPORTS = {
    "PD": DocumentClass.DIPLOMATIC,
    "PO": DocumentClass.OFFICIAL,
    "PM": DocumentClass.MILITARY,
    "PE": DocumentClass.EMERGENCY,
    "PR": DocumentClass.REFUGEE,
    "PS": DocumentClass.STATELESS,
    "PT": DocumentClass.ALIEN,
    "PL": DocumentClass.LAISSEZ_PASSER,
    "PU": DocumentClass.SINGLE_SHEET,
}

# Face only, no declaration, then an officer. A single sheet of Doc 9303-8 is an emergency travel document.
SHORT_WAY = frozenset(
    {
        DocumentClass.REFUGEE,
        DocumentClass.PROTECTED,
        DocumentClass.STATELESS,
        DocumentClass.EMERGENCY,
        DocumentClass.SINGLE_SHEET,
        DocumentClass.UN_LAISSEZ_PASSER,
    }
)


def classify(document_code: str, issuer: str, nationality: str, border_passes: frozenset[tuple[str, str]] = frozenset()) -> DocumentClass:
    """The class of a document by the codes in its zone, without trailing fillers.

    `border_passes` names the pairs of issuer and document code that a post profile takes as border passes: ICAO has no code for them.
    A visa is one whoever holds it. The standing of the holder (XXA, XXB, XXC) goes before the letters of the document.
    """
    if document_code.startswith("V"):
        return DocumentClass.VISA
    if nationality in _BY_NATIONALITY:
        return _BY_NATIONALITY[nationality]
    if (issuer, document_code) in border_passes:
        return DocumentClass.BORDER_PASS
    if issuer in ("UNO", "UNA"):
        return DocumentClass.UN_LAISSEZ_PASSER
    if document_code == "AC":
        return DocumentClass.CREW
    if document_code[:1] in ("A", "C", "I"):
        return DocumentClass.CARD
    if document_code[:1] != "P":
        return DocumentClass.UNKNOWN
    return _PASSPORTS.get(document_code) or _passport_of(issuer)


def _passport_of(issuer: str) -> DocumentClass:
    """The class of a passport whose second letter says nothing: an organisation issues laissez-passers, a state passports.

    The Order of Malta issues passports as states do.
    """
    state = find_state(issuer)
    if state is not None and state.kind is StateKind.ORGANISATION and state.code != "XOM":
        return DocumentClass.LAISSEZ_PASSER
    return DocumentClass.ORDINARY
