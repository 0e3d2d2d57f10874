"""A person at the device: asked in words with the time left, believed when they say that it is done, and free to skip."""

import threading

import pytest

from drivers.attended import NOBODY, SKIPPED, AttendedBench
from drivers.bench import Deed, NotTried
from drivers.contract import Kind, TrialAsks
from drivers.driver import Until
from firmware_bridge.plug_events import PlugEvent

GIVE_UP_S = 20.0


class Standing:
    """Somebody who is asked; `asked` is set at each question."""

    def __init__(self, *, attended: bool = True) -> None:
        self.questions: list[TrialAsks] = []
        self.events: list[PlugEvent] = []
        self.asked = threading.Event()
        self.bench = AttendedBench(Kind.PASSPORT_READER, self._hear, lambda: list(self.events), attended=attended)

    def _hear(self, question: TrialAsks) -> None:
        self.questions.append(question)
        self.asked.set()


def test_a_person_who_takes_the_document_away_says_so_and_the_trial_goes_on() -> None:
    person = Standing()
    person.bench.reply(done=True)
    threading.Thread(target=lambda: person.asked.wait(GIVE_UP_S) and person.bench.reply(done=True)).start()
    with person.bench.doing("does_it_again", Deed.TAKE_AWAY, Until(GIVE_UP_S)):
        assert person.questions[0] == TrialAsks("does_it_again", "Take the document away. Then say that it is done.", 20)


def test_a_person_who_skips_rests_what_waits_and_the_step_is_not_tried() -> None:
    person, until = Standing(), Until(GIVE_UP_S)
    with pytest.raises(NotTried, match=SKIPPED), person.bench.doing("reports_loss", Deed.PULL, until):
        assert person.asked.wait(GIVE_UP_S)
        person.bench.reply(done=False)
        waiting = threading.Event()
        while not until.over:
            waiting.wait(0.01)
    assert until.rested


def test_what_was_said_too_late_is_no_answer_to_the_next_question() -> None:
    person = Standing()
    with person.bench.doing("does_its_work", Deed.LAY_DOWN, Until(GIVE_UP_S)):
        assert person.asked.wait(GIVE_UP_S)
    person.bench.reply(done=False)
    with person.bench.doing("reports_loss", Deed.PULL, Until(GIVE_UP_S)):
        pass
    assert [question.sentence for question in person.questions][:1] == ["Lay the specimen document on the reader."]


def test_when_a_plug_moved_is_the_kernels_first_word_after_the_question() -> None:
    person = Standing()
    person.events.append(PlugEvent("remove", "tty", "/devices/earlier", at=0.001))
    with person.bench.doing("reports_loss", Deed.PULL, Until(GIVE_UP_S)):
        assert person.bench.happened(Deed.PULL) is None
        person.events += [
            PlugEvent("remove", "tty", "/devices/1-1.2/tty", at=1e9),
            PlugEvent("remove", "usb", "/devices/1-1.2", at=1e9 + 1),
        ]
    assert person.bench.happened(Deed.PULL) == 1e9
    assert person.bench.happened(Deed.LAY_DOWN) is None


def test_the_kernels_word_may_come_a_moment_after_the_device_fell_silent() -> None:
    late = PlugEvent("remove", "tty", "/devices/1-1.2/tty", at=1e9)
    looks = iter([[], [], [late]])
    bench = AttendedBench(Kind.PASSPORT_READER, lambda _: None, lambda: next(looks), attended=True)
    with bench.doing("reports_loss", Deed.PULL, Until(GIVE_UP_S)):
        assert bench.happened(Deed.PULL) == 1e9


def test_where_nobody_is_nothing_is_asked() -> None:
    person = Standing(attended=False)
    with pytest.raises(NotTried, match=NOBODY), person.bench.doing("reports_loss", Deed.PULL, Until(GIVE_UP_S)):
        raise AssertionError("nobody pulls")
    with pytest.raises(NotTried, match="Only an emulator"):
        person.bench.trouble("split:1")
    assert person.questions == []
