"""Rollouts on the board: a line for each on the first page, and one with its stages: who has it, who not, and why it stopped. PURE."""

from datetime import datetime, tzinfo
from html import escape
from itertools import groupby

from kiosk.board.parts import shape
from kiosk.board.state import MemberSeen, RolloutSeen
from kiosk.board.wanted import Wanted
from kiosk.board.words import since

STOPPED, HAS = "stopped", "has it"
MOST_STATIONS = 400


def rollout_lines(rollouts: tuple[RolloutSeen, ...], wanted: Wanted) -> str:
    """One line each; nothing where there is none."""
    lines = "".join(f'<li class="{"warn" if one.state == STOPPED else "fine"}">{_line(one, wanted)}</li>' for one in rollouts)
    return f'<section class="rollouts"><h2>Rollouts</h2><ul>{lines}</ul></section>' if lines else ""


def rollout_page(rollout: RolloutSeen, wanted: Wanted, at: datetime, zone: tzinfo) -> str:
    """All of one: its stages, and in each first those that do not have it."""
    for_what = ": ".join(words for words in (rollout.by, rollout.reason) if words)
    asked = f'<p class="empty">by {escape(for_what)}</p>' if for_what else ""
    stages = "".join(
        _stage(stage, tuple(members), wanted, at, zone) for stage, members in groupby(rollout.members, key=lambda member: member.stage)
    )
    return f'<h2 class="state">Rollout {rollout.number}</h2><ol class="all"><li class="{_level(rollout)}"><p>{_said(rollout)}</p></li></ol>{asked}{stages}'


def _stage(stage: int, members: tuple[MemberSeen, ...], wanted: Wanted, at: datetime, zone: tzinfo) -> str:
    have = sum(member.stand == HAS for member in members)
    ranked = sorted(members, key=lambda member: (member.stand == HAS, member.station))
    rows = "".join(_row(member, wanted, at, zone) for member in ranked[:MOST_STATIONS])
    more = f'<p class="empty">and {len(members) - MOST_STATIONS} more</p>' if len(members) > MOST_STATIONS else ""
    return f'<h3>Stage {stage}: {have} of {len(members)} have it</h3><table class="commands">{rows}</table>{more}'


def _row(member: MemberSeen, wanted: Wanted, at: datetime, zone: tzinfo) -> str:
    link = f'<a id="m-{member.station}" href="{escape(wanted.address(rollout="", lane=member.station))}">{escape(member.station)}</a>'
    stand = f"{member.stand} {since(member.since, zone, at)}"
    return f"<tr><th>{link}</th><td>{escape(stand)}</td><td>{escape(member.why)}</td></tr>"


def _line(rollout: RolloutSeen, wanted: Wanted) -> str:
    link = f'<a id="r-{rollout.number}" href="{escape(wanted.address(rollout=str(rollout.number), lane=""))}">{escape(rollout.what)}</a>'
    return f"{shape('warn') if rollout.state == STOPPED else ''}{link} {_said(rollout, named=True)}"


def _said(rollout: RolloutSeen, *, named: bool = False) -> str:
    why = ": ".join(words for words in (rollout.station, rollout.why) if words)
    what = "" if named else f"{escape(rollout.what)}: "
    return f"{what}{escape(rollout.progress)}{f' ({escape(why)})' if why else ''}"


def _level(rollout: RolloutSeen) -> str:
    return "warn" if rollout.state == STOPPED else "fine"
