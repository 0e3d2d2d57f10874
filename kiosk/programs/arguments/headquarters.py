"""`mpaka headquarters`: alone it receives; with a word it does something beside the receiver. PARTS lists the words."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.board.state import Shown
from kiosk.board.wanted import TROUBLE
from kiosk.programs.arguments import ordering, rollouts
from kiosk.programs.arguments.common import founded, founding, settings, stored


@dataclass(frozen=True)
class Part:
    """A word after `mpaka headquarters`."""

    name: str
    what: str
    add: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments, and those of its parts."""
    settings(parser, "headquarters")
    parser.add_argument("--broker", metavar="HOST:PORT", help="receive from here, for practice, without settings; needs --database")
    parser.add_argument("--database", metavar="URL", help="with --broker: sqlite:///FILE (relative), sqlite:////FILE, or postgresql://...")
    founded(parser)
    parts = parser.add_subparsers(dest="part", metavar="[PART]", help="without one: receive")
    for part in PARTS:
        part.add(parts.add_parser(part.name, help=part.what, description=part.what))
    parser.set_defaults(wrong=parser.error)


def run(chosen: argparse.Namespace) -> int:
    """Receive, or do the part that is named."""
    for part in PARTS:
        if part.name == chosen.part:
            return part.run(chosen)
    return _receive(chosen)


def _receive(chosen: argparse.Namespace) -> int:
    from kiosk.programs import headquarters

    if bool(chosen.broker) != bool(chosen.database):
        chosen.wrong("--broker and --database go together; without both the settings say where to receive from and where to store")
    if chosen.broker is None and (chosen.tls or chosen.founding):
        chosen.wrong("--tls and --founding go with --broker; without it the settings say so")
    if chosen.broker:
        return headquarters.run_practice(founding(chosen), chosen.broker, chosen.tls, chosen.database)
    return headquarters.run(chosen.settings)


def _add_board(parser: argparse.ArgumentParser) -> None:
    stored(parser)
    parser.add_argument("--port", type=int, default=8480, help="where on the loopback address; default: %(default)s")


def _board(chosen: argparse.Namespace) -> int:
    from kiosk.programs import board, headquarters

    return board.serve(headquarters.store_of(chosen.settings, chosen.database), chosen.port)


def _add_lanes(parser: argparse.ArgumentParser) -> None:
    stored(parser)
    parser.add_argument("--show", default="", choices=["", TROUBLE, *Shown], help="only those in this state, or `trouble`")


def _lanes(chosen: argparse.Namespace) -> int:
    from kiosk.programs import board, headquarters

    return board.print_lanes(headquarters.store_of(chosen.settings, chosen.database), chosen.show)


def _ids(chosen: argparse.Namespace) -> int:
    from kiosk.programs import headquarters

    return headquarters.list_ids(headquarters.store_of(chosen.settings, chosen.database))


def _add_open(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="URL", required=True, help="the receiver's folder, or the database that --database named")
    parser.add_argument("--key", type=Path, required=True, help="the opening key; never on the receiver")
    parser.add_argument("--operator", required=True, help="who opens, as a pseudonym")
    parser.add_argument("--reason", required=True, help="why; kept with each opening")
    parser.add_argument("--openings", type=Path, help="the folder of the journal of openings; default: beside a store that is a file")
    parser.add_argument("--pictures", type=Path, help="a folder for the pictures; without it they stay sealed")


def _open(chosen: argparse.Namespace) -> int:
    from kiosk.programs import headquarters

    store, journal = headquarters.named_store(chosen.store, chosen.openings)
    return headquarters.open_store(store, journal, chosen.key, chosen.operator, chosen.reason, chosen.pictures)


PARTS = (
    Part("board", "serve the lane board", _add_board, _board),
    Part("lanes", "print the lane board", _add_lanes, _lanes),
    Part("ids", "print the ids of the stored records, one a line", stored, _ids),
    Part("order", "order something of stations; signed with the authority's key or a delegate's", ordering.add_order, ordering.order),
    Part("commands", "print what was ordered, and what came of it", ordering.add_commands, ordering.commands),
    Part("rollout", "order one thing of many stations in stages, stopping on trouble", rollouts.add, rollouts.run),
    Part("manifest", "sign what a version's folder holds; for a rollout of it", rollouts.add_manifest, rollouts.manifest),
    Part("open", "print the stored records as JSON lines; each opening is journalled", _add_open, _open),
)
