"""`mpaka load --lanes N`: a fleet in one process, for sizing headquarters."""

import asyncio
import math
import resource
import signal
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.fleet.fleet import Fleet, FleetPlan, Outcome
from kiosk.fleet.watched import Watched
from kiosk.programs.practice import broker_at, fleet_of
from kiosk.programs.version import package_version
from kiosk.settings import SettingsWrong

# Twenty to a post, and posts have four digits
MOST_LANES = 200_000
# Files that the program has open beside one line a lane
OTHER_FILES = 100


def plan(
    founding: Path, lanes: int, broker: str, tls: bool, records: int | None, seconds: float | None, rate: float, ledger: Path, state: Path
) -> FleetPlan:
    """What the command line asks for. Raises SettingsWrong, KeysWrong."""
    if not 1 <= lanes < MOST_LANES:
        raise SettingsWrong(f"--lanes {lanes}: a fleet has 1 to {MOST_LANES - 1} lanes")
    if (records or 0) < 0 or not 0 <= rate < math.inf or (seconds is not None and not 0 < seconds < math.inf):
        raise SettingsWrong(f"--records {records} --rate {rate} --seconds {seconds}: none is below 0, and a load lasts a time")
    if records is None and seconds is None:
        raise SettingsWrong("--lanes: say how many records in all (--records), or for how long (--seconds)")
    if rate == 0 and seconds is None:
        raise SettingsWrong("--rate 0: a fleet then sends its statuses alone; say for how long (--seconds)")
    room_for_files(lanes + OTHER_FILES)
    keys = fleet_of(founding, lanes, tls)
    return FleetPlan(keys, broker_at(broker, keys[0].tls if tls else None), records, seconds, rate, ledger, state, package_version())


def room_for_files(wanted: int) -> None:
    """Let this process have so many files and lines open at once. Raises SettingsWrong, which says what to set."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise SettingsWrong(
            f"{wanted} files must be open at once, and this user may have {hard}: as root set `ulimit -Hn {wanted}`, `USER hard nofile {wanted}` in "
            f"/etc/security/limits.conf, or `LimitNOFILE={wanted}` in the unit; the broker needs as many"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def run(wanted: FleetPlan, watched: Watched) -> int:
    """Run the fleet until headquarters has all. Returns the exit status. Raises SettingsWrong, JournalUnusable."""

    async def play() -> Outcome:
        fleet = Fleet(wanted, SystemClock(), watched)
        for ending in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(ending, fleet.stop)
        return await fleet.run()

    return tell(asyncio.run(play()), wanted.records)


def tell(outcome: Outcome, wanted: int | None) -> int:
    """Print how it went. Returns the exit status: 0 where all that was to be told is told, and headquarters has it."""
    tally = outcome.tally
    print(outcome.measured or "ended before it was measured")
    print(f"accepted to acknowledged: {tally.spread()}")
    print(
        f"{tally.connects} connects, {tally.lost} lines lost, {tally.resends} records sent again, "
        f"{tally.refused} messages refused, {tally.rejected} records stored apart"
    )
    if tally.waiting or (wanted is not None and outcome.told < wanted):
        print(f"ended with {outcome.told} told, {tally.waiting} not yet at headquarters; started again with the same arguments it goes on")
        return 1
    if tally.rejected:
        print(f"{tally.rejected} were stored apart by headquarters, whose log and findings say why")
        return 1
    print(f"{outcome.told} records told, all acknowledged by headquarters")
    return 0
