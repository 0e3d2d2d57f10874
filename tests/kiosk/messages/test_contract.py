"""The contract and what really goes over a broker: a listener in the middle holds every message of every topic against docs/asyncapi.yaml."""

import json
import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.broker import Broker, start_broker
from kiosk.journal.ids import uuid7
from kiosk.link.connection import Came, Connection
from kiosk.link.words import Commanded, LinkUp
from kiosk.messages.payloads import (
    SIGNED_AS,
    CaseMedia,
    CaseOffer,
    Claim,
    Claims,
    Command,
    CommandName,
    Decided,
    Decision,
    Hello,
    Outcome,
    Payload,
    Picture,
    Result,
    encode,
)
from kiosk.messages.topics import Leaf, parse_topic, topic
from kiosk.sealing.signing import signed
from kiosk.sealing.station import read_signing_key
from tests.kiosk.contract import CONTRACT, PATH, ContractBroken, is_retained, keeps_to_it
from tests.kiosk.practice import CONSOLE, GIVE_UP_S, LANE, Headquarters, Practice, Station, plain

NODE = shutil.which("node")
# A line a file: whether it could be read, and what the parser has against it
PARSE = """
const {readFileSync} = require('fs'), parser = new (require('@asyncapi/parser').Parser)();
(async () => { for (const file of process.argv.slice(1)) {
  const {document, diagnostics} = await parser.parse(readFileSync(file, 'utf8'));
  console.log(JSON.stringify([!!document, ...diagnostics.map(d => `${d.path.join('.')}: ${d.message}`)]));
} })();
"""


COMMAND = (
    b'{"id":"018f8a8e-1111-7111-8111-111111111111","station":"ut-nowhere-lane1","number":1,"name":"languages",'
    b'"expires":"2099-01-01T00:00:00Z","sig":"","args":%b}'
)


class Tap:
    """Hears everything at a broker, and holds it against the contract."""

    def __init__(self, broker: Broker) -> None:
        self._connection = Connection(plain(broker), "tap", None, 4)
        self._connection.subscribe(["mpaka/v1/#"])
        self.heard: dict[Leaf, int] = {}

    def until(self, leaf: Leaf, times: int = 1) -> None:
        """Until so many messages stood on this leaf."""
        for _ in range(int(GIVE_UP_S / 0.05)):
            self._connection.turn(0.05)
            for came in self._connection.take_messages():
                self._hears(came)
            if self.heard.get(leaf, 0) >= times:
                return
        raise AssertionError(f"nothing on {leaf} among {self.heard}")

    def retained(self, broker: Broker) -> set[Leaf]:
        """What the broker keeps for who comes later."""
        late = Connection(plain(broker), "late", None, 4)
        late.subscribe(["mpaka/v1/#"])
        leaves: set[Leaf] = set()
        for _ in range(5):
            late.turn(0.1)
            leaves |= {parse_topic(came.topic).leaf for came in late.take_messages()}
        late.close()
        return leaves

    def close(self) -> None:
        self._connection.close()

    def _hears(self, came: Came) -> None:
        keeps_to_it(came.topic, came.payload)
        leaf = parse_topic(came.topic).leaf
        self.heard[leaf] = self.heard.get(leaf, 0) + 1


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    started = start_broker(tmp_path / "broker")
    yield started
    started.stop()


