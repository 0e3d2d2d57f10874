"""The program behind the driver `libfprint`: one reader by libfprint, spoken for in the host's lines (drivers/vendor_program.py says how).

It runs in the system's Python and takes nothing from ours but the contract and the ring, which need the standard library alone. libfprint's own loop does
everything: it hears our lines, beats our heart and takes the pictures, so a library that hangs is a program that is silent, and is ended.

Which device is meant the driver says by its device file; libfprint's devices are compared with it by bus and address, and their order is not relied upon.
Facts: libfprint's public interface by introspection, and its property `fpi-usb-device`, without which readers that are alike could not be told apart.
"""

import argparse
import contextlib
import ctypes
import functools
import json
import os
import signal
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

from drivers.contract import PROTOCOL, Encoding, Kind, NotCaptured, Picture, Unread
from drivers.ring import FrameRing

INSTALL = "apt install python3-gi gir1.2-fprint-2.0 libfprint-2-2"
ENLARGING = frozenset({"aes3500", "aes4000", "egis0570"})
"""Drivers of libfprint that stretch the small pictures of their sensors: most of those pixels are invented."""
PR_SET_PDEATHSIG = 1
HEARTBEAT_MS, AGAIN_MS, CANCEL_MS, CLOSE_MS = 1000, 100, 6000, 800
MM_AN_INCH, LONGEST_LINE = 25.4, 65536


class Unusable(Exception):
    """There is no reader, or not one that we may use; the text says why and what to do."""


class Library:
    """What we use of GLib and libfprint. Raises Unusable where they are not installed."""

    def __init__(self) -> None:
        try:
            gi = import_module("gi")
            gi.require_version("FPrint", "2.0")
            self.fprint: Any = import_module("gi.repository.FPrint")
            self.glib: Any = import_module("gi.repository.GLib")
            self.gio: Any = import_module("gi.repository.Gio")
        except (ImportError, ValueError):
            raise Unusable(f"{sys.executable} has no libfprint: {INSTALL}") from None

    def readers(self) -> list[Any]:
        """Every reader that libfprint knows and that is plugged in."""
        # kept, since without it libfprint takes its devices for removed
        self._context = self.fprint.Context()
        self._context.enumerate()
        return list(self._context.get_devices())

    def is_retry(self, why: Any) -> bool:
        """Whether an error only asks for the finger once more."""
        return bool(why.domain == self.glib.quark_to_string(self.fprint.device_retry_quark()))


def node_of(reader: Any) -> str:
    """The device file of a reader on USB; empty for any other."""
    plug = reader.get_property("fpi-usb-device")
    return f"/dev/bus/usb/{plug.get_bus():03}/{plug.get_address():03}" if plug is not None else ""


def choose(library: Library, node: str, driver: str, accepted: set[str]) -> Any:
    """The one reader that is meant, by device file or (virtual ones) by libfprint's driver. Raises Unusable."""
    readers = library.readers()
    try:
        meant = [reader for reader in readers if (node_of(reader) == node if node else reader.get_driver() == driver)]
    except TypeError:
        raise Unusable("this release of libfprint does not tell on which USB device a reader is") from None
    if len(meant) != 1:
        raise Unusable(
            f"libfprint knows no reader at {node}, or has no right to it (udev)"
            if node
            else f"libfprint has {len(meant)} devices of {driver}"
        )
    (reader,) = meant
    about = f"{reader.get_name()} ({reader.get_driver()})"
    if not reader.has_feature(library.fprint.DeviceFeature.CAPTURE):
        raise Unusable(f"{about} compares fingers on its own chip and gives no image: no record can be made with it")
    if is_swipe(library, reader) and "swipe" not in accepted:
        raise Unusable(f"{about} is a swipe sensor, its picture is put together from strips; swipe = true in its settings accepts that")
    if reader.get_driver() in ENLARGING and "enlarged" not in accepted:
        raise Unusable(f"libfprint enlarges the small pictures of {about}; enlarged = true in its settings accepts that")
    return reader


