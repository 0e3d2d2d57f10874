"""The proof of a keyboard wedge's layout: one known specimen of Utopia, scanned when the reader is installed and again each day.

A reader set to a German keyboard and read as an American one swaps Y and Z. In a document number a check digit notices; but names and codes of states have
none: MOZ becomes MOY, ZAINABU becomes YAINABU, and every check digit is still right. So the specimen holds each letter and digit that layouts put on
different keys, and the layout that gives exactly its text is the reader's. It is kept for each device: vendor, product and port.

`python -m drivers.passport.layout_proof` prints the two lines. Print them in OCR-B at the size of a passport's zone (10 characters an inch).
"""

import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from drivers.formats.layouts import Format
from drivers.formats.making import Content, make, name_in_zone
from drivers.passport.keyboard import LAYOUTS, Key, typed_lines

SPECIMEN = make(
    Format.TD3,
    Content("PP", "UTO", name_in_zone("Mfano wa Zizy", "Yaz Quwa Mwazy"), "QWAZYM579", "UTO", date(1984, 2, 6), "F", date(2039, 12, 30)),
)
"""The two lines of 44. Nobody has this passport: its words mean "example", or nothing."""


@dataclass(frozen=True)
class Proof:
    """Which layout a device was proven to have, and when."""

    layout: str
    proven: date

    def fresh(self, today: date, days: int) -> bool:
        """Whether it is no older than so many days; one from the future says that a clock was wrong, and proves nothing."""
        return 0 <= (today - self.proven).days <= days


def layout_of(keys: tuple[Key, ...]) -> str | None:
    """The layout in which these keys are the specimen; None where they are not, in any."""
    fitting = [name for name, layout in LAYOUTS.items() if typed_lines(keys, layout) == SPECIMEN]
    # what is the specimen in two layouts proves neither
    return fitting[0] if len(fitting) == 1 else None


class Proofs:
    """What was proven, one small file a device in a folder that outlives the power. Nothing of a person is in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, device: str) -> Proof | None:
        """What this device was proven to have; None where nothing was, or nothing can be read: it is to be proven again."""
        try:
            values = json.loads(self._path(device).read_text(encoding="utf-8"))
            proof = Proof(str(values["layout"]), date.fromisoformat(values["proven"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return proof if proof.layout in LAYOUTS else None

    def keep(self, device: str, proof: Proof) -> None:
        """Write it, whole or not at all. Raises OSError where the folder cannot be written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        new = self._folder / f".{os.getpid()}.new"
        with new.open("w", encoding="utf-8") as file:
            json.dump({**asdict(proof), "proven": proof.proven.isoformat()}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path(device))

    def _path(self, device: str) -> Path:
        return self._folder / f"{re.sub('[^A-Za-z0-9.-]', '_', device)}.json"


def main() -> None:
    """Print the specimen."""
    sys.stdout.write("\n".join(SPECIMEN) + "\n")


if __name__ == "__main__":
    main()
