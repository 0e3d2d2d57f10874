"""How far a chain is opened: in whatever order numbers come, each is wanted until it is through, and never again."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.crossings.progress import Progress


@given(st.lists(st.lists(st.integers(1, 25), max_size=8), max_size=8))
def test_numbers_that_are_not_through_are_missing_and_those_that_are_are_not(came: list[list[int]]) -> None:
    progress = Progress()
    for numbers in came:
        progress = progress.through(sorted(set(numbers)))
    through = {number for numbers in came for number in numbers}
    missing = {number for first, last in progress.missing for number in range(first, last + 1)}
    assert progress.upto == max(through, default=0)
    assert missing == set(range(1, progress.upto + 1)) - through
    spans = progress.missing
    assert all(first <= last for first, last in spans)
    assert all(before[1] + 1 < after[0] for before, after in zip(spans, spans[1:], strict=False)), "apart and in order"
