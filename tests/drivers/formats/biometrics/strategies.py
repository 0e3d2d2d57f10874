"""Records of nobody's fingers, drawn by hypothesis: everything that each layout can hold."""

from hypothesis import strategies as st

from drivers.formats.biometrics.codes import ALL_FINGERS, IMPRESSIONS_2004, IMPRESSIONS_2009, IMPRESSIONS_2011, SINGLE_FINGERS, SLAPS
from drivers.formats.biometrics.extended import Block, join
from drivers.formats.biometrics.finger_images import Compression, FingerImage, FingerImageRecord, Scale
from drivers.formats.biometrics.minutiae import (
    ONE_FRAME,
    Capture,
    Frame,
    Minutia,
    MinutiaeRecord,
    MinutiaKind,
    QualityScore,
    RecordFormat,
    View,
)

BYTE, SHORT, PLACE = st.integers(0, 0xFF), st.integers(0, 0xFFFF), st.integers(0, 0x3FFF)
FRAMES = st.builds(Frame, SHORT, SHORT, SHORT, SHORT)
BLOCKS = st.lists(st.builds(Block, SHORT, st.binary(max_size=20)), max_size=3).map(tuple)
TIMES = st.tuples(SHORT, BYTE, BYTE, BYTE, BYTE, BYTE, SHORT)
LATER = {RecordFormat.ANSI_2007, RecordFormat.ANSI_2009, RecordFormat.ANSI_2009_AM1}


def minutiae(with_quality: bool = True) -> st.SearchStrategy[tuple[Minutia, ...]]:
    quality = BYTE if with_quality else st.just(254)
    return st.lists(st.builds(Minutia, st.sampled_from(MinutiaKind), PLACE, PLACE, BYTE, quality), max_size=6).map(tuple)


@st.composite
def _views_2011(draw: st.DrawFn, certified: bool) -> View:
    pairs = st.lists(st.tuples(SHORT, BYTE), max_size=2).map(tuple)
    certificates = draw(pairs) if certified else None
    long = draw(st.booleans())
    capture = Capture(draw(TIMES), draw(BYTE), draw(SHORT), draw(SHORT), certificates, draw(st.integers(0, 2)), long)
    qualities = tuple(draw(st.lists(st.builds(QualityScore, BYTE, SHORT, SHORT), max_size=2)))
    finger, impression = draw(st.sampled_from(sorted(ALL_FINGERS))), draw(st.sampled_from(sorted(IMPRESSIONS_2011)))
    return View(finger, draw(FRAMES), draw(minutiae(long)), qualities, draw(BYTE), impression, join(draw(BLOCKS)), capture)


@st.composite
def records(draw: st.DrawFn, format: RecordFormat) -> MinutiaeRecord:
    """A record of this format."""
    if format is RecordFormat.ISO_2011:
        certified = draw(st.booleans())
        return MinutiaeRecord(format, tuple(draw(st.lists(_views_2011(certified), min_size=1, max_size=3))))
    later = format in LATER
    algorithm = SHORT if later else st.just(0)
    frame = FRAMES if later else st.just(draw(FRAMES))
    views = st.builds(
        View,
        st.sampled_from(sorted(ALL_FINGERS if format is RecordFormat.ANSI_2009_AM1 else SINGLE_FINGERS)),
        frame,
        minutiae(),
        st.tuples(st.builds(QualityScore, BYTE, algorithm, algorithm)),
        BYTE if later else st.integers(0, 15),
        st.sampled_from(sorted(IMPRESSIONS_2009 if later else IMPRESSIONS_2004)),
        BLOCKS.map(join),
    )
    with_owner = SHORT if format is not RecordFormat.ISO_2005 else st.just(0)
    wide = format in {RecordFormat.ANSI_2009, RecordFormat.ANSI_2009_AM1}
    sensor, compliance = (SHORT, BYTE) if wide else (st.integers(0, 0xFFF), st.integers(0, 15))
    version = st.sampled_from([b"", b"020\0"]) if format in ONE_FRAME else st.just(b"")
    several = st.lists(views, min_size=1, max_size=3).map(tuple)
    return draw(st.builds(MinutiaeRecord, st.just(format), several, with_owner, with_owner, sensor, compliance, version))


@st.composite
def _images(draw: st.DrawFn, compression: Compression, depth: int) -> FingerImage:
    width, height = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    sizes = {Compression.NONE: width * height * (1 if depth <= 8 else 2), Compression.PACKED: (width * height * depth + 7) // 8}
    size = sizes.get(compression, draw(st.integers(0, 40)))
    data = draw(st.binary(min_size=size, max_size=size))
    views = draw(st.integers(1, 255))
    finger, impression = draw(st.sampled_from(sorted(SINGLE_FINGERS | SLAPS))), draw(st.sampled_from(sorted(IMPRESSIONS_2004)))
    return FingerImage(finger, width, height, data, views, draw(st.integers(1, views)), draw(BYTE), impression)


@st.composite
def image_records(draw: st.DrawFn) -> FingerImageRecord:
    """A record of finger images."""
    compression, depth, pair = draw(st.sampled_from(Compression)), draw(st.integers(1, 16)), st.tuples(SHORT, SHORT)
    images = tuple(draw(st.lists(_images(compression, depth), min_size=1, max_size=3)))
    return FingerImageRecord(images, compression, draw(pair), draw(pair), draw(st.sampled_from(Scale)), depth, draw(SHORT), draw(SHORT))
