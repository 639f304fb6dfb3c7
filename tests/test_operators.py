"""The status address: who may ask it, and what it answers."""

import asyncio
import base64
import socket
import threading
from collections.abc import Iterator

import pytest

from syndicate.operators import Access, Made, create_app, is_meant
from syndicate.serve import Door, Server
from waiting import PATIENCE, until

PAGE, METRICS = b"<!doctype html><title>Stand</title>", b"syndicate_up 1\n"
PASSWORD = "acht Birken: am Weg"
PLAIN = Access(("127.0.0.1",), ("status.example.org", "nur.example.org:8443", "[2001:db8::1]"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(create_app(lambda: PAGE, lambda: METRICS, lambda: PLAIN), "127.0.0.1", 0) as running:
        yield running


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    app = create_app(lambda: PAGE, lambda: METRICS, lambda: PLAIN._replace(password=PASSWORD), pause=0.01)
    with Server(app, "127.0.0.1", 0) as running:
        yield running


def said(server: Server, head: str) -> tuple[int, dict[str, str], bytes]:
    """Status, fields and body of the answer to these lines, `Connection: close` among them."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall("\r\n".join([*head.format(port=server.port).splitlines(), "", ""]).encode("latin-1"))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    begin, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = begin.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), fields, body


def asked(path: str = "/", host: str = "127.0.0.1:{port}", more: str = "", method: str = "GET") -> str:
    return f"{method} {path} HTTP/1.1\nHost: {host}\nConnection: close\n{more}".rstrip("\n")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("127.0.0.1", 200),
        ("127.0.0.1:1", 200),  # by a tunnel
        ("127.9.9.9:{port}", 200),
        ("localhost:{port}", 200),
        ("LocalHost.:{port}", 200),
        ("status.localhost", 200),
        ("[::1]:{port}", 200),
        ("[0:0::1]", 200),
        ("status.example.org", 200),
        ("Status.Example.ORG.:443", 200),
        ("nur.example.org:8443", 200),
        ("[2001:db8:0::1]:8001", 200),
        ("nur.example.org", 421),
        ("nur.example.org:8444", 421),
        ("evil.example", 421),
        ("evil.example:{port}", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("evil.example#127.0.0.1", 421),
        ("evil@127.0.0.1", 421),
        ("127.0.0.1@evil.example", 421),
        ("127.0.0.1:80:80", 421),
        ("127.0.0.1:99999", 421),
        ("localhost:http", 421),
        ("localhost..", 421),
        ("2130706433", 421),
        ("0x7f000001", 421),
        ("127.1", 421),
        ("0.0.0.0", 421),
        ("192.168.1.2", 421),
        ("[::1", 421),
        ("[::1%lo]", 421),
        ("::1", 421),
        ("localhost, evil.example", 421),
        ("localhöst", 421),
        ("", 421),
    ],
)
def test_whom_it_answers_for(host: str, status: int, server: Server) -> None:
    for path in ("/", "/metrics", "/nothing"):
        found, fields, body = said(server, asked(path, host))
        assert found == (status if status == 421 or path != "/nothing" else 404)
        assert (PAGE in body or METRICS in body) == (found == 200)
        assert fields["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GET / HTTP/1.1\nConnection: close", 400),
        ("GET / HTTP/1.0", 421),
        ("GET / HTTP/1.0\nHost: localhost", 200),
        ("GET / HTTP/1.1\nHost: localhost\nHost: evil.example\nConnection: close", 400),
        ("GET / HTTP/1.0\nHost: localhost\nHost: evil.example", 400),
        ("GET http://evil.example/ HTTP/1.1\nHost: localhost\nConnection: close", 421),
        ("GET HTTP://localhost:{port}/ HTTP/1.1\nHost: evil.example\nConnection: close", 200),
        ("GET http://evil.example\\@localhost/ HTTP/1.1\nHost: localhost\nConnection: close", 400),
        ("GET http://evil.example:1@localhost/ HTTP/1.1\nHost: localhost\nConnection: close", 421),
        ("GET //evil.example/ HTTP/1.1\nHost: localhost\nConnection: close", 404),
        ("GET //evil.example/ HTTP/1.1\nHost: evil.example\nConnection: close", 421),
    ],
)
def test_whom_a_request_asks(head: str, status: int, server: Server) -> None:
    assert said(server, head)[0] == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_it_changes_nothing(method: str, server: Server) -> None:
    status, fields, _ = said(server, asked(method=method))
    assert (status, fields["allow"]) == (405, "get, head")
    assert said(server, asked(method=method, host="evil.example"))[0] == 421


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/metrics", "text/plain; version=0.0.4")])
def test_what_it_answers(path: str, kind: str, server: Server) -> None:
    status, fields, body = said(server, asked(path))
    assert (status, body) == (200, PAGE if path == "/" else METRICS)
    assert fields["content-type"] == f"{kind}; charset=utf-8"
    assert fields["x-content-type-options"] == "nosniff"
    assert fields["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in fields
    assert path != "/" or fields["content-security-policy"].startswith("default-src 'none'")
    head = said(server, asked(path, method="HEAD"))
    assert (head[0], head[1]["content-length"], head[2]) == (200, str(len(body)), b"")


def basic(credentials: str) -> str:
    return f"Authorization: Basic {base64.b64encode(credentials.encode()).decode()}"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("", 401),
        (basic(f"prometheus:{PASSWORD}"), 200),
        (basic(f":{PASSWORD}"), 200),
        (basic(f"prometheus:{PASSWORD}").replace("Basic", "bAsIc"), 200),
        (basic(PASSWORD), 401),  # `acht Birken` is the user then
        (basic("prometheus:"), 401),
        (basic(f"prometheus:{PASSWORD} "), 401),
        (basic(f"prometheus:{PASSWORD[:-1]}"), 401),
        (basic("ä:ö"), 401),
        ("Authorization: Basic ===", 401),
        ("Authorization: Basic", 401),
        (f"Authorization: Bearer {PASSWORD}", 401),
        (f"{basic('a:b')}\n{basic(f'a:{PASSWORD}')}", 401),
    ],
)
def test_a_password_is_asked_for(more: str, status: int, guarded: Server) -> None:
    for path in ("/", "/metrics", "/nothing"):
        found, fields, body = said(guarded, asked(path, more=more))
        assert found == (404 if (path, status) == ("/nothing", 200) else status)
        assert ("www-authenticate" in fields) == (found == 401)
        assert PASSWORD.encode() not in body
    assert said(guarded, asked(host="evil.example", more=more))[0] == 421


def test_what_cannot_be_told_is_no_200() -> None:
    def fails() -> bytes:
        raise RuntimeError("geheim")

    with Server(create_app(fails, lambda: METRICS, lambda: PLAIN), "127.0.0.1", 0) as running:
        status, _, body = said(running, asked())
        assert (status, b"geheim" in body) == (503, False)
        assert said(running, asked("/metrics"))[0] == 200


def test_however_many_ask_it_is_made_once() -> None:
    """Also where they hang up before it is; nobody waits behind those."""
    made, go = list[int](), threading.Event()

    def metrics() -> bytes:
        made.append(1)
        assert go.wait(PATIENCE)
        return METRICS

    app = create_app(lambda: PAGE, metrics, lambda: PLAIN)
    with Server(app, "127.0.0.1", 0, door=Door(room=64)) as running:
        request = asked("/metrics").format(port=running.port).replace("\n", "\r\n").encode() + b"\r\n\r\n"
        waiting = [socket.create_connection(("127.0.0.1", running.port), PATIENCE) for _ in range(12)]
        for connection in waiting:
            connection.sendall(request)
        for connection in waiting[:4]:
            connection.close()
        until(lambda: made)
        assert said(running, asked())[0] == 200  # the page is another document
        go.set()
        for connection in waiting[4:]:
            assert METRICS in b"".join(iter(lambda each=connection: each.recv(65536), b""))  # type: ignore[misc]
            connection.close()
        assert len(made) == 1


def test_however_often_somebody_asks_a_tenth_of_the_time_goes_to_it() -> None:
    now, made = [0.0], list[float]()

    def make() -> bytes:
        made.append(now[0])
        now[0] += 0.5  # what it takes
        return b"%d" % len(made)

    async def asks() -> list[bytes]:
        document, told = Made(make, lambda: now[0]), list[bytes]()
        for _ in range(1_000):
            told.append(await document.get())
            now[0] += 0.01
        return told

    told = asyncio.run(asks())
    assert made == pytest.approx([0.0, 5.0, 10.0], abs=0.02)
    assert told[0] == b"1"
    assert told[-1] == b"3"


def test_what_takes_long_is_made_anew_after_ten_seconds() -> None:
    now, made = [0.0], list[float]()

    def make() -> bytes:
        made.append(now[0])
        now[0] += 60.0
        return b""

    async def asks() -> None:
        document = Made(make, lambda: now[0])
        for _ in range(30):
            await document.get()
            now[0] += 1

    asyncio.run(asks())
    assert made == [0.0, 70.0, 140.0]


def test_what_failed_is_tried_again_at_the_next_request() -> None:
    tries = iter([RuntimeError(), b"fine"])

    def make() -> bytes:
        if isinstance(found := next(tries), bytes):
            return found
        raise found

    async def asks() -> bytes:
        document = Made(make)
        with pytest.raises(RuntimeError):
            await document.get()
        return await document.get()

    assert asyncio.run(asks()) == b"fine"


@pytest.mark.parametrize(
    ("authority", "own", "meant"),
    [
        ("10.1.2.3:8001", ("10.1.2.3",), True),
        ("[2001:DB8::1]", ("2001:db8:0:0::1",), True),
        ("10.1.2.4:8001", ("10.1.2.3",), False),
        ("amt.example", ("Amt.example",), True),
    ],
)
def test_its_own_address_is_meant(authority: str, own: tuple[str, ...], meant: bool) -> None:
    assert is_meant(authority, own, ()) == meant
