"""What `mpaka load`, `mpaka broker` and `mpaka headquarters --broker` share: one founding for practice, brokers named on the command line.

Nobody has to lay keys out first: the founding is made where it is missing, and a lane that it does not know is added to it. Programs of one
user on one machine find the same one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.fleet.keys import fleet_keys
from kiosk.keys import Founding, enrol, found
from kiosk.link.connection import BrokerAddress
from kiosk.messages.canonical import BadMessage
from kiosk.messages.topics import parse_station
from kiosk.sealing.key_set import KeySetFile, KeysWrong
from kiosk.sealing.station import (
    ACKNOWLEDGEMENT,
    KEY_SET,
    ReceiverKeys,
    StationKeys,
    TlsFiles,
    load_receiver_keys,
    load_station_keys,
    read_authority,
)
from kiosk.settings import LOOPBACK, SettingsWrong

HEADQUARTERS = "tz-hq-headquarters1"
LARGEST_PORT = 65535


def practice_place() -> Path:
    """Where the founding lies when none is named: in this user's data folder (XDG_DATA_HOME)."""
    named = os.environ.get("XDG_DATA_HOME")
    return (Path(named) if named else Path.home() / ".local" / "share") / "mpaka" / "practice"


def lane_keys(folder: Path, lane: str) -> StationKeys:
    """A lane's keys in this founding, which is made, or learns the lane, where needed. Raises SettingsWrong, KeysWrong."""
    try:
        parse_station(lane)
    except BadMessage as why:
        raise SettingsWrong(f'--lane "{lane}": {why}, as in tz-tunduma-lane1') from None
    with _alone(folder) as founding:
        if lane == receiver_place(founding).name:
            raise SettingsWrong(f"--lane {lane}: that is the receiver of this founding; name a lane")
        if not founding.station(lane).exists():
            enrol(founding, lane)
    return load_station_keys(founding.station(lane), lane)


def fleet_of(folder: Path, lanes: int, tls: bool) -> tuple[StationKeys, ...]:
    """The keys of a fleet in this founding, which is made, or learns its lanes, where needed. Raises KeysWrong."""
    with _alone(folder) as founding:
        country = parse_station(receiver_place(founding).name).country
        return fleet_keys(founding, country, lanes, tls)


def receiver_keys(folder: Path) -> tuple[ReceiverKeys, KeySetFile]:
    """The receiver's keys in this founding, which is made where needed, and its key set's file. Raises KeysWrong."""
    with _alone(folder) as founding:
        place = receiver_place(founding)
    return load_receiver_keys(place, place.name), KeySetFile(place / KEY_SET, read_authority(place))


def receiver_place(founding: Founding) -> Path:
    """The folder of the station that may acknowledge. Raises KeysWrong."""
    places = sorted(path.parent for path in (founding.folder / "stations").glob(f"*/{ACKNOWLEDGEMENT}"))
    if not places:
        raise KeysWrong(f"{founding.folder}: no station of this founding has an {ACKNOWLEDGEMENT}; name another with --founding")
    return places[0]


def broker_files(folder: Path) -> tuple[Path, str]:
    """The folder of the broker's own certificate, and the receiver's name. Raises KeysWrong."""
    with _alone(folder) as founding:
        return founding.broker, receiver_place(founding).name


def broker_at(text: str, tls: TlsFiles | None) -> BrokerAddress:
    """`HOST:PORT` as a broker's address; without TLS only on the loopback address. Raises SettingsWrong."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isascii() or not port.isdigit() or not 1 <= int(port) <= LARGEST_PORT:
        raise SettingsWrong(f'--broker "{text}": is not HOST:PORT, as in 127.0.0.1:1883')
    if tls is None and host not in LOOPBACK:
        raise SettingsWrong(f"--broker {text}: without --tls only on the loopback address ({', '.join(LOOPBACK)})")
    return BrokerAddress(host, int(port), tls)


@contextmanager
def _alone(folder: Path) -> Iterator[Founding]:
    """The founding, made where it is missing; one program at a time, since several may be started at once. Raises KeysWrong."""
    founding = Founding(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder.parent / f"{folder.name}.lock").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            if not (founding.folder / "stations").exists():
                found(folder, [], [], HEADQUARTERS)
            elif not founding.authority.exists():
                raise KeysWrong(f"{folder}: a founding that was cut short, or without its authority; remove the folder or name another")
            yield founding
    except OSError as why:
        raise KeysWrong(f"{folder}: the founding cannot be made or changed there ({why}); name another folder with --founding") from None
