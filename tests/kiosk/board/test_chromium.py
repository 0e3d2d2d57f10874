"""The board in a real browser: nothing sticks out or is cut off at a phone's and a wall's size, it renews itself, keys are enough, and it asks nobody else.

With MPAKA_PICTURES=FOLDER the pictures are kept there, for people to look at.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from kiosk.board.state import Board
from kiosk.headquarters.board import BoardServer, Site
from kiosk.headquarters.lookout import NotReady
from tests.kiosk.board.boards import board, many, rollout, row
from tests.kiosk.board.chromium import PROGRAM, Chromium

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")
SIZES = {"phone": (390, 844), "wall": (1920, 1080)}
TAB, ENTER = 9, 13
# Elements that are wider than their room, or whose words are cut off
CUT_OFF = """[...document.querySelectorAll('body *')].filter(e => {
  const s = getComputedStyle(e), b = e.getBoundingClientRect();
  if (!b.width || !b.height || !e.checkVisibility() || e.closest(".unseen, .skip, svg")) return false;
  return b.right > innerWidth + 1 || b.left < -1 || e.scrollWidth > e.clientWidth + 1 && e.clientWidth && s.display !== 'inline';
}).map(e => e.outerHTML.slice(0, 90))"""
# What is touched, smaller than 24 by 24 points (WCAG 2.5.8), words within a line apart
SMALL = """[...document.querySelectorAll('a, button, select, input:not([type=hidden]), summary')].filter(e => {
  const b = e.getBoundingClientRect();
  return b.width && e.checkVisibility() && !e.closest('.skip') && (b.height < 24 || b.width < 24) && getComputedStyle(e).display !== 'inline';
}).map(e => e.outerHTML.slice(0, 90))"""
OVERLAPPING = """(() => { const t = [...document.querySelectorAll('.lane, .chip, summary')].map(e => [e, e.getBoundingClientRect()]);
  return t.flatMap(([e, a], i) => t.slice(i + 1).filter(([f, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([f]) => e.id + '/' + f.id)); })()"""


class Web:
    """A board that is served and can be changed, or that cannot be read."""

    def __init__(self) -> None:
        self.shown: Board | None = board()
        self.server = BoardServer(Site(self._board, UTC), 0)
        self.server.start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/"

    def _board(self) -> Board:
        if self.shown is None:
            raise NotReady("practice")
        return self.shown


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    made = Chromium(tmp_path_factory.mktemp("chromium"))
    yield made
    made.close()


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    yield made
    made.server.stop()


def kept(browser: Chromium, name: str) -> None:
    if folder := os.environ.get("MPAKA_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        browser.pictures(Path(folder) / f"{name}.png")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [0, 3, 200])
def test_nothing_is_cut_off_overlapped_or_too_small_to_touch(browser: Chromium, web: Web, count: int, size: str) -> None:
    web.shown = many(count, seed=count)
    for dark in (False, True):
        browser.opens(web.address, *SIZES[size], dark=dark)
        kept(browser, f"{count}-{size}{'-dark' if dark else ''}")
        assert browser.says(CUT_OFF) == []
        assert browser.says(SMALL) == []
        assert browser.says(OVERLAPPING) == []
    assert browser.complaints() == []


def test_the_laws_see_what_is_cut_off_and_what_is_small(browser: Chromium, web: Web) -> None:
    web.shown = many(3)
    browser.opens(web.address, *SIZES["phone"])
    browser.says("document.querySelector('.lane').style.cssText = 'display:block; width:3000px; height:9px; min-height:0'")
    assert len(browser.says(CUT_OFF)) >= 1
    assert len(browser.says(SMALL)) == 1


def test_two_hundred_lanes_stand_on_a_wall_screen_without_scrolling(browser: Chromium, web: Web) -> None:
    web.shown = many(200, seed=200)
    browser.opens(web.address, *SIZES["wall"])
    assert browser.says("document.querySelectorAll('.lane').length") == 200
    assert browser.says("Math.max(...[...document.querySelectorAll('.lane')].map(e => e.getBoundingClientRect().bottom)) <= innerHeight")


@pytest.mark.parametrize("size", SIZES)
def test_one_station_is_shown_whole(browser: Chromium, web: Web, size: str) -> None:
    web.shown = many(3, seed=3)
    browser.opens(web.address + "?lane=ut-south-lane1", *SIZES[size])
    kept(browser, f"one-{size}")
    assert browser.says(CUT_OFF) == []
    assert "passport reader" in browser.says("document.body.innerText")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", ["", "?rollout=4"])
def test_rollouts_are_shown_whole_and_lead_to_their_stations(browser: Chromium, web: Web, address: str, size: str) -> None:
    web.shown = replace(many(200), rollouts=(rollout(), rollout(5, state="done", station="", why="")))
    for dark in (False, True):
        browser.opens(web.address + address, *SIZES[size], dark=dark)
        kept(browser, f"rollout{address[1:8]}-{size}{'-dark' if dark else ''}")
        assert browser.says(CUT_OFF) == []
        assert browser.says(SMALL) == []
        assert browser.says(OVERLAPPING) == []


def test_the_board_renews_itself_says_what_changed_and_keeps_the_place_of_who_reads(browser: Chromium, web: Web) -> None:
    web.shown = board(row("ut-north-lane1"), row("ut-north-lane2"))
    browser.opens(web.address, *SIZES["wall"])
    browser.says("document.getElementById('l-ut-north-lane1').focus()")
    web.shown = board(row("ut-north-lane1"), row("ut-north-lane2", lost=True, seen_s=60))
    browser.waits("document.querySelector('.lane.lost') !== null")
    assert browser.says("document.activeElement.id") == "l-ut-north-lane1"
    assert browser.says("document.getElementById('news').textContent") == "1 lost, 1 of 2 to look at"
    assert browser.says("getComputedStyle(document.getElementById('stale')).display") == "none"


def test_when_headquarters_does_not_answer_the_board_says_that_it_is_old_and_comes_back(browser: Chromium, web: Web) -> None:
    web.shown = board(row())
    browser.opens(web.address, *SIZES["phone"])
    web.shown = None
    browser.waits("!document.getElementById('stale').hidden")
    assert "What you see is old" in browser.says("document.getElementById('stale').innerText")
    kept(browser, "stale-phone")
    web.shown = board(row())
    browser.waits("document.getElementById('stale').hidden")


def test_a_keyboard_is_enough_to_reach_a_lane_and_where_one_is_can_be_seen(browser: Chromium, web: Web) -> None:
    web.shown = board(row("ut-north-lane1"))
    browser.opens(web.address, *SIZES["wall"])
    reached = []
    while "l-ut-north-lane1" not in reached and len(reached) < 30:
        browser.presses("Tab", TAB)
        reached.append(browser.says("document.activeElement.id"))
        assert browser.says(
            "getComputedStyle(document.activeElement).outlineStyle !== 'none' || document.activeElement.className === 'skip'"
        )
    assert reached[-1] == "l-ut-north-lane1"
    browser.presses("Enter", ENTER)
    browser.waits("location.search === '?lane=ut-north-lane1' && document.readyState === 'complete'")


def test_a_filter_is_chosen_and_the_board_asks_no_other_server(browser: Chromium, web: Web) -> None:
    web.shown = many(30, seed=3)
    browser.opens(web.address, *SIZES["phone"])
    browser.says("document.querySelector('summary').click()")
    kept(browser, "find-phone")
    assert browser.says(CUT_OFF) == []
    browser.says("(s => { s.value = 'ut-lake'; s.dispatchEvent(new Event('change')) })(document.querySelector('select[name=post]'))")
    browser.waits("location.search.includes('post=ut-lake') && document.readyState === 'complete'")
    assert browser.says("[...document.querySelectorAll('.post h2')].map(e => e.innerText)") == ["ut-lake"]
    addresses = browser.asked_for()
    assert len(addresses) >= 4
    assert all(address.startswith((web.address, "data:,")) for address in addresses)
