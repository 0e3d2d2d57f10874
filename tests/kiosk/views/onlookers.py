"""What a test reads off a screen: everything that is said, everything that can be touched, and the screens as text."""

from collections.abc import Iterator
from dataclasses import replace

from kiosk.registration import states as s
from kiosk.views.parts import Choice, Sentence, View
from kiosk.views.traveller import Band, Scene
from kiosk.words.shelf import load_legal, load_words

WORDS, LEGAL = load_words(), load_legal()
SCENE = Scene(WORDS, LEGAL, "Tunduma", Band.SAMPLE)


def in_language(state: s.State, tag: str) -> s.State:
    """The same state, had another language been chosen."""
    if isinstance(state, s.Idle):
        profile = state.kiosk.profile
        others = tuple(other for other in profile.languages if other != tag)
        return replace(state, kiosk=replace(state.kiosk, profile=replace(profile, languages=(tag, *others))))
    return replace(state, session=replace(state.session, language=tag))


def choices(view: View) -> list[Choice]:
    """Everything that can be touched, what is laid over the screen included."""
    found = [*view.choices, *(view.overlay.choices if view.overlay else ())]
    return found + [choice for choice in (view.main, view.second, view.back, view.help) if choice is not None]


def sentences(view: View) -> Iterator[tuple[str, Sentence]]:
    """Everything that is said, with its language."""
    over = (view.overlay.title,) if view.overlay else ()
    waiting = (view.waiting,) if view.waiting else ()
    labels = tuple(row.label for row in view.rows)
    for sentence in (view.title, *view.lines, *waiting, *over, *labels, view.header.direction):
        yield view.language, sentence
    for choice in choices(view):
        yield choice.language or view.language, choice.says


def texts(view: View) -> list[str]:
    """Everything that can be read."""
    values = [row.value for row in view.rows]
    shown = [view.header.post, view.header.band, view.number, view.code, view.qr]
    return [sentence.text for _, sentence in sentences(view)] + values + shown


def drawn(view: View) -> str:
    """The screen as text, for people to read."""
    head = f"  {view.header.post} | {view.header.direction.text} | {view.header.band}"
    lines = [f"  # {view.title.text}", *(f"    {line.text}" for line in view.lines)]
    lines += [f"    ... {view.waiting.text}"] if view.waiting else []
    lines += [f"    {row.label.text}: {row.value}" for row in view.rows]
    lines += [f"    ({choice.icon}) {choice.says.text}{' *' if choice.chosen else ''}" for choice in view.choices]
    lines += [f"    {' / '.join(filter(None, (view.number, view.code)))}"] if view.number else []
    over = [choice.says.text for choice in view.overlay.choices] if view.overlay else []
    lines += [f"  ? {view.overlay.title.text} [{'] ['.join(over)}]"] if view.overlay else []
    bar = (("back", view.back), ("help", view.help), ("second", view.second), ("main", view.main))
    lines += ["  " + " ".join(f"[{name}: {choice.says.text}]" for name, choice in bar if choice)]
    shows = view.camera or view.illustration
    return "\n".join([f"{view.name}, {view.layout}, {shows}", head, *lines]).rstrip()
