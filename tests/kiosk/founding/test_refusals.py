"""Who is not who it says is refused, on a real broker with the founding's own certificates; the refusal is journalled, and shown."""

import contextlib
import socket
import ssl
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from msgspec import structs

from kiosk.clock import SystemClock
from kiosk.diagnostics.readiness import State
from kiosk.diagnostics.trust import certificate
from kiosk.founding.authority import AuthorityFolder, read_certifier
from kiosk.founding.certificates import Certifier, certify, new_certifier
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.judging import FindingKind
from kiosk.headquarters.lookout import look_once
from kiosk.headquarters.receiver import ReceiverPlan, run_headquarters
from kiosk.headquarters.store import STORE_FILE, Store
from kiosk.link.connection import Connection, Unreachable
from kiosk.link.words import LinkUp
from kiosk.messages.payloads import Ack, Command, CommandName, Status, decode, encode
from kiosk.messages.topics import Leaf, topic
from kiosk.private import Private
from kiosk.sealing.signing import NOTHING_BEFORE, signed
from kiosk.sealing.station import load_receiver_keys, read_signing_key, tls_files
from tests.kiosk.contract import keeps_to_it
from tests.kiosk.founding.brokers import StateBroker
from tests.kiosk.founding.ceremony import HEADQUARTERS, PASSPHRASE, Ceremony
from tests.kiosk.founding.lanes import Lane
from tests.kiosk.founding.test_rights import settled
from tests.kiosk.practice import SOON, until

LANE, LANE_2, CONSOLE = "ut-nowhere-lane1", "ut-nowhere-lane2", "ut-nowhere-console1"
NOW = datetime.now(UTC)


@pytest.fixture
def ceremony(tmp_path: Path) -> Ceremony:
    made = Ceremony(tmp_path)
    made.sets_up(CONSOLE, "signing", "tls", "desk")
    made.sets_up(LANE)
    return made


@pytest.fixture
def broker(ceremony: Ceremony) -> Iterator[StateBroker]:
    started = StateBroker(ceremony, (HEADQUARTERS,))
    yield started
    started.stop()


def certifier_of(ceremony: Ceremony) -> Certifier:
    return read_certifier(AuthorityFolder(ceremony.authority), lambda what: Private(PASSPHRASE))


def recertified(folder: Path, certifier: Certifier, name: str, now: datetime, hosts: tuple[str, ...] = ()) -> None:
    """The key in this folder with another certificate."""
    key = load_pem_private_key((folder / "tls.key").read_bytes(), None).public_key()
    (folder / "tls.pem").write_bytes(certify(certifier, name, key, now, hosts).public_bytes(Encoding.PEM))  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", ["ran out", "another host", "a stranger's"])
def test_a_broker_that_does_not_prove_itself_gets_nothing(ceremony: Ceremony, broker: StateBroker, fault: str) -> None:
    certifier = new_certifier("A stranger", NOW) if fault == "a stranger's" else certifier_of(ceremony)
    host = "mqtt.elsewhere.example" if fault == "another host" else "localhost"
    recertified(broker.folder, certifier, host, NOW - timedelta(days=400) if fault == "ran out" else NOW, (host,))
    broker.stop()
    broker.start()
    address = broker.at(ceremony.station(LANE))
    lane = Lane(ceremony, address)
    lane.kept.recorded()
    lane.until_refused("broker")
    assert "does not prove itself" in lane.why_down
    assert {"ran out": "expired", "another host": "ostname mismatch", "a stranger's": "certificate"}[fault] in lane.why_down
    assert lane.kept.recorded(), "the lane goes on"
    lane.close()
    assert "mpaka/" not in broker.log


def test_a_receiver_keeps_away_from_such_a_broker_and_the_board_says_so(ceremony: Ceremony, broker: StateBroker) -> None:
    keys = load_receiver_keys(ceremony.sets_up(HEADQUARTERS, "signing", "tls", "acknowledgement"), HEADQUARTERS)
    recertified(broker.folder, certifier_of(ceremony), "localhost", NOW - timedelta(days=400), ("localhost",))
    broker.stop()
    broker.start()
    url, stop = sqlite_url(ceremony.folder / STORE_FILE), threading.Event()
    plan = ReceiverPlan(keys, broker.at(keys.tls), url, SOON)
    running = threading.Thread(target=run_headquarters, args=(plan, SystemClock(), stop))
    running.start()

    def found() -> list[tuple[FindingKind, str]]:
        store = Store(url)
        seen = [(finding.kind, finding.station) for finding in store.findings()]
        store.close()
        return seen

    until(found, bool)
    stop.set()
    running.join()
    assert found() == [(FindingKind.BROKER, HEADQUARTERS)]
    board = look_once(url, datetime.now(UTC))
    assert [other.station for other in board.others] == [HEADQUARTERS]
    assert "did not prove itself" in board.others[0].troubles[0].says