def test_every_message_that_goes_over_a_broker_keeps_to_the_contract(tmp_path: Path, broker: Broker) -> None:
    practice, tap = Practice(tmp_path), Tap(broker)
    kept = practice.journal()
    case = kept.recorded(b'{"specimen":"UTO"}', pictures=1, token="K7M4QX").record_id
    headquarters = Headquarters(practice, plain(broker))
    lane = Station(practice, plain(broker), kept, hears=((LANE, Leaf.HELLO), (LANE, Leaf.CLAIM), (LANE, Leaf.DECISION)))
    console = Station(practice, plain(broker), None, CONSOLE)
    assert (lane.word(), console.word()) == (LinkUp(), LinkUp())
    for leaf in (Leaf.STATUS, Leaf.BIRTH, Leaf.RECORD, Leaf.MEDIA, Leaf.ACK):
        tap.until(leaf)
    envelope = b64encode(kept.asked(kept.journal.envelope_of, case)).decode()
    now, one = lane.clock.now().text, uuid7(lane.clock.now().utc)
    said: list[tuple[Station, Leaf, Payload]] = [
        (console, Leaf.HELLO, Hello(console=CONSOLE, time=now, sig="")),
        (lane, Leaf.CASE, CaseOffer(case_id=case, token_code="K7M4QX", version=0, envelope=envelope, sig="", since=now)),
        (lane, Leaf.CASE_MEDIA, CaseMedia(case_id=case, media=one, kind=Picture.FACE, envelope=envelope, sig="")),
        (console, Leaf.CLAIM, Claim(case_id=case, version=1, console=CONSOLE, sig="")),
        (lane, Leaf.CLAIMS, Claims(cases=[], sig="")),
        (
            console,
            Leaf.DECISION,
            Decision(decision_id=one, case_id=case, version=1, code="cleared", officer="O-1", console=CONSOLE, sig=""),
        ),
        (lane, Leaf.DECIDED, Decided(decision_id=one, case_id=case, outcome=Outcome.ACCEPTED, sig="")),
    ]
    for station, leaf, message in said:
        station.link.say(leaf, message, LANE)
        tap.until(leaf)
    command = Command(id=one, station=LANE, number=1, name=CommandName.CLOSE, expires="2099-01-01T00:00:00Z", sig="")
    sender = Connection(plain(broker), "sender", None, 4)
    sender.publish(topic(LANE, Leaf.COMMAND), encode(signed(command, read_signing_key(practice.founding.authority))))
    while not isinstance(word := lane.word(), Commanded):
        sender.turn(0.05)
    lane.link.answer(word.command, Result.DONE)
    tap.until(Leaf.RESULT)
    lane.link.close()
    console.link.close()
    kept.close()
    headquarters.stop()
    sender.close()
    assert set(tap.heard) == set(Leaf), "each topic of the contract was spoken on"
    assert tap.retained(broker) == {leaf for leaf in Leaf if is_retained(leaf)}
    tap.close()


@pytest.mark.parametrize(
    ("leaf", "content"),
    [
        (Leaf.STATUS, b'{"state":"asleep","session":"018f8a8e-1111-7111-8111-111111111111"}'),
        (Leaf.STATUS, b'{"state":"lost","session":"018f8a8e-1111-7111-8111-111111111111","surname":"MFANO"}'),
        (Leaf.CLAIMS, b'{"cases":[]}'),
        (Leaf.RECORD, b"{}"),
        (Leaf.COMMAND, COMMAND % b'{"languages":"en"}'),
        (Leaf.COMMAND, COMMAND % b'{"from":-1}'),
    ],
)
def test_the_tap_notices_what_does_not_keep_to_it(leaf: Leaf, content: bytes) -> None:
    with pytest.raises(ContractBroken):
        keeps_to_it(topic(LANE, leaf), content)


def test_every_payload_of_the_code_is_a_message_of_the_contract_and_is_signed_where_the_contract_says_so() -> None:
    schemas = {name[0].upper() + name[1:]: schema for name, schema in CONTRACT["components"]["schemas"].items() if "properties" in schema}
    shapes = {shape.__name__: shape for shape in Payload.__subclasses__()} | {"CaseOffer": CaseOffer}
    for name in ("Status", "Lost", "Birth", *(shape.__name__ for shape in SIGNED_AS)):
        fields = {field.encode_name for field in msgspec.structs.fields(shapes[name])}
        assert fields == set(schemas[name]["properties"]), name
    signed_there = {name for name, schema in schemas.items() if "sig" in schema["properties"]}
    assert signed_there == {shape.__name__ for shape in SIGNED_AS}


def surroundings() -> dict[str, str]:
    """In which node finds what was installed for everybody."""
    npm = shutil.which("npm")
    asked = [] if npm is None or "NODE_PATH" in os.environ else [npm, "root", "-g"]
    root = subprocess.run(asked, capture_output=True, text=True, timeout=GIVE_UP_S, check=False).stdout.strip() if asked else ""
    return {"NODE_PATH": root, **os.environ}


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_asyncapi_s_own_parser_has_nothing_against_the_file(tmp_path: Path) -> None:
    assert NODE is not None
    spoiled = tmp_path / "spoiled.yaml"
    spoiled.write_text(PATH.read_text(encoding="utf-8").replace("action: send,", "action: shout,", 1), encoding="utf-8")
    command = [NODE, "-e", PARSE, str(PATH), str(spoiled)]
    said = subprocess.run(command, env=surroundings(), capture_output=True, text=True, timeout=GIVE_UP_S, check=False)
    if "Cannot find module '@asyncapi/parser'" in said.stderr:
        pytest.skip("npm install -g @asyncapi/parser")
    ours, wrong = (json.loads(line) for line in said.stdout.splitlines())
    assert ours == [True]
    assert "operations.sendStatus.action" in str(wrong[1:])
