"""Power cuts of the journal: `python -m tests.faults.power_cuts --images 100000 --seed 7`.

The real journal works in a process of its own under strace (recorded_station.py), which logs every write and sync that SQLite makes. From that log crash
images are made (disk_log.py), each is opened by the real journal, and judged: all that was accepted is there, the chain holds, nothing has
left the outbox that was not acknowledged, nothing is corrupt, and the journal goes on. The next recording begins with an image of the last,
so that what a journal writes while it recovers is cut as well. An image that fails is kept in the folder that is named.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.journal.rows import JournalUnusable
from kiosk.journal.schema import JOURNAL_FILE, MEDIA_FILE
from kiosk.messages.payloads import Record, decode, members
from kiosk.sealing.key_set import PublicKeys
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash, signed_by
from tests.faults.disk_log import Disk, NotUnderstood, Said, Step, steps, traced
from tests.faults.recorded_station import CAPS, PLACE
from tests.kiosk.practice import LANE, Kept, Practice

# one recording gives at most so many images
IMAGES_A_RECORDING, STEPS_AN_OPENING = 500, 100
# after so many recordings that each begin with an image of the last, an empty journal again: what grows costs time at each image
RECORDINGS_IN_A_ROW = 5


@dataclass(frozen=True)
class Expected:
    """What an image must hold, by what had been told before the cut."""

    chain: str = ""
    accepted: dict[int, str] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    # rows up to here may have left the outbox, and up to there may have been removed
    released: int = 0
    removable: int = 0
    released_pictures: frozenset[str] = frozenset()
    command: int = 0

    @property
    def last(self) -> int:
        """The highest sequence that was told."""
        return max(self.accepted, default=0)

    def after(self, line: str) -> "Expected":
        """The same after one more line of the ledger."""
        told = json.loads(line)
        match told["said"]:
            case "opened":
                return replace(self, chain=told["chain"], accepted={**dict.fromkeys(range(1, told["last"] + 1), ""), **self.accepted})
            case "recorded":
                accepted = {**self.accepted, told["sequence"]: told["id"]}
                return replace(self, accepted=accepted, pictures={**self.pictures, told["id"]: told["pictures"]})
            case "acknowledging":
                gone, upto = self.released_pictures | set(told["pictures"]), max(self.released, told["upto"])
                return replace(self, released=upto, removable=max(self.removable, upto), released_pictures=gone)
            case "replayed":
                # pictures may have come back as well; that they may be gone is all that is asked of them until they are let go again
                return replace(self, released=min(self.released, told["first"] - 1))
            case _:
                return replace(self, command=told["number"])


@dataclass
class Found:
    """What lies in the two files."""

    rows: list[tuple[int, str, bytes, str]]
    cut: tuple[int, str]
    outbox: set[int]
    pictures: list[tuple[str, str]]
    waiting_pictures: set[str]
    sound: bool


class Judge:
    """Opens images with the real journal."""

    def __init__(self, practice: Practice, folder: Path) -> None:
        self._keys, self._folder = practice.keys(), folder
        self._public: PublicKeys = self._keys.public
        self._verified: set[str] = set()

    def verdict(self, image: dict[Path, bytes], expected: Expected) -> str:
        """What is wrong with this image; empty where nothing is."""
        shutil.rmtree(self._folder, ignore_errors=True)
        for path, content in image.items():
            where = self._folder / path
            where.parent.mkdir(parents=True, exist_ok=True)
            where.write_bytes(content)
        try:
            kept = Kept(self._folder / PLACE, self._keys, caps=CAPS)
        except JournalUnusable as why:
            return f"cannot be opened: {why}"
        before = kept.journal.opened.last_sequence
        command = kept.asked(kept.journal.command, "")[1]
        went_on = kept.recorded(pictures=1)
        kept.close()
        if command < expected.command:
            return f"command {expected.command} is forgotten"
        if expected.chain and kept.journal.opened.chain != expected.chain:
            return "it is another chain"
        if not expected.last <= before <= expected.last + 1:
            return f"{expected.last} rows were accepted, {before} are there"
        if went_on.sequence != before + 1:
            return f"it went on at {went_on.sequence} after {before}"
        return self._of_files(_read(self._folder / PLACE), expected)

    def _of_files(self, found: Found, expected: Expected) -> str:
        wrong = "" if found.sound else "SQLite finds it corrupt"
        return wrong or self._of_chain(found, expected) or _of_outbox(found, expected) or _of_pictures(found, expected)

    def _of_chain(self, found: Found, expected: Expected) -> str:
        before, hash_before = found.cut
        if before > expected.removable:
            return f"rows up to {before} were removed, only those up to {expected.removable} were acknowledged"
        for sequence, record_id, content, kept_hash in found.rows:
            record = decode(content, Record)
            if (sequence, record.prevhash, chain_hash(content)) != (before + 1, hash_before, kept_hash) or not self._is_signed(content):
                return f"the chain breaks at {sequence}"
            if expected.accepted.get(sequence, "") not in ("", record_id):
                return f"another record stands at {sequence}"
            before, hash_before = sequence, kept_hash
        return "" if before > expected.last else f"{expected.last} rows were accepted, the chain ends at {before}"

    def _is_signed(self, content: bytes) -> bool:
        digest = chain_hash(content)
        if digest not in self._verified:
            key = self._public.station_key(LANE, decode(content, Record).keyid)
            if key is None or not signed_by("record", members(content), (key,)):
                return False
            self._verified.add(digest)
        return True


def _of_outbox(found: Found, expected: Expected) -> str:
    kept = max(expected.released, found.cut[0])
    gone = [sequence for sequence in expected.accepted if sequence > kept and sequence not in found.outbox]
    return f"rows {gone} left the outbox without an acknowledgement" if gone else ""


def _of_pictures(found: Found, expected: Expected) -> str:
    there, records = Counter(record for _, record in found.pictures), {row[1] for row in found.rows}
    if set(there) - records - set(expected.pictures):
        return "a picture without a record was not swept"
    for record_id, count in expected.pictures.items():
        # a picture that headquarters has may have been removed
        if record_id in records and there[record_id] > count:
            return "a record has more pictures than were taken"
    lost = sum(expected.pictures[record_id] for record_id in expected.pictures) - sum(there[record_id] for record_id in expected.pictures)
    if lost > len(expected.released_pictures):
        return f"{lost} pictures are gone, {len(expected.released_pictures)} were acknowledged"
    unsent = [picture for picture, record in found.pictures if record in expected.pictures and picture not in found.waiting_pictures]
    return "a picture left without an acknowledgement" if set(unsent) - expected.released_pictures else ""


def _read(folder: Path) -> Found:
    connection = sqlite3.connect(folder / JOURNAL_FILE)
    connection.execute("ATTACH ? AS media", (str(folder / MEDIA_FILE),))
    checks = [connection.execute(f"PRAGMA {name}.integrity_check").fetchall() for name in ("main", "media")]
    marks = dict(connection.execute("SELECT name, value FROM mark"))
    found = Found(
        connection.execute("SELECT sequence, id, content, hash FROM record ORDER BY sequence").fetchall(),
        (int(marks.get("cut_sequence", 0)), marks.get("cut_hash", NOTHING_BEFORE)),
        {row[0] for row in connection.execute("SELECT sequence FROM main.outbox")},
        connection.execute("SELECT id, record FROM media.picture").fetchall(),
        {row[0] for row in connection.execute("SELECT id FROM media.picture JOIN media.outbox USING (place)")},
        checks == [[("ok",)], [("ok",)]],
    )
    connection.close()
    return found


@dataclass
class Outcome:
    """What became of all the images."""

    images: int = 0
    recordings: int = 0
    steps: int = 0
    accepted: int = 0
    failures: list[str] = field(default_factory=list)


class PowerCuts:
    """Recordings, each of which begins with an image of the one before."""

    def __init__(self, folder: Path, seed: int, synchronous: str = "FULL") -> None:
        self._folder, self._seed, self._synchronous = folder, seed, synchronous
        self._practice = Practice(folder / "practice")
        self._judge = Judge(self._practice, folder / "image")
        self._begins: tuple[dict[Path, bytes], Expected] = ({}, Expected())
        self.outcome = Outcome()

    def play(self, images: int) -> None:
        """So many images, over as many recordings as that needs; ten failures are enough."""
        while self.outcome.images < images and len(self.outcome.failures) < 10:
            self.images(min(IMAGES_A_RECORDING, images - self.outcome.images))

    def images(self, count: int) -> None:
        """So many images of one more recording, judged."""
        outcome, chance = self.outcome, random.Random(f"{self._seed} {self.outcome.recordings}")
        if outcome.recordings % RECORDINGS_IN_A_ROW == 0:
            self._begins = ({}, Expected())
        done = self._record(outcome.recordings)
        outcome.recordings += 1
        outcome.steps += len(done)
        disk, expected = Disk(self._root, self._begins[0]), self._begins[1]
        points = sorted(chance.randrange(len(done) + 1) for _ in range(count))
        follows, made = chance.randrange(count), 0
        for number in range(len(done) + 1):
            for _ in range(bisect_right(points, number) - made):
                image = disk.cut(chance)
                self._see(image, expected, f"recording {outcome.recordings - 1}, cut after step {number}")
                if made == follows:
                    self._begins = (image, expected)
                made += 1
            if number < len(done):
                step = done[number]
                try:
                    disk.do(step)
                except NotUnderstood as why:
                    where = f"recording {outcome.recordings - 1}, step {number}, a {type(step).__name__} ({self._folder / 'log'})"
                    raise NotUnderstood(f"{where}: {why}") from None
                expected = expected.after(step.line) if isinstance(step, Said) else expected
        outcome.accepted += len(expected.accepted)

    @property
    def _root(self) -> Path:
        return self._folder / "root"

    def _record(self, number: int) -> list[Step]:
        shutil.rmtree(self._root, ignore_errors=True)
        self._root.mkdir()
        known = {self._root}
        for path, content in self._begins[0].items():
            where = self._root / path
            where.parent.mkdir(parents=True, exist_ok=True)
            where.write_bytes(content)
            known |= {where, *where.parents}
        log, ledger = self._folder / "log", self._folder / "ledger"
        ledger.unlink(missing_ok=True)
        keys = str(self._practice.founding.station(LANE))
        words = [keys, str(self._root), str(ledger), str(self._seed * 1000 + number), str(STEPS_AN_OPENING), self._synchronous]
        traced([sys.executable, "-m", "tests.faults.recorded_station", *words], log, cwd=Path(__file__).parents[2])
        return list(steps(log, self._root, ledger, known))

    def _see(self, image: dict[Path, bytes], expected: Expected, where: str) -> None:
        self.outcome.images += 1
        wrong = self._judge.verdict(image, expected)
        if wrong:
            kept = self._folder / f"failed-{len(self.outcome.failures)}"
            for path, content in image.items():
                (kept / path).parent.mkdir(parents=True, exist_ok=True)
                (kept / path).write_bytes(content)
            self.outcome.failures.append(f"{where}: {wrong} ({kept})")


def run(folder: Path, images: int, seed: int, synchronous: str = "FULL") -> Outcome:
    """So many images. Raises NotUnderstood where the model of a disk lacks something."""
    cuts = PowerCuts(folder, seed, synchronous)
    cuts.play(images)
    return cuts.outcome


def in_memory() -> Path | None:
    """Where files cost no time; None where there is no such place. What a disk forgets is played here, not waited for."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else None


def main() -> int:
    """Print the outcome; the exit status says whether any image failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synchronous", default="FULL", help="weaken the journal, to see that this is found")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mpaka-power-", dir=in_memory()))
    cuts = PowerCuts(folder, chosen.seed, chosen.synchronous)
    try:
        cuts.play(chosen.images)
    except NotUnderstood as why:
        cuts.outcome.failures.append(f"not understood: {why}")
    outcome = cuts.outcome
    print(
        f"{outcome.images} images of {outcome.recordings} recordings, {outcome.steps} writes, syncs and words, {outcome.accepted} rows accepted"
    )
    print("\n".join(outcome.failures[:20]) or "nothing accepted is lost, nothing is corrupt")
    if not outcome.failures:
        shutil.rmtree(folder)
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
