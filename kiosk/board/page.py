"""The board as a web page: posts and lanes, each state as word, shape and colour; what is broken first. PURE: board in, text out.

Everything that comes from a station goes through `html.escape`. The page needs no other server, and works without its script: then it
loads itself again each ten seconds.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo
from html import escape

from kiosk.board.chart import chart
from kiosk.board.lane_page import lane_page
from kiosk.board.parts import LEVELS, shape, symbols, trouble_words
from kiosk.board.rollout_page import rollout_lines, rollout_page
from kiosk.board.state import Board, LaneSeen, Other, PostSeen, Shown
from kiosk.board.troubles import Level
from kiosk.board.wanted import THEMES, TROUBLE, Wanted, narrowed
from kiosk.board.words import length, since

MOST_LANES, MOST_TROUBLES, MOST_OTHERS, TROUBLES_A_LANE = 400, 12, 4, 3
FEW, SOME = 9, 60


def page(board: Board, wanted: Wanted, zone: tzinfo) -> str:
    """The whole page."""
    if wanted.lane:
        live = _one_lane(board, wanted, zone)
    elif wanted.rollout:
        live = _one_rollout(board, wanted, zone)
    else:
        live = _all_lanes(board, wanted, zone)
    return (
        f'<!doctype html><html lang="en" data-theme="{wanted.theme}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">'
        '<title>Lane board</title><link rel="icon" href="data:,"><link rel="stylesheet" href="board.css">'
        '<noscript><meta http-equiv="refresh" content="10"></noscript><script src="board.js" defer></script></head><body>'
        f'<svg class="none" aria-hidden="true">{symbols()}</svg><a class="skip" href="#posts">To the lanes</a>'
        f'<p id="news" class="unseen" role="status"></p><p id="stale" role="alert" hidden></p>'
        f"{_form(board, wanted)}{live}</body></html>"
    )


def _all_lanes(board: Board, wanted: Wanted, zone: tzinfo) -> str:
    """The part that the script renews: sums, troubles, posts."""
    shown = narrowed(board, wanted)
    density = "bare" if not shown.lanes else "few" if len(shown.lanes) <= FEW else "some" if len(shown.lanes) <= SOME else "many"
    return (
        f'<div id="live" class="{density}" data-news="{escape(_news(board))}">{_head(board, wanted, zone)}{_alarm(board, zone)}'
        f"{rollout_lines(board.rollouts, wanted)}<main>{_attention(shown, wanted, zone)}{_posts(shown, wanted, zone)}</main>{_foot(shown)}</div>"
    )


def _news(board: Board) -> str:
    """For who listens: told when it changes."""
    counts = [f"{board.count(state)} {state}" for state in (Shown.LOST, Shown.FAULT) if board.count(state)]
    return ", ".join([*counts, f"{len(board.in_trouble)} of {board.total} to look at"])


def _one_lane(board: Board, wanted: Wanted, zone: tzinfo) -> str:
    """In its place, one station with all that it says."""
    found = [lane for lane in board.lanes if lane.station.id == wanted.lane]
    text = lane_page(found[0], board, zone) if found else f"<p>No station {escape(wanted.lane)} has ever been heard.</p>"
    back = f'<p><a id="back" href="{escape(wanted.address(lane=""))}">All lanes</a></p>'
    return f'<div id="live" class="one">{_head(board, wanted, zone)}{_alarm(board, zone)}<main id="posts">{back}{text}</main></div>'


def _one_rollout(board: Board, wanted: Wanted, zone: tzinfo) -> str:
    """In its place, one rollout with its stages."""
    found = [rollout for rollout in board.rollouts if str(rollout.number) == wanted.rollout]
    lately = "<p>There is no such rollout of late; <code>mpaka headquarters rollout show</code> lists all.</p>"
    text = rollout_page(found[0], wanted, board.at, zone) if found else lately
    back = f'<p><a id="back" href="{escape(wanted.address(rollout=""))}">All lanes</a></p>'
    return f'<div id="live" class="one">{_head(board, wanted, zone)}{_alarm(board, zone)}<main id="posts">{back}{text}</main></div>'


def _head(board: Board, wanted: Wanted, zone: tzinfo) -> str:
    local = board.at.astimezone(zone)
    chips = [_chip(wanted, "", board.total, "all", "")]
    chips.append(_chip(wanted, TROUBLE, len(board.in_trouble), "to look at", shape("warn")))
    always = (Shown.LOST, Shown.FAULT, Shown.OPEN)
    chips += [_chip(wanted, state, board.count(state), state, shape(state)) for state in Shown if state in always or board.count(state)]
    return (
        f'<header><h1>Lane board</h1><nav aria-label="States">{"".join(chips)}</nav>'
        f'<p class="at"><time datetime="{local.isoformat()}">{local:%H:%M:%S}</time> <span>{escape(str(local.tzname()))}</span></p></header>'
    )


def _chip(wanted: Wanted, show: str, number: int, words: str, sign: str) -> str:
    here = ' aria-current="true"' if wanted.show == show and not (wanted.lane or wanted.rollout) else ""
    none = " zero" if not number else ""
    address = escape(wanted.address(show=show, lane="", rollout=""))
    return f'<a id="c-{show}" class="chip{none}" href="{address}"{here}>{sign}<b>{number}</b> {words}</a>'


def _alarm(board: Board, zone: tzinfo) -> str:
    if board.silent_since is None:
        return ""
    words = since(board.silent_since, zone, board.at).removeprefix("since ")
    return (
        f'<p class="alarm" role="alert">{shape(Shown.LOST)}No station has been heard since {words}. '
        "Does the receiver run (<code>mpaka headquarters</code>), and does the broker stand?</p>"
    )


def _attention(board: Board, wanted: Wanted, zone: tzinfo) -> str:
    troubled = board.in_trouble
    others = "".join(_other(other, board, zone) for other in board.others[:MOST_OTHERS])
    if not board.lanes and not others:
        return ""
    if not troubled and not others:
        return f'<aside><h2>To look at</h2><p class="calm">{shape(Shown.OPEN)}Nothing is broken.</p></aside>'
    most = MOST_LANES if wanted.show == TROUBLE else MOST_TROUBLES
    entries = "".join(_troubled(lane, board, wanted, zone) for lane in troubled[:most])
    more = (
        f'<p><a id="more" href="{escape(wanted.address(show=TROUBLE))}">and {len(troubled) - most} more</a></p>'
        if len(troubled) > most
        else ""
    )
    return f"<aside><h2>To look at</h2><ol>{others}{entries}</ol>{more}</aside>"


def _other(other: Other, board: Board, zone: tzinfo) -> str:
    """Not a station that was heard: it has no page of its own."""
    told = "".join(f"<p>{trouble_words(trouble, board, zone)}</p>" for trouble in other.troubles[:TROUBLES_A_LANE])
    return f'<li class="warn"><h3>{shape("warn")} {escape(other.station)}</h3>{told}</li>'


def _troubled(lane: LaneSeen, board: Board, wanted: Wanted, zone: tzinfo) -> str:
    """A lost or faulty lane is named by its state; what else is wrong is said in words."""
    told = "".join(f"<p>{trouble_words(trouble, board, zone)}</p>" for trouble in lane.troubles[:TROUBLES_A_LANE])
    left = len(lane.troubles) - TROUBLES_A_LANE
    more = f"<p>and {left} more</p>" if left > 0 else ""
    sign = shape(lane.state) if lane.level is Level.STOP else shape("warn")
    link = f'<a id="t-{lane.station.id}" href="{escape(wanted.address(lane=lane.station.id))}">{lane.station.id}</a>'
    return f'<li class="{LEVELS[lane.level]}"><h3>{sign} {link} <span class="word">{lane.state}</span></h3>{told}{more}</li>'


def _posts(board: Board, wanted: Wanted, zone: tzinfo) -> str:
    if not board.lanes:
        words = "No lane is like that." if wanted.narrow else "No lane has reported yet. The first status of a lane brings it here."
        return f'<div id="posts"><p class="empty">{words}</p></div>'
    parts, room = [], MOST_LANES
    for post in board.posts:
        if room > 0:
            parts.append(_post(post, post.lanes[:room], wanted, zone))
            room -= len(post.lanes)
    left = len(board.lanes) - MOST_LANES
    more = f'<p class="empty">and {left} more lanes: narrow the view</p>' if left > 0 else ""
    return f'<div id="posts">{"".join(parts)}{more}</div>'


def _post(post: PostSeen, lanes: Sequence[LaneSeen], wanted: Wanted, zone: tzinfo) -> str:
    figures = [f"<span><b>{post.cases}</b> waiting</span>"]
    if post.cases:
        figures.append(f"<span>longest <b>{length(post.longest_s)}</b></span>")
    if post.rows:
        figures.append(f"<span><b>{post.rows}</b> not sent</span>")
    link = f'<a id="p-{post.code}" href="{escape(wanted.address(post=post.code))}">{post.code}</a>'
    tiles = "".join(_tile(lane, wanted) for lane in lanes)
    return (
        f'<section class="post"><h2>{link} {_rate(post)}</h2><p class="figures">{"".join(figures)}</p>'
        f'{chart(post.hours, zone)}<ul class="lanes">{tiles}</ul></section>'
    )


def _rate(post: PostSeen) -> str:
    """Where there is no room for the chart: the hour before this one."""
    before = post.hours[-2]
    waited = f", wait {length(before.wait_s)}" if before.wait_s is not None else ""
    return f'<span class="rate">{before.registered}/h{waited}</span>'


def _tile(lane: LaneSeen, wanted: Wanted) -> str:
    worse = lane.level is Level.WARN
    words = f'{lane.state} {shape("warn")}<span class="more"> {len(lane.troubles)} to look at</span>' if worse else str(lane.state)
    queue = f'<span class="queue">{lane.queue.cases} waiting</span>' if lane.queue is not None and lane.queue.cases else ""
    address = escape(wanted.address(lane=lane.station.id))
    return (
        f'<li><a id="l-{lane.station.id}" class="lane {lane.state} {LEVELS[lane.level]}" href="{address}">{shape(lane.state)}'
        f'<b>{lane.station.name}</b><span class="word">{words}</span>{queue}</a></li>'
    )


def _foot(board: Board) -> str:
    """Which versions run; more than one is worth a word."""
    versions = Counter(lane.status.versions.get("mpaka", "?")[:20] for lane in board.lanes if isinstance(lane.status.versions, dict))
    told = ", ".join(f"{escape(version)} on {number}" for version, number in versions.most_common(8))
    return f"<footer>{f'Mpaka {told}' if told else ''}</footer>"


def _form(board: Board, wanted: Wanted) -> str:
    posts = "".join(_option(post.code, post.code, wanted.post) for post in board.posts)
    themes = "".join(_option(theme, theme, wanted.theme) for theme in THEMES)
    kept = f'<input type="hidden" name="show" value="{wanted.show}">' if wanted.show else ""
    text = f'<input type="search" name="q" value="{escape(wanted.text)}" maxlength="64" placeholder="post or lane">'
    fields = (
        f"<label>Name {text}</label>"
        f'<label>Post <select name="post">{_option("", "all", wanted.post)}{posts}</select></label>'
        f'<label>Light <select name="theme">{themes}</select></label>'
    )
    opened = " open" if wanted.text or wanted.post else ""
    return f'<details class="find"{opened}><summary>Find</summary><form method="get" role="search">{kept}{fields}<button>Show</button></form></details>'


def _option(value: str, words: str, chosen: str) -> str:
    return f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
