"""The pull API: who has a token gets what it may see, all of it in the end, and each answer keeps to docs/export-api.yaml and is journalled."""

import http.client
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from kiosk.__main__ import main
from kiosk.crossings.columns import COLUMNS, Group, Kind
from kiosk.headquarters.clients import Clients, ClientWrong, Scope, Waits, grants
from kiosk.headquarters.database import open_database
from kiosk.headquarters.opened import Opened
from kiosk.headquarters.pulling import PullServer, PullSite, server_tls
from tests.kiosk.headquarters.crossed import FACE, Border, member
from tests.kiosk.practice import CONSOLE, StillClock
from tests.postgres import Cluster

API: dict[str, Any] = yaml.safe_load((Path(__file__).parents[3] / "docs" / "export-api.yaml").read_text(encoding="utf-8"))
EVERYTHING = Scope((), tuple(Group), True)


class Api:
    """The site, asked without a line; each answer is held against the contract."""

    def __init__(self, border: Border) -> None:
        self.border, self.clock, self.seconds = border, StillClock(), 0.0
        self.site = PullSite(border.into, self.clock, Waits(lambda: self.seconds))
        self.headers: dict[str, str] = {}

    def client(self, name: str = "bms", scope: Scope = EVERYTHING, days: int = 30) -> str:
        with closing(Opened(self.border.into)) as opened:
            return Clients(opened.database, make=True).add(name, scope, days, self.clock.now())

    def asks(self, token: str, path: str = "/v1/crossings", query: str = "", **more: str) -> tuple[int, Any]:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "192.0.2.1", **more}
        told: list[Any] = []
        content = b"".join(
            self.site({"HTTP_AUTHORIZATION": f"Bearer {token}", **environ}, lambda status, headers: told.extend((status, headers)))
        )
        status, self.headers = int(told[0].split()[0]), dict(told[1])
        keeps_to_it(path, status, self.headers["Content-Type"], content)
        return status, json.loads(content) if self.headers["Content-Type"] == "application/json" else content

    def pulls(self) -> list[tuple[Any, ...]]:
        return self.border.opened("SELECT client, address, what, after, upto, count FROM pull ORDER BY number")


