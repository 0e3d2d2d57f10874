"""The judgement at the end of a seed: what was promised, held against what lies at headquarters."""

from dataclasses import dataclass

from kiosk.headquarters.database import Database
from kiosk.headquarters.judging import FindingKind
from kiosk.headquarters.store import Store as HeadquartersStore
from kiosk.messages.payloads import Record, decode
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash
from tests.faults.simulated_post import SimulatedLane


class Wrong(AssertionError):
    """A promise was broken; the text says which."""


@dataclass
class Ending:
    """What is there when everything has settled. `pictures_forgotten`: headquarters went back, and nobody can or did ask for all pictures again."""

    store: HeadquartersStore
    lanes: list[SimulatedLane]
    ever_stored: set[str]
    restored_headquarters: bool
    pictures_forgotten: bool

    def judge(self) -> None:
        """Raises Wrong at the first promise that was broken."""
        database = self.store.database
        stored = dict(database.execute("SELECT id, sequence FROM record"))
        apart = {row[0] for row in database.execute("SELECT id FROM rejected")}
        if both := stored.keys() & apart:
            raise Wrong(f"{len(both)} records are stored twice: in the chain and apart")
        for lane in self.lanes:
            self._judge_records(lane, stored, apart)
            self._judge_pictures(lane, stored.keys() | apart)
            self._judge_forks(lane, stored.keys() | apart)
            self._judge_lamp(lane)
        self._judge_chains(database)

    def _judge_records(self, lane: SimulatedLane, stored: dict[str, int], apart: set[str]) -> None:
        for told in lane.accepted:
            if told.record_id in stored and stored[told.record_id] != told.sequence:
                raise Wrong(f"{lane.name}: row {told.sequence} stands at {stored[told.record_id]}")
            if told.record_id in stored or told.record_id in apart or self._gone_with_disk(lane, told.record_id):
                continue
            if not self._known_lost(lane, told.chain, told.sequence):
                raise Wrong(f"{lane.name}: row {told.sequence} was accepted and is not at headquarters")

    def _gone_with_disk(self, lane: SimulatedLane, record_id: str) -> bool:
        """The disk went back before the row was at headquarters, or headquarters went back behind it as well."""
        return record_id in lane.lost_with_disk and (self.restored_headquarters or record_id not in self.ever_stored)

    def _known_lost(self, lane: SimulatedLane, chain: str, sequence: int) -> bool:
        """Headquarters went back behind what the lane had already removed: nobody has it, and that is listed."""
        listed = any(
            finding.kind is FindingKind.GAP_ACCEPTED and finding.chain == chain and finding.sequence <= sequence
            for finding in self.store.findings()
        )
        return self.restored_headquarters and sequence <= lane.journal.store.cut().sequence and listed

    def _judge_pictures(self, lane: SimulatedLane, there: set[str]) -> None:
        if self.restored_headquarters and lane.lost_with_disk:
            # the wish to have all pictures again may have been lost with the disk: somebody has to ask once more
            return
        pictures = self.store.database.execute
        for told in lane.accepted:
            count = pictures("SELECT count(*) FROM media WHERE record = ?", (told.record_id,))[0][0]
            if told.record_id in there - lane.lost_with_disk and count != told.pictures and not self.pictures_forgotten:
                raise Wrong(f"{lane.name}: row {told.sequence} has {count} of its {told.pictures} pictures")

    def _judge_forks(self, lane: SimulatedLane, there: set[str]) -> None:
        """A disk that went back behind what headquarters has is noticed as soon as the lane records again."""
        kinds = {(finding.chain, finding.kind) for finding in self.store.findings()}
        for chain in {told.chain for told in lane.accepted}:
            rows = [told for told in lane.accepted if told.chain == chain and told.record_id in there]
            clash = len({told.sequence for told in rows}) < len(rows)
            noticed = {(chain, FindingKind.FORK), (chain, FindingKind.ROLLBACK)} & kinds
            if clash and not noticed:
                raise Wrong(f"{lane.name}: its disk went back and nobody noticed")
            if noticed and lane.image is None:
                raise Wrong(f"{lane.name}: headquarters sees a fork where there is none")

    def _judge_lamp(self, lane: SimulatedLane) -> None:
        state = {found.station: found.state for found in self.store.lanes()}.get(lane.name)
        if state != "open":
            raise Wrong(f"{lane.name} is {state} on the board")

    def _judge_chains(self, database: Database) -> None:
        for station, chain, upto, forked in database.execute("SELECT station, chain, upto, forked FROM chain"):
            query = "SELECT sequence, content, prevhash FROM record WHERE station = ? AND chain = ? AND sequence <= ? ORDER BY sequence"
            at, before, moment = 0, NOTHING_BEFORE, 0
            for sequence, content, prevhash in database.execute(query, (station, chain, upto)):
                made = decode(content, Record).monotonicms
                if not self.restored_headquarters and (sequence, prevhash) != (at + 1, before):
                    raise Wrong(f"{station}: its chain breaks at {sequence}")
                if made < moment and not forked:
                    raise Wrong(f"{station}: row {sequence} was made before the one before")
                at, before, moment = sequence, chain_hash(content), made
