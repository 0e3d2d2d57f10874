"""Mistakes in what surrounds a station: each gets a message that says what to do, and no record is lost."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.broker import Broker, Plan, found_broker
from kiosk.clock import SystemClock, parse_utc
from kiosk.diagnostics.times import clock as clock_finding
from kiosk.journal.rows import Kind, NotRecorded, Recorded
from kiosk.journal.schema import JOURNAL_FILE
from kiosk.link.connection import BrokerAddress
from kiosk.link.link import Link
from kiosk.link.words import LinkDown, LinkPlan, Word
from kiosk.messages.payloads import Record, decode
from kiosk.programs.keys import Made
from kiosk.programs.setting_up import typefaces
from kiosk.registration.names import NotRecordedBecause
from kiosk.screens import lettering
from kiosk.sealing.station import public_text
from kiosk.settings import SettingsWrong
from tests.kiosk.practice import FACTS, SOON, Headquarters, Kept, Practice, plain, until
from tests.kiosk.programs.laid_out import LaidOut, lay_out
from tests.kiosk.stations import CONSOLE, LANE, RECEIVER
from tests.kiosk.test_clock import NOON, World

Capsys = pytest.CaptureFixture[str]
Mistake = Callable[[LaidOut], None]


@pytest.fixture
def here(tmp_path: Path, founding: Made) -> LaidOut:
    return lay_out(tmp_path, founding)


# What a lane cannot start on: said in one line, and by `mpaka check` with what to do


def _no_settings(here: LaidOut) -> None:
    here.lane.unlink()


def _no_profile(here: LaidOut) -> None:
    here.change('"tz-tunduma.toml"', '"tz-elsewhere.toml"')


def _no_keys(here: LaidOut) -> None:
    shutil.rmtree(here.keys_of(LANE))


def _key_for_all_to_read(here: LaidOut) -> None:
    (here.keys_of(LANE) / "signing.key").chmod(0o644)


def _key_of_another_station(here: LaidOut) -> None:
    shutil.copy(here.keys_of(CONSOLE) / "signing.key", here.keys_of(LANE) / "signing.key")


def _key_set_of_another_authority(here: LaidOut) -> None:
    (here.keys_of(LANE) / "authority.pub").write_text(public_text(Ed25519PrivateKey.generate()), encoding="ascii")


def _no_staff_list(here: LaidOut) -> None:
    here.staff.unlink()


def _unsigned_staff_list(here: LaidOut) -> None:
    here.staff.write_text(here.staff.read_text(encoding="utf-8").replace('"number":1', '"number":2'), encoding="utf-8")


def _half_a_staff_list(here: LaidOut) -> None:
    here.staff.write_bytes(here.staff.read_bytes()[:100])


def _live_with_samples(here: LaidOut) -> None:
    here.change("live = false", "live = true")


def _broken_legal_text(here: LaidOut) -> None:
    (here.folder / "legal").mkdir()
    (here.folder / "legal" / "privacy.sw.toml").write_text("sample = perhaps\n", encoding="utf-8")


def _data_folder_is_a_file(here: LaidOut) -> None:
    here.data.rmdir()
    here.data.write_bytes(b"")


def _damaged_journal(here: LaidOut) -> None:
    here.kept().close()
    path = here.data / JOURNAL_FILE
    path.write_bytes(b"not a database, for certain" + path.read_bytes()[27:])


def _journal_of_another_station(here: LaidOut) -> None:
    Kept(here.data, here.keys(CONSOLE)).close()


def _key_set_of_last_year(here: LaidOut) -> None:
    keys = here.keys()
    keys.public.number += 1
    Kept(here.data, keys).close()


MISTAKES: list[tuple[Mistake, str, str]] = [
    (_no_settings, "an example lies in config/", ""),
    (_no_profile, "tz-elsewhere.toml: there is no such file", ""),
    (_no_keys, "`mpaka keys` makes a founding for practice", "key set"),
    (_key_for_all_to_read, "chmod 600", "signing key"),
    (_key_of_another_station, "set the station up again", "key set"),
    (_key_set_of_another_authority, "take the file from headquarters again", "key set"),
    (_no_staff_list, "take the list from headquarters", "staff list"),
    (_unsigned_staff_list, "is not signed by this state's authority", "staff list"),
    (_half_a_staff_list, "the staff list is not JSON", "staff list"),
    (_live_with_samples, "legal texts are not the state's own", "legal texts"),
    (_broken_legal_text, "privacy.sw.toml: is not TOML", "words"),
    (_data_folder_is_a_file, "the folder cannot be made", "data folder"),
    (_damaged_journal, "put the file aside for headquarters", "journal"),
    (_key_set_of_last_year, "take the newest", "journal"),
    (_journal_of_another_station, "see `places.data`", "journal"),
]


@pytest.mark.parametrize(("spoil", "says", "part"), MISTAKES, ids=[mistake[0].__name__.strip("_") for mistake in MISTAKES])
def test_a_lane_that_cannot_start_says_why_in_one_line_and_check_names_the_part(
    here: LaidOut, spoil: Mistake, says: str, part: str, capsys: Capsys
) -> None:
    spoil(here)
    lane = here.runs("lane")
    told = [line for line in lane.err.splitlines() if line.startswith("mpaka lane: ")]
    assert lane.status == 1, lane
    assert len(told) == 1, lane.err
    assert says in told[0]
    assert "Traceback" not in lane.err
    checked = here.check(capsys)
    assert checked.status == (1 if part else 2)
    assert (f"■ not ready  {part}  " in checked.out) if part else (says in checked.err), checked


def test_a_station_whose_runtime_folder_cannot_be_made_says_where_to_look(here: LaidOut) -> None:
    here.change(f'runtime = "{LANE}/run"', 'runtime = "/proc/none"')
    lane = here.runs("lane")
    assert (lane.status, "Traceback" in lane.err) == (1, False)
    assert "at places.runtime: /proc/none cannot be made" in lane.err.splitlines()[-1]


def test_a_machine_without_the_typeface_is_told_which_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "FOLDERS", ())
    lettering.font.cache_clear()
    with pytest.raises(SettingsWrong, match="install the package fonts-noto-core"):
        typefaces()


def test_headquarters_whose_data_is_a_file_says_so(here: LaidOut, founding: Made) -> None:
    settings = here.folder / "headquarters.toml"
    (here.folder / "store").write_bytes(b"")
    keys = founding.founding.station(RECEIVER)
    settings.write_text(
        f'station = "{RECEIVER}"\n[link]\nhost = "127.0.0.1"\nport = 1\ntls = false\n[places]\ndata = "store"\nkeys = "{keys}"\n',
        encoding="utf-8",
    )
    ended = here.runs("headquarters", settings)
    assert (ended.status, "Traceback" in ended.err) == (1, False), ended
    assert str(here.folder / "store") in ended.err.splitlines()[-1]


def test_a_lane_is_not_started_twice_and_the_first_goes_on(here: LaidOut) -> None:
    holder = here.holding()
    second = here.runs("lane")
    assert (second.status, "another program holds it; stop that one" in second.err, "Traceback" in second.err) == (1, True, False)
    assert holder.poll() is None
    holder.communicate()


def test_a_console_that_could_open_no_case_does_not_start_and_says_why(here: LaidOut, capsys: Capsys) -> None:
    (here.keys_of(CONSOLE) / "desk.key").unlink()
    console = here.runs("console", here.console)
    assert (console.status, "Traceback" in console.err) == (1, False)
    assert "desk.key: cannot be read" in console.err.splitlines()[-1]
    checked = here.check(capsys, here.console)
    assert checked.status == 1
    assert "set the station up again" in checked.line("desk key")


# Devices


DEVICES = """
[devices.passport_reader]
driver = "elyctis"
settings = { port = "/dev/mpaka/no-such-reader" }
[devices.document_camera]
driver = "document-camera"
settings = { source = "/dev/mpaka/no-such-camera" }
[devices.face_camera]
driver = "no-such-driver"
[devices.fingerprint_scanner]
driver = "external-fingerprint"
settings = { program = ["/opt/vendor/no-such-program"] }
[devices.receipt_printer]
driver = "escpos"
settings = { port = "/dev/mpaka/no-such-printer", papier = "80mm" }
[devices.lane_io]
driver = "simulated-lane-io"
settings = { scene = "scene" }
"""


def test_a_device_that_is_not_there_is_named_with_port_file_or_driver_and_the_others_answer(here: LaidOut, capsys: Capsys) -> None:
    here.devices(DEVICES.replace('"scene"', f'"{here.folder}/scene"'))
    # the ones that are not there are waited for to the end
    said = here.check(capsys, patience_s=12.0)
    assert said.status == 1
    assert "/dev/mpaka/no-such-reader" in said.line("passport reader")
    assert "see [devices.passport_reader] in the settings" in said.line("passport reader")
    assert "/dev/mpaka/no-such-camera is not there" in said.line("document camera")
    assert "there is no driver 'no-such-driver'; there are: document-camera, elyctis" in said.line("face camera")
    assert "/opt/vendor/no-such-program cannot be started" in said.line("fingerprint scanner")
    assert "■ not ready  receipt printer" in said.out
    assert "● ready      lane io" in said.out


def test_a_kind_of_device_that_does_not_exist_is_refused_with_its_name(here: LaidOut, capsys: Capsys) -> None:
    here.devices('[devices.crystal_ball]\ndriver = "elyctis"\n')
    said = here.check(capsys)
    assert said.status == 2
    assert "crystal_ball" in said.err


# Disks


def filled(kept: Kept, kind: Kind) -> tuple[list[str], NotRecorded]:
    """Record until the journal says no; what was recorded, and why no more."""
    recorded = []
    while isinstance(answer := kept.records(bytes(9_000), kind), Recorded):
        recorded.append(answer.record_id)
    assert isinstance(answer, NotRecorded)
    return recorded, answer


def ids(kept: Kept) -> list[str]:
    return [row.record_id for row in kept.asked(kept.journal.unsent, 0, 100_000)]


def test_a_journal_at_its_cap_pauses_travellers_not_decisions_and_loses_nothing(here: LaidOut, capsys: Capsys) -> None:
    kept = Kept(here.data, here.keys(LANE), caps=here.caps)
    registrations, why = filled(kept, Kind.REGISTRATION)
    assert why.reason is NotRecordedBecause.FULL
    decision = kept.recorded(kind=Kind.DECISION).record_id
    kept.close()
    said = here.check(capsys)
    assert said.status == 1
    assert "self-registration is paused: make room on the disk" in said.line("journal")
    assert f"{len(registrations) + 1} rows" in said.line("journal")
    here.change("cap_mb = 1\nmedia", "cap_mb = 5\nmedia")
    assert "● ready      journal" in here.check(capsys).out
    again = Kept(here.data, here.keys(LANE))
    assert ids(again) == [*registrations, decision]
    again.close()


@pytest.fixture
def small_disk(here: LaidOut) -> Iterator[Path]:
    """The lane's data folder on a disk of its own, of four megabytes."""
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(here.data)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may make a small disk here")
    yield here.data
    subprocess.run(["umount", "-l", str(here.data)], check=True)


