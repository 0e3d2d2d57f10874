"""Classes of documents, told by the document code and the nationality of a zone. PURE.

Sources: Doc 9303-4 section 4.4 (second letters of passports, in use from 2026), 9303-5 and -6 (first letters of cards), 9303-7 (visas);
codes that states print against the standard, from reports of those who read them. An unknown code is recognised, never rejected.
"""

from enum import StrEnum

from drivers.formats.states import StateKind, find_state
from kiosk.documents.results import Way


class DocumentClass(StrEnum):
    """What kind of document lies there."""

    PASSPORT = "passport"
    DIPLOMATIC = "diplomatic"
    OFFICIAL = "official"
    MILITARY = "military"
    EMERGENCY = "emergency"
    REFUGEE = "refugee"
    STATELESS = "stateless"
    ALIEN = "alien"
    LAISSEZ_PASSER = "laissez_passer"
    CARD = "card"
    CREW_CERTIFICATE = "crew_certificate"
    VISA = "visa"
    UNKNOWN = "unknown"


_PASSPORTS = {
    "P": DocumentClass.PASSPORT,
    "PP": DocumentClass.PASSPORT,
    "PD": DocumentClass.DIPLOMATIC,
    "PO": DocumentClass.OFFICIAL,
    "PM": DocumentClass.MILITARY,
    "PE": DocumentClass.EMERGENCY,
    "PU": DocumentClass.EMERGENCY,
    "PR": DocumentClass.REFUGEE,
    "PS": DocumentClass.STATELESS,
    "PT": DocumentClass.ALIEN,
    "PL": DocumentClass.LAISSEZ_PASSER,
}
_CARDS = ("A", "C", "I")
_STANDINGS = {"XXA": DocumentClass.STATELESS, "XXB": DocumentClass.REFUGEE, "XXC": DocumentClass.REFUGEE}
_SHORT = {DocumentClass.EMERGENCY, DocumentClass.REFUGEE, DocumentClass.STATELESS, DocumentClass.LAISSEZ_PASSER}


def document_class(code: str, nationality: str) -> DocumentClass:
    """The class, from the code and the nationality of a zone without fillers. The holder's standing wins over the code."""
    if code.startswith("V"):
        return DocumentClass.VISA
    # convention travel documents of many states still carry a plain P
    if nationality in _STANDINGS:
        return _STANDINGS[nationality]
    if code in _PASSPORTS:
        return _PASSPORTS[code]
    # 9303-5 note k keeps this pair for crews; other second letters are the issuer's choice
    if code == "AC":
        return DocumentClass.CREW_CERTIFICATE
    # before 2026 states chose second letters freely: PA, PB, PC, PV and others are ordinary passports
    if code.startswith("P"):
        return DocumentClass.PASSPORT
    return DocumentClass.CARD if code.startswith(_CARDS) else DocumentClass.UNKNOWN


def way_of(found: DocumentClass, nationality: str) -> Way:
    """The short way for those whose documents say that they fled, lost their papers, or travel for an organisation: then an officer."""
    state = find_state(nationality)
    for_organisation = state is not None and state.kind is StateKind.ORGANISATION
    return Way.SHORT if found in _SHORT or for_organisation else Way.ORDINARY
