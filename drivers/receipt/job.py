"""One slip on its way: its bytes, how far they went, and what would prove that it is printed."""

import hashlib
from collections.abc import Container
from dataclasses import astuple, dataclass, field

from drivers.contract import Slip
from drivers.receipt import escpos
from drivers.receipt.blocks import Kept, NativeQr, Part, Space, Typed, to_bitmap, whole_picture
from drivers.receipt.keeping import Album
from drivers.receipt.profiles import Profile, Proof
from drivers.receipt.slip import parts


def job_bytes(slip: Slip, album: Album, number: int, copy: bool = False, held: Container[str] = ()) -> bytes:
    """Everything that prints the slip, cuts it and asks for proof. `held`: keys of the pictures that the printer keeps.

    Raises FontMissing, ValueError (see `slip.parts`).
    """
    profile = album.profile
    body = b"".join(_part_bytes(part, profile, held) for part in parts(slip, album, copy))
    return escpos.START + escpos.units(profile.sizes.dpi) + escpos.AUTOMATIC_STATUS + body + escpos.CUT + _proof(profile, number)


def _part_bytes(part: Part, profile: Profile, held: Container[str]) -> bytes:
    match part:
        case NativeQr(text, module):
            return escpos.qr(text, module)
        case Typed(lines, wide, high, bold, white_on_black):
            return escpos.letters(lines, wide, high, bold, white_on_black)
        case Space(dots):
            return escpos.feed(dots)
        case Kept(key, _, scale) if key in held:
            return escpos.kept(key, scale)
        case Kept():
            return escpos.picture(to_bitmap(whole_picture([part], profile)))
        case _:
            return escpos.picture(part)


def _proof(profile: Profile, number: int) -> bytes:
    return {Proof.PROCESS_ID: escpos.process_id(number), Proof.MARK: escpos.MARK, Proof.NONE: b""}[profile.proof]


def fingerprint(slip: Slip) -> str:
    """Tells slips apart without keeping one."""
    return hashlib.sha256(repr(astuple(slip)).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class Job:
    """How far a slip has come. `taken`: bytes that the wire took; `printed`: the printer has said that it is printed."""

    number: int
    proof: Proof
    data: bytes = field(repr=False)
    taken: int = 0
    printed: bool = False

    @property
    def all_taken(self) -> bool:
        """Whether everything is on its way."""
        return self.taken >= len(self.data)

    def next_piece(self, most: int) -> bytes:
        """What goes out next; empty when everything is out."""
        return self.data[self.taken : self.taken + most]

    def took(self, count: int) -> bool:
        """The wire took so many bytes more; whether that was the last of them."""
        self.taken += count
        return count > 0 and self.all_taken
