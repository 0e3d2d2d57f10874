"""MQTT 3.1.1 of a fleet: what is said is what a broker understands, and no bytes of a broker bring a lane down."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from kiosk.fleet import packets
from kiosk.fleet.packets import Accepted, Confirmed, NotMqtt, Packet, Packets, Published, Subscribed

PUBLISHED = Published("mpaka/v1/tz/tz-a/tz-a-lane1/ack", b"{}" * 90, 7)
# The bytes of a broker's side, by the tables of the standard; PUBLISH with QoS 1 has the same form in both directions
SAID: list[tuple[bytes, Packet]] = [
    (b"\x20\x02\x00\x00", Accepted(0)),
    (b"\x20\x02\x01\x05", Accepted(5)),
    (b"\x40\x02\x01\x02", Confirmed(258)),
    (b"\x90\x04\x00\x01\x01\x01", Subscribed(True)),
    (b"\x90\x04\x00\x01\x01\x80", Subscribed(False)),
    (packets.publish(PUBLISHED.topic, PUBLISHED.payload, 7, retain=True), PUBLISHED),
    (b"\x30\x05\x00\x01aok", Published("a", b"ok", 0)),
]


def test_what_a_broker_says_is_read_in_any_portions() -> None:
    whole = b"".join(content for content, _ in SAID)
    for size in (1, 2, 3, 7, 64, len(whole)):
        reader = Packets()
        heard = [packet for at in range(0, len(whole), size) for packet in reader.feed(whole[at : at + size])]
        assert heard == [packet for _, packet in SAID]


BROKEN = {
    "a packet that only a client sends": b"\x82\x06\x00\x01\x00\x01a\x01",
    "the answer to a ping that nobody sent": b"\xd0\x00",
    "flags that it does not have": b"\x41\x02\x00\x01",
    "QoS 2": b"\x34\x05\x00\x01a\x00\x01",
    "a topic longer than the message": b"\x32\x04\x00\x09ab",
    "no number": b"\x32\x05\x00\x01a\x00\x00",
    "a topic that is not UTF-8": b"\x30\x03\x00\x01\xff",
    "an empty message": b"\x30\x00",
    "a length of five bytes": b"\x30\x80\x80\x80\x80\x01",
    "more than is ever sent": b"\x30\xff\xff\xff\x7f",
    "a confirmation that is cut": b"\x40\x01\x00",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_no_broker_sends_is_refused(content: bytes) -> None:
    with pytest.raises(NotMqtt):
        list(Packets().feed(content))


@settings(max_examples=600, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([content for content, _ in SAID])), max_size=6), st.data())
def test_no_bytes_bring_the_reader_down_nor_make_it_hold_more_than_a_packet(portions: list[bytes], data: st.DataObject) -> None:
    content = bytearray(b"".join(portions))
    if content:
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(0, 255))
    reader = Packets()
    try:
        for at in range(0, len(content), 5):
            for packet in reader.feed(bytes(content[at : at + 5])):
                assert isinstance(packet, Accepted | Confirmed | Subscribed | Published)
    except NotMqtt:
        return


@given(st.text(max_size=60), st.binary(max_size=300), st.integers(1, 65_535), st.booleans())
def test_a_message_is_read_as_it_was_said(topic: str, payload: bytes, number: int, retain: bool) -> None:
    assert list(Packets().feed(packets.publish(topic, payload, number, retain))) == [Published(topic, payload, number)]


def test_connect_and_subscribe_are_the_bytes_that_paho_sends() -> None:
    said: list[bytes] = []

    class Ear:
        def send(self, content: bytes) -> int:
            said.append(bytes(content))
            return len(content)

        def close(self) -> None:
            return

        def fileno(self) -> int:
            return -1

    client = Client(CallbackAPIVersion.VERSION2, client_id="tz-a-lane1", protocol=MQTTv311, clean_session=True)
    client.will_set("mpaka/status", b'{"state":"lost"}', qos=1, retain=True)
    client._sock = Ear()  # type: ignore[assignment]
    client._send_connect(10)
    client.loop_write()
    client._send_subscribe(False, [(b"mpaka/ack", 1), (b"mpaka/cmd", 1)])
    client.loop_write()
    assert b"".join(said) == packets.connect("tz-a-lane1", 10, "mpaka/status", b'{"state":"lost"}') + packets.subscribe(
        ["mpaka/ack", "mpaka/cmd"], 1
    )
