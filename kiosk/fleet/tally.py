"""What a fleet counts, and how it is told."""

from array import array
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts of one run. `took`: seconds from a record's commit to its verified acknowledgement; `trouble`: why a line was lost last."""

    up: int = 0
    connects: int = 0
    lost: int = 0
    statuses: int = 0
    told: int = 0
    acknowledged: int = 0
    resends: int = 0
    refused: int = 0
    rejected: int = 0
    waiting: int = 0
    trouble: str = ""
    took: "array[float]" = field(default_factory=lambda: array("d"))

    def spread(self, since: int = 0) -> str:
        """Median, p95, p99 and worst of the times from this one on."""
        took = sorted(self.took[since:])
        if not took:
            return "none acknowledged"
        shares = ", ".join(
            f"{name} {at * 1000:.0f}" for name, at in (("p50", _at(took, 50)), ("p95", _at(took, 95)), ("p99", _at(took, 99)))
        )
        return f"{shares}, max {took[-1] * 1000:.0f} ms"


def _at(ordered: list[float], share: int) -> float:
    """The value that this many of a hundred do not pass."""
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
