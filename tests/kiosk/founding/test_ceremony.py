"""A state's founding: what each step makes and leaves behind, what each refuses, and what is said to whoever is refused."""

import contextlib
import json
import ssl
import stat
from base64 import b64decode, encodebytes
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.__main__ import main
from kiosk.founding.certificates import Certifier, certify, common_names, fitting, new_certifier, request, sign_request
from kiosk.founding.requests import read_request
from kiosk.founding.set_up import install
from kiosk.private import Private
from kiosk.sealing.envelope import seal
from kiosk.sealing.key_set import KeyState, KeysWrong, Use
from kiosk.sealing.opening import opening_key
from kiosk.sealing.station import load_receiver_keys, load_station_keys, private_pem, read_opening_key, write_private
from tests.kiosk.founding.ceremony import HEADQUARTERS, PASSPHRASE, Ceremony
from tests.kiosk.test_keys import shake_hands, tls
from tests.kiosk.tokens import soft_token

LANE, LANE_2, CONSOLE = "ut-nowhere-lane1", "ut-nowhere-lane2", "ut-nowhere-console1"
NOW = datetime.now(UTC)


def passphrase(what: str) -> Private[str]:
    return Private(PASSPHRASE)


@pytest.fixture
def ceremony(tmp_path: Path) -> Ceremony:
    return Ceremony(tmp_path)


def states(ceremony: Ceremony, use: Use, owner: str) -> list[KeyState]:
    return [entry.state for entry in ceremony.known.entries if (entry.use, entry.owner) == (use, owner)]


# the founding


def test_a_founding_leaves_no_secret_in_clear_and_the_recovery_key_nowhere_whole(ceremony: Ceremony) -> None:
    files = [path for path in ceremony.authority.rglob("*") if path.is_file()]
    assert not [path for path in files if b"BEGIN PRIVATE KEY" in path.read_bytes()]
    protected = [path for path in files if b"ENCRYPTED PRIVATE KEY" in path.read_bytes()]
    assert sorted(path.name.split("-")[0] for path in protected) == ["authority.key", "certificates.key", "opening"]
    pages = sorted((ceremony.authority / "shares").iterdir())
    assert len(pages) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in (*protected, *pages)} == {0o600}
    recovery = opening_key(f"shares:{pages[0]},{pages[2]}", passphrase)
    named = next(entry.id for entry in ceremony.known.entries if entry.use is Use.RECOVERY)
    assert recovery.ids == (named,)


def test_what_a_founded_state_s_lane_seals_opens_with_either_key_and_with_no_other(ceremony: Ceremony) -> None:
    ceremony.sets_up(CONSOLE, "signing", "tls", "desk")
    keys = load_station_keys(ceremony.sets_up(LANE), LANE)
    sealed = seal(Private(b"{}"), LANE, "r1", keys.readers())
    pages = sorted((ceremony.authority / "shares").iterdir())
    for source in (str(ceremony.authority / "opener"), f"shares:{pages[1]},{pages[2]}", str(ceremony.station(CONSOLE) / "desk.key")):
        assert opening_key(source, passphrase).open(sealed, LANE, "r1").value == b"{}"


