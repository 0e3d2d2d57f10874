"""The command line of Mpaka."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mpaka", description="Open software of the border post.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def station(name: str, what: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=what, description=what)
        made.add_argument("--settings", type=Path, default=Path(f"/etc/mpaka/{name}.toml"), help="default: %(default)s")
        return made

    test = commands.add_parser(
        "test", help="run every check of the house", description="Run every check; with arguments, pytest alone with these."
    )
    test.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    chosen = _parser().parse_args(arguments)
    match chosen.command:
        case "test":
            from kiosk.programs import test

            return test.run(chosen.arguments)
    return 2


if __name__ == "__main__":
    sys.exit(main())
