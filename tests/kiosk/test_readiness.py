"""The readiness report says what is not ready, and what to do about it."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.broker import mosquitto, start_tls_broker
from kiosk.clock import UNBOUNDED_S, Stamp
from kiosk.diagnostics.links import broker
from kiosk.diagnostics.places import data_folder, folder, memory_folder
from kiosk.diagnostics.readiness import Finding, State, ready, report
from kiosk.diagnostics.showing import drawing, typeface, words
from kiosk.diagnostics.times import clock
from kiosk.diagnostics.trust import certificate, private_file, staff_list
from kiosk.journal.rows import Caps
from kiosk.keys import Founding, found
from kiosk.link.connection import BrokerAddress, Connection
from kiosk.messages.payloads import ClockSource
from kiosk.private import Private
from kiosk.roles import Role
from kiosk.sealing.station import StationKeys, TlsFiles, load_station_keys, read_signing_key, tls_files
from kiosk.staff import Newcomer, make_list
from kiosk.words.catalogue import Catalogue, Entry, Plural, Status, Words
from tests.kiosk.practice import CONSOLE, LANE, RECEIVER

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
MEANWHILE = "records wait"


# places


def test_a_folder_that_is_not_there_yet_is_made_by_the_station_and_is_named(tmp_path: Path) -> None:
    found_ = folder("data", tmp_path / "none")
    assert (found_.state, str(tmp_path / "none") in found_.found) == (State.WARNING, True)
    assert "if you meant another" in found_.to_do


def test_a_folder_that_cannot_be_made_says_how_to_make_it() -> None:
    found_ = folder("data", Path("/proc/none"))
    assert found_.state is (State.WARNING if os.access("/proc", os.W_OK) else State.NOT_READY)
    assert "made when" in found_.to_do or "install -d" in found_.to_do


def test_a_file_where_a_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert "is not a folder" in folder("data", tmp_path / "file").found


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_says_whose_it_should_be(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    found_ = folder("data", tmp_path)
    assert (found_.state, "give it to the station's user" in found_.to_do) == (State.NOT_READY, True)


def test_a_disk_with_less_room_than_the_journal_may_take_is_said(tmp_path: Path) -> None:
    assert data_folder("data", tmp_path, Caps(1, 1)).state is State.READY
    found_ = data_folder("data", tmp_path, Caps(10**18, 1))
    assert found_.state is State.WARNING
    assert "journal.cap_mb" in found_.to_do


def test_a_runtime_folder_on_a_disk_is_named_as_such(tmp_path: Path) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\ntmpfs {tmp_path}/run tmpfs rw 0 0\n"
    (tmp_path / "run" / "lane").mkdir(parents=True)
    (tmp_path / "disk").mkdir()
    assert memory_folder("runtime", tmp_path / "run" / "lane", mounts).state is State.READY
    assert "on a disk" in memory_folder("runtime", tmp_path / "disk", mounts).found
    over = f"{mounts}/dev/sdb1 {tmp_path}/run ext4 rw 0 0\n"
    assert "on a disk" in memory_folder("runtime", tmp_path / "run" / "lane", over).found


@given(mounts=st.text(alphabet="/ t\nmpfsrun0", max_size=60))
def test_whatever_the_table_of_mounts_holds_it_is_looked_at(mounts: str) -> None:
    assert memory_folder("runtime", Path("/"), mounts).part == "runtime"


# trust


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "station.key"
    missing = private_file("key", key)
    assert (missing.state, "No such file" in missing.found) == (State.NOT_READY, True)
    key.write_bytes(b"x")
    key.chmod(0o644)
    assert "chmod 600" in private_file("key", key).to_do
    key.chmod(0o600)
    assert private_file("key", key).state is State.READY


@pytest.fixture(scope="module")
def founding(tmp_path_factory: pytest.TempPathFactory) -> Founding:
    return found(tmp_path_factory.mktemp("keys") / "founding", [LANE], [CONSOLE], RECEIVER, NOON)


@pytest.fixture
def keys(founding: Founding) -> StationKeys:
    return load_station_keys(founding.station(LANE), LANE)


@pytest.mark.parametrize(
    ("now", "state", "says"),
    [
        (NOON, State.READY, "until 2028-02-29"),
        (None, State.READY, "the clock is not known"),
        (NOON + timedelta(days=300), State.WARNING, "renew it"),
        (NOON + timedelta(days=400), State.WARNING, "records wait"),
        (NOON - timedelta(days=400), State.WARNING, "look at the clock"),
    ],
)
def test_a_certificate_is_judged_by_a_known_clock_and_never_stops_the_lane(
    founding: Founding, now: datetime | None, state: State, says: str
) -> None:
    found_ = certificate("certificate", tls_files(founding.station(LANE)), LANE, now)
    assert found_.state is state
    assert says in found_.found + found_.to_do


def test_a_certificate_of_another_station_is_not_ready(founding: Founding) -> None:
    found_ = certificate("certificate", tls_files(founding.station(CONSOLE)), LANE, NOON)
    assert (found_.state, f"is of {CONSOLE}, not of {LANE}" in found_.found) == (State.NOT_READY, True)


def test_bytes_that_are_no_certificate_are_said(founding: Founding, tmp_path: Path) -> None:
    for name in ("ca.pem", "tls.pem", "tls.key"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
        (tmp_path / name).chmod(0o600)
    assert "PEM" in certificate("certificate", tls_files(tmp_path), LANE, NOON).found
    (tmp_path / "tls.pem").unlink()
    assert "No such file" in certificate("certificate", tls_files(tmp_path), LANE, NOON).found


@pytest.mark.parametrize(
    ("post", "until", "state", "says"),
    [
        ("UT-NOWHERE", date(2028, 1, 1), State.READY, "2 may sign on here"),
        ("UT-NOWHERE", date(2027, 3, 9), State.WARNING, "newer list in time"),
        ("UT-NOWHERE", date(2027, 2, 28), State.NOT_READY, "run out"),
        ("UT-ELSEWHERE", date(2028, 1, 1), State.NOT_READY, "no technician of UT-NOWHERE"),
    ],
)
def test_a_staff_list_says_how_many_may_sign_on_here_and_until_when(
    founding: Founding, keys: StationKeys, tmp_path: Path, post: str, until: date, state: State, says: str
) -> None:
    people = [Newcomer(name, (role,), Private("123456")) for name, role in (("T-1", Role.TECHNICIAN), ("T-2", Role.TECHNICIAN))]
    people.append(Newcomer("O-1", (Role.OFFICER,), Private("123456")))
    path = tmp_path / "staff.json"
    path.write_bytes(make_list(7, people, [post], until, read_signing_key(founding.authority)))
    found_ = staff_list("staff", path, "UT-NOWHERE", frozenset({Role.TECHNICIAN}), keys, NOON.date())
    assert found_.state is state
    assert says in found_.found + found_.to_do
    assert "number 7" in found_.found


# links


@contextmanager
def listening(answer: bytes | None) -> Iterator[BrokerAddress]:
    """Something that listens, and to each caller says this and hangs up; None: hangs up at once."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    if answer is not None:
                        line.recv(1024)
                        line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield BrokerAddress("127.0.0.1", server.getsockname()[1], None)
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_broker_that_is_not_there_is_a_warning_since_records_wait() -> None:
    with listening(None) as address:
        pass
    found_ = broker("broker", address, LANE, MEANWHILE)
    assert (found_.state, "nothing listens there" in found_.found) == (State.WARNING, True)
    assert found_.to_do.startswith(MEANWHILE)


