"""A broker on this machine: started without root, found again after a kill, and said in words where there is none."""

from pathlib import Path

import pytest

from kiosk.broker import Broker, BrokerKind, NoBroker, Plan, found_broker, free_port, mosquitto, start_broker, start_tls_broker
from kiosk.link.connection import Connection, Unreachable
from kiosk.sealing.station import tls_files
from tests.kiosk.practice import plain


@pytest.mark.parametrize("kind", BrokerKind)
def test_it_passes_on_what_is_said_and_comes_back_on_its_port(tmp_path: Path, kind: BrokerKind) -> None:
    if kind is BrokerKind.MOSQUITTO and mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    if kind is BrokerKind.AMQTT:
        pytest.importorskip("amqtt")
    broker = start_broker(tmp_path / "broker", kind=kind)
    broker.kill()
    with pytest.raises(Unreachable):
        Connection(plain(broker), "one", None, broker.speaks)
    broker.start_again()
    connection = Connection(plain(broker), "one", None, broker.speaks)
    connection.subscribe(["said"])
    connection.publish("said", b"something")
    came: list[bytes] = []
    while connection.alive and not came:
        connection.turn(0.2)
        came += [message.payload for message in connection.take_messages()]
    assert came == [b"something"]
    connection.close()
    broker.stop()


def test_a_port_that_is_taken_is_said_with_where_the_reason_lies(tmp_path: Path) -> None:
    if mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    files = tls_files(tmp_path / "no keys")
    with pytest.raises(NoBroker, match=r"broker\.log says why"):
        start_tls_broker(tmp_path / "broker", files, "ut-hq-headquarters1", [])


def test_where_there_is_no_broker_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.broker.MOSQUITTO_PATH", str(tmp_path))
    with pytest.raises(NoBroker, match="apt-get install mosquitto"):
        Broker(Plan(BrokerKind.MOSQUITTO, tmp_path / "broker", free_port()))
    with pytest.raises(NoBroker, match="apt-get install mosquitto"):
        start_tls_broker(tmp_path / "broker", tls_files(tmp_path), "ut-hq-headquarters1", [])
    pytest.importorskip("amqtt")
    assert found_broker() is BrokerKind.AMQTT
