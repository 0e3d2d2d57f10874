"""Sealing: who may open opens, nobody else does; a signature is of one kind and one hand; a key set only goes forward."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from kiosk.journal.rows import LARGEST_PICTURE, LARGEST_RECORD
from kiosk.keys import sign_key_set
from kiosk.messages.payloads import SEALED_MEDIA, SEALED_RECORD, Hello, encode, members
from kiosk.private import Private
from kiosk.sealing.envelope import CannotOpen, Reader, open_envelope, read_envelope, seal
from kiosk.sealing.key_set import KeyEntry, KeyState, KeysWrong, Use, read_key_set
from kiosk.sealing.signing import chain_hash, key_id, sign_members, signed, signed_by
from kiosk.sealing.station import load_station_keys, private_pem, public_text, raw_public, read_opening_key, read_signing_key, write_private
from tests.kiosk.practice import CONSOLE, LANE, Practice

KEYS = [X25519PrivateKey.generate() for _ in range(3)]
READERS = tuple(Reader(key_id(raw_public(key)), key.public_key()) for key in KEYS)
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "reporting.json").read_text(encoding="utf-8"))


def held(key: X25519PrivateKey) -> dict[str, X25519PrivateKey]:
    return {key_id(raw_public(key)): key}


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=2000))
def test_each_reader_opens_what_was_sealed(payload: bytes) -> None:
    envelope = seal(Private(payload), LANE, "r1", READERS)
    assert [open_envelope(held(key), envelope, LANE, "r1").value for key in KEYS] == [payload] * 3


def test_nobody_else_opens_it_and_it_opens_nowhere_else() -> None:
    envelope = seal(Private(b"MARKED"), LANE, "r1", READERS)
    for keys, station, record in (
        (held(X25519PrivateKey.generate()), LANE, "r1"),
        (held(KEYS[0]), LANE, "r2"),
        (held(KEYS[0]), CONSOLE, "r1"),
    ):
        with pytest.raises(CannotOpen) as refused:
            open_envelope(keys, envelope, station, record)
        assert "MARKED" not in str(refused.value)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_envelope_does_not_open(data: st.DataObject) -> None:
    envelope = bytearray(seal(Private(b"payload"), LANE, "r1", READERS[:1]))
    at = data.draw(st.integers(0, len(envelope) - 1))
    envelope[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        open_envelope(held(KEYS[0]), bytes(envelope), LANE, "r1")


@given(st.binary(max_size=120))
def test_bytes_that_are_no_envelope_are_refused(content: bytes) -> None:
    with pytest.raises(CannotOpen):
        read_envelope(content)


def test_a_private_value_does_not_show_itself() -> None:
    opened = open_envelope(held(KEYS[0]), seal(Private(b"MARKED"), LANE, "r1", READERS), LANE, "r1")
    assert f"{opened} {opened!r} {opened:>9}" == "‹private› ‹private› ‹private›"


def test_a_signature_is_of_one_kind_one_hand_and_every_member() -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    hello = members(encode(signed(Hello(console=CONSOLE, time="2026-12-01T08:00:00Z", sig=""), key)))
    public = (other.public_key(), key.public_key())
    assert signed_by("hello", hello, public)
    assert signed_by("hello", dict(reversed(hello.items())), public), "the order of members does not matter"
    assert not signed_by("claim", hello, public)
    assert not signed_by("hello", hello, public[:1])
    assert not signed_by("hello", {**hello, "console": LANE}, public)
    assert not signed_by("hello", {**hello, "more": 1}, public)
    for sig in (None, 7, "", "!!", b64encode(bytes(64)).decode(), "ü"):
        assert not signed_by("hello", {**hello, "sig": sig}, public)


def test_the_vectors_of_the_project_still_hold() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["signing_seed"]))
    for vector in VECTORS["signatures"]:
        without = {name: value for name, value in vector["members"].items() if name != "sig"}
        assert sign_members(vector["kind"], without, key) == vector["members"]["sig"]
        assert signed_by(vector["kind"], vector["members"], (key.public_key(),))
    first, second = (vector["members"] for vector in VECTORS["signatures"][:2])
    assert second["prevhash"] == chain_hash(json.dumps(first, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    reader = X25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["opening_key"]))
    envelope = VECTORS["envelope"]
    opened = open_envelope(held(reader), b64decode(envelope["bytes"]), envelope["station"], envelope["record"])
    assert opened.value.decode() == envelope["payload"]


def entries(*more: KeyEntry) -> list[KeyEntry]:
    return [
        entry(Use.HEADQUARTERS, "ut-hq-headquarters1"),
        entry(Use.RECOVERY, "ut-hq-headquarters1"),
        entry(Use.DESK, "ut-nowhere"),
        *more,
    ]


def entry(use: Use, owner: str, state: KeyState = KeyState.ACTIVE, key: Ed25519PrivateKey | X25519PrivateKey | None = None) -> KeyEntry:
    made = key or X25519PrivateKey.generate()
    return KeyEntry(id=key_id(raw_public(made)), use=use, owner=owner, public=public_text(made), state=state)


AUTHORITY = Ed25519PrivateKey.generate()
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_key_set_is_believed_only_with_the_authority_s_signature() -> None:
    content = sign_key_set(5, "ut", entries(), AUTHORITY, NOW)
    assert read_key_set(content, AUTHORITY.public_key()).number == 5
    with pytest.raises(KeysWrong, match="not signed by this state's authority"):
        read_key_set(content, Ed25519PrivateKey.generate().public_key())
    with pytest.raises(KeysWrong, match="not signed"):
        read_key_set(content.replace(b'"number":5', b'"number":9'), AUTHORITY.public_key())


@given(st.binary(max_size=100))
def test_bytes_that_are_no_key_set_are_refused(content: bytes) -> None:
    with pytest.raises(KeysWrong):
        read_key_set(content, AUTHORITY.public_key())


def test_an_entry_whose_name_is_not_its_key_s_is_refused() -> None:
    wrong = structs.replace(entries()[0], id="0" * 16)
    with pytest.raises(KeysWrong, match="malformed"):
        read_key_set(sign_key_set(1, "ut", [wrong], AUTHORITY, NOW), AUTHORITY.public_key())


def test_a_revoked_key_counts_for_nothing_and_a_retired_one_for_what_it_signed() -> None:
    keys = {state: Ed25519PrivateKey.generate() for state in KeyState}
    stations = [entry(Use.STATION, LANE, state, key) for state, key in keys.items()]
    public = read_key_set(sign_key_set(1, "ut", entries(*stations), AUTHORITY, NOW), AUTHORITY.public_key())
    found = {state: public.station_key(LANE, key_id(raw_public(key))) is not None for state, key in keys.items()}
    assert found == {KeyState.ACTIVE: True, KeyState.RETIRED: True, KeyState.REVOKED: False}
    assert len(public.signers(Use.STATION, LANE)) == 2
    assert public.station_key(CONSOLE, stations[0].id) is None


def test_without_a_desk_key_nothing_is_sealed_and_the_lack_is_named() -> None:
    public = read_key_set(sign_key_set(3, "ut", entries(), AUTHORITY, NOW), AUTHORITY.public_key())
    assert len(public.readers("ut-nowhere")) == 3
    with pytest.raises(KeysWrong, match="key set 3 has no active key for: desk"):
        public.readers("ut-elsewhere")


def test_a_station_without_its_files_is_told_what_to_do(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    folder = practice.founding.station(LANE)
    with pytest.raises(KeysWrong, match=f"not one of {CONSOLE}"):
        load_station_keys(folder, CONSOLE)
    (folder / "signing.key").chmod(0o640)
    with pytest.raises(KeysWrong, match="chmod 600"):
        load_station_keys(folder, LANE)
    (folder / "signing.key").unlink()
    with pytest.raises(KeysWrong, match=r"signing\.key: cannot be read"):
        load_station_keys(folder, LANE)
    write_private(folder / "signing.key", b"no key")
    with pytest.raises(KeysWrong, match="not a private key in PEM form"):
        load_station_keys(folder, LANE)
    (folder / "authority.pub").write_text("short")
    with pytest.raises(KeysWrong, match="not a public key"):
        load_station_keys(folder, LANE)
    with pytest.raises(KeysWrong, match="mpaka keys"):
        load_station_keys(tmp_path / "nowhere", LANE)


def test_a_key_of_the_wrong_kind_is_refused(tmp_path: Path) -> None:
    write_private(tmp_path / "signs", private_pem(AUTHORITY))
    write_private(tmp_path / "opens", private_pem(KEYS[0]))
    with pytest.raises(KeysWrong, match="not a key that opens"):
        read_opening_key(tmp_path / "signs")
    with pytest.raises(KeysWrong, match="not a key that signs"):
        read_signing_key(tmp_path / "opens")


def test_the_largest_sealed_record_and_picture_fit_into_their_messages() -> None:
    assert len(b64encode(bytes(LARGEST_RECORD))) <= SEALED_RECORD
    assert len(b64encode(bytes(LARGEST_PICTURE))) <= SEALED_MEDIA
