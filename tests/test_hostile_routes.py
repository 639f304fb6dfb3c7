"""Every route of the table of routes is asked what nobody should ask: a clear 4xx, nothing stored, nothing told.

A family that is new is in here as soon as it has its row. Names of parameters are those that its file reads.
"""

import base64
import http.client
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs

from syndicate import serve
from syndicate.app import App, changed
from syndicate.config import load
from syndicate.model import Poll
from syndicate.serve import Door, Route, Server, create_app, routes_of
from waiting import PATIENCE

SOURCES = Path(serve.__file__ or "").parents[1]
SECRET, BESIDE = "streng-geheim", "hinterzimmer"  # of a release under embargo; what is asked for may be said again
CONFIG = """
site.tag = "talland.example,2026"
[serve]
hub = "builtin"
[[source]]
id = "amt"
path = "releases"
"""
LONG = 10_000
VALUES = (
    "",
    "a",
    SECRET,
    quote("ä" * 300),
    "a" * LONG,
    "%00",
    "a%00b",
    "%ff%fe",
    "%ed%a0%80",  # half of a pair
    "%c0%af",
    "%",
    "%zz",
    "%2500",
    "%252e%252e%252fetc%252fpasswd",
    "../../../../etc/passwd",
    "%0d%0aX-A:%20b",
    "%22%20OR%201=1--",
    "'%3b%20DROP%20TABLE%20release%3b--",
    "NEAR%28a%20b%2C%202%29%20OR%20title%3Aa*%20%22",
    "%22%22%22",
    "-",
    "-a",
    "*",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "9" * 400,
    "-1",
    "1e999",
    "javascript:alert(1)",
    "http://169.254.169.254/latest/meta-data/",
    "http://u:p@[::1]:22/%23",
    "file:///etc/passwd",
    "&".join(["x"] * 60),
    "%F0%9F%98%80" * 30,
    "%E2%80%AE%CC%81%EF%BF%BF",
)
METHODS = ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "CONNECT", "BREW", "get")
FORM = "application/x-www-form-urlencoded"
BODIES = (
    b"",
    b"\0" * 100,
    bytes(range(256)) * 20,
    b"=" * 5000,
    b"&" * 5000,
    b"hub.mode=%00&hub.topic=%ff",
    b"\xff\xfe<\0r\0s\0s\0",
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>',
    b"{" * 5000,
    b"a" * (2**20),
)
HEADERS: tuple[dict[str, str], ...] = (
    {"Authorization": "Basic !!!!"},
    {"Authorization": "Basic " + base64.b64encode(b"x:\xff\xfe\0").decode()},
    {"Authorization": "Basic"},
    {"Authorization": "Bearer " + "a" * LONG},
    {"Authorization": "Bearer ../../x"},
    {"Authorization": "Digest username=x"},
    {"If-None-Match": '"' + "a" * LONG},
    {"If-None-Match": '"' + "0" * 32 + '"', "A-IM": "feed"},
    {"If-None-Match": ",".join([f'"{n:032x}"' for n in range(200)]), "A-IM": "feed"},
    {"If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT"},
    {"Range": "bytes=0-,-1,9999999999999999999999-"},
    {"Accept-Encoding": "gzip;q=x, *;q=nan"},
    {"A-IM": "feed;q=" + "9" * LONG},
    {"X-Forwarded-For": "1.2.3.4, ::ffff:127.0.0.1"},
    {"Content-Length": "-1"},
    {"Content-Length": "9" * 30},
    {"Transfer-Encoding": "gzip"},
    {"Transfer-Encoding": "chunked", "Content-Length": "5"},
    {"Expect": "200-maybe"},
    {"Cookie": "a" * LONG},
    {"Referer": f"http://x/{SECRET}"},
    {f"X-{n}": "a" for n in range(300)},
)
TAILS = (
    "",
    "/",
    "//",
    "/x",
    "/x/y.atom",
    "/%2e%2e/all.atom",
    "/..%2fall.atom",
    "/%00",
    "/%ff",
    "%2f",
    "/.x",
    "/a" * 400,
)
TAILS += (
    "/x.atom?q=a",
    "?",
    "?=",
    "#x",
    ";x=1",
    "/all.atom",
    "/" + "T" * 43 + "/all.atom",
    "/" + "T" * 43 + "/media/0f/x",
)


class Attack(NamedTuple):
    target: str
    method: str = "GET"
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    body: bytes = b""