def keeps_to_it(path: str, status: int, kind: str, content: bytes) -> None:
    """Raises AssertionError unless the contract has this answer."""
    named = "/v1/pictures/{id}" if path.startswith("/v1/pictures/") else path
    if named not in API["paths"] or status == 405:
        return
    answer = API["paths"][named]["get"]["responses"][str(status)]
    answer = API["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]] if "$ref" in answer else answer
    said = answer["content"][kind.split(";")[0]]
    for one in content.decode().splitlines() if "jsonl" in kind else [content] if "json" in kind else []:
        Draft202012Validator({"components": API["components"], **said["schema"]}).validate(json.loads(one))


@pytest.fixture
def border(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Border]:
    here = Border(tmp_path, new_database(), sealed=new_database())
    yield here
    here.close()


def crossed(border: Border, parties: int = 1) -> list[str]:
    ids = [border.registers(member(pictures=1), pictures=1) for _ in range(parties)]
    border.delivers()
    border.fills()
    return ids


def test_the_contract_has_each_column_as_it_is() -> None:
    types = {Kind.TEXT: "string", Kind.INTEGER: "integer", Kind.REAL: "number", Kind.JSON: "object"}
    found = API["components"]["schemas"]["Crossing"]["properties"]
    assert {name: (one["type"][0], one["description"]) for name, one in found.items() if name != "pictures"} == {
        column.name: (types[column.kind], column.what) for column in COLUMNS
    }


def test_a_client_gets_everything_in_portions_and_then_only_what_is_new(border: Border) -> None:
    ids, api = crossed(border, 5), Api(border)
    token, got, cursor = api.client(), [], 0
    while True:
        status, said = api.asks(token, query=f"after={cursor}&limit=2")
        assert status == 200
        got += [one["record_id"] for one in said["crossings"]]
        cursor = said["next"]
        if not said["more"]:
            break
    assert got == ids
    assert api.asks(token, query=f"after={cursor}")[1] == {"crossings": [], "next": cursor, "more": False}
    border.decides(ids[1])
    border.delivers()
    border.fills()
    (again,) = api.asks(token, query=f"after={cursor}")[1]["crossings"]
    assert (again["record_id"], again["decision_code"]) == (ids[1], "cleared")


def test_json_lines_and_the_cursor_in_a_header(border: Border) -> None:
    ids, api = crossed(border, 2), Api(border)
    status, content = api.asks(api.client(), query="format=jsonl&columns=person")
    assert status == 200
    found = [json.loads(line) for line in content.decode().splitlines()]
    assert [one["record_id"] for one in found] == ids
    assert "surname" in found[0] and "document_number" not in found[0]
    assert int(api.headers["Next-Cursor"]) == found[-1]["change"]


def test_a_client_sees_its_posts_and_its_columns_and_no_others(border: Border) -> None:
    crossed(border)
    api = Api(border)
    token = api.client("statistics", Scope(("ut-nowhere",), ("sex", "nationality")))
    _, said = api.asks(token, query="columns=person,document,decision")
    (one,) = said["crossings"]
    assert {"sex", "nationality"} <= set(one)
    assert not {"surname", "document_number", "decision_officer", "pictures"} & set(one)
    assert api.asks(token, query="post=ut-elsewhere")[0] == 403
    elsewhere = api.client("elsewhere", Scope(("ut-elsewhere",), tuple(Group), True))
    assert api.asks(elsewhere)[1]["crossings"] == []


def test_pictures_are_listed_and_given_to_those_who_may_have_them(border: Border) -> None:
    crossed(border)
    api = Api(border)
    token = api.client()
    (one,) = api.asks(token)[1]["crossings"]
    ((picture),) = one["pictures"]
    path = f"/v1/pictures/{picture['id']}"
    assert api.asks(token, path) == (200, FACE + b"0")
    assert api.headers["Content-Type"] == "image/jpeg"
    assert api.asks(api.client("plain", Scope((), ("person",))), path)[0] == 403
    assert api.asks(api.client("far", Scope(("ut-elsewhere",), (), True)), path)[0] == 404
    assert api.asks(token, "/v1/pictures/nothing")[0] == 404
    assert api.pulls()[-1] == ("bms", "192.0.2.1", f"picture {picture['id']}", 0, 0, 1)


def test_each_pull_is_journalled_and_where_it_cannot_be_nothing_is_given(border: Border) -> None:
    crossed(border, 2)
    api = Api(border)
    token = api.client()
    _, said = api.asks(token, query="limit=1")
    api.asks(token, query=f"after={said['next']}")
    first, second = (row[4] for row in api.pulls())
    assert api.pulls() == [("bms", "192.0.2.1", "crossings", 0, first, 1), ("bms", "192.0.2.1", "crossings", first, second, 1)]
    border.opened("DROP TABLE pull")
    status, said = api.asks(token)
    assert (status, set(said)) == (503, {"error"})


def test_nobody_comes_in_without_a_token_with_one_that_is_over_or_that_was_revoked(border: Border) -> None:
    crossed(border)
    api = Api(border)
    token, short = api.client(), api.client("short", days=1)
    assert api.asks(token)[0] == 200
    for number, wrong in enumerate(("", "bms", f"bms.{'A' * 43}", token + "x", token.replace("bms.", "other."))):
        assert api.asks(wrong, REMOTE_ADDR=f"192.0.2.{10 + number}")[0] == 401
        assert api.headers["WWW-Authenticate"] == "Bearer"
    assert api.asks(token, HTTP_AUTHORIZATION=f"Basic {token}", REMOTE_ADDR="192.0.2.20")[0] == 401
    api.clock.pass_days(2)
    assert api.asks(short)[0] == 401
    assert main(["headquarters", "clients", "revoke", "bms", "--opened", border.into]) == 0
    assert api.asks(token)[0] == 401


def test_who_sends_wrong_tokens_waits_longer_each_time_and_others_do_not(border: Border) -> None:
    crossed(border)
    api = Api(border)
    token = api.client()
    wrong, waits = f"bms.{'A' * 43}", []
    for _ in range(4):
        assert api.asks(wrong)[0] == 401
        assert api.asks(wrong)[0] == 429
        waits.append(int(api.headers["Retry-After"]))
        api.seconds += waits[-1]
    assert waits == [2, 3, 5, 9]
    assert api.asks(wrong)[0] == 401
    assert api.asks(token)[0] == 429, "its name was guessed at from here"
    assert api.asks(token, REMOTE_ADDR="192.0.2.99")[0] == 200
    api.seconds += 1000
    assert api.asks(token)[0] == 200
    assert api.asks(wrong)[0] == 401
    api.seconds += 1.1
    assert api.asks(token)[0] == 200, "a right one forgives"


def test_no_more_is_remembered_of_wrong_tokens_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.headquarters.clients.MOST_REMEMBERED", 3)
    waits = Waits(lambda: 0.0)
    for number in range(9):
        waits.wrong("192.0.2.1", f"name{number}.x")
    assert [waits.left_s("192.0.2.1", f"name{number}.x") > 0 for number in range(9)] == [False] * 6 + [True] * 3


def test_a_token_is_kept_as_a_hash_and_never_told_again(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    crossed(border)
    add = ["headquarters", "clients", "add", "bms", "--opened", border.into, "--post", "ut-nowhere", "--columns", "person", "--pictures"]
    assert main(add) == 0
    token = capsys.readouterr().out.strip()
    assert Api(border).asks(token)[0] == 200
    assert token.split(".")[1] not in str(border.opened("SELECT * FROM client"))
    assert main(add) == 1
    assert "there is one" in capsys.readouterr().err
    assert main(["headquarters", "clients", "list", "--opened", border.into]) == 0
    said = capsys.readouterr().out
    assert said.startswith("bms: posts ut-nowhere; crossing, person, pictures; until 20")
    for wrong in (["add", "BMS"], ["add", "more", "--columns", "height"], ["revoke", "nobody"]):
        assert main(["headquarters", "clients", *wrong, "--opened", border.into]) == 1
    assert "height" in capsys.readouterr().err


WRONG_QUESTIONS = (
    *("after=-1", "after=1e3", "after=٣", "after=99999999999999999", "after", "after=1&after=2", "limit=0", "limit=1001"),
    *("since=yesterday", "until=2026-13-01T00:00:00Z", "format=xml", "columns=height", "colour=red", "&" * 50, "post=" + "x" * 3000),
)


def test_a_wrong_question_is_told_what_is_right(border: Border) -> None:
    crossed(border)
    api = Api(border)
    token = api.client()
    for query in WRONG_QUESTIONS:
        status, said = api.asks(token, query=query)
        assert (status, set(said)) == (400, {"error"}), query
    assert api.pulls() == []


def test_other_ways_and_places_are_none(border: Border) -> None:
    crossed(border)
    api = Api(border)
    token = api.client()
    assert api.asks(token, "/")[0] == 404
    assert api.asks(token, REQUEST_METHOD="POST")[0] == 405
    assert api.asks("", "/v1/nothing")[0] == 401, "who is nobody learns nothing of what there is"


def test_an_erased_person_comes_again_as_nobody(border: Border) -> None:
    (record,) = crossed(border)
    api = Api(border)
    token = api.client()
    cursor = api.asks(token)[1]["next"]
    order = ("--operator", "O-9", "--reason", "case 12/2026")
    assert main(["headquarters", "erase", "--person-of", record, "--opened", border.into, *order]) == 0
    (one,) = api.asks(token, query=f"after={cursor}")[1]["crossings"]
    assert (one["record_id"], one["surname"], one["document_number"], one["pictures"]) == (record, None, None, [])
    assert one["erased"]


@contextmanager
def served(site: PullSite, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    server = PullServer(site, "127.0.0.1", 0, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_over_tls_only_who_has_a_certificate_is_spoken_to(border: Border) -> None:
    crossed(border)
    api = Api(border)
    token = api.client()
    station = border.practice.founding.station
    own, client = border.practice.founding.broker, station(CONSOLE)
    context = server_tls(str(own / "tls.pem"), str(own / "tls.key"), str(own / "ca.pem"))
    asked = {"Authorization": f"Bearer {token}"}
    with served(api.site, context) as port:
        trusting = ssl.create_default_context(cafile=str(client / "ca.pem"))
        trusting.check_hostname = False
        with pytest.raises((ssl.SSLError, OSError, http.client.HTTPException)):
            stranger = http.client.HTTPSConnection("127.0.0.1", port, context=trusting, timeout=30)
            stranger.request("GET", "/v1/crossings", headers=asked)
            stranger.getresponse()
        stranger.close()
        trusting.load_cert_chain(client / "tls.pem", client / "tls.key")
        known = http.client.HTTPSConnection("127.0.0.1", port, context=trusting, timeout=30)
        known.request("GET", "/v1/crossings", headers=asked)
        answer = known.getresponse()
        assert (answer.status, answer.getheader("Cache-Control")) == (200, "no-store")
        assert len(json.loads(answer.read())["crossings"]) == 1
        known.close()


def test_without_tls_it_listens_on_the_machine_itself_and_nowhere_else(border: Border, capsys: pytest.CaptureFixture[str]) -> None:
    crossed(border)
    api = Api(border)
    api.client()
    assert main(["headquarters", "serve-export", "--from", border.into, "--host", "0.0.0.0"]) == 1
    assert "without --tls-certificate" in capsys.readouterr().err


def test_in_postgresql_who_serves_may_read_and_journal_and_nothing_else(cluster: Cluster, tmp_path: Path) -> None:
    name, role = "mpaka_served", "mpaka_export"
    maintenance = open_database(cluster.url("postgres"))
    maintenance.execute(f"CREATE DATABASE {name}")
    maintenance.execute(f"CREATE ROLE {role} LOGIN")
    maintenance.close()
    border = Border(tmp_path, cluster.url(name))
    crossed(border)
    api = Api(border)
    token = api.client()
    with closing(Opened(border.into)) as opened:
        for statement in grants(role).splitlines():
            opened.database.execute(statement)
    as_role = border.into.replace("mpaka@", f"{role}@")
    api.site = PullSite(as_role, api.clock)
    assert api.asks(token)[0] == 200
    with closing(open_database(as_role)) as limited:
        for refused in ("DELETE FROM pull", "UPDATE crossing SET surname = ''", "SELECT * FROM decision", "UPDATE client SET revoked = ''"):
            with pytest.raises(Exception, match="InsufficientPrivilege"):
                limited.execute(refused)
    border.close()


def test_a_client_is_let_in_until_its_last_moment(border: Border) -> None:
    crossed(border)
    api = Api(border)
    token = api.client(days=1)
    api.clock.utc += timedelta(days=1, seconds=-1)
    assert api.asks(token)[0] == 200
    api.clock.utc += timedelta(seconds=1)
    assert api.asks(token)[0] == 401


def test_a_name_that_is_none_is_refused(border: Border) -> None:
    crossed(border)
    with closing(Opened(border.into)) as opened, pytest.raises(ClientWrong, match="small letters"):
        Clients(opened.database, make=True).add("A client", EVERYTHING, 1, StillClock().now())
