"""kill -9 of any part of a post loses nothing that was accepted and doubles nothing at headquarters."""

from pathlib import Path

import pytest

from kiosk.broker import BrokerKind, found_broker
from tests.faults.killing import VICTIMS, run


def test_whatever_is_killed_all_that_people_were_told_is_at_headquarters_once(tmp_path: Path) -> None:
    verdict = run(tmp_path, kills=len(VICTIMS), seed=11)
    assert verdict.accepted >= len(VICTIMS)
    assert verdict.decided >= 1
    assert (verdict.lost, verdict.doubled) == ([], [])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_it_stays_so_for_many_kills(tmp_path: Path, seed: int) -> None:
    verdict = run(tmp_path, kills=40, seed=seed)
    assert (verdict.lost, verdict.doubled) == ([], []), found_broker() is BrokerKind.MOSQUITTO
