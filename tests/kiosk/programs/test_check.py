"""`mpaka check` on a post that is laid out, and on the same post with something missing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from drivers.contract import Kind
from kiosk.broker import Broker, Plan, found_broker
from kiosk.folders import lasting_file
from kiosk.journal.rows import Kind as RecordKind
from kiosk.programs import check
from kiosk.programs.keys import Made
from kiosk.roles import Role
from kiosk.sealing.station import private_pem, read_signing_key
from kiosk.settings import ConsoleSettings, LaneSettings, SettingsWrong
from kiosk.staff import Newcomer, draw_pin, make_list
from tests.kiosk.programs.laid_out import LaidOut, Said, lay_out
from tests.kiosk.stations import CONSOLE, LANE

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, founding: Made) -> LaidOut:
    return lay_out(tmp_path, founding)


def test_a_post_that_is_whole_is_ready_and_its_samples_are_named(tmp_path: Path, founding: Made, capsys: Capsys) -> None:
    here = lay_out(tmp_path, founding, simulated=True)
    broker = Broker(Plan(found_broker(), tmp_path / "broker", here.port))
    said = here.check(capsys)
    broker.stop()
    assert said.status == 0, said.out
    assert said.out.splitlines()[-1].startswith("Ready.")
    assert "ID BOX" in said.line("passport reader")
    assert "lets the station in" in said.line("headquarters' broker")
    assert "SAMPLES" in said.line("legal texts")
    assert "sw: " in said.line("words")
    assert "Noto Sans" in said.line("typeface")
    assert "trying 6 devices" in said.err
    assert not list((tmp_path / LANE / "data").iterdir()), "looking at a station that never ran leaves nothing there"


def test_a_console_is_checked_by_its_own_settings(here: LaidOut, capsys: Capsys) -> None:
    said = here.check(capsys, here.console)
    assert said.status == 0, said.out
    assert "desk.key" in said.line("desk key")
    assert "3 may sign on here" in said.line("staff list")
    assert "passport reader" not in said.out


def test_a_lane_counts_its_technicians_and_not_the_officers(here: LaidOut, capsys: Capsys) -> None:
    assert "1 may sign on here" in here.check(capsys).line("staff list")


def test_of_the_installed_list_and_the_one_that_headquarters_sent_the_newer_one_is_judged(here: LaidOut, capsys: Capsys) -> None:
    authority = read_signing_key(here.folder / "keys" / "authority" / "authority.key")
    people = [Newcomer(name, (Role.TECHNICIAN,), draw_pin()) for name in ("T-7", "T-8")]
    sent = here.data / "received" / "staff.json"
    lasting_file(sent, make_list(2, people, ["TZ-TUNDUMA"], date(2099, 1, 1), authority))
    assert "number 2, 2 may sign on here" in here.check(capsys).line("staff list")
    sent.write_bytes(b"cut short")
    said = here.check(capsys)
    assert said.status == 1
    assert "received/staff.json" in said.line("staff list")


@pytest.mark.parametrize(
    ("spoilt", "named"),
    [("console.toml", "desk.name"), ("lane.toml", "devises")],
    ids=["a console", "a lane"],
)
def test_of_two_shapes_the_error_is_of_the_one_that_was_meant(here: LaidOut, spoilt: str, named: str, capsys: Capsys) -> None:
    path = here.folder / spoilt
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('desk = { name = "4" }', 'desk = { name = "" }').replace("[devices]", "[devises]"), encoding="utf-8")
    said = here.check(capsys, path)
    assert said.status == check.SETTINGS_UNUSABLE
    assert named in said.err
    assert str(path) in said.err
    assert said.err.count("\n") == 1


def test_settings_load_as_what_they_are(here: LaidOut, tmp_path: Path) -> None:
    assert isinstance(check.load_either(here.lane), LaneSettings)
    assert isinstance(check.load_either(here.console), ConsoleSettings)
    with pytest.raises(SettingsWrong, match="there is no such file"):
        check.load_either(tmp_path / "none.toml")


def test_a_device_that_the_settings_do_not_name_is_said_and_stops_nobody(here: LaidOut, capsys: Capsys) -> None:
    said = here.check(capsys)
    assert said.status == 0
    for kind in Kind:
        assert f"add [devices.{kind}]" in said.line(kind.replace("_", " "))


def test_the_journal_says_what_waits_and_which_cases_are_open(here: LaidOut, capsys: Capsys) -> None:
    kept = here.kept()
    kept.recorded(token="K7M4QX", pictures=1)
    kept.recorded(kind=RecordKind.AUDIT)
    kept.close()
    line = here.check(capsys).line("journal")
    assert "ready" in line
    assert "2 rows and 1 pictures wait for headquarters, 1 cases open" in line
    again = here.kept()
    assert again.recorded().sequence == 3, "looking changed nothing"
    again.close()


def test_a_station_that_runs_is_left_alone(tmp_path: Path, founding: Made, capsys: Capsys) -> None:
    here = lay_out(tmp_path, founding, simulated=True)
    holder = here.holding()
    said = here.check(capsys)
    holder.communicate()
    assert said.status == 0
    assert "in use by the running station" in said.line("journal")
    assert "stop the lane and check again" in said.line("devices")
    assert "passport reader" not in said.out
    assert "in use" not in here.check(capsys, patience_s=0.0).line("journal")


def test_a_console_with_the_desk_key_of_another_founding_could_open_nothing(here: LaidOut, capsys: Capsys) -> None:
    key = here.keys_of(CONSOLE) / "desk.key"
    key.write_bytes(private_pem(X25519PrivateKey.generate()))
    said = here.check(capsys, here.console)
    assert said.status == 1
    assert "take this post's desk key from headquarters" in said.line("desk key")


def test_a_live_lane_with_samples_is_not_ready_and_is_told_where_the_state_s_own_go(here: LaidOut, capsys: Capsys) -> None:
    here.change("live = false", "live = true")
    said = here.check(capsys)
    assert said.status == 1
    assert "■ not ready  legal texts" in said.out
    assert str(here.folder / "legal") in said.line("legal texts")


def tried(here: LaidOut, capsys: Capsys, name: str, **more: Any) -> Said:
    """`mpaka check --device NAME`, in this process."""
    capsys.readouterr()
    status = check.run_trial(here.lane, name, **more)
    return Said(status, *capsys.readouterr())


def test_a_device_passes_its_trial_from_a_terminal_and_what_needs_a_person_is_not_tried(
    tmp_path: Path, founding: Made, capsys: Capsys
) -> None:
    here = lay_out(tmp_path, founding, simulated=True)
    said = tried(here, capsys, "lane_io")
    assert said.status == 0, said.out
    lines = said.out.splitlines()
    assert lines[-1].startswith("Passed. ")
    assert "● passed     opens" in said.out
    assert "◆ not tried  reports loss         Nobody was there to do it by hand." in lines


def test_whoever_sits_at_the_terminal_is_asked_and_may_skip(tmp_path: Path, founding: Made, capsys: Capsys) -> None:
    here = lay_out(tmp_path, founding, simulated=True)
    said = tried(here, capsys, "passport_reader", person=lambda: False)
    assert "▲ Lay the specimen document on the reader. (60 s left; Enter when done, s and Enter to skip)" in said.out
    assert "Skipped by the technician." in said.out
    assert said.status == 0, said.out


def test_a_device_that_is_not_there_has_no_trial_and_says_why(here: LaidOut, capsys: Capsys) -> None:
    here.devices('[devices.passport_reader]\ndriver = "elyctis"\nsettings = { usb = "2b78:0005", port = "1-1.2" }\n')
    said = tried(here, capsys, "passport_reader")
    assert (said.status, said.out) == (1, "■ 2b78:0005 at port 1-1.2 is not plugged in\n")


@pytest.mark.parametrize("name", ["lane_io", "coffee_machine"])
def test_a_device_that_the_settings_do_not_name_cannot_be_tried(here: LaidOut, name: str, capsys: Capsys) -> None:
    here.devices('[devices.passport_reader]\ndriver = "elyctis"\nsettings = { port = "/dev/null" }\n')
    said = tried(here, capsys, name)
    assert said.status == check.SETTINGS_UNUSABLE
    assert f"names no device '{name}'; it names: passport_reader" in said.err
