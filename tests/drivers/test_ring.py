"""Pictures through mapped memory: whole, or not at all."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Encoding, Picture
from drivers.ring import FrameRing, RingWrong, open_ring


def test_a_picture_put_by_the_host_is_taken_by_the_lane(tmp_path: Path) -> None:
    host = FrameRing.create(tmp_path / "ring", 1000)
    lane = open_ring(tmp_path / "ring")
    picture = host.put(b"abc" * 100, Encoding.BGR8, 10, 10)
    assert lane.take(picture) == b"abc" * 100
    assert (picture.width, picture.height, picture.size) == (10, 10, 300)


def test_a_picture_that_was_overwritten_is_not_mistaken_for_another(tmp_path: Path) -> None:
    host = FrameRing.create(tmp_path / "ring", 100)
    pictures = [host.put(bytes([number]) * 50, Encoding.GREY8, 10, 5) for number in range(5)]
    lane = open_ring(tmp_path / "ring")
    assert [lane.take(picture) for picture in pictures[:2]] == [None, None]
    assert [lane.take(picture) for picture in pictures[2:]] == [bytes([number]) * 50 for number in (2, 3, 4)]


def test_only_its_owner_can_read_the_ring(tmp_path: Path) -> None:
    FrameRing.create(tmp_path / "ring", 100)
    assert stat.S_IMODE((tmp_path / "ring").stat().st_mode) == 0o600


def test_a_wiped_ring_holds_nothing_of_anybody(tmp_path: Path) -> None:
    host = FrameRing.create(tmp_path / "ring", 100)
    before = [host.put(b"face" * 20, Encoding.JPEG, 1, 1) for _ in range(4)]
    host.wipe()
    assert b"face" not in (tmp_path / "ring").read_bytes()
    lane = open_ring(tmp_path / "ring")
    assert [lane.take(picture) for picture in before] == [None] * 4
    assert lane.take(host.put(b"next", Encoding.JPEG, 1, 1)) == b"next"


def test_a_picture_too_large_for_a_frame_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="101 bytes"):
        FrameRing.create(tmp_path / "ring", 100).put(bytes(101), Encoding.GREY8, 101, 1)


@given(st.integers(-5, 9), st.integers(-5, 9), st.integers(-5, 2000))
def test_a_picture_that_never_was_shows_nothing(slot: int, number: int, size: int) -> None:
    folder = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path("/tmp")
    path = folder / "mpaka-test.ring"
    host = FrameRing.create(path, 100)
    taken = host.take(Picture(slot, number, Encoding.GREY8, 1, 1, size))
    assert taken is None or not any(taken)
    host.close()
    path.unlink()


@pytest.mark.parametrize("content", [b"", b"x" * 10, b"x" * 49])
def test_a_file_that_is_no_ring_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ring").write_bytes(content)
    with pytest.raises(RingWrong):
        open_ring(tmp_path / "ring")


def test_a_ring_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(RingWrong, match="FileNotFoundError"):
        open_ring(tmp_path / "ring")


def test_a_reader_never_sees_half_of_one_picture_and_half_of_the_next(tmp_path: Path) -> None:
    size = 200_000
    host = FrameRing.create(tmp_path / "ring", size)
    lane = open_ring(tmp_path / "ring")
    latest: list[Picture] = [host.put(bytes(size), Encoding.GREY8, size, 1)]
    done = threading.Event()

    def write() -> None:
        for number in range(400):
            latest[0] = host.put(bytes([number % 256]) * size, Encoding.GREY8, size, 1)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        taken = lane.take(latest[0])
        assert taken is None or len(set(taken)) == 1
    writer.join()
