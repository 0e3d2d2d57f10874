"""Headquarters' board over a real socket: from a lane's status in the store to the page, on the loopback address and nowhere else."""

import http.client
import random
import socket
import threading
from collections.abc import Iterator
from datetime import UTC

import pytest

from kiosk.board.state import Board
from kiosk.headquarters.board import BoardServer, Site
from kiosk.headquarters.lookout import NotReady
from tests.kiosk.board.boards import board, many, row
from tests.kiosk.practice import GIVE_UP_S


class Web:
    """A board that is served, and someone who asks."""

    def __init__(self, shown: Board | None) -> None:
        self.shown = shown
        self.server = BoardServer(Site(self._board, UTC), 0)
        self.server.start()

    def asks(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=GIVE_UP_S)
        line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        found = (answer.status, dict(answer.getheaders()), answer.read().decode())
        line.close()
        return found

    def _board(self) -> Board:
        if self.shown is None:
            raise NotReady("the store cannot be read: practice")
        return self.shown


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web(many(12))
    yield made
    made.server.stop()


def test_the_page_its_style_its_script_and_the_metrics_are_served(web: Web) -> None:
    for path, kind, told in (
        ("/", "text/html", "ut-north"),
        ("/?lane=ut-north-lane1", "text/html", "passport reader"),
        ("/board.css", "text/css", "--ground"),
        ("/board.js", "text/javascript", "visibilityState"),
        ("/metrics", "text/plain; version=0.0.4", "mpaka_station_up{"),
    ):
        code, headers, content = web.asks(path)
        assert (code, headers["Content-Type"].startswith(kind), told in content) == (200, True, True), path
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_it_listens_on_the_loopback_address_alone(web: Web) -> None:
    assert web.server.server_address[0] == "127.0.0.1"


def test_a_page_from_elsewhere_cannot_read_the_board_through_a_name_of_its_own(web: Web) -> None:
    assert web.asks("/", Host="rebound.example")[0] == 421
    assert web.asks("/metrics", Host="rebound.example:8480")[0] == 421
    assert web.asks("/", Host=f"localhost:{web.server.server_port}")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_board_is_only_looked_at(web: Web, method: str) -> None:
    assert web.asks("/", method)[0] == 405


def test_a_question_for_the_head_is_answered_without_a_body(web: Web) -> None:
    code, headers, content = web.asks("/", "HEAD")
    assert (code, content) == (200, "")
    assert int(headers["Content-Length"]) > 1000


@pytest.mark.parametrize("path", ["/nothing", "/../etc/passwd", "/%2e%2e/store", "/board.css/"])
def test_what_is_not_there_is_not_served(web: Web, path: str) -> None:
    assert web.asks(path)[0] == 404


@pytest.mark.parametrize("path", ["/?" + "a=1&" * 50, "/?q=%ff%fe&lane=%00", "/?" + "q=" + "x" * 30_000, "/?show[]=1&post=%3Cscript%3E"])
def test_a_strange_address_is_answered_in_words(web: Web, path: str) -> None:
    code, _, content = web.asks(path)
    assert code in (200, 400)
    assert "<script>" not in content


def test_ten_thousand_strange_requests_are_each_answered_in_order() -> None:
    chance, site = random.Random(5), Site(lambda: board(row()), UTC)
    parts = [
        "q",
        "post",
        "show",
        "lane",
        "theme",
        "=",
        "&",
        "%",
        "%ff",
        "%00",
        ";",
        "<script>",
        "'",
        '"',
        "ut-north-lane1",
        "dark",
        "\xff",
        "ü",
        "/",
        "..",
    ]
    for _ in range(10_000):
        told: list[str] = []
        environ = {
            "REQUEST_METHOD": chance.choice(["GET"] * 8 + ["HEAD", "POST", ""]),
            "PATH_INFO": chance.choice(["/"] * 4 + ["/metrics", "/board.css", "".join(chance.choices(parts, k=3))]),
            "QUERY_STRING": "".join(chance.choices(parts, k=chance.randrange(12))),
            "HTTP_HOST": chance.choice(["127.0.0.1:8480"] * 8 + ["localhost", "", ":", "[::1]:1", "evil.example"]),
        }
        content = b"".join(site(environ, lambda status, headers, told=told: told.append(status)))  # type: ignore[misc]
        assert told[0][:3] in ("200", "400", "404", "405", "421"), environ
        assert content.count(b"<script") == (1 if b"<html" in content else 0)


def test_a_store_that_cannot_be_read_is_said_and_not_hidden_behind_an_old_board(web: Web) -> None:
    web.shown = None
    code, _, content = web.asks("/")
    assert (code, "cannot be read" in content) == (503, True)


def test_nonsense_on_the_line_ends_that_line_and_no_other(web: Web) -> None:
    for nonsense in (b"\x16\x03\x01\x00\xa5", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 50, b"A" * 70_000 + b"\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", web.server.server_port), GIVE_UP_S) as line:
            line.sendall(nonsense)
            line.shutdown(socket.SHUT_WR)
            while line.recv(4096):
                continue
    assert web.asks("/")[0] == 200


def test_many_who_look_at_once_are_all_answered(web: Web) -> None:
    codes: list[int] = []
    threads = [threading.Thread(target=lambda: codes.append(web.asks("/")[0])) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 20


def test_an_empty_board_is_a_board(web: Web) -> None:
    web.shown = board()
    assert web.asks("/")[0] == 200
    web.shown = board(row(lost=True))
    assert 'class="lane lost stop"' in web.asks("/")[2]