def test_a_broker_s_name_that_nobody_knows_is_said() -> None:
    found_ = broker("broker", BrokerAddress("no-such-host.invalid", 8883, None), LANE, MEANWHILE)
    assert "no host of that name is known" in found_.found


# MQTT 3.1.1: CONNACK, return code 5, "not authorized"
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "does not answer as an MQTT broker"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not answer as an MQTT broker"),
        (b"\x20\x02\x00\x05", "refuses the connection"),
    ],
    ids=["hangs up", "speaks nonsense", "refuses"],
)
def test_a_broker_that_does_not_let_us_in_says_how_it_refused(answer: bytes | None, says: str) -> None:
    with listening(answer) as address:
        found_ = broker("broker", address, LANE, MEANWHILE)
    assert (found_.state, says in found_.found) == (State.WARNING, True), found_
    assert "certificate" in found_.to_do


def test_a_broker_without_tls_where_the_settings_want_it_says_so(founding: Founding) -> None:
    with listening(b"\x20\x02\x00\x00") as plain:
        address = BrokerAddress(plain.host, plain.port, tls_files(founding.station(LANE)))
        found_ = broker("broker", address, LANE, MEANWHILE)
    assert found_.state is State.WARNING
    assert "no TLS with it: " in found_.found
    assert "compare host and tls in the settings" in found_.to_do


