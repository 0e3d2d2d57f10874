"""Visas and permits: taken in once, changed where they changed, and said of each crossing in the export."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.crossings.importing import OPTIONAL, REQUIRED
from tests.kiosk.headquarters.crossed import JOHN, Border, member
from tests.kiosk.practice import StillClock

NAMES = [*REQUIRED, *OPTIONAL]
VISA = {
    "number": "V-1",
    "issuer": "UTO",
    "document_state": "UTO",
    "document_number": "L898902C3",
    "valid_from": "2020-01-01",
    "valid_until": "2099-12-31",
}


@pytest.fixture
def border(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Border]:
    here = Border(tmp_path, new_database(), sealed=new_database(), clock=StillClock())
    yield here
    here.close()


def written(border: Border, *visas: dict[str, str], name: str = "visas.csv") -> str:
    path = border.folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, NAMES, restval="")
        table.writeheader()
        table.writerows(visas)
    return str(path)


def imports(border: Border, *visas: dict[str, str], kind: str = "visas", more: tuple[str, ...] = ()) -> int:
    return main(["headquarters", "import", written(border, *visas), "--into", border.into, "--kind", kind, *more])


def exported(border: Border, after: int = 0) -> list[dict[str, str]]:
    out = border.folder / "out.csv"
    assert main(["headquarters", "export", "--from", border.into, "--out", str(out), "--after", str(after)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_anna(border: Border) -> dict[str, str]:
    (row,) = [row for row in exported(border) if row["given_names"] == "ANNA MARIA"]
    return row


def crossed(border: Border) -> None:
    border.registers(member(), member(JOHN, "child"))
    border.delivers()
    border.fills()


def test_the_export_says_of_each_traveller_whether_a_visa_was_valid_that_day(border: Border) -> None:
    crossed(border)
    assert [row["visa"] for row in exported(border)] == ["not_known", "not_known"]
    assert imports(border, VISA) == 0
    found = {row["given_names"]: (row["visa"], row["visa_number"], row["permit"]) for row in exported(border)}
    assert found == {"ANNA MARIA": ("valid", "V-1", "not_known"), "JOHN": ("not_known", "", "not_known")}


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({"valid_until": "2020-12-31"}, "expired"),
        ({"valid_from": "2099-01-01"}, "not_known"),
        ({"status": "cancelled", "ended": "2021-01-01"}, "cancelled"),
        ({"status": "replaced", "ended": "2021-01-01", "replaced_by": "V-2"}, "cancelled"),
        ({"status": "cancelled", "ended": "2099-01-01"}, "valid"),
    ],
)
def test_how_it_stood_on_that_day(border: Border, changes: dict[str, str], stands: str) -> None:
    crossed(border)
    imports(border, {**VISA, **changes})
    assert of_anna(border)["visa"] == stands


def test_a_station_that_did_not_know_the_day_determines_nothing(border: Border) -> None:
    crossed(border)
    imports(border, VISA)
    opened = "UPDATE crossing SET time_source = 'unknown' WHERE member = 0"
    border.opened(opened)
    assert of_anna(border)["visa"] == "undetermined"


def test_the_same_file_again_changes_nothing_and_a_changed_line_is_changed(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    crossed(border)
    other = {**VISA, "number": "V-2", "document_number": "X1"}
    imports(border, VISA, other)
    assert "2 visas new, 0 changed, 0 as they were" in capsys.readouterr().out
    (before,) = border.opened("SELECT max(change) FROM crossing")[0]
    imports(border, VISA, other)
    assert "0 visas new, 0 changed, 2 as they were" in capsys.readouterr().out
    assert exported(border, after=before) == [], "nothing to tell anybody"
    imports(border, {**VISA, "status": "cancelled", "ended": "2021-01-01"}, other)
    assert "0 visas new, 1 changed, 1 as they were" in capsys.readouterr().out
    assert [(row["given_names"], row["visa"]) for row in exported(border, after=before)] == [("ANNA MARIA", "cancelled")]


def test_a_visa_that_moved_to_another_passport_is_told_of_both(border: Border) -> None:
    crossed(border)
    imports(border, VISA)
    (before,) = border.opened("SELECT max(change) FROM crossing")[0]
    imports(border, {**VISA, "document_number": JOHN.number})
    found = {row["given_names"]: row["visa"] for row in exported(border, after=before)}
    assert found == {"ANNA MARIA": "not_known", "JOHN": "valid"}


def test_a_permit_with_the_number_of_a_visa_is_another_thing(border: Border) -> None:
    crossed(border)
    imports(border, VISA)
    imports(border, {**VISA, "valid_until": "2020-12-31"}, kind="permits")
    assert (of_anna(border)["visa"], of_anna(border)["permit"]) == ("valid", "expired")


def test_one_bad_line_keeps_all_out_unless_it_is_left_out_by_wish(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    crossed(border)
    bad = {**VISA, "number": "V-9", "valid_until": "soon"}
    assert imports(border, VISA, bad) == 1
    said = capsys.readouterr().err
    assert "line 3, column valid_until: is not a day as 2026-12-31" in said
    assert "nothing was taken in" in said and "soon" not in said
    assert border.opened("SELECT * FROM permit") == []
    assert imports(border, VISA, bad, more=("--skip-bad",)) == 1
    assert border.opened("SELECT number FROM permit") == [("V-1",)]


def test_a_dry_run_says_what_would_be_and_takes_nothing(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    crossed(border)
    assert imports(border, VISA, more=("--dry-run",)) == 0
    assert "1 visas would be new" in capsys.readouterr().out
    assert border.opened("SELECT * FROM permit") == []


def test_a_file_that_is_none_is_told(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    crossed(border)
    (border.folder / "empty.csv").write_text("")
    for name, says in (("nowhere.csv", "cannot be read"), ("empty.csv", "line 1 must name the columns")):
        assert main(["headquarters", "import", str(border.folder / name), "--into", border.into, "--kind", "visas"]) == 1
        assert says in capsys.readouterr().err


def test_more_than_a_portion_is_taken_in_whole(border: Border, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("kiosk.headquarters.importing.AT_ONCE", 2)
    crossed(border)
    imports(border, *({**VISA, "number": f"V-{number}"} for number in range(5)))
    assert "5 visas new" in capsys.readouterr().out
    assert border.opened("SELECT count(*) FROM permit") == [(5,)]
