"""What a traveller sees and hears at this moment, and what a touch or a key makes of it. PURE: effects are returned, not done."""

from dataclasses import dataclass, replace

from kiosk.screens.comfort import Comfort, Comforts
from kiosk.screens.keys import Key
from kiosk.screens.parts.base import Target
from kiosk.screens.theme import Display, Theme
from kiosk.screens.traveller.compose import ANYWHERE, Composed, compose
from kiosk.screens.traveller.frame import Turn
from kiosk.views.parts import Choice, Layout, Sentence, View

Clips = tuple[tuple[str, str], ...]
"""(language, catalogue key) of what is to be spoken, in order."""


@dataclass(frozen=True)
class Send:
    """An event for whoever shows the screen."""

    event: object


@dataclass(frozen=True)
class Say:
    """Clips to be spoken instead of whatever is being spoken."""

    clips: Clips


Effect = Send | Say


def clips_of(language: str, sentences: tuple[Sentence, ...]) -> Clips:
    """What these sentences sound like."""
    return tuple((language, clip) for sentence in sentences for clip in sentence.clips or (sentence.key,))


@dataclass(frozen=True)
class Showing:
    """The view, the leaf of it on show, the comforts chosen, the target that has the focus.

    `hint` is what the live picture lacks; `lit` says that its first frame has come.
    """

    display: Display
    view: View
    comforts: Comforts = Comforts()
    leaf: int = 0
    focus: str = ""
    hint: Sentence | None = None
    lit: bool = False

    @property
    def theme(self) -> Theme:
        """Display, contrast and text size together."""
        return Theme(self.display, self.comforts.contrast, self.comforts.scale)

    def composed(self) -> Composed:
        """The page as it is to be drawn."""
        return compose(self.view, self.theme, self.leaf, self.hint, self.comforts.volume, lit=self.lit)

    def spoken(self) -> Clips:
        """All that the screen says: title, lines, what is being waited for; a question over it comes instead of them."""
        view = self.view
        if view.overlay is not None:
            return clips_of(view.language, (view.overlay.title,))
        waiting = (view.waiting,) if view.waiting is not None else ()
        return clips_of(view.language, (view.title, *view.lines, *waiting))

    def with_view(self, view: View) -> "tuple[Showing, tuple[Effect, ...]]":
        """Another view. What is new is spoken, except on the screen that waits for somebody, where the comforts go back as well."""
        if view == self.view:
            return self, ()
        same = view.name == self.view.name and view.title == self.view.title and (view.overlay is None) == (self.view.overlay is None)
        lit = self.lit and view.camera is self.view.camera
        kept = self if same else replace(self, leaf=0, focus="", hint=None)
        showing = replace(kept, view=view, lit=lit)
        if view.layout is Layout.ATTRACT:
            return replace(showing, comforts=Comforts(), focus=""), (Say(()),)
        if showing.spoken() == self.spoken() and view.language == self.view.language:
            return showing, ()
        return showing, (Say(showing.spoken()),)

    def with_hint(self, hint: Sentence | None) -> "Showing":
        """What the live picture lacks now."""
        return replace(self, hint=hint)

    def with_picture(self) -> "Showing":
        """The camera's first picture has come; until then a drawing stood in its place."""
        return replace(self, lit=True)

    def hint_clips(self) -> Clips:
        """What the hint sounds like."""
        return clips_of(self.view.language, (self.hint,)) if self.hint is not None else ()

    def touched(self, target: Target) -> "tuple[Showing, tuple[Effect, ...]]":
        """A target was chosen: the screen's own are carried out here, all others are sent."""
        match target.event:
            case Comfort.LISTEN:
                return self, (Say(self.spoken()),)
            case Comfort() as comfort:
                return replace(self, comforts=self.comforts.after(comfort), leaf=0), ()
            case Turn.FORWARD:
                return replace(self, leaf=self.leaf + 1), ()
            case Turn.BACK:
                return replace(self, leaf=max(0, self.leaf - 1)), ()
            case event:
                return self, (Send(event),)

    def pressed(self, target: Target) -> tuple[Effect, ...]:
        """A finger came down on it: choices say what they are, controls do not."""
        return (Say(target.speaks),) if target.speaks and not isinstance(target.event, Comfort) else ()

    def key(self, key: Key) -> "tuple[Showing, tuple[Effect, ...]]":
        """A key was pressed: focus moves and speaks, or the focused target is chosen. Any key wakes a kiosk that waits."""
        order = self.order()
        if self.view.layout is Layout.ATTRACT and self.view.main is not None and key is not Key.LOUDER:
            return self, (Send(self.view.main.event),)
        match key:
            case Key.NEXT | Key.PREVIOUS:
                return self._moved(order, 1 if key is Key.NEXT else -1)
            case Key.REPEAT:
                return self, (Say(self.spoken()),)
            case Key.LOUDER:
                return replace(self, comforts=self.comforts.after(Comfort.VOLUME)), ()
            case Key.CHOOSE:
                chosen = next((target for target in order if target.id == self.focus), None)
                return self.touched(chosen) if chosen else self._moved(order, 1)
            case Key.BACK:
                return self._named(order, "page_back", self.view.back)
            case Key.HELP:
                return self._named(order, "", self.view.help)

    def _named(self, order: list[Target], own: str, choice: Choice | None) -> "tuple[Showing, tuple[Effect, ...]]":
        """A key that has an action of its own chooses it where it is on the screen; the screen's `own` target goes before the view's."""
        wanted = {own, choice.id if choice is not None else ""} - {""}
        chosen = next((target for target in order if target.id in wanted), None)
        return self.touched(chosen) if chosen else (self, ())

    def order(self) -> list[Target]:
        """The targets as the focus walks them: choices and actions from the top left, the small controls last."""
        placed = [
            (part.rect, part.target) for part in self.composed().page.targets() if part.target is not None and part.target.id != ANYWHERE
        ]
        walk = sorted(placed, key=lambda one: (isinstance(one[1].event, Comfort), one[0].y, one[0].x))
        return [target for _, target in walk]

    def _moved(self, order: list[Target], step: int) -> "tuple[Showing, tuple[Effect, ...]]":
        ids = [target.id for target in order]
        if not ids:
            return self, ()
        at = (ids.index(self.focus) + step) % len(ids) if self.focus in ids else (0 if step > 0 else len(ids) - 1)
        return replace(self, focus=ids[at]), (Say(order[at].speaks),)
