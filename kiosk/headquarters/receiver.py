"""The receiver: takes records and pictures in, stores them, and only then says so, signed (law 4). It holds no key that opens anything."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.clock import Clock
from kiosk.headquarters.commands import CommandBook
from kiosk.headquarters.courier import HEARD, Courier
from kiosk.headquarters.database import StoreFailed
from kiosk.headquarters.judging import FindingKind, Found, Names, Signed
from kiosk.headquarters.rollouts import Releaser, RolloutBook
from kiosk.headquarters.store import Batch, Pictured, Position, Says, Store, Taken
from kiosk.link.certificate import connected
from kiosk.link.connection import BrokerAddress, Came, Connection, NotProven, Refused, Unreachable, WrongCertificate
from kiosk.link.words import Patience
from kiosk.messages.canonical import BadMessage, canonical
from kiosk.messages.payloads import SIGNED_AS, Ack, CommandResult, Lost, Media, Record, Reject, Status, encode, members, shaped
from kiosk.messages.topics import Address, Leaf, of_everyone, parse_topic, topic
from kiosk.sealing.key_set import KeysWrong, PublicKeys, Use, no_newer
from kiosk.sealing.signing import signed, signed_by
from kiosk.sealing.station import ReceiverKeys

log = logging.getLogger(__name__)

TURN_S, FAREWELL_S = 0.5, 1.0
# How long a store that took nothing is left alone
STORE_REST_S = 1.0
IDS_AT_ONCE = 500
# About so many messages are stored in one transaction at most
BATCH = 500
# What a database can hold; no journal comes near it
LAST_SEQUENCE = 2**63 - 1
Take = Callable[[Sequence[Came]], list[tuple[str, bytes]]]
"""Takes what came, and gives back what is to be said."""
# With MQTT 5 several receivers share the work; with 3.1.1 each hears everything
SHARED = "$share/hq/"


@dataclass
class Owed:
    """What a station is to be told of one chain after the commit."""

    station: str
    at: Position
    ids: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


class Receiver:
    """Stores what came, and gives back what is to be said. Bytes in, topics and bytes out; no line of its own."""

    def __init__(self, store: Store, keys: ReceiverKeys, clock: Clock, newer: Callable[[int], PublicKeys | None] = no_newer) -> None:
        """`newer` is asked for a key set with a higher number when a key is not known; it may raise KeysWrong."""
        self._store, self._keys, self._clock, self._newer = store, keys, clock, newer
        self._public = keys.public

    def note_line(self, kind: FindingKind) -> None:
        """List what is wrong with the receiver's own line. Raises StoreFailed."""
        with self._store.transaction():
            self._store.note([Found(kind, self._keys.station)], self._clock.now().text)

    def take(self, messages: Sequence[Came]) -> list[tuple[str, bytes]]:
        """Store all of it in one transaction; returns the acknowledgements, which may be sent because it is committed.

        Raises StoreFailed: then nothing of it is stored, and nothing may be acknowledged."""
        batch = Batch()
        for came in messages:
            self._read(came, batch)
        if batch == Batch():
            return []
        now = self._clock.now().text
        with self._store.transaction():
            taken = self._store.take(batch, now)
        return [(topic(due.station, Leaf.ACK), content) for due in _owed(batch, taken) for content in self._acks(due, now)]

    def signed_result(self, station: str, found: dict[str, object]) -> bool:
        """Whether this result is signed by that station, perhaps with a key that came after this receiver was started."""
        for keys in (self._public, self._newer_keys()):
            if keys is not None and signed_by(SIGNED_AS[CommandResult], found, keys.signers(Use.STATION, station)):
                return True
        return False

    def refuse_result(self, station: str, why: str) -> None:
        """List a result that is not the station's, or none at all (`why`). Raises StoreFailed."""
        log.warning("headquarters: refused a result of %s: %s", station, why or "its signature is not the station's")
        kind = FindingKind.MALFORMED if why else FindingKind.UNSIGNED
        with self._store.transaction():
            self._store.note([self._found(kind, station)], self._clock.now().text)

    def _acks(self, due: Owed, now: str) -> Iterator[bytes]:
        for ids, rejects in _portions(due):
            upto = f"{due.at.upto:020d}"
            unsigned = Ack(station=due.station, chain=due.at.chain, upto=upto, head=due.at.head, time=now, sig="", ids=ids, reject=rejects)
            yield encode(signed(unsigned, self._keys.acknowledgement))

    def _read(self, came: Came, batch: Batch) -> None:
        """Put one message into the batch, once it is found to be what it should be."""
        try:
            address = parse_topic(came.topic)
        except BadMessage:
            log.warning("headquarters: a message on a topic that is none")
            return
        station = address.station.id
        try:
            match address.leaf:
                case Leaf.RECORD:
                    self._read_record(address, came.payload, batch)
                case Leaf.MEDIA:
                    self._read_media(address, came.payload, batch)
                case Leaf.STATUS if self._knows(station):
                    batch.says.append(_says(station, came.payload))
                case Leaf.STATUS:
                    batch.found.append(self._found(FindingKind.UNSIGNED, station))
                case _:
                    return
        except BadMessage as why:
            log.warning("headquarters: refused a message of %s: %s", station, why)
            batch.found.append(self._found(FindingKind.MALFORMED, station))

    def _read_record(self, address: Address, payload: bytes, batch: Batch) -> None:
        found = members(payload)
        record = shaped(found, Record)
        if int(record.sequence) > LAST_SEQUENCE:
            raise BadMessage("its sequence is larger than any journal's")
        if self._is_signed(address, record, found):
            batch.records.append(Signed(address.station.id, record, canonical(found)))
        else:
            batch.found.append(self._found(FindingKind.UNSIGNED, address.station.id))

    def _read_media(self, address: Address, payload: bytes, batch: Batch) -> None:
        found = members(payload)
        media = shaped(found, Media)
        if self._is_signed(address, media, found):
            batch.pictures.append(Pictured(address.station.id, media, canonical(found)))
        else:
            batch.found.append(self._found(FindingKind.UNSIGNED, address.station.id))

    def _knows(self, station: str) -> bool:
        """Whether the key set names it: whoever speaks at a broker could else fill the store with stations that he makes up."""
        if self._public.names_station(station):
            return True
        found = self._newer_keys()
        return found is not None and found.names_station(station)

    def _found(self, kind: FindingKind, station: str) -> Found:
        """What nobody signed is counted under a name of ours, and under nothing else that it says."""
        return Found(kind, station if self._knows(station) else self._keys.station)

    def _is_signed(self, address: Address, message: Record | Media, found: dict[str, object]) -> bool:
        key = self._public.station_key(address.station.id, message.keyid) or self._newer_key(address.station.id, message.keyid)
        if message.source != address.station.source:
            raise BadMessage("its source is not the station of its topic")
        return key is not None and signed_by(SIGNED_AS[type(message)], found, (key,))

    def _newer_key(self, station: str, named: str) -> Ed25519PublicKey | None:
        found = self._newer_keys()
        return found.station_key(station, named) if found is not None else None

    def _newer_keys(self) -> PublicKeys | None:
        """A key set that came after this receiver was started; from now on it counts."""
        try:
            found = self._newer(self._public.number)
        except KeysWrong as why:
            log.warning("headquarters: stays with key set %d: %s", self._public.number, why)
            return None
        if found is None:
            return None
        log.info("headquarters: takes key set %d in place of %d", found.number, self._public.number)
        self._public = found
        return found


