"""Files from outside: whatever they hold, one line of JSON and never a trace."""

import io
import json
import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.passport.zone import main, print_readings, read_file
from drivers.passport.zone.pictures import NotAPicture, open_picture
from drivers.passport.zone.sizes import size_of
from tests.drivers.passport.zone.specimens import PASSPORT, drawn_page, needs_ocr_b

NOISE = np.random.default_rng(1).integers(0, 255, (60, 80, 3), np.uint8)
KINDS = [".png", ".jpg", ".bmp", ".webp", ".tiff", ".ppm"]


def coded(kind, picture=NOISE):
    done, data = cv2.imencode(kind, picture)
    assert done
    return data.tobytes()


def png(width, height):
    """A small file that says it holds width x height pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 100)
    chunks = [struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) for body in (head, data, b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def written(tmp_path, data, name="page.png"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_the_size_of_each_kind_of_picture_is_known_before_it_is_unpacked(kind):
    assert size_of(coded(kind)) == (80, 60)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_picture_is_opened_as_grey(tmp_path, kind):
    assert open_picture(written(tmp_path, coded(kind), "page" + kind)).shape == (60, 80)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello", "not a picture"),
        (png(100_000, 100_000), "too many"),
        (png(3, 3), "too few"),
        (png(400, 300), "damaged"),
        (coded(".jpg")[:40], "not a picture"),
        (b"P6 80 sixty 255\n", "not a picture"),
    ],
)
def test_a_file_that_is_no_picture_is_answered_with_what_is_wrong(tmp_path, data, words):
    answer = read_file(written(tmp_path, data))
    assert words in answer["error"]
    assert (answer["type"], answer["lines"], answer["valid"]) == (None, [], False)


def test_a_file_that_is_not_there_and_a_folder_are_answered(tmp_path):
    assert "no such file" in read_file(tmp_path / "gone.png")["error"]
    assert "folder" in read_file(tmp_path)["error"]


def test_a_file_of_very_many_bytes_is_not_read_in(tmp_path, monkeypatch):
    monkeypatch.setattr("drivers.passport.zone.pictures.LARGEST_FILE", 1000)
    with pytest.raises(NotAPicture, match="too many"):
        open_picture(written(tmp_path, coded(".png")))


def test_transparent_paper_is_white(tmp_path):
    page = np.zeros((40, 50, 4), np.uint8)
    page[10:20, 10:20, 3] = 255
    grey = open_picture(written(tmp_path, coded(".png", page)))
    assert grey[15, 15] == 0
    assert grey[30, 30] == 255


def test_sixteen_bits_are_brought_to_eight(tmp_path):
    page = np.full((40, 50, 4), 65535, np.uint16)
    assert open_picture(written(tmp_path, coded(".png", page))).min() == 255


def test_one_line_of_json_is_printed_for_each_file_in_order(tmp_path):
    blank = written(tmp_path, coded(".png", np.full((300, 400), 200, np.uint8)), "blank.png")
    torn = written(tmp_path, b"torn", "torn.png")
    out = io.StringIO()
    assert print_readings([blank, torn], out) == 1
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    names = ["file", "type", "lines", "valid", "fields", "checks", "confidence", "corners", "reason", "error", "cpu_ms"]
    assert list(first) == list(second) == names
    assert (first["fields"], first["checks"], first["confidence"], first["corners"], first["error"]) == ({}, {}, [], None, None)
    assert first["reason"] == "nothing_there"
    assert second["file"] == str(torn)
    assert "not a picture" in second["error"]
    assert print_readings([blank], io.StringIO()) == 0


def test_without_files_the_command_says_what_it_wants(capsys):
    assert main([]) == 2
    assert "at least one picture" in capsys.readouterr().err


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([*KINDS, ""]),
    st.integers(0, 400),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=8),
    st.binary(max_size=60),
)
def test_damaged_bytes_are_a_picture_or_are_refused_in_words(tmp_path_factory, kind, cut, changes, tail):
    data = bytearray(coded(kind, NOISE[:20, :24]) if kind else b"")
    for at, value in changes:
        if at < len(data):
            data[at] = value
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(bytes(data[:cut] if cut < 300 else data) + tail)
    try:
        grey = open_picture(path)
    except NotAPicture as problem:
        assert str(problem)
    else:
        assert grey.ndim == 2


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"", b"\xff\xd8", b"II*\0", b"MM\0*", b"RIFF0000WEBPVP8X", b"BM", b"GIF89a", b"P6 "]), st.binary(max_size=80))
def test_any_bytes_have_a_size_or_none(head, rest):
    size = size_of(head + rest)
    assert size is None or len(size) == 2


def test_a_folder_and_a_list_on_standard_input_are_read_file_by_file(tmp_path):
    blank = coded(".png", np.full((300, 400), 200, np.uint8))
    (tmp_path / "folder").mkdir()
    inside = [written(tmp_path / "folder", blank, name) for name in ("a.png", "b.png")]
    listed = written(tmp_path, blank, "listed.png")
    out = io.StringIO()
    assert print_readings([tmp_path / "folder", "-"], out, io.StringIO(f"{listed}\n\n")) == 0
    assert [json.loads(line)["file"] for line in out.getvalue().splitlines()] == [str(path) for path in (*inside, listed)]


@needs_ocr_b
@pytest.mark.parametrize("size", [(1200, 800), (5400, 3600)])
def test_fields_checks_confidence_and_corners_are_told_whatever_the_size_of_the_picture(tmp_path, size):
    page = cv2.resize(drawn_page(PASSPORT), size, interpolation=cv2.INTER_CUBIC)
    answer = read_file(written(tmp_path, coded(".jpg", page), "page.jpg"))
    assert answer["fields"]["number"] == "L898902C3"
    assert (answer["fields"]["surname"], answer["fields"]["given_names"]) == ("ERIKSSON", "ANNA MARIA")
    assert answer["checks"] == dict.fromkeys(("number", "birth", "expiry", "optional", "composite"), True)
    assert [len(row) for row in answer["confidence"]] == [44, 44]
    scale = size[0] / 1200
    wanted = [(72, 640), (1128, 640), (1128, 720), (72, 720)]
    assert answer["corners"] is not None
    assert np.abs(np.array(answer["corners"]) / scale - wanted).max() < 18


@pytest.mark.parametrize("name", ["", "x" * 5000, "nul\0byte", "gone/page.png"])
def test_a_name_that_cannot_be_a_file_is_answered(name):
    out = io.StringIO()
    assert print_readings(["-", name], out, io.StringIO("y" * 5000 + "\n")) == 1
    assert all(json.loads(line)["error"] for line in out.getvalue().splitlines())
