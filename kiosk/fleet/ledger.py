"""The ledger of a load: what travellers were told, for a judge to hold against what headquarters has."""

import os
import re
from pathlib import Path

from kiosk.settings import SettingsWrong

ID_LINE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Ledger:
    """The file of what travellers were told, one id a line, each written at once. Not synced: it is a judge's, not the product's."""

    def __init__(self, path: Path) -> None:
        """Go on in this file, or begin it. Raises SettingsWrong for a file that is no ledger."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as why:
            raise SettingsWrong(f"--ledger {path}: cannot be written there ({type(why).__name__}); name another file") from None
        whole = text[: text.rfind("\n") + 1]
        lines = whole.splitlines()
        for number, line in enumerate(lines, 1):
            if ID_LINE.fullmatch(line) is None:
                raise SettingsWrong(
                    f"--ledger {path}: line {number} is not the id of a record; name the ledger of this lane, or a new file"
                )
        if whole != text:
            # torn off by a power cut: nobody read it as an id
            os.truncate(path, len(whole))
        self.count = len(lines)

    def told(self, record_id: str) -> None:
        """This traveller is told "done" now."""
        os.write(self._file, f"{record_id}\n".encode("ascii"))
        self.count += 1

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
