"""`mpaka test`."""

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="given to pytest as they are, as in tests/kiosk/link -x")


def run(chosen: argparse.Namespace) -> int:
    """Test."""
    from kiosk.programs import test

    return test.run(chosen.arguments)
