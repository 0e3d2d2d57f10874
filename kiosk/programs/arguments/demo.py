"""`mpaka demo`."""

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--out", type=Path, default=Path("demo-output"), help="where everything goes; default: %(default)s")
    parser.add_argument("--play", action="store_true", help="play three crossings by script even where there is a display")


def run(chosen: argparse.Namespace) -> int:
    """Play it."""
    from kiosk.programs import demo

    return demo.run(chosen.out.resolve(), play=chosen.play)
