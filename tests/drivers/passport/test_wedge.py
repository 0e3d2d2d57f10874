"""A keyboard wedge, with the kernel's own events over a wire in memory: the layout is proven first, a person is no reader, what was dropped is asked again."""

import time
from collections import deque
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from drivers import contract
from drivers.contract import DocumentRead, NotCaptured, ReadDocument, Unread
from drivers.driver import DeviceAbsent, Until
from drivers.passport import wedge
from drivers.passport.layout_proof import SPECIMEN, Proof, Proofs
from drivers.passport.wedge import KeyboardWedge
from drivers.simulated.wedge import typed
from firmware_bridge.key_events import InputEvent, event_bytes
from firmware_bridge.wire import Wire, WireLost
from tests.drivers.passport.readers import CARD, NOBODY, ZONE

DEVICE = "0c2e:0b61"


class Keys:
    """A keyboard in memory: batches of events, and a plug that may be pulled once they are read."""

    def __init__(self) -> None:
        self.batches: deque[bytes] = deque()
        self.pulled = False
        self.waited = 0

    def type(self, lines: Iterable[str], layout: str = "us", gap_s: float = 0.002) -> None:
        self.add(typed(list(lines), layout, time.monotonic(), gap_s))

    def add(self, events: Iterable[InputEvent]) -> None:
        self.batches.append(b"".join(map(event_bytes, events)))

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        raise AssertionError("nothing is sent to a keyboard")

    def receive(self, timeout_s: float) -> bytes:
        if self.batches:
            return self.batches.popleft()
        if self.pulled:
            raise WireLost("keyboard is gone: No such device")
        self.waited += 1
        time.sleep(timeout_s)
        return b""

    def close(self) -> None:
        self.batches.clear()


class OnKeys(KeyboardWedge):
    """The driver on a keyboard in memory."""

    def __init__(self, keys: Keys, folder: Path, **settings: object) -> None:
        super().__init__({"usb": DEVICE, "proofs": str(folder / "layouts"), **settings})
        self._keys = keys

    def _plug(self) -> Wire:
        return self._keys


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def proven(tmp_path: Path) -> Path:
    """A folder in which the device was proven today, German."""
    Proofs(tmp_path / "layouts").keep(DEVICE, Proof("de", date.today()))
    return tmp_path


def test_a_reader_whose_layout_was_never_proven_is_not_opened_for_travellers(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wedge, "PROVE_S", 0.4)
    keys.type(ZONE)
    with pytest.raises(DeviceAbsent, match="keyboard layout is not proven: lay the layout specimen on it"):
        OnKeys(keys, tmp_path).open(NOBODY)


@pytest.mark.parametrize("layout", ["us", "de", "fr", "es"])
def test_the_specimen_laid_on_a_new_reader_makes_it_ready_and_is_remembered(keys: Keys, tmp_path: Path, layout: str) -> None:
    keys.type(SPECIMEN, layout)
    assert f"layout {layout} proven on {date.today()}" in OnKeys(keys, tmp_path).open(NOBODY)
    again = OnKeys(keys, tmp_path)
    assert f"layout {layout} proven" in again.open(NOBODY)
    keys.type(ZONE, layout)
    assert again.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(ZONE, confirmed=False)


def test_a_zone_typed_in_the_proven_layout_is_read_and_one_of_two_equal_scans_is_confirmed(keys: Keys, proven: Path) -> None:
    reader = OnKeys(keys, proven, second_s=1)
    reader.open(NOBODY)
    keys.type(ZONE, "de")
    keys.type(ZONE, "de")
    assert reader.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(ZONE, confirmed=True)


def test_two_scans_that_differ_are_not_confirmed(keys: Keys, proven: Path) -> None:
    reader = OnKeys(keys, proven, second_s=1)
    reader.open(NOBODY)
    keys.type(ZONE, "de")
    keys.type((ZONE[0].replace("MFANO", "MFAMO"), ZONE[1]), "de")
    assert reader.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(ZONE, confirmed=False)


def test_a_proof_that_is_too_old_confirms_nothing_until_the_specimen_is_scanned_again(keys: Keys, tmp_path: Path) -> None:
    Proofs(tmp_path / "layouts").keep(DEVICE, Proof("us", date.today() - timedelta(days=3)))
    reader = OnKeys(keys, tmp_path, second_s=1)
    assert "too long ago" in reader.open(NOBODY)
    for _ in range(2):
        keys.type(ZONE)
    assert reader.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(ZONE, confirmed=False)
    keys.type(SPECIMEN)
    tested = reader.carry_out(contract.TestYourself(), Until(20.0))
    assert isinstance(tested, contract.TestDone)
    assert tested.passed
    assert "proven on" in tested.findings[0]
    assert "90 keys, 2.0 ms apart" in tested.findings[1]
    for _ in range(2):
        keys.type(ZONE)
    assert reader.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(ZONE, confirmed=True)