def is_swipe(library: Library, reader: Any) -> bool:
    """Whether the finger is drawn over it."""
    return bool(reader.get_scan_type() == library.fprint.ScanType.SWIPE)


def message(name: str, /, **members: Any) -> bytes:
    """One line of the host's."""
    return json.dumps({"is": name, **members}).encode() + b"\n"


class Line:
    """Our end of the line to the driver."""

    def __init__(self, line: socket.socket) -> None:
        self.socket, self._rest = line, b""

    def say(self, name: str, /, **members: Any) -> None:
        """One message. That nobody listens any more is heard, as the end of the line."""
        with contextlib.suppress(ConnectionError):
            self.socket.sendall(message(name, **members))

    def answer(self, ticket: int, name: str, /, **members: Any) -> None:
        """The answer to an order."""
        self.say("Answered", ticket=ticket, answer={"is": name, **members})

    def hear(self) -> list[dict[str, Any]] | None:
        """The orders that have come; None once the line has ended. Raises ValueError for what is none."""
        try:
            data = self.socket.recv(LONGEST_LINE)
        except ConnectionError:
            return None
        if not data:
            return None
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [json.loads(line) for line in lines]


class Program:
    """One reader, from opening to losing it."""

    def __init__(self, library: Library, reader: Any, line: Line, ring: FrameRing) -> None:
        self._library, self._reader, self._line, self._ring = library, reader, line, ring
        self._loop = library.glib.MainLoop()
        self._cancel: Any = None
        # the order that is to be fulfilled, as ticket and finger; and what libfprint is at: an order that was given up may still be ending
        self._wanted: tuple[int, str] | None = None
        self._capturing = self._opened = self._ending = False

    def run(self) -> None:
        """Until the line ends or the reader is lost."""
        glib = self._library.glib
        self._reader.connect("removed", lambda _: self._gone("the reader was unplugged"))
        glib.unix_fd_add_full(
            glib.PRIORITY_DEFAULT, self._line.socket.fileno(), glib.IOCondition.IN | glib.IOCondition.HUP, lambda *_: self._heard()
        )
        glib.timeout_add(HEARTBEAT_MS, self._beat)
        self._reader.open(None, self._ready)
        self._loop.run()

    def _ready(self, reader: Any, result: Any) -> None:
        try:
            reader.open_finish(result)
        except self._library.glib.Error as why:
            self._gone(f"{reader.get_name()} cannot be opened: {why.message}")
            return
        self._opened = True
        self._line.say("DeviceReady", identity=self._identity())

    def _identity(self) -> str:
        sort = "swipe" if is_swipe(self._library, self._reader) else "press"
        return f"{self._reader.get_name()}, {sort}, by libfprint's {self._reader.get_driver()}"

    def _beat(self) -> bool:
        if not self._ending:
            self._line.say("Heartbeat")
        return not self._ending

    def _heard(self) -> bool:
        orders = self._line.hear()
        for ordered in orders or []:
            self._take(int(ordered["ticket"]), ordered["order"])
        if orders is None:
            self._end()
        return orders is not None

    def _take(self, ticket: int, order: dict[str, Any]) -> None:
        match order["is"]:
            case "CaptureFinger":
                self._wanted = (ticket, str(order["finger"]))
                self._begin()
            case "TestYourself":
                self._line.answer(ticket, "TestDone", passed=True, findings=[self._identity()])
            case _:
                self._wanted = None
                self._give_up()
                self._ring.wipe()
                self._line.answer(ticket, "Done")

    def _begin(self) -> bool:
        """Wait for a finger, unless one is waited for already or nobody wants it any more."""
        if self._wanted is not None and not self._capturing:
            self._capturing, self._cancel = True, self._library.gio.Cancellable()
            self._reader.capture(True, self._cancel, self._captured)
        # once, where a timer called it
        return False

    def _give_up(self) -> None:
        if self._capturing and not self._cancel.is_cancelled():
            self._cancel.cancel()
            self._library.glib.timeout_add(CANCEL_MS, functools.partial(self._is_stuck, self._cancel))

    def _is_stuck(self, cancel: Any) -> bool:
        if self._capturing and self._cancel is cancel:
            self._gone("libfprint does not end a capture that was given up")
        return False

    def _captured(self, reader: Any, result: Any) -> None:
        self._capturing = False
        image = None
        try:
            image = reader.capture_finish(result)
        except self._library.glib.Error as why:
            if not self._cancel.is_cancelled() and not self._library.is_retry(why):
                self._gone(f"{reader.get_name()}: {why.message}")
                return
        if self._ending:
            self._close()
        elif image is not None and self._wanted is not None and not self._cancel.is_cancelled():
            self._answer(*self._wanted, image)
        else:
            # a finger that was not good enough is asked for again, and an order that came while another was ending is begun
            self._library.glib.timeout_add(AGAIN_MS, self._begin)

    def _answer(self, ticket: int, finger: str, image: Any) -> None:
        self._wanted = None
        picture = self._put(image)
        if picture is None:
            self._line.answer(ticket, NotCaptured.__name__, why=Unread.POOR_PICTURE)
            return
        ppi = round(image.get_ppmm() * MM_AN_INCH)
        self._line.answer(ticket, "FingerCaptured", finger=finger, picture={"is": "Picture", **vars(picture)}, ppi=ppi, quality=None)

    def _put(self, image: Any) -> Picture | None:
        """Dark ridges on white and the right way up: libfprint turns what its drivers mark before it hands a picture out."""
        try:
            return self._ring.put(bytes(image.get_data()), Encoding.GREY8, image.get_width(), image.get_height())
        except ValueError:
            return None

    def _gone(self, reason: str) -> None:
        if not self._ending:
            self._ending = True
            self._line.say("DeviceGone", reason=reason)
        self._loop.quit()

    def _end(self) -> None:
        """Nobody listens any more: the reader is switched off, if it lets us."""
        self._ending = True
        self._library.glib.timeout_add(CLOSE_MS, self._loop.quit)
        if self._capturing:
            self._give_up()
        else:
            self._close()

    def _close(self) -> None:
        if self._opened:
            self._reader.close(None, lambda *_: self._loop.quit())
        else:
            self._loop.quit()


