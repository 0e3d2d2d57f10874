"""`mpaka headquarters import`: visas and permits of another system."""

import argparse
from pathlib import Path

from kiosk.programs.arguments.common import opened


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV with a line of names, or JSON lines (.jsonl, .ndjson)")
    opened(parser, "--into", "into")
    parser.add_argument("--kind", choices=("visas", "permits"), required=True)
    parser.add_argument("--skip-bad", action="store_true", help="take the good lines in; without it one bad line keeps all out")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be taken in")


def run(chosen: argparse.Namespace) -> int:
    """Import."""
    from kiosk.programs import importing

    return importing.run(chosen.file, chosen.into, chosen.kind, chosen.skip_bad, chosen.dry_run)
