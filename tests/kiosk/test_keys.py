"""A founding for practice: every file a station needs, secrets for their owner alone, nothing overwritten."""

import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from kiosk.keys import FoundingExists, enrol, found
from kiosk.messages.canonical import BadMessage
from kiosk.sealing.key_set import KeysWrong, Use
from kiosk.sealing.station import TlsFiles, load_receiver_keys
from tests.kiosk.practice import CONSOLE, LANE, OTHER_LANE, RECEIVER, Practice

ADDED = "ut-elsewhere-lane1"


def test_every_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    Practice(tmp_path)
    secrets = [path for path in (tmp_path / "founding").rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert len(secrets) == 15
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


def test_the_receiver_and_the_lanes_have_no_key_that_opens(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    for station in (LANE, OTHER_LANE, RECEIVER):
        names = {path.name for path in practice.founding.station(station).iterdir()}
        assert "desk.key" not in names
        assert not names & {"active.key", "recovery.key", "authority.key", "certificates.key"}
    assert (practice.founding.station(CONSOLE) / "desk.key").exists()


def test_the_key_set_names_all_and_the_receiver_s_own_key_acknowledges(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    keys = load_receiver_keys(practice.founding.station(RECEIVER), RECEIVER)
    assert keys.acknowledgement.public_key() in keys.public.signers(Use.ACKNOWLEDGEMENT)
    assert all(keys.public.signers(Use.STATION, station) for station in (LANE, OTHER_LANE, CONSOLE, RECEIVER))


def test_certificates_carry_the_station_s_name_and_verify_strictly(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    files = practice.keys().tls
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == LANE
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(files.authority))
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_cert_chain(practice.founding.broker / "tls.pem", practice.founding.broker / "tls.key")
    asking = ssl.create_default_context(cafile=str(files.authority))
    asking.verify_flags |= ssl.VERIFY_X509_STRICT
    asking.load_cert_chain(files.certificate, files.key)
    shake_hands(context, asking)


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> None:
    """A whole TLS handshake in memory."""
    pipes = [ssl.MemoryBIO() for _ in range(2)]
    sides = [server.wrap_bio(pipes[0], pipes[1], server_side=True), client.wrap_bio(pipes[1], pipes[0], server_hostname="localhost")]
    waiting = set(sides)
    for _ in range(10):
        for side in list(waiting):
            try:
                side.do_handshake()
                waiting.discard(side)
            except ssl.SSLWantReadError:
                continue
    assert not waiting


def test_a_founding_is_never_overwritten(tmp_path: Path) -> None:
    Practice(tmp_path)
    with pytest.raises(FoundingExists, match="never overwritten"):
        Practice(tmp_path)


def test_a_lane_that_is_added_later_has_all_that_the_others_have_and_is_in_everybody_s_key_set(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    enrol(practice.founding, ADDED)
    keys, lane = practice.keys(ADDED), practice.founding.station(LANE)
    assert {path.name for path in practice.founding.station(ADDED).iterdir()} == {path.name for path in lane.iterdir()}
    for station in (LANE, OTHER_LANE, CONSOLE, RECEIVER):
        assert (practice.founding.station(station) / "key-set.json").read_bytes() == (lane / "key-set.json").read_bytes()
    assert practice.receiver_keys().public.station_key(ADDED, keys.id) is not None
    assert practice.receiver_keys().public.number == 2
    assert len(keys.readers()) == 3, "a post that is new here has a desk key of its own"
    broker, asking = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(keys.tls.authority)), tls(keys.tls)
    broker.verify_mode = ssl.CERT_REQUIRED
    broker.load_cert_chain(practice.founding.broker / "tls.pem", practice.founding.broker / "tls.key")
    shake_hands(broker, asking)


def tls(files: TlsFiles) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(files.authority))
    context.load_cert_chain(files.certificate, files.key)
    return context


def test_no_lane_is_added_without_the_authorities_keys_and_nothing_is_changed(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    practice.founding.certifier_key.unlink()
    with pytest.raises(KeysWrong, match="name this lane when the founding is made"):
        enrol(practice.founding, ADDED)
    assert practice.receiver_keys().public.number == 1
    assert not practice.founding.station(ADDED).exists()


def test_adding_a_lane_that_was_cut_short_is_done_again(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    (tmp_path / "founding" / "begun").mkdir()
    (tmp_path / "founding" / "begun" / "tls.key").write_bytes(b"half")
    enrol(practice.founding, ADDED)
    assert practice.keys(ADDED).public.number == 2


def test_a_wrong_station_name_makes_no_founding(tmp_path: Path) -> None:
    with pytest.raises(BadMessage):
        found(tmp_path / "founding", ["Lane 1"], [], RECEIVER)
    assert not (tmp_path / "founding").exists()
