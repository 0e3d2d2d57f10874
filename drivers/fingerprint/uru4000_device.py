"""What a U.are.U 4000, 4000B, 4500 or one of Microsoft's readers understands. Source: the public driver in libfprint (registers, order of waking, the
challenge), and one recording of a 4500.

Registers are read and written by the vendor's request 04, `value` being the first register: 07 status, 33 number of the key and our seed (32 bits,
little-endian), 34 the key (added to the seed), 4E mode, F0 sixteen bytes of identity, 2000 our response, 2010 the challenge. Status: 80 asleep, 04 something
is wrong, 01 awake enough to be restarted. Interrupts on endpoint 81 (64 bytes, the first two of them big-endian): 56AA awake, 0101 finger, 0200 no finger,
0800 the next picture will fail. Pictures come over endpoint 82 for as long as the mode is 20.

Microsoft's second reader answers to nobody who does not pass its challenge: 16 bytes, enciphered by AES-128 in one block with a key that is the same in all.
UNPROVEN ON HARDWARE: all but the 4500 (a recording); that key and the waking after trouble are as the public driver has them.
"""

import contextlib
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from drivers.driver import DeviceAbsent
from drivers.fingerprint.placement import Image
from drivers.fingerprint.transfers import BulkRead, Listener
from drivers.fingerprint.uru4000_image import LONGEST, descrambled, read_image, upright
from firmware_bridge.usb_wire import BULK, IN, INTERRUPT, UsbWire
from firmware_bridge.wire import WireSilent

REQUEST, INTERRUPT_LENGTH = 0x04, 64
STATUS, KEY_INDEX, KEY, MODE, IDENTITY, RESPONSE, CHALLENGE = 0x07, 0x33, 0x34, 0x4E, 0xF0, 0x2000, 0x2010
ASLEEP, WRONG, AWAKE = 0x80, 0x04, 0x01
TRIES, PAUSE_S, WAKES, AWAKE_S, REGISTER_S, PICTURE_S = 100, 0.01, 3, 0.3, 0.5, 0.6
"""TRIES of PAUSE_S: it wakes within a second or not at all."""
CHALLENGE_LENGTH = 16
CHALLENGE_KEY = bytes.fromhex("79ac91795ca1478e98e00f3c598f5f4b")
MICROSOFT, DIGITAL_PERSONA = 0x045E, 0x05BA


class Mode(IntEnum):
    """What the reader is to do."""

    AWAIT_FINGER = 0x10
    AWAIT_LIFTING = 0x12
    CAPTURE = 0x20
    OFF = 0x70


class Event(IntEnum):
    """What it says by itself."""

    AWAKE = 0x56AA
    FINGER = 0x0101
    LIFTED = 0x0200
    NEXT_FAILS = 0x0800


_EVENTS = {event.value: event for event in Event}


@dataclass(frozen=True)
class Model:
    """What differs between the readers: `challenged` answers only after a challenge, `turned` sees fingers upside down."""

    name: str
    challenged: bool = False
    turned: bool = False


MODELS = {
    (MICROSOFT, 0x00BB): Model("Microsoft keyboard with fingerprint reader"),
    (MICROSOFT, 0x00BC): Model("Microsoft wireless mouse with fingerprint reader"),
    (MICROSOFT, 0x00BD): Model("Microsoft fingerprint reader"),
    (MICROSOFT, 0x00CA): Model("Microsoft fingerprint reader, second", challenged=True),
    (DIGITAL_PERSONA, 0x0007): Model("U.are.U 4000"),
    (DIGITAL_PERSONA, 0x0008): Model("U.are.U 4000 in a keyboard"),
    (DIGITAL_PERSONA, 0x000A): Model("U.are.U 4000B or 4500", turned=True),
}


def response(challenge: bytes) -> bytes:
    """What passes a challenge of 16 bytes."""
    # one block under one key: the reader's own scheme, not ours
    cipher = Cipher(algorithms.AES(CHALLENGE_KEY), modes.ECB()).encryptor()
    return cipher.update(challenge) + cipher.finalize()


