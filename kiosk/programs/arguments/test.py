"""`mpaka test`."""

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER)


def run(chosen: argparse.Namespace) -> int:
    """Test."""
    from kiosk.programs import test

    return test.run(chosen.arguments)
