"""Codes of states, organisations and classes of person."""

import json

import pytest

from drivers.formats.states import STATES, StateKind, find_alpha2, find_state, in_zone, same_state
from tests.drivers.formats.shared import FOLDER


def test_there_are_249_codes_of_iso_3166_and_thirty_of_icao() -> None:
    iso = [state for state in STATES.values() if state.kind is StateKind.STATE and state.code not in ("D", "RKS")]
    assert len(iso) == 249
    assert len(STATES) == 249 + 30
    assert len({state.alpha2 for state in iso}) == 249
    assert all(len(state.code) == 3 and state.code.isupper() and len(state.alpha2) == 2 and state.name for state in iso)


def test_every_special_code_of_the_design_is_known_with_its_two_letters() -> None:
    path = FOLDER.parent.parent / "design" / "codes.json"
    if not path.exists():
        pytest.skip("the design pages are not beside this project")
    for code, facts in json.loads(path.read_text(encoding="utf-8"))["state_codes"]["special"].items():
        assert STATES[code].alpha2 == (facts["alpha2"] or ""), code


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("TZA", "Tanzania", StateKind.STATE),
        ("MWI", "Malawi", StateKind.STATE),
        ("MOZ", "Mozambique", StateKind.STATE),
        ("ZMB", "Zambia", StateKind.STATE),
        ("D<<", "Germany", StateKind.STATE),
        ("D", "Germany", StateKind.STATE),
        ("RKS", "Kosovo", StateKind.STATE),
        ("UTO", "Utopia", StateKind.SPECIMEN),
        ("UNO", "United Nations", StateKind.ORGANISATION),
        ("XXA", "Stateless person", StateKind.PERSON),
        ("XXB", "Refugee", StateKind.PERSON),
        ("GBN", "British National (Overseas)", StateKind.NATIONALITY),
        ("ANT", "Netherlands Antilles", StateKind.OLD),
    ],
)
def test_a_code_of_a_zone_says_what_it_stands_for(code: str, name: str, kind: StateKind) -> None:
    state = find_state(code)
    assert state is not None
    assert (state.name, state.kind) == (name, kind)


@pytest.mark.parametrize("code", ["", "<<<", "XKX", "WSA", "ZZZ", "uto"])
def test_a_code_that_is_not_in_the_list_is_none_and_no_error(code: str) -> None:
    assert find_state(code) is None


def test_germany_is_one_letter_in_a_zone_and_three_elsewhere() -> None:
    assert in_zone("DEU") == in_zone("D") == "D<<"
    assert in_zone("MWI") == "MWI"
    assert same_state("D<<", "DEU")
    assert not same_state("D<<", "DNK")


def test_two_letters_of_a_certificate_find_the_state() -> None:
    found = {alpha2: find_alpha2(alpha2) for alpha2 in ("MW", "DE", "UN", "UT", "EU", "KS")}
    assert {alpha2: state.code for alpha2, state in found.items() if state} == {
        "MW": "MWI", "DE": "D", "UN": "UNO", "UT": "UTO", "EU": "EUE", "KS": "RKS",
    }  # fmt: skip
    assert find_alpha2("") is None
