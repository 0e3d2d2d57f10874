"""What a link is told to begin with, and what it tells."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.link.connection import BrokerAddress
from kiosk.link.inbound import Heard
from kiosk.messages.payloads import Command, DeviceState, Hour, LaneState, Queue, SelfRegistration
from kiosk.messages.topics import Leaf
from kiosk.sealing.key_set import PublicKeys, no_newer
from kiosk.sealing.station import StationKeys


@dataclass(frozen=True)
class Facts:
    """What a station says of itself in its status and birth; nothing of a person. `lists`: the age of each in seconds.

    `closed_by_headquarters`: since when (UTC text), empty where it is not."""

    state: LaneState
    self_registration: SelfRegistration | None = None
    devices: dict[str, DeviceState] = field(default_factory=dict)
    consumables: dict[str, str] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    parts: tuple[dict[str, str], ...] = ()
    queue: Queue | None = None
    hours: tuple[Hour, ...] = ()
    closed_by_headquarters: str = ""


@dataclass(frozen=True)
class Patience:
    """Seconds between tries to connect: chosen by chance below a limit that doubles, so that a thousand lanes do not come at once.

    `again_s` is how long a row waits for headquarters' word before it is sent again for the first time. `chance` gives 0 to 1."""

    first_s: float = 1.0
    longest_s: float = 30.0
    again_s: float = 3.0
    chance: Callable[[], float] = random.random

    def wait_s(self, tries: int) -> float:
        """How long to wait after so many failed tries."""
        return self.chance() * min(self.longest_s, self.first_s * 2.0 ** min(tries, 10))


@dataclass(frozen=True)
class LinkPlan:
    """One link: whose, to which broker, whether the journal is sent over it, and what else it hears: (station, leaf) pairs.

    `newer` is asked for a key set with a higher number when a signer is not known; it may raise KeysWrong."""

    keys: StationKeys
    broker: BrokerAddress
    hears: tuple[tuple[str, Leaf], ...] = ()
    patience: Patience = Patience()
    newer: Callable[[int], PublicKeys | None] = no_newer


@dataclass(frozen=True)
class LinkUp:
    """The broker is reached; a console says hello now, a lane offers its cases."""


@dataclass(frozen=True)
class LinkDown:
    """The broker is lost, or cannot be reached."""

    why: str


@dataclass(frozen=True)
class Commanded:
    """Headquarters asks something; answer it with `Link.answer`. Given once for each command."""

    command: Command


Word = LinkUp | LinkDown | Heard | Commanded