@dataclass(frozen=True)
class ReceiverPlan:
    """What a receiver needs: its keys, its broker, the URL of the database where it stores."""

    keys: ReceiverKeys
    broker: BrokerAddress
    store: str
    patience: Patience = Patience()
    newer: Callable[[int], PublicKeys | None] = no_newer


def run_headquarters(plan: ReceiverPlan, clock: Clock, stop: threading.Event, moved: Callable[[str], None] = lambda part: None) -> None:
    """Receive until `stop` is set; it is looked at twice a second. `moved` is told `receive` and `store`, each when it has moved.

    Raises StoreUnusable. A broker that is not there is waited for, and so is a store that takes nothing for a while."""
    store = Store(plan.store)
    version, tries = plan.broker.speaks, 0
    try:
        receiver = Receiver(store, plan.keys, clock, plan.newer)
        courier = Courier(CommandBook(store.database), clock, receiver.signed_result, receiver.refuse_result)
        takes = (receiver.take, Releaser(RolloutBook(store), clock).turn, courier.turn)
        while not stop.is_set():
            try:
                connection = connected(plan.broker, plan.keys.station, None, version, clock)
            except Unreachable as why:
                _note_unreachable(receiver, why)
                if isinstance(why, Refused):
                    version = 9 - version
                if tries == 0:
                    log.warning("headquarters: %s", why)
                moved("receive")
                stop.wait(plan.patience.wait_s(tries))
                tries += 1
                continue
            tries = 0
            _receive(connection, version, receiver, takes, stop, moved)
    finally:
        store.close()


