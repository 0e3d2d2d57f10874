"""What becomes of the records of one batch: stored, stored apart, or here already. PURE.

`upto` of a chain is the highest sequence with nothing missing before it, `head` the hash there. What a station signed but what does not fit its
chain is stored apart, whole and with its reason: the chain has gone two ways, and from there on the station needs a new journal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from kiosk.messages.payloads import Record
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash

# A station's chain: its name and the chain's
Names = tuple[str, str]


class Why(StrEnum):
    """Why a signed record is stored apart. FORK: this chain has gone another way before (a restored disk); TAKEN: the id is another's."""

    FORK = "fork"
    TAKEN = "id taken"


class FindingKind(StrEnum):
    """What somebody has to look at. BROKER, CERTIFICATE and DENIED are of the receiver's own line, and named after the receiver."""

    FORK = "fork"
    ROLLBACK = "rollback"
    UNSIGNED = "unsigned"
    MALFORMED = "malformed"
    GAP_ACCEPTED = "gap accepted"
    BROKER = "broker"
    CERTIFICATE = "certificate"
    DENIED = "denied"


@dataclass(frozen=True)
class Found:
    """One thing to look at: of which station, in which chain, at which sequence."""

    kind: FindingKind
    station: str
    chain: str = ""
    sequence: int = 0


@dataclass(frozen=True)
class Signed:
    """A record whose signature was verified: as read, and the canonical bytes that were signed."""

    station: str
    record: Record
    content: bytes

    @property
    def names(self) -> Names:
        """Its chain."""
        return self.station, self.record.chain

    @cached_property
    def sequence(self) -> int:
        """Its place in the chain."""
        return int(self.record.sequence)

    @cached_property
    def digest(self) -> str:
        """Its hash, which the next one names."""
        return chain_hash(self.content)


@dataclass(frozen=True)
class Reach:
    """How far a chain is stored without a gap, and whether it has gone two ways."""

    upto: int = 0
    head: str = NOTHING_BEFORE
    forked: bool = False


@dataclass(frozen=True)
class Link:
    """A stored record as its chain sees it."""

    sequence: int
    digest: str
    prevhash: str


@dataclass(frozen=True)
class Known:
    """What the store has that concerns a batch: its chains, the ids of the batch with their hashes, those of its places that are taken, and
    what came early, beyond `upto`."""

    reaches: Mapping[Names, Reach]
    digests: Mapping[str, str]
    taken: frozenset[tuple[str, str, int]]
    early: Mapping[Names, Sequence[Link]]


@dataclass
class Judgement:
    """What is to be done, in the order in which it came. `whys` has one entry a record; None: it is stored."""

    whys: list[Why | None] = field(default_factory=list)
    stored: list[Signed] = field(default_factory=list)
    apart: list[tuple[Signed, Why]] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    reaches: dict[Names, Reach] = field(default_factory=dict)


def judge(records: Iterable[Signed], known: Known) -> Judgement:
    """Judge each record, then move each chain over what is there without a gap."""
    judgement = Judgement(reaches={**known.reaches})
    digests, taken = dict(known.digests), set(known.taken)
    for signed in records:
        why = _why(signed, judgement, digests, taken)
        judgement.whys.append(why)
        if why is not None:
            judgement.apart.append((signed, why))
        elif signed.record.id not in digests:
            judgement.stored.append(signed)
            digests[signed.record.id] = signed.digest
            taken.add((*signed.names, signed.sequence))
    links: dict[Names, list[Link]] = {names: list(early) for names, early in known.early.items()}
    for signed in judgement.stored:
        links.setdefault(signed.names, []).append(Link(signed.sequence, signed.digest, signed.record.prevhash))
    for names, reach in judgement.reaches.items():
        judgement.reaches[names], fork = advanced(names, reach, links.get(names, ()))
        judgement.found.extend(fork)
    return judgement


def advanced(names: Names, reach: Reach, links: Iterable[Link]) -> tuple[Reach, tuple[Found, ...]]:
    """The chain moved over these records as far as none is missing, and what was found on the way."""
    upto, head = reach.upto, reach.head
    for link in sorted(links, key=lambda link: link.sequence):
        if link.sequence <= upto:
            # a row that was thought lost, behind an accepted gap
            continue
        if link.sequence != upto + 1:
            break
        if link.prevhash != head:
            # it came early, and what came before it is of another branch
            return Reach(upto, head, forked=True), (Found(FindingKind.FORK, *names, link.sequence),)
        upto, head = link.sequence, link.digest
    return replace(reach, upto=upto, head=head), ()


def _why(signed: Signed, judgement: Judgement, digests: Mapping[str, str], taken: set[tuple[str, str, int]]) -> Why | None:
    reach = judgement.reaches[signed.names]
    digest = digests.get(signed.record.id)
    if digest is not None:
        # also where it came early and its chain forked since: stored once is stored
        return None if digest == signed.digest else Why.TAKEN
    beyond = signed.sequence > reach.upto
    if reach.forked and beyond:
        return Why.FORK
    if (*signed.names, signed.sequence) in taken or (signed.sequence == reach.upto + 1 and signed.record.prevhash != reach.head):
        judgement.reaches[signed.names] = replace(reach, forked=True)
        judgement.found.append(Found(FindingKind.FORK if beyond else FindingKind.ROLLBACK, *signed.names, signed.sequence))
        return Why.FORK
    return None
