"""The command line of Mpaka. It only reads what is wanted; the programs live in `kiosk/programs`."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from kiosk.board.state import Shown
from kiosk.board.wanted import TROUBLE
from kiosk.broker import NoBroker
from kiosk.headquarters.store import StoreUnusable
from kiosk.journal.rows import JournalUnusable
from kiosk.link.connection import Unreachable
from kiosk.sealing.key_set import KeysWrong
from kiosk.settings import SettingsWrong
from kiosk.sign_on import StaffListWrong
from kiosk.words.shelf import WordsWrong

# What a station cannot start on: each of these says in words what to do
CANNOT_START = (SettingsWrong, KeysWrong, StaffListWrong, JournalUnusable, StoreUnusable, WordsWrong, Unreachable, NoBroker)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mpaka", description="Open software of the border post.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, what: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=what, description=what)

    def station(name: str, what: str) -> argparse.ArgumentParser:
        made = command(name, what)
        made.add_argument("--settings", type=Path, default=Path(f"/etc/mpaka/{name}.toml"), help="default: %(default)s")
        return made

    demo = command("demo", "play the whole post on this machine, without hardware")
    demo.add_argument("--out", type=Path, default=Path("demo-output"), help="where everything goes; default: %(default)s")
    demo.add_argument("--play", action="store_true", help="play three crossings by script even where there is a display")
    test = command("test", "run every check of the house; with arguments, pytest alone with these")
    test.add_argument("arguments", nargs=argparse.REMAINDER)
    station("lane", "run a kiosk")
    station("console", "run an officer's console")
    _asks_headquarters(station("headquarters", "receive records of a state's stations, look at the stations, or open records"))
    _loads(command("load", "be a lane without a screen that sends synthetic records; for sizing and judging"))
    broker = command("broker", "run a broker for practice on the loopback address: mosquitto, or where it is missing the one from PyPI")
    broker.add_argument("--port", type=int, default=1883, help="default: %(default)s")
    _founded(broker)
    check = command("check", "say what is ready at a station and what is not")
    check.add_argument("--settings", type=Path, default=Path("/etc/mpaka/lane.toml"), help="of a lane or a console; default: %(default)s")
    check.add_argument("--device", metavar="NAME", help="the acceptance trial of one device of a lane, such as passport_reader")
    mrz = command("mrz", "read the machine readable zone of photographs; one JSON line a file")
    mrz.add_argument("files", nargs="+", metavar="FILE", help="a picture, a folder of pictures, or - for a list of files on standard input")
    keys = command("keys", "make a founding for practice: keys of all stations, certificates, a staff list")
    keys.add_argument("--out", type=Path, required=True, help="a new folder")
    keys.add_argument("--lanes", nargs="+", default=["tz-tunduma-lane1"])
    keys.add_argument("--consoles", nargs="+", default=["tz-tunduma-console1"])
    keys.add_argument("--headquarters", default="tz-hq-headquarters1")
    return parser


def _asks_headquarters(headquarters: argparse.ArgumentParser) -> None:
    headquarters.add_argument(
        "what",
        nargs="?",
        choices=["board", "lanes", "open", "ids"],
        help="board: serve the lane board; lanes: print it; open: print the stored records as JSON lines; ids: print their ids; without: receive",
    )
    headquarters.add_argument("--port", type=int, default=8480, help="board: where on the loopback address; default: %(default)s")
    headquarters.add_argument("--show", default="", choices=["", TROUBLE, *Shown], help="lanes: only those in this state, or `trouble`")
    headquarters.add_argument("--key", type=Path, help="open: the opening key; never on the receiver")
    headquarters.add_argument("--store", type=Path, help="open: the receiver's folder, or the file that --database named")
    headquarters.add_argument("--openings", type=Path, help="open: the folder of the journal of openings")
    headquarters.add_argument("--operator", default="", help="open: who opens, as a pseudonym")
    headquarters.add_argument("--reason", default="", help="open: why; kept with each opening")
    headquarters.add_argument("--pictures", type=Path, help="open: a folder for the pictures; without it they stay sealed")
    headquarters.add_argument("--broker", metavar="HOST:PORT", help="receive from here, for practice, without settings; needs --database")
    headquarters.add_argument(
        "--database", metavar="URL", help="with --broker, or for board, lanes and ids: sqlite:///FILE (relative) or sqlite:////FILE"
    )
    _founded(headquarters)


def _loads(load: argparse.ArgumentParser) -> None:
    def needs(name: str, what: str, kind: Callable[[str], object] = str, metavar: str | None = None) -> None:
        load.add_argument(name, required=True, type=kind, metavar=metavar, help=what)

    needs("--broker", "`mpaka broker` starts one here", metavar="HOST:PORT")
    needs("--lane", "whose records these are, as in tz-tunduma-lane1; a lane that is new to the founding is added to it")
    needs("--records", "how many; started again with the same arguments it goes on where it stopped", int)
    load.add_argument("--rate", type=float, default=10.0, help="records a second; 0: as fast as the disk allows; default: %(default)s")
    needs("--ledger", "a file: each record's id, at the moment when a traveller would be told that it is done", Path)
    needs("--state", "a folder for the lane's journal", Path)
    _founded(load)


def _founded(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--founding", type=Path, help="keys for practice, as `mpaka keys` makes them; default: this user's, made when missing"
    )
    made.add_argument(
        "--tls", action="store_true", help="mutual TLS with the founding's certificates; away from the loopback address a must"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.command in ("lane", "console", "headquarters", "load"):
        logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    if chosen.command == "headquarters":
        _look_at_headquarters(parser, chosen)
    try:
        return COMMANDS[chosen.command](chosen)
    except CANNOT_START as why:
        print(f"mpaka {chosen.command}: {why}", file=sys.stderr)
        return 1


def _look_at_headquarters(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    if chosen.what == "open" and not (chosen.key and chosen.store and chosen.operator and chosen.reason):
        parser.error("open needs --key, --store, --operator and --reason")
    if chosen.what is None and bool(chosen.broker) != bool(chosen.database):
        parser.error("--broker and --database go together; without both the settings say where to receive from and where to store")
    if chosen.broker is None and (chosen.tls or chosen.founding):
        parser.error("--tls and --founding go with --broker; without it the settings say so")


# Each program is imported only when it is wanted: `mpaka mrz` needs no window, `mpaka lane` no test


def _demo(chosen: argparse.Namespace) -> int:
    from kiosk.programs import demo

    return demo.run(chosen.out.resolve(), play=chosen.play)


def _test(chosen: argparse.Namespace) -> int:
    from kiosk.programs import test

    return test.run(chosen.arguments)


def _lane(chosen: argparse.Namespace) -> int:
    from kiosk.programs import lane

    return lane.run(chosen.settings)


def _console(chosen: argparse.Namespace) -> int:
    from kiosk.programs import console

    return console.run(chosen.settings)


def _headquarters(chosen: argparse.Namespace) -> int:
    from kiosk.programs import board, headquarters

    if chosen.what == "board":
        return board.serve(headquarters.store_of(chosen.settings, chosen.database), chosen.port)
    if chosen.what == "lanes":
        return board.print_lanes(headquarters.store_of(chosen.settings, chosen.database), chosen.show)
    if chosen.what == "ids":
        return headquarters.list_ids(headquarters.store_of(chosen.settings, chosen.database))
    if chosen.what == "open":
        journal = chosen.openings or chosen.store.parent / "openings"
        return headquarters.open_store(chosen.store, journal, chosen.key, chosen.operator, chosen.reason, chosen.pictures)
    if chosen.broker:
        return headquarters.run_practice(_founding(chosen), chosen.broker, chosen.tls, chosen.database)
    return headquarters.run(chosen.settings)


def _load(chosen: argparse.Namespace) -> int:
    from kiosk.programs import load

    place = _founding(chosen)
    return load.run(load.plan(place, chosen.lane, chosen.broker, chosen.tls, chosen.records, chosen.rate, chosen.ledger, chosen.state))


def _broker(chosen: argparse.Namespace) -> int:
    from kiosk.programs import broker

    return broker.run(chosen.port, _founding(chosen) if chosen.tls else None)


def _founding(chosen: argparse.Namespace) -> Path:
    from kiosk.programs.practice import practice_place

    return (chosen.founding or practice_place()).resolve()


def _check(chosen: argparse.Namespace) -> int:
    from kiosk.programs import check

    if chosen.device:
        return check.run_trial(chosen.settings, chosen.device, check.at_terminal())
    return check.run(chosen.settings)


def _mrz(chosen: argparse.Namespace) -> int:
    from drivers.passport.zone import files

    return files.main(chosen.files)


def _keys(chosen: argparse.Namespace) -> int:
    from kiosk.programs import keys

    return keys.run(chosen.out, chosen.lanes, chosen.consoles, chosen.headquarters)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "demo": _demo,
    "test": _test,
    "lane": _lane,
    "console": _console,
    "headquarters": _headquarters,
    "load": _load,
    "broker": _broker,
    "check": _check,
    "mrz": _mrz,
    "keys": _keys,
}


if __name__ == "__main__":
    sys.exit(main())
