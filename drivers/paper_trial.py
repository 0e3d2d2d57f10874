"""The trial of a driver by one recorded conversation: `python -m drivers.paper_trial FILE... [--every N]`, one line a step, status 1 where one failed.

A recording (firmware_bridge/recorded_wire.py) is for a trial when two remarks say what it is: `# driver: NAME`, and where the driver needs more than
its port `# settings: {...}` in JSON. It holds one opening and one order of the driver's work. Played as it is, the driver must send exactly what was
recorded; altered at each byte that the device says, the driver may call the device lost, or answer that nothing was had, but nothing wrong.
"""

import argparse
import itertools
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.bench import Failed
from drivers.catalogue import make
from drivers.contract import Answer, Notice, Outcome, TrialDone, TrialStep
from drivers.driver import DeviceAbsent, Driver, Outlet, Until
from drivers.orders import MARGIN_S
from drivers.ring import FrameRing
from drivers.trial import LOSS_S, SLACK_S
from drivers.works import proven, work_of, wrong
from firmware_bridge.reach import RECORDED
from firmware_bridge.recorded_wire import FREELY, SILENCE, ConversationDiffers, Turn, read_conversation, written
from firmware_bridge.tap import PULLED, SAID

REMARK = re.compile(r"^#\s*(driver|settings):\s*(.*?)\s*$", re.MULTILINE)
AT_ONCE = 48
"""So many conversations a step are played at once: nearly all of their time is waiting."""
AS_IT_IS = 2
GARBLED = 0x03
RING_BYTES = 4_000_000


class NoTrial(ValueError):
    """The file is no recording for a trial; the text says why."""


@dataclass(frozen=True)
class Recording:
    """A conversation with the driver that it is for."""

    driver: str
    settings: dict[str, Any]
    turns: tuple[Turn, ...]


def read_recording(text: str) -> Recording:
    """Raises NoTrial."""
    remarks = dict(REMARK.findall(text))
    if "driver" not in remarks:
        raise NoTrial("a remark `# driver: NAME` is missing")
    try:
        settings = json.loads(remarks.get("settings", "{}"))
        turns = tuple(read_conversation(text))
    except ValueError as why:
        raise NoTrial(str(why)) from None
    if not isinstance(settings, dict):
        raise NoTrial("settings: expected a JSON object")
    return Recording(remarks["driver"], settings, turns)