def test_a_full_disk_is_said_and_every_record_is_there_when_room_was_made(here: LaidOut, small_disk: Path, capsys: Capsys) -> None:
    kept = here.kept()
    (small_disk / "somebody else's file").write_bytes(bytes(2_500_000))
    registrations, why = filled(kept, Kind.REGISTRATION)
    decisions, why_not = filled(kept, Kind.DECISION)
    assert (why.reason, why_not.reason) == (NotRecordedBecause.FULL, NotRecordedBecause.FULL)
    kept.close()
    said = here.check(capsys)
    assert said.status == 1
    assert "the disk is full: make room on it" in said.line("data folder")
    (small_disk / "somebody else's file").unlink()
    again = here.kept()
    assert ids(again) == [*registrations, *decisions]
    assert again.recorded(kind=Kind.DECISION).sequence == len(registrations) + len(decisions) + 1
    again.close()


def test_a_read_only_disk_keeps_the_lane_closed_with_advice_and_loses_nothing(here: LaidOut, small_disk: Path, capsys: Capsys) -> None:
    kept = here.kept()
    recorded = [kept.recorded().record_id]
    kept.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    lane = here.runs("lane")
    assert (lane.status, "the disk is read-only; look for disk errors" in lane.err, "Traceback" in lane.err) == (1, True, False)
    said = here.check(capsys)
    assert said.status == 1
    for part in ("data folder", "journal"):
        assert "the disk is read-only" in said.line(part)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    again = here.kept()
    assert ids(again) == recorded
    again.close()


