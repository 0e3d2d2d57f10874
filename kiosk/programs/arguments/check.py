"""`mpaka check`."""

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("--settings", type=Path, default=Path("/etc/mpaka/lane.toml"), help="of a lane or a console; default: %(default)s")
    parser.add_argument("--device", metavar="NAME", help="the acceptance trial of one device of a lane, such as passport_reader")


def run(chosen: argparse.Namespace) -> int:
    """Look, and say."""
    from kiosk.programs import check

    if chosen.device:
        return check.run_trial(chosen.settings, chosen.device, check.at_terminal())
    return check.run(chosen.settings)
