"""Small records of nobody's finger, made by hand byte by byte from the layouts, so that reader and writer are not judged by each other."""

from drivers.formats.biometrics.minutiae import RecordFormat

# type, x, y, angle, quality: an ending at (100, 14), a bifurcation at (55, 18), another at (95, 51)
_MINUTIAE = "4064000E 385A 80370012 0B50 005F0033 2900"
# one block of an own type, two bytes
_EXTENDED = "0006 0100 0006 BEEF"
_FRAME = "0180 01E0 00C5 00C5"  # 384 by 480 pixels, 197 a centimetre

_BODIES = {
    RecordFormat.ISO_2005: f"464D5200 20323000 00000036 1002 {_FRAME} 01 00  07 21 4B 03 {_MINUTIAE} {_EXTENDED}",
    RecordFormat.ANSI_2004: f"464D5200 20323000 0038 0042 0011 1002 {_FRAME} 01 00  07 21 4B 03 {_MINUTIAE} {_EXTENDED}",
    RecordFormat.ANSI_2007: f"464D5200 30333000 0000003F 0042 0011 1002 01 00  07 02 01 4B 0006 0037 {_FRAME} 03 {_MINUTIAE} {_EXTENDED}",
    RecordFormat.ANSI_2009: f"464D5200 30333000 00000040 0042 0011 80 1002 01 00  07 02 01 4B 0006 0037 {_FRAME} 03 {_MINUTIAE} {_EXTENDED}",
    RecordFormat.ANSI_2009_AM1: (
        f"464D5200 30333500 00000040 0042 0011 80 1002 01 00  07 02 01 4B 0006 0037 {_FRAME} 03 {_MINUTIAE} {_EXTENDED}"
    ),
    RecordFormat.ISO_2011: (
        "464D5200 30333000 00000057 0001 01  00000048 07EA 0C 0F 11 23 14 01F4 03 ABCD 0102 02 4B 0006 0037 37 0006 0038 01 00AA 07 "
        f"07 02 00C5 00C5 01 0180 01E0 61 03 {_MINUTIAE} {_EXTENDED}"
    ),
}
SPECIMENS = {format: bytes.fromhex(text) for format, text in _BODIES.items()}

# One picture of 4 by 2 pixels, 8 bits, bare: header of 32 bytes, header of the picture, pixels
IMAGE = bytes.fromhex(
    "46495200 30313000 000000000036 1002 001F 01 01 01F4 01F4 01F4 01F4 08 00 0000  00000016 02 01 01 4B 00 0004 0002 00 0001020304050607"
)