def test_a_lane_whose_certificate_ran_out_reports_nothing_goes_on_and_says_why(ceremony: Ceremony, broker: StateBroker) -> None:
    folder = ceremony.station(LANE)
    good = (folder / "tls.pem").read_bytes()
    recertified(folder, certifier_of(ceremony), LANE, NOW - timedelta(days=400))
    lane = Lane(ceremony, broker.at(folder))
    lane.until_refused("certificate")
    assert "ran out on" in lane.why_down
    assert "get a new one" in lane.why_down
    assert lane.kept.recorded(), "the lane goes on"
    finding = certificate("certificate", tls_files(folder), LANE, NOW)
    assert (finding.state, "nothing is reported, records wait" in finding.found) == (State.WARNING, True)
    (folder / "tls.pem").write_bytes(good)
    until(lambda: [word for word in lane.words if isinstance(word, LinkUp)], bool)
    lane.close()


def test_a_lane_of_a_stranger_s_authority_is_not_let_in(ceremony: Ceremony, broker: StateBroker) -> None:
    folder = ceremony.station(LANE)
    recertified(folder, new_certifier("A stranger", NOW), LANE, NOW)
    with pytest.raises(Unreachable):
        Connection(broker.at(folder), LANE, None, 5)


def test_who_shows_no_certificate_hears_nothing(ceremony: Ceremony, broker: StateBroker) -> None:
    context = ssl.create_default_context(cafile=str(ceremony.station(LANE) / "ca.pem"))
    came = b""
    line = socket.create_connection(("localhost", broker.port))
    with line, contextlib.suppress(OSError), context.wrap_socket(line, server_hostname="localhost") as secured:
        secured.sendall(b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x0a\x00\x02ab")
        came = secured.recv(10)
    assert came == b""


def test_a_lane_with_another_lane_s_certificate_comes_in_under_neither_name(ceremony: Ceremony, broker: StateBroker) -> None:
    other = ceremony.sets_up(LANE_2)
    second = Connection(broker.at(other), LANE_2, None, 5)
    folder = ceremony.station(LANE)
    for name in ("tls.pem", "tls.key"):
        (folder / name).write_bytes((other / name).read_bytes())
    lane = Lane(ceremony, broker.at(folder))
    lane.until_refused("certificate")
    assert f"the certificate here is of {LANE_2}, not of {LANE}" in lane.why_down
    assert settled(second, second.publish(topic(LANE_2, Leaf.STATUS), b"{}")) == 0
    assert second.alive, "the lane whose certificate it is was not thrown out"
    lane.close()
    second.close()


def test_a_lane_that_the_broker_lets_write_nothing_says_so_at_once(ceremony: Ceremony, broker: StateBroker) -> None:
    unlisted = "ut-nowhere-lane9"
    lane = Lane(ceremony, broker.at(ceremony.sets_up(unlisted)), unlisted)
    lane.until_refused("denied")
    lane.close()


def commanded(key: Ed25519PrivateKey, number: int, station: str = LANE) -> bytes:
    made = Command(id=str(uuid.uuid4()), station=station, number=number, name=CommandName.REBIRTH, expires="2099-01-01T00:00:00Z", sig="")
    return encode(signed(made, key))


def test_rogue_messages_are_refused_journalled_and_shown(ceremony: Ceremony, broker: StateBroker) -> None:
    command_key = ceremony.sets_up(HEADQUARTERS, "signing", "tls", "acknowledgement", "command") / "command.key"
    ceremony.installs(LANE)
    truly, stranger = read_signing_key(command_key), Ed25519PrivateKey.generate()
    lane = Lane(ceremony, broker.at(ceremony.station(LANE)))
    until(lambda: [word for word in lane.words if isinstance(word, LinkUp)], bool)
    # a hostile broker can say anything in headquarters' place
    rogue = Connection(broker.at(ceremony.station(HEADQUARTERS)), HEADQUARTERS, None, 5)
    rogue.subscribe([topic(LANE, Leaf.STATUS)])
    unsigned = Ack(
        station=LANE, chain=lane.kept.journal.opened.chain, upto=f"{9:020d}", head=NOTHING_BEFORE, time="2026-12-01T08:00:00Z", sig=""
    )
    done = commanded(truly, 7)
    for leaf, content in (
        (Leaf.COMMAND, encode(structs.replace(decode(done, Command), sig=""))),
        (Leaf.COMMAND, commanded(stranger, 8)),
        (Leaf.ACK, encode(signed(unsigned, stranger))),
        (Leaf.COMMAND, commanded(truly, 9, LANE_2)),
        (Leaf.COMMAND, b"{}"),
        (Leaf.COMMAND, done),
        (Leaf.COMMAND, done),
        (Leaf.COMMAND, commanded(truly, 3)),
    ):
        assert settled(rogue, rogue.publish(topic(LANE, leaf), content)) == 0
    lane.until_refused("unsigned", "misdirected", "malformed", "repeated", "command")
    lane.link.changed()

    def shown() -> dict[str, int]:
        rogue.turn(0.05)
        came = rogue.take_messages()
        for status in came:
            keeps_to_it(status.topic, status.payload)
        found = [status.payload for status in came if b'"refused"' in status.payload and b'"certificate"' in status.payload]
        return dict(decode(found[-1], Status).refused.counts) if found else {}  # type: ignore[union-attr]

    counts = until(shown, lambda found: found.get("command") == 1)
    assert counts == {"unsigned": 3, "misdirected": 1, "malformed": 1, "repeated": 1, "command": 1}
    lane.close()
    rogue.close()
