"""Every reader with a wire of its own, the same demands on each: what it reads, what it confirms, and what happens when any single byte goes wrong."""

import itertools
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from drivers import contract
from drivers.contract import Answer, DocumentRead, Done, NotCaptured, ReadDocument, Rest, Unread
from drivers.driver import DeviceAbsent, Driver, Until
from drivers.passport import looking
from tests.drivers.passport.readers import CARD, NOBODY, READERS, SMALL, ZONE, EmulatedWire, Fault, Kind

SHORT_S = 0.3
AT_ONCE = 200
"""These drivers wait, they do not compute: so many are tried at once."""
Outcomes = tuple[Kind, dict[Fault, Answer | None], Path]
WHAT_GOES_WRONG = ("split", "garble", "double", "drop", "silence")


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that settle and are taken away within a third of a second."""
    monkeypatch.setattr(looking, "SETTLE_S", 0.3)
    monkeypatch.setattr(looking, "GONE_S", 0.3)


@pytest.fixture(params=READERS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


def opened(kind: Kind, wire: EmulatedWire, folder: Path) -> Driver:
    driver = kind.make(wire, folder)
    driver.open(NOBODY)
    return driver


@pytest.mark.parametrize("lines", [ZONE, CARD, SMALL], ids=["passport", "card", "small"])
def test_a_document_laid_down_is_read_and_confirmed_as_far_as_the_wire_can(kind: Kind, lines: tuple[str, ...], tmp_path: Path) -> None:
    wire = EmulatedWire(kind.firmware())
    driver = opened(kind, wire, tmp_path)
    wire.lay(*lines)
    assert driver.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(lines, confirmed=kind.confirms)
    driver.close()


def test_wrong_check_digits_are_not_passed_on(kind: Kind, tmp_path: Path) -> None:
    wire = EmulatedWire(kind.firmware())
    driver = opened(kind, wire, tmp_path)
    wire.lay(ZONE[0], ZONE[1].replace("U0000010", "U0000070"))
    assert driver.carry_out(ReadDocument(), Until(5.0)) == NotCaptured(Unread.CHECK_DIGITS)


def test_a_state_that_is_in_no_list_is_never_confirmed(kind: Kind, tmp_path: Path) -> None:
    wire = EmulatedWire(kind.firmware())
    driver = opened(kind, wire, tmp_path)
    wire.lay(ZONE[0].replace("UTO", "YTO", 1), ZONE[1])
    answer = driver.carry_out(ReadDocument(), Until(20.0))
    assert not (isinstance(answer, DocumentRead) and answer.confirmed)


def test_an_empty_glass_is_a_time_out_and_rest_and_self_test_are_answered(kind: Kind, tmp_path: Path) -> None:
    wire = EmulatedWire(kind.firmware())
    driver = opened(kind, wire, tmp_path)
    assert driver.carry_out(ReadDocument(), Until(0.2)) == NotCaptured(Unread.TIMED_OUT)
    assert driver.carry_out(Rest(), Until(1.0)) == Done()
    tested = driver.carry_out(contract.TestYourself(), Until(1.0))
    assert isinstance(tested, contract.TestDone)
    assert tested.passed
    driver.idle()


def test_a_passport_left_lying_is_not_read_for_the_next_traveller(kind: Kind, tmp_path: Path) -> None:
    wire = EmulatedWire(kind.firmware())
    driver = opened(kind, wire, tmp_path)
    wire.lay(*ZONE)
    assert isinstance(driver.carry_out(ReadDocument(), Until(20.0)), DocumentRead)
    driver.carry_out(Rest(), Until(1.0))
    driver.idle()
    assert driver.carry_out(ReadDocument(), Until(0.4)) == NotCaptured(Unread.TIMED_OUT)
    wire.lay(*CARD)
    assert driver.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(CARD, confirmed=kind.confirms)


def one_run(kind: Kind, fault: Fault, folder: Path, patience_s: float) -> tuple[Answer | None, int]:
    """Open, read one document, whatever goes wrong; None where the device was said to be absent. And how many bytes the device said."""
    wire = EmulatedWire(kind.firmware(), fault)
    driver = kind.make(wire, folder)
    try:
        driver.open(NOBODY)
        wire.lay(*ZONE)
        answer = driver.carry_out(ReadDocument(), Until(patience_s))
    except DeviceAbsent:
        answer = None
    driver.close()
    return answer, wire.said


def all_runs(kind: Kind, folder: Path, step: int) -> dict[Fault, Answer | None]:
    """Every fault at every byte that the device says, or at one in `step` of the thousands that a wedge says."""
    began = time.monotonic()
    said = one_run(kind, Fault(), folder, 20.0)[1]
    # on a busy machine a read takes longer, and so does patience with one that fails
    patience_s = max(SHORT_S, 100 * (time.monotonic() - began))
    masks = itertools.cycle([0x01, 0x02, 0x10, 0x20, 0x40, 0x80, 0xFF])
    places = range(0, said, 1 if said < 1000 else step)
    faults = [Fault(what, at, next(masks)) for what in WHAT_GOES_WRONG for at in places]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(faults, pool.map(lambda fault: one_run(kind, fault, folder, patience_s)[0], faults), strict=True))


@pytest.fixture(scope="module", params=READERS, ids=lambda kind: kind.name)
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What came of each fault with this reader."""
    folder = tmp_path_factory.mktemp("runs")
    return request.param, all_runs(request.param, folder, 301), folder


