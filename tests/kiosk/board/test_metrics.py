"""The board for Prometheus: read back by Prometheus' own parser where it is installed, and by the format's grammar where it is not."""

import re

import pytest

from kiosk.board.metrics import HELP, metrics
from kiosk.messages.payloads import DeviceState, Hour, LaneState, Outbox, Queue
from tests.kiosk.board.boards import board, many, row, status

SAMPLE = re.compile(r'([a-z_]+)\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (-?[0-9.e+-]+)')


def samples(text: str) -> dict[tuple[str, str], float]:
    """Each sample by its name and labels."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            match = SAMPLE.fullmatch(line)
            assert match is not None, line
            assert (match[1], match[2]) not in found, "a sample stands twice"
            found[match[1], match[2]] = float(match[3])
    return found


def test_what_the_board_shows_can_be_measured() -> None:
    said = status(
        devices={"receipt_printer": DeviceState.FAILED, "lane_io": DeviceState.OK},
        outbox=Outbox(rows=12, bytes=9000, oldest_s=30, rejected=1),
        queue=Queue(cases=4, longest_s=700),
        hours=[Hour(hour="2026-12-01T12:00:00Z", registered=17, decided=15)],
    )
    found = samples(metrics(board(row(said=said))))
    who = 'station="ut-north-lane1",post="ut-north",country="ut"'
    assert found["mpaka_station_up", who] == 1
    assert found["mpaka_station_state", f'{who},state="open"'] == 1
    assert found["mpaka_station_last_heard_seconds", who] == 3
    assert found["mpaka_station_troubles", who] == 2
    assert (found["mpaka_device_ok", f'{who},device="receipt_printer"'], found["mpaka_device_ok", f'{who},device="lane_io"']) == (0, 1)
    assert [found[f"mpaka_outbox_{name}", who] for name in ("rows", "bytes", "oldest_seconds", "rejected")] == [12, 9000, 30, 1]
    assert [found[f"mpaka_{name}", who] for name in ("queue_cases", "queue_longest_seconds", "registered_this_hour")] == [4, 700, 17]
    assert found["mpaka_clock_drift_seconds", who] == 0.003
    assert found["mpaka_list_age_seconds", f'{who},list="staff"'] == 3 * 86_400
    assert found["mpaka_version_info", f'{who},part="mpaka",version="0.1.0"'] == 1
    assert {name for name, _ in found} == set(HELP)


@pytest.mark.parametrize("gone", [row(lost=True, seen_s=60), row(said=status(LaneState.STOPPED))])
def test_of_a_station_that_is_not_heard_nothing_is_measured_that_may_have_changed(gone: object) -> None:
    names = {name for name, _ in samples(metrics(board(gone)))}  # type: ignore[arg-type]
    assert names.isdisjoint({"mpaka_queue_cases", "mpaka_device_ok", "mpaka_clock_drift_seconds"})
    assert {"mpaka_station_up", "mpaka_outbox_rows"} <= names


def test_each_name_is_explained_once_and_its_samples_stand_together() -> None:
    lines = metrics(many(20)).splitlines()
    names = [line.split("{")[0].split()[2] if line.startswith("#") else line.split("{")[0] for line in lines]
    assert [name for at, name in enumerate(names) if at == 0 or names[at - 1] != name] == [name for name in HELP if name in names]
    assert len([line for line in lines if line.startswith("# HELP")]) == len(set(names))


def test_a_name_with_quotes_and_line_feeds_stays_one_label() -> None:
    assert len(samples(metrics(board(row(said=status(devices={'a"b\\c\nd': DeviceState.OK, "e": DeviceState.OK})))))) > 10


def test_prometheus_reads_it_too() -> None:
    parser = pytest.importorskip("prometheus_client.parser")
    families = {family.name: family for family in parser.text_string_to_metric_families(metrics(many(40)))}
    assert {family.type for family in families.values()} == {"gauge"}
    assert len(families["mpaka_station_up"].samples) == 40
