"""Devices behind real host processes: whatever becomes of a host, the lane hears Lost, then Back, and nothing else breaks."""

import os
import queue
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.catalogue import GROUP
from drivers.contract import Answered, DocumentRead, Done, Kind, Lamp, OpenBarrier, ReadDocument, ShowLamp
from drivers.formats.specimens import specimen
from drivers.simulated.scene import Scene
from kiosk.clock import BUILD
from kiosk.devices import Back, Device, Lost, Told
from tests.kiosk.rogue_driver import FREED, SAID, SPOILED

GIVE_UP_S = 30.0
ZONE = specimen("adult", BUILD.date()).lines


class Listening:
    """A device and what it told."""

    def __init__(self, kind: Kind, driver: str, folder: Path, **settings: object) -> None:
        self.told: queue.Queue[Told] = queue.Queue()
        self.device = Device(kind, driver, {"scene": str(folder / "scene"), **settings}, folder, self.told.put)
        self.device.start()

    def hears(self, kind: type) -> Told:
        """The next word, which must be of this kind; live pictures and the like pass by."""
        while True:
            told = self.told.get(timeout=GIVE_UP_S)
            if isinstance(told.word, Lost | Back | Answered):
                assert isinstance(told.word, kind), told.word
                return told

    def lost(self) -> str:
        word = self.hears(Lost).word
        assert isinstance(word, Lost)
        return word.reason

    def pid(self) -> int:
        assert self.device.pid is not None
        return self.device.pid


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Listening]:
    listening = Listening(Kind.PASSPORT_READER, "simulated-passport-reader", tmp_path)
    listening.hears(Back)
    yield listening
    listening.device.close()


def rogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> Listening:
    """A device with a vendor's driver, installed as a package of its own."""
    installed = tmp_path / "packages" / "rogue-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: rogue\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[{GROUP}]\nrogue = tests.kiosk.rogue_driver:RogueDriver\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "packages"), str(Path.cwd())]))
    listening = Listening(Kind.LANE_IO, "rogue", tmp_path, does=does)
    listening.hears(Back)
    return listening


def reads(listening: Listening, tmp_path: Path, ticket: int) -> None:
    """A passport is laid down and read."""
    listening.device.order(ticket, ReadDocument(), 20.0)
    Scene(tmp_path / "scene").put("passport_reader", lines=list(ZONE))
    told = listening.hears(Answered)
    assert told.order == ReadDocument()
    assert isinstance(told.word, Answered)
    assert told.word.ticket == ticket
    assert isinstance(told.word.answer, DocumentRead) and told.word.answer.lines == ZONE
    Scene(tmp_path / "scene").put("passport_reader", lines=[])


def test_a_passport_is_read_through_a_host_and_the_answer_brings_its_order_back(reader: Listening, tmp_path: Path) -> None:
    assert reader.device.ready and reader.device.last_good is not None
    reads(reader, tmp_path, 7)


def test_a_host_that_is_killed_is_lost_then_back_and_reads_the_next_passport(reader: Listening, tmp_path: Path) -> None:
    reader.device.order(1, ReadDocument(), 600.0)
    killed = reader.pid()
    os.kill(killed, signal.SIGKILL)
    assert reader.lost()
    assert not reader.device.ready
    reader.hears(Back)
    assert reader.pid() != killed
    reads(reader, tmp_path, 2)


def test_a_host_that_is_killed_again_and_again_always_comes_back(reader: Listening, tmp_path: Path) -> None:
    for _ in range(3):
        os.kill(reader.pid(), signal.SIGKILL)
        reader.lost()
        reader.hears(Back)
    reads(reader, tmp_path, 3)


