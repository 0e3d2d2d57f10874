"""How many pixels a picture file says it holds, before it is unpacked: a small file can unpack to gigabytes. PURE.

Layouts: PNG (ISO 15948, IHDR), JPEG (ITU T.81, SOF markers), BMP (BITMAPINFOHEADER), GIF89a, WebP (RFC 9649), TIFF 6.0, and the
headers of portable maps (PBM, PGM, PPM).
"""

import struct


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height from the header of a PNG, JPEG, BMP, GIF, WebP, TIFF or PNM file; None for anything else or a torn header."""
    try:
        return _size(data)
    except (struct.error, ValueError, IndexError):
        return None


def _size(data: bytes) -> tuple[int, int] | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(">II", data, 16)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(b"BM"):
        width, height = _pair("<ii", data, 18)
        return abs(width), abs(height)
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return _pair("<HH", data, 6)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    if data[:4] in (b"II*\0", b"MM\0*"):
        return _tiff(data)
    if data[:1] == b"P" and data[1:2] in b"123456":
        words = data[2:200].split()
        return int(words[0]), int(words[1])
    return None


def _pair(layout: str, data: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(layout, data, at)
    return int(first), int(second)


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _pair(">HH", data, at + 5)
            return width, height
        # Fill bytes and markers without a length stand alone.
        alone = marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01
        at += (1 if marker == 0xFF else 2) if alone else 2 + _pair(">HH", data, at + 2)[0]
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = _pair("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _tiff(data: bytes) -> tuple[int, int] | None:
    order = "<" if data[:2] == b"II" else ">"
    (table,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, table)
    found: dict[int, int] = {}
    for entry in range(min(count, 100)):
        tag, kind = _pair(order + "HH", data, table + 2 + 12 * entry)
        (value,) = struct.unpack_from(order + ("H" if kind == 3 else "I"), data, table + 10 + 12 * entry)
        found[tag] = int(value)
    return (found[256], found[257]) if 256 in found and 257 in found else None
