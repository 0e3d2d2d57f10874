"""`mpaka headquarters`: alone it receives; with a word it does something beside the receiver. PARTS lists the words."""

import argparse

from kiosk.board.state import Shown
from kiosk.board.wanted import TROUBLE
from kiosk.programs.arguments import exporting, importing, opening, ordering, pulling, retention, rollouts
from kiosk.programs.arguments.common import Part, add_parts, founded, founding, port, run_part, settings, stored


def add(parser: argparse.ArgumentParser) -> None:
    """Its arguments, and those of its parts."""
    settings(parser, "headquarters")
    parser.add_argument("--broker", metavar="HOST:PORT", help="receive from here, for practice, without settings; needs --database")
    parser.add_argument("--database", metavar="URL", help="with --broker: sqlite:///FILE (relative), sqlite:////FILE, or postgresql://...")
    founded(parser)
    add_parts(parser, PARTS, HEADINGS, "without one: receive")


def run(chosen: argparse.Namespace) -> int:
    """Receive, or do the part that is named."""
    return run_part(chosen, PARTS, _receive)


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
    parser.add_argument("--port", type=port, metavar="N", default=8480, help="where on the loopback address; default: %(default)s")


def _board(chosen: argparse.Namespace) -> int:
    from kiosk.programs import board, headquarters

    return board.serve(headquarters.store_of(chosen.settings, chosen.database), chosen.port)


def _add_lanes(parser: argparse.ArgumentParser) -> None:
    stored(parser)
    parser.add_argument(
        "--show", default="", metavar="STATE", choices=["", TROUBLE, *Shown], help=f"only these: {', '.join([TROUBLE, *Shown])}"
    )


def _lanes(chosen: argparse.Namespace) -> int:
    from kiosk.programs import board, headquarters

    return board.print_lanes(headquarters.store_of(chosen.settings, chosen.database), chosen.show)


def _ids(chosen: argparse.Namespace) -> int:
    from kiosk.programs import headquarters

    return headquarters.list_ids(headquarters.store_of(chosen.settings, chosen.database))


def _add_gaps(parser: argparse.ArgumentParser) -> None:
    stored(parser)
    parser.add_argument("--accept", metavar="STATION", help="its rows from --first on never come: go on after them; the gap stays listed")
    parser.add_argument("--first", type=int, metavar="NUMBER", help="with --accept: the first number that is missing")


def _gaps(chosen: argparse.Namespace) -> int:
    from kiosk.programs import gaps, headquarters

    if (chosen.accept is None) is not (chosen.first is None):
        chosen.wrong("--accept and --first go together: whose rows are given up, and from which number on")
    store = headquarters.store_of(chosen.settings, chosen.database)
    return gaps.show(store) if chosen.accept is None else gaps.accept(store, chosen.accept, chosen.first)


PARTS = (
    Part("board", "serve the lane board", _add_board, _board),
    Part("lanes", "print the lane board", _add_lanes, _lanes),
    Part("ids", "print the ids of the stored records, one a line", stored, _ids),
    Part("gaps", "print which rows of a station are missing, or accept that they never come", _add_gaps, _gaps),
    Part("order", "order something of stations; signed with the authority's key or a delegate's", ordering.add_order, ordering.order),
    Part("commands", "print what was ordered, and what came of it", ordering.add_commands, ordering.commands),
    Part("rollout", "order one thing of many stations in stages, stopping on trouble", rollouts.add, rollouts.run),
    Part("manifest", "sign what a version's folder holds; for a rollout of it", rollouts.add_manifest, rollouts.manifest),
    Part("open", "open stored records, as JSON lines or into a second database; each opening is journalled", opening.add, opening.run),
    Part("export", "write opened crossings for another system, as CSV or JSON lines", exporting.add, exporting.run),
    Part("serve-export", "serve opened crossings to other systems that ask for them", pulling.add_server, pulling.serve),
    Part("clients", "who may ask `serve-export`: tokens, what each may see, until when", pulling.add_clients, pulling.clients),
    Part("import", "take visas or permits of another system in", importing.add, importing.run),
    Part("retention", "erase what is over its time, with proof", retention.add_retention, retention.retention),
    Part("erase", "erase one person's crossing, as the law orders it, with proof", retention.add_erase, retention.erase),
    Part("hold", "keep a record from being erased", retention.add_hold, retention.hold),
    Part("release", "let a held record be erased again", retention.add_hold, retention.release),
    Part(
        "proof", "print what the journal of erasures says of a record, or verify journals and chains", retention.add_proof, retention.proof
    ),
)
HEADINGS = {
    "board": "to look, beside the receiver",
    "order": "to order, with a key that the receiver does not have",
    "open": "to open, as another user, and to exchange with other systems",
    "retention": "to erase, and to prove it",
}