def test_a_host_whose_heart_stops_is_killed_and_started_again(reader: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.devices.HEARTBEAT_LIMIT_S", 2.0)
    os.kill(reader.pid(), signal.SIGSTOP)
    assert "no heartbeat" in reader.lost()
    reader.hears(Back)


def test_a_host_that_misses_the_deadline_of_an_order_is_killed_and_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listening = rogue(tmp_path, monkeypatch, "hangs")
    stuck = listening.pid()
    listening.device.order(5, ShowLamp(Lamp.GREEN), 0.2)
    assert "deadline" in listening.lost()
    listening.hears(Back)
    assert listening.pid() != stuck
    listening.device.close()


@pytest.mark.parametrize("does", SPOILED)
def test_a_host_that_does_not_keep_to_the_protocol_is_killed_and_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    listening = rogue(tmp_path, monkeypatch, does)
    spoilt = listening.pid()
    listening.device.order(1, ShowLamp(Lamp.GREEN), 10.0)
    assert "surprise" not in listening.lost().lower()
    listening.hears(Back)
    assert listening.pid() != spoilt
    listening.device.order(2, OpenBarrier(1.0), 10.0)
    word = listening.hears(Answered).word
    assert word == Answered(2, Done())
    listening.device.close()


def test_a_library_that_prints_disturbs_nobody_and_is_read_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    listening = rogue(tmp_path, monkeypatch, "prints")
    listening.device.order(1, ShowLamp(Lamp.GREEN), 10.0)
    assert listening.hears(Answered).word == Answered(1, Done())
    listening.device.close()
    out, err = capfd.readouterr()
    assert (out, err.count(SAID)) == ("", 2)


@pytest.mark.parametrize("does", ["nothing bad", "hangs while closing"])
def test_closing_lets_the_driver_free_its_device_and_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], does: str
) -> None:
    monkeypatch.setattr("kiosk.devices.END_S", 20.0 if does == "nothing bad" else 0.2)
    listening = rogue(tmp_path, monkeypatch, does)
    host = listening.pid()
    listening.device.close()
    assert not Path(f"/proc/{host}").exists()
    assert capfd.readouterr().err.count(FREED) == (does == "nothing bad")
    assert listening.told.empty()


def test_a_host_that_ends_by_itself_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listening = rogue(tmp_path, monkeypatch, "dies")
    listening.device.order(1, ShowLamp(Lamp.GREEN), 10.0)
    assert listening.lost() == "the host ended"
    listening.hears(Back)
    listening.device.close()


def test_a_plug_that_is_pulled_and_put_back_is_lost_and_back_without_a_new_host(reader: Listening, tmp_path: Path) -> None:
    host = reader.pid()
    Scene(tmp_path / "scene").put("passport_reader", fault="unplug")
    reader.lost()
    reader.device.order(1, ReadDocument(), 600.0)
    Scene(tmp_path / "scene").put("passport_reader", fault="")
    # a busy host may have looked for it once more in between, and says so
    while not reader.device.ready:
        reader.told.get(timeout=GIVE_UP_S)
    assert reader.pid() == host
    reads(reader, tmp_path, 2)


def test_a_driver_that_nobody_has_is_named_to_the_technician_and_does_not_hold_up_the_end(tmp_path: Path) -> None:
    listening = Listening(Kind.LANE_IO, "no-such-driver", tmp_path)
    assert "there is no driver 'no-such-driver'" in listening.lost()
    listening.device.order(1, ShowLamp(Lamp.GREEN), 5.0)
    listening.lost()
    listening.device.close()


def test_a_device_that_is_closed_leaves_no_process_behind(tmp_path: Path) -> None:
    listening = Listening(Kind.PASSPORT_READER, "simulated-passport-reader", tmp_path)
    listening.hears(Back)
    host = listening.pid()
    listening.device.close()
    assert not Path(f"/proc/{host}").exists()
    listening.device.order(1, ReadDocument(), 5.0)
    assert listening.told.empty()


def test_a_machine_that_cannot_start_a_process_keeps_trying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        without.setattr("kiosk.devices.sys.executable", str(tmp_path / "nothing"))
        listening = Listening(Kind.PASSPORT_READER, "simulated-passport-reader", tmp_path)
        assert "FileNotFoundError" in listening.lost()
    while isinstance(listening.told.get(timeout=GIVE_UP_S).word, Lost):
        pass
    assert listening.device.ready
    listening.device.close()
