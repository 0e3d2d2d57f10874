"""Who may do what. PURE: one gate, one table, tested as a table."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The people of a post."""

    TRAVELLER = "traveller"
    OFFICER = "officer"
    SECOND_LINE = "second_line"
    SHIFT_LEAD = "shift_lead"
    TECHNICIAN = "technician"


@dataclass(frozen=True)
class SignedOn:
    """Somebody is at the station: a pseudonym, never a name, and the roles that count here."""

    pseudonym: str
    roles: frozenset[Role]


class Deed(StrEnum):
    """What can be done at a station beyond a traveller's own answers."""

    SEE_QUEUE = "see_queue"
    SEE_CASE = "see_case"
    CLAIM = "claim"
    CLEAR = "clear"
    REFER_SECOND_LINE = "refer_second_line"
    RESOLVE_CONFLICT = "resolve_conflict"
    ATTEND_HELP = "attend_help"
    SEE_DEVICES = "see_devices"
    TEST_DEVICE = "test_device"
    OPEN_CLOSE_LANE = "open_close_lane"


MAY: dict[Role, frozenset[Deed]] = {
    Role.TRAVELLER: frozenset(),
    Role.OFFICER: frozenset({Deed.SEE_QUEUE, Deed.SEE_CASE, Deed.CLAIM, Deed.CLEAR, Deed.REFER_SECOND_LINE, Deed.ATTEND_HELP}),
    Role.SECOND_LINE: frozenset({Deed.SEE_QUEUE, Deed.SEE_CASE, Deed.CLAIM, Deed.CLEAR, Deed.REFER_SECOND_LINE, Deed.ATTEND_HELP}),
    Role.SHIFT_LEAD: frozenset(
        {
            Deed.SEE_QUEUE,
            Deed.SEE_CASE,
            Deed.CLAIM,
            Deed.CLEAR,
            Deed.REFER_SECOND_LINE,
            Deed.RESOLVE_CONFLICT,
            Deed.ATTEND_HELP,
            Deed.OPEN_CLOSE_LANE,
        }
    ),
    # devices and synthetic pictures, never a traveller's data
    Role.TECHNICIAN: frozenset({Deed.SEE_DEVICES, Deed.TEST_DEVICE, Deed.OPEN_CLOSE_LANE}),
}


def may(roles: frozenset[Role], deed: Deed) -> bool:
    """Whether somebody with these roles may do this."""
    return any(deed in MAY[role] for role in roles)
