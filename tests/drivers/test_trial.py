"""The acceptance trial: every driver that can be tried without hardware passes it, and a driver with a defect does not."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from drivers.bench import Failed
from drivers.catalogue import DRIVERS
from drivers.contract import (
    Answer,
    Answered,
    DeviceReady,
    DocumentRead,
    Kind,
    Order,
    Outcome,
    ReadDocument,
    RunTrial,
    SlipPrinted,
    TrialAsks,
    TrialDone,
    TrialReply,
    TrialStep,
    TrialWent,
)
from drivers.driver import Driver, Outlet, Until
from drivers.formats.specimens import specimen
from drivers.paper_trial import NoTrial, PaperTrial, read_recording
from drivers.receipt.printer import ReceiptPrinter
from drivers.ring import FrameRing
from drivers.simulated.bench import LAG_S, PREFIX, EmulatedBench, try_emulated
from drivers.simulated.passport_reader import SimulatedPassportReader
from drivers.simulated.scene import Scene
from drivers.trial import STEPS, Trial
from firmware_bridge.reach import Reach
from kiosk.clock import BUILD
from tests.drivers.running_host import RunningHost

EMULATED = sorted(name for name in DRIVERS if name.startswith(PREFIX))
CONVERSATIONS = Path(__file__).parents[1] / "conversations"
RECORDED = sorted(path for path in CONVERSATIONS.glob("*.txt") if "# driver:" in path.read_text(encoding="utf-8"))
GIVE_UP_S = 300.0
LATE = "60"
"""Seconds: what is tried here is what drivers do, on a machine that may be as busy as it likes. How quick they are is tried with the long tests."""
ZONE = specimen("adult", BUILD.date()).lines


class Trials:
    """Five trials at once, each a process of its own: nearly all of their time is waiting."""

    def __init__(self) -> None:
        words = {name: ["-m", "drivers.simulated.bench", name, "--positions", "60", "--lag", LATE] for name in reversed(EMULATED)}
        words |= {path.stem: ["-m", "drivers.paper_trial", str(path), "--every", "31", "--lag", LATE] for path in RECORDED}
        self._pool = ThreadPoolExecutor(5)
        self._running = {name: self._pool.submit(self._run, command) for name, command in words.items()}

    def of(self, name: str) -> dict[str, str]:
        """Outcome and sentence of each step; the trial must have passed."""
        ended = self._running[name].result()
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return {words[2]: f"{words[1]}: {words[3]}" for words in (line.split("\t") for line in ended.stdout.splitlines())}

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _run(self, words: list[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=GIVE_UP_S, check=False)


@pytest.fixture(scope="module", autouse=True)
def trials() -> Iterator[Trials]:
    running = Trials()
    yield running
    running.close()


class Deaf(SimulatedPassportReader):
    """Does not notice that it is gone."""

    def idle(self) -> None:
        pass


class Stubborn(SimulatedPassportReader):
    """Knows no deadline."""

    def carry_out(self, order: Order, until: Until) -> Answer:
        answer = super().carry_out(order, until)
        time.sleep(2.0)
        return answer


class Nameless(SimulatedPassportReader):
    """Says nothing of itself."""

    def open(self, outlet: Outlet) -> str:
        super().open(outlet)
        return ""


class Keeping(SimulatedPassportReader):
    """Lets something open."""

    def close(self) -> None:
        super().close()
        os.open("/proc/self/stat", os.O_RDONLY)


class Credulous(SimulatedPassportReader):
    """Takes the first read for the truth."""

    def carry_out(self, order: Order, until: Until) -> Answer:
        answer = super().carry_out(order, until)
        return DocumentRead(answer.lines, confirmed=True) if isinstance(answer, DocumentRead) else answer


class Tied(SimulatedPassportReader):
    """Insists on the port that it had first."""

    first = ""

    def open(self, outlet: Outlet) -> str:
        identity = super().open(outlet)
        port = self._reach.socket.path
        Tied.first = Tied.first or port
        if port != Tied.first:
            self.close()
            self._reach = Reach(Tied.first)
            return str(self._ask(b"V"))
        return identity


def tried(driver: Driver, folder: Path, positions: tuple[int, ...], *only: str, lag_s: float = LAG_S) -> dict[str, TrialStep]:
    scene = Scene(folder / "scene")
    outlet = Outlet(lambda notice: None, FrameRing.create(folder / "ring", 16))
    bench = EmulatedBench(driver.kind, scene, folder, lag_s)
    driver.open(outlet)
    done = Trial(driver, outlet, bench, Until(GIVE_UP_S), positions).run(only=only)
    driver.close()
    bench.close()
    outlet.ring.close()
    return {step.name: step for step in done.steps}


# byte 41 of what it says, the echo of C being 4 and the head 3, is a letter of the name
@pytest.mark.parametrize(
    ("defect", "steps", "said"),
    [
        (Stubborn, ("keeps_its_deadline",), "past its deadline"),
        (Stubborn, ("rests_when_told",), "Told to rest, it went on"),
        (Nameless, ("opens", "identifies_itself"), "says nothing of itself"),
        (Keeping, ("frees_the_device",), "it still holds: /proc/"),
        (Credulous, ("does_its_work", "survives_garbled"), "answered something wrong as if it were sure of it"),
    ],
    ids=["stubborn", "restless", "nameless", "keeping", "credulous"],
)
def test_a_driver_with_a_defect_fails_the_step_that_is_about_it(
    defect: type[SimulatedPassportReader], steps: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    found = tried(defect({"scene": str(tmp_path / "scene")}), tmp_path, (20,), *steps)
    assert found[steps[-1]].outcome is Outcome.FAILED
    assert said in found[steps[-1]].said


def test_a_driver_that_insists_on_its_first_port_does_not_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.trial.PERSON_S", 3.0)
    found = tried(Tied({"scene": str(tmp_path / "scene")}), tmp_path, (), "reports_loss", "comes_back", lag_s=float(LATE))
    assert found["reports_loss"].outcome is Outcome.PASSED
    assert found["comes_back"].outcome is Outcome.FAILED


def test_a_driver_that_does_not_notice_its_loss_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.trial.PERSON_S", 0.5)
    found = tried(Deaf({"scene": str(tmp_path / "scene")}), tmp_path, (), "reports_loss")
    assert found["reports_loss"] == TrialStep("reports_loss", Outcome.FAILED, "It did not notice that the device was gone.")


def test_a_trial_that_was_ended_says_of_the_rest_that_it_was_not_tried(tmp_path: Path) -> None:
    driver = SimulatedPassportReader({"scene": str(tmp_path / "scene")})
    outlet = Outlet(lambda notice: None, FrameRing.create(tmp_path / "ring", 16))
    driver.open(outlet)
    over = Until(GIVE_UP_S)
    over.rested = True
    done = Trial(driver, outlet, EmulatedBench(driver.kind, Scene(tmp_path / "scene"), tmp_path), over).run()
    driver.close()
    assert {step.outcome for step in done.steps} == {Outcome.NOT_TRIED}
    assert not done.passed


def test_a_trial_needs_no_registration_beyond_the_catalogue() -> None:
    assert EMULATED
    assert {path.stem for path in RECORDED} >= {"elyctis_td3_confirmed"}
    assert try_emulated.__module__ == "drivers.simulated.bench"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("> 00\n", "# driver: NAME"),
        ("# driver: x\nhello\n", "line 2"),
        ("# driver: x\n# settings: [1]\n", "JSON object"),
        ("# driver: x\n# settings: {\n", "property name"),
    ],
)
def test_a_file_that_is_no_recording_for_a_trial_is_refused_in_words(text: str, complaint: str) -> None:
    with pytest.raises(NoTrial, match=complaint):
        read_recording(text)


class Person:
    """Stands before a simulated reader whose host runs a trial: does what is asked, or has it skipped."""

    def __init__(self, host: RunningHost, scene: Scene, skips: frozenset[str]) -> None:
        self.asked: list[tuple[str, str]] = []
        self._host, self._scene, self._skips = host, scene, skips

    def stands_by(self, ticket: int) -> tuple[TrialDone, list[TrialStep]]:
        went = []
        while True:
            word = self._host.hear()
            if isinstance(word, TrialWent):
                went.append(word.step)
            if isinstance(word, TrialAsks):
                assert 0 <= word.left_s <= 60
                self._does(word)
            if isinstance(word, Answered) and word.ticket == ticket:
                assert isinstance(word.answer, TrialDone)
                return word.answer, went

    def _does(self, word: TrialAsks) -> None:
        if self.asked[-1:] == [(word.step, word.sentence)]:
            return
        self.asked.append((word.step, word.sentence))
        if word.step in self._skips:
            self._host.order(TrialReply(done=False))
            return
        first = word.sentence.split()[0]
        changes = {"Lay": {"lines": list(ZONE)}, "Take": {"lines": ()}, "Pull": {"fault": "unplug"}, "Plug": {"fault": ""}}
        self._scene.put(Kind.PASSPORT_READER, **changes[first])
        if first == "Take":
            self._host.order(TrialReply(done=True))


@pytest.mark.parametrize("skips", [frozenset[str](), frozenset({"does_it_again", "reports_loss"})], ids=["does all", "skips two"])
def test_a_person_at_the_device_is_asked_in_words_and_may_skip(skips: frozenset[str], tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with RunningHost("simulated-passport-reader", {"scene": str(scene.folder)}, tmp_path) as host:
        host.wait_for(DeviceReady)
        person = Person(host, scene, skips)
        done, went = person.stands_by(host.order(RunTrial(attended=True), 600))
        outcomes = {step.name: step for step in done.steps}
        assert done.passed and list(done.steps) == went
        assert ("does_its_work", "Lay the specimen document on the reader.") in person.asked
        for name in skips:
            assert outcomes[name] == TrialStep(name, Outcome.NOT_TRIED, "Skipped by the technician.")
        assert outcomes["survives_split"].said == "Only an emulator or a recording can spoil what the device says."
        assert outcomes["comes_back"].outcome is Outcome.PASSED
        # and the device serves as before
        scene.put(Kind.PASSPORT_READER, lines=list(ZONE), fault="")
        assert host.answer(host.order(ReadDocument()), DocumentRead).lines == ZONE


def test_without_a_person_the_steps_that_need_one_are_not_tried(tmp_path: Path) -> None:
    with RunningHost("simulated-lane-io", {"scene": str(tmp_path)}, tmp_path) as host:
        host.wait_for(DeviceReady)
        done = host.answer(host.order(RunTrial(attended=False), 600), TrialDone)
        outcomes = {step.name: step.outcome for step in done.steps}
        assert done.passed
        assert outcomes["does_its_work"] is Outcome.PASSED
        assert outcomes["reports_loss"] is Outcome.NOT_TRIED


class Believing(ReceiptPrinter):
    """Takes every slip that it has sent for printed."""

    def carry_out(self, order: Order, until: Until) -> Answer:
        answer = super().carry_out(order, until)
        return SlipPrinted(confirmed=True) if isinstance(answer, SlipPrinted) else answer


@pytest.mark.parametrize(("driver", "early"), [(ReceiptPrinter, False), (Believing, True)])
def test_a_driver_that_calls_a_slip_printed_before_the_printer_has_said_so_fails(
    driver: type[Driver], early: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.paper_trial.make", lambda name, settings: driver(settings))
    trial = PaperTrial(read_recording((CONVERSATIONS / "escpos_slip.txt").read_text()), tmp_path, every=11, lag_s=float(LATE))
    trial.does_its_work()
    with pytest.raises(Failed, match="before the device had said its last word") if early else nullcontext():
        trial.survives_silence()


# last, since they have been running since the first test


@pytest.mark.parametrize("name", EMULATED)
def test_a_driver_with_an_emulator_passes_the_trial_of_its_kind(name: str, trials: Trials) -> None:
    steps = trials.of(name)
    assert list(steps) == list(STEPS)
    assert not [step for step, said in steps.items() if said.startswith("failed")]
    assert "its work ends by itself" in steps["keeps_its_deadline"] or steps["keeps_its_deadline"].startswith("passed")


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_driver_with_a_recording_passes_the_trial_on_paper(path: Path, trials: Trials) -> None:
    assert all(said.startswith("passed") for said in trials.of(path.stem).values())


@pytest.mark.long
@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recording_spoiled_at_every_single_byte_never_leads_to_a_wrong_answer(path: Path) -> None:
    subprocess.run([sys.executable, "-m", "drivers.paper_trial", str(path)], check=True, timeout=600)


@pytest.mark.long
@pytest.mark.parametrize("name", EMULATED)
def test_on_a_quiet_machine_a_driver_keeps_the_times_of_the_trial(name: str) -> None:
    subprocess.run([sys.executable, "-m", "drivers.simulated.bench", name, "--positions", "60"], check=True, timeout=GIVE_UP_S)


@pytest.mark.long
@pytest.mark.parametrize("name", ["simulated-passport-reader", "simulated-lane-io"])
def test_an_emulator_spoiled_at_every_byte_of_its_answers_never_leads_to_a_wrong_answer(name: str) -> None:
    parts = [f"{first}-{first + 9}" for first in range(1, 220, 10)]
    running = [subprocess.Popen([sys.executable, "-m", "drivers.simulated.bench", name, "--positions", part]) for part in parts]
    assert [process.wait(600) for process in running] == [0] * len(parts)
