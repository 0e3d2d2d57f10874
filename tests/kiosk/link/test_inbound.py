"""What comes in is believed only from the one who may say it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.clock import Stamp, parse_utc
from kiosk.keys import found
from kiosk.link.commands import refusal
from kiosk.link.inbound import Heard, hear
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Claim, ClockSource, Command, CommandName, Decided, Hello, Outcome, Payload, encode
from kiosk.messages.topics import Leaf, topic
from kiosk.sealing.signing import signed
from kiosk.sealing.station import StationKeys, load_station_keys

LANE, CONSOLE, FAR_CONSOLE, RECEIVER = "ut-nowhere-lane1", "ut-nowhere-console1", "ut-elsewhere-console1", "ut-hq-headquarters1"
ID = "018f8a8e-1111-7111-8111-111111111111"
T = "2026-12-01T08:00:00.000Z"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StationKeys]:
    founding = found(tmp_path_factory.mktemp("keys") / "founding", [LANE], [CONSOLE, FAR_CONSOLE], RECEIVER)
    return {station: load_station_keys(founding.station(station), station) for station in (LANE, CONSOLE, FAR_CONSOLE, RECEIVER)}


def test_a_console_of_the_post_is_heard_and_one_of_another_post_is_not(keys: dict[str, StationKeys]) -> None:
    for console, believed in ((CONSOLE, True), (FAR_CONSOLE, False)):
        hello = signed(Hello(console=console, time=T, sig=""), keys[console].signing)
        if believed:
            assert hear(topic(LANE, Leaf.HELLO), encode(hello), keys[LANE].public) == Heard(LANE, Leaf.HELLO, hello)
        else:
            with pytest.raises(BadMessage, match="not of one who may say this"):
                hear(topic(LANE, Leaf.HELLO), encode(hello), keys[LANE].public)


def test_a_console_does_not_speak_in_another_s_name(keys: dict[str, StationKeys]) -> None:
    claim = signed(Claim(case_id=ID, version=1, console=CONSOLE, sig=""), keys[FAR_CONSOLE].signing)
    with pytest.raises(BadMessage):
        hear(topic(LANE, Leaf.CLAIM), encode(claim), keys[LANE].public)


def test_only_the_lane_says_what_it_decided(keys: dict[str, StationKeys]) -> None:
    decided = Decided(decision_id=ID, case_id=ID, outcome=Outcome.ACCEPTED, sig="")
    heard = hear(topic(LANE, Leaf.DECIDED), encode(signed(decided, keys[LANE].signing)), keys[CONSOLE].public)
    assert heard.station == LANE
    for liar in (CONSOLE, RECEIVER):
        with pytest.raises(BadMessage):
            hear(topic(LANE, Leaf.DECIDED), encode(signed(decided, keys[liar].signing)), keys[CONSOLE].public)


def test_records_of_others_are_nobody_s_business_here(keys: dict[str, StationKeys]) -> None:
    with pytest.raises(BadMessage, match="nobody here listens"):
        hear(topic(LANE, Leaf.RECORD), b"{}", keys[LANE].public)


@settings(max_examples=80)
@given(leaf=st.sampled_from(Leaf), content=st.binary(max_size=80) | st.builds(encode, st.just(Hello(console="x", time=T, sig="s"))))
def test_bad_bytes_are_refused_on_every_topic(keys: dict[str, StationKeys], leaf: Leaf, content: bytes) -> None:
    with pytest.raises(BadMessage):
        hear(topic(LANE, leaf), content, keys[LANE].public)


def stamp(source: ClockSource) -> Stamp:
    return Stamp(parse_utc("2027-01-01T00:00:00Z"), source, 1.0, "boot", 0)


def test_an_expired_command_is_refused_only_where_the_clock_is_known() -> None:
    command = Command(id=ID, station=LANE, number=3, name=CommandName.OPEN, expires=T, sig="")
    assert refusal(command, 2, stamp(ClockSource.UNKNOWN)) is None
    assert refusal(command, 2, stamp(ClockSource.NTP)) == "its time has passed"
    assert refusal(command, 3, stamp(ClockSource.UNKNOWN)) == "number 3 was carried out before"
    assert isinstance(command, Payload)
