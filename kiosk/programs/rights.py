"""`mpaka keys rights`: a broker's rights and its listener, from the profiles of the posts that come to it."""

from collections.abc import Sequence
from pathlib import Path

from kiosk.folders import lasting_folder
from kiosk.founding.authority import replace_file
from kiosk.founding.rights import LISTENER, RIGHTS, Listener, Speakers, listener, rights
from kiosk.messages.canonical import BadMessage
from kiosk.messages.topics import parse_station
from kiosk.settings import PostProfile, SettingsWrong, load

__all__ = ["Listener", "run", "speakers_of"]


def run(posts: Sequence[Path], receivers: Sequence[str], out: Path, where: Listener) -> int:
    """Write both files, and say what becomes of them. Returns the exit status. Raises SettingsWrong."""
    speakers = speakers_of(posts, receivers)
    try:
        lasting_folder(out)
        replace_file(out / RIGHTS, rights(speakers).encode())
        replace_file(out / LISTENER, listener(where).encode())
    except OSError as why:
        raise SettingsWrong(f"{out}: cannot be written ({why})") from None
    print(f"Lanes: {len(speakers.lanes)}, consoles: {len(speakers.consoles)}, receivers: {len(speakers.receivers)}.")
    print(f"Put {out / RIGHTS} into {where.folder}, with the broker's tls.key and tls.pem and the authority's ca.pem,")
    print(f"and {out / LISTENER} into /etc/mosquitto/conf.d; then: systemctl restart mosquitto")
    return 0


def speakers_of(posts: Sequence[Path], receivers: Sequence[str]) -> Speakers:
    """Who the profiles list, by whole names. Raises SettingsWrong for a name that is none, and for a watched lane that its post lacks."""
    lanes: set[str] = set()
    consoles: dict[str, tuple[str, ...]] = {}
    for path in posts:
        profile = load(path, PostProfile)
        code, stations = profile.code.lower(), profile.stations
        if not stations.lanes and not stations.consoles:
            raise SettingsWrong(f"{path}: at stations: lists nobody; name the post's lanes and consoles there")
        for console, watched in stations.consoles.items():
            if strange := sorted(set(watched) - set(stations.lanes)):
                raise SettingsWrong(f"{path}: at stations.consoles.{console}: the post has no {', '.join(strange)}")
            consoles[f"{code}-{console}"] = tuple(f"{code}-{lane}" for lane in watched)
        lanes |= {f"{code}-{lane}" for lane in stations.lanes}
    if twice := sorted(lanes & set(consoles)):
        raise SettingsWrong(f"{twice[0]} is a lane and a console at once")
    try:
        for name in (*lanes, *consoles, *receivers):
            parse_station(name)
    except BadMessage as why:
        raise SettingsWrong(f"{name}: {why}") from None
    return Speakers(frozenset(lanes), consoles, tuple(receivers))
