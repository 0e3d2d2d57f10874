"""The acceptance trial of each kind of device: what every driver of that kind must do, as named steps that each end in a plain sentence.

The same steps run with an emulator (drivers/simulated/bench.py: in the tests), with a person before the real device (drivers/attended.py: from
the technician's menu and by `mpaka check --device NAME`), and, as far as paper goes, with a recording (drivers/paper_trial.py).
"""

import threading
import time
from collections.abc import Callable

from drivers import contract
from drivers.bench import Bench, Deed, Failed, NotTried
from drivers.contract import Answer, NotCaptured, Outcome, TrialDone, TrialStep
from drivers.driver import IDLE_S, DeviceAbsent, Driver, Outlet, Until
from drivers.held import device_files, held
from drivers.orders import MARGIN_S
from drivers.works import Work, shortcoming, work_of, wrong

LOSS_S, BACK_S = 0.2, 2.0
OPEN_S, ORDER_S, SHORT_S = 10.0, 5.0, 0.5
SLACK_S = MARGIN_S
"""A host gives its driver so much less than the lane gives the host."""
PERSON_S = 60.0
RETRY_S = 0.1
SETTLE_S = 2.0
FEW = (1, 2, 3, 5, 9, 20, 60)
"""Byte positions that a quick trial tries; the long test tries every one."""