def test_a_self_test_without_a_specimen_fails_where_the_proof_is_too_old_and_says_what_to_do(keys: Keys, tmp_path: Path) -> None:
    Proofs(tmp_path / "layouts").keep(DEVICE, Proof("us", date.today() - timedelta(days=3)))
    reader = OnKeys(keys, tmp_path)
    reader.open(NOBODY)
    tested = reader.carry_out(contract.TestYourself(), Until(0.3))
    assert isinstance(tested, contract.TestDone)
    assert not tested.passed
    assert "lay the layout specimen" in tested.findings[-1]


def test_the_wrong_layout_turns_a_state_into_one_that_is_in_no_list_and_is_not_passed_on(keys: Keys, proven: Path) -> None:
    reader = OnKeys(keys, proven)
    reader.open(NOBODY)
    tanzanian = (ZONE[0].replace("UTO", "TZA", 1), ZONE[1])
    # the reader was set to French after it was proven German: A and Q, Z and W change places
    keys.type(tanzanian, "fr")
    assert not isinstance(reader.carry_out(ReadDocument(), Until(1.0)), DocumentRead)


def test_somebody_who_types_on_the_reader_is_not_read(keys: Keys, proven: Path) -> None:
    reader = OnKeys(keys, proven)
    reader.open(NOBODY)
    keys.type(ZONE, "de", 0.08)
    assert reader.carry_out(ReadDocument(), Until(0.6)) == NotCaptured(Unread.TIMED_OUT)
    keys.type(CARD, "de")
    assert reader.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(CARD, confirmed=False)


def test_keys_that_the_kernel_dropped_make_the_traveller_lay_it_down_again(keys: Keys, proven: Path) -> None:
    reader = OnKeys(keys, proven)
    reader.open(NOBODY)
    events = list(typed(ZONE, "de", time.monotonic()))
    dropped, report = InputEvent(events[100].at_s, 0, 3, 0), InputEvent(events[139].at_s, 0, 0, 0)
    keys.add([*events[:100], dropped, report, *events[140:]])
    assert reader.carry_out(ReadDocument(), Until(20.0)) == NotCaptured(Unread.NO_ZONE)
    keys.type(ZONE, "de")
    assert reader.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(ZONE, confirmed=False)


def test_what_was_typed_while_nothing_was_ordered_belongs_to_nobody(keys: Keys, proven: Path) -> None:
    reader = OnKeys(keys, proven)
    reader.open(NOBODY)
    keys.type(ZONE, "de")
    reader.idle()
    assert reader.carry_out(ReadDocument(), Until(0.5)) == NotCaptured(Unread.TIMED_OUT)


def test_a_scan_that_was_queued_before_the_plug_was_pulled_is_still_read(keys: Keys, proven: Path) -> None:
    reader = OnKeys(keys, proven)
    reader.open(NOBODY)
    keys.type(ZONE, "de")
    keys.pulled = True
    assert reader.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(ZONE, confirmed=False)
    with pytest.raises(DeviceAbsent, match="No such device"):
        reader.carry_out(ReadDocument(), Until(20.0))
    with pytest.raises(DeviceAbsent):
        reader.idle()
    reader.close()


def test_a_whole_zone_is_answered_without_waiting_for_a_pause(keys: Keys, proven: Path) -> None:
    reader = OnKeys(keys, proven)
    reader.open(NOBODY)
    keys.type(ZONE, "de")
    waited = keys.waited
    assert isinstance(reader.carry_out(ReadDocument(), Until(20.0)), DocumentRead)
    assert keys.waited == waited


def test_a_proof_that_cannot_be_kept_is_said(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "layouts").write_text("a file, not a folder")
    keys.type(SPECIMEN)
    with pytest.raises(DeviceAbsent, match="cannot be kept"):
        OnKeys(keys, tmp_path).open(NOBODY)


def test_a_reader_that_is_not_plugged_in_is_absent_with_its_numbers(tmp_path: Path) -> None:
    with pytest.raises(DeviceAbsent, match="dead:beef is not plugged in"):
        KeyboardWedge({"usb": "dead:beef", "proofs": str(tmp_path)}).open(NOBODY)
