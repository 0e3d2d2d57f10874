"""The station's log on its disk, and what of it is sent."""

import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journal.rows import LARGEST_RECORD
from kiosk.station_log import BUNDLE_BYTES, FILE_BYTES, OLD_FILES, StationLog, pieces

logger = logging.getLogger("mpaka.test")


def test_the_log_stays_small_and_its_newest_lines_are_kept(tmp_path: Path) -> None:
    log = StationLog(tmp_path / "log")
    log.attach()
    for number in range(9000):
        logger.warning("number %d %s", number, "x" * 150)
    log.detach()
    logger.warning("after the end")
    files = list((tmp_path / "log").iterdir())
    assert len(files) == 1 + OLD_FILES
    assert sum(file.stat().st_size for file in files) <= (1 + OLD_FILES) * FILE_BYTES
    lines = log.lines()
    numbers = [int(line.split()[4]) for line in lines]
    assert numbers == list(range(numbers[0], 9000))
    middle = lines[len(lines) // 2].split()[0]
    since = log.lines(middle)
    assert since[-1] == lines[-1] and since[0].split()[0] == middle
    assert log.lines("2999-01-01T00:00:00.000Z") == []


def test_the_lines_of_a_traceback_go_with_the_line_before_them(tmp_path: Path) -> None:
    log = StationLog(tmp_path / "log")
    log.attach()
    try:
        raise ValueError("nothing of anybody")
    except ValueError:
        logger.exception("an error")
    log.detach()
    (first, *more) = log.lines()
    assert log.lines(first.split()[0]) == [first, *more]
    assert more[-1] == "ValueError: nothing of anybody"


def test_a_disk_that_takes_nothing_ends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_bytes(b"")
    nowhere = StationLog(tmp_path / "file" / "log")
    nowhere.attach()
    logger.warning("a line")
    nowhere.detach()
    log = StationLog(tmp_path / "log")
    log.attach()
    (tmp_path / "log" / "station.log").mkdir()
    logger.warning("a line")
    log.detach()
    assert capsys.readouterr().err == ""


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), max_size=300).map(lambda text: text * 20), max_size=60
    )
)
def test_every_piece_fits_into_a_record_and_the_newest_lines_come(lines: list[str]) -> None:
    made = pieces(lines)
    facts = {"event": "log", "command": "018f8a8e-1111-7111-8111-111111111111", "piece": 99, "of": 99}
    for text in made:
        assert len(json.dumps({**facts, "text": text}, ensure_ascii=False).encode()) < LARGEST_RECORD - 1000
    sent = "\n".join(made).split("\n") if made else []
    assert sum(len(line.encode()) for line in sent) <= BUNDLE_BYTES
    assert len(sent) <= len(lines)


def test_what_looks_like_a_zone_is_withheld() -> None:
    assert pieces(["read P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< twice", "a <b> c"]) == ["read ‹withheld› twice\na <b> c"]
