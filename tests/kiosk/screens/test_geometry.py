"""Rectangles from the top left."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens.geometry import Rect, grid

SIDES = st.integers(1, 2000)
RECTS = st.builds(Rect, st.integers(0, 500), st.integers(0, 500), SIDES, SIDES)


@given(RECTS, st.integers(1, 8), st.integers(1, 12), st.integers(0, 40), st.integers(1, 300))
def test_cells_of_a_grid_never_overlap_and_stay_in_its_width(area: Rect, columns: int, count: int, gap: int, height: int) -> None:
    cells = grid(Rect(area.x, area.y, area.w + columns * (gap + 1), area.h), columns, count, gap, height)
    assert all(not a.overlaps(b) for n, a in enumerate(cells) for b in cells[n + 1 :])
    assert max(cell.right for cell in cells) <= area.x + area.w + columns * (gap + 1)


@given(RECTS, st.integers(0, 300), st.integers(0, 50))
def test_what_is_cut_off_and_what_is_left_do_not_overlap(area: Rect, size: int, gap: int) -> None:
    for cut in (Rect.cut_top, Rect.cut_bottom, Rect.cut_left, Rect.cut_right):
        one, rest = cut(area, size, gap)
        assert not one.overlaps(rest) or not rest.w or not rest.h


@given(RECTS, SIDES, SIDES)
def test_a_fitted_shape_stays_inside(area: Rect, w: int, h: int) -> None:
    assert area.fitted(w, h).within(area)


def test_neighbours_that_touch_do_not_overlap_but_are_too_close() -> None:
    left, right = Rect(0, 0, 10, 10), Rect(10, 0, 10, 10)
    assert not left.overlaps(right)
    assert left.overlaps(right, apart=1)
