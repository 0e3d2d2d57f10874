"""From the order to the lane and back: the real command line, receiver, broker and lane, and what is left when one of them is killed."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.__main__ import main
from kiosk.broker import Broker, start_broker
from kiosk.clock import SystemClock, utc_text
from kiosk.headquarters.commands import CommandBook, CommandState, Ordered
from kiosk.headquarters.database import open_database
from kiosk.headquarters.opener import OpeningPlan, open_records
from kiosk.headquarters.store import Store
from kiosk.keys import sign_key_set
from kiosk.link.connection import Connection
from kiosk.messages.payloads import CommandResult, Result, encode
from kiosk.messages.topics import Leaf, topic
from kiosk.private import Private
from kiosk.programs.keys import Made
from kiosk.registration.names import ClosedFor
from kiosk.roles import Role
from kiosk.sealing.key_set import KeyEntry, KeyState, Use, load_key_set
from kiosk.sealing.protected import protected_pem
from kiosk.sealing.signing import key_id, signed
from kiosk.sealing.station import (
    AUTHORITY,
    KEY_SET,
    load_station_keys,
    public_text,
    raw_public,
    read_signing_key,
    write_private,
)
from kiosk.staff import Newcomer, draw_pin, make_list
from tests.kiosk.contract import keeps_to_it
from tests.kiosk.practice import GIVE_UP_S, plain, until
from tests.kiosk.stations import CONSOLE, LANE, LaneAtHand, Post

ROOT = Path(__file__).parents[2]


class Tap:
    """Hears everything at a broker in a thread of its own; what does not keep to the contract is found at the end."""

    def __init__(self, broker: Broker) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._stop, self._ready = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(broker,), daemon=True)
        self._thread.start()
        assert self._ready.wait(GIVE_UP_S)

    def on(self, leaf: Leaf) -> list[bytes]:
        return [payload for where, payload in self.heard if where == topic(LANE, leaf)]

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self, broker: Broker) -> None:
        connection = Connection(plain(broker), "tap", None, 4)
        connection.subscribe(["mpaka/v1/#"])
        while not self._stop.is_set():
            connection.turn(0.05)
            self.heard += [(came.topic, came.payload) for came in connection.take_messages()]
            self._ready.set()
        connection.close()


class Scene:
    """A post whose lane has a real link, a broker, a tap on it, and a receiver as a process."""

    def __init__(self, folder: Path, made: Made, broker: Broker) -> None:
        self.folder, self.made, self.broker = folder, made, broker
        self.post = Post(folder, made, broker_port=broker.port)
        self.url = f"sqlite:///{folder / 'hq.db'}"
        self.tap = Tap(broker)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.receiver = self.starts("kiosk", "headquarters", f"--broker=127.0.0.1:{broker.port}", f"--database={self.url}", *self._founding)
        until((folder / "hq.db").exists, bool)

    @property
    def _founding(self) -> list[str]:
        return [f"--founding={self.made.founding.folder}"]

    def starts(self, module: str, *words: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen([sys.executable, "-m", module, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def kills(self, process: "subprocess.Popen[bytes]") -> None:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def receiver_again(self) -> None:
        words = ["headquarters", f"--broker=127.0.0.1:{self.broker.port}", f"--database={self.url}", *self._founding]
        self.receiver = self.starts("kiosk", *words)

    def orders(self, name: str, *more: str, to: str = LANE, key: Path | None = None, status: int = 0) -> None:
        """By the command line."""
        signing = key or self.made.founding.authority
        words = ["headquarters", *self._founding, "order", name, "--to", to, f"--key={signing}", f"--database={self.url}", "--operator=O-1"]
        assert main([*words, *more]) == status

    def commands(self) -> list[Ordered]:
        """What is in the outbox, oldest first."""
        database = open_database(self.url)
        found = CommandBook(database).listed()
        database.close()
        return list(reversed(found))

    def answered(self) -> Ordered:
        """The newest command, once it has its result; the lane's screen goes on meanwhile."""
        self.post.until(lambda: all(not one.open for one in self.commands()), "the results")
        return self.commands()[-1]

    def opened(self, lane: LaneAtHand) -> list[dict[str, Any]]:
        """The payloads that headquarters opens, once it has all that the lane recorded."""
        waiting: list[int] = [1]
        self.post.until(lambda: lane.journal.waiting(lambda found: waiting.append(found.rows)) or waiting[-1] == 0, "the records")
        lines: list[str] = []
        plan = OpeningPlan(self.url, self.folder / "openings", self.made.founding.opening_key, "O-1", "a test")
        assert open_records(plan, SystemClock(), lines.append).not_opened == 0
        return [json.loads(line)["payload"] for line in lines]

    def close(self) -> None:
        for process in self.processes:
            self.kills(process)
        self.tap.stop()
        for station in list(self.post.running):
            self.post.ends(station)
        for where, payload in self.tap.heard:
            keeps_to_it(where, payload)


