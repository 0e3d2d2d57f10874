"""Who may say and hear what at a broker: mosquitto's rights file and the section of its listener, from the posts' own lists of stations. PURE.

The certificate's common name is user and client id at once, so nobody comes under another's name. A station that no post lists, or whose
certificate is of the right authority but of another system, may do nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.messages.topics import ROOT, Leaf, topic

SAYS = (Leaf.STATUS, Leaf.BIRTH, Leaf.RECORD, Leaf.MEDIA, Leaf.RESULT)
"""What every station says on its own topics."""
HEARS = (Leaf.ACK, Leaf.COMMAND)
"""What every station hears there."""
LANE_SAYS = (Leaf.CASE, Leaf.CASE_MEDIA, Leaf.CLAIMS, Leaf.DECIDED)
LANE_HEARS = (Leaf.HELLO, Leaf.CLAIM, Leaf.DECISION)
CONSOLE_HEARS = (Leaf.STATUS, *LANE_SAYS)
EVERYONE = f"{ROOT}/+/+/+"
# A receiver that does without a processor for a second finds a whole fleet's statuses or wills: at 1,000, the broker's own limit, some would be dropped
SIZES = ("max_packet_size 524288", "set_tcp_nodelay true", "max_inflight_messages 1000", "max_queued_messages 20000")
RIGHTS, LISTENER = "mpaka.rights", "mpaka.conf"
ENFORCED = (
    "allow_anonymous false",
    "require_certificate true",
    "tls_version tlsv1.2",
    "use_identity_as_username true",
    # whoever asks for another's client id would otherwise throw that one out
    "use_username_as_clientid true",
    *SIZES,
)


@dataclass(frozen=True)
class Speakers:
    """Who comes to a broker. `consoles` names the lanes that each watches; `receivers` those of headquarters."""

    lanes: frozenset[str]
    consoles: Mapping[str, tuple[str, ...]]
    receivers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listener:
    """Where the broker's own files will lie; `crl`: also a list of revoked certificates."""

    port: int
    folder: Path
    address: str = ""
    crl: bool = False


def rights(speakers: Speakers) -> str:
    """The rights file of a broker for these, and for nobody else. Raises BadMessage for a wrong station name."""
    lines = ["# Made by `mpaka keys rights` from the posts' profiles; made anew when a post changes."]
    for lane in sorted(speakers.lanes):
        lines += _user(lane, writes=(*SAYS, *LANE_SAYS), reads=(*HEARS, *LANE_HEARS))
    for console, lanes in sorted(speakers.consoles.items()):
        lines += [*_user(console, writes=SAYS, reads=HEARS), *watching(lanes)]
    for receiver in speakers.receivers:
        lines += ["", *receiving(receiver)]
    return "\n".join(lines) + "\n"


def receiving(receiver: str) -> list[str]:
    """The lines of a receiver: it hears every station's records and words, and says what it has stored and what is wanted."""
    heard, said = [f"topic read {EVERYONE}/{leaf}" for leaf in SAYS], [f"topic write {EVERYONE}/{leaf}" for leaf in HEARS]
    return [f"user {receiver}", *heard, *said]


def watching(lanes: Iterable[str]) -> list[str]:
    """The lines of a console for the lanes that it watches, below its own."""
    lines = []
    for lane in lanes:
        lines += [f"topic read {topic(lane, leaf)}" for leaf in CONSOLE_HEARS]
        lines += [f"topic write {topic(lane, leaf)}" for leaf in LANE_HEARS]
    return lines


def listener(where: Listener) -> str:
    """The section of the listener for mosquitto.conf (mosquitto 2): mutual TLS 1.2 or later, and the certificate's name is the client's."""
    lines = [
        "# Made by `mpaka keys rights`. Stations connect with a clean session; brokers keep only what is retained.",
        f"listener {where.port} {where.address}".rstrip(),
        f"cafile {where.folder / 'ca.pem'}",
        f"certfile {where.folder / 'tls.pem'}",
        f"keyfile {where.folder / 'tls.key'}",
        *([f"crlfile {where.folder / 'crl.pem'}"] if where.crl else []),
        *ENFORCED,
        f"acl_file {where.folder / RIGHTS}",
    ]
    return "\n".join(lines) + "\n"


def _user(station: str, writes: Iterable[Leaf], reads: Iterable[Leaf]) -> list[str]:
    own = [f"topic write {topic(station, leaf)}" for leaf in writes] + [f"topic read {topic(station, leaf)}" for leaf in reads]
    return ["", f"user {station}", *own]
