"""The board's page: a state is word, shape and colour; what a station says cannot become markup; the colours can be told apart and read."""

import re
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from kiosk.board.page import page
from kiosk.board.parts import SHAPES
from kiosk.board.state import CommandSeen, Remark, Shown, board_of
from kiosk.board.wanted import Wanted, wanted_from
from kiosk.messages.payloads import DeviceState, Hour, LaneState, Queue, SelfRegistration
from tests.kiosk.board.boards import AT, ago, board, many, rollout, row, status

CSS = files("kiosk.board").joinpath("board.css").read_text(encoding="utf-8")
SCRIPT = files("kiosk.board").joinpath("board.js").read_text(encoding="utf-8")
EAST = timezone(timedelta(hours=3), "EAT")
BOARD = board(
    *(row(f"ut-north-lane{number}", status(state)) for number, state in enumerate(LaneState)), row("ut-north-lane9", lost=True, seen_s=60)
)


class Reader(HTMLParser):
    """Reads a page: its words, its elements, the ids and addresses in it, and which elements were left open."""

    def __init__(self, drawn: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(drawn)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "link", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def read(seen: object = BOARD, **asked: str) -> Reader:
    return Reader(page(seen, wanted_from(asked), UTC))  # type: ignore[arg-type]


@pytest.mark.parametrize("state", Shown)
def test_each_state_is_told_by_its_word_and_by_a_shape_of_its_own(state: Shown) -> None:
    found = read()
    assert str(state) in found.words
    assert {"href": f"#s-{state}"} in found.all("use")
    assert {"id": f"s-{state}", "viewbox": "0 0 24 24"} in found.all("symbol")
    assert list(SHAPES.values()).count(SHAPES[state]) == 1


@pytest.mark.parametrize(
    "asked", [{}, {"lane": "ut-north-lane1"}, {"lane": "nobody"}, {"show": "trouble"}, {"post": "ut-lake"}, {"q": "x"}, {"theme": "dark"}]
)
@pytest.mark.parametrize("count", [0, 1, 61])
def test_every_page_is_well_formed_and_no_id_stands_twice(count: int, asked: dict[str, str]) -> None:
    found = read(many(count), **asked)
    assert (found.open, found.wrong) == ([], [])
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert found.all("html")[0]["lang"] == "en"
    assert all(attributes.get("aria-hidden") == "true" or "aria-label" in attributes for attributes in found.all("svg"))


def test_no_page_asks_another_server_for_anything() -> None:
    drawn = page(many(61), Wanted(), UTC)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", drawn.replace("<!doctype", "") + CSS + SCRIPT.replace("// ", ""))
    assert " style=" not in drawn and " onclick=" not in drawn


def test_what_a_station_says_cannot_become_markup() -> None:
    evil = "<script>alert(1)</script>\"'&"
    said = status(
        devices={evil: DeviceState.FAILED},
        consumables={evil: "out"},
        versions={"mpaka": evil, evil: evil},
        lists={evil: 10**9},
        self_registration=SelfRegistration(state="paused", reason=evil),
    )
    seen = board(row(said=said), remarks=(Remark("ut-north-lane1", evil, ago(hours=1)),))
    for asked in ({}, {"lane": "ut-north-lane1"}, {"lane": evil, "q": evil, "post": evil}):
        found = read(seen, **asked)
        assert len(found.all("script")) == 1
        assert (found.open, found.wrong) == ([], [])


def test_what_is_broken_stands_first_with_since_when_in_the_local_time() -> None:
    said = status(devices={"receipt_printer": DeviceState.FAILED}, since={"receipt_printer": ago(minutes=40)})
    drawn = page(board(row(said=said)), Wanted(), EAST)
    assert 'receipt printer: failed <span class="when">since 14:54 (40 min)</span>' in drawn
    assert ">15:34:56</time> <span>EAT</span>" in drawn
    assert drawn.index("<aside>") < drawn.index('id="posts">')


def test_a_moment_of_another_day_is_told_with_its_day() -> None:
    assert "since 29 Nov 12:34 (2 days)" in page(board(row(lost=True, seen_s=2 * 86_400)), Wanted(), UTC)


def test_queue_throughput_and_waiting_time_are_told_to_those_who_listen_too() -> None:
    said = status(queue=Queue(cases=4, longest_s=720), hours=[Hour(hour="2026-12-01T12:00:00Z", registered=17, decided=15, wait_s=360)])
    found = read(board(row(said=said)))
    assert "4 waiting" in found.words
    assert "12 min" in found.words
    assert "0/h" in found.words
    (label,) = [attributes["aria-label"] for attributes in found.all("svg") if "aria-label" in attributes]
    assert "12:00 17 registered, 15 decided, waited 6 min" in label


def test_with_nothing_wrong_and_with_nobody_there_the_board_says_so() -> None:
    assert "Nothing is broken." in page(board(row()), Wanted(), UTC)
    assert "No lane has reported yet" in page(board(), Wanted(), UTC)
    assert "No lane is like that." in page(board(row()), Wanted(post="ut-south"), UTC)


def test_a_rollout_says_how_far_it_is_who_does_not_have_it_and_why_it_stopped() -> None:
    seen = replace(BOARD, rollouts=(rollout(), rollout(3, what="<b>", state="done", progress="9 of 9 have it, done", station="", why="")))
    first = Reader(page(seen, Wanted(), EAST))
    assert (first.wrong, first.open) == ([], [])
    line = "stage 2 of 3: 1 of 2 have it, stopped 8 min ago (ut-old-road-lane11: refused: staff list 7 is older than 8, which is here)"
    assert line in " ".join(first.words)
    assert "<b>" in first.words, "escaped"
    asked = wanted_from({"rollout": "4", "post": "ut-north"})
    whole = Reader(page(seen, asked, EAST))
    assert (whole.wrong, whole.open) == ([], [])
    words = " ".join(whole.words)
    assert "Stage 2: 1 of 2 have it" in words
    assert words.index("ut-old-road-lane11 trouble since 15:26 (8 min)") < words.index("ut-south-lane1 has it"), (
        "who does not have it first"
    )
    assert "by O-7: the new shift" in words
    assert "?post=ut-north&lane=ut-ferry-east-lane1" in [named.get("href") for _, named in whole.elements]
    none = " ".join(Reader(page(seen, wanted_from({"rollout": "77<"}), EAST)).words)
    assert "There is no such rollout of late" in none


def test_when_no_station_is_heard_the_board_says_where_to_look() -> None:
    assert "Does the receiver run" in page(board(row(seen_s=60)), Wanted(), UTC)
    assert "Does the receiver run" not in page(board(row()), Wanted(), UTC)


def test_a_filter_stays_while_one_walks_through_the_board() -> None:
    found = read(BOARD, q="north", show="closed", theme="dark")
    addresses = [attributes["href"] for attributes in found.all("a") if attributes.get("id", "").startswith(("l-", "p-"))]
    assert addresses
    assert all("q=north" in address and "theme=dark" in address for address in addresses)
    assert {"type": "hidden", "name": "show", "value": "closed"} in found.all("input")


def test_a_station_is_shown_whole() -> None:
    words = " ".join(read(lane="ut-north-lane1").words)
    for told in ("receipt printer", "by ntp", "+0.003 s", "3 days old", "3.11.2", "0 stored apart"):
        assert told in words


def test_the_last_commands_of_a_station_and_their_results_stand_on_its_page() -> None:
    commands = (
        CommandSeen(1796000002, "languages", "refused", ago(minutes=12), "the lane lacks words: <b>xx</b>", "O-1"),
        CommandSeen(1796000001, "close", "done", "nonsense"),
    )
    drawn = board_of([row()], (), AT, {"ut-north-lane1": commands})
    found = Reader(page(drawn, Wanted(lane="ut-north-lane1"), UTC))
    words = " ".join(found.words)
    for told in ("Ordered by headquarters", "refused since 12:22 (12 min)", "O-1: the lane lacks words: <b>xx</b>", "1796000001"):
        assert told in words
    assert not found.wrong
    assert "Ordered by headquarters" not in " ".join(read(lane="ut-north-lane1").words)


def colours(selector: str) -> dict[str, str]:
    found = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", CSS)
    assert found is not None
    return dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6})", found.group(1)))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("selector", [":root, [data-theme=light]", "[data-theme=dark]"])
def test_text_can_be_read_and_signs_be_seen_by_light_and_in_the_dark(selector: str) -> None:
    named = colours(selector)
    for ink, ground in (
        ("ink", "ground"), ("ink", "surface"), ("quiet", "ground"), ("quiet", "surface"), ("link", "ground"), ("link", "surface"),
        ("warn-ink", "warn"), ("stop-ink", "stop"), ("head-ink", "head"),
    ):  # fmt: skip
        assert contrast(named[ink], named[ground]) >= 7, (ink, ground, contrast(named[ink], named[ground]))
    for sign in ("good", "stop", "work", "quiet", "focus"):
        for ground in ("surface", "ground"):
            assert contrast(named[sign], named[ground]) >= 3, (sign, ground)
    assert contrast(named["bar"], named["surface"]) >= 2
    assert contrast(named["focus-head"], named["head"]) >= 3


def test_a_system_that_is_dark_gets_the_dark_colours() -> None:
    assert colours("[data-theme=auto]") == colours("[data-theme=dark]")


def test_the_measure_of_contrast_is_that_of_the_standard() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48