class PaperTrial:
    """One recording, played over and over. `every`: the distance of the bytes that are spoiled. `lag_s`: how late the machine may be."""

    def __init__(self, recording: Recording, folder: Path, every: int = 1, lag_s: float = 0.0) -> None:
        self._recording, self._folder, self._every, self._lag_s = recording, folder, every, lag_s
        self._truth: Answer | None = None
        self._numbers = itertools.count()
        self._what = work_of(make(recording.driver, {**recording.settings, "port": RECORDED, "runtime": str(folder)}))

    def run(self) -> TrialDone:
        """All steps: the two that play the recording as it is, then all others at once."""
        plain, spoiled = list(STEPS.items())[:AS_IT_IS], list(STEPS.items())[AS_IT_IS:]
        first = [self._one(name, step) for name, step in plain]
        with ThreadPoolExecutor(len(spoiled)) as pool:
            return TrialDone((*first, *pool.map(lambda named: self._one(*named), spoiled)))

    def _one(self, name: str, step: "Callable[[PaperTrial], str]") -> TrialStep:
        try:
            return TrialStep(name, Outcome.PASSED, step(self))
        except (Failed, DeviceAbsent, ConversationDiffers) as why:
            return TrialStep(name, Outcome.FAILED, str(why))

    def opens(self) -> str:
        """The first half of the recording, exactly."""
        driver, outlet = self._driver(self._recording.turns)
        try:
            return f"It says: {driver.open(outlet)}"
        finally:
            driver.close()
            outlet.ring.close()

    def does_its_work(self) -> str:
        """All of the recording, exactly."""
        self._truth = self._work(self._recording.turns)
        said = self._what.good(self._truth) if self._truth is not None else None
        if said is None:
            raise Failed(f"The recording led to {type(self._truth).__name__}.")
        return said

    def survives_split(self) -> str:
        """Every byte comes alone."""
        parts = [[Turn(SAID, bytes([byte])) for byte in turn.data] if turn.who == SAID else [turn] for turn in self._recording.turns]
        if self._work([turn for part in parts for turn in part]) != self._truth:
            raise Failed("Answers that came byte by byte were not understood.")
        return "Answers that came byte by byte were understood."

    def survives(self, words: str, spoil: Callable[[bytes, int], bytes]) -> str:
        """Spoiled at each byte in turn."""
        altered = [(place, self._altered(place, spoil)) for place in self._places()]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda one: self._work(one[1]), altered))
        for (place, _), answer in zip(altered, answers, strict=True):
            if answer is not None and self._truth is not None and wrong(answer, self._truth):
                raise Failed(
                    f"With byte {place[1] + 1} of turn {place[0] + 1} {words} it answered something wrong as if it were sure of it."
                )
        lost = sum(answer is None for answer in answers)
        return f"{len(answers)} bytes {words}, one in each playing: none led to a wrong answer; {lost} times the device was called lost."

    def survives_silence(self) -> str:
        """The device falls silent after each byte in turn."""
        answers = self._cut_short(SILENCE)
        return f"Silent after each of {len(answers)} bytes: every order ended in time."

    def reports_loss(self) -> str:
        """The plug is pulled after each byte in turn, and after the last."""
        answers = self._cut_short(PULLED)
        driver, outlet = self._driver((*self._recording.turns, Turn(PULLED)))
        try:
            driver.open(outlet)
            driver.carry_out(self._what.order, Until(self._what.patience_s + self._lag_s))
            idle = Until(LOSS_S + self._lag_s)
            while not idle.over:
                driver.idle()
        except DeviceAbsent:
            lost = sum(answer is None for answer in answers)
            return (
                f"Pulled after each of {len(answers)} bytes: {lost} times lost, else the answer was there before; pulled while idle: lost."
            )
        finally:
            driver.close()
            outlet.ring.close()
        raise Failed("It did not notice that the device was gone.")

    def _cut_short(self, end: str) -> list[Answer | None]:
        """The answers where the device says nothing after each byte in turn. Raises Failed for one that is wrong, or known too early."""
        places = self._places()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(self._work, ((*self._until(place), Turn(end)) for place in places)))
        if any(answer is not None and self._truth is not None and wrong(answer, self._truth) for answer in answers):
            raise Failed("A device that said no more led to a wrong answer.")
        last = self._everything()[-1:]
        if any(proven(answer) and [place] != last for place, answer in zip(places, answers, strict=True)):
            raise Failed("It believed the device before the device had said its last word.")
        return answers

    def _work(self, turns: Iterable[Turn]) -> Answer | None:
        """Open and do the work; None where the device was called lost. Raises Failed where that took too long."""
        driver, outlet = self._driver(turns)
        until = None
        try:
            driver.open(outlet)
            until, began = Until(self._what.patience_s), time.monotonic()
            return driver.carry_out(self._what.order, until)
        except DeviceAbsent:
            return None
        finally:
            driver.close()
            outlet.ring.close()
            if until is not None and time.monotonic() - began > self._what.patience_s + MARGIN_S + SLACK_S + self._lag_s:
                raise Failed("An order went on past its deadline.")

    def _driver(self, turns: Iterable[Turn]) -> tuple[Driver, Outlet]:
        # a folder for each: a printer that remembers a slip of another playing would call this one a copy
        own = self._folder / f"played-{next(self._numbers)}"
        own.mkdir()
        paper = own / "conversation.txt"
        paper.write_text(written(turns), encoding="utf-8")
        settings = {**self._recording.settings, "port": f"{RECORDED}{paper}", "runtime": str(own)}
        notices: list[Notice] = []
        outlet = Outlet(notices.append, FrameRing.create(own / "ring", RING_BYTES))
        return make(self._recording.driver, settings), outlet

    def _places(self) -> list[tuple[int, int]]:
        """Turn and byte of everything that the device says."""
        return self._everything()[:: self._every]

    def _everything(self) -> list[tuple[int, int]]:
        return [(at, byte) for at, turn in enumerate(self._recording.turns) if turn.who == SAID for byte in range(len(turn.data))]

    def _altered(self, place: tuple[int, int], spoil: Callable[[bytes, int], bytes]) -> list[Turn]:
        at, byte = place
        turns = [Turn(FREELY), *self._recording.turns]
        data = spoil(turns[at + 1].data, byte)
        turns[at + 1 : at + 2] = [Turn(SAID, data)] if data else []
        return turns

    def _until(self, place: tuple[int, int]) -> Iterator[Turn]:
        at, byte = place
        yield Turn(FREELY)
        yield from self._recording.turns[:at]
        yield Turn(SAID, self._recording.turns[at].data[: byte + 1])


STEPS: dict[str, Callable[[PaperTrial], str]] = {
    "opens": PaperTrial.opens,
    "does_its_work": PaperTrial.does_its_work,
    "survives_split": PaperTrial.survives_split,
    "survives_garbled": lambda trial: trial.survives("garbled", lambda data, at: data[:at] + bytes([data[at] ^ GARBLED]) + data[at + 1 :]),
    "survives_doubled": lambda trial: trial.survives("coming twice", lambda data, at: data[: at + 1] + data[at:]),
    "survives_dropped": lambda trial: trial.survives("missing", lambda data, at: data[:at] + data[at + 1 :]),
    "survives_silence": PaperTrial.survives_silence,
    "reports_loss": PaperTrial.reports_loss,
}


def try_paper(file: Path, every: int = 1, lag_s: float = 0.0) -> TrialDone:
    """The trial by this recording. Raises NoTrial, DriverUnknown."""
    recording = read_recording(file.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="mpaka-trial-") as folder:
        return PaperTrial(recording, Path(folder), every, lag_s).run()


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the recordings that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--every", type=int, default=1, help="spoil each byte (1, the default), or every Nth")
    parser.add_argument("--lag", type=float, default=0.0, help="seconds that a busy machine may be late; default: %(default)s")
    chosen = parser.parse_args(arguments)
    good = True
    for file in chosen.files:
        try:
            done = try_paper(file, chosen.every, chosen.lag)
        except NoTrial as why:
            sys.stderr.write(f"{file}: {why}\n")
            return 1
        for step in done.steps:
            sys.stdout.write(f"{file.stem}\t{step.outcome}\t{step.name}\t{step.said}\n")
        good = good and done.passed
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
