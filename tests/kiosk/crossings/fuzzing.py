"""Files of visas with harm, as CSV and as JSON lines: read, told line by line, or refused as a whole."""

import json
import random

from kiosk.crossings.importing import FileUnreadable, read_file
from tests.fuzzing import Parser, spoiled

HEAD = ("number", "issuer", "document_state", "document_number", "category", "valid_from", "valid_until", "status", "ended", "replaced_by")
ROWS = (
    ("V-1", "UTO", "UTO", "L898902C3", "visit", "2026-06-01", "2026-12-31", "valid", "", ""),
    ("V-2", "UTO", "D", "X1", 'a "b", c', "2026-06-01", "2026-12-31", "replaced", "2026-07-01", "V-3"),
)
CSV = (",".join(HEAD) + "\r\n" + "\r\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in ROWS)).encode()
LINES = "\n".join(json.dumps(dict(zip(HEAD, row, strict=True))) for row in ROWS).encode()


def visas(dice: random.Random) -> bool:
    """One such file; whether all of it was good."""
    json_lines = dice.random() < 0.5
    try:
        found = read_file(spoiled(LINES if json_lines else CSV, dice), json_lines)
    except FileUnreadable:
        return False
    assert all(wrong.line >= 1 and wrong.why for wrong in found.wrong)
    return bool(found.permits) and not found.wrong


PARSERS: dict[str, Parser] = {"visas": visas}
