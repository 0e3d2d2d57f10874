"""A reader that types: a USB keyboard to the machine ("keyboard wedge"). Works with whatever types a zone in one of the layouts of keyboard.py.

It is found by vendor and product, and by its port where two are alike; held exclusively, so that no key of it reaches a screen; told from a person by its
speed. A reader whose layout was never proven is not opened for travellers: it is open for a few seconds at a time, and becomes ready when the specimen of
layout_proof.py is laid on it. A proof that is too old lets it read on, unconfirmed, until the specimen is scanned again: in the self-test, or any time.

A wedge has no checksum and cannot be asked to read again. So a zone is confirmed only where the reader is set to send each document twice (`second_s`: how
long to wait for that). UNPROVEN ON HARDWARE: shown with an emulator that writes the kernel's events; the way through usbhid and evdev in the USB
laboratory (tests/hardware/typed.py).
"""

import time
from datetime import date
from pathlib import Path
from typing import Any

from drivers.contract import Answer, DocumentRead, Done, Kind, NotCaptured, Order, ReadDocument, Rest, TestDone, TestYourself, Unread
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.options import Options
from drivers.passport.bare_lines import SHAPES
from drivers.passport.judging import Lines, of_one, of_two
from drivers.passport.keyboard import ENTERS, LAYOUTS, PAUSE_S, Scan, Scans, typed_lines
from drivers.passport.layout_proof import Proof, Proofs, layout_of
from drivers.passport.reader_wire import ReaderWire
from firmware_bridge.hid_wire import HidWire, keyboard
from firmware_bridge.key_events import KeyStream
from firmware_bridge.wire import Wire

QUIET_S = 1.0
"""Nothing came for so long: a scan is over. A whole zone is over at once, so only what is none waits; and a busy machine may be late with the rest."""
POLL_S, PROVE_S, TEST_S, SHORT_TEST_S = 0.1, 6.0, 20.0, 8.0
TO_PROVE = "lay the layout specimen on it (python -m drivers.passport.layout_proof prints its lines)"