def test_a_second_founding_in_the_same_folder_and_a_short_passphrase_change_nothing(
    ceremony: Ceremony, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (ceremony.authority / "authority.pub").read_bytes()
    words = ("--headquarters", HEADQUARTERS, "--passphrase-file", str(ceremony.passphrase))
    more = ("--opening-passphrase-file", str(ceremony.passphrase))
    assert "never overwritten" in ceremony.refuses(capsys, "found", str(ceremony.authority), *words, *more)
    assert (ceremony.authority / "authority.pub").read_bytes() == before
    short = tmp_path / "short"
    short.touch(0o600)
    short.write_text("password")
    assert "too short" in ceremony.refuses(capsys, "found", str(tmp_path / "new"), *words, "--opening-passphrase-file", str(short))
    assert not (tmp_path / "new").exists()
    short.chmod(0o644)
    assert "chmod 600" in ceremony.refuses(capsys, "found", str(tmp_path / "new"), *words, "--opening-passphrase-file", str(short))
    assert "nobody sits at a terminal" in ceremony.refuses(capsys, "found", str(tmp_path / "new"), "--headquarters", HEADQUARTERS)


def test_an_authority_and_an_opening_key_in_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = soft_token(tmp_path, monkeypatch)
    authority = ("--authority-token", address.format("authority"))
    ceremony = Ceremony(tmp_path, *authority, "--opening-token", address.format("opening"), "--no-ca")
    assert not list(ceremony.authority.rglob("*.key"))
    ceremony.makes(LANE, "signing")
    ceremony.makes(CONSOLE, "signing", "desk")
    requests = [str(ceremony.station(name) / "request.json") for name in (LANE, CONSOLE)]
    ceremony.does("enrol", "--authority", str(ceremony.authority), "--key", address.format("authority"), "--yes", *requests)
    ceremony.installs(LANE)
    sealed = seal(Private(b"{}"), LANE, "r1", load_station_keys(ceremony.station(LANE), LANE).readers())
    assert opening_key(address.format("opening"), passphrase).open(sealed, LANE, "r1").value == b"{}"


# shares


def test_a_recovery_key_that_lay_in_a_file_is_cut_and_gone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--out", str(tmp_path / "practice")]) == 0, "a founding for practice is made as before"
    key = tmp_path / "practice" / "safe" / "recovery.key"
    raw = read_opening_key(key).private_bytes_raw()
    assert main(["keys", "shares", str(key), "--out", str(tmp_path / "pages"), "--owner", HEADQUARTERS]) == 0
    assert not key.exists()
    pages = sorted(map(str, (tmp_path / "pages").iterdir()))
    ceremony = Ceremony(tmp_path)
    joined = tmp_path / "joined.key"
    ceremony.does("recover", pages[2], pages[1], "--to", str(joined), "--passphrase-file", str(ceremony.passphrase))
    assert read_opening_key(joined, passphrase).private_bytes_raw() == raw
    ceremony.does("recover", pages[0], pages[1])
    other = sorted(map(str, (ceremony.authority / "shares").iterdir()))
    assert "ask a second holder" in ceremony.refuses(capsys, "recover", pages[0])
    assert "not of one key" in ceremony.refuses(capsys, "recover", pages[0], other[1])
    spoilt = Path(pages[0]).read_text().replace("  9 ", "  9 mpaka", 1)
    Path(pages[0]).write_text(spoilt)
    assert "compare each word with the page" in ceremony.refuses(capsys, "recover", pages[0], pages[1])
    assert "cannot be written" in ceremony.refuses(
        capsys, "recover", pages[1], pages[2], "--to", str(joined), "--passphrase-file", str(ceremony.passphrase)
    )


# a station comes in


def test_a_station_is_set_up_and_no_private_key_leaves_it(ceremony: Ceremony) -> None:
    folder = ceremony.sets_up(LANE)
    keys = sorted(path.name for path in folder.iterdir())
    assert keys == ["authority.pub", "ca.pem", "key-set.json", "request.csr", "request.json", "signing.key", "tls.key", "tls.pem"]
    for path in (*ceremony.authority.rglob("*"), *(ceremony.folder / "sticks").rglob("*")):
        if path.is_file():
            assert (folder / "signing.key").read_bytes() not in path.read_bytes()
            assert (folder / "tls.key").read_bytes() not in path.read_bytes()
    assert load_station_keys(folder, LANE).id == ceremony.asked(LANE)
    assert b"PRIVATE" not in (folder / "request.json").read_bytes() + (folder / "request.csr").read_bytes()


def test_a_receiver_and_a_console_bring_their_own_keys(ceremony: Ceremony) -> None:
    folder = ceremony.sets_up(HEADQUARTERS, "signing", "tls", "acknowledgement", "command")
    keys = load_receiver_keys(folder, HEADQUARTERS)
    assert keys.acknowledgement.public_key() in keys.public.signers(Use.ACKNOWLEDGEMENT)
    assert len(keys.public.commanders()) == 2
    console = ceremony.sets_up(CONSOLE, "signing", "tls", "desk")
    other = ceremony.sets_up("ut-nowhere-console2")
    carried, guard = str(ceremony.folder / "desk.pem"), ("--passphrase-file", str(ceremony.passphrase))
    ceremony.does("desk", "--folder", str(console), "--to", carried, *guard)
    assert b"ENCRYPTED" in Path(carried).read_bytes()
    ceremony.does("desk", "--folder", str(other), "--take", carried, *guard)
    assert (other / "desk.key").read_bytes() == (console / "desk.key").read_bytes()


def test_station_and_broker_speak_mutual_tls_and_a_certificate_serves_one_side_only(ceremony: Ceremony) -> None:
    ceremony.does("broker", "mqtt.nowhere.example", "localhost", "127.0.0.1", "--folder", str(ceremony.folder / "broker"))
    ceremony.signs("sign", str(ceremony.folder / "broker" / "request.csr"), "--broker")
    stick = ceremony.brings("mqtt.nowhere.example")
    lane = load_station_keys(ceremony.sets_up(LANE), LANE).tls
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(stick / "ca.pem"))
    server.verify_mode = ssl.CERT_REQUIRED
    server.verify_flags |= ssl.VERIFY_X509_STRICT
    server.load_cert_chain(stick / "tls.pem", ceremony.folder / "broker" / "tls.key")
    shake_hands(server, tls(lane))
    posing = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(stick / "ca.pem"))
    posing.load_cert_chain(lane.certificate, lane.key)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(posing, tls(lane))


