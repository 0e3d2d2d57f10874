"""Settings: TOML in, frozen values out. Unknown keys are refused; an error names the file, the path in it and what was expected."""

import tomllib
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

import msgspec

from drivers.contract import Arrow, Kind
from kiosk.registration.profile import Direction


class SettingsWrong(ValueError):
    """A settings file cannot be used; the text says which file, where in it, and what was expected."""


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a settings file: no key but those named here."""


StationId = Annotated[str, msgspec.Meta(pattern="^[a-z]{2}(-[a-z0-9]+){2,}$", description="country-post-name in lower case")]
StationName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+$", description="the last part of a station's name")]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Seconds = Annotated[int, msgspec.Meta(ge=5, le=3600)]
Count = Annotated[int, msgspec.Meta(ge=1, le=20)]
Age = Annotated[int, msgspec.Meta(ge=0, le=30)]
Megabytes = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class Passage(StrEnum):
    """Who opens the way: a desk that the traveller walks to, or the kiosk's own barrier."""

    DESK = "desk"
    WALK_THROUGH = "walk-through"


class Display(StrEnum):
    """The displays that screens are laid out for (see kiosk/screens/theme.py)."""

    LANE10 = "lane10"
    KIOSK21 = "kiosk21"
    CONSOLE10 = "console10"
    CONSOLE24 = "console24"


class Places(Strict, frozen=True, kw_only=True):
    """Where a station keeps its things. Relative paths are relative to the settings file.

    `versions`: one folder a version of the program; `switch`: where root's program says what became of an ordered one."""

    data: str = "/var/lib/mpaka"
    runtime: str = "/run/mpaka"
    keys: str = "/etc/mpaka/keys"
    versions: str = "/opt/mpaka"
    switch: str = "/var/lib/mpaka/version"


class LinkSettings(Strict, frozen=True, kw_only=True):
    """A broker. Without TLS only on the loopback address."""

    host: str
    port: Port = 8883
    tls: bool = True


class Links(Strict, frozen=True, kw_only=True):
    """The brokers of a station: `headquarters`, and `post` where the post has one of its own (else the same one)."""

    headquarters: LinkSettings
    post: LinkSettings | None = None


class DeviceSettings(Strict, frozen=True, kw_only=True):
    """One device: its driver's name in the catalogue and what that driver needs to know."""

    driver: str
    settings: dict[str, Any] = {}


class JournalSettings(Strict, frozen=True, kw_only=True):
    """How large the journal may grow, and how long acknowledged rows are kept."""

    cap_mb: Megabytes = 2048
    media_cap_mb: Megabytes = 8192
    retention_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 7


class Window(Strict, frozen=True, kw_only=True):
    """The window of a station."""

    display: Display
    fullscreen: bool = True


class Place(Strict, frozen=True, kw_only=True):
    """Where a traveller goes next: the sign over it and which way that is from the kiosk."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=6)]
    arrow: Arrow = Arrow.AHEAD


class Ages(Strict, frozen=True, kw_only=True):
    """Ages that the post's law sets."""

    adult: Age = 18
    fingers_from: Age = 12


class Asked(Strict, frozen=True, kw_only=True):
    """What a traveller is asked for at this post."""

    languages: tuple[str, ...] = ("en", "sw", "ny", "pt", "fr")
    purposes: tuple[str, ...] = ("visit", "trade", "work", "transit", "study", "medical", "home")
    declaration: tuple[str, ...] = ("purpose", "days", "health", "goods")
    fingers: tuple[str, ...] = ("right_index", "left_index")
    max_party: Count = 8


class PostStations(Strict, frozen=True, kw_only=True):
    """The stations of a post by the last part of their names: its lanes, and for each console the lanes that it watches."""

    lanes: tuple[StationName, ...] = ()
    consoles: dict[StationName, tuple[StationName, ...]] = {}


class PostProfile(Strict, frozen=True, kw_only=True):
    """What holds for a whole post: its name, its law, and what it asks. One file a post under config/posts/."""

    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}-[A-Z0-9-]+$")]
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    name: str
    neighbour: str
    layout: str
    legal_basis: str
    passage: Passage = Passage.DESK
    next_place: Place
    help_desk: Place
    ages: Ages = Ages()
    asked: Asked = Asked()
    stations: PostStations = PostStations()
    registration_hours: Annotated[int, msgspec.Meta(ge=1, le=48)] = 4
    tries: Count = 3


