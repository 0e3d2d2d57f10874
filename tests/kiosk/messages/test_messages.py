"""Messages: one written form, held against the contract in docs/asyncapi.yaml; bad bytes are refused in words and in no other way."""

import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kiosk.messages import payloads
from kiosk.messages.canonical import BadMessage, canonical
from kiosk.messages.payloads import SIGNED_AS, Lost, Payload, Record, Status, decode, encode
from kiosk.messages.topics import Leaf, Station, of_everyone, parse_station, parse_topic, topic
from tests.kiosk.contract import CONTRACT

ID = "018f8a8e-1111-7111-8111-111111111111"
T = "2026-12-01T08:00:00.000Z"
ZEROS = "0" * 64
RECORD = {
    "specversion": "1.0", "id": ID, "source": "/ut/ut-nowhere/ut-nowhere-lane1", "type": "mpaka.audit.v1", "time": T, "clocksource": "ntp",
    "uncertaintys": 0.25, "bootid": "b", "monotonicms": 5, "sequence": "00000000000000000001", "chain": ID, "prevhash": ZEROS, "keyid": "k",
    "sig": "s", "data_base64": "AAAA",
}  # fmt: skip
EXAMPLES: dict[str, dict[str, Any]] = {
    "status": {"state": "open", "ts": T, "session": ID, "seq": 1, "clock": {"source": "ntp", "uncertainty_s": 0.1}, "devices": {"a": "ok"},
               "outbox": {"rows": 1, "bytes": 2, "oldest_s": 3, "rejected": 0}, "since": {"state": T}, "queue": {"cases": 2, "longest_s": 60},
               "hours": [{"hour": T, "registered": 3, "decided": 2, "wait_s": 90}], "lists": {"staff": 5}, "versions": {"mpaka": "1"},
               "consumables": {"paper": "ok"}, "self_registration": {"state": "open", "reason": ""}},
    "lost": {"state": "lost", "session": ID},
    "birth": {"session": ID, "ts": T, "versions": {}, "devices": [{}], "keys": {}, "schema": "1", "chain": ID},
    "record": RECORD,
    "media": {"specversion": "1.0", "id": ID, "source": "/x", "type": "mpaka.media.v1", "record": ID, "keyid": "k", "sig": "s", "data_base64": ""},
    "ack": {"station": "s", "chain": ID, "upto": "0" * 20, "head": ZEROS, "ids": [ID], "reject": [{"id": ID, "why": "fork"}], "time": T, "sig": ""},
    "command": {"id": ID, "station": "s", "number": 1, "name": "replay", "expires": T, "args": {"from": 1}, "sig": ""},
    "commandResult": {"id": ID, "number": 1, "result": "done", "why": "", "sig": ""},
    "caseOffer": {"case_id": ID, "token_code": "ABC234", "version": 0, "since": T, "envelope": "AAAA", "sig": ""},
    "caseMedia": {"case_id": ID, "media": ID, "kind": "face", "envelope": "AAAA", "sig": ""},
    "hello": {"console": "c", "time": T, "sig": ""},
    "claim": {"case_id": ID, "version": 1, "console": "c", "release": True, "sig": ""},
    "claims": {"cases": [{"case_id": ID, "holder": None, "version": 1, "lease_s": 120}], "sig": ""},
    "decision": {"decision_id": ID, "case_id": ID, "version": 1, "code": "clear", "officer": "O-1", "second_officer": "O-2", "console": "c", "sig": ""},
    "decided": {"decision_id": ID, "case_id": ID, "outcome": "accepted", "sig": ""},
}  # fmt: skip


def shape_of(name: str) -> type[Payload]:
    return {name[0].lower() + name[1:]: shape for name, shape in vars(payloads).items() if isinstance(shape, type)}[name]


def schema_of(name: str) -> Draft202012Validator:
    return Draft202012Validator({"components": CONTRACT["components"], "$ref": f"#/components/schemas/{name}"})


