"""Arguments that several commands take."""

import argparse
from pathlib import Path


def settings(parser: argparse.ArgumentParser, name: str) -> None:
    """`--settings FILE`, by default where an installed station has it."""
    parser.add_argument("--settings", type=Path, default=Path(f"/etc/mpaka/{name}.toml"), help="default: %(default)s")


def founded(parser: argparse.ArgumentParser) -> None:
    """`--founding FOLDER` and `--tls`."""
    parser.add_argument(
        "--founding", type=Path, help="keys for practice, as `mpaka keys` makes them; default: this user's, made when missing"
    )
    parser.add_argument(
        "--tls", action="store_true", help="mutual TLS with the founding's certificates; away from the loopback address a must"
    )


def opened(parser: argparse.ArgumentParser, name: str, dest: str) -> None:
    """The second database, which `mpaka headquarters open --into` fills."""
    parser.add_argument(name, metavar="URL", dest=dest, required=True, help="the database of opened records, as `open --into` named it")


def founding(chosen: argparse.Namespace) -> Path:
    """The founding that is named, or this user's."""
    from kiosk.programs.practice import practice_place

    return (chosen.founding or practice_place()).resolve()


def stored(parser: argparse.ArgumentParser) -> None:
    """`--settings` and `--database` after the word: they say where the store is."""
    # not given here, what stands before the word counts
    parser.add_argument("--settings", type=Path, default=argparse.SUPPRESS, help="where they say the store is")
    parser.add_argument("--database", metavar="URL", default=argparse.SUPPRESS, help="the store itself, in place of settings")
