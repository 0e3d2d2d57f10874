"""Still pictures of a case, decoded for the officer's screen. Pillow only."""

import io

from PIL import Image, UnidentifiedImageError

from drivers.contract import Encoding
from kiosk.views.desk_parts import Still

MOST_PIXELS = 4096 * 4096
LARGEST_SIDE = 900


def decoded(still: Still) -> Image.Image | None:
    """The picture, at most 900 pixels a side; None for bytes that are not the picture they say they are."""
    if not 0 < still.width * still.height <= MOST_PIXELS:
        return None
    try:
        picture = _opened(still)
        picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
    return picture.convert("RGBA")


def _opened(still: Still) -> Image.Image:
    size, data = (still.width, still.height), still.data.value
    match still.encoding:
        case Encoding.GREY8:
            return Image.frombytes("L", size, data)
        case Encoding.BGR8:
            return Image.frombytes("RGB", size, data, "raw", "BGR")
        case Encoding.JPEG | Encoding.PNG:
            picture = Image.open(io.BytesIO(data))
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("a picture larger than it says")
            picture.load()
            return picture
