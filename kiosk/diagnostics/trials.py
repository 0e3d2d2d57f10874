"""The acceptance trial of one device from a terminal: its host is started as the lane would start it and ordered to run it."""

import queue
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from drivers.contract import Answered, Kind, Outcome, RunTrial, TrialAsks, TrialDone, TrialReply, TrialStep, TrialWent
from kiosk.devices import Back, Device, Lost, Told
from kiosk.settings import DeviceSettings

PATIENCE_S, LOST_S, TRIAL_S, REPLY_S, SHORT_S = 60.0, 3.0, 900.0, 5.0, 0.2
SIGNS = {Outcome.PASSED: "●", Outcome.NOT_TRIED: "◆", Outcome.FAILED: "■"}

Person = Callable[[], bool | None]
"""What the person at the device has said since last asked: True done, False skip, None nothing."""


class NoTrial(RuntimeError):
    """The trial did not come about, or broke off; the text says why."""


def try_device(kind: Kind, settings: DeviceSettings, say: Callable[[str], None], person: Person | None) -> TrialDone:
    """Run it; `say` gets a line for each step and each question. Without a person, steps that need one are not tried. Raises NoTrial."""
    told: queue.SimpleQueue[Told] = queue.SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="mpaka-check-") as runtime:
        device = Device(kind, settings.driver, settings.settings, Path(runtime), told.put)
        device.start()
        try:
            _ready(told, time.monotonic() + PATIENCE_S)
            device.order(1, RunTrial(attended=person is not None), TRIAL_S)
            return _listen(device, told, say, person or _nobody)
        finally:
            device.close()


def line(step: TrialStep) -> str:
    """One step as a line of the report."""
    return f"{SIGNS[step.outcome]} {step.outcome.replace('_', ' '):<9}  {step.name.replace('_', ' '):<19}  {step.said}"


def verdict(done: TrialDone) -> str:
    """The last line."""
    count = {outcome: sum(step.outcome is outcome for step in done.steps) for outcome in Outcome}
    head = "Passed." if done.passed else "NOT PASSED."
    return f"{head} {count[Outcome.PASSED]} passed, {count[Outcome.FAILED]} failed, {count[Outcome.NOT_TRIED]} not tried."


def _ready(told: "queue.SimpleQueue[Told]", until: float) -> None:
    said = "the host does not answer"
    while (left := until - time.monotonic()) > 0:
        try:
            word = told.get(timeout=left).word
        except queue.Empty:
            break
        if isinstance(word, Back):
            return
        if isinstance(word, Lost):
            said = word.reason.removeprefix("DeviceAbsent: ")
            # it was looked for, and a loose plug may still come
            until = min(until, time.monotonic() + LOST_S)
    raise NoTrial(said)


def _listen(device: Device, told: "queue.SimpleQueue[Told]", say: Callable[[str], None], person: Person) -> TrialDone:
    asked = ""
    while True:
        reply = person()
        if reply is not None and asked:
            device.order(2, TrialReply(reply), REPLY_S)
        try:
            word = told.get(timeout=SHORT_S).word
        except queue.Empty:
            continue
        match word:
            case TrialAsks(sentence=sentence, left_s=left):
                # once, and again each ten seconds
                if sentence != asked or left % 10 == 0:
                    say(f"▲ {sentence} ({left} s left; Enter when done, s and Enter to skip)")
                asked = sentence
            case TrialWent(step=step):
                asked = ""
                say(line(step))
            case Answered(answer=TrialDone() as done):
                return done
            case Lost(reason=reason):
                raise NoTrial(f"the trial broke off: {reason}")


def _nobody() -> bool | None:
    return None
