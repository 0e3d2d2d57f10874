"""Statuses as stations send them, for boards of any size. Everything is made up from a seed."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.board.state import Board, MemberSeen, Remark, RolloutSeen, Row, board_of
from kiosk.messages.payloads import (
    ClockFacts,
    ClockSource,
    DeviceState,
    Hour,
    LaneState,
    Outbox,
    Queue,
    SelfRegistration,
    Status,
    encode,
)

AT = datetime(2026, 12, 1, 12, 34, 56, tzinfo=UTC)
SESSION = "018f8a8e-1111-7111-8111-111111111111"
DEVICES = ("passport_reader", "document_camera", "face_camera", "fingerprint_scanner", "receipt_printer", "lane_io")
POSTS = ("ut-north", "ut-south", "ut-bridge", "ut-ferry-east", "ut-airport", "ut-rail", "ut-hill", "ut-lake", "ut-market", "ut-old-road")
STATES = [LaneState.OPEN] * 30 + list(LaneState)


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(**length: float) -> str:
    return text(AT - timedelta(**length))


def status(state: LaneState = LaneState.OPEN, **more: Any) -> Status:
    """A lane that does well, and what is other than that."""
    plain: dict[str, Any] = {
        "ts": text(AT),
        "session": SESSION,
        "seq": 7,
        "self_registration": SelfRegistration(state="open"),
        "devices": dict.fromkeys(DEVICES, DeviceState.OK),
        "consumables": {"paper": "ok"},
        "lists": {"staff": 3 * 86_400, "key_set": 9 * 86_400},
        "clock": ClockFacts(source=ClockSource.NTP, uncertainty_s=0.012, drift_s=0.003),
        "outbox": Outbox(rows=0, bytes=0, oldest_s=0),
        "versions": {"mpaka": "0.1.0", "python": "3.11.2"},
        "since": {"state": ago(hours=5)},
        "queue": Queue(cases=0, longest_s=0),
    }
    return Status(state=state, **{**plain, **more})


def row(station: str = "ut-north-lane1", said: Status | None = None, *, seen_s: float = 3.0, lost: bool = False) -> Row:
    said = said or status()
    return Row(station, "lost" if lost else said.state, ago(seconds=seen_s), encode(said))


def board(*rows: Row, remarks: tuple[Remark, ...] = ()) -> Board:
    return board_of(rows, remarks, AT)


def rollout(number: int = 4, **more: Any) -> RolloutSeen:
    """Of two stages; the second is stopped by a lane that refused."""
    members = (
        MemberSeen("ut-north-lane1", 1, "has it", AT - timedelta(minutes=50)),
        MemberSeen("ut-south-lane1", 2, "has it", AT - timedelta(minutes=9)),
        MemberSeen("ut-old-road-lane11", 2, "trouble", AT - timedelta(minutes=8), "refused: staff list 7 is older than 8, which is here"),
        MemberSeen("ut-ferry-east-lane1", 3, "held"),
    )
    plain: dict[str, Any] = {
        "what": "staff list 7",
        "state": "stopped",
        "progress": "stage 2 of 3: 1 of 2 have it, stopped 8 min ago",
        "members": members,
        "by": "O-7",
        "reason": "the new shift",
        "station": "ut-old-road-lane11",
        "why": "refused: staff list 7 is older than 8, which is here",
    }
    return RolloutSeen(number, **{**plain, **more})


def many(count: int, seed: int = 1) -> Board:
    """So many stations at ten posts, most of them well."""
    chance = random.Random(seed)
    rows = [some_row(f"{POSTS[number % len(POSTS)]}-lane{number // len(POSTS) + 1}", chance) for number in range(count)]
    return board(*rows)


def some_row(station: str, chance: random.Random) -> Row:
    failed = chance.random() < 0.08
    since = {"state": ago(minutes=chance.randint(2, 3000)), "receipt_printer": ago(minutes=chance.randint(2, 300)), "paper": ago(minutes=9)}
    hours = [
        Hour(hour=text(AT.replace(minute=0, second=0) - timedelta(hours=back)), registered=chance.randint(3, 40), decided=3, wait_s=chance.randint(60, 900))
        for back in range(5, -1, -1)
    ]  # fmt: skip
    said = status(
        chance.choice(STATES),
        devices={**dict.fromkeys(DEVICES, DeviceState.OK), "receipt_printer": DeviceState.FAILED if failed else DeviceState.OK},
        consumables={"paper": "out" if chance.random() < 0.08 else "ok"},
        outbox=Outbox(rows=chance.choice([0, 0, 0, 2]), bytes=900, oldest_s=3),
        since=since,
        queue=Queue(cases=chance.randint(0, 7), longest_s=chance.randint(30, 1300)),
        hours=hours,
    )
    lost = chance.random() < 0.03
    return row(station, said, lost=lost, seen_s=chance.randint(120, 5000) if lost else 3.0)
