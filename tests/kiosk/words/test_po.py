"""Catalogues as a translator leaves them: what is read, and what is refused with the line and what was expected."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.words.catalogue import Plural, Status
from kiosk.words.po import PoWrong, parse

HEADER = 'msgid ""\nmsgstr ""\n"Language: sw\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'


def catalogue(entries: str) -> str:
    return f"{HEADER}\n{entries}\n"


def test_a_sentence_is_read_with_its_status_and_what_was_noted_beside_it() -> None:
    found = parse(catalogue('# status: draft, needs a speaker\n#: kiosk/views/traveller.py\nmsgid "welcome"\nmsgstr "Karibu"'))
    entry = found.entries["welcome"]
    assert (found.language, found.plural) == ("sw", Plural.NOT_ONE)
    assert (entry.forms, entry.status, entry.note) == (("Karibu",), Status.DRAFT, "needs a speaker")


def test_a_long_sentence_may_be_written_over_several_lines_with_escapes() -> None:
    found = parse(catalogue('# status: draft\nmsgid "a"\nmsgstr ""\n"Kila \\"nchi\\"\\n"\n"huhifadhi \\\\ yake"'))
    assert found.entries["a"].forms == ('Kila "nchi"\nhuhifadhi \\ yake',)


def test_both_plural_forms_are_read() -> None:
    entry = '# status: draft\nmsgid "people"\nmsgid_plural "people"\nmsgstr[0] "Mtu {count}"\nmsgstr[1] "Watu {count}"'
    assert parse(catalogue(entry)).entries["people"].forms == ("Mtu {count}", "Watu {count}")


def test_a_review_names_its_day_and_who_read_it() -> None:
    found = parse(catalogue('# status: reviewed 2027-01-15 by A. B.\nmsgid "a"\nmsgstr "b"'))
    assert found.entries["a"].status is Status.REVIEWED


def test_a_heading_between_entries_is_passed_over() -> None:
    assert list(parse(catalogue('# ---- Headings\n\n# status: draft\nmsgid "a"\nmsgstr "b"')).entries) == ["a"]


REFUSED = {
    "a review that nobody made": ('# status: reviewed\nmsgid "a"\nmsgstr "b"', "names its day and who"),
    "no status": ('msgid "a"\nmsgstr "b"', "expected one comment '# status: draft'"),
    "an unknown status": ('# status: perfect\nmsgid "a"\nmsgstr "b"', "expected one comment"),
    "two statuses": ('# status: draft\n# status: draft\nmsgid "a"\nmsgstr "b"', "expected one comment"),
    "no words": ('# status: draft\nmsgid "a"\nmsgstr ""', "has no words"),
    "half a plural": ('# status: draft\nmsgid "a"\nmsgid_plural "a"\nmsgstr[0] "b"', "has no words"),
    "the same key twice": ('# status: draft\nmsgid "a"\nmsgstr "b"\n\n# status: draft\nmsgid "a"\nmsgstr "c"', "was there before"),
    "entries that run together": ('# status: draft\nmsgid "a"\nmsgstr "b"\nmsgid "c"\nmsgstr "d"', "blank line"),
    "a missing quote": ('# status: draft\nmsgid "a"\nmsgstr "b', "expected a comment"),
    "words before any keyword": ('"lost"', "expected a comment"),
    "an unknown escape": ('# status: draft\nmsgid "a"\nmsgstr "\\x"', "no escape"),
    "an open brace": ('# status: draft\nmsgid "a"\nmsgstr "{count"', "braces"),
    "a value without a name": ('# status: draft\nmsgid "a"\nmsgstr "{}"', "a name between braces"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_catalogue_is_refused_with_the_line_and_what_was_expected(name: str) -> None:
    entry, says = REFUSED[name]
    with pytest.raises(PoWrong, match=re.escape(says)) as caught:
        parse(catalogue(entry))
    assert re.match(r"line \d+: ", str(caught.value))


@pytest.mark.parametrize(
    "header", ["", 'msgid ""\nmsgstr ""\n', HEADER.replace("n != 1", "n % 7"), HEADER.replace("Language: sw", "Language:")]
)
def test_a_header_says_which_language_it_is_and_how_it_counts(header: str) -> None:
    with pytest.raises(PoWrong, match="header"):
        parse(f'{header}\n# status: draft\nmsgid "a"\nmsgstr "b"')


LINES = st.sampled_from(
    [
        "",
        "#",
        "# status: draft",
        "# status: reviewed",
        'msgid "a"',
        'msgid "b"',
        'msgid_plural "b"',
        'msgstr "x{n}"',
        'msgstr[0] "x"',
        'msgstr[1] "y"',
    ]
    + ['"more\\n"', '"\\', "msgstr", 'msgstr "{"', 'msgstr "\\q"', "﻿", '\x00"', *HEADER.split("\n")]
)


@given(st.one_of(st.text(), st.lists(LINES).map("\n".join), st.lists(LINES).map(lambda lines: catalogue("\n".join(lines)))))
def test_whatever_stands_in_a_file_it_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except PoWrong:
        return
    assert all(entry.forms and all(entry.forms) for entry in found.entries.values())
