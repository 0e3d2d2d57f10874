"""The benches run, and say what drew and on which machine. What they measure is no matter of tests."""

import random
import subprocess
import sys

import numpy as np
import pytest

from drivers.formats.mrz import parse
from drivers.passport.zone import read_zone
from kiosk.broker import mosquitto
from tests.benches import plain
from tests.drivers.passport.zone.specimens import needs_ocr_b
from tests.postgres import programs


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_whoever_keeps_records_can_be_measured() -> None:
    printed = run("tests.benches.journal", "--records", "4")
    assert "cores" in printed
    assert "one record and its face to Recorded" in printed
    assert "acknowledged and let go" in printed


needs_servers = pytest.mark.skipif(mosquitto() is None or programs() is None, reason="needs mosquitto and PostgreSQL")


@needs_servers
def test_a_fleet_can_be_measured_and_what_it_costs_is_told_by_part() -> None:
    printed = run("tests.benches.fleet", "--seconds", "2", "--postgres")
    for row in (
        "records a second over",
        "loader",
        "broker",
        "receiver",
        "database",
        "of a core",
        "p99",
        "with its indexes",
        "0 lost, 0 doubled",
    ):
        assert row in printed


@pytest.mark.long
@needs_servers
def test_a_fleet_can_be_measured_through_the_death_of_its_broker_and_its_own() -> None:
    printed = run("tests.benches.fleet", "--seconds", "2", "--storm")
    for row in ("all lanes are back", "50 wills stored", "0 lost, 0 doubled"):
        assert row in printed


def test_a_receiver_can_be_measured() -> None:
    printed = run("tests.benches.receiver", "--lanes", "9", "--seconds", "0.1", "--memory")
    assert "records/s and" in printed
    assert "messages/s: median" in printed


def test_a_rollout_can_be_measured() -> None:
    assert "one look: " in run("tests.benches.rollouts", "--lanes", "20")


@needs_ocr_b
def test_zones_can_be_measured_beside_other_readers_and_live() -> None:
    printed = run("tests.benches.mrz", "L1", "--count", "2", "--beside")
    for row in (
        "read wholly right",
        "number, birth and expiry right",
        "characters wrong",
        "wrong but valid",
        "CPU ms, p95",
        "memory at most",
    ):
        assert row in printed
    assert "passporteye" in printed  # measured, or said not to be
    live = run("tests.benches.laid", "--count", "1", "--level", "L1")
    assert "lying still to the answer" in live
    assert "read                                                         1, 1 of them right" in live


@pytest.mark.long
def test_devices_and_their_loss_can_be_measured() -> None:
    printed = run("tests.benches.devices", "--trips", "2", "--seconds", "1", "--losses", "1")
    assert "no heartbeat, to Back" in printed
    assert "zone laid on the Elyctis emulator" in printed


@pytest.mark.long
@pytest.mark.parametrize("display", ["lane10", "kiosk21"])
def test_a_lane_can_be_measured_on_each_display_and_says_what_drew_it(display: str) -> None:
    printed = run("tests.benches.lane", "--display", display, "--rounds", "2", "--seconds", "2")
    assert f"{display} · drawn by" in printed
    for row in ("first screen", "the picture that shows it", "next screen drawn", "under the camera", "every device busy", "while waiting"):
        assert row in printed


def test_readers_of_passports_can_be_measured() -> None:
    printed = run("tests.benches.readers", "--scans", "3")
    for row in ("framed, CRC-16", "Elyctis", "Honeywell", "wedge: last key of 90"):
        assert row in printed


@pytest.mark.parametrize("kind", plain.SIZES)
def test_the_plainer_captures_hold_zones_with_right_check_digits(kind):
    for number in range(20):
        assert parse(plain.zone(random.Random(number), kind), kind).valid


@needs_ocr_b
def test_a_plainer_capture_is_drawn_the_same_again_and_read():
    (picture, lines, _), again = plain.plain_capture(1, 0), plain.plain_capture(1, 0)
    assert np.array_equal(picture, again[0])
    assert read_zone(picture).lines == lines == again[1]
