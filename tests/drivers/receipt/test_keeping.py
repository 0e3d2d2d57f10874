"""Pictures in a printer's memory: given once, printed from there, drawn where the printer has none."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from drivers.contract import Arrow, Paper, SlipPrinted
from drivers.receipt import escpos
from drivers.receipt.blocks import Kept, to_image
from drivers.receipt.job import job_bytes
from drivers.receipt.keeping import Album, read_logo
from drivers.receipt.profiles import PROFILES
from drivers.receipt.slip import parts
from tests.drivers.receipt.post import Post
from tests.drivers.receipt.slips import SONGWE, TUNDUMA

SLOW = {"paper": "epson-tm-t20iii", "slow_line": True}


@pytest.fixture
def logo(tmp_path):
    picture = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((150, 50, 450, 350), fill=(20, 40, 60, 255))
    picture.save(tmp_path / "logo.png")
    return tmp_path / "logo.png"


@pytest.fixture
def post(tmp_path, logo):
    made = Post(tmp_path, logo=str(logo), **SLOW)
    yield made
    made.driver.close()


def test_a_logo_is_black_dots_no_larger_than_thirty_millimetres_and_clear_parts_are_white(logo):
    dots = ~np.asarray(read_logo(logo))
    assert dots.shape == (120, 180)
    assert dots[60, 90] and not dots[0, 0] and not dots[-1, -1]


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_logo_that_is_no_picture_is_refused_by_its_name(tmp_path, content):
    (tmp_path / "arms.png").write_bytes(content)
    with pytest.raises(ValueError, match="arms.png"):
        read_logo(tmp_path / "arms.png")


def test_another_logo_has_another_key_so_that_an_old_one_is_never_printed(logo):
    profile, first = PROFILES["epson-tm-t20iii"], read_logo(logo)
    second = Image.new("1", first.size, 0)
    keys = [Album(profile, picture).pictures["logo"].key for picture in (first, first, second)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("paper", ["80mm-slow-line", "58mm-slow-line"])
def test_every_kept_picture_fits_the_longest_command_and_hides_no_real_time_command(paper, logo):
    album = Album(PROFILES[paper], read_logo(logo))
    assert set(album.pictures) == {"logo", "sentence", *Arrow}
    assert len({kept.key for kept in album.pictures.values()}) == 5
    for kept in album.pictures.values():
        sent = escpos.keep(kept.key, kept.bitmap)
        assert len(sent) <= escpos.LONGEST_BAND
        assert not escpos.hides_real_time(sent)


def test_a_picture_too_large_or_without_a_proper_key_is_refused():
    with pytest.raises(ValueError, match="large"):
        escpos.keep("00", escpos.Bitmap(576, 100, bytes(7200)))
    with pytest.raises(ValueError, match="key"):
        escpos.keep("é1", escpos.Bitmap(8, 1, b"\x01"))


def test_a_printer_is_given_its_pictures_once_and_prints_them_from_its_memory(post):
    post.driver.open(post.outlet)
    memory = post.driver.firmware.memory
    album = post.driver._album
    assert {key.decode() for key in memory} == {kept.key for kept in album.pictures.values()}
    assert post.print(TUNDUMA) == SlipPrinted(confirmed=True)
    assert post.is_slip(post.receipts[0], TUNDUMA)
    before = dict(memory)
    post.driver.close()
    received = []
    taking = post.driver.firmware.received
    post.driver.firmware.received = lambda data: (received.append(data), taking(data))[1]
    post.driver.open(post.outlet)
    assert memory == before
    assert b"\x1d(L" in b"".join(received) and b"0C0" not in b"".join(received)


def test_a_slip_with_kept_pictures_is_a_twentieth_of_a_drawn_one(logo):
    picture = read_logo(logo)
    slow = Album(replace(PROFILES["epson-tm-t20iii"], slow=True), picture)
    held = {kept.key for kept in slow.pictures.values()}
    kept, drawn = job_bytes(SONGWE, slow, 1, held=held), job_bytes(SONGWE, Album(PROFILES["80mm"], picture), 1)
    assert len(kept) * 20 < len(drawn)
    assert not escpos.hides_real_time(kept)


def test_a_printer_whose_memory_is_full_gets_the_pictures_drawn(post):
    class Full(dict):
        def __setitem__(self, key, value):
            pass

    post.driver.firmware.memory = Full()
    post.driver.open(post.outlet)
    assert post.print(TUNDUMA) == SlipPrinted(confirmed=True)
    assert post.is_slip(post.receipts[0], TUNDUMA)


def test_a_printer_that_was_switched_on_without_paper_gets_its_pictures_later(post, monkeypatch):
    monkeypatch.setattr("drivers.receipt.printer.STOCK_EVERY_S", 0.0)
    monkeypatch.setattr("drivers.receipt.printer.ASK_EVERY_S", 0.1)
    post.scene.put("receipt_printer", paper="out")
    post.driver.open(post.outlet)
    assert not post.driver.firmware.memory
    post.make_paper("ok")
    post.idle_until(Paper.OK)
    post.driver.idle()
    assert len(post.driver.firmware.memory) == 5


def test_on_a_fast_line_only_the_logo_is_kept(logo):
    made = parts(TUNDUMA, Album(PROFILES["epson-tm-t20iii"], read_logo(logo)))
    (kept,) = (part for part in made if isinstance(part, Kept))
    assert np.array_equal(np.asarray(to_image(kept.bitmap)), np.asarray(read_logo(logo)))
    without = parts(TUNDUMA, Album(PROFILES["80mm"], read_logo(logo)))
    assert not any(isinstance(part, Kept) for part in without)