def test_the_contract_names_every_topic_and_every_payload_and_its_version() -> None:
    assert {channel["address"].rsplit("/", 1)[1] for channel in CONTRACT["channels"].values()} == set(Leaf)
    assert set(CONTRACT["components"]["messages"]) == set(EXAMPLES)
    assert CONTRACT["info"]["version"] == payloads.CONTRACT
    assert {shape_of(name) for name in EXAMPLES} >= set(SIGNED_AS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_written_is_what_the_contract_says(name: str) -> None:
    payload = decode(json.dumps(EXAMPLES[name]).encode(), shape_of(name))
    written = encode(payload)
    assert list(schema_of(name).iter_errors(json.loads(written))) == []
    assert decode(written, shape_of(name)) == payload
    assert json.loads(written) == EXAMPLES[name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_required_members_are_required_on_both_sides(name: str) -> None:
    required = set(CONTRACT["components"]["schemas"][name]["required"])
    assert required == {field.encode_name for field in msgspec.structs.fields(shape_of(name)) if field.required}
    for member in required:
        without = {key: value for key, value in EXAMPLES[name].items() if key != member}
        with pytest.raises(BadMessage, match=member):
            decode(json.dumps(without).encode(), shape_of(name))
        assert not schema_of(name).is_valid(without)


@pytest.mark.parametrize("name", EXAMPLES)
@given(
    junk=st.one_of(st.none(), st.integers(), st.text(max_size=6), st.lists(st.integers(), max_size=2), st.just({"x": 1})),
    at=st.integers(0, 20),
)
def test_a_wrong_value_is_refused_by_both_or_by_neither(name: str, junk: object, at: int) -> None:
    member = sorted(EXAMPLES[name])[at % len(EXAMPLES[name])]
    changed = {**EXAMPLES[name], member: junk}
    try:
        decode(json.dumps(changed).encode(), shape_of(name))
        taken = True
    except BadMessage:
        taken = False
    assert taken == schema_of(name).is_valid(changed), member


def test_members_that_are_not_known_here_are_let_through() -> None:
    assert decode(b'{"state":"lost","session":"%s","later":1}' % ID.encode(), Lost) == Lost(state="lost", session=ID)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode) | st.recursive(st.integers(), lambda inner: st.lists(inner, max_size=3)).map(
    lambda value: json.dumps(value).encode()))  # fmt: skip
def test_bad_bytes_are_refused_and_nothing_else_happens(content: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(content, Record)


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 5000, b"\xff", b"", b'{"state":"\xed\xa0\x80"}', b" " * 500_000, b"1e999", b"nul"]
)
def test_monstrous_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(content, Status)


def test_what_came_from_outside_does_not_stand_in_our_words() -> None:
    with pytest.raises(BadMessage) as refused:
        decode(json.dumps({**EXAMPLES["status"], "state": "BADINO"}).encode(), Status)
    assert "BADINO" not in str(refused.value)


# RFC 8785 appendix B: the double of these bits is written so
NUMBERS = {
    "0000000000000000": "0", "8000000000000000": "0", "0000000000000001": "5e-324", "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308", "ffefffffffffffff": "-1.7976931348623157e+308", "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992", "4430000000000000": "295147905179352830000", "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23", "44b52d02c7e14af7": "1.0000000000000001e+23", "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000", "444b1ae4d6e2ef50": "1e+21", "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001", "41b3de4355555553": "333333333.3333332", "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333", "41b3de4355555556": "333333333.3333334", "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333", "43143ff3c1cb0959": "1424953923781206.2",
}  # fmt: skip


@pytest.mark.parametrize(("bits", "written"), NUMBERS.items())
def test_numbers_are_written_as_the_standard_says(bits: str, written: str) -> None:
    import struct

    assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]) == written.encode()


def test_members_stand_in_the_standard_s_order_and_texts_in_its_form() -> None:
    found = {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\U0001f600": "Emoji",
             "\x80": "Control", "\xf6": "Latin Small Letter O With Diaeresis"}  # fmt: skip
    assert [*json.loads(canonical(found)).values()] == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji", "Hebrew Letter Dalet With Dagesh",
    ]  # fmt: skip
    assert canonical({"a": '\u20ac$\x0f\nA\'B"\\\\"/\x7f'}) == b'{"a":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f"}'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2.0**53) + 1, 2.0**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_the_written_form_means_the_same_and_is_written_again_alike(value: object) -> None:
    written = canonical(value)
    read = json.loads(written)
    assert read == value
    assert canonical(read) == written


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, b"bytes", {1: 2}, "\ud800", {"\ud800": 1}, object()])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(BadMessage):
        canonical(value)


def test_a_station_is_named_by_post_and_name() -> None:
    assert parse_station("tz-tunduma-lane1") == Station("tz", "tz-tunduma", "lane1")
    assert parse_station("mw-songwe-osbp-console2") == Station("mw", "mw-songwe-osbp", "console2")
    assert topic("tz-tunduma-lane1", Leaf.RECORD) == "mpaka/v1/tz/tz-tunduma/tz-tunduma-lane1/rec"
    assert of_everyone(Leaf.MEDIA) == "mpaka/v1/+/+/+/media"


@pytest.mark.parametrize(
    "name", ["", "lane1", "tz-lane1", "TZ-tunduma-lane1", "tz-tunduma-lane1\n", "tz-tun+duma-lane1", "tz-" + "a" * 70 + "-lane1", "tz--a"]
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadMessage):
        parse_station(name)


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["mpaka", "v1", "tz", "tz-tunduma", "tz-tunduma-lane1", "rec", "", "#"]), max_size=8).map("/".join)
)
def test_a_topic_read_back_is_the_same_topic_or_refused(text: str) -> None:
    try:
        address = parse_topic(text)
    except BadMessage:
        return
    assert topic(address.station.id, address.leaf) == text
