"""What becomes of a slip is written down before it happens, so that a second one says that it is a second one."""

import json
from dataclasses import replace

import pytest

from drivers.contract import Paper, SlipNotPrinted, SlipPrinted
from drivers.driver import DeviceAbsent
from drivers.receipt.job_journal import MOST_KEPT, JobJournal, Stage
from drivers.receipt.printer import ReceiptPrinter
from tests.drivers.receipt.post import SHORT, Post
from tests.drivers.receipt.slips import TUNDUMA


@pytest.fixture
def path(tmp_path):
    return tmp_path / "receipts.jobs"


@pytest.fixture
def post(tmp_path, path):
    made = Post(tmp_path, jobs=str(path))
    yield made
    made.driver.close()


def stages(path) -> list[str]:
    return [entry["stage"] for entry in json.loads(path.read_text(encoding="utf-8"))]


def test_a_slip_is_on_disk_before_it_is_on_paper(path):
    journal = JobJournal(path)
    assert not journal.knows("one") and not journal.last_is_open
    journal.begin(7, "one")
    assert JobJournal(path).knows("one") and JobJournal(path).last_is_open
    journal.reached(Stage.SENT)
    assert JobJournal(path).last_is_open
    journal.reached(Stage.CONFIRMED)
    again = JobJournal(path)
    assert again.knows("one") and not again.last_is_open and again.last_number == 7


def test_a_slip_of_which_no_byte_went_out_never_was(path):
    journal = JobJournal(path)
    journal.begin(7, "one")
    journal.drop()
    assert not JobJournal(path).knows("one")


def test_old_slips_are_forgotten(path):
    journal = JobJournal(path)
    for number in range(MOST_KEPT + 5):
        journal.begin(number, f"slip {number}")
    assert not JobJournal(path).knows("slip 4") and JobJournal(path).knows("slip 5")


@pytest.mark.parametrize(
    "content", [b"", b"[", b"\xff\xfe", b'[{"number": "x"}]', b'{"number": 1}', b'[{"number": 1, "slip": "a", "stage": "gone"}]']
)
def test_a_journal_that_cannot_be_understood_is_put_aside_and_the_next_begins(path, content):
    path.write_bytes(content)
    journal = JobJournal(path)
    assert not journal.knows("a")
    assert path.with_suffix(".unreadable").read_bytes() == content
    journal.begin(1, "a")
    assert JobJournal(path).knows("a")


def test_a_disk_that_takes_nothing_does_not_stop_the_printing(tmp_path):
    journal = JobJournal(tmp_path / "no such folder" / "receipts.jobs")
    journal.begin(1, "a")
    assert journal.knows("a")


def test_without_a_path_the_journal_lives_as_long_as_its_process():
    journal = JobJournal(None)
    journal.begin(1, "a")
    assert journal.knows("a")


def test_a_slip_interrupted_by_the_kiosks_own_power_cut_is_a_copy_when_the_kiosk_is_back(post, path):
    post.driver.open(post.outlet)
    post.make_paper("unplug:9000")
    with post.printing(TUNDUMA) as outcome:
        pass
    assert isinstance(outcome[0], DeviceAbsent)
    assert stages(path) == ["queued"]
    post.driver.close()
    back = Post(post.folder, jobs=str(path))
    back.scene.put("receipt_printer", paper="ok")
    back.driver.open(back.outlet)
    assert back.print(TUNDUMA) == SlipPrinted(confirmed=True)
    assert back.is_slip(back.receipts[-1], TUNDUMA, copy=True)
    assert back.print(SHORT) == SlipPrinted(confirmed=True)
    assert back.is_slip(back.receipts[-1], SHORT)
    back.driver.close()
    assert stages(path) == ["queued", "confirmed", "confirmed"]


def test_a_slip_that_is_printed_again_although_the_first_is_confirmed_is_a_copy(post):
    post.driver.open(post.outlet)
    assert [post.print(), post.print()] == [SlipPrinted(confirmed=True)] * 2
    assert [post.is_slip(receipt, copy=copy) for receipt, copy in zip(post.receipts, (False, True), strict=True)] == [True, True]


def test_a_slip_refused_before_its_first_byte_is_no_copy_later(post):
    post.scene.put("receipt_printer", paper="out")
    post.driver.open(post.outlet)
    assert post.print() == SlipNotPrinted(Paper.OUT)
    post.make_paper("ok")
    assert post.print() == SlipPrinted(confirmed=True)
    assert post.is_slip(post.receipts[0])


def test_the_journal_holds_nothing_that_stands_on_a_slip(post, path):
    post.driver.open(post.outlet)
    post.print(TUNDUMA)
    kept = path.read_text(encoding="utf-8")
    assert not [word for word in (TUNDUMA.code, TUNDUMA.number, TUNDUMA.qr, TUNDUMA.party) if word in kept]


def test_a_host_that_is_started_anew_still_knows_its_last_slips(tmp_path):
    first, second = (ReceiptPrinter({"port": "/dev/null", "runtime": str(tmp_path)}) for _ in range(2))
    first._journal.begin(3, "a")
    assert not second._journal.knows("a")
    assert ReceiptPrinter({"port": "/dev/null", "runtime": str(tmp_path)})._journal.knows("a")


def test_two_travellers_slips_never_look_alike_to_the_journal(post):
    post.driver.open(post.outlet)
    for number in ("17", "18"):
        assert post.print(replace(SHORT, number=number)) == SlipPrinted(confirmed=True)
        assert post.is_slip(post.receipts[-1], replace(SHORT, number=number))
