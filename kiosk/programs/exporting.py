"""`mpaka headquarters export`: a file for another system, whole, and the cursor to go on from."""

import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk.clock import utc_text
from kiosk.crossings.columns import COLUMNS, ColumnUnknown, chosen
from kiosk.headquarters.database import StoreFailed
from kiosk.headquarters.exporting import ExportFailed, Format, Wanted, export, written
from kiosk.headquarters.opened import Opened
from kiosk.settings import SettingsWrong


@dataclass(frozen=True)
class ExportPlan:
    """What the command line asks for. `out` None is standard output."""

    source: str
    form: str
    after: int
    cursor_file: Path | None
    since: str
    until: str
    posts: tuple[str, ...]
    columns: tuple[str, ...]
    out: Path | None


def run(plan: ExportPlan) -> int:
    """Export. Returns the exit status. Raises SettingsWrong, StoreUnusable."""
    after = plan.after if plan.cursor_file is None else _cursor(plan.cursor_file)
    wanted = Wanted(after, moment("--since", plan.since), moment("--until", plan.until), plan.posts)
    try:
        columns = chosen(plan.columns) if plan.columns else COLUMNS
        with closing(Opened(plan.source, make=False)) as opened:
            count, cursor = export(opened, wanted, Format(plan.form), plan.out, columns)
        if plan.cursor_file is not None:
            # after the export is in its place: cut off between the two, the same rows come once more, and none is missed
            with written(plan.cursor_file) as file:
                file.write(f"{cursor}\n")
    except (ColumnUnknown, StoreFailed, ExportFailed) as why:
        print(f"mpaka headquarters export: {why}", file=sys.stderr)
        return 1
    print(f"{count} rows; go on with --after {cursor}", file=sys.stderr)
    return 0


def moment(name: str, text: str) -> str:
    """A day or a moment as `time` has it; a day begins at midnight UTC. Raises SettingsWrong."""
    if not text:
        return ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsWrong(f'{name} "{text}": is neither a day, 2026-12-01, nor a moment, 2026-12-01T08:00:00Z') from None
    return utc_text(found if found.tzinfo else found.replace(tzinfo=UTC))


def _cursor(path: Path) -> int:
    try:
        return int(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError) as why:
        raise SettingsWrong(f"--cursor-file {path}: holds no cursor ({type(why).__name__}); remove it to begin anew") from None
