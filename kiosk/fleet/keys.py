"""Keys of a fleet: each lane's signing key is derived from one secret of the founding, and all of them are added to its key set at once.

Ten thousand folders and certificates would take longer to make than the load takes to run, and every station would be handed ten thousand key sets.
"""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.keys import Founding, certify_station, enrol_many
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.station import StationKeys, tls_files, write_private

SEED_BYTES = 32
LANES_A_POST = 20


def fleet_keys(founding: Founding, country: str, lanes: int, tls: bool) -> tuple[StationKeys, ...]:
    """The keys of this many lanes, which the founding's key set has afterwards; with `tls` each has a certificate. Raises KeysWrong, OSError.

    About 0.1 ms a lane, with a certificate 1 ms when it is made. Not for two processes at once."""
    place = founding.folder / "fleet"
    seed = _seed(place / "seed")
    signing = {(name := lane_name(country, number)): _derived(seed, name) for number in range(lanes)}
    public = enrol_many(founding, signing)
    if tls:
        for name in signing:
            if not (place / name).exists():
                certify_station(founding, place / name, name)
    return tuple(StationKeys(name, key, public, tls_files(place / name)) for name, key in signing.items())


def lane_name(country: str, number: int) -> str:
    """The lane with this number from 0: twenty to a post, as in tz-load0001-lane1."""
    return f"{country}-load{number // LANES_A_POST + 1:04d}-lane{number % LANES_A_POST + 1}"


def _seed(path: Path) -> bytes:
    try:
        seed = path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(path, secrets.token_bytes(SEED_BYTES))
        seed = path.read_bytes()
    if len(seed) != SEED_BYTES:
        raise KeysWrong(f"{path}: is not the secret of a fleet ({SEED_BYTES} bytes); remove it, and --state with it: both are made again")
    return seed


def _derived(seed: bytes, station: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(HKDF(SHA256(), SEED_BYTES, None, f"mpaka-fleet-1|{station}".encode()).derive(seed))
