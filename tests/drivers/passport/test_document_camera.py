"""A document under the camera is read for real: drawn pages, seen through the whole way from the scene to the answer."""

from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from drivers import contract
from drivers.contract import (
    DeviceGone,
    DeviceReady,
    DocumentLaid,
    DocumentRead,
    DocumentTaken,
    Encoding,
    FrameSeen,
    Hint,
    NotCaptured,
    PassRead,
    ReadDocument,
    ReadPass,
    Rest,
    Unread,
)
from drivers.formats.specimens import specimen
from drivers.passport.document_camera import pass_text
from drivers.simulated.pages import draw_page, draw_pass
from drivers.simulated.scene import Scene
from tests.drivers.running_host import RunningHost

DEVICE = "document_camera"
ADULT, FATHER = specimen("adult", date(2026, 11, 24)), specimen("father", date(2026, 11, 24))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    draw_page(ADULT, 1).save(folder / "adult.png", compress_level=1)
    draw_page(FATHER, 2).save(folder / "father.png", compress_level=1)
    draw_pass("UTO-PASS-0001", 3).save(folder / "pass.png", compress_level=1)
    return folder


def camera(tmp_path: Path) -> RunningHost:
    return RunningHost("simulated-document-camera", {"scene": str(tmp_path / "scene")}, tmp_path)


