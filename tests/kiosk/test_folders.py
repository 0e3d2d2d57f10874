"""Folders that hold what must last are made with those above them, for one user alone."""

from pathlib import Path

import pytest

from kiosk.folders import lasting_file, lasting_folder


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


def test_a_file_is_put_in_place_of_the_old_one_whole_and_for_one_user(tmp_path: Path) -> None:
    path = tmp_path / "received" / "list.json"
    for content in (b"one", b"another"):
        lasting_file(path, content)
        (path.parent / "list.json.new").write_bytes(b"cut short")
        assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
