"""The officer's desk as parts: the queue on the left, the case in the middle, the actions under the thumb. PURE."""

from kiosk.screens.geometry import Rect, grid
from kiosk.screens.lettering import Lettering
from kiosk.screens.page import Page
from kiosk.screens.parts.base import Icon, Panel, Part, Reach, Target, Words
from kiosk.screens.parts.board import ACTION_MM, ELLIPSIS, SIGNS, Photograph, action, actions, line, text
from kiosk.screens.theme import Role, Theme
from kiosk.views.desk_parts import CaseView, DeskView, Question, QueueRow

QUEUE_SHARE = 0.235
ROW_MM, CHECK_MM, FACT_MM, PHOTO_MM = 12.0, 7.2, 6.6, 34.0
VEIL = 0.72


def room_for(theme: Theme, millimetres: float) -> int:
    """Pixels for a length that goes with the letters: what is measured for 400 mm of reading distance grows with the distance."""
    return theme.least(millimetres * theme.display.distance_mm / 400)


def compose(view: DeskView, theme: Theme) -> Page:
    """The whole screen; a question lies over it."""
    screen = Rect(0, 0, theme.display.width, theme.display.height)
    queue, rest = screen.cut_left(round(screen.w * QUEUE_SHARE))
    parts: list[Part] = [Panel(screen, "surface"), *_queue(view, theme, queue)]
    room = rest.inset(room_for(theme, 3.0))
    if view.band:
        band, room = room.cut_top(room_for(theme, 6.0), room_for(theme, 2.0))
        words = text(theme, view.band, band.w, bold=True)
        parts += [Panel(band, "warning", theme.radius), Words(band, words, "on_warning", "warning", "centre", middle=True)]
    bar, room = room.cut_bottom(room_for(theme, ACTION_MM), room_for(theme, 2.5))
    parts += actions(theme, bar, view.actions)
    parts += _case(view.case, theme, room) if view.case else _empty(view, theme, room)
    if view.question is None:
        return Page(tuple(parts))
    over = _question(view.question, theme, screen)
    return Page((*parts, *over), modal_from=len(parts))


def _queue(view: DeskView, theme: Theme, area: Rect) -> list[Part]:
    parts: list[Part] = [Panel(area, "ground")]
    pad = room_for(theme, 2.5)
    head, rest = area.inset(pad, room_for(theme, 3.0)).cut_top(room_for(theme, 6.0), room_for(theme, 1.0))
    parts.append(Words(head, text(theme, view.queue_title, head.w, bold=True), "quiet", "ground", middle=True))
    foot, rows = rest.cut_bottom(room_for(theme, 6.0) * (len(view.lanes) + 1), room_for(theme, 2.0))
    shown = rows.h // room_for(theme, ROW_MM)
    for at, row in enumerate(view.queue[:shown]):
        place = Rect(area.x, rows.y + at * room_for(theme, ROW_MM), area.w, room_for(theme, ROW_MM))
        parts += _row(row, theme, place, pad)
    for at, lane in enumerate(view.lanes):
        parts += line(theme, Rect(foot.x, foot.y + at * room_for(theme, 6.0), foot.w, room_for(theme, 6.0)), lane)
    who = Rect(foot.x, foot.bottom - room_for(theme, 6.0), foot.w, room_for(theme, 6.0))
    parts.append(Words(who, text(theme, view.person, who.w), "quiet", "ground", middle=True))
    return parts