def _note_unreachable(receiver: Receiver, why: Unreachable) -> None:
    if isinstance(why, NotProven | WrongCertificate):
        try:
            receiver.note_line(FindingKind.BROKER if isinstance(why, NotProven) else FindingKind.CERTIFICATE)
        except StoreFailed as failed:
            log.error("headquarters: %s", failed)


def _receive(
    connection: Connection, version: int, receiver: Receiver, takes: Sequence[Take], stop: threading.Event, moved: Callable[[str], None]
) -> None:
    shared = SHARED if version == 5 else ""
    connection.subscribe([*(shared + of_everyone(leaf) for leaf in (Leaf.RECORD, Leaf.MEDIA, *HEARD)), of_everyone(Leaf.STATUS)])
    while connection.alive and not stop.is_set():
        connection.turn(TURN_S)
        moved("receive")
        came = _came(connection)
        try:
            if connection.take_denied():
                receiver.note_line(FindingKind.DENIED)
            for take in takes:
                for where, content in take(came):
                    connection.publish(where, content)
        except StoreFailed as why:
            # Nothing of it is acknowledged: stations send it again. Without a connection other receivers get this one's share, and what
            # is retained comes again with the next one.
            log.error("headquarters: %s", why)
            connection.close(FAREWELL_S)
            stop.wait(STORE_REST_S)
            return
        connection.take_confirmed()
        moved("store")
    if not connection.alive:
        log.warning("headquarters: the broker is lost")
    connection.close(FAREWELL_S)


def _came(connection: Connection) -> list[Came]:
    """What has come; while the last batch was stored it has become more, and the more it is the less each costs."""
    came = connection.take_messages()
    while 0 < len(came) < BATCH and connection.alive:
        connection.turn(0.0)
        more = connection.take_messages()
        if not more:
            break
        came += more
    return came


def _says(station: str, payload: bytes) -> Says:
    found = members(payload)
    if found.get("state") == "lost":
        return Says(station, shaped(found, Lost).session)
    status = shaped(found, Status)
    # nobody signed it: it is kept as it came
    return Says(station, status.session, status.state, payload)


def _owed(batch: Batch, taken: Taken) -> Iterable[Owed]:
    """One for each chain of the batch; pictures are told with the newest chain of their station."""
    owed: dict[Names, Owed] = {}
    for one, why in zip(batch.records, taken.judgement.whys, strict=True):
        reach = taken.judgement.reaches[one.names]
        due = owed.setdefault(one.names, Owed(one.station, Position(*one.names, reach.upto, reach.head)))
        if why is not None:
            due.rejects.append(Reject(id=one.record.id, why=why))
        elif reach.forked:
            # the head may be of the branch that the station no longer has: it lets go by name
            due.ids.append(one.record.id)
    for picture in taken.pictures:
        at = taken.newest.get(picture.station)
        if at is not None:
            owed.setdefault((at.station, at.chain), Owed(at.station, at)).ids.append(picture.media.id)
    return owed.values()


def _portions(due: Owed) -> list[tuple[list[str], list[Reject]]]:
    """An acknowledgement names at most 500 ids and rejects."""
    longest = max(len(due.ids), len(due.rejects), 1)
    return [(due.ids[at : at + IDS_AT_ONCE], due.rejects[at : at + IDS_AT_ONCE]) for at in range(0, longest, IDS_AT_ONCE)]
