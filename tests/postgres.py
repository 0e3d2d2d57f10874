"""A PostgreSQL of its own for tests: a cluster in a folder that goes away, on a unix socket, fsync on as in production.

initdb refuses root, so root lets the user postgres, or nobody, run it.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

from kiosk.headquarters.database import open_database

ROLE = "mpaka"
WHERE = "/usr/lib/postgresql/*/bin"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, of the newest version that is here."""
    found = sorted(Path("/").glob(f"{WHERE[1:]}/initdb"), key=lambda path: int(path.parts[4]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


class Cluster:
    """One PostgreSQL. `stop` and `start` may be called again and again."""

    def __init__(self, place: Path | None) -> None:
        """In a folder at this place; None: where temporary folders are."""
        there = programs()
        assert there is not None
        self._programs, self._numbers = there, count(1)
        self.folder = Path(tempfile.mkdtemp(prefix="mpaka-postgres-", dir=place))
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = _somebody()
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._call("initdb", "--auth=trust", f"--username={ROLE}", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata=data")
        with (self.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nshared_buffers = '64MB'\n")
        self.start()

    @property
    def process_id(self) -> int:
        """Its first process, whose children serve the connections."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._call("pg_ctl", "start", "--wait", "--pgdata=data", "--log=log")

    def stop(self, how: str = "immediate") -> None:
        """Stop: `immediate` is as after a power cut; `fast` is in order."""
        self._call("pg_ctl", "stop", "--wait", f"--mode={how}", "--pgdata=data")

    def url(self, name: str) -> str:
        """The URL of a database."""
        return f"postgresql://{ROLE}@/{name}?host={self.folder}"

    def database(self) -> str:
        """The URL of a new, empty one: a schema, which is made and removed a hundred times faster than a database."""
        name = f"t{next(self._numbers)}"
        maintenance = open_database(self.url("postgres"))
        maintenance.execute(f"CREATE SCHEMA {name}")
        maintenance.close()
        return f"{self.url('postgres')}&search_path={name}"

    def close(self) -> None:
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder)

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._user)


def _somebody() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("neither a user postgres nor nobody: PostgreSQL does not run as root")
