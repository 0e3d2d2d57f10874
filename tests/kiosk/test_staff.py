"""A staff list counts only with the authority's signature over just what it says."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.private import Private
from kiosk.roles import Role
from kiosk.sign_on import SignedOn, SignOn, StaffList, StaffListWrong
from kiosk.staff import Newcomer, draw_pin, load_list, make_list

AUTHORITY = Ed25519PrivateKey.generate()
PIN = draw_pin()
CONTENT = make_list(3, [Newcomer("O-3", (Role.OFFICER,), PIN)], ["TZ-TUNDUMA"], date(2027, 1, 1), AUTHORITY)


def test_a_listed_officer_signs_on_with_the_pin_they_were_told(tmp_path: Path) -> None:
    (tmp_path / "staff.json").write_bytes(CONTENT)
    listed = load_list(tmp_path / "staff.json", AUTHORITY.public_key())
    sign_on = SignOn(listed, "TZ-TUNDUMA", frozenset({Role.OFFICER}), lambda deed, who: None)
    assert isinstance(sign_on.try_pin("O-3", PIN, 0.0, date(2026, 11, 23)), SignedOn)


def test_a_list_says_when_it_was_made_and_an_old_one_that_does_not_is_still_read(tmp_path: Path) -> None:
    made = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    (tmp_path / "staff.json").write_bytes(make_list(3, [], [], date(2027, 1, 1), AUTHORITY, made))
    assert load_list(tmp_path / "staff.json", AUTHORITY.public_key()).made == "2026-12-01T08:00:00Z"
    assert StaffList(3, ()).made == ""


def test_the_pin_is_not_in_the_file() -> None:
    assert PIN.value.encode() not in CONTENT


def test_a_list_of_another_authority_is_refused(tmp_path: Path) -> None:
    (tmp_path / "staff.json").write_bytes(CONTENT)
    with pytest.raises(StaffListWrong, match="not signed"):
        load_list(tmp_path / "staff.json", Ed25519PrivateKey.generate().public_key())


def test_a_list_with_one_more_role_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "staff.json").write_bytes(CONTENT.replace(b'"officer"', b'"shift_lead"'))
    with pytest.raises(StaffListWrong, match="not signed"):
        load_list(tmp_path / "staff.json", AUTHORITY.public_key())


def test_a_list_that_is_not_there_says_where_to_take_it_from(tmp_path: Path) -> None:
    with pytest.raises(StaffListWrong, match="take the list from headquarters"):
        load_list(tmp_path / "none.json", AUTHORITY.public_key())


def test_a_drawn_pin_never_shows_itself() -> None:
    assert repr(draw_pin()) == "‹private›" == str(Private("1"))