class House(NamedTuple):
    folder: Path
    port: int
    routes: tuple[Route, ...]
    numbers: Iterator[int]

    def ask(self, attack: Attack) -> tuple[int, bytes]:
        """Status and all that came; 0: hung up on, which is a refusal, too."""
        # Each from somebody else, or a bound on one client would hide the rest.
        other = f"2001:db8:{next(self.numbers):x}::1"
        fields = {"Host": "x", "Connection": "close", "X-Forwarded-For": other, **attack.headers}
        if attack.body and "Content-Length" not in fields and "Transfer-Encoding" not in fields:
            fields |= {"Content-Length": str(len(attack.body)), "Content-Type": FORM}
        lines = [f"{attack.method} {attack.target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            with suppress(ConnectionError):  # refused before all was said
                connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + attack.body)
            return self._said(connection)

    def _said(self, connection: socket.socket) -> tuple[int, bytes]:
        try:
            raw = b"".join(iter(partial(connection.recv, 65536), b""))
        except ConnectionError:
            return 0, b""
        found = re.match(rb"HTTP/1\.1 (\d{3}) ", raw)
        return (int(found[1]) if found else 0), raw

    def stored(self) -> dict[str, int]:
        """How many rows each table has."""
        with closing(sqlite3.connect(self.folder / "syndicate.db")) as db:
            names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    (folder / "releases").mkdir()
    text = "---\ntopic: Brücken\n{}---\n# {}\n\nÜber {} wird in Talland gesprochen.\n"
    (folder / "releases/a.md").write_text(text.format("", "Neue Brücke", "die Brücke"), "utf-8")
    (folder / "releases/b.md").write_text(text.format("embargo: Redebeginn\n", BESIDE, SECRET), "utf-8")
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    with App(load(folder / "config.toml")) as app:
        app.prepare()
        app.run(Poll(None, ("amt",), "each"))
        app.publish()
        routes = routes_of(app)
        pages = create_app(
            folder / "feeds",
            gone=app.gone,
            moved=app.moved,
            routes=routes,
            base=lambda: app.plan.site.base_url,
            delta=partial(changed, app),
        )
        with Server(pages, "127.0.0.1", 0, door=Door([ip_network("127.0.0.1")])) as server:
            yield House(folder, server.port, routes, count(1))


def parameters() -> list[str]:
    """Of all routes: what their files and those below them name in quotes, as a parameter is named."""
    files = [*SOURCES.glob("serve/routes/*.py"), *SOURCES.glob("websub/*.py"), *SOURCES.glob("combined/*.py")]
    found = {name for file in files for name in re.findall(r'"((?:hub\.)?[a-z_]{1,20})"', file.read_text("utf-8"))}
    return sorted(found | {"q", "topic", "hub.mode", "hub.topic", "hub.callback", "hub.challenge"})


def attacks(route: Route) -> Iterator[Attack]:
    path = f"/{route.path}"
    for tail in TAILS:
        yield Attack(path + tail)
    for method in METHODS:
        yield Attack(path, method)
        yield Attack(f"{path}/x", method)
    for value in VALUES:
        yield Attack(f"{path}/{value}")
        yield Attack(f"{path}?{value}")
    names = parameters()
    for number, value in enumerate(VALUES):
        # All at once, and a few alone: what is read first must not hide the rest.
        yield Attack(f"{path}?{'&'.join(f'{name}={value[:80]}' for name in names[:60])}")
        for name in ("q", "topic", names[number % len(names)]):
            yield Attack(f"{path}?{name}={value}")
        yield Attack(f"{path}?q=a&topic=bruecken&q={value}")
    yield Attack(f"{path}?{'&'.join(['topic=bruecken'] * 99)}")
    for headers in HEADERS:
        yield Attack(path, headers=headers)
        yield Attack(f"{path}/all.atom", headers=headers)
    if "POST" in route.methods:
        for body in BODIES:
            yield Attack(path, "POST", {}, body)
            yield Attack(f"{path}/x", "POST", {}, body)
        for value in VALUES:
            for mode in ("subscribe", "unsubscribe", value):
                pairs = (f"{name}={mode if name.endswith('mode') else value}" for name in names[:60])
                yield Attack(path, "POST", {"Content-Type": FORM}, "&".join(pairs).encode())


@pytest.mark.sqlite
def test_every_route_refuses_clearly_and_stores_nothing(house: House) -> None:
    assert house.routes
    before, published = house.stored(), whole(house)
    for route in house.routes:
        for attack in attacks(route):
            with capture_logs() as lines:
                status, raw = house.ask(attack)
            told = (
                f"{attack.method} {attack.target[:200]} {[*attack.headers.items()][:2]} {attack.body[:60]!r}: {status}"
            )
            assert status < 500, told
            assert not [line for line in lines if line["log_level"] in ("error", "critical")], (told, lines)
            assert BESIDE.encode() not in raw, told
            assert status in (0, 304) or safe(raw), (told, raw[:1000])
            assert b"\r\nX-A:" not in raw.partition(b"\r\n\r\n")[0], told
            assert b"Traceback" not in raw, told
    assert house.stored() == before
    assert whole(house) == published


def safe(raw: bytes) -> bool:
    """Does it say what a browser may do with it, and that no cache keeps it for longer than five minutes?"""
    said = raw.partition(b"\r\n\r\n")[0].lower()
    kept = re.search(
        rb"\r\ncache-control: ((?:private, )?no-store(?:, im, max-age=60)?|max-age=(?:60|300))\r\n", said + b"\r\n"
    )
    names = (b"x-content-type-options: nosniff", b"referrer-policy: ", b"content-security-policy: ")
    return bool(kept) and all(b"\r\n" + name in said for name in names)


def whole(house: House) -> bytes:
    """That the folder is served all the while."""
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/bruecken.atom")
        response = connection.getresponse()
        assert response.status == 200
        return response.read()
    finally:
        connection.close()