class Limits(Strict, frozen=True, kw_only=True):
    """Seconds a traveller has for a step before the kiosk asks whether more time is needed, and how long that question stands."""

    question: Seconds = 60
    capture: Seconds = 90
    review: Seconds = 120
    token: Seconds = 30
    help: Seconds = 60
    warning: Seconds = 20


class LaneSettings(Strict, frozen=True, kw_only=True):
    """`config/lane.toml`: one kiosk."""

    station: StationId
    post: str
    direction: Direction
    window: Window
    links: Links
    devices: dict[Kind, DeviceSettings]
    live: bool = False
    places: Places = Places()
    journal: JournalSettings = JournalSettings()
    limits: Limits = Limits()
    staff: str = "staff.json"
    legal: str = "legal"


class ConsoleSettings(Strict, frozen=True, kw_only=True):
    """`config/console.toml`: one officer's console and the lanes that it watches."""

    station: StationId
    post: str
    lanes: Annotated[tuple[StationId, ...], msgspec.Meta(min_length=1)]
    direction: Direction
    window: Window
    links: Links
    live: bool = False
    places: Places = Places()
    journal: JournalSettings = JournalSettings()
    staff: str = "staff.json"
    desk: Place
    forget_minutes: Annotated[int, msgspec.Meta(ge=1, le=120)] = 15


class HeadquartersSettings(Strict, frozen=True, kw_only=True):
    """`config/headquarters.toml`: the receiver of a state. `store` is the URL of a database; none: a file of SQLite in `places.data`."""

    station: StationId
    link: LinkSettings
    places: Places = Places()
    store: str = ""


S = TypeVar("S", bound=Strict)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def load(path: Path, shape: type[S]) -> S:
    """Read one settings file. Raises SettingsWrong."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsWrong(f"{path}: there is no such file; an example lies in config/") from None
    except (OSError, UnicodeDecodeError) as why:
        raise SettingsWrong(f"{path}: cannot be read ({type(why).__name__})") from None
    except tomllib.TOMLDecodeError as why:
        raise SettingsWrong(f"{path}: is not TOML: {why}") from None
    try:
        found = msgspec.convert(values, shape)
    except msgspec.ValidationError as why:
        raise SettingsWrong(f"{path}: {_plain(str(why), shape, values)}") from None
    for link in _links(found):
        if not link.tls and link.host not in LOOPBACK:
            raise SettingsWrong(f"{path}: at links: tls = false is only for the loopback address, not for {link.host}")
    return found


def load_post(path: Path, named: str) -> PostProfile:
    """The post profile that a station's settings name, looked up beside those settings. Raises SettingsWrong."""
    return load(beside(path, named), PostProfile)


def beside(path: Path, named: str) -> Path:
    """A path named in a settings file: relative ones are relative to that file."""
    return (path.parent / named).resolve()


def _links(settings: Strict) -> tuple[LinkSettings, ...]:
    if isinstance(settings, HeadquartersSettings):
        return (settings.link,)
    if isinstance(settings, LaneSettings | ConsoleSettings):
        links = (settings.links.headquarters, settings.links.post)
        return tuple(link for link in links if link is not None)
    return ()


def _plain(error: str, shape: type[Strict], values: dict[str, Any]) -> str:
    """msgspec's words made plain: `$.devices[...].driver` becomes devices.NAME.driver, and an enum says what it takes."""
    what, _, where = error.partition(" - at `$")
    path = where.rstrip("`").replace("[...]", ".*").strip(".").split(".") if where else []
    kind: Any = shape
    for at, part in enumerate(path):
        if part == "*":
            path[at] = _culprit(values, path[:at], kind)
            kind = get_args(kind)[-1]
        else:
            kind = _bare(get_type_hints(kind).get(part, Any) if isinstance(kind, type) else Any)
    if isinstance(kind, type) and issubclass(kind, StrEnum) and "enum" in what:
        what += f"; expected one of {', '.join(kind)}"
    return f"at {'.'.join(path) or 'the top'}: {what}"


def _bare(kind: Any) -> Any:
    """`X | None` is X here."""
    options = [option for option in get_args(kind) if option is not NoneType]
    return options[0] if NoneType in get_args(kind) and options else kind


def _culprit(values: dict[str, Any], path: list[str], kind: Any) -> str:
    """Which entry of a table is the wrong one; msgspec does not say."""
    table: Any = values
    for part in path:
        table = table[part]
    if not isinstance(table, dict):
        return "*"
    for name, entry in table.items():
        try:
            msgspec.convert({name: entry}, kind)
        except msgspec.ValidationError:
            return str(name)
    return "*"
