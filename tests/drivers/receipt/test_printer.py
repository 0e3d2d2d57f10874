"""The driver against the emulator on a real pty or TCP port: real bytes both ways, and everything that goes wrong at a post."""

import time
from dataclasses import replace

import pytest

from drivers import contract
from drivers.contract import Done, Paper, PaperChanged, PrintSlip, Rest, SlipNotPrinted, SlipPrinted
from drivers.driver import DeviceAbsent, Until
from drivers.receipt.escpos import free_from_broken_command
from drivers.receipt.job import job_bytes
from drivers.receipt.keeping import Album
from drivers.receipt.printer import ReceiptPrinter
from drivers.receipt.profiles import PROFILES
from drivers.simulated.receipt_printer import DEVICE
from tests.drivers.receipt.post import LONG_ENOUGH_S, SHORT, Post
from tests.drivers.receipt.slips import TUNDUMA


@pytest.fixture
def post(tmp_path, request, monkeypatch):
    # asks more often than at a post, so that no test waits for the clock
    monkeypatch.setattr("drivers.receipt.printer.ASK_EVERY_S", 0.2)
    made = Post(tmp_path, **getattr(request, "param", {}))
    yield made
    made.driver.close()


@pytest.mark.parametrize(
    "post", [{"wire": "pty"}, {"wire": "tcp"}, {"paper": "80mm-process-id"}, {"paper": "80mm-slow-line"}], indirect=True
)
def test_a_slip_is_printed_once_and_the_printer_says_so(post):
    assert post.driver.open(post.outlet) == "ESC/POS printer MPAKA SIMULATED"
    assert post.print(TUNDUMA) == SlipPrinted(confirmed=True)
    (receipt,) = post.receipts
    assert post.is_slip(receipt, TUNDUMA)


def test_slips_for_one_traveller_after_another_are_each_proven(post):
    post.driver.open(post.outlet)
    slips = [replace(SHORT, number=f"A{number}") for number in range(1, 5)]
    assert [post.print(slip) for slip in slips] == [SlipPrinted(confirmed=True)] * 4
    assert all(post.is_slip(receipt, slip) for receipt, slip in zip(post.receipts, slips, strict=True))


@pytest.mark.parametrize("post", [{"paper": "80mm-process-id"}, {"paper": "58mm"}], indirect=True)
@pytest.mark.parametrize("after", [20, 3000, 9000, 16000])
def test_paper_out_in_the_middle_and_reloaded_gives_exactly_one_receipt(post, after):
    one_receipt_although_the_paper_ends(post, after)


