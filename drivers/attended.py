"""The bench of a real device: a person does what is asked for in words, with the time that is left, or says that the step shall be skipped."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drivers.bench import Deed, NotTried
from drivers.contract import Kind, TrialAsks
from drivers.driver import Until
from drivers.works import WORKS
from firmware_bridge.plug_events import PlugEvent

TOLD_EVERY_S = 1.0
KERNEL_S, KERNEL_STEP_S = 0.5, 0.01
PLUG_ACTIONS = {Deed.PULL: frozenset({"remove"}), Deed.PLUG_IN: frozenset({"add"})}
SKIPPED, NOBODY = "Skipped by the technician.", "Nobody was there to do it by hand."


class AttendedBench:
    """`ask` shows a question, `events` are the kernel's last words (plug_events.py). `reply` comes from the thread that reads orders."""

    lag_s = 0.0

    def __init__(self, kind: Kind, ask: Callable[[TrialAsks], None], events: Callable[[], list[PlugEvent]], *, attended: bool) -> None:
        self._kind, self._ask, self._events, self._attended = kind, ask, events, attended
        self._replies: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._asked_at: dict[Deed, float] = {}

    def reply(self, done: bool) -> None:
        """What the person said."""
        self._replies.put(done)

    @contextmanager
    def doing(self, step: str, deed: Deed, until: Until) -> Iterator[None]:
        """Ask. What the device notices itself is waited for by the caller; taking away is over when the person says so. Raises NotTried."""
        if not self._attended:
            raise NotTried(NOBODY)
        self._forget_replies()
        self._asked_at[deed] = time.monotonic()
        asking = _Asking(self._ask, step, sentence(self._kind, deed), until, self._replies, ends_when_done=deed is Deed.TAKE_AWAY)
        asking.start()
        try:
            if deed is Deed.TAKE_AWAY:
                asking.join()
            yield
        finally:
            asking.end()
            if asking.skipped:
                # whatever the interrupted order made of it
                raise NotTried(SKIPPED)

    def trouble(self, script: str) -> None:
        """Raises NotTried: nobody can spoil the bytes of a real device."""
        raise NotTried("Only an emulator or a recording can spoil what the device says.")

    def happened(self, deed: Deed) -> float | None:
        """When the kernel said so, after it was asked for. A wire may fall silent a moment before the kernel's word of it is heard."""
        actions, due = PLUG_ACTIONS.get(deed, frozenset[str]()), time.monotonic() + KERNEL_S
        while True:
            # the kernel speaks of a device's parts one by one: the first of them is when the plug moved
            at = next((event.at for event in self._events() if event.action in actions and event.at >= self._asked_at.get(deed, 0.0)), None)
            if at is not None or not actions or time.monotonic() > due:
                return at
            time.sleep(KERNEL_STEP_S)

    def _forget_replies(self) -> None:
        while not self._replies.empty():
            self._replies.get()


class _Asking(threading.Thread):
    """Says each second what is asked for and how long there is still time, until it is done, skipped or too late."""

    def __init__(
        self,
        ask: Callable[[TrialAsks], None],
        step: str,
        sentence: str,
        until: Until,
        replies: "queue.SimpleQueue[bool | None]",
        *,
        ends_when_done: bool,
    ) -> None:
        super().__init__(name="asking", daemon=True)
        self._say, self._step, self._sentence, self._until, self._replies = ask, step, sentence, until, replies
        self._ends_when_done = ends_when_done
        self.skipped = False

    def run(self) -> None:
        while not self._until.over:
            self._say(TrialAsks(self._step, self._sentence, round(self._until.left_s)))
            try:
                done = self._replies.get(timeout=min(TOLD_EVERY_S, self._until.left_s or TOLD_EVERY_S))
            except queue.Empty:
                continue
            if done is None:
                return
            if not done:
                self.skipped = self._until.rested = True
            if not done or self._ends_when_done:
                return

    def end(self) -> None:
        """It was done. The thread ends without a further word."""
        self._replies.put(None)
        self.join()


def sentence(kind: Kind, deed: Deed) -> str:
    """What a person is asked for."""
    work = WORKS[kind]
    return {
        Deed.LAY_DOWN: work.lay,
        Deed.TAKE_AWAY: f"{work.take} Then say that it is done.",
        Deed.PULL: "Pull the plug of the device.",
        Deed.PLUG_IN: "Plug the device in again.",
    }[deed]
