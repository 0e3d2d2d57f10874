"""Synthetic travellers who crossed, as a lane and a console record them, and a receiver that stored it: for tests of all that comes after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from kiosk.clock import SystemClock
from kiosk.documents.results import Check, CheckId, CheckResult, Evidence, Holder
from kiosk.headquarters.filling import FillPlan, fill
from kiosk.headquarters.opened import Opened
from kiosk.headquarters.opener import Tally
from kiosk.headquarters.openings import Opener
from kiosk.headquarters.receiver import Receiver
from kiosk.headquarters.store import Store
from kiosk.journal.rows import Kind, NewPicture, Row
from kiosk.link.connection import Came
from kiosk.messages.payloads import Decision, Picture, encode
from kiosk.messages.topics import Leaf, topic
from kiosk.private import Private
from kiosk.record import MemberRecord, RegistrationRecord
from kiosk.sealing.opening import opening_key
from tests.kiosk.practice import CONSOLE, LANE, Kept, Practice

ANNA = Holder("TD3", "P", "UTO", "L898902C3", "ERIKSSON", "ANNA MARIA", "UTO", "1974-08-12", "F", "2032-04-15", 52)
JOHN = replace(ANNA, number="L898902C4", given_names="JOHN", birth="2016-02-01", sex="M", age=10)
CHECKS = (
    Check(CheckId.NUMBER_DIGIT, CheckResult.SUCCESSFUL, Evidence.AS_PRINTED),
    Check(CheckId.NOT_EXPIRED, CheckResult.UNDETERMINED, Evidence.CLOCK),
)
FACE = b"\xff\xd8 a drawn face of nobody"
CLEARED = "cleared"
OPERATOR = Opener("O-1", "practice")


def nobody_is_asked(what: str) -> Private[str]:
    raise AssertionError(what)


def member(holder: Holder | None = ANNA, relation: str | None = None, pictures: int = 0) -> MemberRecord:
    """A traveller: the first picture is the face, then the fingers."""
    prints = tuple((finger, "captured") for finger in ("right_index", "left_index")[: max(0, pictures - 1)])
    face = "captured" if pictures else "unwilling"
    return MemberRecord(
        holder, CHECKS if holder else (), "ordinary", "passport_reader", True, relation, ("P<UTO",), face=face, prints=prints
    )


def registration(*members: MemberRecord, number: int = 1) -> RegistrationRecord:
    """One registration of these travellers."""
    return RegistrationRecord("K4T7QF", number, "UT-NOWHERE", "entry", "sw", "document", "", members, {"purpose": "trade", "days": "3"})


def picture_of(at: int, kind: str = "face") -> bytes:
    """A sealed picture's payload."""
    head = {"kind": kind, "member": at, "encoding": "jpeg", "width": 4, "height": 2, "note": ""}
    return msgspec.json.encode(head) + b"\n" + FACE + str(at).encode()


@dataclass(frozen=True)
class Waiting:
    """What a station has recorded and not yet delivered."""

    rows: Sequence[Row]
    pictures: Sequence[Any]


class Border:
    """A lane, a console, a receiver's store, and a second database at `into`."""

    def __init__(self, folder: Path, into: str, sealed: str = "", clock: Any = None) -> None:
        """`sealed` is the URL of the receiver's store; without it a file in `folder`."""
        self.folder, self.into = folder, into
        self.store_url = sealed or str(folder / "headquarters" / "headquarters.db")
        self.practice = Practice(folder)
        self.clock = clock or SystemClock()
        self.lane = Kept(folder / "lane", self.practice.keys(), clock)
        self.console = Kept(folder / "console", self.practice.keys(CONSOLE), clock)
        self.store = self.open_store()
        self._tickets = 1000

    def open_store(self) -> Store:
        return Store(self.store_url)

    def registers(self, *members: MemberRecord, pictures: int = 0, drawn: Sequence[NewPicture] = ()) -> str:
        """A party registers, with so many pictures of ours, or with these. Returns the record's id."""
        drawn = drawn or [NewPicture(Picture.FACE, Private(picture_of(at))) for at in range(pictures)]
        return self._records(self.lane, Kind.REGISTRATION, msgspec.json.encode(registration(*members)), drawn)

    def decides(self, case_id: str, code: str = CLEARED, officer: str = "O-7", number: int = 1) -> str:
        """An officer decides; console and lane both record it. Returns the id of the console's record."""
        decision_id = f"{case_id[:-12]}{number:012d}"
        made = encode(
            Decision(decision_id=decision_id, case_id=case_id, version=1, code=code, officer=officer, console=CONSOLE, sig="specimen")
        )
        told = self._records(self.console, Kind.DECISION, made)
        self._records(self.lane, Kind.DECISION, made)
        return told

    def waiting(self, kept: Kept) -> Waiting:
        return Waiting(kept.asked(kept.journal.unsent, 0, 500), kept.asked(kept.journal.unsent_pictures, 0, 500))

    def delivers(self, pictures: bool = True) -> None:
        """Everything that was recorded reaches the receiver."""
        for station, kept in ((LANE, self.lane), (CONSOLE, self.console)):
            waiting = self.waiting(kept)
            self.takes(station, waiting.rows, waiting.pictures if pictures else ())

    def takes(self, station: str, rows: Sequence[Row], pictures: Sequence[Any] = ()) -> None:
        """These rows and pictures reach the receiver."""
        receiver = Receiver(self.store, self.practice.receiver_keys(), self.clock)
        receiver.take([Came(topic(station, Leaf.RECORD), row.content) for row in rows])
        receiver.take([Came(topic(station, Leaf.MEDIA), picture.content) for picture in pictures])

    def fills(self, again: bool = False, key: Path | None = None, clock: Any = None) -> Tally:
        """The opener runs once."""
        opening = opening_key(str(key or self.practice.founding.opening_key), nobody_is_asked)
        return fill(FillPlan(self.store_url, self.into, self.folder / "openings", opening, OPERATOR, again), clock or self.clock)

    def opened(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the second database."""
        into = Opened(self.into)
        try:
            return into.database.execute(sql)
        finally:
            into.close()

    def close(self) -> None:
        self.lane.close()
        self.console.close()
        self.store.close()

    def _records(self, kept: Kept, kind: Kind, payload: bytes, drawn: Sequence[NewPicture] = ()) -> str:
        self._tickets += 1
        kept.journal.record(self._tickets, kind, Private(payload), list(drawn), None)
        answer = kept.answer()
        assert hasattr(answer, "record_id"), answer
        return str(answer.record_id)