# Clocks


def test_a_clock_that_jumps_about_never_puts_a_record_before_another_or_loses_one(here: LaidOut) -> None:
    world = World(wall=NOON)
    kept = here.kept(clock=world.clock)
    for days in (0, -4000, 9000, -9000):
        world.wall += timedelta(days=days)
        world.monotonic += 60
        kept.recorded()
    kept.close()
    dead_battery = SystemClock(lambda: datetime(1970, 1, 1, tzinfo=UTC), lambda: 5.0, lambda: None, False)
    again = here.kept(clock=dead_battery)
    again.recorded()
    rows = [decode(row.content, Record) for row in again.asked(again.journal.unsent, 0, 100)]
    again.close()
    moments = [parse_utc(row.time) for row in rows]
    assert [int(row.sequence) for row in rows] == [1, 2, 3, 4, 5]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] < timedelta(minutes=5), "a jump of the wall clock is not believed"
    assert {row.clocksource for row in rows} == {"unknown"}
    found = clock_finding("clock", dead_battery.now(), datetime(1970, 1, 1, tzinfo=UTC))
    assert "it shows 1970-01-01 00:00 UTC, yet 2027-03-01 12:04 has been" in found.found


def test_check_sees_by_the_journal_that_the_machine_s_clock_is_behind(here: LaidOut, capsys: Capsys) -> None:
    ahead = datetime.now(UTC) + timedelta(days=400)
    kept = here.kept(clock=World(wall=ahead).clock)
    kept.recorded()
    kept.close()
    said = here.check(capsys)
    assert f"yet {ahead:%Y-%m-%d} " in said.line("clock")
    assert "timedatectl set-time" in said.line("clock")


