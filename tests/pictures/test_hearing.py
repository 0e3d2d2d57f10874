"""Spoken sentences follow one another and can be silenced; a machine without sound goes on without it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.pictures
ROOT = Path(__file__).parents[2]


def heard(driver: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.pictures.hearing", driver], cwd=ROOT, text=True, capture_output=True, check=True, timeout=60
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def test_clips_follow_one_another_and_one_not_yet_recorded_is_passed_over() -> None:
    found = heard("dummy")
    assert found["order"] == ["touched", "done"]
    assert found["began"] and found["silent"]
    assert found["log"] == []


def test_a_kiosk_without_a_loudspeaker_is_silent_and_says_so_once() -> None:
    found = heard("no-such-driver")
    assert found["order"] == [] and found["silent"]
    assert len(found["log"]) == 1 and "no sound" in found["log"][0]
