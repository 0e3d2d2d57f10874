"""A line of TCP that can be cut or go silent, between a client and a broker of this machine."""

import socket
import threading
from contextlib import suppress

LOOPBACK = "127.0.0.1"


class Pipe:
    """One connection through the line: two threads, one a direction."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self._ends = (near, far)
        self.swallows = False
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while content := source.recv(65536):
                if not self.swallows:
                    sink.sendall(content)
        # half-open: neither end hears that the other one is gone
        if not self.swallows:
            self.cut()

    def cut(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Line:
    """Listens on `port` and carries on to the broker."""

    def __init__(self, target: int) -> None:
        self._target, self._pipes = target, list[Pipe]()
        self._door = self._open(0)
        self.port = int(self._door.getsockname()[1])

    def cut(self) -> None:
        """Break every connection and let none in."""
        # shutdown wakes the thread that accepts; close alone does not
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for pipe in self._pipes:
            pipe.cut()
        self._pipes.clear()

    def mend(self) -> None:
        """Let connections in again, on the same port."""
        self._door = self._open(self.port)

    def swallow(self) -> None:
        """What is sent on the present connections goes nowhere from now on, and nobody is told; new ones are as they should be."""
        for pipe in self._pipes:
            pipe.swallows = True

    def _open(self, port: int) -> socket.socket:
        door = socket.create_server((LOOPBACK, port))
        threading.Thread(target=self._let_in, args=(door,), daemon=True).start()
        return door

    def _let_in(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                try:
                    far = socket.create_connection((LOOPBACK, self._target))
                except OSError:
                    near.close()
                    continue
                for end in (near, far):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._pipes.append(Pipe(near, far))
