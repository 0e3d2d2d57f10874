"""Printing one slip: send it, wait for the printer's word, live through paper out, silence and power cuts, and end in time.

Exactly one receipt: while the printer says that its paper is out or its cover open, nothing more is sent and nothing is repeated, since what
it has taken it prints after reloading. Only data that are known or feared to be lost are sent again, as a COPY.
"""

import time
from collections.abc import Callable

from drivers.contract import Answer, Paper, SlipNotPrinted, SlipPrinted
from drivers.driver import Until
from drivers.receipt import escpos
from drivers.receipt.job import Job
from drivers.receipt.profiles import Proof
from drivers.receipt.status import Cleared, MarkPassed, Printed, Said
from drivers.receipt.talk import Talk

PIECE = 4096
TURN_S = 0.05
MARGIN_S = 1.0
"""An answer leaves so long before the deadline: past it the lane kills the host."""
ASK_AFTER_S = 0.5
"""Quiet for so long behind a slip, it is asked whether it still lives."""
STALL_S = 5.0
"""A 9600 Bd port takes nothing for 4 s while its buffer empties; a longer stall without a reason may be a power cut."""
PROOF_S = 10.0
"""What a printer has in its buffer comes out within seconds; a word that has not come by then is lost, or this printer never says it."""
CLEARING_S = 0.3
PRINTS = (Paper.OK, Paper.NEAR_END)
STOPPED = (Paper.OUT, Paper.COVER_OPEN, Paper.CUTTER, Paper.FAULT, Paper.OFFLINE)
BROKEN = (Paper.CUTTER, Paper.FAULT)


class Printing:
    """One slip until it is printed, given up or out of time. May raise WireLost."""

    def __init__(self, talk: Talk, job: Job, until: Until, as_copy: Callable[[], Job]) -> None:
        """`as_copy` makes the job anew, marked COPY and fit for a printer in any state."""
        self._talk, self.job, self._until, self._as_copy = talk, job, until, as_copy
        self._moved_at = self._well_at = time.monotonic()
        self._was_silent = False
        self._probed_at: float | None = None
        self.broken_off = self.begun = False

    def run(self) -> Answer:
        """Print it; the answer comes before the deadline."""
        while not self._over():
            self._send()
            for said in self._talk.listen(0.0 if not self.job.all_taken and self._may_send() else TURN_S):
                self._hear(said)
            if self.job.printed:
                return SlipPrinted(confirmed=True)
            if self.job.all_taken:
                self._watch()
        return self._give_up()

    def _over(self) -> bool:
        if self._until.rested or self._until.left_s <= MARGIN_S:
            return True
        if not self.job.all_taken:
            return False
        return self.job.proof is Proof.NONE or (self._talk.health.paper in PRINTS and time.monotonic() - self._well_at > PROOF_S)

    def _may_send(self) -> bool:
        return self._talk.health.paper not in STOPPED

    def _send(self) -> None:
        """A piece more. Bytes that flow again after a long stall without a reason may meet a printer that has forgotten the rest."""
        now, piece = time.monotonic(), self.job.next_piece(PIECE)
        if not piece:
            return
        if not self._may_send():
            self._moved_at = self._well_at = now
            return
        taken = self._talk.push(piece, TURN_S)
        self.begun = self.begun or taken > 0
        # no question can be put here: in the middle of a picture it would be printed as dots
        if taken and now - self._moved_at > STALL_S:
            self._start_again()
            return
        if taken:
            self._moved_at = self._well_at = now
        if self.job.took(taken) and self.job.proof is Proof.MARK:
            self._talk.count_mark()

    def _hear(self, said: Said) -> None:
        match said:
            case Printed(number) if number == self.job.number:
                self.job.printed = True
            # the second number without the first: lost, or its answer was; either way there may be a slip already
            case Printed(number) if self._probed_at is not None and number == _next(self.job.number):
                self._start_again()
            case MarkPassed() if self.job.proof is Proof.MARK and self.job.all_taken and not self._talk.marks_unanswered:
                self.job.printed = True
            case _:
                pass

    def _watch(self) -> None:
        """Everything is out: does the printer still answer, and has it lost the slip?"""
        if self._talk.health.paper in STOPPED:
            # its buffer may be full, and a question would wait behind the slip: its own word will come when it goes on
            self._well_at = time.monotonic()
            return
        if self._talk.quiet_s > ASK_AFTER_S:
            self._talk.ask()
        if self._talk.still_silent():
            self._was_silent = True
        elif self._was_silent and self._talk.health.paper in PRINTS:
            self._probe()
        elif self._probed_at is not None and self.job.proof is Proof.MARK and time.monotonic() - self._probed_at > ASK_AFTER_S:
            self._judge_marks()

    def _probe(self) -> None:
        """It was silent and answers again. A second mark behind the slip: is the first answered as well, the slip was not lost."""
        # current that failed takes automatic status with it
        self._was_silent, self._probed_at = False, time.monotonic()
        self._talk.command(escpos.AUTOMATIC_STATUS)
        if self.job.proof is Proof.PROCESS_ID:
            self._talk.command(escpos.process_id(_next(self.job.number)))
        else:
            self._talk.mark()

    def _judge_marks(self) -> None:
        """One of two marks was answered: the printer has lost the slip. None: it is still at it."""
        self._probed_at = None
        if self._talk.marks_unanswered == 1:
            self._start_again()

    def _start_again(self) -> None:
        self._talk.forget_marks()
        self._probed_at = None
        self.job = self._as_copy()
        self._moved_at = self._well_at = time.monotonic()

    def _give_up(self) -> Answer:
        """Out of time, or rested. Where the printer stands still, what it has taken is cleared, so that no slip comes out for the next one."""
        paper = self._talk.health.paper
        if self.job.all_taken and paper not in STOPPED:
            return SlipPrinted(confirmed=False)
        self.broken_off = True
        self._clear()
        return SlipNotPrinted(Paper.FAULT if paper in PRINTS else paper)

    def _clear(self) -> None:
        self._talk.forget_marks()
        self._talk.command(escpos.CLEAR + (escpos.RECOVER if self._talk.health.paper in BROKEN else b""))
        due = time.monotonic() + CLEARING_S
        while (left := due - time.monotonic()) > 0:
            if any(isinstance(said, Cleared) for said in self._talk.listen(left)):
                return


def _next(number: int) -> int:
    return (number + 1) % escpos.JOB_NUMBERS
