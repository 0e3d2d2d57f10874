"""`mpaka headquarters export`: opened crossings for another system, as CSV or JSON lines."""

import argparse
from pathlib import Path

from kiosk.programs.arguments.common import opened


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    opened(parser, "--from", "source")
    parser.add_argument("--format", choices=("csv", "jsonl"), default="csv", help="default: %(default)s")
    parser.add_argument("--after", metavar="CURSOR", type=int, help="only what changed after this cursor; 0, the default, is everything")
    parser.add_argument("--cursor-file", metavar="FILE", type=Path, help="go on from the cursor in this file, and keep the next one in it")
    parser.add_argument("--since", metavar="TIME", default="", help="crossings from then on: 2026-12-01, or 2026-12-01T08:00:00Z")
    parser.add_argument("--until", metavar="TIME", default="", help="crossings before then")
    parser.add_argument("--post", action="append", default=[], help="only of this post, as tz-tunduma; may be given several times")
    parser.add_argument("--columns", default="", help="columns and groups of columns, with commas between; default: all")
    parser.add_argument("--out", metavar="FILE", required=True, help="the file to write, whole or not at all; - for standard output")
    parser.set_defaults(wrong=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Export."""
    from kiosk.programs import exporting

    if chosen.after is not None and chosen.cursor_file:
        chosen.wrong("--after and --cursor-file both say where to go on: give one of them")
    plan = exporting.ExportPlan(
        source=chosen.source,
        form=chosen.format,
        after=chosen.after or 0,
        cursor_file=chosen.cursor_file,
        since=chosen.since,
        until=chosen.until,
        posts=tuple(chosen.post),
        columns=tuple(filter(None, chosen.columns.split(","))),
        out=None if chosen.out == "-" else Path(chosen.out),
    )
    return exporting.run(plan)
