"""A record as it is kept and sent: a CloudEvent that its station signed, in its place of the chain."""

from base64 import b64encode
from dataclasses import dataclass

from kiosk.clock import Stamp
from kiosk.journal.rows import Kind
from kiosk.messages.payloads import Record, encode
from kiosk.messages.topics import parse_station
from kiosk.sealing.signing import signed
from kiosk.sealing.station import StationKeys


@dataclass(frozen=True)
class Place:
    """Where a record stands: its chain, its sequence there, and the hash of the one before."""

    chain: str
    sequence: int
    prevhash: str


def record_event(keys: StationKeys, kind: Kind, record_id: str, stamp: Stamp, place: Place, envelope: bytes) -> bytes:
    """The canonical JSON of this record, signed. `envelope` is what `seal` made of it."""
    unsigned = Record(
        specversion="1.0",
        id=record_id,
        source=parse_station(keys.station).source,
        type=kind.type,
        time=stamp.text,
        clocksource=stamp.source,
        uncertaintys=stamp.uncertainty_s,
        bootid=stamp.boot_id,
        monotonicms=stamp.monotonic_ms,
        sequence=f"{place.sequence:020d}",
        chain=place.chain,
        prevhash=place.prevhash,
        keyid=keys.id,
        sig="",
        data_base64=b64encode(envelope).decode("ascii"),
    )
    return encode(signed(unsigned, keys.signing))
