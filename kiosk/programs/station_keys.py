"""`mpaka keys station`, `broker`, `desk`, `install`: the side of the station, or of the broker, whose keys these are."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.clock import SystemClock
from kiosk.folders import lasting_folder
from kiosk.founding import set_up
from kiosk.founding.authority import replace_file
from kiosk.founding.certificates import request, tls_pem
from kiosk.founding.requests import spoken
from kiosk.founding.set_up import CERTIFICATE_REQUEST, Part
from kiosk.programs.asking import asking, asking_new
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.protected import protected_pem
from kiosk.sealing.station import DESK, TLS_KEY, private_pem, read_opening_key, write_private


def prepare(folder: Path, station: str, parts: Collection[Part]) -> int:
    """Make keys of a station, and say where the requests go. Returns the exit status. Raises KeysWrong."""
    try:
        made = set_up.prepare(folder, station, parts, datetime.now(UTC))
    except OSError as why:
        raise KeysWrong(f"{folder}: the keys cannot be written ({why})") from None
    print(f"{station}: new keys for {', '.join(parts)} wait in {folder}; they never leave this machine. Bring to the authority:")
    for path in made.requests:
        print(f"  {path}")
    if made.id:
        print(f"Read out to the authority: {spoken(made.id)}")
    return 0


def prepare_broker(folder: Path, hosts: Sequence[str]) -> int:
    """Make a broker's key and the request for its certificate. Raises KeysWrong; a key that is there is never overwritten."""
    key = ec.generate_private_key(ec.SECP256R1())
    try:
        lasting_folder(folder)
        write_private(folder / TLS_KEY, tls_pem(key))
        replace_file(folder / CERTIFICATE_REQUEST, request(key, hosts[0], hosts))
    except OSError as why:
        raise KeysWrong(f"{folder}: the key cannot be written ({why})") from None
    print(f"Broker {', '.join(hosts)}: bring {folder / CERTIFICATE_REQUEST} to the authority (mpaka keys sign --broker)")
    return 0


def carry_desk(folder: Path, out: Path | None, taken: Path | None, passphrase: Path | None) -> int:
    """A post's desk key from its first console to another, under a passphrase: write it to `out`, or take it from `taken`. Raises KeysWrong."""
    try:
        if out is not None:
            write_private(out, protected_pem(read_opening_key(folder / DESK), asking_new(passphrase)("the desk key")))
            print(f"{out}: the post's desk key, under its passphrase. Take it to the other console, and remove it there.")
        if taken is not None:
            lasting_folder(folder)
            write_private(folder / DESK, private_pem(read_opening_key(taken, asking(passphrase))))
            print(f"{folder / DESK}: in place. Remove {taken}.")
    except OSError as why:
        raise KeysWrong(f"the desk key cannot be written ({why})") from None
    return 0


def install(folder: Path, station: str, brought: Path, authority: str) -> int:
    """Check what came back and put it in place. Raises KeysWrong: then nothing was changed."""
    stamp = SystemClock().now()
    try:
        done = set_up.install(folder, station, brought, stamp.utc if stamp.known else None, authority)
    except OSError as why:
        raise KeysWrong(f"{folder}: cannot be written ({why})") from None
    for says in done:
        print(f"  in place: {says}")
    print(f"Now look and start {station} again: mpaka check")
    return 0
