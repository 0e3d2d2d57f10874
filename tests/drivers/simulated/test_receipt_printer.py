"""The emulator by itself: what it prints for real bytes, what it answers, and that nothing sent to it can break it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.receipt import escpos
from drivers.receipt.blocks import whole_picture
from drivers.receipt.escpos import Bitmap
from drivers.receipt.job import job_bytes
from drivers.receipt.keeping import Album
from drivers.receipt.profiles import PROFILES, Proof
from drivers.receipt.slip import parts
from drivers.simulated.faults import ScriptWrong
from drivers.simulated.receipt_firmware import BUFFER, Condition, PrinterFirmware, read_condition
from drivers.simulated.receipt_roll import Roll
from tests.drivers.receipt.slips import KASUMBALESA, SONGWE, TUNDUMA

SHORT = replace(SONGWE, subheading="", number="", code="", footer=(), heading="SONGWE")


def printer(width: int = 576, dpi: int = 203, **knows: bool) -> PrinterFirmware:
    return PrinterFirmware(Roll(width=width, dpi=dpi), **knows)


def send(firmware: PrinterFirmware, data: bytes, piece: int = 1000) -> bytes:
    """All bytes, as the wire would: only what there is room for."""
    said, at = [], 0
    while at < len(data):
        step = min(piece, firmware.room)
        if not step:
            break
        said += firmware.received(data[at : at + step])
        at += step
    return b"".join(said)


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and np.array_equal(np.asarray(one.convert("1")), np.asarray(other.convert("1")))


@pytest.mark.parametrize("paper", ["80mm", "58mm", "80mm-process-id", "80mm-slow-line", "58mm-slow-line", "epson-tm-t88iv"])
@pytest.mark.parametrize("slip", [TUNDUMA, KASUMBALESA, SONGWE], ids=lambda slip: slip.language)
def test_what_comes_out_is_the_drawn_slip_dot_for_dot(slip, paper):
    profile = PROFILES[paper]
    album, firmware = Album(profile), printer(profile.sizes.width, profile.sizes.dpi)
    said = send(firmware, job_bytes(slip, album, 42))
    (receipt,) = firmware.roll.cut_off
    assert same(receipt, whole_picture(parts(slip, album), profile))
    assert said == b"\x10\x00\x00\x0f" + (b"\x37\x220042\x00" if profile.proof is Proof.PROCESS_ID else b"\x00")


def test_receipts_lie_in_the_folder_in_the_order_they_were_cut(tmp_path):
    firmware = PrinterFirmware(Roll(tmp_path / "slips"))
    send(firmware, b"one\n\x1dVB\x00" + b"two\ntwo\n\x1dVA\x10")
    pictures = sorted((tmp_path / "slips").iterdir())
    assert [path.name for path in pictures] == ["slip-0001.png", "slip-0002.png"]
    heights = []
    for path in pictures:
        with Image.open(path) as picture:
            heights.append(picture.height)
    assert heights == [30, 68]


def test_letters_and_doubled_dots_are_printed_too():
    firmware = printer(16)
    send(firmware, b"\x1b@\x1bE\x01Mpaka\n\x1dv0\x03\x01\x00\x01\x00\xf1\x1dVB\x00")
    (receipt,) = firmware.roll.cut_off
    rows = ~np.asarray(receipt)
    assert rows.shape == (32, 16)
    assert rows[:24].any()
    assert rows[30].tolist() == rows[31].tolist() == [bit == "1" for bit in "1111111100000011"]


def test_feeds_are_half_a_dot_until_the_units_are_set():
    firmware = printer(16)
    send(firmware, b"\x1bJ\x14" + escpos.units(203) + b"\x1bJ\x14" + b"\x1dVB\x00")
    assert firmware.roll.cut_off[0].height == 30


def test_letters_are_as_large_as_asked_and_in_the_middle():
    firmware = printer(384)
    send(firmware, escpos.units(203) + escpos.letters(["17"], 4, 5, bold=True, white_on_black=False) + escpos.CUT)
    dots = ~np.asarray(firmware.roll.cut_off[0])
    rows, columns = np.flatnonzero(dots.any(axis=1)), np.flatnonzero(dots.any(axis=0))
    assert dots.shape == (24 * 5 + 6, 384)
    assert 10 * 5 < np.ptp(rows) < 24 * 5 and 12 * 4 < np.ptp(columns) < 24 * 4
    assert abs(columns.mean() - 192) < 12


def test_kept_pictures_survive_a_power_cut_and_are_listed_forty_at_a_time():
    firmware = printer(384)
    pictures = {f"{number:02d}": Bitmap(16, 2, bytes([number, 0xFF, 0x80, 0x01])) for number in range(45)}
    send(firmware, b"".join(escpos.keep(key, bitmap) for key, bitmap in pictures.items()))
    firmware.power_up()
    keys = "".join(pictures)
    assert send(firmware, escpos.ASK_PICTURES) == b"\x37rA" + keys[:80].encode() + b"\x00"
    assert send(firmware, escpos.GO_ON) == b"\x37r@" + keys[80:].encode() + b"\x00"
    assert send(firmware, escpos.GO_ON + escpos.kept("07", 2) + escpos.kept("99", 1) + escpos.CUT) == b""
    dots = ~np.asarray(firmware.roll.cut_off[0])
    assert dots.shape == (4, 384)
    assert dots[0, 176:208].tolist() == [bit for bit in (b == "1" for b in "0000011111111111") for _ in range(2)][:32]


@pytest.mark.parametrize(
    ("state", "answers", "automatic"),
    [
        ("ok", b"\x12\x12\x12\x12", b"\x10\x00\x00\x0f"),
        ("near_end", b"\x12\x12\x12\x1e", b"\x10\x00\x03\x0f"),
        ("out", b"\x1a\x32\x12\x7e", b"\x18\x00\x0f\x0f"),
        ("cover_open", b"\x1a\x16\x12\x12", b"\x38\x00\x00\x0f"),
        ("cutter", b"\x1a\x52\x1a\x12", b"\x18\x08\x00\x0f"),
        ("fault", b"\x1a\x52\x32\x12", b"\x18\x20\x00\x0f"),
        ("offline", b"\x1a\x12\x12\x12", b"\x18\x00\x00\x0f"),
    ],
)
def test_each_state_is_said_in_both_languages(state, answers, automatic):
    firmware = printer()
    send(firmware, escpos.AUTOMATIC_STATUS)
    changed = b"".join(firmware.follow(Condition(state)))
    assert changed == (automatic if state != "ok" else b"")
    assert send(firmware, b"".join(map(escpos.ask, (1, 2, 3, 4)))) == answers


def test_a_printer_that_is_not_ready_says_nothing():
    firmware = printer()
    firmware.follow(Condition("silent"))
    assert send(firmware, escpos.ask(1) + escpos.MARK) == b""


def test_real_time_questions_are_answered_while_the_paper_is_out_and_marks_are_not():
    firmware = printer()
    firmware.follow(Condition("out"))
    assert send(firmware, b"Mpaka\n" + escpos.MARK + escpos.ask(4)) == b"\x7e"
    assert firmware.roll.rows == 0
    assert firmware.follow(Condition("ok")) == [b"\x00"]
    assert firmware.roll.rows == 30


def test_a_buffer_that_is_full_takes_no_more_until_there_is_paper():
    firmware = printer()
    firmware.follow(Condition("out"))
    send(firmware, bytes(BUFFER + 500))
    assert firmware.room == 0
    firmware.follow(Condition("ok"))
    assert firmware.room == BUFFER


def test_cleared_data_are_never_printed_and_never_proven():
    firmware = printer()
    firmware.follow(Condition("out"))
    assert send(firmware, b"Mpaka\n" + escpos.process_id(7) + escpos.CLEAR) == b"\x37\x25\x00"
    assert firmware.follow(Condition("ok")) == []
    assert firmware.roll.rows == 0


def test_a_reboot_forgets_the_data_and_automatic_status_but_not_the_paper():
    firmware = printer()
    firmware.follow(Condition("reboot", 10))
    assert send(firmware, escpos.AUTOMATIC_STATUS + b"Mpaka\nMpaka\n" + escpos.MARK) == b"\x10\x00\x00\x0f"
    assert firmware.roll.rows == 30
    assert firmware.follow(Condition("ok")) == []
    assert send(firmware, escpos.MARK) == b"\x00"


def reload_everywhere(step: int) -> int:
    """Paper out at every `step`th byte; how many places were tried."""
    profile = PROFILES["58mm"]
    job, wanted = job_bytes(SHORT, Album(profile), 1), whole_picture(parts(SHORT, Album(profile)), profile)
    places = range(1, len(job), step)
    for after in places:
        firmware = printer(384)
        firmware.follow(Condition("out", after))
        fits = after - 1 + BUFFER
        assert not send(firmware, job[:fits], 512).endswith(b"\x00")
        assert bool(firmware.roll.cut_off) == (after >= len(job) - len(escpos.MARK))
        firmware.follow(Condition("ok"))
        send(firmware, job[fits:])
        assert [same(receipt, wanted) for receipt in firmware.roll.cut_off] == [True], after
    return len(places)


def test_paper_out_at_any_byte_and_reloaded_gives_the_whole_slip_once():
    assert reload_everywhere(step=211) > 20


@pytest.mark.long
def test_paper_out_at_every_single_byte_and_reloaded_gives_the_whole_slip_once():
    assert reload_everywhere(step=1) > 2000


@pytest.mark.parametrize("text", ["", "paper", "out:x", "out:-1", "ok 3"])
def test_a_condition_that_does_not_exist_is_refused(text):
    with pytest.raises(ScriptWrong):
        read_condition(text)


starts = st.sampled_from(
    [b"\x1b", b"\x1d", b"\x10", b"\x1d(k", b"\x1dv0\x00\x02\x00", b"\x1d(H\x06\x0000", b"\x1d(k\x04\x001P0A", b"\x1dV", b""]
)
junk = st.lists(st.tuples(starts, st.binary(max_size=12)).map(b"".join), max_size=20).map(b"".join)


@settings(max_examples=200, deadline=None)
@given(junk, st.sampled_from(["ok", "out:9", "near_end", "cover_open:3", "silent:5", "reboot:7", "fault:1"]), st.integers(1, 30))
def test_whatever_is_sent_the_printer_lives_and_prints_once_it_is_switched_on_again(data, condition, piece):
    firmware = printer(384)
    firmware.follow(read_condition(condition))
    send(firmware, data, piece)
    firmware.follow(Condition("ok"))
    assert 0 <= firmware.room <= BUFFER
    firmware.power_up()
    send(firmware, escpos.CUT + b"Mpaka\n" + escpos.CUT)
    assert firmware.roll.cut_off[-1].height == 30
