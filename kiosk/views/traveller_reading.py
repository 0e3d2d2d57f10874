"""The screens on which a document or a border pass is read. PURE."""

from dataclasses import replace

from drivers.contract import Kind
from kiosk.registration.states import DocCapture, DocCheck, PassCapture
from kiosk.registration.travellers import Papers, Relation
from kiosk.views.parts import Layout, Sentence, View
from kiosk.views.traveller_parts import Scene, Tongue, asking
from kiosk.words.catalogue import Said

STEP = 2


def who(tongue: Tongue, relation: Relation | None, papers: Papers) -> Said:
    """A member of the party, as the one who drives the kiosk would say."""
    if relation is None:
        return tongue.said("who_self")
    return tongue.said("who_crew" if papers is Papers.CREW else f"who_{relation}")


def doc_capture(state: DocCapture, scene: Scene, tongue: Tongue) -> View:
    """Lay it down; after a try that failed: what to do differently, and what comes next."""
    camera = state.device is Kind.DOCUMENT_CAMERA
    keys: tuple[str, ...]
    if state.seen:
        keys = ("document_same", "document_next")
    elif state.tries:
        keys = ("document_again", "document_camera_turn" if camera else "document_turn", "document_uncover")
    else:
        lay = ("document_camera_title", "document_camera_lay") if camera else ("document_title", "document_lay")
        keys = (lay[0], "document_find", lay[1], "document_wait")
    title, *lines = (tongue.sentence(key) for key in keys)
    if state.tries == state.kiosk.profile.tries - 1 and state.tries and not state.seen:
        lines[0] = tongue.sentence("last_try")
    if state.joining is not None and not state.tries:
        whose = tongue.sentence("document_of", who=who(tongue, state.joining, state.travellers.papers))
        title, lines = whose, [title, *lines[:2]]
    # steps to be done one after the other are numbered, everything else is not
    numbered = not (camera or state.seen or state.tries)
    return replace(
        asking(state, scene, tongue, Layout.INSTRUCT if numbered else Layout.LIVE, title, STEP),
        lines=tuple(lines),
        illustration="lay_face_down" if not state.tries else "open_page",
        camera=Kind.DOCUMENT_CAMERA if camera else None,
    )


def pass_capture(state: PassCapture, scene: Scene, tongue: Tongue) -> View:
    """Show the code of a border pass to the camera."""
    title, *lines = _pass_words(state, tongue)
    return replace(
        asking(state, scene, tongue, Layout.LIVE, title, STEP),
        lines=tuple(lines),
        illustration="border_pass",
        camera=Kind.DOCUMENT_CAMERA,
    )


def _pass_words(state: PassCapture, tongue: Tongue) -> list[Sentence]:
    keys = ["document_again", "pass_code_up", "document_uncover"] if state.tries else ["pass_title", "pass_code_up", "document_wait"]
    if state.tries and state.tries == state.kiosk.profile.tries - 1:
        keys.append("last_try")
    return [tongue.sentence(key) for key in keys]


def doc_check(state: DocCheck, scene: Scene, tongue: Tongue) -> View:
    """Something is being done; nothing is asked."""
    return replace(
        asking(state, scene, tongue, Layout.WAIT, tongue.sentence("check_title"), STEP),
        waiting=tongue.sentence("check_waiting"),
        illustration="zone_glows",
    )
