"""A camera that sends JPEGs one after the other over a socket, without anything between them: network cameras, and the simulated ones."""

import select
import socket
import time

from drivers.driver import DeviceAbsent
from drivers.frame_source import Frame, unpacked

START, END = b"\xff\xd8\xff", b"\xff\xd9"
LONGEST = 16 * 1024 * 1024
CONNECT_S, FRAME_S = 2.0, 2.0
"""A camera that shows nothing for so long is gone for whoever stands before it, whatever its connection says."""


class JpegCutter:
    """Cuts a stream of bytes into JPEGs. What lies between them, or is damaged at its beginning, is dropped."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._looked = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The JPEGs that are complete now."""
        self._rest += data
        found = []
        while (picture := self._next()) is not None:
            found.append(picture)
        return found

    def forget(self) -> None:
        """Drop what is unfinished."""
        self._rest.clear()
        self._looked = 0

    def _next(self) -> bytes | None:
        start = self._rest.find(START)
        if start < 0:
            # the beginning of a start may be the last of what came
            del self._rest[: max(0, len(self._rest) - len(START) + 1)]
            return None
        if start:
            del self._rest[:start]
            self._looked = 0
        end = self._rest.find(END, max(len(START), self._looked))
        if end < 0:
            self._looked = max(len(START), len(self._rest) - 1)
            if len(self._rest) > LONGEST:
                self.forget()
            return None
        picture = bytes(self._rest[: end + len(END)])
        del self._rest[: end + len(END)]
        self._looked = 0
        return picture


class JpegStream:
    """`unix:PATH` or `tcp://HOST:PORT`. Of several frames that have come the newest is the one to look at."""

    refused: tuple[str, ...] = ()

    def __init__(self, source: str) -> None:
        """Connect. Raises DeviceAbsent, and ValueError where the source is malformed."""
        self._source, self._cutter = source, JpegCutter()
        try:
            self._socket = _connected(source)
        except OSError as why:
            raise DeviceAbsent(f"{source} cannot be reached: {why.strerror or type(why).__name__}") from None

    def read(self) -> Frame:
        """The newest whole frame; damaged ones are let pass. Raises DeviceAbsent when none comes for two seconds."""
        due = time.monotonic() + FRAME_S
        while (left := due - time.monotonic()) > 0:
            pictures = self._cutter.feed(self._received(left))
            while self._waiting():
                pictures = self._cutter.feed(self._received(0.0)) or pictures
            for picture in reversed(pictures):
                frame = unpacked(picture)
                if frame is not None:
                    return frame
        raise DeviceAbsent(f"{self._source} gives no frame")

    def refresh(self) -> None:
        """Drop what has come and the frame that is on its way."""
        while self._waiting():
            self._received(0.0)
        self._cutter.forget()

    def check(self) -> None:
        """Look whether the other end has hung up, without taking anything."""
        watch = select.poll()
        watch.register(self._socket, select.POLLRDHUP)
        if watch.poll(0):
            raise DeviceAbsent(f"{self._source} hung up")

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _waiting(self) -> bool:
        return bool(select.select([self._socket], [], [], 0.0)[0])

    def _received(self, timeout_s: float) -> bytes:
        if not select.select([self._socket], [], [], timeout_s)[0]:
            return b""
        try:
            data = self._socket.recv(1 << 18)
        except ConnectionError:
            data = b""
        if not data:
            raise DeviceAbsent(f"{self._source} hung up")
        return data


def is_stream(source: str) -> bool:
    """Whether a setting names a stream."""
    return source.startswith(("unix:", "tcp://"))


def _connected(source: str) -> socket.socket:
    if source.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(source.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
        return line
    host, _, port = source.removeprefix("tcp://").rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"source: expected tcp://host:port, got {source}")
    return socket.create_connection((host, int(port)), CONNECT_S)
