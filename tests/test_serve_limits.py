"""Who is refused with 429, over a real server: by address, behind proxies, per kind of answer."""

import http.client
import ipaddress
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from syndicate.serve import Answer, Door, Rates, Request, Route, Server, create_app, files_in
from waiting import PATIENCE

STRANGER, PROXY, HERE = "127.0.0.2", "127.0.0.3", "127.0.0.1"
FEED = b"<feed/>" * 100


At = Callable[[str], "Reader"]


def answer(request: Request) -> Answer:
    return Answer(404 if request.path.endswith("x") else 200, (), request.client.encode())


@pytest.fixture
def reader_at(tmp_path: Path) -> Iterator[At]:
    """A reader with a connection from this address."""
    for name in ("a.atom", "b.atom"):
        (tmp_path / name).write_bytes(FEED)
    routes = (
        Route("search", answer, rate=Rates.MADE),
        Route("told", answer, below=True, rate=Rates.CALLBACK),
        Route("room", answer),
    )
    app = create_app(tmp_path, routes=routes, documents=lambda: 2)
    with Server(app, HERE, 0, door=Door([ipaddress.ip_network(PROXY)])) as server:
        readers = list[Reader]()

        def reader(source: str) -> Reader:
            readers.append(Reader(server.port, source))
            return readers[-1]

        yield reader
        for each in readers:
            each.close()


class Reader:
    """One connection, from an address of its own."""

    def __init__(self, port: int, source: str) -> None:
        self._connection = http.client.HTTPConnection(HERE, port, timeout=PATIENCE, source_address=(source, 0))
        self.last: http.client.HTTPResponse
        self.body = b""

    def close(self) -> None:
        self._connection.close()

    def ask(self, target: str, headers: dict[str, str] | None = None, method: str = "GET") -> int:
        self._connection.request(method, target, headers=headers or {})
        self.last = self._connection.getresponse()
        self.body = self.last.read()
        return self.last.status

    def asks(self, times: int, target: str, headers: dict[str, str] | None = None) -> Counter[int]:
        return Counter(self.ask(target, headers) for _ in range(times))


def test_a_flood_from_one_address_is_refused_and_costs_others_nothing(reader_at: At) -> None:
    reader = reader_at(STRANGER)
    assert reader.asks(120, "/a.atom") == {200: 120}
    assert reader.asks(30, "/a.atom")[429] > 0  # one comes back each second
    while reader.ask("/a.atom") != 429:
        pass
    assert reader.last.getheader("retry-after") == "1"
    assert reader.last.getheader("cache-control") == "no-store"
    assert reader.last.getheader("x-content-type-options") == "nosniff"
    assert reader.body == b"Too many requests\n"
    while reader.ask("/a.atom", method="HEAD") != 429:
        pass
    assert reader.body == b""
    assert reader.ask("/b.atom") == 200
    assert reader_at("127.0.0.4").ask("/a.atom") == 200


def test_what_is_unchanged_costs_a_tenth(reader_at: At) -> None:
    reader = reader_at(STRANGER)
    reader.ask("/a.atom")
    held = {"If-None-Match": reader.last.getheader("etag") or ""}
    assert reader.asks(1000, "/a.atom", held) == {304: 1000}
    assert reader.asks(600, "/a.atom", held)[429] > 0


def test_this_machine_is_counted_as_any_other_and_our_health_is_not(reader_at: At) -> None:
    assert reader_at(HERE).asks(300, "/a.atom")[429] > 100
    assert reader_at(HERE).asks(300, "/healthz") == {200: 300}


def test_behind_a_trusted_proxy_each_reader_is_one(reader_at: At) -> None:
    proxy = reader_at(PROXY)
    one, other = {"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-For": "192.0.2.8"}
    assert proxy.asks(300, "/a.atom", one)[429] > 100
    assert proxy.asks(100, "/a.atom", other) == {200: 100}
    assert proxy.ask("/room", other) == 200
    assert proxy.body == b"192.0.2.8"
    near = [{"X-Forwarded-For": f"2001:db8:2:0:{n}::1"} for n in range(1, 300)]
    assert Counter(proxy.ask("/a.atom", each) for each in near)[429] > 100
    spoofed = [{"X-Forwarded-For": f"198.51.100.{n}, 192.0.2.9"} for n in range(250)]
    assert Counter(proxy.ask("/a.atom", each) for each in spoofed)[429] > 50
    assert proxy.asks(300, "/a.atom") == {200: 300}  # it names nobody: that is not one reader


def test_nobody_else_is_believed(reader_at: At) -> None:
    reader = reader_at(STRANGER)
    said = [{"X-Forwarded-For": f"192.0.2.{n}"} for n in range(200)]
    assert Counter(reader.ask("/a.atom", each) for each in said)[429] > 0
    assert reader.ask("/room", {"Forwarded": "for=192.0.2.1"}) == 200
    assert reader.body == STRANGER.encode()


def test_a_proxy_of_this_machine_that_nobody_has_named_is_told_of_once(reader_at: At) -> None:
    """All of its readers are one."""
    with capture_logs() as lines:
        reader_at(STRANGER).ask("/nichts", {"X-Forwarded-For": "192.0.2.7"})
        reader_at(PROXY).ask("/nichts", {"X-Forwarded-For": "192.0.2.7"})
        assert lines == []
        assert reader_at(HERE).asks(300, "/nichts", {"X-Forwarded-For": "192.0.2.7"})[429] > 100
    assert [line["address"] for line in lines] == [HERE]


def test_what_is_not_there_is_counted_too(reader_at: At) -> None:
    reader = reader_at(STRANGER)
    assert reader.asks(300, "/nichts")[429] > 0
    assert Counter(reader.ask(f"/{n}.atom") for n in range(1200))[429] > 0


def test_routes_are_counted_by_what_they_are(reader_at: At) -> None:
    reader = reader_at(STRANGER)
    assert reader.asks(60, "/search?q=a") == {200: 60}
    assert reader.asks(60, "/search?q=b")[429] > 0
    assert reader.asks(300, "/told/a") == {200: 300}
    assert reader.asks(300, "/told/x")[429] > 0
    assert reader.asks(300, "/room")[429] > 0


def test_what_is_published_is_counted_where_no_store_says_so(tmp_path: Path) -> None:
    for name in ("a.atom", "a.atom.gz", ".lock", "releases/x.html", "releases/.x.html.tmp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert files_in(tmp_path) == 2
