"""Desks, pads and menus for the tests of the officer's and the technician's screens: ordinary ones, and the fullest there can be."""

from dataclasses import replace
from types import MappingProxyType

from drivers.contract import Encoding, Finger, Kind, Outcome, TrialAsks, TrialStep
from kiosk.desk.states import Desk, LaneSeen, Opened, Picture, Progress, Summary, Trouble, Waiting
from kiosk.documents.results import Check, CheckId, CheckResult, Evidence, Holder
from kiosk.movement.case import begin
from kiosk.pad import Pad
from kiosk.private import Private
from kiosk.record import MediaKind, MemberRecord, RegistrationRecord
from kiosk.registration.profile import Direction
from kiosk.registration.travellers import Image
from kiosk.roles import Role, SignedOn
from kiosk.views.desk_parts import DeskView, MenuView, SignOnView
from kiosk.views.officer import desk_view
from kiosk.views.sign_on import sign_on_view
from kiosk.views.technician import DeviceState, menu_view
from kiosk.words.shelf import load_words

HERE, THERE, LANE = "tz-tunduma-console1", "tz-tunduma-console2", "tz-tunduma-lane1"
say = load_words().speaker("en")
OFFICER = SignedOn("O-1", frozenset({Role.OFFICER, Role.SECOND_LINE}))
HOLDER = Holder("TD3", "P", "UTO", "L898902C3", "ERIKSSON", "ANNA MARIA", "UTO", "1974-08-12", "F", "2031-04-15", 52)
LONG = replace(
    HOLDER, surname="EXEMPLO DE VASCONCELOS E ALBUQUERQUE", given_names="MARIA DA CONCEICAO TERESA", number="LONGEST00NUMBER1234567"
)
CHECKS = tuple(Check(each, list(CheckResult)[at % len(CheckResult)], list(Evidence)[at % len(Evidence)]) for at, each in enumerate(CheckId))
MEMBER = MemberRecord(
    holder=HOLDER,
    checks=CHECKS,
    way="ordinary",
    source="passport_reader",
    confirmed=True,
    face="captured",
    face_quality=81,
    prints=(("right_index", "captured"), ("left_index", "tries_used")),
)
FULLEST = MemberRecord(
    holder=LONG,
    checks=CHECKS,
    way="short",
    source="document_camera",
    confirmed=False,
    relation="relative",
    face="tries_used",
    prints=tuple((finger, "device_lost") for finger in Finger),
)
ANSWERS = {"purpose": "medical", "days": "longer", "address": "relatives", "health": "well", "goods": "yes"}


def record(*members: MemberRecord, help: str = "", answers: dict[str, str] | None = None) -> RegistrationRecord:
    return RegistrationRecord("K4T7QF", 17, "TZ-TUNDUMA", "exit", "sw", "document", help, members, ANSWERS if answers is None else answers)


def waiting(at: int, holder: str = "", summary: Summary | None = None) -> Waiting:
    kept = Private(summary) if summary else None
    return Waiting(f"case-{at}", LANE, "K4T7QF", f"2026-11-24T08:{at:02}:00Z", 1, holder, kept)


def desk(*cases: Waiting, **more: object) -> Desk:
    by_id = MappingProxyType({case.case_id: case for case in cases})
    made = Desk(HERE, Direction.EXIT, OFFICER, by_id, MappingProxyType({LANE: LaneSeen("open")}))
    return replace(made, **more)  # type: ignore[arg-type]  # fields of Desk by name


def opened(shown: RegistrationRecord, progress: Progress = Progress.EXAMINING, *, asking: bool = False, member: int = 0) -> Opened:
    image = Private(Image(Encoding.JPEG, 4, 3, Private(b"")))
    pictures = (Picture(MediaKind.DOCUMENT, 0, image), Picture(MediaKind.FACE, 0, image))
    return Opened(waiting(0, HERE), begin("case-0", Direction.EXIT), Private(shown), pictures, member, progress, asking)


