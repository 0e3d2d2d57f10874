"""Makes reporting.json: signatures, a chain of two records and an envelope, from fixed keys. Run once for each new form, never in a test."""

import json
from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.messages.canonical import canonical
from kiosk.private import Private
from kiosk.sealing.envelope import Reader, seal
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash, key_id, sign_members
from kiosk.sealing.station import raw_public

SEED, OPENING = bytes(range(32)), bytes(range(32, 64))
STATION, CHAIN = "ut-nowhere-lane1", "018f8a8e-2222-4222-8222-222222222222"


def record(number: int, prevhash: str, key: Ed25519PrivateKey) -> dict[str, object]:
    """The members of one record, signed."""
    members: dict[str, object] = {
        "specversion": "1.0",
        "id": f"018f8a8e-1111-7111-8111-{number:012d}",
        "source": f"/ut/ut-nowhere/{STATION}",
        "type": "mpaka.audit.v1",
        "time": "2026-12-01T08:00:00.000Z",
        "clocksource": "headquarters",
        "uncertaintys": 0.25 * number,
        "bootid": "boot",
        "monotonicms": 1000 * number,
        "sequence": f"{number:020d}",
        "chain": CHAIN,
        "prevhash": prevhash,
        "keyid": key_id(raw_public(key)),
        "data_base64": b64encode(b"sealed").decode(),
    }
    return {**members, "sig": sign_members("record", members, key)}


if __name__ == "__main__":
    signing, opening = Ed25519PrivateKey.from_private_bytes(SEED), X25519PrivateKey.from_private_bytes(OPENING)
    first = record(1, NOTHING_BEFORE, signing)
    second = record(2, chain_hash(canonical(first)), signing)
    ack = {
        "station": STATION,
        "chain": CHAIN,
        "upto": f"{2:020d}",
        "head": chain_hash(canonical(second)),
        "time": "2026-12-01T08:00:01.000Z",
        "ids": [],
    }
    ack["sig"] = sign_members("ack", ack, signing)
    payload = '{"specimen":"Utopia, Erikssön"}'
    reader = Reader(key_id(raw_public(opening)), opening.public_key())
    envelope = seal(Private(payload.encode()), STATION, str(first["id"]), (reader,))
    vectors = {
        "signing_seed": SEED.hex(),
        "opening_key": OPENING.hex(),
        "signatures": [{"kind": "record", "members": first}, {"kind": "record", "members": second}, {"kind": "ack", "members": ack}],
        "envelope": {"station": STATION, "record": first["id"], "payload": payload, "bytes": b64encode(envelope).decode()},
    }
    target = Path(__file__).with_name("reporting.json")
    target.write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
