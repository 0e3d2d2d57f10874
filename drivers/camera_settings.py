"""The settings of a V4L2 camera -> what OpenCV is told, in the order in which cameras take it. What a camera refuses is said, never passed over.

`format` four letters such as MJPG, `width`, `height` pixels, `fps` frames a second; `exposure` in units of 100 microseconds (V4L2_CID_EXPOSURE_ABSOLUTE) or
"auto"; `focus` in steps of the lens (V4L2_CID_FOCUS_ABSOLUTE) or "auto". A fixed value switches the camera's own judgement off first: else it is
taken and changed again. Source: the kernel's Video4Linux control reference, and OpenCV's cap_v4l for how it passes values on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import cv2

AUTO = "auto"
EXPOSURE_MANUAL, EXPOSURE_AUTO = 1.0, 3.0
"""V4L2_EXPOSURE_MANUAL and V4L2_EXPOSURE_APERTURE_PRIORITY."""
BUFFERS = 2.0
"""As few frames as a camera can keep: what is looked at is of now."""
NUMBERS = {"width": (16, 16384), "height": (16, 16384), "fps": (1, 240), "exposure": (1, 100_000), "focus": (0, 100_000)}


class Adjustable(Protocol):
    """What of cv2.VideoCapture is used here."""

    def set(self, property_: int, value: float, /) -> bool:
        """Whether it was taken."""

    def get(self, property_: int, /) -> float:
        """What holds now; 0 or -1 where the camera does not know it."""


@dataclass(frozen=True)
class Wish:
    """One property of OpenCV and its value. `name` as in the settings; empty where a refusal does not matter."""

    name: str
    property: int
    value: float


def wishes(settings: Mapping[str, Any]) -> tuple[Wish, ...]:
    """In the order in which they are to be told. Raises ValueError for values that no camera has."""
    found = [Wish("", cv2.CAP_PROP_BUFFERSIZE, BUFFERS)]
    if "format" in settings:
        found.append(Wish("format", cv2.CAP_PROP_FOURCC, float(_fourcc(settings["format"]))))
    # the format first, then size, then pace: each limits what can follow
    for name, property_ in (("width", cv2.CAP_PROP_FRAME_WIDTH), ("height", cv2.CAP_PROP_FRAME_HEIGHT), ("fps", cv2.CAP_PROP_FPS)):
        if name in settings:
            found.append(Wish(name, property_, _number(name, settings[name])))
    if "exposure" in settings:
        found += _judged(
            "exposure", settings["exposure"], cv2.CAP_PROP_AUTO_EXPOSURE, EXPOSURE_AUTO, EXPOSURE_MANUAL, cv2.CAP_PROP_EXPOSURE
        )
    if "focus" in settings:
        found += _judged("focus", settings["focus"], cv2.CAP_PROP_AUTOFOCUS, 1.0, 0.0, cv2.CAP_PROP_FOCUS)
    return tuple(found)


def adjust(camera: Adjustable, wanted: tuple[Wish, ...]) -> tuple[str, ...]:
    """Tell the camera, then look what holds; returns what it refused, a sentence each."""
    taken = {wish: camera.set(wish.property, wish.value) for wish in wanted}
    found = []
    for wish in wanted:
        holds = camera.get(wish.property)
        if wish.name and (not taken[wish] or round(holds) != round(wish.value)):
            has = "" if holds <= 0 else f", it has {_shown(wish, holds)}"
            found.append(" ".join(filter(None, (wish.name, _shown(wish, wish.value), "refused"))) + has)
    return tuple(found)


def _judged(name: str, value: Any, own: int, on: float, off: float, fixed: int) -> list[Wish]:
    if value == AUTO:
        return [Wish(f"{name} auto", own, on)]
    # some cameras have no judgement of their own to switch off
    return [Wish("", own, off), Wish(name, fixed, _number(name, value))]


def _number(name: str, value: Any) -> float:
    least, most = NUMBERS[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"{name}: expected a number from {least} to {most}")
    return float(value)


def _fourcc(text: Any) -> int:
    if not isinstance(text, str) or len(text) != 4 or not text.isascii() or not text.isprintable():
        raise ValueError("format: expected four letters, such as MJPG")
    return cv2.VideoWriter.fourcc(*text)


def _shown(wish: Wish, value: float) -> str:
    if wish.property == cv2.CAP_PROP_FOURCC:
        return int(value).to_bytes(4, "little").decode("ascii", "replace")
    return "" if wish.name.endswith(AUTO) else f"{value:g}"
