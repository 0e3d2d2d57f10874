"""The board for Prometheus: text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). PURE.

Gauges only, labelled by station and post; nothing of a person, and nothing that grows without bound but the number of stations.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec import UnsetType

from kiosk.board.state import Board, LaneSeen
from kiosk.board.troubles import MOST_NAMES, Level, plain
from kiosk.messages.payloads import DeviceState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HELP = {
    "mpaka_station_up": "1 where the station is heard, 0 where it is lost or stopped.",
    "mpaka_station_state": "1, with the state that the station is in.",
    "mpaka_station_last_heard_seconds": "Seconds since the station was heard.",
    "mpaka_station_troubles": "How many things somebody has to look at.",
    "mpaka_device_ok": "1 where the device is ok.",
    "mpaka_queue_cases": "Registrations that wait for an officer.",
    "mpaka_queue_longest_seconds": "How long the oldest of them has waited.",
    "mpaka_registered_this_hour": "Registrations in the present hour, by the station's clock.",
    "mpaka_outbox_rows": "Records that wait for headquarters.",
    "mpaka_outbox_bytes": "Their size.",
    "mpaka_outbox_oldest_seconds": "How long the oldest of them has waited.",
    "mpaka_outbox_rejected": "Records of the station that headquarters stored apart.",
    "mpaka_clock_uncertainty_seconds": "How uncertain the station's time is.",
    "mpaka_clock_drift_seconds": "The machine's own clock less headquarters' signed time.",
    "mpaka_list_age_seconds": "How old a list is.",
    "mpaka_version_info": "1 for the version that runs.",
}
Sample = tuple[str, dict[str, str], float]
V = TypeVar("V")


def metrics(board: Board) -> str:
    """All samples, those of one name together, as the format asks for."""
    found: dict[str, list[Sample]] = {name: [] for name in HELP}
    for lane in board.lanes:
        for sample in _samples(lane, board):
            found[sample[0]].append(sample)
    lines = []
    for name, samples in found.items():
        if samples:
            lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge", *map(_line, samples)]
    return "".join(f"{line}\n" for line in lines)


def _samples(lane: LaneSeen, board: Board) -> Iterator[Sample]:
    who = {"station": lane.station.id, "post": lane.station.post, "country": lane.station.country}
    yield "mpaka_station_up", who, float(lane.heard)
    yield "mpaka_station_state", {**who, "state": str(lane.state)}, 1.0
    yield "mpaka_station_last_heard_seconds", who, max(0.0, (board.at - lane.seen).total_seconds())
    yield "mpaka_station_troubles", who, float(sum(trouble.level >= Level.WARN for trouble in lane.troubles))
    if lane.outbox is not None:
        yield from _gauges(who, "mpaka_outbox", rows=lane.outbox.rows, bytes=lane.outbox.bytes, rejected=lane.outbox.rejected)
        yield "mpaka_outbox_oldest_seconds", who, float(lane.outbox.oldest_s)
    if lane.heard:
        yield from _while_heard(lane, who)
    for name, version in _entries(lane.status.versions):
        yield "mpaka_version_info", {**who, "part": name, "version": plain(version)}, 1.0


def _while_heard(lane: LaneSeen, who: dict[str, str]) -> Iterator[Sample]:
    """What is only true while the station says so."""
    status = lane.status
    for name, state in _entries(status.devices):
        yield "mpaka_device_ok", {**who, "device": name}, float(state is DeviceState.OK)
    if lane.queue is not None:
        yield "mpaka_queue_cases", who, float(lane.queue.cases)
        yield "mpaka_queue_longest_seconds", who, float(lane.queue.longest_s)
        yield "mpaka_registered_this_hour", who, float(lane.hours[-1].registered)
    for name, age_s in _entries(status.lists):
        yield "mpaka_list_age_seconds", {**who, "list": name}, float(age_s)
    if not isinstance(status.clock, UnsetType):
        yield "mpaka_clock_uncertainty_seconds", who, status.clock.uncertainty_s
        if not isinstance(status.clock.drift_s, UnsetType):
            yield "mpaka_clock_drift_seconds", who, status.clock.drift_s


def _gauges(who: dict[str, str], family: str, **values: int) -> Iterable[Sample]:
    return [(f"{family}_{name}", who, float(value)) for name, value in values.items()]


def _entries(table: Mapping[str, V] | UnsetType) -> list[tuple[str, V]]:
    return [] if isinstance(table, UnsetType) else list(table.items())[:MOST_NAMES]


def _line(sample: Sample) -> str:
    name, labels, value = sample
    told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value:.15g}"


def _escaped(text: str) -> str:
    """Backslash, quote and line feed, as the format says."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
