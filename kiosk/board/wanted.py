"""What somebody wants to see of the board: the filters of the page, as they stand in its address. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from kiosk.board.state import Board, LaneSeen, PostSeen, Shown
from kiosk.board.troubles import Level

TROUBLE = "trouble"
THEMES = ("auto", "light", "dark")
LONGEST = 64


@dataclass(frozen=True)
class Wanted:
    """`text` stands in a station's name; `show` is a state, `trouble`, or empty for all; `lane` one station, `rollout` the number of one."""

    text: str = ""
    post: str = ""
    show: str = ""
    lane: str = ""
    theme: str = THEMES[0]
    rollout: str = ""

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text or self.post or self.show)

    def address(self, **other: str) -> str:
        """The address of this view with these other values."""
        changed = replace(self, **other)
        named = {"q": changed.text, "post": changed.post, "show": changed.show, "lane": changed.lane, "rollout": changed.rollout}
        found = {name: value for name, value in named.items() if value}
        return "?" + urlencode(found | ({"theme": changed.theme} if changed.theme != THEMES[0] else {}))


def wanted_from(query: Mapping[str, str]) -> Wanted:
    """From the names and values of an address; what is not known there is as if it were not said."""
    show, theme = query.get("show", ""), query.get("theme", "")
    return Wanted(
        text=query.get("q", "").strip().lower()[:LONGEST],
        post=query.get("post", "")[:LONGEST],
        show=show if show in (TROUBLE, *Shown) else "",
        lane=query.get("lane", "")[:LONGEST],
        theme=theme if theme in THEMES else THEMES[0],
        rollout=query.get("rollout", "")[:LONGEST],
    )


def narrowed(board: Board, wanted: Wanted) -> Board:
    """The board with only the stations that are wanted; it still knows how many there are."""
    posts = tuple(PostSeen(post.code, tuple(lane for lane in post.lanes if _fits(lane, wanted))) for post in board.posts)
    return replace(board, posts=tuple(post for post in posts if post.lanes))


def _fits(lane: LaneSeen, wanted: Wanted) -> bool:
    if wanted.post and lane.station.post != wanted.post:
        return False
    if wanted.show == TROUBLE and lane.level < Level.WARN:
        return False
    if wanted.show in set(Shown) and lane.state != wanted.show:
        return False
    return wanted.text in lane.station.id
