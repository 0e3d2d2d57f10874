"""What a screen is made of: sentences, choices, one view. PURE; the screens draw exactly this and decide nothing.

A `Choice` carries the event that it means: a screen sends that event back and need not know what it is.
"""

from dataclasses import dataclass
from enum import StrEnum

from drivers.contract import Arrow, Kind


class Layout(StrEnum):
    """The few ways a traveller's screen is laid out."""

    ATTRACT = "attract"
    CHOICES = "choices"
    INSTRUCT = "instruct"
    LIVE = "live"
    WAIT = "wait"
    REVIEW = "review"
    TOKEN = "token"
    CLOSED = "closed"


@dataclass(frozen=True)
class Sentence:
    """Words in the view's language. `key` names the catalogue entry; `clips` are the catalogue keys to be spoken, in order."""

    key: str
    text: str
    clips: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Something that can be touched. `icon` names a picture of screens/; `language` is set where it is spoken in another tongue."""

    id: str
    says: Sentence
    event: object
    icon: str = ""
    language: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Row:
    """A label and its value on the review, token or check screen."""

    label: Sentence
    value: str
    icon: str = ""


@dataclass(frozen=True)
class Header:
    """The strip on top: the post and which way one is crossing; `band` is SAMPLE, PRACTICE or empty."""

    post: str
    direction: Sentence
    arrow: Arrow
    band: str = ""


@dataclass(frozen=True)
class Overlay:
    """A question over the screen: more time? really stop? The first choice is the safe one."""

    title: Sentence
    choices: tuple[Choice, ...]
    icon: str = ""


@dataclass(frozen=True)
class View:
    """One traveller's screen. At most three lines; `steps` is (done, all); `waiting` is what is happening when it takes time."""

    name: str
    layout: Layout
    language: str
    header: Header
    title: Sentence
    lines: tuple[Sentence, ...] = ()
    illustration: str = ""
    camera: Kind | None = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    number: str = ""
    code: str = ""
    qr: str = ""
    main: Choice | None = None
    back: Choice | None = None
    help: Choice | None = None
    second: Choice | None = None
    steps: tuple[int, int] | None = None
    waiting: Sentence | None = None
    overlay: Overlay | None = None