class Uru4000:
    """One reader that listens. What fails is WireLost, WireSilent or DeviceAbsent; a picture that is none is BadImage."""

    def __init__(self, wire: UsbWire, model: Model, seeds: Callable[[], int]) -> None:
        """`seeds` gives a new random number of 32 bits each time."""
        self._wire, self._model, self._seeds = wire, model, seeds
        self.mode: Mode | None = None
        """What it was told to do last."""
        self._ears, self._pictures = Listener(wire, wire.endpoint(IN, (INTERRUPT,)), INTERRUPT_LENGTH), wire.endpoint(IN, (BULK,))

    def wake(self) -> str:
        """Power it up; returns its versions. Raises DeviceAbsent."""
        for _ in range(WAKES):
            self._power_up()
            if self._says_it_is_awake():
                identity = self._read(IDENTITY, 16)
                return f"versions {identity[10:12].hex()} and {identity[4:6].hex()}"
        raise DeviceAbsent(f"{self._model.name}: it does not wake up")

    def set_mode(self, mode: Mode) -> None:
        """From now on it does this."""
        self._write(MODE, bytes([mode]))
        self.mode = mode

    def status(self) -> int:
        """Its status register."""
        return self._read(STATUS, 1)[0]

    def hear(self, timeout_s: float) -> Event | None:
        """What it says by itself; None after the time-out, and for what means nothing to us."""
        said = self._ears.hear(timeout_s)
        if said is None or len(said) < 2:
            return None
        kind = struct.unpack_from(">H", said)[0]
        return _EVENTS.get(kind)

    def first_picture(self) -> Image:
        """Begin to take pictures, and the first of them, which comes within 0.6 s or not at all. Raises BadImage, WireSilent."""
        # under way before the reader is told to send
        reading = BulkRead(self._wire, self._pictures, LONGEST, PICTURE_S)
        self.set_mode(Mode.CAPTURE)
        return self._picture(reading.result())

    def next_picture(self) -> Image:
        """Another one, while it goes on taking them. Raises BadImage, WireSilent."""
        return self._picture(self._wire.read(self._pictures, LONGEST, PICTURE_S))

    def _picture(self, raw: bytes) -> Image:
        scrambled = read_image(raw)
        # some firmware does not scramble: its pictures look like a finger at once
        keys = [self._key(number) for number in scrambled.key_numbers] if scrambled.noisy else []
        return upright(descrambled(scrambled, keys), turned=self._model.turned)

    def _key(self, number: int) -> int:
        seed = self._seeds()
        self._write(KEY_INDEX, bytes([number]) + seed.to_bytes(4, "little"))
        return int.from_bytes(self._read(KEY, 4), "little") ^ seed

    def _power_up(self) -> None:
        status = self._restarted(self.status())
        # it tells that it is awake only when it comes out of sleep: so it is sent to sleep first
        if not status & ASLEEP:
            self._write(STATUS, bytes([status | ASLEEP]))
        for _ in range(TRIES):
            self._write(STATUS, bytes([status & 0x0F]))
            if not self.status() & ASLEEP:
                return
            _pause()
            if self._model.challenged:
                self._write(RESPONSE, response(self._read(CHALLENGE, CHALLENGE_LENGTH)))
        raise DeviceAbsent(f"{self._model.name}: it stays asleep")

    def _restarted(self, status: int) -> int:
        """Its status after a restart, where it asks for one."""
        if status & (ASLEEP | WRONG) != ASLEEP | WRONG:
            return status
        self._write(STATUS, bytes([status & 0x0F]))
        for _ in range(TRIES):
            status = self.status()
            if status & AWAKE:
                return status
            _pause()
        raise DeviceAbsent(f"{self._model.name}: it cannot be restarted")

    def _says_it_is_awake(self) -> bool:
        due = time.monotonic() + AWAKE_S
        while (left := due - time.monotonic()) > 0:
            if self.hear(left) is Event.AWAKE:
                return True
        return False

    def _read(self, register: int, count: int) -> bytes:
        with self._answering():
            values = self._wire.control_in(REQUEST, register, 0, count, REGISTER_S)
        if len(values) != count:
            raise DeviceAbsent(f"{self._model.name}: {len(values)} of {count} registers from {register:02x}")
        return values

    def _write(self, register: int, values: bytes) -> None:
        with self._answering():
            self._wire.control_out(REQUEST, register, 0, values, REGISTER_S)

    @contextlib.contextmanager
    def _answering(self) -> Iterator[None]:
        """A reader whose registers do not answer is gone; one that only sends no picture is not."""
        try:
            yield
        except WireSilent as why:
            raise DeviceAbsent(str(why)) from None


def _pause() -> None:
    threading.Event().wait(PAUSE_S)