# Brokers


@pytest.mark.parametrize("answer", [None, b"\x20\x02\x00\x05", b"SSH-2.0-OpenSSH_9.2\r\n"], ids=["hangs up", "refuses", "speaks nonsense"])
def test_records_wait_for_a_broker_that_does_not_let_the_station_in_and_all_arrive_once(tmp_path: Path, answer: bytes | None) -> None:
    practice = Practice(tmp_path)
    kept = practice.journal()
    recorded = [kept.recorded().sequence for _ in range(3)]
    downs: list[Word] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        address = BrokerAddress("127.0.0.1", port, None)
        link = Link(LinkPlan(practice.keys(), address, (), SOON), SystemClock(), lambda: FACTS, downs.append, kept.journal)
        link.start()
        for _ in range(2):
            line, _ = server.accept()
            with line:
                if answer is not None:
                    line.recv(1024)
                    line.sendall(answer)
    assert kept.asked(kept.journal.waiting).rows == len(recorded)
    assert isinstance(downs[0], LinkDown)
    assert f"broker 127.0.0.1:{port}" in downs[0].why
    broker = Broker(Plan(found_broker(), tmp_path / "broker", port))
    headquarters = Headquarters(practice, plain(broker))
    until(lambda: kept.asked(kept.journal.waiting).rows, lambda rows: rows == 0)
    assert kept.asked(kept.journal.waiting).rejected == 0
    link.close()
    headquarters.stop()
    kept.close()
    broker.stop()
