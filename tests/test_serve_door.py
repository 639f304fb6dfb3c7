"""Who is let in, on real sockets of several loopback addresses; and a flood beside a publish, as one process has it."""

import ipaddress
import os
import resource
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from syndicate.serve import Door, Server
from waiting import PATIENCE, until

ROOM = 16  # of these doors: an address has four


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def served(*trusted: str) -> Iterator[Server]:
    door = Door(map(ipaddress.ip_network, trusted), ROOM)
    with Server(hello, "127.0.0.1", 0, patience=600, door=door) as server:
        yield server


def come(server: Server, address: str = "127.0.0.1") -> socket.socket:
    return connected(server.port, address)


def connected(port: int, address: str) -> socket.socket:
    """Perhaps it is dropped before it knows that it was let in."""
    connection = socket.socket()
    connection.settimeout(PATIENCE)
    connection.bind((address, 0))
    with suppress(ConnectionError):
        connection.connect(("127.0.0.1", port))
    return connection


def answered(connection: socket.socket) -> bool:
    try:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        return connection.recv(1000).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def inside(server: Server) -> int:
    return len(server._uvicorn.server_state.connections)


def test_idle_connections_make_room_the_oldest_first(tmp_path: Path) -> None:
    with served() as server, ExitStack() as clients:
        idle = []
        for number in range(6):
            idle.append(clients.enter_context(come(server)))
            until(lambda n=number: inside(server) == min(n + 1, 4))  # type: ignore[misc]
        assert [answered(connection) for connection in idle] == [False, False, True, True, True, True]


def test_one_address_takes_no_room_from_the_others() -> None:
    with served() as server, ExitStack() as clients:
        for _ in range(3 * ROOM):
            clients.enter_context(come(server))
        others = [clients.enter_context(come(server, f"127.0.0.{n}")) for n in range(2, 8)]
        assert all(map(answered, others))
        assert inside(server) <= 4 + len(others)


def test_many_addresses_take_no_room_from_a_newcomer() -> None:
    with served() as server, ExitStack() as clients:
        for number in range(3 * ROOM):
            clients.enter_context(come(server, f"127.0.1.{number + 1}"))
        assert answered(clients.enter_context(come(server)))
        assert inside(server) <= ROOM


def test_whoever_is_being_answered_makes_no_room() -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    with Server(slow, "127.0.0.1", 0, patience=600, door=Door((), ROOM)) as server, ExitStack() as clients:
        busy = [clients.enter_context(come(server)) for _ in range(4)]
        for connection in busy:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: len(server._uvicorn.server_state.tasks) == 4)
        late = clients.enter_context(come(server))
        assert not answered(late)  # its address has its share
        assert inside(server) == 4


@contextmanager
def unread(*trusted: str) -> Iterator[tuple[Server, ExitStack]]:
    """Two addresses have all the places, with answers that they do not read."""

    async def long(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/":
            return await hello(scope, receive, send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(500):
            await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})
        await send({"type": "http.response.body"})

    room = 32
    door = Door(map(ipaddress.ip_network, trusted), room)
    door._share = room // 2
    with Server(long, "127.0.0.1", 0, patience=600, door=door) as server, ExitStack() as clients:
        for number in range(room):
            clients.enter_context(come(server, f"127.0.2.{number % 2 + 1}")).sendall(
                b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n"
            )
        connections = server._uvicorn.server_state.connections
        until(lambda: len(connections) == room and all(c.place.unread() for c in list(connections)))  # type: ignore[attr-defined]
        yield server, clients


def test_slow_readers_of_some_addresses_take_no_room_from_others() -> None:
    with unread() as (server, clients):
        others = [clients.enter_context(come(server, f"127.0.0.{n}")) for n in range(1, 6)]
        assert all(map(answered, others))


def test_of_a_trusted_proxy_no_answer_is_cut_off() -> None:
    with unread("127.0.2.0/24") as (server, _):
        assert not server._uvicorn.door._make_room_anywhere()
        assert all(not c.transport.is_closing() for c in list(server._uvicorn.server_state.connections))


def test_who_idles_makes_room_before_who_does_not_read() -> None:
    with unread() as (server, clients):
        for _ in range(9):
            clients.enter_context(come(server, "127.0.0.1"))
        door = server._uvicorn.door
        until(lambda: len(door._inside.get("127.0.0.1", ())) == 9)
        slow = len(door._inside["127.0.2.1"])
        assert answered(clients.enter_context(come(server, "127.0.0.9")))
        assert (len(door._inside["127.0.0.1"]), len(door._inside["127.0.2.1"])) == (8, slow)


@pytest.mark.parametrize(("soft", "connections"), [(1024, 256), (256, 64), (20, 8), (100_000, 512)])
def test_half_of_the_descriptors_are_the_daemons(soft: int, connections: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where each connection is sent a file of its own."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, soft))
    assert Door()._room == connections


def test_a_trusted_proxy_has_no_share() -> None:
    with served("127.0.0.0/8") as server, ExitStack() as clients:
        readers = [clients.enter_context(come(server)) for _ in range(ROOM)]
        assert all(map(answered, readers))


FLOOD = """
    import resource, socket, sys, threading, time
    from pathlib import Path
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    from syndicate.app import App
    from syndicate.config import read
    from syndicate.cli import log
    from syndicate.model import Poll
    from syndicate.serve import Server, create_app
    log.configure(20)
    root = Path(sys.argv[1])
    (root / "releases").mkdir()
    config = read('site.tag = "a.example,2026"\\n[[source]]\\nid = "amt"\\npath = "releases"', root / "c.toml")
    with App(config) as app:
        app.prepare(); app.publish()
        with Server(create_app(root / "feeds"), "127.0.0.1", 0) as server:
            print(server.port, flush=True)
            for number in range(5):
                sys.stdin.readline()
                (root / "releases" / f"{number}.md").write_text(f"# Nummer {number}\\n\\nText der Meldung {number}.")
                began = time.monotonic()
                app.run(Poll(None, ("amt",), "each"))
                print(len(app.publish()), time.monotonic() - began, flush=True)
            sys.stdin.read()  # it serves until it is killed
"""


def test_a_flood_stops_neither_publishing_nor_readers(tmp_path: Path) -> None:
    """At 1,024 open files: 1,500 idle connections, and others that come and go, while it publishes."""
    log = tmp_path / "log"
    with (
        log.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(FLOOD), str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        ) as process,
        ExitStack() as flood,
    ):
        assert process.stdin
        assert process.stdout
        port = int(process.stdout.readline())
        try:
            for number in range(5):
                for _ in range(300):
                    flood.enter_context(connected(port, "127.0.0.2"))
                process.stdin.write("\n")
                process.stdin.flush()
                assert int(process.stdout.readline().split()[0]) >= 3
                with socket.create_connection(("127.0.0.1", port), PATIENCE) as reader:
                    reader.sendall(b"GET /all.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    assert f"Nummer {number}".encode() in b"".join(iter(lambda: reader.recv(65536), b""))
        finally:
            process.kill()
    assert "Traceback" not in log.read_text()
    assert log.stat().st_size < 10_000
