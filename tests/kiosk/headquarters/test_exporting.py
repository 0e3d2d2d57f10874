"""The export: whole files, in the order of changes, that go on from a cursor and miss nothing."""

import csv
import json
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.crossings.columns import COLUMNS
from kiosk.headquarters.opened import Opened
from tests.kiosk.headquarters.crossed import JOHN, Border, member


@pytest.fixture
def border(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Border]:
    here = Border(tmp_path, new_database(), sealed=new_database())
    yield here
    here.close()


def crossed(border: Border, *parties: int) -> list[str]:
    ids = [border.registers(*(member(JOHN, "child") if at else member() for at in range(size))) for size in parties]
    border.delivers()
    border.fills()
    return ids


def exports(border: Border, *arguments: str) -> int:
    return main(["headquarters", "export", "--from", border.into, *arguments])


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, strict=True))


def test_a_csv_has_every_column_and_a_row_a_traveller(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    (first, second), out = crossed(border, 2, 1), border.folder / "out.csv"
    assert exports(border, "--out", str(out)) == 0
    found = rows(out)
    assert list(found[0]) == [column.name for column in COLUMNS]
    assert [(row["record_id"], row["member"], row["given_names"]) for row in found] == [
        (first, "0", "ANNA MARIA"),
        (first, "1", "JOHN"),
        (second, "0", "ANNA MARIA"),
    ]
    assert found[0]["visa"] in ("not_known", "undetermined")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    last = found[-1]["change"]
    assert f"3 rows; go on with --after {last}" in capsys.readouterr().err


def test_json_lines_to_standard_output(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    crossed(border, 1)
    assert exports(border, "--out", "-", "--format", "jsonl", "--columns", "person,answers") == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (found["surname"], found["answers"]) == ("ERIKSSON", {"purpose": "trade", "days": "3"})
    assert "document_number" not in found


def test_it_goes_on_from_a_cursor_and_a_crossing_comes_again_when_it_is_decided(border: Border) -> None:
    cursor, out = border.folder / "cursor", border.folder / "out.csv"
    (first,) = crossed(border, 1)
    go_on = ("--cursor-file", str(cursor), "--out", str(out))
    assert exports(border, *go_on) == 0
    assert [row["record_id"] for row in rows(out)] == [first]
    (second,) = crossed(border, 1)
    exports(border, *go_on)
    assert [row["record_id"] for row in rows(out)] == [second]
    exports(border, *go_on)
    assert rows(out) == []
    border.decides(first)
    border.delivers()
    border.fills()
    exports(border, *go_on)
    assert [(row["record_id"], row["decision_code"], row["decision_officer"]) for row in rows(out)] == [(first, "cleared", "O-7")]


def test_who_goes_on_from_a_cursor_misses_nothing_that_was_opened_anew_after_a_backup_was_put_back(border: Border) -> None:
    cursor, out = border.folder / "cursor", border.folder / "out.csv"
    go_on = ("--cursor-file", str(cursor), "--out", str(out))
    crossed(border, 1)
    # a backup that is put back knows of nothing since, and least of all how far its numbers had come
    with closing(Opened(border.into)) as opened:
        (before,) = opened.database.execute("SELECT value FROM rising")[0]
        (second,) = crossed(border, 1)
        assert exports(border, *go_on) == 0
        with opened.transaction():
            opened.database.execute("DELETE FROM crossing WHERE sequence > 1")
            opened.database.execute("UPDATE progress SET upto = 1")
            opened.database.execute("UPDATE rising SET value = ?", (before,))
    exports(border, *go_on)
    assert rows(out) == []
    border.fills()
    exports(border, *go_on)
    assert [row["record_id"] for row in rows(out)] == [second]


def test_more_than_a_page_is_read_whole(border: Border, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.headquarters.exporting.AT_ONCE", 2)
    ids, out = crossed(border, 1, 2, 1, 2), border.folder / "out.csv"
    exports(border, "--out", str(out))
    assert [row["record_id"] for row in rows(out)] == [ids[0], ids[1], ids[1], ids[2], ids[3], ids[3]]


def test_posts_and_times_narrow_it(border: Border) -> None:
    crossed(border, 1)
    for arguments, count in (
        (("--post", "ut-nowhere"), 1),
        (("--post", "ut-elsewhere"), 0),
        (("--since", "2026-01-01"), 1),
        (("--since", "2999-01-01T00:00:00Z"), 0),
        (("--until", "2026-01-01"), 0),
        (("--until", "2999-01-01"), 1),
    ):
        out = border.folder / "out.csv"
        assert exports(border, "--out", str(out), *arguments) == 0
        assert len(rows(out)) == count, arguments


@pytest.mark.parametrize("trap", ["file", "link"])
def test_who_laid_something_where_the_file_is_written_reads_nothing_of_it(border: Border, trap: str) -> None:
    crossed(border, 1)
    out, elsewhere = border.folder / "out.csv", border.folder / "elsewhere"
    laid = out.with_name(f".{out.name}.part")
    elsewhere.touch(0o666)
    if trap == "link":
        laid.symlink_to(elsewhere)
    else:
        laid.hardlink_to(elsewhere)
    assert exports(border, "--out", str(out)) == 0
    assert len(rows(out)) == 1
    assert not out.is_symlink()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert elsewhere.read_bytes() == b""


def test_a_file_that_cannot_be_written_leaves_what_was_there(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    crossed(border, 1)
    out = border.folder / "nowhere" / "out.csv"
    cursor = border.folder / "cursor"
    assert exports(border, "--out", str(out), "--cursor-file", str(cursor)) == 1
    assert "cannot be written (FileNotFoundError)" in capsys.readouterr().err
    assert not cursor.exists()
    taken = border.folder / "folder"
    taken.mkdir()
    assert exports(border, "--out", str(taken)) == 1
    assert list(border.folder.glob(".*.part")) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--since", "yesterday"), "is neither a day"),
        (("--columns", "height"), "no column or group"),
    ],
)
def test_a_wrong_wish_is_told_with_what_is_right(
    border: Border, arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    crossed(border, 1)
    assert exports(border, "--out", "-", *arguments) == 1
    assert says in capsys.readouterr().err


def test_a_cursor_file_that_holds_none_is_refused(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    crossed(border, 1)
    cursor = border.folder / "cursor"
    cursor.write_text("seven")
    assert exports(border, "--out", "-", "--cursor-file", str(cursor)) == 1
    assert "holds no cursor" in capsys.readouterr().err


def test_a_database_into_which_nothing_was_opened_is_told(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["headquarters", "export", "--from", new_database(), "--out", "-"]) == 1
    said = capsys.readouterr().err
    assert "nothing was opened into it yet" in said or "there is none" in said
