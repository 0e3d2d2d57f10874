"""Keys apart from the stations: under a passphrase, in a token, in shares; each opens what was sealed, and says in words why it does not."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.private import Private
from kiosk.sealing import shares
from kiosk.sealing.envelope import CannotOpen, Reader, seal
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.opening import OpeningKey, joined, opening_key, signing_key
from kiosk.sealing.protected import SCRYPT_N, SCRYPT_P, SCRYPT_R, protected_pem, read_private
from kiosk.sealing.signing import key_id, sign_members, signed_by
from kiosk.sealing.station import private_pem, raw_public, read_opening_key, write_private
from kiosk.sealing.token import make_in_token, parse_uri
from kiosk.sealing.unwrapping import unwrap
from tests.kiosk.practice import LANE
from tests.kiosk.tokens import soft_token

KEY, OTHER = X25519PrivateKey.generate(), X25519PrivateKey.generate()
PASSPHRASE = Private("six words drawn by dice")


def nobody(what: str) -> Private[str]:
    raise AssertionError(f"nobody is to be asked for the {what}")


def knows(what: str) -> Private[str]:
    assert "passphrase of" in what
    return PASSPHRASE


def reader(key: X25519PrivateKey) -> Reader:
    return Reader(key_id(raw_public(key)), key.public_key())


def opens(key: OpeningKey, *sealed_to: Reader) -> bool:
    return key.open(seal(Private(b"{}"), LANE, "r1", sealed_to), LANE, "r1").value == b"{}"


# under a passphrase


@pytest.mark.usefixtures("quick_passphrases")
def test_a_key_under_a_passphrase_opens_with_it_and_with_no_other(tmp_path: Path) -> None:
    path = tmp_path / "opening.key"
    write_private(path, protected_pem(KEY, PASSPHRASE))
    assert opens(opening_key(str(path), knows), reader(KEY))
    with pytest.raises(KeysWrong, match="this passphrase does not open it"):
        opening_key(str(path), lambda what: Private("another passphrase"))
    with pytest.raises(KeysWrong, match="cannot be asked for here"):
        read_opening_key(path)


def test_a_protected_key_costs_a_guess_much_and_is_read_by_openssl_as_well(tmp_path: Path) -> None:
    path = tmp_path / "opening.key"
    write_private(path, protected_pem(KEY, PASSPHRASE))
    assert SCRYPT_N * SCRYPT_R * SCRYPT_P >= 2**20, "no less than RFC 7914 and its like ask for"
    try:
        command = ["openssl", "pkey", "-in", str(path), "-passin", f"pass:{PASSPHRASE.value}", "-pubout", "-outform", "DER"]
        found = subprocess.run(command, check=True, capture_output=True).stdout
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    assert found[-32:] == raw_public(KEY)


def test_a_short_passphrase_protects_nothing() -> None:
    with pytest.raises(KeysWrong, match="too short"):
        protected_pem(KEY, Private("password"))


@pytest.mark.usefixtures("quick_passphrases")
def test_a_protected_key_that_others_may_read_is_refused_before_anybody_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "opening.key"
    path.write_bytes(protected_pem(KEY, PASSPHRASE))
    path.chmod(0o644)
    with pytest.raises(KeysWrong, match="chmod 600"):
        read_private(path, nobody)


@pytest.mark.usefixtures("quick_passphrases")
def test_a_folder_of_keys_opens_what_was_sealed_to_any_of_them(tmp_path: Path) -> None:
    write_private(tmp_path / "opening-1.key", private_pem(KEY))
    write_private(tmp_path / "opening-2.key", protected_pem(OTHER, PASSPHRASE))
    both = opening_key(str(tmp_path), knows)
    assert set(both.ids) == {reader(KEY).id, reader(OTHER).id}
    assert opens(both, reader(KEY))
    assert opens(both, reader(OTHER))
    (tmp_path / "empty").mkdir()
    with pytest.raises(KeysWrong, match="no key lies there"):
        opening_key(str(tmp_path / "empty"), nobody)


# in shares


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (0, 2), (2, 0)])
def test_any_two_shares_open(pair: tuple[int, int]) -> None:
    cut = shares.split(KEY)
    given = iter([cut[at] for at in pair])
    assert opens(opening_key("shares", lambda what: next(given)), reader(KEY))


def test_a_printed_page_is_read_back_and_names_the_key(tmp_path: Path) -> None:
    files = []
    for number, words in enumerate(shares.split(KEY), 1):
        files.append(tmp_path / f"share-{number}.txt")
        files[-1].write_text(shares.page(words, number, reader(KEY).id, "ut-hq-headquarters1", "2026-12-01"))
    assert reader(KEY).id in files[0].read_text()
    assert opens(opening_key(f"shares:{files[2]},{files[0]}", nobody), reader(KEY))
    with pytest.raises(KeysWrong, match="one alone says nothing"):
        opening_key(f"shares:{files[0]}", nobody)
    with pytest.raises(KeysWrong, match="cannot be read"):
        opening_key(f"shares:{files[0]},{tmp_path / 'none'}", nobody)


def test_shares_that_do_not_belong_together_are_refused_with_what_to_do() -> None:
    cut, again, other = shares.split(KEY), shares.split(KEY), shares.split(OTHER)
    for pair in ((cut[0], other[1]), (cut[0], again[1])):
        with pytest.raises(KeysWrong, match="not of one key, or not of one cut"):
            shares.join(pair)
    with pytest.raises(KeysWrong, match="the same share was given twice"):
        shares.join((cut[0], cut[0]))
    with pytest.raises(KeysWrong, match="0 of the 2 shares"):
        shares.join(())


def test_a_misread_word_is_found_before_the_second_holder_is_asked() -> None:
    words = shares.split(KEY)[0].value.split()
    asked = []

    def ask(what: str) -> Private[str]:
        asked.append(what)
        return Private(" ".join([*words[:6], "mpaka", *words[7:]]))

    with pytest.raises(KeysWrong, match="share 1 is misread: word 7 is not one of the list") as refused:
        joined("", ask)
    assert len(asked) == 1
    assert words[0] not in str(refused.value)
    swapped = " ".join([*words[:8], words[9], words[8], *words[10:]]) if words[8] != words[9] else " ".join(words[:-1])
    with pytest.raises(KeysWrong, match="33 words, and their checksum does not fit|32 words"):
        shares.check(1, Private(swapped))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(KeysWrong):
        shares.check(1, shares.words_of(text))


def test_shares_of_another_house_are_not_taken_for_ours() -> None:
    import shamir_mnemonic

    ((alone,),) = shamir_mnemonic.generate_mnemonics(1, [(1, 1)], os.urandom(32))
    with pytest.raises(KeysWrong, match="not one of Mpaka's"):
        shares.join((Private(alone), Private(alone)))


# in a token


class InMemory:
    """X25519 done by hand, as a token does it."""

    def __init__(self, key: X25519PrivateKey) -> None:
        self._key, self.public = key, raw_public(key)

    def exchange(self, peer: bytes) -> bytes:
        return self._key.exchange(X25519PublicKey.from_public_bytes(peer))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_what_is_sealed_opens_by_x25519_alone(payload: bytes) -> None:
    held = OpeningKey({reader(KEY).id: InMemory(KEY)})
    envelope = seal(Private(payload), LANE, "r1", (reader(KEY),))
    assert held.open(envelope, LANE, "r1").value == payload
    with pytest.raises(CannotOpen):
        OpeningKey({reader(KEY).id: InMemory(OTHER)}).open(envelope, LANE, "r1")


def test_the_vector_of_rfc_9180_opens() -> None:
    """Appendix A.2.1.1, sequence number 0: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode."""
    key = X25519PrivateKey.from_private_bytes(bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"))
    enc = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
    sealed = bytes.fromhex("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28")
    assert unwrap(enc + sealed, InMemory(key), b"Ode on a Grecian Urn", b"Count-0") == b"Beauty is truth, truth beauty"
    with pytest.raises(ValueError, match="changed"):
        unwrap(enc + sealed, InMemory(OTHER), b"Ode on a Grecian Urn", b"Count-0")
    with pytest.raises(ValueError, match="shorter"):
        unwrap(enc[:20], InMemory(key), b"")


def test_a_token_signs_and_opens_and_its_key_stays_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = soft_token(tmp_path, monkeypatch)
    signs, opens_too = address.format("authority"), address.format("opening")
    make_in_token(signs, nobody, signs=True)
    make_in_token(opens_too, nobody, signs=False)
    key = signing_key(signs, nobody)
    assert signed_by("ack", {"a": 1, "sig": sign_members("ack", {"a": 1}, key)}, (key.public_key(),))
    held = opening_key(opens_too, nobody)
    sealed_to = Reader(held.ids[0], X25519PublicKey.from_public_bytes(next(iter(held.keys.values())).public))  # type: ignore[union-attr]
    assert opens(held, sealed_to)
    with pytest.raises(KeysWrong, match="never overwritten"):
        make_in_token(signs, nobody, signs=True)
    with pytest.raises(KeysWrong, match="not an X25519 key"):
        opening_key(signs, nobody)
    with pytest.raises(KeysWrong, match="not an Ed25519 key"):
        signing_key(opens_too, nobody)
    with pytest.raises(KeysWrong, match="has no key pair nothing"):
        signing_key(address.format("nothing"), nobody)


def test_a_token_s_faults_are_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = soft_token(tmp_path, monkeypatch)
    with pytest.raises(KeysWrong, match="no such token is plugged in"):
        opening_key(address.replace("token=", "token=other-").format("opening"), nobody)
    (tmp_path / "pin").write_text("000000")
    with pytest.raises(KeysWrong, match="the PIN is wrong"):
        opening_key(address.format("opening"), nobody)
    (tmp_path / "pin").unlink()
    with pytest.raises(KeysWrong, match="the PIN cannot be read"):
        opening_key(address.format("opening"), nobody)
    with pytest.raises(KeysWrong, match="there is no such library"):
        opening_key("pkcs11:token=a;object=b?module-path=/nowhere.so", nobody)


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("pkcs11:token=a;object=b?module-path=/x&pin-value=1234", "pin-value"),
        ("pkcs11:token=a?module-path=/x", "needs token, object and module-path"),
        ("pkcs11:token=a;object=b;slot-id=3?module-path=/x", "has no part slot-id"),
    ],
)
def test_a_token_s_address_is_read_strictly(uri: str, says: str) -> None:
    with pytest.raises(KeysWrong, match=says) as refused:
        parse_uri(uri)
    assert "1234" not in str(refused.value)


@given(st.text(max_size=80))
def test_what_is_no_address_of_a_token_is_refused_or_read(text: str) -> None:
    try:
        found = parse_uri(f"pkcs11:{text}")
    except KeysWrong:
        return
    assert found.token
    assert found.object


@pytest.mark.usefixtures("quick_passphrases")
def test_a_key_that_signs_may_be_protected(tmp_path: Path) -> None:
    authority = Ed25519PrivateKey.generate()
    write_private(tmp_path / "authority.key", protected_pem(authority, PASSPHRASE))
    assert stat.S_IMODE((tmp_path / "authority.key").stat().st_mode) == 0o600
    key = signing_key(str(tmp_path / "authority.key"), knows)
    assert signed_by("ack", {"a": 1, "sig": sign_members("ack", {"a": 1}, key)}, (authority.public_key(),))
