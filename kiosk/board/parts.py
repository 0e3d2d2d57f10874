"""What the pages of the board share: signs, and troubles in words. PURE."""

from datetime import tzinfo
from html import escape

from kiosk.board.state import Board, Shown
from kiosk.board.troubles import Level, Trouble
from kiosk.board.words import since

SHAPES = {
    Shown.OPEN: '<circle cx="12" cy="12" r="9"/>',
    Shown.CLOSED: '<rect x="4" y="4" width="16" height="16" rx="1"/>',
    Shown.STOPPED: '<rect x="5" y="5" width="14" height="14" rx="1" fill="none" stroke="currentColor" stroke-width="3"/>',
    Shown.STARTING: '<circle cx="12" cy="12" r="7.5" fill="none" stroke="currentColor" stroke-width="3" stroke-dasharray="8 4"/>',
    Shown.MAINTENANCE: '<path d="M12 2 22 12 12 22 2 12Z"/>',
    Shown.FAULT: '<path d="M12 2 23 21H1Z"/>',
    Shown.LOST: '<path d="m6 2 6 6 6-6 4 4-6 6 6 6-4 4-6-6-6 6-4-4 6-6-6-6Z"/>',
}
"""A shape a state, so that none is told by its colour alone."""
WARN_SHAPE = '<path d="M12 2 23 21H1Z" fill="none" stroke="currentColor" stroke-width="2.5"/><path d="M11 9h2v6h-2zM11 16h2v2h-2z"/>'
LEVELS = {Level.STOP: "stop", Level.WARN: "warn", Level.NOTE: "note", Level.FINE: "fine"}


def shape(state: Shown | str) -> str:
    """The sign of a state, or of a warning."""
    return f'<svg class="sign {state}" aria-hidden="true"><use href="#s-{state}"/></svg>'


def symbols() -> str:
    """All signs, once on a page, for `shape` to point at."""
    signs = {**{str(state): drawn for state, drawn in SHAPES.items()}, "warn": WARN_SHAPE}
    return "".join(f'<symbol id="s-{name}" viewBox="0 0 24 24">{drawn}</symbol>' for name, drawn in signs.items())


def trouble_words(trouble: Trouble, board: Board, zone: tzinfo) -> str:
    """What is wrong, and since when."""
    what = "" if trouble.what == "lane" else f"{escape(trouble.what)}: "
    when = since(trouble.since, zone, board.at)
    return f"{what}{escape(trouble.says)}" + (f' <span class="when">{when}</span>' if when else "")