def end_at_once(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """What was not foreseen inside libfprint's loop ends the program, and the driver starts it anew. Says where and what, never with which values."""
    places = " < ".join(f"{Path(at.filename).name}:{at.lineno}" for at in reversed(traceback.extract_tb(trace)))
    sys.stderr.write(f"{kind.__name__} at {places}\n")
    sys.stderr.flush()
    os._exit(1)


def main(arguments: list[str] | None = None) -> None:
    """Speak for the reader that the command line names."""
    parser = argparse.ArgumentParser(description="One reader, by libfprint.")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--node", default="", help="such as /dev/bus/usb/001/050")
    which.add_argument("--driver", default="", help="one of libfprint's virtual devices")
    parser.add_argument("--accept", action="append", default=[], choices=["swipe", "enlarged"])
    chosen = parser.parse_args(arguments)
    sys.excepthook = end_at_once
    # hung in libfprint it would hear no end of the line, and keep the reader from the next one
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    path = chosen.runtime / "libfprint.ring"
    with socket.socket(fileno=chosen.fd) as its_end:
        line, ring = Line(its_end), FrameRing.create(path)
        about = {"kind": Kind.FINGERPRINT_SCANNER, "driver": "libfprint", "version": "1", "capabilities": [], "ring": str(path)}
        # where the host has ended before we were tied to it, this fails and ends us
        its_end.sendall(message("Hello", protocol=PROTOCOL, **about))
        try:
            library = Library()
            Program(library, choose(library, chosen.node, chosen.driver, set(chosen.accept)), line, ring).run()
        except Unusable as why:
            line.say("DeviceGone", reason=str(why))
        finally:
            ring.wipe()
            ring.close()