def test_the_authority_asks_before_it_believes_a_request(ceremony: Ceremony, capsys: pytest.CaptureFixture[str]) -> None:
    ceremony.makes(LANE)
    path = ceremony.station(LANE) / "request.json"
    enrol = ("enrol", "--authority", str(ceremony.authority), "--passphrase-file", str(ceremony.passphrase))
    assert "nobody sits at a terminal" in ceremony.refuses(capsys, *enrol, str(path))
    forged = json.loads(path.read_bytes())
    for name, value in (("station", LANE_2), ("keyid", "0" * 16), ("made", "2026-01-01T00:00:00Z")):
        changed = ceremony.folder / "changed.json"
        changed.write_text(json.dumps(forged | {name: value}))
        assert "is not signed by" in ceremony.refuses(capsys, *enrol, str(changed), "--yes")
    assert ceremony.known.number == 1
    ceremony.enrols(LANE)
    assert "is in the key set already" in ceremony.refuses(capsys, *enrol, str(path), "--yes")
    (ceremony.station(LANE) / "signing.key.next").unlink()
    (ceremony.station(LANE) / "tls.key.next").unlink()
    ceremony.makes(LANE)
    assert "say with --renew" in ceremony.refuses(capsys, *enrol, str(path), "--yes")
    ceremony.enrols(LANE, how=("--lost",))
    assert states(ceremony, Use.STATION, LANE) == [KeyState.REVOKED, KeyState.ACTIVE]


@given(
    st.one_of(
        st.binary(max_size=200), st.dictionaries(st.text(max_size=8), st.text(max_size=8)).map(lambda found: json.dumps(found).encode())
    )
)
def test_bytes_that_are_no_request_are_refused(content: bytes) -> None:
    with pytest.raises(KeysWrong):
        read_request(content)
    with pytest.raises(KeysWrong):
        sign_request(CERTIFIER, content, NOW)


def spoilt(content: bytes, at: int, bits: int) -> bytes:
    """PEM whose DER has one byte changed."""
    head, *body, tail = content.decode().strip().splitlines()
    der = bytearray(b64decode("".join(body)))
    der[at % len(der)] ^= bits
    return f"{head}\n{encodebytes(bytes(der)).decode()}{tail}\n".encode()


# a serial number that is not positive is only warned of today
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, 2000), bits=st.integers(1, 255))
def test_a_request_or_a_certificate_with_a_changed_byte_is_refused_or_changes_nothing_that_counts(at: int, bits: int) -> None:
    with contextlib.suppress(KeysWrong):
        signed = sign_request(CERTIFIER, spoilt(request(OWN, LANE), at, bits), NOW)
        assert (common_names(signed.subject), signed.public_key()) == ([LANE], OWN.public_key())
    with contextlib.suppress(KeysWrong):
        assert fitting(spoilt(GOOD, at, bits), pem(CERTIFIER.certificate), OWN, LANE, NOW).public_key() == OWN.public_key()
    with contextlib.suppress(KeysWrong):
        fitting(GOOD, spoilt(pem(CERTIFIER.certificate), at, bits), OWN, LANE, NOW)


