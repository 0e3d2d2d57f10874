"""What a host says reaches its lane in the order it was said, also when the lane was busy for a while."""

import socket
from collections.abc import Iterator

import pytest

from drivers.contract import Answered, Done, Encoding, FrameSeen, Heartbeat, Hint, Picture, TrialAsks
from drivers.lines import LineReader, Word, word_from_line
from drivers.mouth import Mouth

PATIENCE_S = 20.0
LAST = Answered(99, Done())


def frame(number: int) -> FrameSeen:
    return FrameSeen(Picture(0, number, Encoding.GREY8, 10, 10, 100), Hint.OK)


@pytest.fixture
def lines() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(PATIENCE_S)
        yield ours, theirs


def busy_lane(theirs: socket.socket) -> Mouth:
    """A mouth that speaks to a lane that does not listen: from now on words wait."""
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    mouth = Mouth(theirs)
    mouth.say(TrialAsks("fills the line", "x" * 60_000, 1))
    while mouth._words:
        pass
    return mouth


def heard(ours: socket.socket) -> list[Word]:
    """What the lane hears once it listens, up to the last word."""
    reader, words = LineReader(), list[Word]()
    while not words or words[-1] != LAST:
        words += [word_from_line(line) for line in reader.feed(ours.recv(65536))]
    return words[1:]


def test_a_live_picture_is_told_before_the_answer_that_came_after_it(lines: tuple[socket.socket, socket.socket]) -> None:
    mouth = busy_lane(lines[1])
    for word in (Answered(1, Done()), frame(1), Answered(2, Done()), LAST):
        mouth.say(word)
    assert heard(lines[0]) == [Answered(1, Done()), frame(1), Answered(2, Done()), LAST]


def test_of_live_pictures_only_the_newest_waits_and_of_heartbeats_one(lines: tuple[socket.socket, socket.socket]) -> None:
    mouth = busy_lane(lines[1])
    for word in (frame(1), Heartbeat(), frame(2), Heartbeat(), Answered(1, Done()), frame(3), LAST):
        mouth.say(word)
    assert heard(lines[0]) == [Heartbeat(), Answered(1, Done()), frame(3), LAST]
