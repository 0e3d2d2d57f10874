"""Receipt printers that speak ESC/POS: on a serial port (also USB-CDC), by USB (the kernel's usblp, or libusb), or over TCP (port 9100).

A slip counts as printed only when the printer says so: by its process id or by a mark behind the cut, as the profile names. A printer that
answers nothing is *silent*, and no slip is sent to it unless the profile says that this kind never answers.
UNPROVEN ON HARDWARE: shown with an emulator that speaks these bytes, over USB also with the kernel's printer gadget.
"""

import logging
import secrets
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.contract import (
    Answer,
    Done,
    Kind,
    Order,
    Paper,
    PaperChanged,
    PrintSlip,
    Rest,
    Slip,
    SlipNotPrinted,
    SlipPrinted,
    TestDone,
    TestYourself,
)
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.receipt import escpos
from drivers.receipt.connecting import plug
from drivers.receipt.job import Job, fingerprint, job_bytes
from drivers.receipt.job_journal import JobJournal, Stage
from drivers.receipt.keeping import Album, read_logo
from drivers.receipt.lettering import FontMissing, font
from drivers.receipt.printing import PRINTS, Printing
from drivers.receipt.profiles import PROFILES, Proof
from drivers.receipt.status import Health, Named
from drivers.receipt.stocking import stock
from drivers.receipt.talk import Talk
from firmware_bridge.wire import WireLost, WireSilent

ANSWER_S, NAME_S, ASK_EVERY_S = 1.0, 0.3, 2.0
STOCK_EVERY_S = 60.0

log = logging.getLogger(__name__)


