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
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--lane", help="whose records these are, as in tz-tunduma-lane1; a lane that is new to the founding is added to it")
    who.add_argument("--lanes", type=int, metavar="N", help="be a fleet of so many lanes, each with a line and a status of its own")
    parser.add_argument("--records", type=int, help="how many in all; started again with the same arguments it goes on where it stopped")
    parser.add_argument("--seconds", type=float, help="with --lanes: record for so long, in place of --records or at most")
    parser.add_argument(
        "--rate",
        type=float,
        default=10.0,
        help="records a second, of all lanes together; one lane, 0: as fast as the disk allows; a "
        "fleet, 0: statuses alone; default: %(default)s",
    )
    needs("--ledger", "a file: each record's id, at the moment when a traveller would be told that it is done", Path)
    needs("--state", "a folder for the lane's journal, or the fleet's outbox", Path)
    parser.add_argument(
        "--watch",
        action="append",
        default=[],
        metavar="NAME=PID",
        help="with --lanes: tell this program's processor time too, as in broker=1234",
    )
    founded(parser)
    parser.set_defaults(wrong=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Be that lane, or that fleet."""
    place = founding(chosen)
    if chosen.lanes is not None:
        from kiosk.fleet.watched import Watched, parse_watched
        from kiosk.programs import fleet

        watched = Watched(parse_watched(chosen.watch))
        wanted = fleet.plan(
            place, chosen.lanes, chosen.broker, chosen.tls, chosen.records, chosen.seconds, chosen.rate, chosen.ledger, chosen.state
        )
        return fleet.run(wanted, watched)
    if chosen.records is None or chosen.seconds is not None or chosen.watch:
        chosen.wrong("--lane needs --records; --seconds and --watch go with --lanes")
    from kiosk.programs import load

    return load.run(load.plan(place, chosen.lane, chosen.broker, chosen.tls, chosen.records, chosen.rate, chosen.ledger, chosen.state))