class KeyboardWedge:
    """Settings: `usb` and `port` (firmware_bridge/reach.py), `proofs` (a folder), `proof_days` (1), `second_s` (0: it sends once)."""

    kind = Kind.PASSPORT_READER
    name = "wedge"
    orders: tuple[type[Order], ...] = (ReadDocument, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        options = Options(settings)
        wanted = options.reach().wanted
        if wanted is None:
            raise ValueError('port: a reader that types is found by usb = "vendor:product" and port = "1-1.2", not by a file')
        self._wanted = wanted
        self._proofs = Proofs(Path(options.text("proofs", "/var/lib/mpaka/layouts")))
        self._proof_days = int(options.number("proof_days", 0, 366, 1))
        self._second_s = options.number("second_s", 0, 10, 0)
        options.none_left()
        self._wire = ReaderWire()
        self._stream, self._scans, self._heard_at = KeyStream(), Scans(), 0.0
        self._ended: list[Scan] = []
        self._id = str(self._wanted)
        self._proof: Proof | None = None

    def open(self, outlet: Outlet) -> str:
        """Find it, hold it, and see that its layout is proven. Raises DeviceAbsent."""
        self._wire.plug(self._plug)
        self._forget()
        self._proof = self._proofs.of(self._id)
        if self._proof is None:
            self._await_proof(Until(PROVE_S), PROVE_S)
        if self._proof is None:
            raise DeviceAbsent(f"{self._id}: its keyboard layout is not proven: {TO_PROVE}")
        return f"keyboard wedge {self._id}, {self._proof_words()}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Read a document, test, or rest. Raises DeviceAbsent."""
        match order:
            case ReadDocument():
                return self._read(until)
            case TestYourself():
                return self._test(until)
            case _:
                return Done()

    def idle(self) -> None:
        """Notice a pulled plug; what was typed meanwhile belongs to no order. Raises DeviceAbsent."""
        while self._listen(0.0):
            pass
        self._forget_what_is_over()

    def close(self) -> None:
        """Let go of it."""
        self._wire.close()

    def _plug(self) -> Wire:
        """The keyboard, held. Raises WireLost."""
        node = keyboard(self._wanted)
        self._id = f"{node.usb} at {node.port}"
        return HidWire.hold(node)

    def _read(self, until: Until) -> Answer:
        self._forget_what_is_over()
        while not until.over:
            scan = self._next(min(POLL_S, until.left_s))
            if scan is None or not (scan.dropped or scan.by_a_reader):
                # nothing, or somebody typed
                continue
            if scan.void:
                return NotCaptured(Unread.NO_ZONE)
            return self._weighed(self._answer(self._lines(scan), until))
        return NotCaptured(Unread.TIMED_OUT)

    def _answer(self, first: Lines, until: Until) -> Answer:
        due = time.monotonic() + self._second_s
        while not until.over and (left := due - time.monotonic()) > 0:
            scan = self._next(min(POLL_S, left))
            if scan is not None and scan.by_a_reader and not scan.void:
                return of_two(first, self._lines(scan))
        return of_one(first)

    def _weighed(self, answer: Answer) -> Answer:
        """What a reader of doubtful layout says is confirmed by nothing."""
        if isinstance(answer, DocumentRead) and not self._fresh:
            return DocumentRead(answer.lines, confirmed=False)
        return answer

    def _lines(self, scan: Scan) -> Lines:
        """What was typed, in the proven layout; () where a key means nothing in it."""
        self._note_proof(scan)
        layout = LAYOUTS[self._proof.layout] if self._proof else None
        return (typed_lines(scan.keys, layout) if layout else None) or ()

    def _test(self, until: Until) -> Answer:
        """Wait for the specimen; any fresh proof will do where nobody lays it."""
        scan = self._await_proof(until, SHORT_TEST_S if self._fresh else TEST_S)
        speed = f"{len(scan.keys)} keys, {scan.gap_s * 1000:.1f} ms apart" if scan else "nothing was scanned"
        findings = (f"{self._id}, {self._proof_words()}", speed)
        return TestDone(self._fresh, findings if self._fresh else (*findings, TO_PROVE))

    def _await_proof(self, until: Until, most_s: float) -> Scan | None:
        """Listen for the specimen; the scan that was it, else the last one."""
        last, due = None, time.monotonic() + most_s
        while not until.over and time.monotonic() < due:
            scan = self._next(min(POLL_S, until.left_s))
            if scan is not None and scan.by_a_reader:
                last = scan
                if self._note_proof(scan):
                    break
        return last

    def _note_proof(self, scan: Scan) -> bool:
        """Whether this scan was the specimen, whose layout is then kept."""
        layout = None if scan.void else layout_of(scan.keys)
        if layout is None:
            return False
        self._proof = Proof(layout, date.today())
        try:
            self._proofs.keep(self._id, self._proof)
        except OSError as why:
            raise DeviceAbsent(f"the proof of {self._id} cannot be kept: {type(why).__name__}") from None
        return True

    @property
    def _fresh(self) -> bool:
        return self._proof is not None and self._proof.fresh(date.today(), self._proof_days)

    def _proof_words(self) -> str:
        if self._proof is None:
            return "layout not proven"
        return f"layout {self._proof.layout} proven on {self._proof.proven}{'' if self._fresh else ', too long ago'}"

    def _next(self, timeout_s: float) -> Scan | None:
        """The next scan, ended by a pause or by being a whole zone; None where none came in time."""
        due = time.monotonic() + timeout_s
        while not self._ended:
            came = self._listen(min(POLL_S, max(0.0, due - time.monotonic())))
            if self._over(came):
                self._ended.append(self._scans.end())
            elif not came and time.monotonic() >= due:
                return None
        return self._ended.pop(0)

    def _over(self, came: bool) -> bool:
        """Whether what has been typed is a scan: by being whole, or by a pause."""
        quiet = not came and time.monotonic() - self._heard_at > QUIET_S
        return self._scans.begun and (quiet or self._whole())

    def _forget_what_is_over(self) -> None:
        """What was scanned before an order belongs to none; what is being typed right now may be for the next."""
        self._ended.clear()
        if self._scans.begun and (self._whole() or time.monotonic() - self._heard_at > PAUSE_S):
            self._scans.end()

    def _whole(self) -> bool:
        """Whether what is being typed is a zone already, its last line ended: then nobody has to wait for the pause."""
        pending = self._scans.pending
        if self._proof is None or pending.void or not pending.keys or pending.keys[-1].code not in ENTERS:
            return False
        lines = typed_lines(pending.keys, LAYOUTS[self._proof.layout])
        return lines is not None and tuple(map(len, lines)) in SHAPES

    def _listen(self, timeout_s: float) -> bool:
        """Whether anything came."""
        data = self._wire.receive(timeout_s)
        if data:
            self._heard_at = time.monotonic()
            self._ended += self._scans.feed(self._stream.feed(data))
        elif time.monotonic() - self._heard_at > QUIET_S:
            # the kernel gives whole events; where a part of one was left over, what comes next begins anew
            self._stream = KeyStream()
        return bool(data)

    def _forget(self) -> None:
        self._stream, self._scans = KeyStream(), Scans()
        self._ended.clear()
