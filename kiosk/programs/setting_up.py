"""What the stations' programs have in common: from settings to the values that the rooms take."""

import platform
import signal
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from drivers.contract import Finger
from drivers.formats.states import find_alpha2, in_zone
from kiosk.clock import Clock, Stamp, parse_utc
from kiosk.journal.rows import MEGABYTE, Caps
from kiosk.link.connection import BrokerAddress
from kiosk.registration.profile import Place, Profile, Question, Seconds
from kiosk.screens.lettering import FontMissing, font
from kiosk.sealing.key_set import KeySetFile, KeysWrong, PublicKeys, read_key_set
from kiosk.sealing.station import KEY_SET, StationKeys, load_station_keys, read_authority, with_key_set
from kiosk.settings import ConsoleSettings, JournalSettings, LaneSettings, LinkSettings, Passage, PostProfile, SettingsWrong, Strict, beside
from kiosk.sign_on import StaffList
from kiosk.staff import STAFF_FILE, newest_list
from kiosk.words.legal import LegalName, LegalTexts, missing_for_live


def profile_of(path: Path, settings: LaneSettings, post: PostProfile) -> Profile:
    """The lane as its post runs it. Raises SettingsWrong for what the settings' own form cannot rule out."""
    state = find_alpha2(post.country)
    if state is None:
        raise SettingsWrong(f"{path}: at country: no state has the code {post.country}")
    if post.passage is Passage.WALK_THROUGH:
        raise SettingsWrong(f'{path}: at passage: "walk-through" is not built in this version; use "desk"')
    try:
        return Profile(
            state=in_zone(state.code).rstrip("<"),
            direction=settings.direction,
            post=post.code,
            next_place=Place(post.next_place.name, post.next_place.arrow),
            help_desk=Place(post.help_desk.name, post.help_desk.arrow),
            languages=post.asked.languages,
            purposes=post.asked.purposes,
            questions=tuple(Question(question) for question in post.asked.declaration),
            fingers=tuple(Finger(finger) for finger in post.asked.fingers),
            max_party=post.asked.max_party,
            adult_age=post.ages.adult,
            fingers_from=post.ages.fingers_from,
            tries=post.tries,
            token_hours=post.registration_hours,
            seconds=Seconds(**{name: getattr(settings.limits, name) for name in Seconds.__dataclass_fields__}),
        )
    except ValueError as why:
        raise SettingsWrong(f"{path}: at asked: {why}") from None


def not_for_live(texts: LegalTexts, profile: Profile) -> list[str]:
    """Why a lane with live = true may not open: legal texts that are samples, or lack the state's version and date."""
    return missing_for_live(texts, [(name, language) for name in LegalName for language in profile.languages])


def runtime_folder(path: Path, folder: Path) -> Path:
    """The folder of a station's sockets and scratch files, made where it is missing. Raises SettingsWrong."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as why:
        fault = f"{folder} cannot be made ({why.strerror})"
        raise SettingsWrong(f"{path}: at places.runtime: {fault}; correct it, or make the folder, owned by the station's user") from None
    return folder


def typefaces() -> None:
    """Find the faces that every screen is lettered in, before a window opens. Raises SettingsWrong, which names the package."""
    try:
        for bold in (False, True):
            font(16, bold)
    except FontMissing as why:
        raise SettingsWrong(str(why)) from None


def caps_of(settings: JournalSettings) -> Caps:
    """How large the journal may grow."""
    return Caps(settings.cap_mb * MEGABYTE, settings.media_cap_mb * MEGABYTE, settings.retention_days)


def address_of(link: LinkSettings, keys: StationKeys) -> BrokerAddress:
    """Where a broker listens, and with which certificate one comes to it."""
    return BrokerAddress(link.host, link.port, keys.tls if link.tls else None)


def newer_keys(folder: Path) -> Callable[[int], PublicKeys | None]:
    """What looks for a newer key set in a station's folder of keys. Raises KeysWrong."""
    return KeySetFile(folder / KEY_SET, read_authority(folder)).newer


def keys_of(path: Path, settings: LaneSettings | ConsoleSettings) -> StationKeys:
    """The station's keys, with the newest key set: the one put there by hand, or the one that headquarters sent. Raises KeysWrong."""
    keys = load_station_keys(beside(path, settings.places.keys), settings.station)
    sent = received(path, settings) / KEY_SET
    try:
        content = sent.read_bytes() if sent.exists() else b""
        newer = bool(content) and read_key_set(content, keys.public.authority()).number > keys.public.number
        return with_key_set(keys, content) if newer else keys
    except (OSError, KeysWrong) as why:
        raise KeysWrong(f"{sent}: {why}") from None


def received(path: Path, settings: LaneSettings | ConsoleSettings) -> Path:
    """The folder of what headquarters sent to this station: key sets and lists."""
    return beside(path, settings.places.data) / "received"


def staff_of(path: Path, settings: LaneSettings | ConsoleSettings, keys: StationKeys) -> StaffList:
    """The staff list with the higher number: the one put there by hand, or the one that headquarters sent. Raises StaffListWrong."""
    return newest_list(beside(path, settings.staff), received(path, settings) / STAFF_FILE, keys.public.authority())[1]


def differing(before: Strict, after: Strict, live: tuple[str, ...], prefix: str = "") -> list[str]:
    """The names of what is another than when the lane was started, and does not change while it runs."""
    names = [name for name in before.__struct_fields__ if name not in live]
    return [prefix + name for name in names if getattr(before, name) != getattr(after, name)]


def versions(mpaka: str) -> dict[str, str]:
    """What runs at this station."""
    return {"mpaka": mpaka, "python": platform.python_version(), platform.system().lower() or "system": platform.release()}


def list_ages(made: Mapping[str, str], now: Stamp) -> dict[str, int]:
    """The age in seconds of each list whose making is known; nothing where the time is not known (law 11)."""
    if not now.known:
        return {}
    ages = {name: _age_s(when, now) for name, when in made.items()}
    return {name: age_s for name, age_s in ages.items() if age_s is not None}


def _age_s(when: str, now: Stamp) -> int | None:
    """None for what is no date: an old list does not say when it was made."""
    try:
        return max(0, int((now.utc - parse_utc(when)).total_seconds()))
    except ValueError:
        return None


def end_on_signals(stop: Callable[[], None]) -> None:
    """systemd's SIGTERM and the keyboard's SIGINT end a station in order: its last status is `stopped`, not `lost`."""
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop())


def today_of(clock: Clock) -> date | None:
    """The day by a known clock; None where it is not known (law 11)."""
    stamp = clock.now()
    return stamp.utc.date() if stamp.known else None
