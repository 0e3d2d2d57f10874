"""Arguments that several commands take."""

import argparse
import shutil
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LARGEST_PORT = 65_535
GAP, WIDEST = 18, 100


class Word(Protocol):
    """What may stand after a command."""

    @property
    def name(self) -> str:
        """The word itself."""
        ...

    @property
    def what(self) -> str:
        """What it does, for --help."""
        ...


def grouped(parser: argparse.ArgumentParser, words: Iterable[Word], headings: Mapping[str, str]) -> None:
    """List the words at the end of `--help` in their order, with a heading before each word that `headings` names."""
    width = min(WIDEST, shutil.get_terminal_size().columns)
    lines: list[str] = []
    for word in words:
        if word.name in headings:
            lines += ["", f"{headings[word.name]}:"]
        lines.append(textwrap.fill(word.what, width, initial_indent=f"  {word.name:<{GAP - 4}}  ", subsequent_indent=" " * GAP))
    parser.epilog = "\n".join([*lines, "", f"What a word takes: {parser.prog} WORD --help"]).strip()
    parser.formatter_class = argparse.RawDescriptionHelpFormatter


@dataclass(frozen=True)
class Part:
    """A word after a command, with its own arguments."""

    name: str
    what: str
    add: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def add_parts(parser: argparse.ArgumentParser, parts: Sequence[Part], headings: Mapping[str, str], alone: str) -> None:
    """The words that may follow a command; `alone` says for --help what it does without one. `chosen.wrong` then ends with a usage."""
    words = parser.add_subparsers(dest="part", metavar="[WORD]", help=f"one of those below; {alone}")
    for part in parts:
        part.add(words.add_parser(part.name, description=part.what))
    grouped(parser, parts, headings)
    parser.set_defaults(wrong=parser.error)


def run_part(chosen: argparse.Namespace, parts: Sequence[Part], alone: Callable[[argparse.Namespace], int]) -> int:
    """Do the part that is named, or what the command does alone. Returns the exit status."""
    named = [part.run for part in parts if part.name == chosen.part]
    return (named or [alone])[0](chosen)


def port(text: str) -> int:
    """A number of a TCP port, or 0. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: 1 to {LARGEST_PORT}, or 0 for a free one")
    return int(text)


def settings(parser: argparse.ArgumentParser, name: str) -> None:
    """`--settings FILE`, by default where an installed station has it."""
    parser.add_argument("--settings", type=Path, default=Path(f"/etc/mpaka/{name}.toml"), metavar="FILE", help="default: %(default)s")


def founded(parser: argparse.ArgumentParser) -> None:
    """`--founding FOLDER` and `--tls`."""
    parser.add_argument(
        "--founding",
        type=Path,
        metavar="FOLDER",
        help="keys for practice, as `mpaka keys` makes them; default: this user's, made when missing",
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
    parser.add_argument(
        "--settings",
        type=Path,
        default=argparse.SUPPRESS,
        help="the receiver's, which name the store; default: /etc/mpaka/headquarters.toml",
    )
    parser.add_argument(
        "--database",
        metavar="URL",
        default=argparse.SUPPRESS,
        help="the store itself, in place of settings: sqlite:///FILE or postgresql://...",
    )