def check(kind: Kind, runs: dict[Fault, Answer | None]) -> None:
    """No wrong zone is ever confirmed, nor passed on at all where the wire has a checksum."""
    for fault, answer in runs.items():
        if isinstance(answer, DocumentRead):
            assert answer.lines == ZONE or not (answer.confirmed or kind.guarded), fault
        else:
            assert answer is None or isinstance(answer, NotCaptured), fault


def test_bytes_that_come_split_anywhere_change_nothing(outcomes: Outcomes) -> None:
    kind, runs, folder = outcomes
    for fault in [fault for fault in runs if fault.what == "split"]:
        # on a busy machine the short patience of these runs may end first; then it is asked again with more
        assert DocumentRead(ZONE, confirmed=kind.confirms) in (runs[fault], one_run(kind, fault, folder, 20.0)[0]), fault


def test_one_byte_gone_wrong_anywhere_never_gives_a_confirmed_wrong_zone(outcomes: Outcomes) -> None:
    kind, runs, _ = outcomes
    damaged = {fault: answer for fault, answer in runs.items() if fault.what in ("garble", "double", "drop")}
    check(kind, damaged)
    good = [answer for answer in damaged.values() if isinstance(answer, DocumentRead) and answer.lines == ZONE]
    if kind.confirms and not kind.guarded:
        # a second look makes good most of what goes wrong once
        assert len(good) > len(damaged) / 3


def test_a_reader_that_falls_silent_at_any_byte_is_absent_or_has_read_nothing_wrong(outcomes: Outcomes) -> None:
    kind, runs, _ = outcomes
    silenced = {fault: answer for fault, answer in runs.items() if fault.what == "silence"}
    check(kind, silenced)
    assert all(answer.lines == ZONE for answer in silenced.values() if isinstance(answer, DocumentRead))


@pytest.mark.long
@pytest.mark.parametrize("step", [1])
def test_every_byte_of_every_event_of_a_wedge_may_go_wrong(step: int, tmp_path: Path) -> None:
    wedge = next(kind for kind in READERS if kind.name == "wedge")
    check(wedge, all_runs(wedge, tmp_path, step))


def test_after_any_garbage_the_next_document_is_read(kind: Kind, tmp_path: Path) -> None:
    wire = EmulatedWire(kind.firmware(), Fault("garble", one_run(kind, Fault(), tmp_path, 20.0)[1] - 5, 0x80))
    driver = opened(kind, wire, tmp_path)
    wire.lay(*ZONE)
    driver.carry_out(ReadDocument(), Until(SHORT_S))
    wire.lay()
    driver.carry_out(ReadDocument(), Until(0.4))
    wire.lay(*CARD)
    assert driver.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(CARD, confirmed=kind.confirms)


def test_nothing_of_a_document_is_in_what_a_reader_says_of_itself(kind: Kind, tmp_path: Path) -> None:
    wire = EmulatedWire(kind.firmware())
    driver = kind.make(wire, tmp_path)
    said = [driver.open(NOBODY)]
    wire.lay(*ZONE)
    said.append(repr(driver.carry_out(ReadDocument(), Until(20.0))))
    said.append(repr(driver.carry_out(contract.TestYourself(), Until(0.5))))
    assert not any(part in text for text in said for part in ("MFANO", "TUMAINI", "U00000101"))
    assert os.path.sep not in said[1]
