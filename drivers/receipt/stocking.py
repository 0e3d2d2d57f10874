"""Giving a printer the pictures that it shall keep: asked first, since its memory wears out with writing."""

import time

from drivers.receipt import escpos
from drivers.receipt.keeping import Album
from drivers.receipt.status import PicturesHeld
from drivers.receipt.talk import Talk

ANSWER_S = 0.5
WRITE_S = 10.0
"""Two kilobytes take 2 s at 9600 Bd, and a printer is busy while it writes."""


def stock(talk: Talk, album: Album) -> frozenset[str] | None:
    """Which of the album's pictures the printer keeps now, by their keys; None where it did not say. Raises WireLost."""
    wanted = {picture.key: picture for picture in album.pictures.values()}
    held = _held(talk, ANSWER_S)
    if held is None:
        return None
    missing = [picture for key, picture in wanted.items() if key not in held]
    for picture in missing:
        talk.command(escpos.keep(picture.key, picture.bitmap))
        talk.push(b"", WRITE_S)
    if missing:
        # believed only when the printer lists it: its memory may be full
        held = _held(talk, WRITE_S) or frozenset()
    return held & wanted.keys()


def _held(talk: Talk, wait_s: float) -> frozenset[str] | None:
    talk.command(escpos.ASK_PICTURES)
    due, keys = time.monotonic() + wait_s, set[str]()
    while (left := due - time.monotonic()) > 0:
        for said in talk.listen(left):
            if isinstance(said, PicturesHeld):
                keys.update(said.keys)
                if not said.more:
                    return frozenset(keys)
    return None
