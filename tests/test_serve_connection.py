"""What one connection may do, in bytes: answers at once are those of the application, and odd clients have bounds."""

import gzip
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from syndicate.serve import Server, create_app
from waiting import PATIENCE, until

FEED = b"<feed>Talland</feed>\n" * 100
HOST = b"Host: x\r\n"
CLOSE = b"Connection: close\r\n"
LONG = b"0" * (2**20 + 1)  # not answered at once


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feeds")
    (folder / "releases").mkdir()
    for path in ("all.atom", "neu.atom", "index.html", "releases/a00000000000.html", "releases/b00000000000.html"):
        (folder / path).write_bytes(FEED)
    (folder / "media").mkdir()
    (folder / "media" / "film.mp4").write_bytes(FEED)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "long.json").write_bytes(LONG)
    return folder


@pytest.fixture(scope="module")
def servers(folder: Path) -> Iterator[tuple[Server, Server]]:
    """One that answers at once where it can, and one that always asks the application."""
    app = create_app(
        folder, gone=lambda path: "/b" in path, moved=lambda path: "neu.atom" if path == "alt.atom" else None
    )

    async def only(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    with Server(app, "127.0.0.1", 0, patience=600) as ours, Server(only, "127.0.0.1", 0, patience=600) as theirs:
        yield ours, theirs


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), PATIENCE)


def said(server: Server, sent: bytes, *, half: bool = False) -> bytes:
    """All that comes until the server closes, without the time. `half`: we close our own half first."""
    with connect(server) as connection:
        connection.sendall(sent)
        if half:
            connection.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: connection.recv(2**20), b""))
    return re.sub(rb"date: .*?\r\n", b"", received)


ETAG = rb'etag: (".*?")'
FILM = b"media/film.mp4"
RELEASE, WITHDRAWN = b"releases/a00000000000.html", b"releases/b00000000000.html"
PATHS = [b"all.atom", b"index.html", b"empty.txt", b"long.json", b"alt.atom", b"nothing.txt", FILM, RELEASE, WITHDRAWN]
ASKED = [
    b"",
    b"Accept-Encoding: gzip\r\n",
    b"Accept-Encoding: br, gzip;q=0\r\nAccept-Encoding: *\r\n",
    b"IF-NONE-MATCH: *\r\n",
    b'If-None-Match: "x"\r\nIf-None-Match: %s\r\n',
    b'If-None-Match: "x"\r\nIf-Modified-Since: Sat, 14 Mar 2037 11:00:00 GMT\r\n',
    b"If-Modified-Since: Sat, 14 Mar 2037 11:00:00 GMT\r\n",
    b"If-Match: %s\r\n",
    b'If-Match: "x"\r\n',
    b"If-Unmodified-Since: Sat, 14 Mar 2020 11:00:00 GMT\r\n",
    b"Range: bytes=1-2\r\n",
    b"Range: bytes=1-2\r\nIf-Range: %s\r\n",
    b"Sec-Fetch-Dest: document\r\n",
    b"Expect: 100-continue\r\n",
    b"Content-Length: 3\r\n\r\nabc",
]


@pytest.mark.parametrize("fields", ASKED)
@pytest.mark.parametrize("path", PATHS)
def test_at_once_is_what_the_application_says(servers: tuple[Server, Server], path: bytes, fields: bytes) -> None:
    ours, theirs = servers
    target = b"/" + path
    tag = re.search(ETAG, said(theirs, b"HEAD %b HTTP/1.1\r\n%b%b\r\n" % (target, HOST, CLOSE)))
    fields = fields.replace(b"%s", tag[1] if tag else b"*")
    ways = (target, target + b"?a=b", b"http://x" + target, target.replace(b"a", b"%61", 1))
    lines = [b"GET %b HTTP/1.1\r\n%b" % (way, CLOSE) for way in ways]
    lines += [method + b" " + target + b" HTTP/1.1\r\n" + CLOSE for method in (b"HEAD", b"POST")]
    for line in (*lines, b"GET " + target + b" HTTP/1.0\r\n"):
        request = line + HOST + fields + b"\r\n"
        # Headers have no order.
        head, _, body = said(ours, request).partition(b"\r\n\r\n")
        same, _, other = said(theirs, request).partition(b"\r\n\r\n")
        assert (sorted(head.split(b"\r\n")), body) == (sorted(same.split(b"\r\n")), other)
        assert head.startswith(b"HTTP/1.1 ")