QUEUE = tuple(
    waiting(at, THERE if at % 4 == 3 else "", Summary(1 + at % 8, 1 + at % 3, "document", at % 5 == 0) if at % 4 else None)
    for at in range(30)
)
LOST_LANES = MappingProxyType(
    {
        f"tz-tunduma-lane{at}": seen
        for at, seen in enumerate(
            (LaneSeen("open"), LaneSeen("lost"), LaneSeen("open", tuple(map(str, Kind))), LaneSeen("maintenance"), LaneSeen("fault"))
        )
    }
)


def desks() -> dict[str, DeskView]:
    """Every kind of screen that an officer may see."""
    case = record(MEMBER)
    fullest = record(*([FULLEST] * 8), help="unreadable")
    states = {
        "nobody waits": desk(),
        "one waits": desk(waiting(1)),
        "thirty wait, five lanes with troubles": desk(*QUEUE, lanes=LOST_LANES),
        "taking one": desk(waiting(1), claiming="case-1"),
        "a case": desk(waiting(0, HERE), *QUEUE[1:4], opened=opened(case)),
        "the fullest case": desk(*QUEUE, lanes=LOST_LANES, opened=opened(fullest, member=7)),
        "a person without a document": desk(waiting(0, HERE), opened=opened(record(help="no_document", answers={}))),
        "a reason for second line": desk(waiting(0, HERE), opened=opened(case, asking=True)),
        **{f"the decision is {each}": desk(waiting(0, HERE), opened=opened(case, each)) for each in Progress},
        **{f"trouble {each}": desk(waiting(1), trouble=each) for each in Trouble},
        **{f"a case and trouble {each}": desk(waiting(0, HERE), opened=opened(case), trouble=each) for each in Trouble},
    }
    return {name: desk_view(state, say, "PRACTICE · SAMPLE texts") for name, state in states.items()}


def pads(*, technician: bool) -> dict[str, SignOnView]:
    """Asking who is there."""
    few, many = ("O-1", "O-2", "S-1"), tuple(f"O-{at}" for at in range(1, 13))
    states = {
        "three people": Pad(few),
        "twelve people": Pad(many),
        "a pin": Pad(few, "O-1"),
        "six digits": Pad(few, "O-1", Private("123456")),
        "a wrong pin": Pad(few, "O-1", wrong=True),
        "too early": Pad(few, "O-1", wrong=True, wait_s=900),
    }
    return {name: sign_on_view(state, say, technician=technician) for name, state in states.items()}


def menus() -> dict[str, MenuView]:
    """What a technician sees."""
    well = DeviceState(True, "ID BOX One, firmware 1.20", "08:15:30")
    tested = replace(well, passed=True, findings=("1280 x 960 pixels", "mean brightness 120 of 255", "sharpness 431"))
    failed = replace(well, passed=False, findings=("the cutter is stuck " * 6,))
    steps = (
        TrialStep("opens", Outcome.PASSED, "Opened in 12 ms."),
        TrialStep("comes_back", Outcome.FAILED, "It was back after 3.1 s; 2 s are the most."),
        TrialStep("survives_split", Outcome.NOT_TRIED, "Only an emulator or a recording can spoil what the device says."),
    )
    asks = TrialAsks("does_it_again", "Take the document away. Then say that it is done.", 54)
    waiting = {kind: replace(well, trying=kind is Kind.PASSPORT_READER, asks=asks, steps=steps[:1]) for kind in Kind}
    return {
        "all well": menu_view("T-1", dict.fromkeys(Kind, well), (), say),
        "all lost": menu_view("T-1", dict.fromkeys(Kind, DeviceState(False, "", "")), (), say),
        "testing": menu_view("T-1", dict.fromkeys(Kind, replace(well, testing=True)), (), say),
        "tested well": menu_view("T-1", dict.fromkeys(Kind, tested), (), say),
        "tested and failed": menu_view("T-1", dict.fromkeys(Kind, failed), (), say),
        "trials offered": menu_view("T-1", dict.fromkeys(Kind, well), (), say, trials=True),
        "a trial asks": menu_view("T-1", waiting, (), say, trials=True),
        "a trial goes on": menu_view("T-1", {kind: replace(one, asks=None) for kind, one in waiting.items()}, (), say, trials=True),
        "a trial failed": menu_view("T-1", dict.fromkeys(Kind, replace(well, steps=steps)), (), say, trials=True),
    }
