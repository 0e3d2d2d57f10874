"""`mpaka check`: what is ready at a station and what is not, in words, with what to do."""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.devices import HOST_ENDED, Device, Lost, Told
from kiosk.diagnostics.readiness import Finding, State, broker, folder, memory_folder, private_file, ready, report
from kiosk.programs.setting_up import not_for_live, profile_of
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.station import DESK, SIGNING, StationKeys, load_station_keys
from kiosk.settings import ConsoleSettings, LaneSettings, PostProfile, SettingsWrong, beside, load, load_post
from kiosk.sign_on import StaffListWrong
from kiosk.staff import load_list
from kiosk.views.traveller import lacking
from kiosk.words.catalogue import count_drafts
from kiosk.words.shelf import WordsWrong, load_legal, load_to_record, load_words

DEVICE_S = 8.0
MOUNTS = Path("/proc/mounts")
RENDER = Path("/dev/dri")


def run(path: Path) -> int:
    """Look at everything that the settings name; returns 0 ready, 1 not ready, 2 when the settings cannot be used."""
    try:
        settings = _load(path)
        post = load_post(path, settings.post)
    except SettingsWrong as why:
        print(f"mpaka check: {why}", file=sys.stderr)
        return 2
    findings = [ready("settings", f"{path}: {settings.station}"), ready("post", f"{post.code} {post.name}"), *_places(path, settings)]
    findings += [*_keys(path, settings, post), *_links(settings), _clock(), *_words(path, settings, post)]
    if isinstance(settings, LaneSettings):
        findings += [_drawing(), *_devices(settings)]
    print(report(findings))
    return 1 if any(finding.state is State.NOT_READY for finding in findings) else 0


def _load(path: Path) -> LaneSettings | ConsoleSettings:
    """A lane's settings have devices, a console's have lanes; the better error is that of the shape that fits more."""
    try:
        return load(path, LaneSettings)
    except SettingsWrong as lane:
        try:
            return load(path, ConsoleSettings)
        except SettingsWrong as console:
            text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
            raise (console if "\nlanes" in text or text.startswith("lanes") else lane) from None


def _places(path: Path, settings: LaneSettings | ConsoleSettings) -> Iterator[Finding]:
    yield folder("data folder", beside(path, settings.places.data))
    yield memory_folder(
        "runtime folder", beside(path, settings.places.runtime), MOUNTS.read_text(encoding="utf-8") if MOUNTS.exists() else ""
    )


def _keys(path: Path, settings: LaneSettings | ConsoleSettings, post: PostProfile) -> Iterator[Finding]:
    home = beside(path, settings.places.keys)
    yield private_file("signing key", home / SIGNING)
    if isinstance(settings, ConsoleSettings):
        yield private_file("desk key", home / DESK)
    try:
        keys = load_station_keys(home, settings.station)
        keys.readers()
    except KeysWrong as why:
        yield Finding("key set", State.NOT_READY, str(why), "take the newest key set from headquarters, or set the station up again")
        return
    yield ready("key set", f"number {keys.public.number}, signed by the authority")
    yield _staff(beside(path, settings.staff), post, keys)


def _staff(path: Path, post: PostProfile, keys: StationKeys) -> Finding:
    try:
        listed = load_list(path, keys.public.authority())
    except StaffListWrong as why:
        return Finding("staff list", State.NOT_READY, str(why), "take the signed list from headquarters")
    here = [member for member in listed.staff if post.code in member.posts]
    if not here:
        return Finding(
            "staff list",
            State.NOT_READY,
            f"number {listed.number}: nobody of {post.code} is on it",
            "ask headquarters for this post's list",
        )
    stamp = SystemClock().now()
    good = [member for member in here if not stamp.known or member.valid_until >= stamp.utc.date()]
    if not good:
        return Finding(
            "staff list", State.NOT_READY, f"number {listed.number}: everybody's validity has run out", "ask headquarters for a newer list"
        )
    return ready("staff list", f"number {listed.number}, {len(good)} may sign on at {post.code}")


