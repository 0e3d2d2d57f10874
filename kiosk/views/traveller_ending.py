"""The screens at the end: recording, the number and where to go, and help that looks the same for everyone. PURE."""

from dataclasses import replace
from typing import assert_never

from kiosk.registration.events import MoreTime, SlipTaken
from kiosk.registration.states import Aside, HelpDiscreet, Recording, SlipIs, Token
from kiosk.views.parts import Choice, Layout, Overlay, Row, Sentence, View
from kiosk.views.traveller_parts import Scene, Tongue, blank, grouped, header


def recording(state: Recording, scene: Scene, tongue: Tongue) -> View:
    """The journal writes; nothing is promised yet."""
    waits = blank(state, scene, tongue, Layout.WAIT, tongue.sentence("recording_title"))
    return replace(waits, waiting=tongue.sentence("please_wait"), illustration="please_wait")


def help_discreet(state: HelpDiscreet, scene: Scene, tongue: Tongue) -> View:
    """An officer is coming: the same words whatever the reason, and whatever the journal said (law 6)."""
    return replace(
        blank(state, scene, tongue, Layout.WAIT, tongue.sentence("help_title")),
        lines=(tongue.sentence("help_calm"),),
        waiting=tongue.sentence("help_wait"),
        illustration="officer_helps",
    )


def token(state: Token, scene: Scene, tongue: Tongue) -> View:
    """Number, code, and the desk; the place alone tells help from any other registration. Number and code are spoken with the title."""
    number, code, place = state.case.number, grouped(state.case.token), state.place
    title = tongue.sentence("token_title_screen" if state.slip is SlipIs.ON_SCREEN else "token_title", place=place.name)
    number_said, code_said = tongue.said("token_number", number=number), tongue.said("token_code", code=code)
    # whoever cannot read takes number and code along by ear, so they belong to the title
    done = tongue.choice("token_done_screen" if state.slip is SlipIs.ON_SCREEN else "token_done", SlipTaken(), "check")
    return replace(
        blank(state, scene, tongue, Layout.TOKEN, replace(title, clips=(*title.clips, *number_said.clips, *code_said.clips))),
        header=header(state.kiosk.profile, scene, tongue, place.arrow),
        lines=_token_lines(state.slip, tongue),
        waiting=tongue.sentence("token_coming") if state.slip is SlipIs.COMING else None,
        rows=(Row(tongue.sentence("row_desk"), place.name, "desk"),),
        illustration="walk_on" if state.slip is SlipIs.ON_SCREEN else "take_slip",
        number=str(number),
        code=code,
        qr=state.case.qr,
        main=done,
        overlay=_overlay(state.session.aside, done, tongue),
    )


def _token_lines(slip: SlipIs, tongue: Tongue) -> tuple[Sentence, ...]:
    free = tongue.sentence("no_fee")
    match slip:
        case SlipIs.COMING | SlipIs.PRINTED:
            return (tongue.sentence("keep_slip"), free)
        case SlipIs.UNSURE:
            return (tongue.sentence("token_unsure"), free)
        case SlipIs.ON_SCREEN:
            return (free,)
        case _:
            assert_never(slip)


def _overlay(aside: Aside, done: Choice, tongue: Tongue) -> Overlay | None:
    """The registration stands: to say that one is done takes the place of stopping."""
    if aside is Aside.NONE:
        return None
    more = tongue.choice("more_time_yes", MoreTime(), "more_time")
    return Overlay(tongue.sentence("more_time_question"), (more, replace(done, id="token_done_now")), "more_time")
