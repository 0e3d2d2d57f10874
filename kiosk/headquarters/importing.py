"""Taking visas and permits in: known by number and issuer, so the same file again changes nothing. They stay at headquarters; no lane is sent any."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import islice

from kiosk.crossings.permits import Permit, PermitKind
from kiosk.headquarters.opened import Opened

AT_ONCE = 500
_COLUMNS = "number, issuer, document_state, document_number, category, valid_from, valid_until, status, ended, replaced_by"
_UPSERT = (
    f"INSERT INTO permit (kind, {_COLUMNS}, imported) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, issuer, number) DO UPDATE SET"
    + ", ".join(f" {name} = excluded.{name}" for name in [*_COLUMNS.split(", ")[2:], "imported"])
)
_Fields = tuple[str, ...]


@dataclass(frozen=True)
class Taken:
    """How many were new, changed, and there already as they are."""

    new: int = 0
    changed: int = 0
    same: int = 0


def take(opened: Opened, kind: PermitKind, permits: Sequence[Permit], now: str, dry: bool = False) -> Taken:
    """Take these in, all or none; with `dry` it is only counted. Raises StoreFailed."""
    taken = Taken()
    if dry:
        for portion in _portions(permits):
            taken = _counted(taken, *_told_apart(opened, kind, portion))
        return taken
    with opened.transaction():
        opened.database.writes_alone()
        for portion in _portions(permits):
            wanted, known = _told_apart(opened, kind, portion)
            taken = _counted(taken, wanted, known)
            changed = [fields for fields in wanted if known.get((fields[1], fields[0])) != fields]
            opened.database.execute_many(_UPSERT, [(kind, *fields, now) for fields in changed])
            _told(opened, [*changed, *(known[(fields[1], fields[0])] for fields in changed if (fields[1], fields[0]) in known)])
    return taken


def _told_apart(opened: Opened, kind: PermitKind, portion: Sequence[Permit]) -> tuple[list[_Fields], dict[tuple[str, str], _Fields]]:
    """What is wanted, and what is known of it by issuer and number."""
    sql = f"SELECT {_COLUMNS} FROM permit WHERE kind = '{kind}' AND (issuer, number) IN ({{rows}})"
    found = opened.database.execute_with(sql, [(permit.issuer, permit.number) for permit in portion])
    return [_fields(permit) for permit in portion], {(row[1], row[0]): tuple(row) for row in found}


def _counted(taken: Taken, wanted: list[_Fields], known: dict[tuple[str, str], _Fields]) -> Taken:
    there = [known.get((fields[1], fields[0])) for fields in wanted]
    same = sum(one == fields for one, fields in zip(there, wanted, strict=True))
    new = there.count(None)
    return Taken(taken.new + new, taken.changed + len(wanted) - new - same, taken.same + same)


def _told(opened: Opened, changed: Sequence[_Fields]) -> None:
    """Crossings with these travel documents may say something else now, so they have changed."""
    documents = sorted({(fields[2], fields[3]) for fields in changed})
    sql = "SELECT record_hash, member FROM crossing WHERE (document_state, document_number) IN ({rows}) ORDER BY change"
    opened.touch([(record_hash, member) for record_hash, member in opened.database.execute_with(sql, documents)])


def _fields(permit: Permit) -> _Fields:
    return tuple("" if value is None else str(value) for value in astuple(permit))


def _portions(permits: Sequence[Permit]) -> Iterator[list[Permit]]:
    left = iter(permits)
    while portion := list(islice(left, AT_ONCE)):
        yield portion
