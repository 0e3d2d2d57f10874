"""`mpaka check`: what is ready at a station and what is not, in words, with what to do. With `--device NAME` the trial of that device."""

import select
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from drivers.contract import Kind
from kiosk.clock import SystemClock
from kiosk.diagnostics.hosts import PATIENCE_S, devices
from kiosk.diagnostics.kept import journal
from kiosk.diagnostics.links import broker
from kiosk.diagnostics.places import data_folder, memory_folder
from kiosk.diagnostics.readiness import Finding, State, ready, report
from kiosk.diagnostics.showing import drawing, legal_texts, typeface, words
from kiosk.diagnostics.times import clock
from kiosk.diagnostics.trials import NoTrial, Person, try_device, verdict
from kiosk.diagnostics.trust import certificate, desk_key, key_set, private_file, staff_list
from kiosk.link.connection import BrokerAddress
from kiosk.maintenance import ROLES as TECHNICIANS
from kiosk.programs.console import ROLES as OFFICERS
from kiosk.programs.setting_up import caps_of, keys_of, not_for_live, profile_of, received, today_of
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.station import SIGNING, StationKeys, tls_files
from kiosk.settings import ConsoleSettings, LaneSettings, PostProfile, SettingsWrong, beside, load, load_post
from kiosk.sign_on import StaffListWrong
from kiosk.staff import STAFF_FILE, load_list, newest_list
from kiosk.views.traveller import lacking
from kiosk.words.shelf import WordsWrong, load_legal, load_to_record, load_words

MOUNTS = Path("/proc/mounts")
RECORDS_WAIT, CASES_WAIT = "records are kept and sent later", "officers see no new traveller, and registrations wait"
SETTINGS_UNUSABLE = 2

Settings = LaneSettings | ConsoleSettings


def run(path: Path, patience_s: float = PATIENCE_S) -> int:
    """Look at everything that the settings name; devices have `patience_s`. Returns 0 ready, 1 not ready, 2 settings that cannot be used."""
    try:
        settings = load_either(path)
        post = load_post(path, settings.post)
    except SettingsWrong as why:
        print(f"mpaka check: {why}", file=sys.stderr)
        return SETTINGS_UNUSABLE
    findings = tuple(_look(path, settings, post, patience_s))
    print(report(findings))
    return 1 if any(finding.state is State.NOT_READY for finding in findings) else 0


def run_trial(path: Path, name: str, person: Person | None = None) -> int:
    """The acceptance trial of the device that the settings call so. Returns 0 passed, 1 not passed, 2 settings that cannot be used."""
    try:
        settings = load(path, LaneSettings)
        kind = Kind(name)
        device = settings.devices[kind]
    except SettingsWrong as why:
        print(f"mpaka check: {why}", file=sys.stderr)
        return SETTINGS_UNUSABLE
    except (ValueError, KeyError):
        named = ", ".join(settings.devices) or "none"
        print(f"mpaka check: {path} names no device {name!r}; it names: {named}", file=sys.stderr)
        return SETTINGS_UNUSABLE
    _progress(f"trying {name.replace('_', ' ')} ({device.driver}); a lane that runs must be stopped first")
    try:
        done = try_device(kind, device, print, person)
    except NoTrial as why:
        print(f"■ {why}")
        return 1
    print(verdict(done))
    return 0 if done.passed else 1


def at_terminal() -> Person | None:
    """Whoever sits at the terminal; None where nobody does."""
    return _typed if sys.stdin.isatty() else None


def _typed() -> bool | None:
    """What was typed since: a line that begins with s skips, any other means done."""
    if not select.select([sys.stdin], [], [], 0.0)[0]:
        return None
    typed = sys.stdin.readline()
    return not typed.strip().lower().startswith("s") if typed else None


def load_either(path: Path) -> Settings:
    """The settings of a lane or of a console. Of two errors the one of the shape that the file is meant to have. Raises SettingsWrong."""
    try:
        return load(path, LaneSettings)
    except SettingsWrong as not_a_lane:
        try:
            return load(path, ConsoleSettings)
        except SettingsWrong as not_a_console:
            raise (not_a_console if _looks_like_a_console(path) else not_a_lane) from None


