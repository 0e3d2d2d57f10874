"""Folders that hold what must last are made with those above them, for one user alone."""

from pathlib import Path

import pytest

from kiosk.folders import lasting_folder


def test_a_folder_is_made_with_those_above_it_and_one_that_is_there_stays(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    lasting_folder(deep)
    assert deep.stat().st_mode & 0o777 == 0o700
    (deep / "file").write_bytes(b"x")
    lasting_folder(deep)
    assert (deep / "file").read_bytes() == b"x"


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        lasting_folder(tmp_path / "file" / "folder")
