"""The screens on which faces and fingers are taken, and what is said while a live picture lacks something. PURE."""

from dataclasses import replace

from drivers.contract import Hint, Kind
from kiosk.registration.events import Declined
from kiosk.registration.states import Face, Fingers
from kiosk.registration.travellers import Declining
from kiosk.views.parts import Layout, Sentence, View
from kiosk.views.traveller_parts import Scene, Tongue, asking
from kiosk.views.traveller_reading import who
from kiosk.words.catalogue import Words

FACE_STEP, FINGERS_STEP = 5, 6
FOR_ALL = {Hint.MOVING: "hold_still", Hint.OK: "hint_ok"}
HINTS = {
    Kind.FACE_CAMERA: (
        "face",
        {
            Hint.NOTHING_THERE, Hint.TOO_FAR, Hint.TOO_CLOSE, Hint.OFF_CENTRE, Hint.TURNED, Hint.TOO_DARK, Hint.TOO_BRIGHT, Hint.GLARE,
            Hint.SEVERAL_FACES,
        },
    ),
    Kind.DOCUMENT_CAMERA: (
        "document",
        {
            Hint.NOTHING_THERE, Hint.TOO_FAR, Hint.TOO_CLOSE, Hint.OFF_CENTRE, Hint.TURNED, Hint.TOO_DARK, Hint.TOO_BRIGHT, Hint.GLARE,
            Hint.COVERED,
        },
    ),
    Kind.FINGERPRINT_SCANNER: ("finger", {Hint.NOTHING_THERE, Hint.OFF_CENTRE, Hint.TURNED, Hint.PRESS_HARDER, Hint.PRESS_LIGHTER}),
}  # fmt: skip
"""What each device's picture can lack, and the words that its hints begin with."""


def hint_sentence(kind: Kind, hint: Hint, language: str, words: Words) -> Sentence | None:
    """What the live picture of this device lacks, said to the traveller; None where it means nothing for this device."""
    tongue = Tongue(words, language)
    if kind not in HINTS:
        return None
    subject, known = HINTS[kind]
    if hint in FOR_ALL:
        return tongue.sentence(FOR_ALL[hint])
    return tongue.sentence(f"hint_{subject}_{hint}") if hint in known else None


def face(state: Face, scene: Scene, tongue: Tongue) -> View:
    """Look here; whose turn it is where several travel together."""
    last = state.tries == state.kiosk.profile.tries - 1
    keys = ("not_yet", "last_try_for_now" if last else "face_light") if state.tries else ("face_bare", "face_still")
    return replace(
        asking(state, scene, tongue, Layout.LIVE, tongue.sentence("face_title"), FACE_STEP),
        lines=(*_turn(state, tongue), *(tongue.sentence(key) for key in keys)),
        illustration="look_here",
        camera=Kind.FACE_CAMERA,
        second=tongue.choice("decline_face", Declined(Declining.UNWILLING), "no"),
    )


def fingers(state: Fingers, scene: Scene, tongue: Tongue) -> View:
    """One finger, flat on the glass."""
    last = state.tries == state.kiosk.profile.tries - 1
    keys = ("finger_wipe", "last_try_for_now" if last else "finger_still") if state.tries else ("finger_still", "finger_hurt")
    return replace(
        asking(state, scene, tongue, Layout.LIVE, tongue.sentence(f"finger_{state.finger}"), FINGERS_STEP),
        lines=(*_turn(state, tongue), *(tongue.sentence(key) for key in keys)),
        illustration="finger_flat",
        second=tongue.choice("decline_fingers", Declined(Declining.UNWILLING), "no"),
    )


def _turn(state: Face | Fingers, tongue: Tongue) -> tuple[Sentence, ...]:
    """Whose turn it is; nothing where somebody is alone."""
    travellers = state.travellers
    count = len(travellers.members)
    if count < 2:
        return ()
    named = who(tongue, travellers.members[state.member].relation, travellers.papers)
    return (tongue.sentence("turn_of", who=named, at=state.member + 1, count=count),)