def _links(settings: LaneSettings | ConsoleSettings) -> Iterator[Finding]:
    yield broker("headquarters' broker", settings.links.headquarters)
    if settings.links.post is not None:
        yield broker("post's broker", settings.links.post)


def _clock() -> Finding:
    stamp = SystemClock().now()
    if stamp.known:
        return ready("clock", f"{stamp.source}, right to {stamp.uncertainty_s:.1f} s")
    return Finding(
        "clock",
        State.WARNING,
        "its source is unknown: dates are undetermined",
        "let a time service run, or wait for headquarters' first answer",
    )


def _words(path: Path, settings: LaneSettings | ConsoleSettings, post: PostProfile) -> Iterator[Finding]:
    try:
        words, to_record = load_words(), load_to_record()
    except WordsWrong as why:
        yield Finding("words", State.NOT_READY, str(why), "install the product again")
        return
    drafts = count_drafts(words)
    found = f"{drafts} entries are drafts, {len(to_record)} sentences have no voice"
    yield (
        Finding("words", State.WARNING, found, "docs/words.md: review and record")
        if drafts or to_record
        else ready("words", "all reviewed and spoken")
    )
    if isinstance(settings, LaneSettings):
        yield from _law(path, settings, post)


def _law(path: Path, settings: LaneSettings, post: PostProfile) -> Iterator[Finding]:
    try:
        profile = profile_of(beside(path, settings.post), settings, post)
        legal = load_legal(beside(path, settings.legal))
    except (SettingsWrong, WordsWrong) as why:
        yield Finding("post profile", State.NOT_READY, str(why), "correct the file")
        return
    if lacks := lacking(profile, load_words()):
        yield Finding("languages", State.NOT_READY, "; ".join(lacks[:3]), "take the language out of the profile, or add its words")
    missing = not_for_live(legal, profile)
    if not missing:
        yield ready("legal texts", "the state's own")
        return
    state = State.NOT_READY if settings.live else State.WARNING
    found = f"{len(missing)} are SAMPLES or incomplete, first: {missing[0]}"
    yield Finding(
        "legal texts", state, found, f"put the state's own into {beside(path, settings.legal)}; a live lane does not open without them"
    )


def _drawing() -> Finding:
    if any(RENDER.glob("render*")):
        return ready("graphics", "a graphics chip draws")
    return Finding(
        "graphics", State.WARNING, "no render device: the processor draws", "on a kiosk: is the station's user in the group `render`?"
    )


def _devices(settings: LaneSettings) -> list[Finding]:
    """Each host for up to eight seconds; all at once, since they do not wait for one another. Their pictures go into a folder of our own."""
    said: dict[str, str] = {}

    def tell(told: Told) -> None:
        if isinstance(told.word, Lost) and (told.kind not in said or told.word.reason != HOST_ENDED):
            said[told.kind] = told.word.reason

    with tempfile.TemporaryDirectory(prefix="mpaka-check-") as runtime:
        devices = [Device(kind, one.driver, one.settings, Path(runtime), tell) for kind, one in settings.devices.items()]
        print(f"trying {len(devices)} devices, up to {DEVICE_S:.0f} s ...", file=sys.stderr)
        for device in devices:
            device.start()
        due = time.monotonic() + DEVICE_S
        while time.monotonic() < due and not all(device.ready for device in devices):
            time.sleep(0.05)
        findings = [_device(device, said.get(device.kind, "does not answer")) for device in devices]
        for device in devices:
            device.close()
    return findings


def _device(device: Device, said: str) -> Finding:
    name = device.kind.replace("_", " ")
    if device.ready:
        return ready(name, device.identity)
    return Finding(name, State.NOT_READY, said, "is it plugged in and switched on? is what the settings say of it right?")
