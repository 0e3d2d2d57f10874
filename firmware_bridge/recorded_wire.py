"""Conversations on paper: recorded from a wire, and played back to a driver as if the device were there.

A conversation is text, one turn a line: `> 54 00 00` what the host sent, `< 54 00 02 49 44` what the device said (hexadecimal), `~` a silence
until the host's patience ends, `!` the plug is pulled, `#` a remark; `?` from here on the host may send what it likes: so an altered conversation is
played, to see what a driver makes of it. Recordings hold what was read: only of specimens, and never in the field
(drivers/record.py records from real devices, and keeps nothing else).
"""

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from firmware_bridge.tap import PULLED, SAID, SENT
from firmware_bridge.wire import WireLost

SILENCE, FREELY = "~", "?"


class ConversationDiffers(AssertionError):
    """The driver sends something else than in the recording."""


@dataclass(frozen=True)
class Turn:
    """One line of a conversation."""

    who: str
    data: bytes = b""


def read_conversation(text: str) -> list[Turn]:
    """The turns in a text. Raises ValueError with the number of a line that is none."""
    turns = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].strip()
        if not words:
            continue
        who, data = words[0], words[1:]
        if who not in (SENT, SAID, SILENCE, PULLED, FREELY) or bool(data.strip()) != (who in (SENT, SAID)):
            raise ValueError(f"line {number} is no turn of a conversation")
        try:
            turns.append(Turn(who, bytes.fromhex(data)))
        except ValueError:
            raise ValueError(f"line {number} is not hexadecimal") from None
    return turns


def written(turns: Iterable[Turn]) -> str:
    """The turns as text; `read_conversation` reads them back."""
    return "".join(f"{turn.who} {turn.data.hex(' ')}".rstrip() + "\n" for turn in turns)


class RecordedWire:
    """Plays the device's part. The host must send exactly what was recorded, in whatever pieces, unless the conversation says `?`."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._turns = deque(turns)
        self._freely = False

    @property
    def left(self) -> int:
        """Turns that have not been played."""
        return len(self._turns)

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        """Compare with the recording. Raises ConversationDiffers, WireLost."""
        if self._is_free():
            self._take_freely()
            return
        while data:
            turn = self._turns.popleft() if self._turns else Turn(PULLED)
            if turn.who == PULLED:
                raise WireLost("the recording ends here")
            if turn.who == SENT:
                length = min(len(data), len(turn.data))
                if data[:length] != turn.data[:length]:
                    raise ConversationDiffers(f"sent {data[:length].hex(' ')}, recorded {turn.data[:length].hex(' ')}")
                data = data[length:]
                if len(turn.data) > length:
                    self._turns.appendleft(Turn(SENT, turn.data[length:]))

    def receive(self, timeout_s: float) -> bytes:
        """What the device says next; nothing while it is the host's turn. Raises WireLost."""
        self._is_free()
        turn = self._turns[0] if self._turns else Turn(SILENCE)
        if turn.who == PULLED:
            raise WireLost("the plug was pulled")
        if turn.who == SAID:
            return self._turns.popleft().data
        time.sleep(timeout_s)
        if turn.who == SILENCE and self._turns:
            self._turns.popleft()
        return b""

    def close(self) -> None:
        """Nothing to free."""

    def _is_free(self) -> bool:
        while self._turns and self._turns[0].who == FREELY:
            self._turns.popleft()
            self._freely = True
        return self._freely

    def _take_freely(self) -> None:
        """Whatever was sent counts as the host's next turn; what the device said before it and nobody has heard yet can still be heard."""
        for at, turn in enumerate(self._turns):
            if turn.who == PULLED and at == 0:
                raise WireLost("the plug was pulled")
            if turn.who in (SENT, PULLED):
                if turn.who == SENT:
                    del self._turns[at]
                return


class Recorder:
    """A tap (tap.py) that writes a conversation down."""

    def __init__(self, paper: TextIO) -> None:
        self._paper = paper
        self._pulled = False

    def __call__(self, who: str, data: bytes) -> None:
        """One turn. A wire that is lost is lost once."""
        if not (who == PULLED and self._pulled):
            self._paper.write(written([Turn(who, data)]))
        self._pulled = who == PULLED
