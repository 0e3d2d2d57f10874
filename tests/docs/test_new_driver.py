"""The page for vendors keeps its word: its blocks, installed as a package of their own, are a driver that passes its trial."""

import doctest
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from drivers.catalogue import GROUP
from drivers.contract import DeviceReady, DocumentRead, Hello, Kind, ReadDocument
from kiosk.settings import DeviceSettings
from tests.drivers.running_host import RunningHost

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "new-driver.md").read_text(encoding="utf-8")
FILES = re.compile(r"^`([\w.]+)`\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n\$ python (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETTINGS = re.compile(r"^```toml\n(\[devices.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The files of the page in a folder, installed as pip would."""
    for name, text in FILES.findall(PAGE):
        (tmp_path / name).write_text(text, encoding="utf-8")
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = "".join(f"{name} = {where}\n" for name, where in project["entry-points"][GROUP].items())
    (installed / "entry_points.txt").write_text(f"[{GROUP}]\n{points}")
    return tmp_path


def python(words: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    paths = os.pathsep.join([str(folder), str(ROOT)])
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )


def test_the_page_has_a_driver_a_package_and_a_conversation() -> None:
    assert [name for name, _ in FILES.findall(PAGE)] == ["example_reader.py", "pyproject.toml", "example_trial.txt"]


def test_the_example_passes_its_trial_as_the_page_shows_it(package: Path) -> None:
    ((command, shown),) = CONSOLE.findall(PAGE)
    ended = python(command.split(), package)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert doctest.OutputChecker().check_output(shown, ended.stdout, doctest.ELLIPSIS), ended.stdout


def test_the_example_is_a_driver_for_a_lane_without_a_change_to_the_tree(package: Path) -> None:
    settings = {"port": f"recorded:{package}/example_trial.txt"}
    with RunningHost("example-reader", settings, package, package) as host:
        assert host.wait_for(Hello).kind is Kind.PASSPORT_READER
        assert host.wait_for(DeviceReady).identity == "EXAMPLE 100 v1.2"
        assert host.answer(host.order(ReadDocument()), DocumentRead).confirmed


def test_the_settings_of_the_page_are_settings_of_a_lane() -> None:
    (text,) = SETTINGS.findall(PAGE)
    table: dict[str, Any] = tomllib.loads(text)["devices"]
    assert DeviceSettings(**table["passport_reader"]).settings == {"usb": "1209:0001", "port": "1-1.2"}


def test_the_example_is_as_clean_as_the_project(package: Path) -> None:
    ended = python(["-m", "ruff", "check", "--line-length", "140", "--select", "E,F,I,B", "example_reader.py"], package)
    assert ended.returncode == 0, ended.stdout