def test_a_passport_laid_on_an_empty_glass_is_read_and_its_page_kept(tmp_path: Path, pages: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with camera(tmp_path) as host:
        assert host.wait_for(DeviceReady).identity == "camera 1280 x 960"
        ticket = host.order(ReadDocument())
        assert host.wait_for(FrameSeen).hint is Hint.NOTHING_THERE
        scene.put(DEVICE, image=str(pages / "adult.png"))
        host.wait_for(DocumentLaid)
        read = host.answer(ticket, DocumentRead)
        assert read.lines == ADULT.lines
        assert read.confirmed
        assert read.picture is not None
        assert read.picture.encoding is Encoding.JPEG
        page = cv2.imdecode(np.frombuffer(host.take(read.picture), np.uint8), cv2.IMREAD_COLOR)
        assert page is not None
        assert page.shape[:2] == (read.picture.height, read.picture.width)


def test_the_next_document_is_not_the_last_one(tmp_path: Path, pages: Path) -> None:
    scene = Scene(tmp_path / "scene")
    scene.put(DEVICE, image=str(pages / "adult.png"))
    with camera(tmp_path) as host:
        host.wait_for(DeviceReady)
        assert host.answer(host.order(ReadDocument()), DocumentRead).lines == ADULT.lines
        scene.put(DEVICE, image=str(pages / "father.png"))
        # a frame may be on its way in which the last one still lies there
        host.answer(host.order(ReadDocument()), DocumentRead)
        assert host.answer(host.order(ReadDocument()), DocumentRead).lines == FATHER.lines


def test_a_document_laid_down_and_taken_away_is_told(tmp_path: Path, pages: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with camera(tmp_path) as host:
        host.wait_for(DeviceReady)
        host.order(ReadDocument(), 600)
        scene.put(DEVICE, image=str(pages / "pass.png"))
        host.wait_for(DocumentLaid)
        scene.put(DEVICE, image="")
        host.wait_for(DocumentTaken)


def test_a_zone_whose_check_digits_are_wrong_is_not_passed_on(tmp_path: Path, pages: Path) -> None:
    page = cv2.imread(str(pages / "adult.png"))
    assert page is not None
    # other digits over some of the zone's: printed as sharply, and wrong
    page[690:810, 560:640] = page[690:810, 300:380]
    cv2.imwrite(str(tmp_path / "wrong.png"), page)
    settings = {"source": str(tmp_path / "wrong.png"), "patience": 0.3}
    with RunningHost("document-camera", settings, tmp_path) as host:
        host.wait_for(DeviceReady)
        why = host.answer(host.order(ReadDocument()), NotCaptured).why
        assert why in (Unread.CHECK_DIGITS, Unread.POOR_PICTURE)


@pytest.mark.parametrize(("order", "page", "why"), [(ReadDocument(), "pass", Unread.NO_ZONE), (ReadPass(), "adult", Unread.NOT_A_PASS)])
def test_what_lies_there_too_long_unread_is_one_try(
    tmp_path: Path, pages: Path, order: ReadDocument | ReadPass, page: str, why: Unread
) -> None:
    with RunningHost("document-camera", {"source": str(pages / f"{page}.png"), "patience": 0.3}, tmp_path) as host:
        host.wait_for(DeviceReady)
        assert host.answer(host.order(order), NotCaptured).why is why


def test_a_border_pass_is_read_by_its_code(tmp_path: Path, pages: Path) -> None:
    scene = Scene(tmp_path / "scene")
    scene.put(DEVICE, image=str(pages / "pass.png"))
    with camera(tmp_path) as host:
        host.wait_for(DeviceReady)
        read = host.answer(host.order(ReadPass()), PassRead)
        assert read.text == "UTO-PASS-0001"
        assert read.picture is not None


@pytest.mark.parametrize(
    ("text", "read"),
    [("UTO-PASS-0001\r\n", "UTO-PASS-0001"), ("PASI-É", "PASI-É"), ("UTO-PASS\0-0001", ""), ("UTO\x1b[2JPASS", ""), ("日本", "")],
)
def test_a_code_with_control_characters_or_no_text_is_no_border_pass(tmp_path: Path, text: str, read: str) -> None:
    """The last one's bytes are Shift JIS."""
    source = str(tmp_path / "code.png")
    segno.make(text, error="m", micro=False).save(source, scale=12, border=8)
    with RunningHost("document-camera", {"source": source, "patience": 0.3}, tmp_path) as host:
        host.wait_for(DeviceReady)
        if read:
            assert host.answer(host.order(ReadPass()), PassRead).text == read
        else:
            assert host.answer(host.order(ReadPass()), NotCaptured).why is Unread.NOT_A_PASS


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_no_bytes_of_a_code_become_a_text_that_cannot_be_printed(code: bytes) -> None:
    assert pass_text(code).isprintable()


def test_live_pictures_come_while_the_glass_is_empty_and_stop_with_rest(tmp_path: Path) -> None:
    with camera(tmp_path) as host:
        host.wait_for(DeviceReady)
        host.order(ReadDocument(), 600)
        seen = [host.wait_for(FrameSeen) for _ in range(5)]
        assert seen[-1].picture.number > seen[0].picture.number
        assert len(host.take(host.wait_for(FrameSeen).picture)) == 960 * 720 * 3
        rest = host.order(Rest())
        host.answer(rest, contract.Done)
        assert host.answer(host.order(contract.TestYourself()), contract.TestDone).passed
        assert not [word for word in host.heard if isinstance(word, FrameSeen)]


@pytest.mark.parametrize("kind", ["empty", "no picture", "huge", "missing"])
def test_a_source_that_cannot_be_looked_at_is_said_to_be_gone(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "source.png"
    match kind:
        case "empty":
            source.write_bytes(b"")
        case "no picture":
            source.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
        case "huge":
            cv2.imwrite(str(source), np.zeros((9000, 9000), np.uint8))
    with RunningHost("document-camera", {"source": str(source)}, tmp_path) as host:
        assert "source.png" in host.wait_for(DeviceGone).reason


def test_a_photograph_in_a_file_is_a_camera_too(tmp_path: Path, pages: Path) -> None:
    with RunningHost("document-camera", {"source": str(pages / "father.png")}, tmp_path) as host:
        host.wait_for(DeviceReady)
        assert host.answer(host.order(ReadDocument()), DocumentRead).lines == FATHER.lines


def test_a_folder_of_photographs_is_looked_at_in_turn(tmp_path: Path, pages: Path) -> None:
    with RunningHost("document-camera", {"source": str(pages)}, tmp_path) as host:
        host.wait_for(DeviceReady)
        assert host.answer(host.order(ReadDocument()), DocumentRead).lines == ADULT.lines
        assert host.answer(host.order(ReadPass()), PassRead).text == "UTO-PASS-0001"


def test_a_video_is_a_camera_too_and_begins_anew_at_its_end(tmp_path: Path, pages: Path) -> None:
    film = str(tmp_path / "film.avi")
    writer = cv2.VideoWriter(film, cv2.VideoWriter.fourcc(*"MJPG"), 12, (1250, 880))
    page = cv2.imread(str(pages / "adult.png"))
    assert page is not None
    for frame in [np.zeros_like(page)] * 3 + [page] * 3:
        writer.write(frame)
    writer.release()
    with RunningHost("document-camera", {"source": film}, tmp_path) as host:
        host.wait_for(DeviceReady)
        assert host.answer(host.order(ReadDocument()), DocumentRead).lines == ADULT.lines


def test_a_file_that_disappears_is_a_camera_that_was_unplugged_until_it_is_back(tmp_path: Path, pages: Path) -> None:
    source = tmp_path / "camera.png"
    source.write_bytes((pages / "adult.png").read_bytes())
    with RunningHost("document-camera", {"source": str(source)}, tmp_path) as host:
        host.wait_for(DeviceReady)
        source.unlink()
        assert "not there any more" in host.wait_for(DeviceGone).reason
        source.write_bytes((pages / "adult.png").read_bytes())
        host.wait_for(DeviceReady)
