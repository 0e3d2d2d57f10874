"""The command line of Mpaka. It only reads what is wanted; the programs live in `kiosk/programs`, what each takes in `programs/arguments`."""

import argparse
import logging
import sys
from collections.abc import Sequence

from kiosk.broker import NoBroker
from kiosk.headquarters.commands import OrderWrong
from kiosk.headquarters.database import StoreFailed, StoreUnusable
from kiosk.journal.rows import JournalUnusable
from kiosk.link.connection import Unreachable
from kiosk.programs.arguments import COMMANDS, HEADINGS
from kiosk.programs.arguments.common import grouped
from kiosk.sealing.key_set import KeysWrong
from kiosk.settings import SettingsWrong
from kiosk.sign_on import StaffListWrong
from kiosk.words.shelf import WordsWrong

# What a station cannot start on: each of these says in words what to do
CANNOT_START = (
    SettingsWrong,
    KeysWrong,
    StaffListWrong,
    JournalUnusable,
    StoreUnusable,
    StoreFailed,
    WordsWrong,
    Unreachable,
    NoBroker,
    OrderWrong,
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mpaka", description="Open software of the border post.")
    grouped(parser, COMMANDS, HEADINGS)
    commands = parser.add_subparsers(dest="command", required=True, metavar="WORD", help="one of those below")
    for command in COMMANDS:
        made = commands.add_parser(command.name, description=command.what)
        command.arguments.add(made)
        made.set_defaults(chosen=command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    chosen = _parser().parse_args(arguments)
    if chosen.chosen.logs:
        logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    try:
        status: int = chosen.chosen.arguments.run(chosen)
    except CANNOT_START as why:
        print(f"mpaka {chosen.command}: {why}", file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
