"""Settings: the shipped examples load, and every mistake is answered with file, path and what was expected."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.settings import ConsoleSettings, HeadquartersSettings, LaneSettings, PostProfile, SettingsWrong, load, load_post

CONFIG = Path(__file__).parents[2] / "config"


def test_the_shipped_examples_load() -> None:
    lane = load(CONFIG / "lane.toml", LaneSettings)
    console = load(CONFIG / "console.toml", ConsoleSettings)
    load(CONFIG / "headquarters.toml", HeadquartersSettings)
    assert load_post(CONFIG / "lane.toml", lane.post) == load_post(CONFIG / "console.toml", console.post)
    assert lane.station in console.lanes


@pytest.mark.parametrize("path", sorted((CONFIG / "posts").glob("*.toml")), ids=lambda path: path.stem)
def test_each_post_profile_loads_and_is_named_for_its_code(path: Path) -> None:
    assert load(path, PostProfile).code.lower() == path.stem


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("live = false", "livee = false", "unknown field `livee`"),
        ("port = 8883", 'port = "x"', "links.headquarters.port: Expected `int`"),
        ("port = 8883", "port = 70000", "links.headquarters.port"),
        ('driver = "escpos"', "", "devices.receipt_printer: Object missing required field `driver`"),
        ('driver = "escpos"', "driver = 7", "devices.receipt_printer.driver: Expected `str`"),
        ('direction = "exit"', 'direction = "out"', "direction: Invalid enum value 'out'; expected one of exit, entry"),
        ('station = "tz-tunduma-lane1"', 'station = "Lane 1"', "station:"),
        ("port = 8883", "tls = false", "only for the loopback address, not for mqtt.headquarters.example"),
        ("[window]", "[window", "is not TOML"),
    ],
)
def test_a_mistake_is_answered_with_the_file_the_place_and_what_was_expected(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    text = (CONFIG / "lane.toml").read_text()
    assert was in text
    wrong = tmp_path / "lane.toml"
    wrong.write_text(text.replace(was, becomes, 1))
    with pytest.raises(SettingsWrong) as why:
        load(wrong, LaneSettings)
    assert str(wrong) in str(why.value)
    assert said in str(why.value)


def test_a_file_that_is_not_there_says_where_an_example_is(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="no such file; an example lies in config/"):
        load(tmp_path / "none.toml", LaneSettings)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_settings_or_a_clear_refusal(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lane.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsWrong):
        load(path, LaneSettings)
