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
    title, *lines = _document_words(state, tongue, camera)
    # steps to be done one after the other are numbered, everything else is not
    numbered = not (camera or state.seen or state.tries)
    return replace(
        asking(state, scene, tongue, Layout.INSTRUCT if numbered else Layout.LIVE, title, STEP),
        lines=tuple(lines),
        illustration="open_page" if state.tries else "lay_face_down",
        camera=Kind.DOCUMENT_CAMERA if camera else None,
    )


def _document_words(state: DocCapture, tongue: Tongue, camera: bool) -> list[Sentence]:
    """Title and lines."""
    if state.seen:
        keys = ["document_same", "document_next"]
    elif state.tries:
        # the last try leaves out which side is meant: whoever tried twice needs to know what comes then
        turn = "document_camera_turn" if camera else "document_turn"
        keys = ["document_again", "last_try" if _is_last(state) else turn, "document_uncover"]
    elif camera:
        keys = ["document_camera_title", "document_find", "document_camera_lay", "document_wait"]
    else:
        keys = ["document_title", "document_find", "document_lay", "document_wait"]
    if state.joining is None or state.tries:
        return [tongue.sentence(key) for key in keys]
    # whoever laid down a document before knows to wait for the sound
    whose = tongue.sentence("document_of", who=who(tongue, state.joining, state.travellers.papers))
    return [whose, *(tongue.sentence(key) for key in keys[:3])]


def _is_last(state: DocCapture | PassCapture) -> bool:
    """Whether an officer comes after one more failed try."""
    return 0 < state.tries == state.kiosk.profile.tries - 1


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
    if _is_last(state):
        keys.append("last_try")
    return [tongue.sentence(key) for key in keys]


def doc_check(state: DocCheck, scene: Scene, tongue: Tongue) -> View:
    """Something is being done; nothing is asked."""
    return replace(
        asking(state, scene, tongue, Layout.WAIT, tongue.sentence("check_title"), STEP),
        waiting=tongue.sentence("check_waiting"),
        illustration="zone_glows",
    )