def test_a_kept_file_is_answered_at_once(servers: tuple[Server, Server]) -> None:
    """Otherwise the comparison above says nothing."""
    ours, _ = servers
    said(ours, b"GET /all.atom HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")  # it is read
    before = ours._uvicorn.server_state.total_requests
    for method, fields in ((b"GET", b""), (b"HEAD", b""), (b"GET", b"Accept-Encoding: gzip\r\n")):
        said(ours, b"%b /all.atom HTTP/1.1\r\n%b%b%b\r\n" % (method, HOST, CLOSE, fields))
    assert ours._uvicorn.server_state.total_requests == before  # which the application's answers add to
    said(ours, b"GET /" + RELEASE + b" HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    assert ours._uvicorn.server_state.total_requests == before + 1


@pytest.mark.parametrize("path", [b"all.atom", RELEASE, b"long.json"])
def test_who_has_said_all_still_gets_the_answer(servers: tuple[Server, Server], path: bytes) -> None:
    for server in servers:
        body = said(server, b"GET /" + path + b" HTTP/1.1\r\n" + HOST + b"\r\n", half=True).partition(b"\r\n\r\n")[2]
        assert body in (FEED, LONG)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /all.atom HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /all.atom HTTP/1.1\r\nHost: x\r\nHost: x\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /all.atom HTTP/1.0\r\nHost: x\r\nhost: y\r\n\r\n", b"400"),
        (b"GET /all.atom HTTP/1.1\r\nhOST:\r\nConnection: close\r\n\r\n", b"200"),
        (b"GET /all.atom HTTP/1.0\r\n\r\n", b"200"),
        (b"GET /all.atom HTTP/1.1\r\nHost: x\r\nX-A: \x00\r\n\r\n", b"400"),
        (b"GET /all.atom HTTP/1.1\r\nHost : x\r\n\r\n", b"400"),
        (b"GET /all.atom\r\n\r\n", b"400"),
        (b"GET  HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", b"400"),
        (b"POST /all.atom HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (b"POST /all.atom HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nx", b"400"),
        (b"POST /all.atom HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", b"400"),
        (b"POST /all.atom HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\nx", b"400"),
        (b"POST /all.atom HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"F" * 17 + b"\r\n", b"400"),
    ],
)
def test_what_is_no_request_is_refused(servers: tuple[Server, Server], request_: bytes, status: bytes) -> None:
    for server in servers:
        received = said(server, request_)
        assert received[9:12] == status
        assert received.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("path", [b"all.atom", RELEASE, b"long.json"])
def test_nothing_follows_the_last_request(servers: tuple[Server, Server], path: bytes) -> None:
    one, last = b"GET /" + path + b" HTTP/1.1\r\n" + HOST, CLOSE + b"\r\n"
    assert said(servers[0], one + last + (one + b"\r\n") * 50).count(b"HTTP/1.1 200") == 1


def test_requests_in_one_packet_are_answered_in_order(servers: tuple[Server, Server]) -> None:
    paths = [b"all.atom", RELEASE, b"index.html", b"long.json", b"all.atom", b"nothing.txt"]
    requests = [b"GET /" + path + b" HTTP/1.1\r\n" + HOST for path in paths]
    alone = b"".join(said(servers[0], request + CLOSE + b"\r\n") for request in requests)
    together = said(servers[0], b"\r\n".join(requests) + CLOSE + b"\r\n")
    assert together == alone.replace(b"connection: close\r\n", b"", len(paths) - 1)


def test_an_old_client_may_stay(servers: tuple[Server, Server]) -> None:
    one = b"GET /all.atom HTTP/1.0\r\n"
    said(servers[0], one + b"\r\n")  # it is read
    answers = said(servers[0], (one + b"Connection: Keep-Alive\r\n\r\n") * 2 + one + b"\r\n")
    found = re.findall(rb"(?:HTTP/1.1 200|connection: [a-z-]+)", answers)
    assert found == [b"HTTP/1.1 200", b"connection: keep-alive"] * 2 + [b"HTTP/1.1 200", b"connection: close"]


def test_many_kept_answers_are_given_in_one_go(servers: tuple[Server, Server]) -> None:
    one = b"HEAD /all.atom HTTP/1.1\r\n" + HOST
    assert said(servers[0], (one + b"\r\n") * 199 + one + CLOSE + b"\r\n").count(b"HTTP/1.1 200") == 200


def test_only_so_many_are_read_at_once(servers: tuple[Server, Server]) -> None:
    """All that stand in one packet are answered before anybody else is."""
    with connect(servers[0]) as connection, suppress(ConnectionError):
        connection.sendall((b"HEAD /all.atom HTTP/1.1\r\n" + HOST + b"\r\n") * 5000)
        received = b"".join(iter(lambda: connection.recv(2**20), b""))
        assert received.count(b"HTTP/1.1 200") < 5000


@pytest.mark.parametrize(("fields", "status"), [(190, b"200"), (201, b"400"), (20_000, b"400")])
def test_a_head_has_only_so_many_fields(servers: tuple[Server, Server], fields: int, status: bytes) -> None:
    received = said(servers[0], b"GET /all.atom HTTP/1.1\r\n" + HOST + CLOSE + b"a: \r\n" * fields + b"\r\n")
    assert received.startswith(b"HTTP/1.1 " + status)


def test_no_refusal_stands_amid_an_answer(folder: Path) -> None:
    holds, asked = threading.Event(), threading.Event()

    def gone(_: str) -> bool:
        asked.set()
        return holds.wait(PATIENCE)

    with Server(create_app(folder, gone=gone), "127.0.0.1", 0, patience=600) as server:
        with connect(server) as connection:
            connection.sendall(b"GET /" + RELEASE + b" HTTP/1.1\r\n" + HOST + b"\r\n")
            assert asked.wait(PATIENCE)
            connection.sendall(b"\x16\x03\r\n\r\n")
            with suppress(ConnectionError):
                assert connection.recv(100) == b""
        holds.set()


def test_a_body_that_cannot_be_read_is_refused_once() -> None:
    """While the application waits for more of it; whatever that says then, goes nowhere."""
    waits, told = threading.Event(), list[str]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        waits.set()
        told.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 202, "headers": []})
        await send({"type": "http.response.body"})

    with Server(app, "127.0.0.1", 0, patience=600) as server, connect(server) as connection:
        connection.sendall(b"POST /hub HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
        assert waits.wait(PATIENCE)
        connection.sendall(b"-1\r\n")
        received = b"".join(iter(lambda: connection.recv(65536), b""))
        until(lambda: bool(told))
    assert (received[:13], received.count(b"HTTP/1.1 ")) == (b"HTTP/1.1 400 ", 1)
    assert told == ["http.disconnect"]


def test_what_is_dropped_amid_an_answer_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    """Also where others wait behind it."""
    ended = threading.Semaphore(0)

    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        await send({"type": "http.response.body", "body": b"123", "more_body": True})
        (connection,) = server._uvicorn.server_state.connections
        connection.place.drop()  # type: ignore[attr-defined]
        await send({"type": "http.response.body", "body": b"456", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        await send({"type": "http.response.body", "body": b"789"})
        ended.release()

    with Server(late, "127.0.0.1", 0, patience=600) as server, connect(server) as connection:
        connection.sendall((b"GET / HTTP/1.1\r\n" + HOST + b"\r\n") * 3)
        assert ended.acquire(timeout=PATIENCE)
        until(lambda: not server._uvicorn.server_state.tasks)
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


def test_only_so_many_requests_wait(folder: Path) -> None:
    """Each costs what thousands in one packet would not: a scope, a task."""
    holds = threading.Event()
    with Server(create_app(folder, gone=lambda _: holds.wait(PATIENCE)), "127.0.0.1", 0, patience=600) as server:
        with connect(server) as connection:
            connection.sendall((b"GET /" + RELEASE + b" HTTP/1.1\r\n" + HOST + b"\r\n") * 1000)
            until(lambda: not server._uvicorn.server_state.connections)
        holds.set()


def test_a_kept_answer_is_never_older_than_the_file(servers: tuple[Server, Server], folder: Path) -> None:
    with connect(servers[0]) as connection:
        for number in range(20):
            body = b"%07d" % number
            (folder / ".new").write_bytes(body)
            (folder / ".new").replace(folder / "neu.atom")
            connection.sendall(b"GET /neu.atom HTTP/1.1\r\n" + HOST + b"\r\n")
            received = b""
            while not received.partition(b"\r\n\r\n")[2][6:]:
                received += connection.recv(2**16)
            assert received.endswith(body)
        (folder / "neu.atom").unlink()
        connection.sendall(b"GET /neu.atom HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 404")


def test_it_serves_without_uvloop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a platform that has none: the same bytes."""
    monkeypatch.setitem(sys.modules, "uvloop", None)
    with Server(create_app(folder), "127.0.0.1", 0, patience=600) as server:
        for path, body in ((b"all.atom", FEED), (RELEASE, FEED), (b"long.json", LONG), (FILM, FEED)):
            for _ in range(2):
                request = b"GET /" + path + b" HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n"
                assert said(server, request).partition(b"\r\n\r\n")[2] == body
        assert "asyncio" in type(server._uvicorn._ending[0]).__module__  # type: ignore[index]


def test_gzip_at_once(servers: tuple[Server, Server]) -> None:
    request = b"GET /all.atom HTTP/1.1\r\nAccept-Encoding: gzip\r\n" + HOST + CLOSE + b"\r\n"
    for _ in range(2):
        head, _, body = said(servers[0], request).partition(b"\r\n\r\n")
        assert b"content-encoding: gzip" in head
        assert gzip.decompress(body) == FEED
