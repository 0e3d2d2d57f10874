"""`mpaka headquarters rollout begin|show|resume|abort|back`, and `mpaka headquarters manifest`."""

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from kiosk.messages.payloads import CommandName
from kiosk.programs.arguments.common import founding, stored

ROLLED = [
    str(name) for name in (CommandName.LISTS, CommandName.KEY_SET, CommandName.LANGUAGES, CommandName.RELOAD_SETTINGS, CommandName.VERSION)
]


def add(parser: argparse.ArgumentParser) -> None:
    """Its words and their arguments."""
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    _add_begin(words.add_parser("begin", help="sign and hold the commands of all stages; the receiver releases them stage by stage"))
    show = words.add_parser("show", help="list the rollouts, or show one with its stations")
    stored(show)
    show.add_argument("number", type=int, nargs="?", help="of the rollout")
    resume = words.add_parser("resume", help="go on with a stopped one, without the stations that are in trouble")
    abort = words.add_parser("abort", help="give it up: what is not sent yet is never sent")
    back = words.add_parser("back", help="give a version up, and order the earlier one of all that were sent it")
    for word in (resume, abort, back):
        stored(word)
        word.add_argument("number", type=int, help="of the rollout")
    abort.add_argument("--reason", default="", help="why; kept at headquarters")
    back.add_argument("--file", type=Path, metavar="FILE", help="the signed manifest of the version that is to run again")
    _add_signing(back, "1d")


def _add_begin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=ROLLED, metavar="COMMAND", help=", ".join(ROLLED))
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--to", nargs="+", default=[], metavar="STATION", help="these stations")
    whom.add_argument("--post", nargs="+", default=[], metavar="POST", help="all stations of these posts, as tz-tunduma")
    whom.add_argument("--all", action="store_true", help="all stations of the key set")
    parser.add_argument("--but", nargs="+", default=[], metavar="STATION", help="not these")
    parser.add_argument("--first", nargs="+", default=[], metavar="STATION", help="these come first, in this order")
    parser.add_argument(
        "--stages", type=int, nargs="+", metavar="N", help="so many stations a stage, the rest in a last one; default: 1 10"
    )
    parser.add_argument("--well", default="30m", help="how long a stage must be well before the next one; default: %(default)s")
    parser.add_argument("--languages", nargs="*", metavar="TAG", help="languages: in this order; none: those of the post's profile")
    parser.add_argument("--list", "--file", dest="file", type=Path, metavar="FILE", help="lists, key-set, version: the signed file")
    _add_signing(parser, "2d")
    stored(parser)


def _add_signing(parser: argparse.ArgumentParser, expires: str) -> None:
    _add_key(parser, "the authority's key or a delegate's; never on the receiver")
    parser.add_argument("--keys", type=Path, metavar="FOLDER", help="where key-set.json and authority.pub lie; default: the receiver's")
    parser.add_argument("--expires", default=expires, help="after which nothing of it is carried out any more; default: %(default)s")
    parser.add_argument("--operator", default=os.environ.get("USER", ""), help="who orders, as a pseudonym; default: the user's name")
    parser.add_argument("--reason", default="", help="why; kept at headquarters")


def _add_key(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--key", required=True, metavar="FILE|pkcs11:...", help=what)
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="a file with its passphrase, for its owner alone; default: asked for"
    )


def run(chosen: argparse.Namespace) -> int:
    """Do what the word says."""
    from kiosk.programs import headquarters, rollouts

    store = headquarters.store_of(chosen.settings, chosen.database)
    match chosen.word:
        case "begin":
            return _begin(chosen, store)
        case "back":
            return _back(chosen, store)
        case "resume":
            return rollouts.resume(store, chosen.number)
        case "abort":
            return rollouts.abort(store, chosen.number, chosen.reason)
        case _:
            return rollouts.show(store, chosen.number)


def _begin(chosen: argparse.Namespace, store: str) -> int:
    from kiosk.headquarters.commands import Wish
    from kiosk.headquarters.rollout import STAGES
    from kiosk.programs import ordering, rollouts
    from kiosk.programs.asking import asking

    _named(chosen)
    now, name = datetime.now(UTC), CommandName(chosen.name)
    public = ordering.public_keys(ordering.keys_folder(chosen.settings, chosen.database, chosen.keys, founding(chosen)))
    languages = None if chosen.languages is None else tuple(chosen.languages)
    args = ordering.arguments(name, ordering.Said(file=chosen.file, languages=languages), public, now)
    wish = Wish(name, ordering.expiry(chosen.expires, now), chosen.operator, chosen.reason, args)
    whom = rollouts.Turns(
        tuple(chosen.to), tuple(chosen.post), chosen.all, tuple(chosen.but), tuple(chosen.first), tuple(chosen.stages or STAGES)
    )
    return rollouts.begin(store, whom, wish, ordering.span(chosen.well), chosen.key, public, asking(chosen.passphrase_file))


def _back(chosen: argparse.Namespace, store: str) -> int:
    from kiosk.headquarters.commands import Wish
    from kiosk.programs import ordering, rollouts
    from kiosk.programs.asking import asking

    _named(chosen)
    now = datetime.now(UTC)
    public = ordering.public_keys(ordering.keys_folder(chosen.settings, chosen.database, chosen.keys, founding(chosen)))
    rollouts.may_go_back(store, chosen.number)
    args = ordering.arguments(CommandName.VERSION, ordering.Said(file=chosen.file), public, now)
    wish = Wish(CommandName.VERSION, ordering.expiry(chosen.expires, now), chosen.operator, chosen.reason, args)
    return rollouts.back(store, chosen.number, wish, chosen.key, public, asking(chosen.passphrase_file))


def _named(chosen: argparse.Namespace) -> None:
    if not chosen.operator:
        chosen.wrong("--operator says who orders")


def add_manifest(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a version's folder as it is brought to stations, as /opt/mpaka/0.2.0")
    parser.add_argument("--version", default="", help="default: the folder's name")
    _add_key(parser, "the authority's key")


def manifest(chosen: argparse.Namespace) -> int:
    """Print it."""
    from kiosk.programs import rollouts
    from kiosk.programs.asking import asking

    return rollouts.print_manifest(
        chosen.folder, chosen.version or chosen.folder.resolve().name, chosen.key, asking(chosen.passphrase_file)
    )
