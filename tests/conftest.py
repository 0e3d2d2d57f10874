"""What tests of several rooms share: a post with keys and people, laid out once and copied for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from kiosk.headquarters.database import sqlite_url
from kiosk.programs.keys import Made, make
from tests import postgres
from tests.faults.power_cuts import in_memory
from tests.kiosk.stations import CONSOLE, LANE, OTHER_CONSOLE, RECEIVER, Post

# how long an example takes says something of the machine, not of the house: no test fails for it
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def founding(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Keys and a staff list of one post; making PINs costs time, so they are made once."""
    return make(tmp_path_factory.mktemp("founding") / "keys", [LANE], [CONSOLE, OTHER_CONSOLE], RECEIVER)


@pytest.fixture
def post(tmp_path: Path, founding: Made) -> Iterator[Post]:
    """A post in a folder of its own. What still runs at the end is closed."""
    here = Post(tmp_path, founding)
    yield here
    for station in reversed(list(here.running)):
        here.ends(station)


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL for all tests; each takes a database of its own in it."""
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed here: apt-get install postgresql")
    made = postgres.Cluster(in_memory())
    yield made
    made.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Gives the URL of another empty database of headquarters; each kind in its turn."""
    if request.param == "sqlite":
        return lambda: sqlite_url(tmp_path_factory.mktemp("store") / "headquarters.db")
    made: postgres.Cluster = request.getfixturevalue("cluster")
    return made.database


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """An empty database of headquarters."""
    return new_database()
