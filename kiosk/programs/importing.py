"""`mpaka headquarters import`: a file of visas or permits into the opened database."""

import sys
from contextlib import closing
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.crossings.importing import FileUnreadable, read_file, report
from kiosk.crossings.permits import PermitKind
from kiosk.headquarters.database import StoreFailed
from kiosk.headquarters.importing import take
from kiosk.headquarters.opened import Opened

JSON_LINES = (".jsonl", ".ndjson")
MOST_TOLD = 100


def run(file: Path, into: str, kind: str, skip_bad: bool, dry: bool) -> int:
    """Import. Returns the exit status: 1 where a line was bad, or nothing was taken in. Raises StoreUnusable."""
    try:
        found = read_file(file.read_bytes(), file.suffix.lower() in JSON_LINES)
        told = list(report(found.wrong))
        for line in told[:MOST_TOLD]:
            print(f"{file}: {line}", file=sys.stderr)
        if len(told) > MOST_TOLD:
            print(f"{file}: and {len(told) - MOST_TOLD} more", file=sys.stderr)
        if found.wrong and not skip_bad:
            return _refused(f"bad lines: {len(found.wrong)}, so nothing was taken in; mend them, or leave them out with --skip-bad")
        with closing(Opened(into)) as opened:
            taken = take(opened, PermitKind(kind), found.permits, SystemClock().now().text, dry)
    except OSError as why:
        return _refused(f"{file}: cannot be read ({type(why).__name__})")
    except FileUnreadable as why:
        return _refused(f"{file}: {why}")
    except StoreFailed as why:
        return _refused(str(why))
    said = "would be new" if dry else "new"
    print(f"{taken.new} {kind} {said}, {taken.changed} changed, {taken.same} as they were; {len(found.wrong)} bad lines left out")
    return 1 if found.wrong else 0


def _refused(why: str) -> int:
    print(f"mpaka headquarters import: {why}", file=sys.stderr)
    return 1
