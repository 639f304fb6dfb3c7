"""Routes beside the published folder, over a real server: what they are asked, and what is refused before."""

import gzip
import http.client
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from structlog.testing import capture_logs

from syndicate.app import App
from syndicate.config import load
from syndicate.errors import StoreUnusable
from syndicate.serve import Answer, Request, Route, Server, create_app, document, fields, routes_of
from waiting import PATIENCE

BASE = "https://presse.talland.example/"
TEXT = "Förderung für Talland\n".encode() * 40
SECRET = "geheimes-wort"


class Got(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for found, value in self.headers if found.lower() == name]


class Asked:
    """Handlers that note what they were asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.threads: set[int] = set()
        self.reached = threading.Semaphore(0)
        self.holds = threading.Event()

    def echo(self, request: Request) -> Answer:
        self.requests.append(request)
        self.threads.add(threading.get_ident())
        return Answer(200, ((b"content-type", b"text/plain"), (b"x-one", b"1"), (b"x-one", b"2")), b"said")

    def slow(self, request: Request) -> Answer:
        self.reached.release()
        self.holds.wait(PATIENCE)
        return Answer(200, (), b"late")

    def broken(self, request: Request) -> Answer:
        raise KeyError(SECRET)

    def locked(self, request: Request) -> Answer:
        raise StoreUnusable("syndicate.db: is locked")

    def made(self, request: Request) -> Answer:
        return document(request, TEXT, "text/plain; charset=utf-8", cache_control=b"max-age=60", vary=b"a-im")


@pytest.fixture(scope="module")
def asked() -> Asked:
    return Asked()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, asked: Asked) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("feeds")
    (folder / "all.atom").write_bytes(b"<feed/>")
    (folder / "suche.html").write_bytes(b"<p>eine Seite")
    routes = (
        Route("echo", asked.echo, methods=("GET", "POST")),
        Route("n", asked.echo, below=True),
        Route("n/media", asked.echo, below=True),
        Route("large", asked.echo, methods=("POST",), most=2**20),
        Route("slow", asked.slow),
        Route("broken", asked.broken),
        Route("locked", asked.locked),
        Route("made", asked.made),
    )
    with Server(create_app(folder, routes=routes, base=lambda: BASE), "127.0.0.1", 0) as server:
        yield server.port
    asked.holds.set()


def ask(
    port: int, target: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
) -> Got:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, target, body=body, headers=headers or {})
        response = connection.getresponse()
        return Got(response.status, response.getheaders(), response.read())
    finally:
        connection.close()


def test_a_route_is_told_what_was_asked(port: int, asked: Asked) -> None:
    got = ask(port, "/n/T%C3%B6/gesundheit.atom?topic=a&topic=b&q=%C3%A4+b&x", headers={"X-A": "1", "Accept": "b/b"})
    assert (got.status, got.body) == (200, b"said")
    assert got.values("x-one") == ["1", "2"]
    assert got.values("cache-control") == ["no-store"]
    assert got.values("x-content-type-options") == ["nosniff"]
    request = asked.requests[-1]
    assert request.method == "GET"
    assert request.path == "n/Tö/gesundheit.atom"
    assert request.query == (("topic", "a"), ("topic", "b"), ("q", "ä b"), ("x", ""))
    assert (request.headers[b"x-a"], request.headers[b"accept"]) == (b"1", b"b/b")
    assert (request.client, request.base, request.body) == ("127.0.0.1", BASE, b"")
    assert threading.get_ident() not in asked.threads


def test_head_is_get_without_its_body(port: int, asked: Asked) -> None:
    got = ask(port, "/echo", "HEAD")
    assert (got.status, got.body, got.values("content-length")) == (200, b"", ["4"])
    assert asked.requests[-1].method == "GET"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/echo", 200),
        ("/%65cho", 200),  # the same segment (RFC 3986 section 6.2.2.2)
        ("/echo/", 404),
        ("/echo/more", 404),
        ("/ECHO", 404),
        ("/%2565cho", 404),
        ("/echo%2f", 404),
        ("/x/../echo", 404),
        ("/x/%2e%2e/echo", 404),
        ("//echo", 404),
        ("/echo%00", 404),
        ("/n", 200),
        ("/n/a/b/c", 200),
        ("/n/%2e%2e/echo", 200),  # below what answers for all that is below it, and no more than that
        ("/n//a", 200),
        ("/nn", 404),
        ("/suche", 301),
        ("/all.atom", 200),
    ],
)
def test_a_path_is_matched_whole(port: int, target: str, status: int) -> None:
    assert ask(port, target).status == status


def test_what_no_route_knows_is_the_404_of_everything(port: int) -> None:
    one, other = ask(port, "/echo/more"), ask(port, "/nichts")
    assert one.body == other.body
    assert {name for name, _ in one.headers} == {name for name, _ in other.headers}


def test_the_nearest_route_above_answers(port: int, asked: Asked) -> None:
    ask(port, "/n/media/x/y.png")
    assert asked.requests[-1].path == "n/media/x/y.png"


@pytest.mark.parametrize("query", ["q=%ff", "%c3=1", "q=a%00b", "q=" + "a" * 9000, "&".join(["a=1"] * 101)])
def test_a_query_that_cannot_be_read_is_400(port: int, query: str) -> None:
    assert ask(port, f"/echo?{query}").status == 400


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", ()),
        (b"&&", ()),
        (b"a=1&a=2&b", (("a", "1"), ("a", "2"), ("b", ""))),
        (b"q=a+b%2Bc&=x", (("q", "a b+c"), ("", "x"))),
        (b"q=100%&r=%zz", (("q", "100%"), ("r", "%zz"))),
        (b"q=%2541", (("q", "%41"),)),
        (b"a=b=c", (("a", "b=c"),)),
        (b"q=%ed%a0%80", None),  # half of a pair is no character
        (b"q=%00", None),
    ],
)
def test_a_query_is_read_once(raw: bytes, found: tuple[tuple[str, str], ...] | None) -> None:
    assert fields(raw) == found


@pytest.mark.parametrize(
    ("target", "method", "allow"),
    [("/echo", "PUT", "GET, POST, HEAD"), ("/made", "POST", "GET, HEAD"), ("/large", "GET", "POST")],
)
def test_another_method_is_refused_with_those_that_there_are(port: int, target: str, method: str, allow: str) -> None:
    got = ask(port, target, method)
    assert (got.status, got.values("allow")) == (405, [allow])


def test_a_body_is_handed_on_whole(port: int, asked: Asked) -> None:
    assert ask(port, "/echo", "POST", b"hub.mode=subscribe").status == 200
    assert asked.requests[-1].body == b"hub.mode=subscribe"
    body = bytes(range(256)) * 4096
    assert ask(port, "/large", "POST", body).status == 200
    assert asked.requests[-1].body == body


@pytest.mark.parametrize("target", ["/echo", "/large"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_413(port: int, asked: Asked, target: str, chunked: bool) -> None:
    """With its length said before, or found while it comes."""
    before = len(asked.requests)
    size = (16 * 1024 if target == "/echo" else 2**20) + 1
    head = f"POST {target} HTTP/1.1\r\nHost: x\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        if chunked:
            connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n".encode() + bytes(size))
        else:
            connection.sendall(f"{head}Content-Length: {size}\r\n\r\n".encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert (response.status, response.getheader("connection")) == (413, "close")
    assert len(asked.requests) == before


def test_half_a_body_never_reaches_a_route(port: int, asked: Asked) -> None:
    before = len(asked.requests)
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
    assert ask(port, "/all.atom").status == 200
    assert len(asked.requests) == before


@pytest.mark.parametrize("target", ["/broken", "/locked"])
def test_a_fault_is_later_and_told_without_what_was_asked(port: int, target: str) -> None:
    with capture_logs() as lines:
        got = ask(port, f"{target}?q={SECRET}", headers={"Authorization": f"Bearer {SECRET}"})
    assert (got.status, got.values("retry-after"), got.values("cache-control")) == (503, ["5"], ["no-store"])
    assert [line["route"] for line in lines] == [target[1:]]
    assert SECRET not in repr(lines)
    assert SECRET.encode() not in got.body


def test_slow_routes_delay_neither_files_nor_others(port: int, asked: Asked) -> None:
    with ThreadPoolExecutor(20) as readers:
        late = [readers.submit(ask, port, "/slow") for _ in range(20)]
        for _ in range(6):
            assert asked.reached.acquire(timeout=PATIENCE)
        assert ask(port, "/all.atom").status == 200
        assert ask(port, "/echo").status == 200
        assert not any(answer.done() for answer in late)
        asked.holds.set()
        assert {answer.result().status for answer in late} == {200}


def test_who_sends_by_drips_is_in_nobodys_way(port: int) -> None:
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"
    with ExitStack() as slow:
        for _ in range(100):
            slow.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)).sendall(head)
        assert ask(port, "/echo", "POST", b"whole").status == 200


def test_more_than_can_wait_are_told_to_come_back(tmp_path: Path) -> None:
    asked = Asked()
    with (
        Server(create_app(tmp_path, routes=[Route("slow", asked.slow)]), "127.0.0.1", 0) as server,
        ThreadPoolExecutor(80) as readers,
    ):
        late = as_completed([readers.submit(ask, server.port, "/slow") for _ in range(80)], PATIENCE)
        refused = [next(late).result() for _ in range(16)]
        assert {(answer.status, *answer.values("retry-after")) for answer in refused} == {(503, "5")}
        asked.holds.set()
        assert {answer.result().status for answer in late} == {200}


def test_a_made_document_has_its_validators(port: int) -> None:
    plain, packed = ask(port, "/made"), ask(port, "/made", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.body) == plain.body == TEXT
    assert packed.values("etag") == [plain.values("etag")[0][:-1] + '-gzip"']
    assert packed.values("vary") == ["accept-encoding, a-im"]
    for got, accepted in ((plain, "identity"), (packed, "gzip")):
        again = ask(port, "/made", headers={"Accept-Encoding": accepted, "If-None-Match": got.values("etag")[0]})
        assert (again.status, again.body, again.values("content-length")) == (304, b"", [])
        assert again.values("etag") == got.values("etag")


@pytest.mark.parametrize("path", ["", "/n", "n/"])
def test_a_route_is_relative_to_the_folder(path: str) -> None:
    with pytest.raises(ValueError, match="no path of a route"):
        Route(path, lambda _: Answer(200))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> tuple[Route, ...]:
    """All that the daemon has."""
    config = tmp_path_factory.mktemp("table") / "config.toml"
    config.write_text("", encoding="utf-8")
    with App(load(config)) as app:
        return routes_of(app)


def test_no_two_families_have_one_path(table: tuple[Route, ...]) -> None:
    paths = [route.path for route in table]
    assert len(paths) == len({*paths})


def test_a_plain_server_passes_each_of_them_on_and_no_file(table: tuple[Route, ...]) -> None:
    """As docs/serving.md has it; what is below a route may hold a secret, so it is in no log."""
    guide = (Path(__file__).parents[1] / "docs" / "serving.md").read_text(encoding="utf-8")
    passed = re.findall(r'location ~ "(.*?)" \{ +# asked of the store', guide)
    logged = re.findall(r"^    ~(\^/\S+) +\"/\w+/…/\";", guide, re.MULTILINE)
    assert len(passed) == 1
    for route in table:
        path = f"/{route.path}/x" if route.below else f"/{route.path}"
        assert re.search(passed[0], path), path
        assert route.below is any(re.search(each, path) for each in logged), path
    for path in ("/", "/all.atom", "/hub.html", "/searching", "/n.atom", "/media/n/x", "/gesundheit/1.atom"):
        assert not re.search(passed[0], path), path