def test_a_key_that_waits_is_never_overwritten(ceremony: Ceremony, capsys: pytest.CaptureFixture[str]) -> None:
    ceremony.makes(LANE)
    before = (ceremony.station(LANE) / "signing.key.next").read_bytes()
    assert "waits already" in ceremony.refuses(capsys, "station", LANE, "--folder", str(ceremony.station(LANE)))
    assert (ceremony.station(LANE) / "signing.key.next").read_bytes() == before
    assert "in lower case" in ceremony.refuses(capsys, "station", "Lane 1", "--folder", str(ceremony.station(LANE)))


# what comes back is checked


CERTIFIER, STRANGER = new_certifier("Ours", NOW), new_certifier("A stranger", NOW)
OWN = ec.generate_private_key(ec.SECP256R1())


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def made(certifier: Certifier = CERTIFIER, name: str = LANE, key: ec.EllipticCurvePrivateKey = OWN, **more: object) -> bytes:
    return pem(certify(certifier, name, key.public_key(), more.pop("now", NOW), **more))  # type: ignore[arg-type]


GOOD = made()


@pytest.mark.parametrize(
    ("chain", "says"),
    [
        (made(name=LANE_2), f"is of {LANE_2}, not of {LANE}"),
        (made(key=ec.generate_private_key(ec.SECP256R1())), "not for the key that was made here"),
        (made(STRANGER), "not signed by the authority in ca.pem"),
        (made(now=NOW - timedelta(days=400)), "holds from"),
        (made(now=NOW + timedelta(days=9)), "look at the clock"),
        (made(hosts=("localhost",)), "not for TLS"),
        (made() + made(STRANGER), "do not follow on one another"),
        (b"no certificate", "not in PEM form"),
    ],
)
def test_a_certificate_that_does_not_fit_is_refused(chain: bytes, says: str) -> None:
    with pytest.raises(KeysWrong, match=says):
        fitting(chain, pem(CERTIFIER.certificate), OWN, LANE, NOW)


