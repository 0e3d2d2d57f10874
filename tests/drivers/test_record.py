"""Recordings of real conversations: kept for a specimen of Utopia and nothing else, and played back to the same answer."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drivers import contract
from drivers.contract import DocumentRead, NotCaptured, ReadDocument, Unread
from drivers.driver import Driver, Until
from drivers.paper_trial import read_recording, try_paper
from drivers.passport.elyctis import ElyctisReader
from drivers.passport.honeywell import HoneywellImager
from drivers.passport.layout_proof import Proof, Proofs
from drivers.passport.wedge import KeyboardWedge
from drivers.record import main, may_be_kept
from drivers.simulated.passport_reader import IdBox
from drivers.simulated.pty_device import PtyDevice
from drivers.simulated.scene import Scene
from drivers.simulated.wedge import typed
from firmware_bridge.key_events import event_bytes
from firmware_bridge.recorded_wire import RecordedWire, read_conversation
from firmware_bridge.wire import Wire
from tests.drivers.passport.readers import CARD, NOBODY, ZONE

STRANGER = (ZONE[0].replace("UTO", "TZA", 1), ZONE[1])


def record(folder: Path, driver: str, lines: tuple[str, ...], *more: str, **settings: Any) -> tuple[int, Path]:
    """Run the command with a document lying on a simulated reader."""
    Scene(folder / "scene").put("passport_reader", lines=lines)
    out = folder / "conversation.txt"
    given = json.dumps({**settings, "scene": str(folder / "scene")})
    return main([driver, "--settings", given, "--out", str(out), "--seconds", "20", *more]), out


def played(out: Path, driver: type, **settings: Any) -> Driver:
    """A driver to which the recording is played."""
    wire = RecordedWire(read_conversation(out.read_text()))

    class OnWire(driver):  # type: ignore[misc]
        def _plug(self) -> Wire:
            return wire

    made: Driver = OnWire(settings)
    made.open(NOBODY)
    return made


@pytest.mark.parametrize(("name", "driver"), [("simulated-passport-reader", ElyctisReader), ("simulated-honeywell", HoneywellImager)])
@pytest.mark.parametrize("lines", [ZONE, CARD], ids=["passport", "card"])
def test_a_conversation_about_a_specimen_is_kept_and_plays_back_to_the_same_answer(
    tmp_path: Path, name: str, driver: type, lines: tuple[str, ...]
) -> None:
    status, out = record(tmp_path, name, lines)
    assert status == 0
    assert out.read_text().startswith(f"# driver: {name}\n# settings: ")
    assert played(out, driver, port="paper").carry_out(ReadDocument(), Until(20.0)) == DocumentRead(lines, confirmed=True)


def test_a_conversation_that_is_kept_passes_the_trial_on_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene, paper = Scene(tmp_path / "scene"), tmp_path / "box.txt"
    scene.put("passport_reader", lines=ZONE)
    box = PtyDevice("passport_reader", IdBox(), scene)
    status = main(["elyctis", "--settings", json.dumps({"port": box.path, "baud": 9600}), "--out", str(paper)])
    box.close()
    assert status == 0
    assert "DocumentRead" in capsys.readouterr().out
    recording = read_recording(paper.read_text())
    assert (recording.driver, recording.settings) == ("elyctis", {"baud": 9600})
    assert try_paper(paper, every=149, lag_s=60.0).passed


def test_what_a_wedge_typed_is_kept_and_plays_back(tmp_path: Path) -> None:
    status, out = record(tmp_path, "simulated-wedge", ZONE, proofs=str(tmp_path / "layouts"), layout="de")
    assert status == 0
    Proofs(tmp_path / "layouts").keep("0000:0000", Proof("de", date.today()))
    wedge = played(out, KeyboardWedge, usb="0000:0000", proofs=str(tmp_path / "layouts"))
    assert wedge.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(ZONE, confirmed=False)


@pytest.mark.parametrize("name", ["simulated-passport-reader", "simulated-honeywell"])
def test_nothing_is_kept_of_a_document_that_is_no_specimen(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = record(tmp_path, name, STRANGER)
    assert status == 1
    assert not out.exists()
    assert "not a specimen of Utopia alone" in capsys.readouterr().err


def test_nothing_is_kept_where_nothing_was_read(tmp_path: Path) -> None:
    status, out = record(tmp_path, "simulated-passport-reader", (), "--seconds", "0.5")
    assert status == 1
    assert not out.exists()


def test_a_self_test_is_kept_since_it_holds_no_zone(tmp_path: Path) -> None:
    status, out = record(tmp_path, "simulated-passport-reader", ZONE, "--self-test")
    assert status == 0
    assert "> 52 00 00" in out.read_text()


def test_a_lane_controller_is_recorded_at_its_lamp_and_an_old_file_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["simulated-lane-io", "--settings", json.dumps({"scene": str(tmp_path / "scene")}), "--out", str(tmp_path / "lamp.txt")]
    assert main(words) == 0
    kept = (tmp_path / "lamp.txt").read_text()
    assert read_conversation(kept)
    assert main(words) == 1
    assert "exists" in capsys.readouterr().err
    assert (tmp_path / "lamp.txt").read_text() == kept


def test_fingers_and_faces_are_not_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulated-face-camera", "--settings", json.dumps({"scene": str(tmp_path)}), "--out", str(tmp_path / "x")]) == 2
    assert main(["no-such-driver", "--out", str(tmp_path / "x")]) == 2
    assert "nobody's specimen" in capsys.readouterr().err


def _said(*lines: str) -> bytes:
    return "".join(f"{line}\r" for line in lines).encode()


READ = DocumentRead(ZONE, confirmed=True)


@pytest.mark.parametrize(
    ("said", "answer", "kept"),
    [
        (_said(*ZONE), READ, True),
        (b"ALLENA0\x06" + _said(*ZONE) * 2, READ, True),
        (_said(*ZONE, *STRANGER), READ, False),
        (_said(*ZONE) + STRANGER[0][:20].encode(), READ, False),
        (_said(*STRANGER), DocumentRead(STRANGER, confirmed=True), False),
        (_said(*ZONE), NotCaptured(Unread.CHECK_DIGITS), False),
        (_said(*ZONE), contract.TestDone(True, ()), False),
        (b"V\0\0041.20", contract.TestDone(True, ()), True),
        (b"\x00\x05state", contract.Done(), True),
        (b"", contract.TestDone(True, ()), True),
        (b"".join(map(event_bytes, typed(ZONE, "us", 1.0))), READ, True),
        (b"".join(map(event_bytes, [*typed(ZONE, "us", 1.0), *typed(ZONE, "us", 2.0)])), READ, True),
        (b"".join(map(event_bytes, [*typed(ZONE, "us", 1.0), *typed(STRANGER, "us", 2.0)])), READ, False),
        (b"".join(map(event_bytes, [*typed(ZONE, "us", 1.0), *typed(("PIN",), "us", 2.0)])), READ, False),
        (b"".join(map(event_bytes, typed(ZONE, "us", 1.0))), contract.TestDone(True, ()), False),
    ],
)
def test_only_what_is_explained_by_a_specimen_may_be_kept(said: bytes, answer: Any, kept: bool) -> None:
    assert may_be_kept(said, answer) is kept
