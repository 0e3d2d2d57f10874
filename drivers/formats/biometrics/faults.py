"""What stands against the standard in a record whose layout holds: values out of their range, places outside the picture.

Reading does not refuse such a record, since it can be written again as it was; whoever makes a record sends none that has faults.
A fault is a sentence that names the view and the field, and holds no value of a person.
"""

from collections import defaultdict
from collections.abc import Iterator

from drivers.formats.biometrics.extended import (
    CORES_AND_DELTAS,
    RIDGE_COUNTS,
    Block,
    blocks,
    read_cores_and_deltas,
    read_ridge_counts,
)
from drivers.formats.biometrics.minutiae import ISO_FORMATS, ONE_FRAME, MinutiaeRecord, RecordFormat, View
from drivers.formats.biometrics.record_bytes import RecordError

_BEST = 100
_NOT_GIVEN = (254, 255)
_ANSI_ANGLES = 180
_LEAST_ISO_DENSITY = 99


def faults(record: MinutiaeRecord) -> tuple[str, ...]:
    """Everything that the record's standard does not allow, in the order of the record; empty where the record conforms."""
    return tuple(_of_record(record)) + tuple(
        f"view {number} (from 1): {fault}" for number, view in enumerate(record.views, 1) for fault in _of_view(view, record.format)
    )


def _of_record(record: MinutiaeRecord) -> Iterator[str]:
    if record.version:
        yield "version: not the one of this format"
    if record.format not in ISO_FORMATS and not record.owner:
        yield "product owner: zero, expected the number registered with IBIA"
    numbers = defaultdict(list)
    for view in record.views:
        numbers[view.finger].append(view.number)
    if any(those != list(range(len(those))) for those in numbers.values()):
        yield "view numbers: expected 0, 1, 2 … for each finger, in this order"


def _of_view(view: View, format: RecordFormat) -> Iterator[str]:
    frame, iso = view.frame, format in ISO_FORMATS
    if not frame.width or not frame.height:
        yield "picture size: zero"
    least = _LEAST_ISO_DENSITY if iso else 1
    if min(frame.x_density, frame.y_density) < least:
        yield f"density: less than {least} pixels a centimetre"
    if not all(_quality_is_good(quality.score, format) for quality in view.qualities):
        yield "finger quality: not 0 to 100"
    for number, minutia in enumerate(view.minutiae, 1):
        if minutia.x >= frame.width or minutia.y >= frame.height:
            yield f"minutia {number}: outside the picture"
        if not iso and minutia.angle >= _ANSI_ANGLES:
            yield f"minutia {number}: an angle of 360 degrees or more"
        if not _quality_is_good(minutia.quality, format):
            yield f"minutia {number}: a quality that is not 0 to 100"
    yield from _of_extended(view, format)


def _quality_is_good(quality: int, format: RecordFormat) -> bool:
    return quality <= _BEST or (format not in ONE_FRAME and quality in _NOT_GIVEN)


def _of_extended(view: View, format: RecordFormat) -> Iterator[str]:
    for block in blocks(view.extended, format):
        try:
            yield from _of_block(block, view, format)
        except RecordError as problem:
            yield str(problem)


def _of_block(block: Block, view: View, format: RecordFormat) -> Iterator[str]:
    if block.type == RIDGE_COUNTS:
        counts = read_ridge_counts(block.data).counts
        # Vectors count minutiae from 0 and from 1, and have 0 where there is no neighbour.
        if any(max(first, second) > len(view.minutiae) for first, second, _ in counts):
            yield "ridge counts: of a minutia that is not there"
    elif block.type == CORES_AND_DELTAS:
        points = read_cores_and_deltas(block.data, format)
        places = [(core.x, core.y) for core in points.cores] + [(delta.x, delta.y) for delta in points.deltas]
        if any(x >= view.frame.width or y >= view.frame.height for x, y in places):
            yield "cores and deltas: outside the picture"
