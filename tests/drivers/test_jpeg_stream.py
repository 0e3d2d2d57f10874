"""A camera that sends JPEGs one after the other: cut apart however they come, and gone when it hangs up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.driver import DeviceAbsent
from drivers.jpeg_stream import JpegCutter, JpegStream, is_stream
from drivers.sources import open_source

GREY = [cv2.imencode(".jpg", np.full((48, 64, 3), level, np.uint8))[1].tobytes() for level in (40, 120, 200)]


@given(st.integers(1, 900), st.lists(st.integers(0, 2), max_size=5), st.binary(max_size=9).filter(lambda data: b"\xff" not in data))
def test_pictures_come_out_however_the_wire_splits_them_and_whatever_lies_between(step: int, order: list[int], noise: bytes) -> None:
    stream = b"".join(noise + GREY[which] for which in order)
    cutter = JpegCutter()
    got = [picture for at in range(0, len(stream), step) for picture in cutter.feed(stream[at : at + step])]
    assert got == [GREY[which] for which in order]


@given(st.binary(max_size=400))
def test_any_bytes_are_pictures_or_nothing(data: bytes) -> None:
    cutter = JpegCutter()
    cutter.feed(data)
    cutter.forget()
    assert cutter.feed(GREY[1]) == [GREY[1]]


@contextmanager
def camera(*pictures: bytes, then_hang_up: bool = False) -> Iterator[str]:
    """A camera on loopback that sends these, and then nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def film() -> None:
            client, _ = server.accept()
            with client:
                client.sendall(b"".join(pictures))
                if not then_hang_up:
                    done.wait(10)

        thread = threading.Thread(target=film)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        finally:
            done.set()
            thread.join()


def test_a_frame_comes_over_the_network() -> None:
    with camera(GREY[1]) as source:
        stream = open_source({"source": source})
        frame = stream.read()
        assert frame.shape == (48, 64, 3)
        assert abs(int(frame.mean()) - 120) < 4
        stream.check()
        stream.close()


def test_a_damaged_frame_is_let_pass() -> None:
    broken = GREY[0][:4] + bytes(20) + b"\xff\xd9"
    with camera(broken, GREY[2]) as source:
        stream = JpegStream(source)
        assert int(stream.read().mean()) > 150
        stream.close()


def test_a_camera_that_hangs_up_is_gone_even_while_old_frames_wait() -> None:
    with camera(GREY[0], GREY[1], then_hang_up=True) as source:
        stream = JpegStream(source)
        with pytest.raises(DeviceAbsent, match="hung up"):
            while True:
                stream.check()
        stream.close()


def test_a_camera_that_sends_nothing_is_gone() -> None:
    with camera() as source:
        stream = JpegStream(source)
        with pytest.raises(DeviceAbsent, match="gives no frame"):
            stream.read()
        stream.close()


def test_a_camera_that_is_not_there_is_said_to_be_unreachable() -> None:
    with pytest.raises(DeviceAbsent, match="cannot be reached"):
        JpegStream("unix:/nowhere/camera")


def test_an_address_without_a_port_is_refused() -> None:
    with pytest.raises(ValueError, match="host:port"):
        JpegStream("tcp://camera")


def test_a_device_file_is_no_stream() -> None:
    assert not is_stream("/dev/video0")
    assert is_stream("unix:/run/camera")
