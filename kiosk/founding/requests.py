"""What a station asks the authority to take into the key set: the public halves of keys that it made itself, in one signed JSON file.

`{station, made, keyid, keys: [{use, public}], sig}`, signed (kind `key-request`) by the signing key that it brings, or where it brings none
by the one that it has. The signature shows that whoever asks holds that key; that it is the station, its technician says, who reads out
the key's id.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta
from msgspec.structs import replace

from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Payload, Utc, encode, members, shaped
from kiosk.messages.topics import parse_station
from kiosk.sealing.key_set import RAW_KEY_BYTES, KeyEntry, KeyState, KeysWrong, PublicKeys, Use
from kiosk.sealing.signing import Signer, key_id, sign_members, signed_by

REQUEST_KIND = "key-request"
# What a station may bring; the other uses are the authority's own
BROUGHT = (Use.STATION, Use.ACKNOWLEDGEMENT, Use.DESK, Use.COMMAND)


class AskedKey(Payload, frozen=True, kw_only=True):
    """One public key: its use and its 32 raw bytes, base64."""

    use: Use
    public: str


class KeyRequest(Payload, frozen=True, kw_only=True):
    """A station's request. `keyid` names the key that signed it."""

    station: str
    made: Utc
    keyid: str
    keys: Annotated[list[AskedKey], Meta(min_length=1, max_length=4)]
    sig: str


def write_request(station: str, made: str, keys: dict[Use, bytes], signer: Signer) -> bytes:
    """A request for these keys (raw public halves by use), as it is written to `request.json`."""
    asked = [AskedKey(use=use, public=b64encode(public).decode("ascii")) for use, public in keys.items()]
    unsigned = KeyRequest(station=station, made=made, keyid=key_id(signer.public_key().public_bytes_raw()), keys=asked, sig="")
    return encode(replace(unsigned, sig=sign_members(REQUEST_KIND, members(encode(unsigned)), signer)))


def read_request(content: bytes, known: PublicKeys | None = None) -> KeyRequest:
    """A request that is what it should be, its signature verified: by the signing key in it, or by an active one of the station in `known`.

    Raises KeysWrong."""
    try:
        found = members(content)
        request = shaped(found, KeyRequest)
        parse_station(request.station)
    except BadMessage as why:
        raise KeysWrong(f"the request cannot be read: {why}") from None
    uses = [asked.use for asked in request.keys]
    if len(set(uses)) < len(uses) or not set(uses) <= set(BROUGHT):
        raise KeysWrong("the request asks for keys that a station does not bring")
    raw = {asked.use: _raw(asked) for asked in request.keys}
    signers = [raw[Use.STATION]] if Use.STATION in raw else _known(known, request.station)
    if not signed_by(REQUEST_KIND, found, [Ed25519PublicKey.from_public_bytes(public) for public in signers]):
        raise KeysWrong(f"the request is not signed by {request.station}: let it be made again at the station (`mpaka keys station`)")
    return request


def entries_of(request: KeyRequest) -> list[KeyEntry]:
    """The entries that the request asks for. A desk key is the post's, not the console's."""
    station = parse_station(request.station)
    return [
        KeyEntry(
            id=key_id(_raw(asked)),
            use=asked.use,
            owner=station.post if asked.use is Use.DESK else station.id,
            public=asked.public,
            state=KeyState.ACTIVE,
        )
        for asked in request.keys
    ]


def spoken(key: str) -> str:
    """A key's id as it is read out: four groups of four."""
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def _known(known: PublicKeys | None, station: str) -> list[bytes]:
    entries = known.entries if known is not None else ()
    return [
        b64decode(entry.public) for entry in entries if (entry.use, entry.owner, entry.state) == (Use.STATION, station, KeyState.ACTIVE)
    ]


def _raw(asked: AskedKey) -> bytes:
    try:
        raw = b64decode(asked.public, validate=True)
    except (NotBase64, ValueError):
        raw = b""
    if len(raw) != RAW_KEY_BYTES:
        raise KeysWrong(f"the request's key for {asked.use} is malformed")
    return raw
