"""Zones read from pictures: pages drawn here, and the photographs beside this tree where they are."""

import json

import cv2
import numpy as np
import pytest

from drivers.formats.layouts import Format
from drivers.passport.zone import Reason, read_file, read_zone
from drivers.passport.zone.lines import read_line
from drivers.passport.zone.nets import shipped
from drivers.passport.zone.shapes import Course
from drivers.passport.zone.training import glyphs
from drivers.passport.zone.training.captures import LEVELS, capture
from tests.drivers.passport.zone.specimens import PASSPORT, SHARED, VISA, ZONES, drawn_page, needs_ocr_b, needs_photographs


@needs_ocr_b
@pytest.mark.parametrize("kind", ZONES)
def test_a_clean_page_of_each_type_is_read_as_printed(kind):
    reading = read_zone(drawn_page(ZONES[kind]))
    assert (reading.type, reading.lines, reading.valid) == (kind, ZONES[kind], True)
    assert reading.confidence > 0.6
    assert [len(row) for row in reading.confidences] == [len(line) for line in ZONES[kind]]


@needs_ocr_b
@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_a_page_on_its_side_or_upside_down_is_read(quarter):
    reading = read_zone(np.rot90(drawn_page(PASSPORT), quarter).copy())
    assert reading.lines == PASSPORT


@needs_ocr_b
@pytest.mark.parametrize("askew", [-35, -8, 5, 20, 50])
def test_a_page_that_lies_askew_is_read(askew):
    turn = cv2.getRotationMatrix2D((600, 400), askew, 0.75)
    page = cv2.warpAffine(drawn_page(PASSPORT), turn, (1200, 1000), borderValue=90)
    assert read_zone(page).lines == PASSPORT


@needs_ocr_b
def test_the_corners_say_where_the_zone_lies():
    corners = read_zone(drawn_page(PASSPORT, pitch=24.0)).corners
    left, right, top, bottom = 600 - 22 * 24, 600 + 22 * 24, 800 - 90 - 48, 800 - 90
    expected = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    assert np.abs(corners - expected).max() < 24


@needs_ocr_b
def test_colour_and_infrared_like_grey_are_read_alike():
    page = drawn_page(PASSPORT)
    tinted = np.stack([page, np.minimum(page, 200), np.full_like(page, 210)], 2)
    pale = (page.astype(np.float32) * 0.25 + 170).astype(np.uint8)
    assert read_zone(tinted).lines == PASSPORT
    assert read_zone(pale).lines == PASSPORT


@needs_ocr_b
def test_print_of_seven_pixels_a_character_is_read():
    page = drawn_page(PASSPORT)
    small = cv2.resize(page, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    assert read_zone(small).lines == PASSPORT


@needs_ocr_b
def test_of_two_zones_the_larger_is_answered():
    large, small = drawn_page(ZONES[Format.TD1], 30), cv2.resize(drawn_page(PASSPORT), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    desk = np.full((1400, 1300), 120, np.uint8)
    desk[:480, 40:760] = small
    desk[560:1360, 60:1260] = large
    assert read_zone(desk).type is Format.TD1


@needs_ocr_b
def test_a_page_cut_off_in_its_zone_is_not_read():
    page = drawn_page(PASSPORT)[:, :1000]
    reading = read_zone(page)
    assert reading.lines == ()
    assert reading.reason is not None


def under_a_finger(page, lines, row, first, pitch=24.0):
    """The page with a finger over the last characters of one line, from this one on."""
    covered = page.copy()
    left, middle = 600 - len(lines[0]) / 2 * pitch + first * pitch, 800 - 90 - (len(lines) - 1 - row) * pitch * 2
    cv2.ellipse(covered, (round(left + 300), round(middle)), (300, round(0.95 * pitch)), 0, 0, 360, 120, -1)
    return covered


@needs_ocr_b
@pytest.mark.parametrize(("kind", "row", "first"), [(Format.TD3, 0, 34), (Format.TD3, 0, 40), (Format.TD1, 2, 25), (Format.MRVA, 0, 33)])
def test_a_finger_over_the_last_fillers_of_a_name_hides_nothing(kind, row, first):
    lines = ZONES[kind]
    assert read_zone(under_a_finger(drawn_page(lines), lines, row, first)).lines == lines


@needs_ocr_b
@pytest.mark.parametrize(("kind", "row", "first"), [(Format.TD3, 0, 22), (Format.TD3, 1, 39), (Format.TD2, 1, 30), (Format.MRVA, 1, 38)])
def test_a_finger_over_more_than_fillers_is_told(kind, row, first):
    lines = ZONES[kind]
    reading = read_zone(under_a_finger(drawn_page(lines), lines, row, first))
    assert (reading.lines, reading.reason) == ((), Reason.COVERED)


@needs_ocr_b
def test_a_printed_check_digit_that_is_wrong_is_never_called_valid():
    wrong = (PASSPORT[0], PASSPORT[1][:9] + "1" + PASSPORT[1][10:])
    reading = read_zone(drawn_page(wrong))
    assert not reading.valid
    assert reading.lines in ((), wrong)


@needs_ocr_b
def test_captures_of_a_good_reader_are_nearly_all_read_and_none_wrongly():
    faces = glyphs.faces()
    captures = [capture(31, number, LEVELS["L1"], faces, kind) for number, kind in enumerate([*Format] * 2)]
    readings = [read_zone(one.picture) for one in captures]
    right = [reading.lines == one.lines for reading, one in zip(readings, captures, strict=True)]
    assert sum(right) >= len(captures) - 2
    assert not [reading for reading, exact in zip(readings, right, strict=True) if reading.valid and not exact]


@needs_ocr_b
def test_a_reading_shows_nothing_of_a_person_in_a_log():
    assert "ERIKSSON" not in repr(read_zone(drawn_page(PASSPORT)))


@needs_ocr_b
def test_a_page_in_the_dark_says_so():
    page = (drawn_page(PASSPORT).astype(np.float32) * 0.02).astype(np.uint8)
    reading = read_zone(page)
    assert reading.lines == PASSPORT or reading.reason is Reason.TOO_DARK


@needs_photographs
def test_of_the_photographs_more_than_half_are_read_none_wrongly_and_none_invented():
    images = json.loads((SHARED / "truth.json").read_text())["images"]
    answers = [(image, read_file(SHARED / image["file"])) for image in images]
    zones = [(image, answer) for image, answer in answers if image["lines"]]
    right = [answer["lines"] == image["lines"] for image, answer in zones]
    assert sum(right) >= 0.8 * len(zones)
    assert not [answer for (image, answer), exact in zip(zones, right, strict=True) if answer["valid"] and not exact]
    assert not [answer for image, answer in answers if not image["lines"] and answer["lines"]]


@needs_ocr_b
@pytest.mark.parametrize("part", [0.3, 0.45, 0.6, 0.8])
def test_a_line_seen_in_part_is_read_whole_or_not_at_all(part):
    """A course found over the first part of a line must not make a shorter line of it: 36 of 44 characters can pass for a visa."""
    page = drawn_page(VISA)
    left, pitch = 72.0, 24.0
    length = 44 * pitch * part
    course = Course((left + length / 2, 800 - 90.0), (1.0, 0.0), length, 0.95 * pitch)
    line = read_line(page, course, shipped().recogniser)
    assert line is None or len(line.best.centres) == 44
