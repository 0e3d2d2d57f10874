"""Ids of records: UUID version 7 (RFC 9562 5.7)."""

import secrets
import uuid
from datetime import datetime


def uuid7(utc: datetime) -> str:
    """48 bits of Unix milliseconds, 74 random bits, version and variant."""
    milliseconds = int(utc.timestamp() * 1000) & (2**48 - 1)
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))
