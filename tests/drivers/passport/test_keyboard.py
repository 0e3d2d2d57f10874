"""Keys as the kernel reports them: a reader is told from a person, what is missing is noticed, and a layout is proven and not guessed."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from drivers.passport.judging import valid
from drivers.passport.keyboard import LAYOUTS, MOST_KEYS, Scan, Scans, typed_lines
from drivers.passport.layout_proof import SPECIMEN, Proof, Proofs, layout_of
from drivers.simulated.wedge import typed
from firmware_bridge.key_events import InputEvent
from tests.drivers.passport.readers import CARD, SMALL, ZONE

DROPPED, REPORT = InputEvent(1.05, 0, 3, 0), InputEvent(1.06, 0, 0, 0)


def scan(lines: tuple[str, ...], layout: str = "us", gap_s: float = 0.002) -> Scan:
    scans = Scans()
    assert scans.feed(list(typed(lines, layout, 1.0, gap_s))) == []
    return scans.end()


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("lines", [ZONE, CARD, SMALL, SPECIMEN], ids=["passport", "card", "small", "specimen"])
def test_what_is_typed_in_a_layout_is_read_in_it(layout: str, lines: tuple[str, ...]) -> None:
    assert typed_lines(scan(lines, layout).keys, LAYOUTS[layout]) == lines


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_the_specimen_proves_its_layout_and_no_other(layout: str) -> None:
    assert layout_of(scan(SPECIMEN, layout).keys) == layout


def test_another_document_proves_nothing() -> None:
    assert layout_of(scan(ZONE).keys) is None
    assert layout_of(()) is None


def test_a_wrong_layout_can_leave_every_check_digit_right_which_is_why_it_must_be_proven() -> None:
    typed_in_german = scan((ZONE[0].replace("MFANO", "MZANY"), ZONE[1]), "de").keys
    # the same letters, on a reader whose "<" is where the American layout has it
    keys = tuple(key if key.code != 86 else type(key)(51, True, key.at_s) for key in typed_in_german)
    misread = typed_lines(keys, LAYOUTS["us"])
    assert misread is not None
    assert misread != ZONE
    assert "MYANZ" in misread[0]
    assert valid(misread)


@pytest.mark.parametrize(("gap_s", "by_a_reader"), [(0.0019, True), (0.011, True), (0.034, True), (0.036, False), (0.12, False)])
def test_a_reader_is_told_from_a_person_by_its_speed(gap_s: float, by_a_reader: bool) -> None:
    assert scan(ZONE, gap_s=gap_s).by_a_reader is by_a_reader


def test_a_few_quick_keys_are_no_reader() -> None:
    assert not scan(("P<UTOMFANO",)).by_a_reader
    assert not Scan((), void=False).by_a_reader


def test_a_pause_parts_two_scans() -> None:
    scans = Scans()
    assert scans.feed(list(typed(ZONE, "us", 1.0))) == []
    (first,) = scans.feed(list(typed(CARD, "us", 3.0)))
    assert typed_lines(first.keys, LAYOUTS["us"]) == ZONE
    assert typed_lines(scans.end().keys, LAYOUTS["us"]) == CARD
    assert not scans.begun


def test_a_queue_that_ran_over_voids_the_scan_and_nothing_is_spliced() -> None:
    events = list(typed(ZONE, "us", 1.0))
    for at in range(0, len(events), 11):
        scans = Scans()
        scans.feed([*events[:at], DROPPED, REPORT, *events[at:]])
        whole = scans.end()
        assert whole.void
        assert whole.dropped
        assert scans.feed(list(typed(ZONE, "us", 9.0))) == []
        assert not scans.end().void


def test_events_between_a_dropped_queue_and_the_next_report_are_not_believed() -> None:
    scans = Scans()
    scans.feed([DROPPED, InputEvent(1.05, 1, 30, 1)])
    assert scans.pending.keys == ()
    assert scans.begun
    scans.feed([REPORT, InputEvent(1.07, 1, 30, 1)])
    assert [key.code for key in scans.pending.keys] == [30]


def test_a_key_that_repeats_voids_the_scan_since_its_release_was_lost() -> None:
    events = list(typed(ZONE, "us", 1.0))
    scans = Scans()
    scans.feed([*events[:40], InputEvent(1.03, 1, 30, 2), *events[40:]])
    assert scans.end().void


def test_a_stuck_reader_fills_no_memory() -> None:
    scans = Scans()
    for at in range(3 * MOST_KEYS):
        scans.feed([InputEvent(1 + at / 1000, 1, 30, 1)])
    assert len(scans.pending.keys) == MOST_KEYS
    assert scans.end().void


@pytest.mark.parametrize("code", [15, 29, 56, 59, 12])
def test_a_key_that_no_zone_has_is_no_character(code: int) -> None:
    keys = scan(ZONE).keys
    assert typed_lines((*keys[:5], type(keys[0])(code, False, 1.0), *keys[5:]), LAYOUTS["us"]) is None


def test_a_proof_is_kept_for_each_device_and_grows_old(tmp_path: Path) -> None:
    proofs, today = Proofs(tmp_path / "layouts"), date(2026, 11, 24)
    assert proofs.of("0c2e:0b61 usb-0:1.2") is None
    proofs.keep("0c2e:0b61 usb-0:1.2", Proof("de", today))
    kept = proofs.of("0c2e:0b61 usb-0:1.2")
    assert kept == Proof("de", today)
    assert proofs.of("0c2e:0b61 usb-0:1.4") is None
    assert kept.fresh(today, 0)
    assert kept.fresh(today + timedelta(days=1), 1)
    assert not kept.fresh(today + timedelta(days=2), 1)
    assert not kept.fresh(today - timedelta(days=1), 1)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"layout": "us"}', '{"layout": "xx", "proven": "2026-11-24"}', '{"layout": "us", "proven": "x"}']
)
def test_a_damaged_proof_proves_nothing(tmp_path: Path, text: str) -> None:
    proofs = Proofs(tmp_path)
    proofs.keep("0c2e:0b61 x", Proof("us", date(2026, 11, 24)))
    (file,) = tmp_path.iterdir()
    file.write_text(text)
    assert proofs.of("0c2e:0b61 x") is None
