"""Law 10: marked values of a person go through every step and every forced error, and are then found nowhere in clear.

Searched are the logs of the lane, the console and the device processes, every message that was published, every audit row, and every file
in the folders of both stations. What a searcher finds is shown first, on a file that holds a mark on purpose.
"""

import logging
import os
import signal
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from drivers.contract import DocumentRead, Kind, PassRead
from drivers.formats.making import make, name_in_zone
from drivers.formats.specimens import specimen
from kiosk.desk.events import CaseTaken, PersonSignedOff, ReasonChosen, ReferPressed
from kiosk.desk.states import Progress
from kiosk.messages.payloads import CaseOffer, decode
from kiosk.messages.topics import Leaf
from kiosk.movement.case import Reason
from kiosk.private import Private
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.travellers import Papers
from tests.journeys.walking import Walking
from tests.kiosk.crossing import Crossing
from tests.kiosk.stations import CONSOLE, LANE, LaneAtHand, Post

SURNAME, GIVEN, NUMBER, ANSWER, PASS = "QUAGZIMOTH", "XYLVORRA", "Z73Q91K4W", "zu-besuch-bei-qx", "PASSKWQJX-55512"
MARKS = (SURNAME, GIVEN, NUMBER, ANSWER, PASS)


def forms(mark: str) -> Iterator[bytes]:
    """A mark as it might stand somewhere: in either case, in UTF-16, in hexadecimal, and at each place of base64."""
    for text in {mark, mark.lower(), mark.title()}:
        plain = text.encode()
        yield from (plain, text.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode())
        # of base64 only the characters that depend on the mark alone
        yield from (b64encode(b"-" * at + plain)[-(-at * 4 // 3) : (at + len(plain)) * 4 // 3] for at in range(3))


NEEDLES = {needle for mark in MARKS for needle in forms(mark)}


def found(content: bytes) -> list[bytes]:
    return [needle for needle in NEEDLES if needle in content]


def searched(folder: Path) -> list[Path]:
    """The files under a folder that hold a mark."""
    return [path for path in folder.rglob("*") if path.is_file() and found(path.read_bytes())]


def marked_lines() -> tuple[str, ...]:
    """The zone of a passport of a person who does not exist, with marked fields."""
    like = specimen("adult", date.today())
    return make(like.format, replace(like.content, name=name_in_zone(SURNAME, GIVEN), number=NUMBER))


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def nothing_is_found(post: Post, lane: LaneAtHand, logs: str) -> None:
    """Wherever a mark could have got to. The stations still run, so that what they hold open is searched too."""
    assert found(logs.encode()) == []
    assert [(where, leaf) for where, leaf, content in post.published if found(content)] == []
    assert post.published
    assert [row for row in post.audited(lane.journal) if found(repr(row).encode())] == []
    for station in (LANE, CONSOLE):
        assert (post.folder / station).exists() is any(running.settings.station == station for running in post.running)
        assert searched(post.folder / station) == []


def test_the_search_finds_a_mark_in_every_form(tmp_path: Path) -> None:
    for at, mark in enumerate(MARKS):
        (tmp_path / f"{at}-plain").write_text(f"something {mark.title()} something")
        for offset in range(3):
            (tmp_path / f"{at}-base64-{offset}").write_bytes(b64encode(b"-" * offset + f"<{mark}<<".encode() * 2))
    assert len(searched(tmp_path)) == 4 * len(MARKS)
    assert found(b"nothing of anybody") == []


def test_law_10_nothing_of_a_traveller_is_in_clear_in_logs_messages_or_files_after_a_whole_journey(
    post: Post, heard: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    lane, console = post.lane(by_hand=False), post.console()
    console.officer_comes()
    walking = Walking(post, lane, lines=marked_lines())
    walking.to(s.Declare)
    token = walking.to(s.Token)
    lane.wire.changed()
    walking.leaves()
    # a host holds what it saw for whoever comes next, unless it was told to forget
    post.until(lambda: token.case.case_id in console.now.waiting)
    console.touch(CaseTaken())
    opened = post.until(lambda: console.now.opened)
    assert opened.record.value.members[0].holder.surname == SURNAME
    pictures = post.until(lambda: console.now.opened and len(console.now.opened.pictures) >= 3 and console.now.opened.pictures)
    console.touch(ReferPressed(), ReasonChosen(next(iter(Reason))))
    post.until(lambda: console.now.opened and console.now.opened.progress is Progress.DONE)
    console.touch(PersonSignedOff())
    nothing_is_found(post, lane, heard.text + "".join(capfd.readouterr()))
    portraits = [picture.image.value.data.value[200:400] for picture in pictures]
    for path in (path for station in (LANE, CONSOLE) for path in (post.folder / station).rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not [portrait for portrait in portraits if portrait in content], path.name


def test_law_10_forced_errors_at_every_step_say_nothing_of_a_traveller(
    post: Post, heard: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    crossing = Crossing(post, lane, lines=marked_lines())
    damaged = (*(line.replace("<", "?") for line in crossing.lines), GIVEN, SURNAME * 40)
    crossing.to(s.DocCapture)
    # a zone that is none
    lane.hands[Kind.PASSPORT_READER].answers(DocumentRead(damaged, confirmed=False))
    lane.glass.work()
    while not isinstance(crossing.state, s.Token):
        state = crossing.state
        # an answer that is none, an event that does not belong here, a device that is lost, an answer to nothing
        lane.touch(e.AnswerGiven(next(iter(state.kiosk.profile.questions)), Private(ANSWER)))
        lane.lane.put(e.DocumentRead(99_999, Private(crossing.lines), Kind.DOCUMENT_CAMERA, True, None))
        lane.lane.put(e.PassRead(99_999, Private(PASS)))
        for hand in (lane.hands[Kind.LANE_IO], lane.hands[Kind.RECEIPT_PRINTER]):
            hand.is_lost()
            hand.comes_back()
        lane.glass.work()
        if crossing.state == state:
            crossing.goes_on()
    # an officer's console that cannot open what it is sent
    offer = post.until(lambda: post.said(Leaf.CASE) and decode(post.said(Leaf.CASE)[-1], CaseOffer))
    console.console._envelopes[offer.case_id] = offer
    console.console._desk_keys = {}
    console.touch(CaseTaken(offer.case_id))
    crossing.leaves()
    nothing_is_found(post, lane, heard.text + "".join(capfd.readouterr()))


def test_law_10_a_record_that_is_too_large_and_a_journal_that_breaks_say_nothing_of_a_traveller(
    post: Post, heard: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    lane.touch(e.Touched(0.0), e.LanguageChosen("sw"), e.NoticeUnderstood(), e.TravelClassChosen(Papers.BORDER_PASS))
    lane.hands[Kind.DOCUMENT_CAMERA].answers(PassRead(PASS * 2000))
    lane.glass.work()
    helping = crossing.to(s.HelpDiscreet)
    assert helping.order is None
    lane.journal.close()
    lane.lane.put(e.TimeRanOut(helping.session.limit, helping.name))
    lane.glass.work()
    lane.touch(e.OfficerAttended())
    assert isinstance(lane.lane.state, s.Closed)
    lane.wire.changed()
    assert found(heard.text.encode()) == [] and found("".join(capfd.readouterr()).encode()) == []
    assert searched(post.folder / LANE) == []


def test_law_10_a_host_that_is_killed_with_a_passport_on_it_leaves_nothing_behind(
    post: Post, heard: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    lane = post.lane(by_hand=False, kinds=(Kind.PASSPORT_READER,))
    lines = marked_lines()
    post.until(lambda: lane.devices[Kind.PASSPORT_READER].ready and isinstance(lane.lane.state, s.Attract))
    lane.touch(e.Touched(0.0), e.LanguageChosen("sw"), e.NoticeUnderstood(), e.TravelClassChosen(Papers.DOCUMENT))
    post.scene.put("passport_reader", lines=list(lines))
    post.until(lambda: isinstance(lane.lane.state, s.Party))
    pid = lane.devices[Kind.PASSPORT_READER].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    post.until(lambda: Kind.PASSPORT_READER in lane.lane.state.kiosk.lost)
    lane.touch(e.LeaveAsked(), e.Cancelled())
    post.until(lambda: Kind.PASSPORT_READER not in lane.lane.state.kiosk.lost)
    lane.wire.changed()
    nothing_is_found(post, lane, heard.text + "".join(capfd.readouterr()))


@pytest.mark.parametrize("step", [s.DocCheck, s.Party, s.Declare, s.Face, s.Fingers, s.Review, s.Recording])
def test_law_10_whatever_prints_a_state_of_the_session_prints_nobody(post: Post, step: type[s.State]) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane, lines=marked_lines())
    crossing.to(s.Token)
    (state,) = [state for state in lane.states if isinstance(state, step)][-1:] or [crossing.state]
    assert found((repr(state) + str(state) + f"{state}").encode()) == []
