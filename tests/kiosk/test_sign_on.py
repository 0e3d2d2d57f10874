"""Signing on: a slow hash, a lock-out that grows and ends, every try in the journal, nobody told which half was wrong."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.private import Private
from kiosk.roles import Role, SignedOn
from kiosk.sign_on import (
    LONGEST_WAIT_S,
    Lockout,
    Refusal,
    Refused,
    SignOn,
    Staff,
    StaffList,
    StaffListWrong,
    hash_pin,
    read_staff_list,
)

TODAY = date(2026, 11, 23)
SALT = bytes(16)
T7 = Staff("T-7", (Role.TECHNICIAN,), ("TZ-TUNDUMA",), SALT.hex(), hash_pin("246810", SALT), date(2027, 1, 1))
O3 = Staff("O-3", (Role.OFFICER,), ("TZ-TUNDUMA",), SALT.hex(), hash_pin("135791", SALT), date(2027, 1, 1))


class Post:
    def __init__(self, *staff: Staff) -> None:
        self.noted: list[tuple[str, str]] = []
        self.sign_on = SignOn(StaffList(1, staff), "TZ-TUNDUMA", frozenset({Role.TECHNICIAN}), lambda *said: self.noted.append(said))

    def tries(self, pseudonym: str, pin: str, now: float = 0.0, today: date | None = TODAY) -> SignedOn | Refused:
        return self.sign_on.try_pin(pseudonym, Private(pin), now, today)


def test_a_technician_signs_on_and_off_and_both_are_journalled() -> None:
    post = Post(T7)
    person = post.tries("T-7", "246810")
    assert person == SignedOn("T-7", frozenset({Role.TECHNICIAN}))
    post.sign_on.sign_off(person)
    assert post.noted == [("signed_on", "T-7"), ("signed_off", "T-7")]


def test_a_wrong_name_and_a_wrong_pin_get_the_same_answer() -> None:
    post = Post(T7)
    assert post.tries("T-7", "000000") == post.tries("X-9", "000000") == Refused(Refusal.WRONG)
    assert post.noted == [("sign_on_failed", "T-7"), ("sign_on_failed", "unknown")]


def test_the_wait_grows_and_then_ends_even_for_the_last_technician() -> None:
    post = Post(T7)
    now, waits = 0.0, []
    for _ in range(10):
        refused = post.tries("T-7", "000000", now)
        assert isinstance(refused, Refused)
        waits.append(refused.wait_s)
        assert post.tries("T-7", "246810", now).why is Refusal.WAIT if refused.wait_s else True
        now += refused.wait_s
    assert waits[:5] == [0.0, 0.0, 30.0, 60.0, 120.0]
    assert waits[-1] == LONGEST_WAIT_S
    assert isinstance(post.tries("T-7", "246810", now), SignedOn)


def test_an_officer_cannot_sign_on_at_a_technicians_menu() -> None:
    assert Post(O3).tries("O-3", "135791") == Refused(Refusal.NOT_HERE)


def test_a_sign_on_that_has_run_out_is_refused_unless_the_clock_is_not_known() -> None:
    assert Post(T7).tries("T-7", "246810", today=date(2027, 1, 2)) == Refused(Refusal.RUN_OUT)
    assert isinstance(Post(T7).tries("T-7", "246810", today=None), SignedOn)


def listed(**changes: Any) -> bytes:
    member = {"pseudonym": "T-7", "roles": ["technician"], "posts": ["TZ-TUNDUMA"], "salt": "00", "pin": "00", "valid_until": "2027-01-01"}
    return json.dumps({"list": {"number": 1, "staff": [{**member, **changes}]}, "keyid": "k", "sig": "s"}).encode()


def test_a_signed_list_is_read() -> None:
    assert read_staff_list(listed(), lambda _: True).staff[0].valid_until == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("content", "signed", "said"),
    [
        (listed(), False, "not signed by this state's authority"),
        (listed(roles=["king"]), True, "malformed"),
        (listed(name="x"), True, "malformed"),
        (b"{", True, "not JSON"),
        (b"[]", True, "no member `list`"),
    ],
)
def test_a_list_that_is_not_right_is_refused_in_words(content: bytes, signed: bool, said: str) -> None:
    with pytest.raises(StaffListWrong, match=said):
        read_staff_list(content, lambda _: signed)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_a_refusal(content: bytes) -> None:
    with pytest.raises(StaffListWrong):
        read_staff_list(content, lambda _: False)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=30))
def test_one_persons_failures_never_hold_up_another(tries: list[tuple[str, bool]]) -> None:
    lockout = Lockout()
    for name, right in tries:
        lockout = lockout.succeeded(name) if right else lockout.failed(name, 0.0)
    if not any(name == "b" for name, _ in tries):
        assert lockout.wait_s("b", 0.0) == 0.0
    assert lockout.wait_s("a", 0.0) <= LONGEST_WAIT_S