@pytest.mark.skipif(mosquitto() is None, reason="mutual TLS is shown with mosquitto")
def test_with_mutual_tls_a_broker_lets_its_own_stations_in_and_no_others(tmp_path: Path) -> None:
    ours = found(tmp_path / "ours", [LANE], [CONSOLE], RECEIVER)
    served = start_tls_broker(tmp_path / "broker", tls_files(ours.broker), RECEIVER, [(CONSOLE, (LANE,))])
    own = tls_files(ours.station(LANE))
    strange = tls_files(found(tmp_path / "other", [LANE], [CONSOLE], RECEIVER).station(LANE))
    try:
        assert broker("broker", BrokerAddress("localhost", served.port, own), LANE, MEANWHILE).state is State.READY
        running = Connection(BrokerAddress("localhost", served.port, own), LANE, None, 5)
        assert broker("broker", BrokerAddress("localhost", served.port, own), LANE, MEANWHILE, running=True).state is State.READY
        running.turn(0.2)
        assert running.alive, "looking at a lane that runs does not throw it out"
        running.close(0)
        stranger = broker("broker", BrokerAddress("localhost", served.port, strange), LANE, MEANWHILE)
        assert (stranger.state, "certificate" in stranger.found) == (State.WARNING, True), stranger
        mixed = TlsFiles(own.authority, strange.certificate, strange.key)
        assert broker("broker", BrokerAddress("localhost", served.port, mixed), LANE, MEANWHILE).state is State.WARNING
    finally:
        served.stop()


# time and screens


def stamp(utc: datetime, source: ClockSource) -> Stamp:
    return Stamp(utc, source, 0.2 if source is not ClockSource.UNKNOWN else UNBOUNDED_S, "boot", 1)


def test_a_clock_says_where_its_time_comes_from_and_what_an_unknown_one_means() -> None:
    assert "by ntp, right to 0.2 s" in clock("clock", stamp(NOON, ClockSource.NTP), NOON).found
    assert "undetermined" in clock("clock", stamp(NOON, ClockSource.UNKNOWN), NOON).found


def test_a_clock_that_stands_before_what_has_been_says_how_to_set_it() -> None:
    behind = clock("clock", stamp(NOON, ClockSource.UNKNOWN), datetime(1970, 1, 1, tzinfo=UTC))
    assert "it shows 1970-01-01 00:00 UTC, yet 2027-03-01 12:00 has been" in behind.found
    assert "timedatectl" in behind.to_do


def test_a_graphics_chip_is_looked_for_without_opening_a_window(tmp_path: Path) -> None:
    assert "the processor draws" in drawing("graphics", tmp_path).found
    (tmp_path / "renderD128").write_bytes(b"")
    assert drawing("graphics", tmp_path).state is State.READY
    (tmp_path / "renderD128").chmod(0)
    if not os.access(tmp_path / "renderD128", os.R_OK):
        assert "group `render`" in drawing("graphics", tmp_path).to_do


def test_the_typeface_is_named() -> None:
    assert typeface("typeface").found == "Noto Sans"


def test_drafts_and_voices_are_counted_a_language_each() -> None:
    entry = Entry("title", ("Welcome",), Status.DRAFT)
    catalogues = Words({tag: Catalogue(tag, Plural.NOT_ONE, {"title": entry}) for tag in ("en", "ny")})
    assert words("words", catalogues, {("ny", "title"): "Takulandirani"}).found == (
        "en: 1 drafts, 0 without a voice; ny: 1 drafts, 1 without a voice"
    )
    done = Entry("title", ("Welcome",), Status.REVIEWED, "reviewed")
    assert words("words", Words({"en": Catalogue("en", Plural.NOT_ONE, {"title": done})}), {}).state is State.READY


# the report


def test_the_worst_comes_last_and_the_verdict_counts() -> None:
    text = report([Finding("printer", State.NOT_READY, "lost", "plug it in"), ready("keys", "there")])
    assert text.splitlines()[0].startswith("● ready")
    assert "→ plug it in" in text
    assert text.endswith("NOT READY: 1 of 2 parts. 1 ready, 0 to look at, 1 not ready.")
