"""The columns of a crossing, one row a traveller. PURE. Other systems rely on them: new ones may come at the end, none changes its meaning.

docs/systems-around.md lists them as they stand here; a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds. JSON is text that is a JSON object; an empty value is NULL, and in CSV nothing."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    JSON = "json"


class Group(StrEnum):
    """What a client may be let see together. `crossing` names nobody."""

    CROSSING = "crossing"
    DOCUMENT = "document"
    PERSON = "person"
    ANSWERS = "answers"
    CHECKS = "checks"
    DECISION = "decision"


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, the group that it belongs to, and what it means."""

    name: str
    kind: Kind
    group: Group
    what: str


def _of(group: Group, *columns: tuple[str, Kind, str]) -> tuple[Column, ...]:
    return tuple(Column(name, kind, group, what) for name, kind, what in columns)


T, I, R, J = Kind.TEXT, Kind.INTEGER, Kind.REAL, Kind.JSON  # noqa: E741  # the table below is read by its letters
COLUMNS: tuple[Column, ...] = (
    *_of(
        Group.CROSSING,
        ("change", I, "rises with each change of any row: the cursor"),
        ("record_id", T, "the record, one for a party; also the id of the case"),
        ("member", I, "0 is the traveller who drove the kiosk, 1 and on the others of the party"),
        ("station", T, "where it was recorded, as tz-tunduma-lane1"),
        ("post", T, "its post, as tz-tunduma"),
        ("direction", T, "entry or exit, seen from the state of the post"),
        ("time", T, "the station's time, UTC, RFC 3339"),
        ("time_source", T, "gps, ntp, headquarters, rtc, or unknown: then `time` proves nothing"),
        ("time_uncertainty_s", R, "by how many seconds `time` may be off; 1000000000 where it is unknown"),
        ("received", T, "when headquarters stored it, UTC"),
        ("sequence", I, "the record's number in the station's journal"),
        ("chain", T, "the id of that journal"),
        ("record_hash", T, "SHA-256 of the signed, sealed record, as the chain names it"),
        ("stored_apart", T, "why headquarters stored it apart (fork, id taken); empty: in its chain"),
        ("token", T, "what stands on the slip"),
        ("number", I, "the queue number"),
        ("language", T, "the language that was chosen"),
        ("papers", T, "what the traveller said to have: document, crew, border_pass, none_or_unsure"),
        ("help", T, "why an officer was asked to help, as a code"),
        ("party_size", I, "how many travellers the record has; 0: nobody was read"),
        ("relation", T, "to member 0: partner, child, parent, relative, other"),
        ("way", T, "ordinary, or short: a refugee's, a stateless person's or an emergency document"),
        ("erased", T, "when the person was erased: then all but the crossing's own columns are empty"),
    ),
    *_of(
        Group.DOCUMENT,
        ("document_layout", T, "TD1, TD2, TD3, MRVA, MRVB, FRID"),
        ("document_type", T, "the document code of the zone, as P"),
        ("document_state", T, "the issuing state, as in the zone (Doc 9303-3)"),
        ("document_number", T, "the document's number"),
        ("document_expiry", T, "ISO 8601, as far as the zone says"),
        ("border_pass", T, "the text of a border pass's code"),
        ("zone", T, "the lines of the zone, one a line"),
        ("document_source", T, "the kind of device that read it"),
        ("document_confirmed", I, "1: read twice alike, or confirmed by its own digits; 0: not"),
        ("visa", T, "at the crossing's date: valid, expired, cancelled, not_known, undetermined"),
        ("visa_number", T, "the visa that says so"),
        ("permit", T, "the same for permits"),
        ("permit_number", T, "the permit that says so"),
    ),
    *_of(
        Group.PERSON,
        ("surname", T, "as in the zone"),
        ("given_names", T, "as in the zone"),
        ("birth_date", T, "ISO 8601, as far as the zone says"),
        ("sex", T, "M, F or empty"),
        ("nationality", T, "as in the zone (Doc 9303-3)"),
        ("age", I, "whole years at the crossing, where they are determined"),
        ("face", T, "captured, or why not, as a code"),
        ("face_quality", I, "0 to 100, our own measure"),
        ("prints", J, "finger: captured, or why not"),
    ),
    *_of(Group.ANSWERS, ("answers", J, "question: answer, of the declaration")),
    *_of(
        Group.CHECKS,
        ("checks", J, "check: successful, failed, undetermined, not_supported, aborted"),
        ("checks_evidence", J, "check: why, where it was not successful"),
        ("checks_worst", T, "the most severe of them"),
    ),
    *_of(
        Group.DECISION,
        ("decision_code", T, "the first decision: its code"),
        ("decision_officer", T, "the officer's pseudonym"),
        ("decision_second_officer", T, "the second officer's, where there were two"),
        ("decision_console", T, "where it was made"),
        ("decision_time", T, "when it was recorded, UTC"),
        ("decision_conflict", I, "1: another decision differs from it, and the shift lead resolves it"),
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}
# What is worked out when it is asked for, and so is no column of the database
WORKED_OUT = frozenset({"visa", "visa_number", "permit", "permit_number"})
STORED = tuple(column for column in COLUMNS if column.name not in WORKED_OUT)
# What stays of a crossing whose person was erased: it says that somebody crossed, and nobody who
LEFT = frozenset(column.name for column in COLUMNS if column.group is Group.CROSSING) - {"token", "number", "language", "help", "relation"}


class ColumnUnknown(ValueError):
    """No column and no group has this name."""


def chosen(names: Iterable[str]) -> tuple[Column, ...]:
    """The columns that these names of columns and groups stand for, in their own order; those of `crossing` always. Raises ColumnUnknown."""
    wanted = {Group.CROSSING.value, *names}
    for name in wanted - set(Group):
        if name not in BY_NAME:
            raise ColumnUnknown(f'"{name}": no column or group; groups are {", ".join(Group)}, columns are in docs/systems-around.md')
    return tuple(column for column in COLUMNS if column.group in wanted or column.name in wanted)
