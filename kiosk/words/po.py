"""A gettext catalogue (.po) as text -> `Catalogue`. PURE. The form is that of the GNU gettext manual, "The Format of PO Files".

Keys stand as msgid. Above each entry stands how far it has come: `# status: draft`, `# status: draft, needs a speaker`, or, once
somebody has read it, `# status: reviewed 2027-01-15 by A. B.`
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kiosk.words.catalogue import Catalogue, Entry, Plural, Status, fields

STATUS = re.compile(r"#\s*status:\s*(\w+)\W*(.*)$")
REVIEW = re.compile(r"\d{4}-\d{2}-\d{2} by \S.*")
KEYWORD = re.compile(r'(msgid|msgid_plural|msgstr|msgstr\[[0-9]\])\s+(".*")\s*$')
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*$')
HEADER_FIELD = re.compile(r"^([\w-]+):\s*(.*)$", re.MULTILINE)
PLURAL = re.compile(r"nplurals=2; plural=\((n (?:!=|>) 1)\);?$")
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class PoWrong(ValueError):
    """A catalogue that cannot be read; the text says in which line, and what was expected."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")


@dataclass
class _Block:
    """One entry as it stands in the file, from the line where it begins."""

    line: int
    comments: list[str] = field(default_factory=list)
    strings: dict[str, str] = field(default_factory=dict)


def parse(text: str) -> Catalogue:
    """Read a whole catalogue. Raises PoWrong."""
    blocks = list(_blocks(text))
    if not blocks or blocks[0].strings.get("msgid") != "":
        raise PoWrong(1, 'expected the header first: msgid "" with its fields as msgstr')
    header = dict(HEADER_FIELD.findall(blocks[0].strings.get("msgstr", "")))
    # the rule is looked up and never evaluated: a catalogue comes from outside
    plural = PLURAL.match(header.get("Plural-Forms", ""))
    if not header.get("Language") or plural is None:
        raise PoWrong(1, "the header needs Language and Plural-Forms; known plurals: nplurals=2; plural=(n != 1); or (n > 1);")
    entries: dict[str, Entry] = {}
    for block in blocks[1:]:
        entry = _entry(block)
        if entry.key in entries:
            raise PoWrong(block.line, f"{entry.key!r} was there before")
        entries[entry.key] = entry
    return Catalogue(header["Language"], Plural(plural[1]), entries)


def _blocks(text: str) -> Iterator[_Block]:
    """Entries are set apart by blank lines."""
    block, last = _Block(1), ""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped:
            if block.strings:
                yield block
            # a comment that stands alone belongs to nothing
            block, last = _Block(number + 1), ""
        elif stripped.startswith("#"):
            block.comments.append(stripped)
        else:
            last = _string(block, last, stripped, number)
    if block.strings:
        yield block


def _string(block: _Block, last: str, line: str, number: int) -> str:
    """Take one line of strings into the block; the keyword it belongs to is what a continued line goes on with."""
    keyword = KEYWORD.match(line)
    quoted = QUOTED.match(keyword[2] if keyword else line)
    if quoted is None or not (keyword or last):
        raise PoWrong(number, 'expected a comment, msgid "...", msgstr "..." or a continued "..."')
    name = keyword[1] if keyword else last
    if keyword and name in block.strings:
        raise PoWrong(number, f"a second {name} in one entry; set entries apart with a blank line")
    block.strings[name] = block.strings.get(name, "") + _unescaped(quoted[1], number)
    return name


def _unescaped(text: str, number: int) -> str:
    def character(found: re.Match[str]) -> str:
        if found[1] not in ESCAPES:
            raise PoWrong(number, f"\\{found[1]} is no escape that is known here")
        return ESCAPES[found[1]]

    return re.sub(r"\\(.)", character, text)


def _entry(block: _Block) -> Entry:
    key = block.strings.get("msgid", "")
    # a key is not a sentence, so that msgid_plural says nothing but that there are two forms
    names = ("msgstr[0]", "msgstr[1]") if "msgid_plural" in block.strings else ("msgstr",)
    forms = tuple(block.strings.get(name, "") for name in names)
    if not key or not all(form.strip() for form in forms):
        raise PoWrong(block.line, f"{key!r} has no words; expected {' and '.join(names)}")
    try:
        wanted = [fields(form) for form in forms]
    except ValueError:
        raise PoWrong(block.line, f"{key!r}: braces that do not match") from None
    if any(not name.isidentifier() for names in wanted for name in names):
        raise PoWrong(block.line, f"{key!r}: expected a name between braces")
    status, note = _status(block, key)
    return Entry(key, forms, status, note)


def _status(block: _Block, key: str) -> tuple[Status, str]:
    found = [match for comment in block.comments if (match := STATUS.match(comment))]
    if len(found) != 1 or found[0][1] not in tuple(Status):
        raise PoWrong(block.line, f"{key!r}: expected one comment '# status: draft' or '# status: reviewed 2027-01-15 by A. B.'")
    status, note = Status(found[0][1]), found[0][2].strip()
    if status is Status.REVIEWED and not REVIEW.fullmatch(note):
        raise PoWrong(block.line, f"{key!r}: a review names its day and who read it: '# status: reviewed 2027-01-15 by A. B.'")
    return status, note
