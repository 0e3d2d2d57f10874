"""A sample of the fault matrix: what travellers were told is at headquarters, once and in order; and the matrix sees a loss where there is one."""

from pathlib import Path

import pytest

from kiosk.broker import mosquitto
from tests.faults.matrix import FAULTS, main, play
from tests.faults.reporting_scene import Ours, Plain

pytestmark = pytest.mark.skipif(mosquitto() is None, reason="the matrix needs mosquitto")
SAMPLE = ("database down", "lane killed", "offline, then lane killed", "headquarters away, broker killed")


@pytest.mark.parametrize("fault", SAMPLE)
def test_what_travellers_were_told_is_at_headquarters_once_and_in_order(tmp_path: Path, fault: str) -> None:
    if not FAULTS[fault].here():
        pytest.skip("PostgreSQL is not installed here: apt-get install postgresql")
    row = play(Ours(tmp_path / "founding"), fault, tmp_path, trials=1, records=40, seed=1)
    assert row.failed == ()
    assert row.clean
    assert row.verdicts[0].told == 40
    # what the kill caught between commit and "done" was told to nobody
    assert row.verdicts[0].untold <= 1


def test_the_matrix_sees_what_is_lost_where_a_broker_s_word_counts_as_delivery(tmp_path: Path) -> None:
    row = play(Plain(), "offline, then lane killed", tmp_path, trials=1, records=40, seed=1)
    assert row.failed == ()
    assert row.verdicts[0].told == 40
    assert row.verdicts[0].lost > 0
    assert not row.clean


def test_the_matrix_is_a_command_that_says_whether_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--fault", "none", "--records", "10", "--alone"]) == 0
    assert "mpaka: nothing lost, doubled or out of order" in capsys.readouterr().out


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_matrix_loses_nothing(tmp_path: Path, fault: str) -> None:
    if not FAULTS[fault].here():
        pytest.skip("PostgreSQL is not installed here: apt-get install postgresql")
    row = play(Ours(tmp_path / "founding"), fault, tmp_path, trials=3, records=100, seed=2)
    assert row.failed == ()
    assert row.clean
