"""A camera of the guest's kernel (vivid): what is written to its output is seen by its input, as a screen before a lens. Root, in the guest only.

Sources: the kernel's Documentation/admin-guide/media/vivid.rst, and include/uapi/linux/videodev2.h for the calls that are made and their structures on 64 bits.
"""

import contextlib
import errno
import fcntl
import mmap
import os
import select
import struct
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.hardware.gadgets import load, wait_for

DRIVER, DEVICE = Path("/sys/bus/platform/drivers/vivid"), "vivid.0"
CAPTURE_AND_OUTPUT, S_VIDEO = 0x101, 2
WIDTH, HEIGHT = 720, 576
COUNT, SIZE = 3, WIDTH * HEIGHT * 2
OUTPUT, YUYV = 2, struct.unpack("<I", b"YUYV")[0]
S_FMT, S_CTRL, QUERYCTRL = 0xC0D05605, 0xC008561C, 0xC0445624
REQBUFS, QUERYBUF, QBUF, DQBUF, STREAMON = 0xC0145608, 0xC0585609, 0xC058560F, 0xC0585611, 0x40045612
BUFFER, MAPPED = struct.Struct("<IIIII4x32xIIQII4x4x"), 1
NEXT, LAST = 0x80000000, 1 << 30
"""QUERYCTRL's word for the control behind this one; and more than any choice of one."""
FRAME_S = 0.2
Frame = NDArray[np.uint8]


class Vivid:
    """One camera. `show` puts a picture before it, `pull` and `plug` take it from the machine and bring it back."""

    def __init__(self, modules: Path) -> None:
        load(
            modules,
            "vivid",
            f"node_types={CAPTURE_AND_OUTPUT:#x}",
            "num_inputs=1",
            f"input_types={S_VIDEO}",
            "num_outputs=1",
            "output_types=0",
        )
        self._shown, self._ending, self._kept = np.zeros((HEIGHT, WIDTH, 3), np.uint8), threading.Event(), -1
        self._connect()

    def show(self, frame: Frame) -> None:
        """From now on it sees this picture, fitted in."""
        scale = min(WIDTH / frame.shape[1], HEIGHT / frame.shape[0])
        small = cv2.resize(frame, (int(frame.shape[1] * scale), int(frame.shape[0] * scale)))
        whole = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        top, left = (HEIGHT - small.shape[0]) // 2, (WIDTH - small.shape[1]) // 2
        whole[top : top + small.shape[0], left : left + small.shape[1]] = small
        self._shown = whole

    def node(self) -> str:
        """What its input is called just now; empty while it is out."""
        return _node("cap")

    def pull(self) -> None:
        """Out. Somebody still holds the old node: the kernel must give another name."""
        self._ending.set()
        self._thread.join()
        self._kept = os.open(self.node(), os.O_RDWR | os.O_NONBLOCK)
        (DRIVER / "unbind").write_text(DEVICE)

    def plug(self) -> None:
        """In again."""
        (DRIVER / "bind").write_text(DEVICE)
        self._connect()
        os.close(self._kept)

    def control(self, name: str, value: int = 1) -> None:
        """Turn one of its controls, or press a button: among them are the faults that it can make. Raises OSError where it is out."""
        assert _set_control(self.node(), name, value), f"it has no control {name}"

    def _connect(self) -> None:
        """Its input to its output, and pictures to the output."""
        assert wait_for(lambda: bool(self.node() and _node("out")))
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._feed, args=(self._ending,), daemon=True)
        self._thread.start()

    def _feed(self, ending: threading.Event) -> None:
        while not ending.is_set():
            # a fault that is made of the input hits the output as well: then anew
            with contextlib.suppress(OSError):
                self._feed_until_it_fails(ending)
            ending.wait(FRAME_S)

    def _feed_until_it_fails(self, ending: threading.Event) -> None:
        fd = os.open(_node("out"), os.O_RDWR)
        try:
            assert _set_control(self.node(), "Connected To", LAST), "the input cannot be connected to the output"
            for buffer, free in _buffers(fd, ending):
                if ending.is_set():
                    break
                buffer[:] = _yuyv(self._shown)
                free()
                ending.wait(FRAME_S)
        finally:
            os.close(fd)


def _buffers(fd: int, ending: threading.Event) -> Iterator[tuple[mmap.mmap, Callable[[], None]]]:
    """The output's buffers, one after the other: each is filled, then given away. The kernel keeps the last one on show."""
    said = bytearray(208)
    struct.pack_into("<I4xIII", said, 0, OUTPUT, WIDTH, HEIGHT, YUYV)
    fcntl.ioctl(fd, S_FMT, said)
    fcntl.ioctl(fd, REQBUFS, bytearray(struct.pack("<III8x", COUNT, OUTPUT, MAPPED)))
    maps = [mmap.mmap(fd, SIZE, offset=_buffer(fd, QUERYBUF, number)[7]) for number in range(COUNT)]
    for number, buffer in enumerate(maps):
        yield buffer, partial(_buffer, fd, QBUF, number)
    fcntl.ioctl(fd, STREAMON, struct.pack("<i", OUTPUT))
    while not ending.is_set():
        # a camera that drops its frames gives no buffer back
        if select.select([], [fd], [], FRAME_S)[1]:
            number = _buffer(fd, DQBUF, 0)[0]
            yield maps[number], partial(_buffer, fd, QBUF, number)


def _buffer(fd: int, call: int, number: int) -> tuple[int, ...]:
    said = bytearray(BUFFER.pack(number, OUTPUT, SIZE, 0, 1, 0, MAPPED, 0, SIZE, 0))
    fcntl.ioctl(fd, call, said)
    return BUFFER.unpack(said)


def _node(what: str) -> str:
    for entry in sorted(Path("/sys/class/video4linux").glob("video*")):
        if (entry / "name").read_text().strip().endswith(f"vid-{what}"):
            return f"/dev/{entry.name}"
    return ""


def _set_control(node: str, name: str, value: int) -> bool:
    """Whether the camera has a control with this in its name; it is set to this value."""
    fd = os.open(node, os.O_RDWR)
    try:
        number = 0
        while True:
            said = bytearray(struct.pack("<I64x", number | NEXT))
            try:
                fcntl.ioctl(fd, QUERYCTRL, said)
            except OSError as why:
                if why.errno != errno.EINVAL:
                    raise
                return False
            number, _, called, _, most = struct.unpack_from("<II32sii", said)
            if name.encode() in called:
                fcntl.ioctl(fd, S_CTRL, bytearray(struct.pack("<Ii", number, min(value, most))))
                return True
    finally:
        os.close(fd)


def _yuyv(frame: Frame) -> bytes:
    packed = cv2.cvtColor(frame, cv2.COLOR_BGR2YUV)
    made = np.empty((HEIGHT, WIDTH, 2), np.uint8)
    made[..., 0] = packed[..., 0]
    made[:, 0::2, 1], made[:, 1::2, 1] = packed[:, 0::2, 1], packed[:, 0::2, 2]
    return made.tobytes()