@pytest.mark.long
@pytest.mark.parametrize("hundredth", range(100))
def test_paper_out_anywhere_and_reloaded_gives_exactly_one_receipt(post, hundredth):
    one_receipt_although_the_paper_ends(post, 20 + (whole_of(TUNDUMA, post.settings["paper"]) - 40) * hundredth // 100)


def whole_of(slip, paper) -> int:
    """The bytes of a driver's first slip, with the NULs that free the printer first."""
    return len(free_from_broken_command()) + len(job_bytes(slip, Album(PROFILES[paper]), 1))


def one_receipt_although_the_paper_ends(post, after):
    post.driver.open(post.outlet)
    post.wait_for(Paper.OK)
    post.make_paper(f"out:{after}")
    with post.printing(TUNDUMA) as outcome:
        post.wait_for(Paper.OUT)
        assert not outcome
        post.make_paper("ok")
    assert outcome == [SlipPrinted(confirmed=True)]
    assert [post.is_slip(receipt, TUNDUMA) for receipt in post.receipts] == [True]


@pytest.mark.parametrize(
    ("state", "paper"),
    [
        ("out", Paper.OUT),
        ("cover_open", Paper.COVER_OPEN),
        ("cutter", Paper.CUTTER),
        ("fault", Paper.FAULT),
        ("offline", Paper.OFFLINE),
        ("silent", Paper.SILENT),
    ],
)
def test_a_printer_that_cannot_print_is_not_sent_a_slip(post, state, paper):
    post.driver.open(post.outlet)
    post.make_paper(state)
    post.idle_until(paper)
    assert post.print() == SlipNotPrinted(paper)
    post.make_paper("ok")
    post.idle_until(Paper.OK)
    assert not post.receipts
    assert post.driver.firmware.roll.rows == 0
    assert post.print() == SlipPrinted(confirmed=True)


def test_paper_near_its_end_is_told_and_the_slip_still_printed(post):
    post.scene.put(DEVICE, paper="near_end")
    post.driver.open(post.outlet)
    post.wait_for(Paper.NEAR_END)
    assert post.print() == SlipPrinted(confirmed=True)


def test_paper_that_stays_out_ends_before_the_deadline_and_no_slip_comes_out_for_the_next_traveller(post):
    post.driver.open(post.outlet)
    post.wait_for(Paper.OK)
    post.make_paper("out:2500")
    until = Until(2.5)
    assert post.driver.carry_out(PrintSlip(TUNDUMA), until) == SlipNotPrinted(Paper.OUT)
    assert not until.over
    post.make_paper("ok")
    post.idle_until(Paper.OK)
    assert post.print() == SlipPrinted(confirmed=True)
    *fragments, last = post.receipts
    assert post.is_slip(last)
    assert len(fragments) <= 1


@pytest.mark.parametrize("post", [{"knows": {"marks": False, "process_ids": False}}], indirect=True)
def test_a_printer_that_proves_nothing_gives_an_unconfirmed_slip(post):
    post.driver.open(post.outlet)
    assert post.print(seconds=2.5) == SlipPrinted(confirmed=False)
    assert [post.is_slip(receipt) for receipt in post.receipts] == [True]


@pytest.mark.parametrize("post", [{"paper": "58mm-mute"}], indirect=True)
def test_a_printer_known_to_be_mute_is_sent_the_slip_and_never_called_confirmed(post):
    post.scene.put(DEVICE, fault="silence")
    assert post.driver.open(post.outlet) == "ESC/POS printer, silent"
    post.wait_for(Paper.SILENT)
    assert post.print() == SlipPrinted(confirmed=False)


def test_a_printer_that_never_answers_is_silent_and_never_paper_ok(post):
    post.scene.put(DEVICE, fault="silence")
    assert post.driver.open(post.outlet) == "ESC/POS printer, silent"
    assert post.notices.get_nowait() == PaperChanged(Paper.SILENT)
    assert post.print() == SlipNotPrinted(Paper.SILENT)
    assert not post.receipts
    found = post.driver.carry_out(contract.TestYourself(), Until(5))
    assert not found.passed
    assert "does not answer" in found.findings


@pytest.mark.parametrize("fault", ["split:1", "slow:20", "garbage:2"])
def test_answers_that_come_split_late_or_among_noise_still_count(post, fault):
    post.scene.put(DEVICE, fault=fault)
    post.driver.open(post.outlet)
    answer = post.print(seconds=6)
    assert isinstance(answer, SlipPrinted | SlipNotPrinted)
    if not fault.startswith("garbage"):
        assert answer == SlipPrinted(confirmed=True)
    assert len(post.receipts) <= 1


@pytest.mark.parametrize("after", [60, 2000, 9000])
def test_a_slip_cut_short_by_a_power_cut_is_a_copy_when_it_is_ordered_again(post, after):
    post.driver.open(post.outlet)
    post.make_paper(f"unplug:{after}")
    with post.printing(TUNDUMA) as outcome:
        pass
    assert isinstance(outcome[0], DeviceAbsent)
    post.driver.close()
    with pytest.raises(DeviceAbsent):
        post.driver.open(post.outlet)
    post.driver.close()
    post.scene.put(DEVICE, paper="ok")
    post.driver.open(post.outlet)
    assert post.print(TUNDUMA) == SlipPrinted(confirmed=True)
    *fragments, last = post.receipts
    assert post.is_slip(last, TUNDUMA, copy=True)
    assert not any(post.is_slip(fragment, TUNDUMA) for fragment in fragments)


def test_after_a_power_cut_another_travellers_slip_is_no_copy(post):
    post.driver.open(post.outlet)
    post.make_paper("unplug:2000")
    with post.printing(TUNDUMA) as outcome:
        pass
    assert isinstance(outcome[0], DeviceAbsent)
    post.driver.close()
    post.scene.put(DEVICE, paper="ok")
    post.driver.open(post.outlet)
    assert post.print() == SlipPrinted(confirmed=True)
    assert post.is_slip(post.receipts[-1])


@pytest.mark.parametrize("post", [{"paper": "58mm"}, {"paper": "80mm-process-id"}], indirect=True)
@pytest.mark.parametrize("missing", [15, 9000])
def test_a_printer_on_a_serial_line_that_lost_its_current_prints_a_copy(post, missing):
    """The wire stands, the data are gone: it falls silent, answers again, and proves only what was sent after that."""
    post.driver.open(post.outlet)
    post.wait_for(Paper.OK)
    post.make_paper(f"reboot:{whole_of(TUNDUMA, post.settings['paper']) - missing}")
    with post.printing(TUNDUMA) as outcome:
        post.wait_for(Paper.SILENT)
        post.make_paper("ok")
    assert outcome == [SlipPrinted(confirmed=True)]
    *fragments, last = post.receipts
    assert post.is_slip(last, TUNDUMA, copy=True)
    assert len(fragments) <= 1


def test_a_printer_that_takes_nothing_for_long_and_does_not_say_why_is_sent_a_copy(post, monkeypatch):
    monkeypatch.setattr("drivers.receipt.printing.STALL_S", 0.3)
    post.driver.open(post.outlet)
    post.wait_for(Paper.OK)
    post.make_paper("silent:5000")
    with post.printing(TUNDUMA) as outcome:
        due = time.monotonic() + 1
        while time.monotonic() < due:
            assert not outcome
            time.sleep(0.05)
        post.make_paper("ok")
    assert outcome == [SlipPrinted(confirmed=True)]
    *fragments, last = post.receipts
    assert post.is_slip(last, TUNDUMA, copy=True)
    assert not any(post.is_slip(fragment, TUNDUMA) for fragment in fragments)


def test_a_lane_that_rests_the_printer_in_the_middle_gets_its_peace_and_the_next_slip_is_whole(post):
    post.driver.open(post.outlet)
    post.wait_for(Paper.OK)
    post.make_paper("out:5000")
    until = Until(LONG_ENOUGH_S)
    with post.printing(TUNDUMA, until=until) as outcome:
        post.wait_for(Paper.OUT)
        until.rested = True
    assert outcome == [SlipNotPrinted(Paper.OUT)]
    assert post.driver.carry_out(Rest(), Until(1)) == Done()
    post.make_paper("ok")
    post.idle_until(Paper.OK)
    assert post.print() == SlipPrinted(confirmed=True)
    assert post.is_slip(post.receipts[-1])


def test_the_self_test_says_what_a_technician_must_do(post):
    post.driver.open(post.outlet)
    good = post.driver.carry_out(contract.TestYourself(), Until(5))
    assert good.passed
    assert good.findings[0] == "paper ok"
    post.make_paper("cover_open")
    post.idle_until(Paper.COVER_OPEN)
    bad = post.driver.carry_out(contract.TestYourself(), Until(5))
    assert not bad.passed
    assert "cover open" in bad.findings


def test_a_slip_that_cannot_be_drawn_is_refused_and_the_printer_goes_on(post):
    post.driver.open(post.outlet)
    assert post.print(replace(SHORT, qr="x" * 3000)) == SlipNotPrinted(Paper.FAULT)
    assert post.print() == SlipPrinted(confirmed=True)


@pytest.mark.parametrize("settings", [{}, {"port": "/dev/null", "paper": "10mm"}, {"port": "/dev/null", "flow": "dsrdtr"}])
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises((KeyError, ValueError)):
        ReceiptPrinter(settings)


@pytest.mark.parametrize("port", ["/dev/mpaka-not-there", "127.0.0.1:1"])
def test_a_printer_that_is_not_there_is_absent(post, port):
    absent = ReceiptPrinter({"port": port})
    with pytest.raises(DeviceAbsent):
        absent.open(post.outlet)
    absent.close()
    with pytest.raises(DeviceAbsent):
        absent.idle()