def test_a_certificate_of_a_ministry_s_authority_with_one_between_fits() -> None:
    between_key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Between")]))
        .issuer_name(CERTIFIER.certificate.subject)
        .public_key(between_key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    between = Certifier(between_key, builder.sign(CERTIFIER.key, CERTIFIER.certificate.signature_hash_algorithm))
    chain, roots = made(between) + pem(between.certificate), pem(CERTIFIER.certificate)
    assert fitting(chain, roots, OWN, LANE, NOW).not_valid_after_utc == between.certificate.not_valid_after_utc, (
        "never longer than its issuer"
    )
    assert fitting(chain + roots, roots, OWN, LANE, NOW)
    with pytest.raises(KeysWrong, match="not signed by the authority"):
        fitting(made(between), roots, OWN, LANE, NOW)
    assert fitting(made(now=NOW - timedelta(days=400)), roots, OWN, LANE, None), "without a known clock dates are not judged"


def test_only_a_request_that_is_meant_for_a_broker_gets_a_broker_s_certificate() -> None:
    sly = request(OWN, "mqtt.nowhere.example", ("mqtt.nowhere.example",))
    with pytest.raises(KeysWrong, match="--broker"):
        sign_request(CERTIFIER, sly, NOW)
    assert sign_request(CERTIFIER, sly, NOW, broker=True)
    with pytest.raises(KeysWrong, match="not for a broker"):
        sign_request(CERTIFIER, request(OWN, LANE), NOW, broker=True)
    with pytest.raises(KeysWrong, match="in lower case"):
        sign_request(CERTIFIER, request(OWN, "+"), NOW)


@pytest.mark.parametrize("name", ["../ca", "revoked/x", "/etc/x", "..", ".hidden"])
def test_a_broker_s_request_cannot_name_a_file_elsewhere_in_the_authority_s_folder(ceremony: Ceremony, name: str) -> None:
    before = {path: path.read_bytes() for path in ceremony.authority.rglob("*") if path.is_file()}
    for hosts in ((name,), ("mqtt.nowhere.example",)):
        brought = ceremony.folder / "sly.csr"
        brought.write_bytes(request(OWN, name, hosts))
        sign = ("sign", "--authority", str(ceremony.authority), "--passphrase-file", str(ceremony.passphrase), str(brought), "--broker")
        assert main(["keys", *sign]) == 1
    assert {path: path.read_bytes() for path in ceremony.authority.rglob("*") if path.is_file()} == before


def test_what_a_key_may_do_to_every_station_is_said_before_it_is_believed(ceremony: Ceremony, capsys: pytest.CaptureFixture[str]) -> None:
    ceremony.makes(LANE, "signing", "tls", "command", "acknowledgement")
    ceremony.makes(LANE_2)
    capsys.readouterr()
    ceremony.enrols(LANE, LANE_2)
    warned = [line for line in capsys.readouterr().out.splitlines() if line.startswith("▲")]
    assert len(warned) == 2
    assert all(f"with this key {LANE} " in line and "every station" in line for line in warned)


def test_an_install_that_is_refused_changes_nothing(ceremony: Ceremony, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ceremony.sets_up(LANE)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    stick = ceremony.brings(LANE)
    install_it = ("install", LANE, str(stick), "--folder", str(folder))
    (stick / "tls.pem").write_bytes(made(STRANGER))
    assert "not for the key" in ceremony.refuses(capsys, *install_it)
    (stick / "tls.pem").unlink()
    (stick / "key-set.json").write_bytes((ceremony.authority / "key-sets" / "000001.json").read_bytes())
    assert "is older than the one here" in ceremony.refuses(capsys, *install_it)
    (stick / "key-set.json").write_bytes(before[folder / "key-set.json"].replace(b'"number":2', b'"number":9'))
    assert "not signed" in ceremony.refuses(capsys, *install_it)
    for path in stick.iterdir():
        path.unlink()
    assert "nothing lies there" in ceremony.refuses(capsys, *install_it)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_station_believes_only_the_authority_that_it_was_told(ceremony: Ceremony, capsys: pytest.CaptureFixture[str]) -> None:
    ceremony.makes(LANE)
    folder, stick = ceremony.station(LANE), ceremony.brings(LANE)
    says = ceremony.refuses(capsys, "install", LANE, str(stick), "--folder", str(folder))
    assert "compare it with the founding's protocol" in says
    told = ("--authority", ceremony.authority_id)
    assert "does not have this station's new key" in ceremony.refuses(capsys, "install", LANE, str(stick), "--folder", str(folder), *told)
    assert not (folder / "authority.pub").exists()


def test_an_install_that_was_cut_short_anywhere_is_done_again(ceremony: Ceremony) -> None:
    folder = ceremony.sets_up(LANE)
    ceremony.makes(LANE)
    ceremony.enrols(LANE, how=("--renew",))
    ceremony.certifies(LANE)
    stick, before = ceremony.brings(LANE), {path: path.read_bytes() for path in folder.iterdir()}
    order = [("key-set.json", None), ("signing.key", "signing.key.next"), ("tls.key", "tls.key.next"), ("ca.pem", None)]
    for cut in range(len(order) + 1):
        for path in folder.iterdir():
            path.unlink()
        for path, content in before.items():
            path.touch(0o600)
            path.write_bytes(content)
        for name, waits in order[:cut]:
            if waits is not None:
                (folder / waits).replace(folder / name)
            else:
                (folder / name).write_bytes((stick / name).read_bytes())
        assert load_station_keys(folder, LANE), "at any point the station has a key that counts"
        install(folder, LANE, stick, NOW)
        assert load_station_keys(folder, LANE).id == ceremony.asked(LANE)
        assert not list(folder.glob("*.next"))


# keys end, and are renewed


def test_a_lost_station_s_key_counts_no_more_and_stays_so(ceremony: Ceremony, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ceremony.sets_up(LANE)
    named = load_station_keys(folder, LANE).id
    ceremony.signs("key-set", "--revoke", f"{named[:4]} {named[4:]}")
    assert ceremony.known.station_key(LANE, named) is None
    stick = ceremony.brings(LANE)
    says = ceremony.refuses(capsys, "install", LANE, str(stick), "--folder", str(folder))
    assert "make a new one" in says
    change = ("key-set", "--authority", str(ceremony.authority), "--passphrase-file", str(ceremony.passphrase))
    assert "that is for good" in ceremony.refuses(capsys, *change, "--retire", named)
    assert "has no key 0000" in ceremony.refuses(capsys, *change, "--retire", "0000")
    active = next(entry.id for entry in ceremony.known.entries if entry.use is Use.HEADQUARTERS)
    assert "would stop every station" in ceremony.refuses(capsys, *change, "--retire", active)
    assert ceremony.known.number == 3


def test_headquarters_opening_and_recovery_keys_are_renewed_and_the_old_ones_still_open(ceremony: Ceremony) -> None:
    ceremony.sets_up(CONSOLE, "signing", "tls", "desk")
    folder = ceremony.sets_up(LANE)
    before = seal(Private(b"before"), LANE, "r1", load_station_keys(folder, LANE).readers())
    old_pages = sorted((ceremony.authority / "shares").iterdir())
    ceremony.signs("key-set", "--new-opening-key", "--opening-passphrase-file", str(ceremony.passphrase))
    ceremony.signs("key-set", "--new-recovery-key")
    ceremony.installs(LANE)
    after = seal(Private(b"after"), LANE, "r1", load_station_keys(folder, LANE).readers())
    opener = opening_key(str(ceremony.authority / "opener"), passphrase)
    assert len(opener.ids) == 2
    assert [opener.open(sealed, LANE, "r1").value for sealed in (before, after)] == [b"before", b"after"]
    new_pages = sorted(set((ceremony.authority / "shares").iterdir()) - set(old_pages))
    for pages, sealed in ((old_pages, before), (new_pages, after)):
        assert opening_key(f"shares:{pages[0]},{pages[1]}", passphrase).open(sealed, LANE, "r1")


def test_a_stranger_s_key_signs_no_key_set(ceremony: Ceremony, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stranger = tmp_path / "stranger.key"
    write_private(stranger, private_pem(Ed25519PrivateKey.generate()))
    says = ceremony.refuses(
        capsys, "key-set", "--authority", str(ceremony.authority), "--key", str(stranger), "--retire", ceremony.known.entries[0].id
    )
    assert "not the key of the authority" in says or "would stop" in says
    assert ceremony.known.number == 1


def test_show_says_who_has_what_until_when_and_what_ends_soon(ceremony: Ceremony, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ceremony.sets_up(LANE)
    ceremony.makes(LANE_2)
    ceremony.enrols(LANE_2)
    capsys.readouterr()
    assert main(["keys", "show", str(ceremony.authority)]) == 0
    said = capsys.readouterr().out
    assert f"certificate of {LANE} until" in said
    assert f"No certificate was signed here for: {LANE_2}" in said
    assert LANE_2 in said.split("recovery")[0]
    assert main(["keys", "show", str(folder)]) == 0
    old = certify(CERTIFIER, LANE, OWN.public_key(), NOW - timedelta(days=300))
    (ceremony.authority / "certificates" / f"{LANE}.pem").write_bytes(pem(old))
    capsys.readouterr()
    assert main(["keys", "show", str(ceremony.authority)]) == 1
    assert f"▲ certificate of {LANE} ends on" in capsys.readouterr().out
    (ceremony.authority / "certificates" / f"{LANE}.pem").write_bytes(
        pem(certify(CERTIFIER, LANE, OWN.public_key(), NOW - timedelta(days=400)))
    )
    assert main(["keys", "show", str(ceremony.authority)]) == 1
    assert "ran out on" in capsys.readouterr().out


def test_practice_needs_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["keys"])
    assert "begins with `mpaka keys found`" in capsys.readouterr().err