@pytest.fixture
def scene(tmp_path: Path, founding: Made) -> Iterator[Scene]:
    broker = start_broker(tmp_path / "broker")
    made = Scene(tmp_path, founding, broker)
    yield made
    made.close()
    broker.stop()


def is_closed(scene: Scene, lane: LaneAtHand, reason: ClosedFor | None) -> None:
    scene.post.until(lambda: lane.lane.state.kiosk.closed is reason, f"closed for {reason}")


def audited(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["name"], row["result"]) for row in rows if row.get("event") == "command"]


def test_each_command_goes_from_the_order_to_the_lane_and_its_result_back(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    lane = scene.post.lane()
    authority = read_signing_key(scene.made.founding.authority)
    staff, keys = scene.folder / "newer-staff.json", scene.folder / "newer-keys.json"
    staff.write_bytes(make_list(2, [Newcomer("T-7", (Role.TECHNICIAN,), draw_pin())], ["TZ-TUNDUMA"], date(2099, 1, 1), authority))
    known = load_key_set(scene.made.founding.station(LANE) / KEY_SET, authority.public_key())
    keys.write_bytes(sign_key_set(2, known.country, known.entries, authority, datetime.now(UTC)))
    is_closed(scene, lane, None)
    logging.getLogger("mpaka.lane").warning("a line of its log")
    for name, more in (
        ("close", ["--reason=a road is blocked"]),
        ("open", []),
        ("languages", ["--languages", "en", "sw"]),
        ("reload-settings", []),
        ("rebirth", []),
        ("replay", ["--from=1", f"--after={utc_text(datetime.now(UTC))}"]),
        ("lists", [f"--list={staff}"]),
        ("key-set", [f"--file={keys}"]),
        ("send-logs", ["--since=1h"]),
    ):
        scene.orders(name, *more)
        one = scene.answered()
        assert (one.name, one.state, one.operator) == (name, CommandState.DONE, "O-1"), one.why
    is_closed(scene, lane, None)
    assert lane.commands.profile.languages == ("en", "sw")
    assert lane.links[0]._plan.keys.public.number == 2
    rows = scene.opened(lane)
    assert audited(rows) == [(one.name, "done") for one in scene.commands()]
    sent = "\n".join(row["text"] for row in rows if row.get("event") == "log")
    assert sent.count("mpaka.lane WARNING a line of its log") == 1
    capsys.readouterr()
    assert main(["headquarters", "commands", f"--database={scene.url}"]) == 0
    table = capsys.readouterr().out
    assert "a road is blocked" in table
    assert table.count(" done ") == 9


def test_what_a_lane_may_not_do_comes_back_as_refused_with_the_reason(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.post.lane()
    scene.orders("languages", "--languages", "xx")
    one = scene.answered()
    assert (one.state, one.why) == (CommandState.REFUSED, "the lane lacks words: language xx: there is no catalogue")


def test_a_lane_that_is_away_gets_it_when_it_comes_back_and_all_who_wait_hear_of_it(scene: Scene) -> None:
    scene.orders("close")
    scene.orders("languages", "--languages", "en")
    until(scene.commands, lambda found: found[0].state is CommandState.SENT)
    assert scene.commands()[1].state is CommandState.WAITING, "one at a time"
    words = [sys.executable, "-m", "kiosk", "headquarters", "commands", "--wait", f"--database={scene.url}"]
    follower = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert follower.stderr is not None
    assert follower.stderr.readline() == b"waiting for the result of 2 commands; what lapses first is expired\n"
    lane = scene.post.lane()
    scene.answered()
    is_closed(scene, lane, ClosedFor.HEADQUARTERS)
    assert [one.state for one in scene.commands()] == [CommandState.DONE] * 2
    said = follower.communicate(timeout=GIVE_UP_S)[0].decode()
    assert follower.returncode == 0
    assert [line.split()[2:] for line in said.splitlines()] == [["close:", "done"], ["languages:", "done"]]


def test_what_was_not_fetched_in_time_is_never_carried_out_and_who_waits_for_it_is_told(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.orders("close", "--expires=1s", "--wait", status=1)
    assert capsys.readouterr().out.endswith(f"{LANE} close: expired\n")
    until(scene.commands, lambda found: found[0].state is CommandState.EXPIRED)
    lane = scene.post.lane()
    scene.orders("rebirth")
    assert scene.answered().state is CommandState.DONE
    assert lane.lane.state.kiosk.closed is None
    assert scene.commands()[0].state is CommandState.EXPIRED


def test_a_receiver_that_is_killed_loses_no_order_and_no_result(scene: Scene) -> None:
    lane = scene.post.lane()
    is_closed(scene, lane, None)
    scene.kills(scene.receiver)
    scene.orders("close")
    scene.receiver_again()
    assert scene.answered().state is CommandState.DONE
    scene.orders("open")
    scene.post.until(lambda: scene.commands()[-1].state is not CommandState.WAITING)
    scene.kills(scene.receiver)
    scene.receiver_again()
    assert scene.answered().state is CommandState.DONE
    is_closed(scene, lane, None)
    assert audited(scene.opened(lane)) == [("close", "done"), ("open", "done")], "each was carried out once"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lane_that_is_killed_while_it_obeys_answers_when_it_is_back(scene: Scene, when: str) -> None:
    """`before` its journal kept the result: carried out again. `after`: known, and only told again."""
    words = [str(scene.folder), str(scene.made.founding.folder), str(scene.broker.port)]
    first = scene.starts("tests.faults.commanded_lane", *words, when)
    assert first.stdout is not None
    assert first.stdout.readline() == b"ready\n"
    scene.orders("close")
    assert first.wait(GIVE_UP_S) == -9
    assert scene.commands()[0].open
    lane = scene.post.lane()
    assert scene.answered().state is CommandState.DONE
    is_closed(scene, lane, ClosedFor.HEADQUARTERS)
    assert audited(scene.opened(lane)) == [("close", "done")]


def test_a_result_that_another_station_signed_is_a_finding_and_changes_nothing(scene: Scene) -> None:
    scene.orders("close")
    (one,) = until(scene.commands, lambda found: found[0].state is CommandState.SENT)
    stranger = load_station_keys(scene.made.founding.station(CONSOLE), CONSOLE)
    forged = CommandResult(id=one.id, number=one.number, result=Result.DONE, sig="")
    connection = Connection(plain(scene.broker), "stranger", None, 4)
    connection.publish(topic(LANE, Leaf.RESULT), encode(signed(forged, stranger.signing)))
    connection.turn(0.1)
    store = Store(scene.url)
    findings = until(store.findings, bool)
    store.close()
    connection.close()
    assert [(finding.kind, finding.station) for finding in findings] == [("unsigned", LANE)]
    assert scene.commands()[0].state is CommandState.SENT


def test_a_station_obeys_a_delegate_that_its_newest_key_set_names(scene: Scene) -> None:
    lane, delegate, folder = scene.post.lane(), Ed25519PrivateKey.generate(), scene.folder / "newer"
    folder.mkdir()
    write_private(folder / "delegate.key", protected_pem(delegate, Private("six words drawn by dice")))
    write_private(folder / "passphrase", b"six words drawn by dice\n")
    authority = read_signing_key(scene.made.founding.authority)
    known = load_key_set(scene.made.founding.station(LANE) / KEY_SET, authority.public_key())
    raw = raw_public(delegate)
    entry = KeyEntry(id=key_id(raw), use=Use.COMMAND, owner="tz-duty", public=public_text(delegate), state=KeyState.ACTIVE)
    (folder / KEY_SET).write_bytes(sign_key_set(2, known.country, [*known.entries, entry], authority, datetime.now(UTC)))
    (folder / AUTHORITY).write_text(public_text(authority))
    scene.orders("key-set", f"--file={folder / KEY_SET}")
    assert scene.answered().state is CommandState.DONE
    scene.orders("close", f"--keys={folder}", f"--passphrase-file={folder / 'passphrase'}", key=folder / "delegate.key")
    assert scene.answered().state is CommandState.DONE
    is_closed(scene, lane, ClosedFor.HEADQUARTERS)


def test_who_may_not_order_or_orders_nonsense_is_told_so(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["headquarters", f"--founding={scene.made.founding.folder}", "order", "close", f"--database={scene.url}", "--operator=O-1"]
    station_key = scene.made.founding.station(LANE) / "signing.key"
    for more, why in (
        (["--to", LANE, f"--key={station_key}"], "stations obey the authority's key and its delegates'"),
        (["--to", "tz-tunduma-lane7", f"--key={scene.made.founding.authority}"], "unknown station: tz-tunduma-lane7"),
        (["--post", "tz-nakonde", f"--key={scene.made.founding.authority}"], "has no station there"),
        (["--all", f"--key={scene.folder / 'none.key'}"], "cannot be read"),
        (["--all", f"--key={scene.made.founding.authority}", "--expires=1y"], "is no length of time"),
        (["--all", f"--key={scene.made.founding.authority}", "--expires=31d"], "from a second to 30 days"),
        (["--all", f"--key={scene.made.founding.authority}", "--from=1"], "close takes no --from"),
    ):
        assert main([*words, *more]) == 1
        assert why in capsys.readouterr().err
    assert scene.commands() == []
