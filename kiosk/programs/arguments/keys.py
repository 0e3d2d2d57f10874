"""`mpaka keys`."""

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    parser.add_argument("--lanes", nargs="+", default=["tz-tunduma-lane1"])
    parser.add_argument("--consoles", nargs="+", default=["tz-tunduma-console1"])
    parser.add_argument("--headquarters", default="tz-hq-headquarters1")


def run(chosen: argparse.Namespace) -> int:
    """Make them."""
    from kiosk.programs import keys

    return keys.run(chosen.out, chosen.lanes, chosen.consoles, chosen.headquarters)
