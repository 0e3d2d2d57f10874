"""A broker's rights, tried at a real mosquitto: who may write and hear what, one by one, and that nobody comes under another's name."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.link.connection import Connection, Unreachable
from kiosk.messages.topics import Leaf, topic
from tests.kiosk.founding.brokers import PROFILE, StateBroker
from tests.kiosk.founding.ceremony import HEADQUARTERS, Ceremony
from tests.kiosk.practice import GIVE_UP_S, until

LANE, LANE_2, CONSOLE, UNLISTED = "ut-nowhere-lane1", "ut-nowhere-lane2", "ut-nowhere-console1", "ut-nowhere-lane9"
SPEAKERS = (LANE, LANE_2, CONSOLE, HEADQUARTERS, UNLISTED)
REPORTS = ("status", "birth", "rec", "media", "cmd-res")
# docs/reporting.md, Topics: who says what of whom, written down apart from the product's own tables
MAY_WRITE = {
    *((lane, lane, leaf) for lane in (LANE, LANE_2) for leaf in (*REPORTS, "case", "case-media", "claims", "decided")),
    *((CONSOLE, CONSOLE, leaf) for leaf in REPORTS),
    *((CONSOLE, LANE, leaf) for leaf in ("hello", "claim", "decision")),
    *((HEADQUARTERS, station, leaf) for station in SPEAKERS for leaf in ("ack", "cmd")),
}
MAY_HEAR = {
    *((lane, lane, leaf) for lane in (LANE, LANE_2) for leaf in ("ack", "cmd", "hello", "claim", "decision")),
    *((CONSOLE, CONSOLE, leaf) for leaf in ("ack", "cmd")),
    *((CONSOLE, LANE, leaf) for leaf in ("status", "case", "case-media", "claims", "decided")),
    *((HEADQUARTERS, station, leaf) for station in SPEAKERS for leaf in REPORTS),
}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[StateBroker]:
    ceremony = Ceremony(tmp_path)
    for name in SPEAKERS:
        ceremony.sets_up(name)
    started = StateBroker(ceremony, (HEADQUARTERS,))
    yield started
    started.stop()


def files(broker: StateBroker, name: str) -> Path:
    return broker.folder.parent / "stations" / name


def settled(connection: Connection, number: int) -> int:
    """How many of this line's messages the broker refused, once it has answered this one."""
    denied = 0
    for _ in range(int(GIVE_UP_S / 0.05)):
        connection.turn(0.05)
        confirmed = connection.take_confirmed()
        denied += connection.take_denied()
        if number in confirmed:
            return denied
    raise AssertionError("the broker does not answer")


def test_each_writes_and_hears_what_it_may_and_nothing_else(broker: StateBroker) -> None:
    lines = {name: Connection(broker.at(files(broker, name)), name, None, 5) for name in SPEAKERS}
    for line in lines.values():
        line.subscribe(["mpaka/v1/#"])
    for line in lines.values():
        settled(line, line.publish("mpaka/v1/nobody", b""))
    written, said = set(), set()
    for name, station, leaf in product(SPEAKERS, SPEAKERS, Leaf):
        if settled(lines[name], lines[name].publish(topic(station, leaf), name.encode())) == 0:
            written.add((name, station, str(leaf)))
            said.add((station, str(leaf)))
    assert written == MAY_WRITE
    heard = set()
    for name, line in lines.items():
        # its answer comes behind all that was passed on before
        settled(line, line.publish("mpaka/v1/nobody", b""))
        for came in line.take_messages():
            *_, station, leaf = came.topic.split("/")
            heard.add((name, station, leaf))
        line.close()
    assert heard == {(name, station, leaf) for name, station, leaf in MAY_HEAR if (station, leaf) in said}


def test_whoever_asks_for_another_s_client_id_gets_its_own_and_throws_nobody_out(broker: StateBroker) -> None:
    lane = Connection(broker.at(files(broker, LANE)), LANE, None, 5)
    posing = Connection(broker.at(files(broker, LANE_2)), LANE, None, 5)
    assert settled(posing, posing.publish(topic(LANE, Leaf.STATUS), b"{}")) == 1
    assert settled(posing, posing.publish(topic(LANE_2, Leaf.STATUS), b"{}")) == 0
    assert settled(lane, lane.publish(topic(LANE, Leaf.STATUS), b"{}")) == 0
    assert lane.alive
    truly = Connection(broker.at(files(broker, LANE_2)), "something else", None, 5)

    def thrown_out() -> bool:
        posing.turn(0.05)
        return not posing.alive

    until(thrown_out, bool)
    for line in (lane, posing, truly):
        line.close(0)


def test_a_stolen_lane_s_certificate_is_shut_out_and_the_new_one_of_the_same_name_is_let_in(
    broker: StateBroker, capsys: pytest.CaptureFixture[str]
) -> None:
    ceremony, stolen = broker.ceremony, broker.at(files(broker, LANE))
    Connection(stolen, LANE, None, 5).close(0)
    ceremony.signs("revoke", LANE)
    says = ceremony.refuses(capsys, "revoke", LANE, "--authority", str(ceremony.authority), "--passphrase-file", str(ceremony.passphrase))
    assert "were revoked already" in says
    broker.stop()
    broker.set_up("--crl")
    broker.start()
    with pytest.raises(Unreachable):
        Connection(stolen, LANE, None, 5)
    Connection(broker.at(files(broker, LANE_2)), LANE_2, None, 5).close(0)
    new = ceremony.folder / "stations" / "new"
    ceremony.does("station", LANE, "--folder", str(new))
    ceremony.signs("sign", str(new / "request.csr"))
    ceremony.signs("enrol", str(new / "request.json"), "--yes", "--lost")
    ceremony.does("install", LANE, str(ceremony.brings(LANE)), "--folder", str(new), "--authority", ceremony.authority_id)
    Connection(broker.at(new), LANE, None, 5).close(0)


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (PROFILE.split("[stations]")[0], "lists nobody"),
        (PROFILE.replace('console1 = ["lane1"]', 'console1 = ["lane7"]'), "the post has no lane7"),
        (PROFILE.replace("console1 =", "lane1 ="), "a lane and a console at once"),
        (PROFILE.replace('["lane1", "lane2"]', '["+"]'), "stations"),
    ],
)
def test_a_profile_that_cannot_be_meant_writes_no_rights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoilt: str, says: str
) -> None:
    profile = tmp_path / "post.toml"
    profile.write_text(spoilt, encoding="utf-8")
    assert main(["keys", "rights", str(profile), "--to", str(tmp_path / "out")]) == 1
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
