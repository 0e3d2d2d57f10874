"""Wires: all bytes or a reason, whatever the other end does."""

import io
import os
import socket
import tty
from collections.abc import Iterator

import pytest

from firmware_bridge.recorded_wire import ConversationDiffers, RecordedWire, Recorder, Turn, read_conversation
from firmware_bridge.serial_wire import SerialWire
from firmware_bridge.tap import tapped
from firmware_bridge.tcp_wire import TcpWire
from firmware_bridge.wire import WireLost, WireSilent


@pytest.fixture
def port() -> Iterator[tuple[int, str]]:
    """The device's end of a pty, and the path that a host opens."""
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    for fd in (slave, master):
        try:
            os.close(fd)
        except OSError:
            continue


def test_bytes_go_both_ways(port: tuple[int, str]) -> None:
    device, path = port
    wire = SerialWire(path)
    wire.send(b"hello")
    assert os.read(device, 10) == b"hello"
    os.write(device, b"\x00\xff\r\n\x11\x13")
    assert wire.receive(1.0) == b"\x00\xff\r\n\x11\x13"
    assert wire.receive(0.0) == b""
    wire.close()


def test_a_port_is_held_by_one_program_alone(port: tuple[int, str]) -> None:
    wire = SerialWire(port[1])
    with pytest.raises(WireLost, match="cannot be opened"):
        SerialWire(port[1])
    wire.close()
    SerialWire(port[1]).close()


def test_a_port_that_is_not_there_is_lost_with_its_name() -> None:
    with pytest.raises(WireLost, match="/dev/mpaka/nothing cannot be opened: No such file or directory"):
        SerialWire("/dev/mpaka/nothing")


def test_a_device_that_takes_nothing_is_silent_and_says_how_much_it_took(port: tuple[int, str]) -> None:
    wire = SerialWire(port[1])
    with pytest.raises(WireSilent) as silent:
        wire.send(bytes(1_000_000), timeout_s=0.2)
    assert 0 < silent.value.taken < 1_000_000
    wire.close()


def test_an_unplugged_device_is_lost_and_not_silent() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    wire = SerialWire(os.ttyname(slave))
    os.close(slave)
    os.close(master)
    with pytest.raises(WireLost):
        wire.receive(1.0)
    with pytest.raises(WireLost):
        wire.send(b"x")
    wire.close()
    wire.close()


CONVERSATION = """
# a question and its answer
> 54 00 00
< 54 00 02 49 44
~
!
"""


def test_a_conversation_is_played_in_whatever_pieces_the_host_sends() -> None:
    wire = RecordedWire(read_conversation(CONVERSATION))
    wire.send(b"T")
    assert wire.receive(0.0) == b""
    wire.send(b"\0\0")
    assert wire.receive(0.0) == b"T\0\2ID"
    assert wire.receive(0.0) == b""
    with pytest.raises(WireLost):
        wire.receive(0.0)
    with pytest.raises(WireLost):
        wire.send(b"V")


def test_a_host_that_says_something_else_is_found_out() -> None:
    with pytest.raises(ConversationDiffers):
        RecordedWire(read_conversation(CONVERSATION)).send(b"V\0\0")


@pytest.mark.parametrize(("text", "line"), [("> 54\n? 00", 2), ("> zz", 1), ("<", 1), ("~ 00", 1)])
def test_a_text_that_is_no_conversation_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ValueError, match=f"line {line}"):
        read_conversation(text)


def test_what_is_recorded_can_be_played(port: tuple[int, str]) -> None:
    device, path = port
    paper = io.StringIO()
    with tapped(Recorder(paper)):
        wire = SerialWire(path)
        wire.send(b"V\0\0")
        os.write(device, b"V\0\1x")
        assert wire.receive(1.0) == b"V\0\1x"
        wire.close()
    assert read_conversation(paper.getvalue()) == [Turn(">", b"V\0\0"), Turn("<", b"V\0\1x")]


def test_nothing_is_heard_once_the_tap_is_closed(port: tuple[int, str]) -> None:
    paper = io.StringIO()
    wire = SerialWire(port[1])
    with tapped(Recorder(paper)):
        wire.send(b"a")
    wire.send(b"b")
    wire.close()
    assert read_conversation(paper.getvalue()) == [Turn(">", b"a")]


def test_a_recording_notes_a_pulled_plug_once() -> None:
    paper = io.StringIO()
    master, slave = os.openpty()
    tty.setraw(slave)
    with tapped(Recorder(paper)):
        wire = SerialWire(os.ttyname(slave))
        os.close(slave)
        os.close(master)
        for _ in range(2):
            with pytest.raises(WireLost):
                wire.receive(1.0)
    wire.close()
    assert read_conversation(paper.getvalue()) == [Turn("!")]


def test_a_network_device_is_heard_too() -> None:
    paper = io.StringIO()
    with socket.create_server(("127.0.0.1", 0)) as server, tapped(Recorder(paper)):
        wire = TcpWire(f"127.0.0.1:{server.getsockname()[1]}")
        device, _ = server.accept()
        wire.send(b"\x10\x04\x01")
        device.sendall(b"\x16")
        assert wire.receive(1.0) == b"\x16"
        device.close()
        with pytest.raises(WireLost):
            wire.receive(1.0)
        wire.close()
    assert read_conversation(paper.getvalue()) == [Turn(">", b"\x10\x04\x01"), Turn("<", b"\x16"), Turn("!")]