def _row(row: QueueRow, theme: Theme, place: Rect, pad: int) -> list[Part]:
    """Code and number above, what it is below; the whole row can be touched."""
    target = Target(row.id, row.event, reach=Reach.KEY) if row.event is not None else None
    ground = "stage" if row.chosen else "ground"
    parts: list[Part] = [Panel(place, ground, target=target)]
    if row.chosen:
        parts.append(Panel(place.cut_left(room_for(theme, 1.0))[0], "primary"))
    parts.append(Panel(Rect(place.x, place.bottom - 1, place.w, 1), "step_open"))
    inside = place.inset(pad, room_for(theme, 1.2))
    icon, colour = SIGNS[row.sign]
    side = round(theme.capital(Role.BODY) * 1.15)
    upper, lower = inside.cut_top(inside.h // 2)
    parts.append(Icon(Rect(upper.x, upper.y + (upper.h - side) // 2, side, side), icon, colour))
    words = upper.cut_left(side + room_for(theme, 1.5))[1]
    number, code = words.cut_right(room_for(theme, 10.0))
    parts.append(Words(code, text(theme, row.code, code.w, bold=True), "ink", ground, middle=True))
    parts.append(Words(number, text(theme, row.number, number.w, bold=True), "ink", ground, "right", middle=True))
    below = lower.cut_left(side + room_for(theme, 1.5))[1]
    parts.append(Words(below, text(theme, row.says, below.w), "quiet", ground, middle=True))
    return parts


def _empty(view: DeskView, theme: Theme, room: Rect) -> list[Part]:
    words = text(theme, view.empty, round(room.w * 0.7), bold=True, role=Role.TITLE, lines=3)
    return [Panel(room, "ground", theme.radius), Words(room, words, "ink", "ground", "centre", middle=True)]


def _case(case: CaseView, theme: Theme, room: Rect) -> list[Part]:
    head, room = room.cut_top(room_for(theme, 8.0), room_for(theme, 1.5))
    subtitle, title = head.cut_right(round(head.w * 0.52), room_for(theme, 2.0))
    parts: list[Part] = [
        Words(title, _whole_name(theme, case.title, title.w), "ink", "surface", middle=True),
        Words(subtitle, text(theme, case.subtitle, subtitle.w, lines=2), "quiet", "surface", "right", middle=True),
    ]
    note, room = room.cut_bottom(room_for(theme, 9.0), room_for(theme, 2.5))
    left, right = room.cut_left(round(room.w * 0.44), room_for(theme, 2.5))
    parts += [Panel(left, "ground", theme.radius), *_person(case, theme, left.inset(room_for(theme, 2.5)))]
    parts += [Panel(right, "ground", theme.radius), *_checks(case, theme, right.inset(room_for(theme, 2.5), room_for(theme, 1.5)))]
    parts += [Panel(note, "ground", theme.radius, "edge"), *line(theme, note.inset(room_for(theme, 3.0), 0), case.note, bold=True)]
    return parts


def _whole_name(theme: Theme, name: str, width: int) -> Lettering:
    """A name is not cut where it can stand whole: a long one is smaller, in two lines."""
    large = text(theme, name, width, bold=True, role=Role.TITLE)
    return text(theme, name, width, bold=True, lines=2) if ELLIPSIS in large.lines[-1] else large


def _person(case: CaseView, theme: Theme, area: Rect) -> list[Part]:
    facts = len(case.facts) * room_for(theme, FACT_MM)
    photos, rest = area.cut_top(max(room_for(theme, PHOTO_MM), min(area.h - facts, area.w * 2 // 3)), room_for(theme, 1.5))
    parts: list[Part] = []
    for place, photo in zip(grid(photos, len(case.photos), len(case.photos), room_for(theme, 2.0), photos.h), case.photos, strict=True):
        caption, picture = place.cut_bottom(room_for(theme, 5.0))
        parts.append(Photograph(picture, photo))
        parts.append(Words(caption, text(theme, photo.caption, caption.w), "quiet", "ground", middle=True))
    label_width = round(rest.w * 0.34)
    step = min(room_for(theme, FACT_MM), rest.h // max(1, len(case.facts)))
    for at, fact in enumerate(case.facts):
        label, value = Rect(rest.x, rest.y + at * step, rest.w, step).cut_left(label_width, room_for(theme, 1.5))
        parts.append(Words(label, text(theme, fact.label, label.w), "quiet", "ground", middle=True))
        parts.append(Words(value, text(theme, fact.value, value.w, bold=True), "ink", "ground", middle=True))
    return parts


def _checks(case: CaseView, theme: Theme, area: Rect) -> list[Part]:
    step = min(room_for(theme, CHECK_MM), area.h // max(1, len(case.checks)))
    parts: list[Part] = []
    for at, check in enumerate(case.checks):
        place = Rect(area.x, area.y + at * step, area.w, step)
        parts += line(theme, place, check)
        if at + 1 < len(case.checks):
            parts.append(Panel(Rect(place.x, place.bottom, place.w, 1), "step_open"))
    return parts


def _question(question: Question, theme: Theme, screen: Rect) -> list[Part]:
    """A card with the answers in two columns; the last one goes back."""
    columns, high = 2, room_for(theme, ACTION_MM)
    rows = -(-len(question.answers) // columns)
    pad = room_for(theme, 5.0)
    height = rows * high + (rows - 1) * theme.gap + room_for(theme, 12.0) + 2 * pad
    width = round(screen.w * 0.7)
    card = Rect((screen.w - width) // 2, (screen.h - height) // 2, width, height)
    head, area = card.inset(pad).cut_top(room_for(theme, 10.0), room_for(theme, 2.0))
    parts: list[Part] = [Panel(screen, "veil", alpha=VEIL), Panel(card, "ground", theme.radius * 2)]
    parts.append(Words(head, text(theme, question.title, head.w, bold=True, role=Role.TITLE), "ink", "ground", middle=True))
    for place, answer in zip(grid(area, columns, len(question.answers), theme.gap, high), question.answers, strict=True):
        parts += action(theme, place, answer)
    return parts
