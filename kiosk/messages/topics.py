"""Topics: `mpaka/v1/{country}/{post}/{station}/{leaf}`, and the names of stations. PURE."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from kiosk.messages.canonical import BadMessage

ROOT = "mpaka/v1"
# the id is also a certificate's common name, which X.509 limits to 64 characters
LONGEST_ID = 64
_ID = re.compile(r"([a-z]{2})((?:-[a-z0-9]+)+)-([a-z0-9]+)", re.ASCII)


class Leaf(StrEnum):
    """The last part of a topic: what is said there."""

    STATUS = "status"
    BIRTH = "birth"
    RECORD = "rec"
    MEDIA = "media"
    ACK = "ack"
    COMMAND = "cmd"
    RESULT = "cmd-res"
    CASE = "case"
    CASE_MEDIA = "case-media"
    HELLO = "hello"
    CLAIM = "claim"
    CLAIMS = "claims"
    DECISION = "decision"
    DECIDED = "decided"


_LEAVES = frozenset(Leaf)


@dataclass(frozen=True)
class Station:
    """A station's name in parts: `tz-tunduma-lane1` is lane1 of the post tz-tunduma, whose state is tz."""

    country: str
    post: str
    name: str

    @property
    def id(self) -> str:
        """The whole name: also MQTT client id and certificate name."""
        return f"{self.post}-{self.name}"

    @property
    def source(self) -> str:
        """The `source` of its CloudEvents."""
        return f"/{self.country}/{self.post}/{self.id}"


@dataclass(frozen=True)
class Address:
    """A topic read back."""

    station: Station
    leaf: Leaf


# a receiver hears the same few thousand names over and over
@lru_cache(maxsize=16_384)
def parse_station(text: str) -> Station:
    """A station's name, `{post}-{name}` in lower case, where the post begins with its state. Raises BadMessage."""
    match = _ID.fullmatch(text) if len(text) <= LONGEST_ID else None
    if match is None:
        raise BadMessage("a station is named country-post-name in lower case, with at most 64 characters")
    country, place, name = match.groups()
    return Station(country, country + place, name)


def topic(station: str, leaf: Leaf) -> str:
    """The topic of one station's leaf. Raises BadMessage for a name that is none."""
    named = parse_station(station)
    return f"{ROOT}/{named.country}/{named.post}/{named.id}/{leaf}"


def of_everyone(leaf: Leaf) -> str:
    """The filter that hears this leaf of every station."""
    return f"{ROOT}/+/+/+/{leaf}"


def parse_topic(text: str) -> Address:
    """A topic's station and leaf; its parts must agree with one another. Raises BadMessage."""
    *_, station, leaf = ["", "", *text.split("/")]
    if leaf not in _LEAVES:
        raise BadMessage("no such topic")
    address = Address(parse_station(station), Leaf(leaf))
    if topic(address.station.id, address.leaf) != text:
        raise BadMessage("the parts of a topic contradict one another")
    return address
