"""Headquarters' outbox of commands: signed by who may, one at a time for each station, sent until answered, never after its time."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import utc_text
from kiosk.headquarters.commands import CommandBook, CommandState, Ordered, OrderWrong, Wish
from kiosk.headquarters.courier import Courier
from kiosk.headquarters.database import open_database
from kiosk.link.connection import Came
from kiosk.link.inbound import hear
from kiosk.messages.payloads import Command, CommandName, CommandResult, Result, encode
from kiosk.messages.topics import Leaf, topic
from kiosk.sealing.key_set import Use
from kiosk.sealing.signing import signed, signed_by
from kiosk.sealing.station import read_signing_key
from tests.kiosk.contract import keeps_to_it
from tests.kiosk.practice import LANE, OTHER_LANE, Practice, StillClock

NOW = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    return Practice(tmp_path_factory.mktemp("practice"))


@pytest.fixture
def book(database_url: str) -> Iterator[CommandBook]:
    database = open_database(database_url)
    yield CommandBook(database)
    database.close()


def key(practice: Practice) -> Ed25519PrivateKey:
    return read_signing_key(practice.founding.authority)


def wish(name: CommandName = CommandName.CLOSE, hours: float = 1.0) -> Wish:
    return Wish(name, NOW + timedelta(hours=hours), "O-1", "a test")


def ordered(book: CommandBook, practice: Practice, *names: CommandName, station: str = LANE) -> list[Ordered]:
    return [book.order([station], wish(name), key(practice), NOW)[0] for name in names]


def result(one: Ordered, what: Result = Result.DONE, why: str = "because") -> CommandResult:
    return CommandResult(id=one.id, number=one.number, result=what, why=why, sig="")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_what_is_ordered_is_signed_numbered_for_its_station_and_believed_there(book: CommandBook, practice: Practice) -> None:
    made = book.order([LANE, OTHER_LANE], wish(), key(practice), NOW)
    (again,) = ordered(book, practice, CommandName.OPEN)
    assert [one.number for one in made] == [int(NOW.timestamp())] * 2
    assert again.number == made[0].number + 1
    for due in book.due(NOW):
        keeps_to_it(topic(due.station, Leaf.COMMAND), due.content)
        heard = hear(topic(due.station, Leaf.COMMAND), due.content, practice.keys().public)
        assert isinstance(heard.message, Command)
        assert (heard.message.station, heard.message.name, heard.message.expires) == (due.station, CommandName.CLOSE, utc_text(after(3600)))


def test_a_store_that_was_restored_from_a_backup_orders_with_numbers_that_its_stations_have_not_seen(
    book: CommandBook, practice: Practice
) -> None:
    """The rows that were ordered after the backup are gone, the lane has seen their numbers."""
    (lost,) = ordered(book, practice, CommandName.CLOSE)
    book._database.execute("DELETE FROM command")
    (after_it,) = book.order([LANE], wish(), key(practice), after(600))
    assert after_it.number > lost.number


def test_a_station_gets_one_command_at_a_time_and_the_next_when_the_first_has_its_result(book: CommandBook, practice: Practice) -> None:
    first, second = ordered(book, practice, CommandName.CLOSE, CommandName.OPEN)
    (other,) = ordered(book, practice, CommandName.CLOSE, station=OTHER_LANE)
    assert {due.id for due in book.due(NOW)} == {first.id, other.id}
    assert book.due(after(1)) == (), "it was sent just now, and the second waits for it"
    assert book.answered(LANE, result(first), after(1))
    assert [due.id for due in book.due(after(1))] == [second.id]


def test_it_is_sent_again_with_patience_and_at_once_when_the_station_comes_back(book: CommandBook, practice: Practice) -> None:
    ordered(book, practice, CommandName.CLOSE)
    sent = [seconds for seconds in range(100) if book.due(after(seconds))]
    assert sent == [0, 5, 15, 35, 75]
    book.born([OTHER_LANE], after(100))
    assert book.due(after(100)) == ()
    book.born([LANE, OTHER_LANE], after(101))
    assert len(book.due(after(101))) == 1


def test_of_two_receivers_only_one_sends(database_url: str, practice: Practice) -> None:
    databases = [open_database(database_url) for _ in range(2)]
    books = [CommandBook(database) for database in databases]
    ordered(books[0], practice, CommandName.CLOSE)
    ordered(books[1], practice, CommandName.CLOSE, station=OTHER_LANE)
    assert len([due for book in books for due in book.due(NOW)]) == 2
    # both had looked before either took it
    (one,) = books[0].listed(LANE)
    assert [len(book._claimed(one.id, one.tries, after(5))) for book in books] == [1, 0]
    for database in databases:
        database.close()


def test_after_its_time_nothing_is_sent_and_what_comes_behind_it_is(book: CommandBook, practice: Practice) -> None:
    book.order([LANE], wish(hours=0.01), key(practice), NOW)
    (later,) = ordered(book, practice, CommandName.OPEN)
    assert len(book.due(NOW)) == 1
    assert book.due(after(36)) == (), "its time has passed, though nobody has said so yet"
    book.lapse(after(36))
    first = book.listed(LANE)[1]
    assert (first.state, first.since, first.why) == (CommandState.EXPIRED, utc_text(after(36)), "no result came before its time")
    assert [due.id for due in book.due(after(36))] == [later.id]
    assert book.answered(LANE, result(first), after(40)), "it was carried out in its time, and the answer was on its way"
    assert book.those([first.id])[0].state is CommandState.DONE


def test_the_first_result_stands_and_a_result_of_another_station_or_number_is_none(book: CommandBook, practice: Practice) -> None:
    (one,) = ordered(book, practice, CommandName.CLOSE)
    assert not book.answered(OTHER_LANE, result(one), NOW)
    assert not book.answered(LANE, CommandResult(id=one.id, number=7, result=Result.DONE, sig=""), NOW)
    assert book.unanswered(LANE) == (one,)
    assert book.answered(LANE, result(one, Result.REFUSED), after(1))
    assert not book.answered(LANE, result(one, Result.DONE), after(2))
    (kept,) = book.listed()
    assert (kept.state, kept.why, kept.since) == (CommandState.REFUSED, "because", utc_text(after(1)))


def test_all_stations_are_ordered_or_none(book: CommandBook, practice: Practice) -> None:
    large = Wish(CommandName.LISTS, after(60), "O-1", args={"kind": "staff", "list": {"text": "x" * 400_000}})
    with pytest.raises(OrderWrong, match="longer than 400000 bytes"):
        book.order([LANE, OTHER_LANE], large, key(practice), NOW)
    assert book.listed() == ()


def test_the_board_gets_the_newest_of_each_station(book: CommandBook, practice: Practice) -> None:
    made = ordered(book, practice, *[CommandName.REBIRTH] * 4)
    (other,) = ordered(book, practice, CommandName.CLOSE, station=OTHER_LANE)
    found = book.last_of_each(2, after(-60))
    assert found == {LANE: (made[3], made[2]), OTHER_LANE: (other,)}
    assert book.last_of_each(2, after(1)) == {}


class Carrying:
    """A courier, and what it refused."""

    def __init__(self, book: CommandBook, practice: Practice) -> None:
        self.refused: list[tuple[str, str]] = []
        self.clock, self.seconds = StillClock(NOW), 0.0
        self.courier = Courier(
            book,
            self.clock,
            lambda station, found: _believes(station, found, practice),
            lambda station, why: self.refused.append((station, why)),
            lambda: self.seconds,
        )

    def turn(self, *messages: Came) -> list[str]:
        return [where for where, _ in self.courier.turn(messages)]


def _believes(station: str, found: dict[str, object], practice: Practice) -> bool:
    return signed_by("command-result", found, practice.receiver_keys().public.signers(Use.STATION, station))


def test_a_courier_looks_each_second_and_at_once_when_a_station_speaks(book: CommandBook, practice: Practice) -> None:
    carrying = Carrying(book, practice)
    assert carrying.turn() == []
    first, _ = ordered(book, practice, CommandName.CLOSE, CommandName.OPEN)
    assert carrying.turn() == []
    carrying.seconds = 1.0
    assert carrying.turn() == [topic(LANE, Leaf.COMMAND)]
    answer = signed(result(first), practice.keys().signing)
    assert carrying.turn(Came(topic(LANE, Leaf.RESULT), encode(answer))) == [topic(LANE, Leaf.COMMAND)], "the next one at once"
    assert carrying.turn(Came(topic(LANE, Leaf.BIRTH), b"{}")) == [topic(LANE, Leaf.COMMAND)], "it was away, and is here again"
    assert carrying.refused == []


def test_a_result_that_a_stranger_signed_or_that_is_none_is_listed_and_counts_for_nothing(book: CommandBook, practice: Practice) -> None:
    carrying = Carrying(book, practice)
    (one,) = ordered(book, practice, CommandName.CLOSE)
    forged = encode(signed(result(one), practice.keys(OTHER_LANE).signing))
    for payload in (forged, encode(result(one)), b"\xff not JSON", b"{}"):
        carrying.turn(Came(topic(LANE, Leaf.RESULT), payload), Came("mpaka/v1/nonsense", payload))
    assert [why == "" for _, why in carrying.refused] == [True, True, False, False]
    assert book.unanswered()[0].id == one.id


RESULTS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("018f8a8e-1111-7111-8111-111111111111") | st.text(max_size=40),
        "number": st.integers() | st.floats() | st.none(),
        "result": st.sampled_from(["done", "refused", "maybe"]),
        "sig": st.text(max_size=99) | st.integers(),
        "why": st.text(max_size=300),
    },
)


@given(payload=st.binary(max_size=200) | RESULTS.map(lambda found: json.dumps(found).encode()))
def test_no_bytes_on_a_result_s_topic_end_a_courier_or_change_the_outbox(practice: Practice, payload: bytes) -> None:
    with closing(open_database(f"sqlite:///{practice.folder}/fuzzed.db")) as database:
        carrying = Carrying(CommandBook(database), practice)
        carrying.turn(Came(topic(LANE, Leaf.RESULT), payload))
        assert len(carrying.refused) == 1


def test_a_folder_of_the_outbox_is_laid_out_once_and_found_again(tmp_path: Path, practice: Practice) -> None:
    url = f"sqlite:///{tmp_path}/hq.db"
    for times in (1, 2):
        database = open_database(url)
        ordered(CommandBook(database), practice, CommandName.CLOSE)
        assert len(CommandBook(database).listed()) == times
        database.close()


def test_a_result_whose_words_no_database_holds_does_not_stop_the_receiver(book: CommandBook, practice: Practice) -> None:
    (one,) = ordered(book, practice, CommandName.CLOSE)
    assert book.answered(LANE, result(one, Result.REFUSED, "full\0stop"), NOW)
    assert book.listed(LANE)[0].why == "full\ufffdstop"


def test_the_signed_bytes_of_a_command_are_gone_as_soon_as_it_is_over(book: CommandBook, practice: Practice) -> None:
    answered, waits = ordered(book, practice, CommandName.CLOSE, CommandName.OPEN)
    book.order([OTHER_LANE], wish(hours=0.01), key(practice), NOW)
    with book._database.transaction():
        (held,) = book.hold([LANE], wish(), key(practice), NOW)
        book.drop([held.id], "given up", NOW)
    book.answered(LANE, result(answered), NOW)
    book.lapse(after(60))
    assert book._database.execute("SELECT id FROM command WHERE length(content) > 0") == [(waits.id,)]
    assert len(book.listed()) == 4
