"""What the nets are taught from: the same seed draws the same, truth lies where the print is; and, long, a quick run of the training.

The runs need torch and onnx (`pip install -e .[training]`) and OCR-B: `python -m pytest -m long tests/drivers/passport/zone/test_training.py`.
"""

import re
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest

from drivers.formats.layouts import LAYOUTS, Format
from drivers.formats.mrz import parse
from drivers.passport.zone.alphabet import CAPITAL, CHARACTERS, NOTHING, STRIDE, STRIP_HEIGHT, STRIP_WIDTH
from drivers.passport.zone.detector import HEIGHT, MAPS, WIDTH, Detector
from drivers.passport.zone.recogniser import Recogniser
from drivers.passport.zone.training import glyphs
from drivers.passport.zone.training.captures import LEVELS, capture
from drivers.passport.zone.training.strips import IGNORED, sheaf
from drivers.passport.zone.training.views import STRIDE as VIEW_STRIDE
from drivers.passport.zone.training.views import view
from drivers.passport.zone.training.zones import zone
from tests.drivers.passport.zone.specimens import needs_ocr_b

STEPS = {"recogniser": 500, "detector": 120}
LEAST = {"recogniser": 55.0, "detector": 0.15}  # what chance weights never reach: 3 % of characters, no overlap


@pytest.mark.parametrize("kind", Format)
@pytest.mark.parametrize("anywhere", [False, True])
def test_chance_zones_are_of_their_type_with_right_check_digits(kind, anywhere):
    for number in range(20):
        lines = zone(np.random.default_rng(number), kind, anywhere)
        assert [len(line) for line in lines] == [LAYOUTS[kind].length] * LAYOUTS[kind].lines
        assert parse(lines, kind).valid


@needs_ocr_b
def test_the_same_seed_and_number_draw_the_same_and_others_do_not():
    faces = glyphs.faces()
    for first, again, other in zip(sheaf(7, 3, faces), sheaf(7, 3, faces), sheaf(8, 3, faces), strict=True):
        assert np.array_equal(first.picture, again.picture) and np.array_equal(first.classes, again.classes)
        assert not np.array_equal(first.picture, other.picture)
    first_view, again_view = view(7, 3, faces), view(7, 3, faces)
    assert np.array_equal(first_view.picture, again_view.picture) and np.array_equal(first_view.maps, again_view.maps)
    taken, retaken = (capture(7, 2, LEVELS["L2"], faces, Format.TD1) for _ in range(2))
    assert np.array_equal(taken.picture, retaken.picture) and taken.lines == retaken.lines


@needs_ocr_b
def test_strips_and_views_have_the_shapes_that_the_nets_take():
    faces = glyphs.faces()
    for number, made in enumerate([*sheaf(11, 0, faces), *sheaf(11, 1, faces)]):
        assert made.picture.shape == (STRIP_HEIGHT, STRIP_WIDTH) and made.classes.shape == (STRIP_WIDTH // STRIDE,)
        assert made.picture.min() >= 0 and made.picture.max() <= 1
        assert set(made.classes) <= {IGNORED, *range(len(CHARACTERS)), NOTHING}
        seen = view(11, number, faces)
        assert seen.picture.shape == (HEIGHT, WIDTH) and seen.maps.shape == (MAPS, HEIGHT // VIEW_STRIDE, WIDTH // VIEW_STRIDE)
        assert seen.maps[0].min() >= 0 and seen.maps[0].max() <= 1


@needs_ocr_b
@pytest.mark.parametrize("level", ["L1", "L2"])
def test_the_courses_lie_on_the_print(level):
    """On the line there are strokes; where the paper is, between two lines, there are hardly any."""
    for number, kind in enumerate(Format):
        taken = capture(5, number, LEVELS[level], glyphs.faces(), kind)
        on, between = [], []
        for course in taken.courses:
            tall = course[:, 1] - course[:, 0]
            for down, found in ((0.5, on), (1.55, between)):
                places = course[:, 0] + down * tall
                way = np.linspace(0, len(places) - 1, 1200)
                x, y = (np.interp(way, np.arange(len(places)), places[:, axis]).astype(np.float32)[None] for axis in (0, 1))
                found.append(float(np.abs(np.diff(cv2.remap(taken.picture, x, y, cv2.INTER_LINEAR).astype(float))).mean()))
        assert np.mean(on) > 1.3 * np.mean(between[:-1])


@needs_ocr_b
def test_the_shipped_recogniser_names_a_clean_line_from_its_strip():
    face = glyphs.faces()[2]
    text = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
    ink = np.zeros((STRIP_HEIGHT, STRIP_WIDTH), np.float32)
    scale = CAPITAL / glyphs.CAPITAL
    rows, columns = (round(side * scale) for side in glyphs.BOX)
    for cell, glyph in enumerate(face.of(text)):
        left, top = round(42 + 17 * cell - columns / 2), (STRIP_HEIGHT - rows) // 2
        place = ink[top : top + rows, left : left + columns]
        np.maximum(place, cv2.resize(glyph, (columns, rows), interpolation=cv2.INTER_AREA), out=place)
    columns_seen = Recogniser().look(np.float32(0.9) - np.float32(0.8) * ink)
    named = [columns_seen[round((42 + 17 * cell) / STRIDE - 0.5), :NOTHING].argmax() for cell in range(len(text))]
    assert "".join(CHARACTERS[at] for at in named) == text


def _sitting(net, folder, minutes):
    """One sitting of a quick run in a process of its own; the steps done and what it measured in the end."""
    asked = [sys.executable, "-m", "drivers.passport.zone.training.train", net, "--state", str(folder / "state.pt")]
    asked += ["--weights", str(folder / "weights.onnx"), "--steps", str(STEPS[net]), "--minutes", str(minutes)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    steps, measure = re.findall(r"^(\d+) steps: (?:lines overlap by )?([\d.]+)", done.stdout, re.MULTILINE)[-1]
    return int(steps), float(measure)


@pytest.mark.long
@needs_ocr_b
@pytest.mark.parametrize("net", STEPS)
def test_a_quick_run_learns_goes_on_where_it_was_cut_and_comes_out_the_same_under_its_seed(net, tmp_path):
    pytest.importorskip("torch", reason="no torch here (pip install -e .[training])")
    pytest.importorskip("onnx", reason="no onnx here (pip install -e .[training])")
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    begun = time.monotonic()
    steps, measure = _sitting(net, whole, 10)
    assert steps == STEPS[net]
    spent = (time.monotonic() - begun) / 60
    assert measure > LEAST[net]
    first, _ = _sitting(net, cut, spent / 3)
    assert 0 < first < STEPS[net]
    steps, again = _sitting(net, cut, 10)
    assert steps == STEPS[net]
    points = 0.3 if net == "recogniser" else 0.003
    assert abs(again - measure) <= points
    weights = whole / "weights.onnx"
    if net == "recogniser":
        assert Recogniser(weights).look(np.zeros((STRIP_HEIGHT, STRIP_WIDTH), np.float32)).shape == (STRIP_WIDTH // STRIDE, NOTHING + 1)
    else:
        assert Detector(weights).look(np.zeros((HEIGHT, WIDTH), np.uint8)).shape == (MAPS, HEIGHT // 4, WIDTH // 4)
