"""`mpaka load`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from kiosk.programs.arguments.common import founded, founding


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""

    def needs(name: str, what: str, kind: Callable[[str], object] = str, metavar: str | None = None) -> None:
        parser.add_argument(name, required=True, type=kind, metavar=metavar, help=what)

    needs("--broker", "`mpaka broker` starts one here", metavar="HOST:PORT")
    needs("--lane", "whose records these are, as in tz-tunduma-lane1; a lane that is new to the founding is added to it")
    needs("--records", "how many; started again with the same arguments it goes on where it stopped", int)
    parser.add_argument("--rate", type=float, default=10.0, help="records a second; 0: as fast as the disk allows; default: %(default)s")
    needs("--ledger", "a file: each record's id, at the moment when a traveller would be told that it is done", Path)
    needs("--state", "a folder for the lane's journal", Path)
    founded(parser)


def run(chosen: argparse.Namespace) -> int:
    """Be that lane."""
    from kiosk.programs import load

    place = founding(chosen)
    return load.run(load.plan(place, chosen.lane, chosen.broker, chosen.tls, chosen.records, chosen.rate, chosen.ledger, chosen.state))
