"""The station's own log on its disk: what its program said, a megabyte at most, so that headquarters can ask for it.

Nothing of a person is in it (law 10); what looks like a line of a machine readable zone is withheld all the same before it is sent.
"""

import json
import logging
import re
import time
from collections.abc import Iterator, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from kiosk.folders import lasting_folder

log = logging.getLogger(__name__)

LOG_FILE = "station.log"
FILE_BYTES, OLD_FILES = 262_144, 3
# What is sent at most: the newest of it
BUNDLE_BYTES, PIECE_BYTES, LINE_LETTERS = 196_608, 12_000, 1_900
FORM = "%(asctime)s.%(msecs)03dZ %(name)s %(levelname)s %(message)s"
WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", re.ASCII)
ZONE = re.compile(r"[A-Z0-9<]*<[A-Z0-9<]{8,}", re.ASCII)


class StationLog(RotatingFileHandler):
    """Keeps what is logged. `attach` when the station starts, `detach` when it ends."""

    def __init__(self, folder: Path) -> None:
        """The files lie in this folder, which is made with the first line."""
        self._folder = folder
        super().__init__(folder / LOG_FILE, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", errors="replace", delay=True)
        form = logging.Formatter(FORM, "%Y-%m-%dT%H:%M:%S")
        form.converter = time.gmtime
        self.setFormatter(form)

    def attach(self) -> None:
        """From now on everything that the program logs is kept, as far as the disk lets it: a station opens without its log."""
        try:
            lasting_folder(self._folder)
        except OSError as why:
            log.warning("the log cannot be kept in %s (%s)", self._folder, why.strerror)
        logging.getLogger().addHandler(self)

    def detach(self) -> None:
        """No more of it."""
        logging.getLogger().removeHandler(self)
        self.close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """A full disk: the line is on standard error as well, where systemd keeps it; a complaint for each would drown it there."""

    def lines(self, since: str = "") -> list[str]:
        """What was logged since then (as utc_text writes it; empty: all that is kept), oldest first. Raises OSError."""
        found: list[str] = []
        after = not since
        for line in self._kept():
            # a line without a time goes with the one before
            if WHEN.match(line):
                after = line[: line.index(" ")] >= since
            if after:
                found.append(line)
        return found

    def _kept(self) -> Iterator[str]:
        newest = self._folder / LOG_FILE
        for path in (*(newest.with_name(f"{LOG_FILE}.{number}") for number in range(OLD_FILES, 0, -1)), newest):
            if path.exists():
                yield from path.read_text(encoding="utf-8", errors="replace").splitlines()


def pieces(lines: Sequence[str]) -> list[str]:
    """The newest of these lines in pieces that each fit into a record; a very long line is cut."""
    chosen: list[str] = []
    size = 0
    for line in reversed(lines):
        shown = ZONE.sub("‹withheld›", line)[:LINE_LETTERS]
        size += _written(shown)
        if size > BUNDLE_BYTES:
            break
        chosen.append(shown)
    made: list[str] = []
    left = 0
    for line in reversed(chosen):
        if made and _written(line) <= left:
            made[-1] += f"\n{line}"
        else:
            made.append(line)
            left = PIECE_BYTES
        left -= _written(line)
    return made


def _written(line: str) -> int:
    """Bytes that a line takes in JSON, where a control character takes six."""
    return len(json.dumps(line, ensure_ascii=False).encode()) + 2
