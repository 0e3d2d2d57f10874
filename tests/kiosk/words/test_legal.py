"""Legal texts: what the product ships is a sample, and no real traveller is served under a sample."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.words.catalogue import LANGUAGES
from kiosk.words.legal import LegalName, LegalText, LegalWrong, missing_for_live, parse, required
from kiosk.words.shelf import HOME, WordsWrong, clip_shelf, load_legal

SAMPLES = load_legal()
OWN = LegalText(LegalName.PRIVACY, "sw", False, "Utopia", "3", "2026-11-01", "Taarifa", ("Moja", "Mbili"), "Yote")


def written(text: LegalText) -> str:
    lines = ", ".join(f'"{line}"' for line in text.lines)
    return (
        f"sample = {str(text.sample).lower()}\nstate = '{text.state}'\nversion = '{text.version}'\ndate = '{text.date}'\n"
        f"title = '{text.title}'\nlines = [{lines}]\ntext = '{text.text}'\n"
    )


def test_every_text_is_there_in_every_language_and_says_that_it_is_a_sample() -> None:
    assert set(SAMPLES) == set(required(LANGUAGES))
    assert all(text.sample and not text.state and not text.version and not text.date for text in SAMPLES.values())


def test_a_lane_with_nothing_but_samples_may_not_serve_real_travellers() -> None:
    lacks = missing_for_live(SAMPLES, required(["sw", "en"]))
    assert len(lacks) == 8
    assert lacks[0] == "privacy.sw.toml is a SAMPLE"


def test_a_lane_whose_state_has_written_everything_may() -> None:
    texts = {(name, "sw"): replace(OWN, name=name) for name in LegalName}
    assert missing_for_live(texts, required(["sw"])) == []
    assert missing_for_live(texts, required(["sw", "en"])) == [f"{name}.en.toml is not there" for name in LegalName]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (replace(OWN, sample=True), "is a SAMPLE"),
        (replace(OWN, state=""), "has no state"),
        (replace(OWN, version="", date=""), "has no version, date"),
        (replace(OWN, date="1 Nov 2026"), "has a date that is not written as 2027-01-15"),
        (replace(OWN, lines=()), "has no lines for the screen"),
    ],
)
def test_a_text_that_is_not_law_yet_is_named_with_what_it_lacks(text: LegalText, says: str) -> None:
    assert missing_for_live({(text.name, "sw"): text}, [(text.name, "sw")]) == [f"privacy.sw.toml {says}"]


def test_the_states_own_text_stands_in_place_of_the_sample(tmp_path: Path) -> None:
    (tmp_path / "privacy.sw.toml").write_text(written(OWN), encoding="utf-8")
    texts = load_legal(tmp_path)
    assert texts[LegalName.PRIVACY, "sw"] == OWN
    assert texts[LegalName.PRIVACY, "en"].sample
    assert load_legal(tmp_path / "missing") == SAMPLES


def test_a_date_may_be_written_as_a_date() -> None:
    assert parse(LegalName.PRIVACY, "sw", written(OWN).replace("'2026-11-01'", "2026-11-01")) == OWN


def test_the_samples_voice_never_reads_the_states_own_text(tmp_path: Path) -> None:
    (tmp_path / "privacy.sw.toml").write_text(written(OWN), encoding="utf-8")
    clip_path = clip_shelf(tmp_path)
    assert clip_path("sw", OWN.clip(1)) is None
    assert clip_path("en", OWN.clip(1)) == HOME / "clips" / "en" / "legal_privacy_1.ogg"
    own = tmp_path / "clips" / "sw" / "legal_privacy_1.ogg"
    own.parent.mkdir(parents=True)
    own.touch()
    assert clip_path("sw", OWN.clip(1)) == own


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("sample = false\n", ""), "exactly these keys"),
        (("sample = false", "sample = 'no'"), "true or false"),
        (("title = 'Taarifa'", "title = ''"), "may not be empty"),
        (("version = '3'", "version = 3"), "version: expected a text"),
        (('["Moja", "Mbili"]', '["1", "2", "3", "4"]'), "at most 3"),
        (('["Moja", "Mbili"]', "'Moja'"), "at most 3"),
        (("sample", "= sample"), "is not TOML"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_with_file_and_reason(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    (tmp_path / "privacy.sw.toml").write_text(written(OWN).replace(*change), encoding="utf-8")
    with pytest.raises(WordsWrong, match=rf"privacy\.sw\.toml: .*{says}"):
        load_legal(tmp_path)


def test_a_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "privacy.sw.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WordsWrong, match="cannot be read"):
        load_legal(tmp_path)


KEYS = st.sampled_from(["sample", "title", "lines", "date"])
VALUES = st.sampled_from(["true", "[]", "''", "1", "2027-01-01", "[1]"])
TABLES = st.dictionaries(KEYS, VALUES).map(lambda table: "".join(f"{key} = {value}\n" for key, value in table.items()))


@given(st.one_of(st.text(), TABLES))
def test_whatever_a_state_writes_it_is_read_or_refused(toml: str) -> None:
    try:
        parse(LegalName.FEES, "en", toml)
    except LegalWrong as why:
        assert str(why)