class ReceiptPrinter:
    """One printer.

    Settings: `usb`, `port`, `wire`, `baud` and `flow` (see `connecting`), `paper` (a name in printers.toml), `slow_line` (whether the printer
    draws what it can by itself), `logo` (a picture file), `jobs` (a file on the disk that remembers which slips were begun; empty: none).
    """

    kind = Kind.RECEIPT_PRINTER
    name = "escpos"
    orders = (PrintSlip, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        """Raises KeyError, ValueError for settings it does not know."""
        self._plug = plug(settings)
        profile = PROFILES[settings.get("paper", "80mm")]
        profile = replace(profile, slow=bool(settings.get("slow_line", profile.slow)))
        self._album = Album(profile, read_logo(Path(settings["logo"])) if "logo" in settings else None)
        self._journal = JobJournal(_jobs(settings))
        self._talk: Talk | None = None
        number = self._journal.last_number
        self._number = secrets.randbelow(escpos.JOB_NUMBERS) if number is None else number
        # who sent what before us is not known: the first slip begins with NULs that end a broken command
        self._broken_off, self._half_printed = True, self._journal.last_is_open
        self._asked_at, self._listens = 0.0, False
        self._held: frozenset[str] | None = None
        self._stocked_at = 0.0

    def open(self, outlet: Outlet) -> str:
        """Open the port, ask for the state and the name. Silence is a state: it does not fail. Raises DeviceAbsent."""
        try:
            # said now rather than before the first traveller
            font(20, True)
            self._talk = Talk(self._plug.connect(), lambda paper: outlet.tell(PaperChanged(paper)))
            name = self._introduce(self._talk)
            self._stock(self._talk)
            return name
        except (WireLost, WireSilent, FontMissing) as why:
            self._broken_off = True
            raise DeviceAbsent(str(why)) from None

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Print, or test. Raises DeviceAbsent; a slip that was on its way then is a COPY when it is ordered again."""
        try:
            match order:
                case PrintSlip(slip):
                    return self._print(slip, until)
                case TestYourself():
                    return self._test()
                case _:
                    return Done()
        except (WireLost, WireSilent) as why:
            self._broken_off = True
            raise DeviceAbsent(str(why)) from None

    def idle(self) -> None:
        """Hear what the printer says by itself, and ask now and then. Raises DeviceAbsent."""
        talk = self._open_talk()
        try:
            talk.listen(0.0)
            talk.still_silent()
            if talk.health.paper_known and not self._listens:
                talk.command(escpos.AUTOMATIC_STATUS)
            self._listens = talk.health.paper_known
            if time.monotonic() - self._asked_at > ASK_EVERY_S:
                self._asked_at = time.monotonic()
                talk.ask()
            if self._held is None and time.monotonic() - self._stocked_at > STOCK_EVERY_S:
                self._stock(talk)
        except (WireLost, WireSilent) as why:
            raise DeviceAbsent(str(why)) from None

    def close(self) -> None:
        """Free the port."""
        if self._talk is not None:
            self._talk.close()
            self._talk = None

    def _introduce(self, talk: Talk) -> str:
        self._listens = talk.inquire(ANSWER_S)
        if not self._listens:
            return "ESC/POS printer, silent"
        talk.ask_name()
        talk.command(escpos.AUTOMATIC_STATUS)
        # a printer that does not know the question says nothing: its name is not worth a long wait
        due = time.monotonic() + NAME_S
        while (left := due - time.monotonic()) > 0:
            for said in talk.listen(left):
                if isinstance(said, Named):
                    return f"ESC/POS printer {said.name}"
        return "ESC/POS printer"

    def _stock(self, talk: Talk) -> None:
        """See that the printer keeps the pictures it can; one that cannot say so now is asked again later."""
        self._stocked_at = time.monotonic()
        if not self._album.profile.memory or not self._album.pictures:
            self._held = frozenset()
        elif talk.health.paper in PRINTS:
            self._held = stock(talk, self._album)

    def _print(self, slip: Slip, until: Until) -> Answer:
        talk, key, proof = self._open_talk(), fingerprint(slip), self._album.profile.proof
        # asked at the last moment: a slip that waits in a stopped printer comes out for somebody else
        if proof is not Proof.NONE and not (talk.inquire(ANSWER_S) and talk.health.paper in PRINTS):
            return SlipNotPrinted(talk.health.paper)
        self._settle_marks(talk)
        try:
            job = self._job(slip, copy=self._journal.knows(key))
        except ValueError as why:
            log.error("a slip cannot be drawn: %s", type(why).__name__)
            return SlipNotPrinted(Paper.FAULT)
        # from here on a slip may lie in the tray, whatever happens to the wire
        self._journal.begin(job.number, key)
        self._broken_off, self._half_printed = False, True
        return self._sent(Printing(talk, job, until, lambda: self._again(slip)))

    def _sent(self, printing: Printing) -> Answer:
        """Send it and keep what became of it. Raises WireLost: then the journal says that it was begun."""
        answer = printing.run()
        self._broken_off = printing.broken_off
        if isinstance(answer, SlipPrinted):
            self._half_printed = False
            self._journal.reached(Stage.CONFIRMED if answer.confirmed else Stage.SENT)
        elif not printing.begun:
            self._half_printed = False
            self._journal.drop()
        return answer

    def _job(self, slip: Slip, copy: bool) -> Job:
        self._number = (self._number + 1) % escpos.JOB_NUMBERS
        before = escpos.free_from_broken_command() if self._broken_off else b""
        before += escpos.CUT if self._broken_off and self._half_printed else b""
        data = job_bytes(slip, self._album, self._number, copy, self._held or frozenset())
        return Job(self._number, self._album.profile.proof, before + data)

    def _again(self, slip: Slip) -> Job:
        self._broken_off = True
        return self._job(slip, copy=True)

    def _settle_marks(self, talk: Talk) -> None:
        """Marks of an earlier slip whose answers never came must not be taken for this one's."""
        if not talk.marks_unanswered:
            return
        talk.mark()
        due = time.monotonic() + ANSWER_S
        while talk.marks_unanswered and (left := due - time.monotonic()) > 0:
            talk.listen(left)
        talk.forget_marks()

    def _test(self) -> TestDone:
        talk = self._open_talk()
        began = time.monotonic()
        answered = talk.inquire(ANSWER_S)
        took = f"answers in {(time.monotonic() - began) * 1000:.1f} ms" if answered else "does not answer"
        return TestDone(answered and talk.health.paper in PRINTS, (f"paper {talk.health.paper}", took, *_complaints(talk.health)))

    def _open_talk(self) -> Talk:
        if self._talk is None:
            raise DeviceAbsent("the printer is not open")
        return self._talk


def _jobs(settings: dict[str, Any]) -> Path | None:
    """Where the journal of slips lies; without a place on the disk at least in the lane's runtime folder, which outlives this process."""
    if "jobs" in settings:
        return Path(settings["jobs"]) if settings["jobs"] else None
    return Path(settings["runtime"]) / "receipt_printer.jobs" if "runtime" in settings else None


def _complaints(health: Health) -> tuple[str, ...]:
    """What is wrong, in words for a technician."""
    words = {
        "cover open": health.cover_open,
        "paper out": health.out or health.stopped_for_paper,
        "paper near its end": health.near_end,
        "cutter jammed": health.cutter,
        "error: switch it off and on": health.mechanism or health.error,
        "off line": health.offline,
    }
    return tuple(word for word, holds in words.items() if holds)
