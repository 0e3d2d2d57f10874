"""`mpaka headquarters order` and `mpaka headquarters commands`."""

import argparse
import os
from pathlib import Path

from kiosk.messages.payloads import CommandName
from kiosk.programs.arguments.common import founding, stored

# Stations refuse this name
NAMES = [str(name) for name in CommandName if name is not CommandName.FIRMWARE]


def add_order(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    parser.set_defaults(wrong=parser.error)
    parser.add_argument("name", choices=NAMES, metavar="COMMAND", help=", ".join(NAMES))
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--to", nargs="+", default=[], metavar="STATION", help="these stations")
    whom.add_argument("--post", default="", help="all stations of a post, as tz-tunduma")
    whom.add_argument("--all", action="store_true", help="all stations of the key set")
    stored(parser)
    parser.add_argument(
        "--key", required=True, metavar="FILE|pkcs11:...", help="the authority's key or a delegate's; never on the receiver"
    )
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="a file with its passphrase, for its owner alone; default: asked for"
    )
    parser.add_argument("--keys", type=Path, metavar="FOLDER", help="where key-set.json and authority.pub lie; default: the receiver's")
    parser.add_argument(
        "--expires", metavar="TIME", default="1h", help="after which it is not carried out any more: 90s, 30m, 1h, 2d; default: %(default)s"
    )
    parser.add_argument("--operator", default=os.environ.get("USER", ""), help="who orders, as a pseudonym; default: the user's name")
    parser.add_argument("--reason", default="", help="why; kept at headquarters")
    parser.add_argument("--wait", action="store_true", help="follow these until each has its result; 1 where one was not done")
    parser.add_argument("--from", dest="first", type=int, metavar="N", help="replay: from this sequence on")
    parser.add_argument("--after", default="", metavar="UTC", help="replay: acknowledgements signed up to this moment are void")
    parser.add_argument(
        "--since", default="", metavar="UTC", help="send-logs: from this moment on, or 2h for the last two hours; default: all"
    )
    parser.add_argument("--languages", nargs="*", metavar="TAG", help="languages: in this order; none: those of the post's profile")
    parser.add_argument("--list", "--file", dest="file", type=Path, metavar="FILE", help="lists, key-set, version: the signed file")


def order(chosen: argparse.Namespace) -> int:
    """Order it."""
    from datetime import UTC, datetime

    from kiosk.headquarters.commands import Wish
    from kiosk.programs import headquarters, ordering
    from kiosk.programs.asking import asking

    if not chosen.operator:
        chosen.wrong("--operator says who orders")
    now, name = datetime.now(UTC), CommandName(chosen.name)
    database = headquarters.store_of(chosen.settings, chosen.database)
    public = ordering.public_keys(ordering.keys_folder(chosen.settings, chosen.database, chosen.keys, founding(chosen)))
    languages = None if chosen.languages is None else tuple(chosen.languages)
    said = ordering.Said(chosen.first, chosen.after, chosen.file, languages, chosen.since)
    args = ordering.arguments(name, said, public, now)
    wish = Wish(name, ordering.expiry(chosen.expires, now), chosen.operator, chosen.reason, args)
    whom, asked = ordering.Whom(tuple(chosen.to), chosen.post, chosen.all), asking(chosen.passphrase_file)
    return ordering.order(database, whom, wish, chosen.key, public, asked, wait=chosen.wait)


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    stored(parser)
    parser.add_argument("--station", default="", help="of this one alone")
    parser.add_argument("--wait", action="store_true", help="follow those without a result until each has one; 1 where one was not done")


def commands(chosen: argparse.Namespace) -> int:
    """Print them."""
    from kiosk.programs import headquarters, ordering

    return ordering.show(headquarters.store_of(chosen.settings, chosen.database), chosen.station, wait=chosen.wait)