def _looks_like_a_console(path: Path) -> bool:
    """A console's settings name lanes and a desk, a lane's have devices; the file may be unreadable, and not even TOML."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    lines = [line.strip() for line in text.splitlines()]
    return any(line.startswith(("lanes", "[desk]", "desk ", "desk=")) for line in lines)


def _look(path: Path, settings: Settings, post: PostProfile, patience_s: float) -> Iterator[Finding]:
    """Everything, the journal before the clock: it knows how late it is at least."""
    time, caps = SystemClock(), caps_of(settings.journal)
    yield ready("settings", f"{path}: {settings.station}")
    yield ready("post", f"{post.code} {post.name}")
    data = beside(path, settings.places.data)
    yield data_folder("data folder", data, caps)
    mounts = MOUNTS.read_text(encoding="utf-8") if MOUNTS.exists() else ""
    yield memory_folder("runtime folder", beside(path, settings.places.runtime), mounts)
    home = beside(path, settings.places.keys)
    try:
        keys = keys_of(path, settings)
    except KeysWrong as why:
        keys = None
        yield Finding("key set", State.NOT_READY, str(why), "take the newest key set from headquarters, or set the station up again")
    found = journal("journal", data, keys, time, caps)
    yield found.finding
    if found.floor is not None:
        time.not_before(found.floor)
    yield clock("clock", time.now(), datetime.now(UTC))
    yield from _trust(path, settings, post, keys, time)
    yield from _links(settings, home, running=found.held)
    yield from _showing(path, settings, post)
    if isinstance(settings, LaneSettings):
        yield from _devices(settings, patience_s, held=found.held)


def _trust(path: Path, settings: Settings, post: PostProfile, keys: StationKeys | None, time: SystemClock) -> Iterator[Finding]:
    home, stamp = beside(path, settings.places.keys), time.now()
    yield private_file("signing key", home / SIGNING)
    if any(link.tls for link in (settings.links.headquarters, settings.links.post) if link is not None):
        yield certificate("certificate", tls_files(home), settings.station, stamp.utc if stamp.known else None)
    if keys is None:
        return
    yield key_set("key set", keys)
    roles = TECHNICIANS
    if isinstance(settings, ConsoleSettings):
        yield desk_key("desk key", home, keys)
        roles = OFFICERS
    yield staff_list("staff list", _staff_file(path, settings, keys), post.code, roles, keys, today_of(time))


def _staff_file(path: Path, settings: Settings, keys: StationKeys) -> Path:
    """The list that counts: the one put there by hand or the one that headquarters sent; a wrong one first, since the station stops at it."""
    installed, sent = beside(path, settings.staff), received(path, settings) / STAFF_FILE
    try:
        load_list(installed, keys.public.authority())
    except StaffListWrong:
        return installed
    try:
        return newest_list(installed, sent, keys.public.authority())[0]
    except StaffListWrong:
        return sent


def _links(settings: Settings, home: Path, *, running: bool) -> Iterator[Finding]:
    for part, link, meanwhile in (
        ("headquarters' broker", settings.links.headquarters, RECORDS_WAIT),
        ("post's broker", settings.links.post, CASES_WAIT),
    ):
        if link is not None:
            _progress(f"asking {link.host}:{link.port}")
            address = BrokerAddress(link.host, link.port, tls_files(home) if link.tls else None)
            alone = settings.links.post is None
            yield broker(part, address, settings.station, f"{meanwhile}; {CASES_WAIT}" if alone else meanwhile, running=running)


def _showing(path: Path, settings: Settings, post: PostProfile) -> Iterator[Finding]:
    yield drawing("graphics")
    yield typeface("typeface")
    try:
        yield words("words", load_words(), load_to_record())
        if isinstance(settings, LaneSettings):
            yield from _law(path, settings, post)
    except WordsWrong as why:
        yield Finding(
            "words", State.NOT_READY, str(why), "correct that file; one of the product's own comes back when it is installed again"
        )


def _law(path: Path, settings: LaneSettings, post: PostProfile) -> Iterator[Finding]:
    """What the post asks for, in languages and texts. Raises WordsWrong."""
    try:
        profile = profile_of(beside(path, settings.post), settings, post)
    except SettingsWrong as why:
        yield Finding("post profile", State.NOT_READY, str(why), "correct the file")
        return
    if lacks := lacking(profile, load_words()):
        yield Finding("languages", State.NOT_READY, "; ".join(lacks[:3]), "take the language out of the profile, or add its words")
    folder = beside(path, settings.legal)
    yield legal_texts("legal texts", not_for_live(load_legal(folder), profile), folder, live=settings.live)


def _devices(settings: LaneSettings, patience_s: float, *, held: bool) -> Iterator[Finding]:
    if held:
        # hosts open their devices for themselves: trying them would only say "busy", or disturb the traveller who stands there
        to_do = "see the technician's menu at the kiosk, or stop the lane and check again"
        yield Finding("devices", State.WARNING, "not tried: the running station holds them", to_do)
        return
    yield from devices(settings.devices, _progress, patience_s)


def _progress(line: str) -> None:
    """Progress, beside the report and not in it."""
    print(f"… {line}", file=sys.stderr, flush=True)
