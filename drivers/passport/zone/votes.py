"""Agreement over camera frames: one good-looking frame can be wrong, the same answer twice hardly ever is. PURE."""

from dataclasses import dataclass, field

from drivers.passport.zone.reading import ZoneReading


@dataclass(frozen=True)
class Votes:
    """Valid readings of the frames of one document so far; `needed` that agree in every character are accepted.

    A document taken away ends the vote: begin again with a new `Votes`.
    """

    needed: int = 2
    counts: tuple[tuple[tuple[str, ...], int], ...] = field(default=(), repr=False)
    accepted: ZoneReading | None = None

    def with_frame(self, reading: ZoneReading) -> "Votes":
        """The votes after one more frame. A reading that is not valid, or none, has no vote; what is accepted stays."""
        if self.accepted is not None or not reading.valid:
            return self
        counts = dict(self.counts)
        counts[reading.lines] = counts.get(reading.lines, 0) + 1
        rivals = sum(count for lines, count in counts.items() if lines != reading.lines)
        # Frames that disagreed must be outvoted as well, or the next frame decides.
        won = counts[reading.lines] - rivals >= self.needed
        return Votes(self.needed, tuple(counts.items()), reading if won else None)
