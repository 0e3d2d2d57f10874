"""`mpaka headquarters serve-export` and `clients`: the pull API and who may use it."""

import argparse
from pathlib import Path

from kiosk.programs.arguments.common import opened, port


def add_server(parser: argparse.ArgumentParser) -> None:
    """Arguments of `serve-export`."""
    opened(parser, "--from", "source")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at; default: %(default)s")
    parser.add_argument("--port", type=port, metavar="N", default=8481, help="default: %(default)s")
    parser.add_argument("--tls-certificate", metavar="FILE", type=Path, help="its own certificate, PEM")
    parser.add_argument("--tls-key", metavar="FILE", type=Path, help="the key of it")
    parser.add_argument(
        "--client-authority", metavar="FILE", type=Path, help="who certifies the clients; without a certificate of it nobody comes in"
    )
    parser.set_defaults(wrong=parser.error)


def serve(chosen: argparse.Namespace) -> int:
    """Serve until the process is told to end."""
    from kiosk.programs import pulling

    files = (chosen.tls_certificate, chosen.tls_key, chosen.client_authority)
    if any(files) and not all(files):
        chosen.wrong("--tls-certificate, --tls-key and --client-authority go together")
    return pulling.serve(chosen.source, chosen.host, chosen.port, files if all(files) else None)


def add_clients(parser: argparse.ArgumentParser) -> None:
    """Arguments of `clients`."""
    words = parser.add_subparsers(dest="word", metavar="WORD", required=True)

    def word(name: str, what: str) -> argparse.ArgumentParser:
        return words.add_parser(name, help=what, description=what)

    new = word("add", "make a token for a client; it is shown once")
    new.add_argument("name", metavar="NAME", help="small letters, digits and hyphens")
    new.add_argument("--post", action="append", default=[], help="a post that it may see; may be given several times; default: all")
    new.add_argument(
        "--columns", default="", help="columns and groups that it may see, with commas between; default: those that name nobody"
    )
    new.add_argument("--pictures", action="store_true", help="it may have pictures")
    new.add_argument("--days", type=int, default=365, help="for how long; default: %(default)s")
    gone = word("revoke", "it is no client any more")
    gone.add_argument("name", metavar="NAME", help="as `clients list` names it")
    rights = word("grants", "print what gives a role of PostgreSQL the right to serve the export")
    rights.add_argument(
        "role", metavar="ROLE", help="the role that `serve-export` connects as; give its words to psql in the opened database"
    )
    for made in (new, gone, word("list", "who there is, what each may see and until when")):
        opened(made, "--opened", "source")


def clients(chosen: argparse.Namespace) -> int:
    """Add, revoke or list clients."""
    from kiosk.programs import pulling

    match chosen.word:
        case "add":
            columns = tuple(filter(None, chosen.columns.split(",")))
            return pulling.add(chosen.source, chosen.name, tuple(chosen.post), columns, chosen.pictures, chosen.days)
        case "revoke":
            return pulling.revoke(chosen.source, chosen.name)
        case "grants":
            return pulling.print_grants(chosen.role)
        case _:
            return pulling.print_list(chosen.source)
