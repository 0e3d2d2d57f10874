"""Which way a document goes: ordinary, short, or as a border pass."""

import pytest

from drivers.formats.document_classes import SHORT_WAY, DocumentClass, classify


@pytest.mark.parametrize(
    ("code", "issuer", "nationality", "expected"),
    [
        ("P", "MWI", "MWI", DocumentClass.ORDINARY),
        ("PP", "UTO", "UTO", DocumentClass.ORDINARY),
        ("PN", "ZMB", "ZMB", DocumentClass.ORDINARY),
        ("PD", "TZA", "TZA", DocumentClass.DIPLOMATIC),
        ("PO", "TZA", "TZA", DocumentClass.OFFICIAL),
        ("PE", "MOZ", "MOZ", DocumentClass.EMERGENCY),
        ("PR", "D", "XXB", DocumentClass.REFUGEE),
        ("P", "ZMB", "XXB", DocumentClass.REFUGEE),
        ("PR", "ZMB", "SOM", DocumentClass.REFUGEE),
        ("P", "UTO", "XXA", DocumentClass.STATELESS),
        ("I", "UTO", "XXC", DocumentClass.PROTECTED),
        ("P", "UNO", "UNO", DocumentClass.UN_LAISSEZ_PASSER),
        ("PL", "UNA", "UNA", DocumentClass.UN_LAISSEZ_PASSER),
        ("P", "XEC", "XEC", DocumentClass.LAISSEZ_PASSER),
        ("PL", "EUE", "EUE", DocumentClass.LAISSEZ_PASSER),
        ("P", "XOM", "XOM", DocumentClass.ORDINARY),
        ("PU", "UTO", "UTO", DocumentClass.SINGLE_SHEET),
        ("AC", "UTO", "UTO", DocumentClass.CREW),
        ("I", "UTO", "UTO", DocumentClass.CARD),
        ("V", "UTO", "XXB", DocumentClass.VISA),
        ("ME", "D", "UKR", DocumentClass.UNKNOWN),
        ("", "", "", DocumentClass.UNKNOWN),
    ],
)
def test_a_document_is_told_by_its_codes(code: str, issuer: str, nationality: str, expected: DocumentClass) -> None:
    assert classify(code, issuer, nationality) is expected


def test_refugees_the_stateless_and_those_with_an_emergency_document_go_the_short_way() -> None:
    assert {DocumentClass.REFUGEE, DocumentClass.STATELESS, DocumentClass.EMERGENCY, DocumentClass.UN_LAISSEZ_PASSER} <= SHORT_WAY
    assert not SHORT_WAY & {DocumentClass.ORDINARY, DocumentClass.DIPLOMATIC, DocumentClass.CREW, DocumentClass.UNKNOWN, DocumentClass.VISA}


def test_a_border_pass_is_what_the_post_says_it_is() -> None:
    passes = frozenset({("UTO", "IB")})
    assert classify("IB", "UTO", "UTO", passes) is DocumentClass.BORDER_PASS
    assert classify("IB", "UTO", "UTO") is DocumentClass.CARD
    # A refugee who holds one is a refugee first.
    assert classify("IB", "UTO", "XXB", passes) is DocumentClass.REFUGEE