class Trial:
    """One trial of one driver that is open. Steps follow one another; what is done to the device is undone by the step itself."""

    def __init__(self, driver: Driver, outlet: Outlet, bench: Bench, until: Until, positions: tuple[int, ...] = FEW) -> None:
        """`positions`: which bytes are spoiled, counted from 1."""
        self._driver, self._outlet, self._bench, self._until, self._positions = driver, outlet, bench, until, positions
        self._work: Work = work_of(driver)
        self._identity = ""
        self._open = True
        self._truth: Answer | None = None

    def run(self, told: Callable[[TrialStep], None] = lambda _: None, only: tuple[str, ...] = ()) -> TrialDone:
        """All steps, or only these. The driver is open before and, where the device is there, after. Raises what a driver did not foresee."""
        done = []
        for name in only or STEPS:
            ended = self._one(name, STEPS[name])
            done.append(ended)
            told(ended)
        return TrialDone(tuple(done))

    def _one(self, name: str, step: "Callable[[Trial], str]") -> TrialStep:
        if self._until.over:
            return TrialStep(name, Outcome.NOT_TRIED, "The trial was ended before.")
        try:
            if not self._open and name != "comes_back":
                self.reopen(self._back_s)
            return TrialStep(name, Outcome.PASSED, step(self))
        except NotTried as why:
            return TrialStep(name, Outcome.NOT_TRIED, str(why))
        except (Failed, DeviceAbsent) as why:
            self._open = self._open and isinstance(why, Failed)
            return TrialStep(name, Outcome.FAILED, str(why))

    @property
    def _back_s(self) -> float:
        return BACK_S + self._bench.lag_s

    @property
    def _patience_s(self) -> float:
        return self._work.patience_s + self._bench.lag_s

    # what steps are made of

    def limit(self, seconds: float) -> Until:
        """So long, and no longer than the trial."""
        return Until(min(seconds, self._until.left_s))

    def close(self) -> None:
        """As the host does when a device is lost."""
        self._driver.close()
        self._open = False

    def reopen(self, within_s: float) -> float:
        """Open it again as the host does, trying anew; returns how long that took. Raises DeviceAbsent."""
        self._driver.close()
        self._open = False
        began = time.monotonic()
        while True:
            try:
                self._identity = self._driver.open(self._outlet)
            except DeviceAbsent:
                self._driver.close()
                if time.monotonic() - began > within_s or self._until.over:
                    raise
                time.sleep(RETRY_S)
            else:
                self._open = True
                return time.monotonic() - began

    def carry_out(self, order: contract.Order, until: Until) -> tuple[Answer, float]:
        """The answer and how long it took. Raises Failed where the driver went on past its deadline, DeviceAbsent."""
        left, began = until.left_s, time.monotonic()
        try:
            answer = self._driver.carry_out(order, until)
        finally:
            took = time.monotonic() - began
            if took > left + SLACK_S + self._bench.lag_s:
                raise Failed(f"It went on for {took:.1f} s, {took - left:.1f} s past its deadline.")
        return answer, took

    def once(self, step: str, patience_s: float) -> Answer:
        """The device's work, once, with what it needs laid down. Raises NotTried, Failed, DeviceAbsent."""
        until = self.limit(patience_s)
        if not self._work.lay:
            return self.carry_out(self._work.order, until)[0]
        with self._bench.doing(step, Deed.LAY_DOWN, until):
            return self.carry_out(self._work.order, until)[0]

    def take_away(self, step: str) -> None:
        """What lies there is taken away. Raises NotTried."""
        if self._work.lay:
            with self._bench.doing(step, Deed.TAKE_AWAY, self.limit(PERSON_S)):
                return

    # the steps

    def opens(self) -> str:
        """Closed and opened again, within a time."""
        took = self.reopen(0.0)
        if took > OPEN_S + self._bench.lag_s:
            raise Failed(f"Opening took {took:.1f} s; {OPEN_S:.0f} s are the most.")
        return f"Opened in {took * 1000:.0f} ms."

    def identifies_itself(self) -> str:
        """It says something of itself."""
        if not self._identity.strip():
            raise Failed("It says nothing of itself.")
        return f"It says: {self._identity}"

    def tests_itself(self) -> str:
        """The driver's own self-test."""
        answer, _ = self.carry_out(contract.TestYourself(), self.limit(ORDER_S + self._bench.lag_s))
        if not isinstance(answer, contract.TestDone):
            raise Failed(f"The self-test was answered by {type(answer).__name__}.")
        if not answer.passed:
            raise Failed("; ".join(answer.findings) or "The self-test failed and does not say why.")
        return "; ".join(answer.findings) or "Passed."

    def keeps_its_deadline(self) -> str:
        """An order that nothing can fulfil ends in time."""
        if not self._work.lay:
            raise NotTried("It needs nobody: its work ends by itself.")
        answer, took = self.carry_out(self._work.order, self.limit(SHORT_S))
        what = "found nothing" if isinstance(answer, NotCaptured) else "answered at once, since something lay there"
        return f"Given {SHORT_S} s, it {what} after {took:.2f} s."

    def rests_when_told(self) -> str:
        """An order that waits is given up at once."""
        if not self._work.lay:
            raise NotTried("It waits for nobody: there is nothing to give up.")
        until, rest_after = self.limit(ORDER_S), SHORT_S / 2
        rest = threading.Timer(rest_after, lambda: setattr(until, "rested", True))
        rest.start()
        try:
            _, took = self.carry_out(self._work.order, until)
        finally:
            rest.cancel()
        if took > rest_after + SLACK_S + self._bench.lag_s:
            raise Failed(f"Told to rest, it went on for {took - rest_after:.1f} s.")
        return f"Told to rest, it ended within {max(0.0, took - rest_after) * 1000:.0f} ms."

    def does_its_work(self) -> str:
        """What the device is there for."""
        answer = self.once("does_its_work", PERSON_S)
        said = self._work.good(answer)
        if said is None:
            raise Failed(shortcoming(answer))
        self._truth = answer
        return said

    def does_it_again(self) -> str:
        """What lay there is taken away and laid down anew."""
        self._knowing_the_truth()
        self.take_away("does_it_again")
        answer = self.once("does_it_again", PERSON_S)
        if self._work.good(answer) is None or (self._truth is not None and wrong(answer, self._truth)):
            raise Failed(f"The second time it went otherwise: {shortcoming(answer)}")
        return "The second time it went as the first."

    def survives_split(self) -> str:
        """Every byte comes alone: nothing may be different."""
        self._can_be_spoiled()
        answer = self._spoiled("survives_split", f"split:{self._work.piece}", self._patience_s)
        self._well_again("survives_split")
        how = "byte by byte" if self._work.piece == 1 else f"in pieces of {self._work.piece} bytes"
        if answer is None or self._work.good(answer) is None:
            raise Failed(f"Answers that came {how} were not understood.")
        return f"Answers that came {how} were understood."

    def survives(self, step: str, script: str, words: str) -> str:
        """Spoiled at each position in turn: any answer but a wrong one, within the deadline; afterwards the device works as before."""
        self._can_be_spoiled()
        answered = 0
        for position in self._positions:
            if self._until.over:
                raise NotTried("The trial was ended before.")
            answer = self._spoiled(step, f"{script}:{position}", self._work.patience_s)
            if answer is not None and self._truth is not None and wrong(answer, self._truth):
                raise Failed(f"With byte {position} {words} it answered something wrong as if it were sure of it.")
            answered += answer is not None
        self._well_again(step)
        return f"Byte {', '.join(map(str, self._positions))} {words}: {answered} answered, none wrong, and well afterwards."

    def reports_loss(self) -> str:
        """The plug is pulled between orders."""
        until = self.limit(PERSON_S)
        with self._bench.doing("reports_loss", Deed.PULL, until):
            said = self._hears_loss(until)
        self.close()
        noticed, left = time.monotonic(), self._bench.happened(Deed.PULL)
        if left is None:
            return f"Lost: {said} No word of the kernel to measure by."
        took = max(0.0, noticed - left)
        most = LOSS_S + self._bench.lag_s
        if took > most:
            raise Failed(f"The loss was noticed after {took * 1000:.0f} ms; {most * 1000:.0f} ms are the most.")
        by_bench = f", up to {self._bench.lag_s * 1000:.0f} of them the emulator's own" if self._bench.lag_s else ""
        return f"The loss was noticed after {took * 1000:.0f} ms{by_bench}."

    def comes_back(self) -> str:
        """Plugged in again, under whatever name."""
        until = self.limit(PERSON_S)
        with self._bench.doing("comes_back", Deed.PLUG_IN, until):
            before = device_files()
            self.reopen(until.left_s)
        back, plugged = time.monotonic(), self._bench.happened(Deed.PLUG_IN)
        names = ", ".join(sorted(device_files() - before))
        as_what = f", as {names}" if names else ""
        if plugged is None:
            return f"Back{as_what}. No word of the kernel to measure by."
        took = max(0.0, back - plugged)
        if took > self._back_s:
            raise Failed(f"It was back after {took:.1f} s; {self._back_s:.0f} s are the most.")
        return f"Back after {took * 1000:.0f} ms{as_what}."

    def frees_the_device(self) -> str:
        """Closed, it holds nothing that it did not hold before."""
        self.close()
        before = held()
        self.reopen(self._back_s)
        self.close()
        due = time.monotonic() + SETTLE_S + self._bench.lag_s
        while (kept := held() - before) and time.monotonic() < due:
            time.sleep(RETRY_S)
        if kept:
            raise Failed(f"After closing it still holds: {', '.join(sorted(kept))}.")
        took = self.reopen(self._back_s)
        return f"Closed, it held nothing; opened again in {took * 1000:.0f} ms."

    def _hears_loss(self, until: Until) -> str:
        while not until.over:
            try:
                self._driver.idle()
            except DeviceAbsent as why:
                return f"{why}."
            time.sleep(IDLE_S)
        raise Failed("It did not notice that the device was gone.")

    def _knowing_the_truth(self) -> None:
        if self._truth is None:
            raise NotTried("Its work was not done before, so there is nothing to compare with.")

    def _can_be_spoiled(self) -> None:
        self._bench.trouble("")
        self._knowing_the_truth()

    def _spoiled(self, step: str, script: str, patience_s: float) -> Answer | None:
        """The work under this trouble; None where the driver called the device lost. All is well again afterwards, if not open."""
        self.take_away(step)
        self._bench.trouble(script)
        try:
            if not self._open:
                self.reopen(self._back_s)
            return self.once(step, patience_s)
        except DeviceAbsent:
            self.close()
            return None
        finally:
            self._bench.trouble("")

    def _well_again(self, step: str) -> None:
        if not self._open:
            self.reopen(self._back_s)
        self.take_away(step)
        if self._work.good(self.once(step, self._patience_s)) is None:
            raise Failed("Afterwards it did not do its work.")


STEPS: dict[str, Callable[[Trial], str]] = {
    "opens": Trial.opens,
    "identifies_itself": Trial.identifies_itself,
    "tests_itself": Trial.tests_itself,
    "keeps_its_deadline": Trial.keeps_its_deadline,
    "rests_when_told": Trial.rests_when_told,
    "does_its_work": Trial.does_its_work,
    "does_it_again": Trial.does_it_again,
    "survives_split": Trial.survives_split,
    "survives_garbled": lambda trial: trial.survives("survives_garbled", "garble", "garbled"),
    "survives_doubled": lambda trial: trial.survives("survives_doubled", "double", "coming twice"),
    "survives_silence": lambda trial: trial.survives("survives_silence", "mute", "the last that came"),
    "reports_loss": Trial.reports_loss,
    "comes_back": Trial.comes_back,
    "frees_the_device": Trial.frees_the_device,
}
"""In this order: what needs nothing laid down first, what leaves the device closed last."""
