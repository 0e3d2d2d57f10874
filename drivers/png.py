"""Whether a PNG can hold what it says it holds, before it is unpacked. PURE. Layout: ISO 15948, chunks of length, name, data and check."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunks_fit(data: bytes) -> bool:
    """False for a PNG with a chunk that ends behind its last byte: libraries make room for the gigabytes that such a chunk names. True for anything else."""
    at = len(SIGNATURE)
    while data.startswith(SIGNATURE) and at + 8 <= len(data):
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if at > len(data):
            return False
    return True
