"""Passphrases, PINs and the words of a share: asked at the terminal, or read from a file; never on the command line or in the environment."""

import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from kiosk.private import Private
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.protected import Ask

WORDS = "the words of"


def asking(file: Path | None = None) -> Ask:
    """Asks for secrets that are there already: `file` holds the one passphrase; without it whoever sits at the terminal is asked."""
    if file is not None:
        return lambda what: _typed(what) if what.startswith(WORDS) else _from_file(file)
    return _typed


def asking_new(file: Path | None = None) -> Callable[[str], Private[str]]:
    """Asks for a new passphrase, at the terminal twice. Raises KeysWrong where the two differ."""

    def twice(what: str) -> Private[str]:
        first, second = _typed(f"new passphrase of {what}"), _typed(f"the same passphrase of {what} again")
        if first != second:
            raise KeysWrong(f"the two passphrases of {what} are not the same; nothing was written: begin again")
        return first

    return twice if file is None else lambda what: _from_file(file)


def _typed(what: str) -> Private[str]:
    if not sys.stdin.isatty():
        raise KeysWrong(f"nobody sits at a terminal to be asked for {what}; --passphrase-file names a file with it")
    if what.startswith(WORDS):
        # thirty-three words are not typed blind
        print(f"{what[0].upper()}{what[1:]}, then Enter: ", end="", file=sys.stderr, flush=True)
        return Private(sys.stdin.readline())
    return Private(getpass.getpass(f"{what[0].upper()}{what[1:]}: "))


def _from_file(file: Path) -> Private[str]:
    try:
        others, text = file.stat().st_mode & 0o077, file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise KeysWrong(f"{file}: the passphrase cannot be read ({type(why).__name__})") from None
    if others:
        raise KeysWrong(f"{file}: others may read this passphrase; run chmod 600 on it, and take a new one if others did")
    return Private(text.splitlines()[0] if text else "")
