"""What is asked of a person at a terminal: passphrases blind and twice, words of shares as they are read out, and yes or no."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.private import Private
from kiosk.sealing import shares
from kiosk.sealing.opening import opening_key
from tests.kiosk.founding.ceremony import HEADQUARTERS, PASSPHRASE, Ceremony

SCRIPT = shutil.which("script")
pytestmark = pytest.mark.skipif(SCRIPT is None, reason="`script` of util-linux gives a program a terminal")


class Terminal:
    """`mpaka keys ...` at a terminal of its own."""

    def __init__(self, *words: str) -> None:
        line = " ".join(f"'{word}'" for word in (sys.executable, "-m", "kiosk", "keys", *words))
        # script types what it is given; -e gives the program's own status back
        self._program = subprocess.Popen([str(SCRIPT), "-qec", line, "/dev/null"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.said = ""

    def is_asked(self, what: str, answer: str) -> None:
        """Wait for the question: what is typed before it is thrown away."""
        assert self._program.stdout is not None
        assert self._program.stdin is not None
        at = len(self.said)
        while what not in self.said[at:] or not self.said.endswith((": ", "] ")):
            letter = self._program.stdout.read(1)
            assert letter, self.said
            self.said += letter.decode("utf-8", errors="replace")
        self._program.stdin.write(answer.encode() + b"\n")
        self._program.stdin.flush()

    def ends(self) -> int:
        assert self._program.stdout is not None
        assert self._program.stdin is not None
        self.said += self._program.stdout.read().decode("utf-8", errors="replace")
        self._program.stdin.close()
        self._program.stdout.close()
        return self._program.wait()


def test_a_founding_is_typed_at_a_terminal_blind_and_twice(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    wrong = Terminal("found", str(folder), "--headquarters", HEADQUARTERS)
    wrong.is_asked("New passphrase of the authority", PASSPHRASE)
    wrong.is_asked("The same passphrase of the authority again", "another passphrase")
    assert wrong.ends() == 1
    assert "are not the same; nothing was written" in wrong.said
    assert not folder.exists()
    right = Terminal("found", str(folder), "--headquarters", HEADQUARTERS)
    for whose, passphrase in (("the authority", PASSPHRASE), ("the opening key", "another passphrase")):
        right.is_asked(f"New passphrase of {whose}", passphrase)
        right.is_asked(f"The same passphrase of {whose} again", passphrase)
    assert right.ends() == 0
    assert PASSPHRASE not in right.said
    assert opening_key(str(folder / "opener"), lambda what: Private("another passphrase")).ids


def test_two_holders_read_their_words_out_and_the_technician_is_compared(tmp_path: Path) -> None:
    ceremony = Ceremony(tmp_path)
    pages = [shares.words_of(path.read_text()).value for path in sorted((ceremony.authority / "shares").iterdir())]
    reads = Terminal("recover")
    reads.is_asked("The words of share 1", pages[2])
    reads.is_asked("The words of share 2", pages[0])
    assert reads.ends() == 0
    assert "The shares join to the recovery key" in reads.said
    ceremony.makes("ut-nowhere-lane1")
    request = str(ceremony.station("ut-nowhere-lane1") / "request.json")
    enrol = ("enrol", "--authority", str(ceremony.authority), "--passphrase-file", str(ceremony.passphrase), request)
    doubts = Terminal(*enrol)
    doubts.is_asked("Is it the same?", "no")
    assert doubts.ends() == 1
    assert ceremony.known.number == 1
    agrees = Terminal(*enrol)
    agrees.is_asked("Is it the same?", "yes")
    assert agrees.ends() == 0
    assert ceremony.known.number == 2
