"""One conversation with a device, written down on a table, is what its driver's trial is played from."""

import json
import threading
from pathlib import Path

import pytest

from drivers.contract import DeviceGone
from drivers.paper_trial import read_recording, try_paper
from drivers.record import main
from drivers.simulated.faults import Troublemaker
from drivers.simulated.passport_reader import IdBox
from drivers.simulated.pty_device import PtyDevice
from drivers.simulated.scene import Scene
from tests.drivers.running_host import RunningHost

ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def test_a_conversation_that_is_written_down_passes_the_trial_on_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene, paper = Scene(tmp_path / "scene"), tmp_path / "box.txt"
    scene.put("passport_reader", lines=ZONE)
    box = PtyDevice("passport_reader", IdBox(), scene, Troublemaker())
    status = main(["elyctis", "--settings", json.dumps({"port": box.path, "baud": 9600}), "--out", str(paper)])
    box.close()
    assert status == 0
    assert capsys.readouterr().out == "A zone of 2 lines was read, its check digits hold; confirmed.\n"
    recording = read_recording(paper.read_text())
    assert (recording.driver, recording.settings) == ("elyctis", {"baud": 9600})
    assert try_paper(paper, every=149).passed
    assert threading.active_count() < 20


def test_a_recording_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = tmp_path / "box.txt"
    paper.write_text("kept")
    assert main(["elyctis", "--settings", '{"port": "/dev/null"}', "--out", str(paper)]) == 1
    assert paper.read_text() == "kept"
    assert "exists" in capsys.readouterr().err


def test_a_lane_never_writes_down_what_travellers_lay_there(tmp_path: Path) -> None:
    with RunningHost("elyctis", {"port": "/dev/null", "record": str(tmp_path / "box.txt")}, tmp_path) as host:
        assert "never written down" in host.wait_for(DeviceGone).reason
        host.until_dead()
    assert not (tmp_path / "box.txt").exists()
