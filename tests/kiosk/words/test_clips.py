"""Every sentence is spoken, or stands on the list of what a person has to record."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.words.catalogue import Catalogue, Entry, Plural, Status, Words
from kiosk.words.clips import (
    Clip,
    ClipsWrong,
    Made,
    hash_of,
    parse_clips,
    parse_to_record,
    stale,
    to_speak,
    write_clips,
    write_to_record,
)
from kiosk.words.shelf import HOME, clip_shelf, load_clips, load_legal, load_to_record, load_words

SPOKEN, CLIPS, TO_RECORD = to_speak(load_words(), load_legal()), load_clips(), load_to_record()
MOST_BYTES = 8_000_000


def test_every_sentence_has_a_clip_or_is_to_be_recorded_and_never_both() -> None:
    assert set(CLIPS) | set(TO_RECORD) == set(SPOKEN)
    assert not set(CLIPS) & set(TO_RECORD)


def test_what_is_to_be_recorded_is_listed_with_its_words() -> None:
    assert all(SPOKEN[wanted] == words for wanted, words in TO_RECORD.items())


def test_no_clip_says_what_its_sentence_no_longer_says() -> None:
    assert stale(SPOKEN, CLIPS) == [], "run: python -m kiosk.words.speak"


def test_no_voice_pretends_to_speak_chichewa() -> None:
    assert not [name for (language, name), clip in CLIPS.items() if language == "ny" and clip.made is Made.SYNTHETIC]


def test_a_changed_sentence_makes_its_clip_stale() -> None:
    clips = {("sw", "welcome"): Clip(Made.RECORDED, hash_of("Karibu")), ("sw", "gone"): Clip(Made.SYNTHETIC, hash_of("x"))}
    assert stale({("sw", "welcome"): "Karibuni"}, clips) == [
        "sw/welcome: recorded, and the sentence has changed since",
        "sw/gone: nothing is said by it any more",
    ]


def test_every_clip_lies_in_the_tree_and_nothing_else_does() -> None:
    lying = {(path.parent.name, path.stem) for path in (HOME / "clips").rglob("*") if path.is_file()}
    assert lying == set(CLIPS)


def test_every_clip_is_ogg_vorbis_in_one_channel() -> None:
    for (language, name), _ in sorted(CLIPS.items()):
        start = (HOME / "clips" / language / f"{name}.ogg").read_bytes()[:64]
        # RFC 3533 page header (27 bytes and one segment size), then the identification header of Vorbis I, 4.2.2
        assert start[:4] == b"OggS" and start[28:35] == b"\x01vorbis", (language, name)
        assert start[39] == 1, (language, name)


def test_all_clips_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in (HOME / "clips").rglob("*.ogg")) <= MOST_BYTES


def test_a_text_is_cut_at_its_values_and_each_stretch_is_spoken_alone() -> None:
    entries = [Entry("turn", ("Now {who}: {at} of {count}",), Status.DRAFT), Entry("lay", ("The side with arrows <<<",), Status.DRAFT),
               Entry("row_name", ("Name",), Status.DRAFT), Entry("officer_clear", ("Clear",), Status.DRAFT)]  # fmt: skip
    words = Words({"en": Catalogue("en", Plural.NOT_ONE, {entry.key: entry for entry in entries})})
    assert to_speak(words, {}) == {
        ("en", "turn"): "Now", ("en", "turn-part2"): "of", ("en", "lay"): "The side with arrows",
    }  # fmt: skip


def test_whoever_asks_for_a_clip_gets_its_file_or_nothing() -> None:
    clip_path = clip_shelf()
    path = clip_path("sw", "welcome")
    assert path is not None and path.is_file()
    assert clip_path("ny", "welcome") is None
    assert clip_path("xx", "../../welcome") is None


@pytest.mark.parametrize(
    "toml",
    ["= 3", "sw = 1", "[sw]\nwelcome = 1", '[sw]\nwelcome = "sung 0123456789ab"', '[sw]\nwelcome = "synthetic 12"', '[sw]\nwelcome = ""'],
)
def test_a_list_of_clips_that_was_edited_wrongly_is_refused(toml: str) -> None:
    with pytest.raises(ClipsWrong):
        parse_clips(toml)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["en", "sw"]), st.sampled_from(["a", "b-part2", "number_7"])),
        st.text(st.characters(exclude_categories=["C"])),
    )
)
def test_what_is_written_to_a_list_is_read_from_it(spoken: dict[tuple[str, str], str]) -> None:
    assert parse_to_record(write_to_record(spoken)) == spoken
    clips = {wanted: Clip(Made.RECORDED, hash_of(words)) for wanted, words in spoken.items()}
    assert parse_clips(write_clips(clips)) == clips


def test_the_clips_have_names_that_any_disk_can_hold(tmp_path: Path) -> None:
    for language, name in SPOKEN:
        (tmp_path / f"{language}-{name}.ogg").touch()
    assert len({f"{language}-{name}".lower() for language, name in SPOKEN}) == len(SPOKEN)
