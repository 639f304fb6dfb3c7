"""Starting, stopping, and what a single client may cost."""

import asyncio
import http.client
import pkgutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from syndicate.errors import ConfigError
from syndicate.serve import Server, State, create_app
from waiting import PATIENCE, until

BIG = 7 * 2**20  # more than the kernel buffers for one connection


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feeds")
    (folder / "all.atom").write_bytes(b"<feed/>")
    (folder / "media").mkdir()
    (folder / "media" / "film.mp4").write_bytes(bytes(BIG))
    return folder


@pytest.fixture(scope="module")
def impatient(folder: Path) -> Iterator[Server]:
    """A server that looks after its connections every 0.2 seconds."""
    with Server(create_app(folder), "127.0.0.1", 0, patience=0.2) as server:
        yield server


def connect(server: Server, receive_buffer: int | None = None) -> socket.socket:
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(PATIENCE)
    connection.connect(("127.0.0.1", server.port))
    return connection


def status(server: Server, path: str = "/all.atom") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def refused(server: Server) -> bool:
    """Does it listen no more?"""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", server.port)) != 0


def dropped(connection: socket.socket) -> bool:
    """Has the other side closed it? Waits for it as long as the connection's time-out."""
    try:
        while connection.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def send_for_ever(connection: socket.socket, line: bytes, *, every: float, times: int) -> None:
    for _ in range(times):
        connection.sendall(line)
        time.sleep(every)


def test_it_serves_from_start_to_stop(folder: Path) -> None:
    server = Server(create_app(folder), "127.0.0.1", 0)
    assert not server.alive
    server.start()
    assert server.alive
    assert server.address == f"http://127.0.0.1:{server.port}/"
    assert status(server) == 200
    server.stop()
    assert not server.alive
    with pytest.raises(ConnectionRefusedError):
        status(server)
    server.stop()


def test_stop_without_start_is_nothing(folder: Path) -> None:
    Server(create_app(folder), "127.0.0.1", 0).stop()


def test_the_port_is_free_again_at_once(folder: Path) -> None:
    with Server(create_app(folder), "127.0.0.1", 0) as first:
        connection = connect(first)
        connection.sendall(b"GET /all.atom HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(1000)
    with Server(create_app(folder), "127.0.0.1", first.port) as second:
        assert status(second) == 200
    connection.close()


def test_signals_stay_ours(folder: Path) -> None:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with Server(create_app(folder), "127.0.0.1", 0):
        assert handlers == {number: signal.getsignal(number) for number in handlers}


def test_it_does_not_say_what_it_is(impatient: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", impatient.port, timeout=PATIENCE)
    connection.request("GET", "/all.atom")
    response = connection.getresponse()
    assert response.headers["server"] is None
    assert response.headers["date"]
    connection.close()


def test_the_date_is_that_of_its_second() -> None:
    now = [1_780_000_000.9]
    state = State(lambda: now[0])
    first = state.default_headers
    assert first == [(b"date", b"Thu, 28 May 2026 20:26:40 GMT")]
    assert state.default_headers is first
    now[0] += 0.1
    assert state.default_headers == [(b"date", b"Thu, 28 May 2026 20:26:41 GMT")]
    now[0] -= 3600  # the clock was set back
    assert state.default_headers == [(b"date", b"Thu, 28 May 2026 19:26:41 GMT")]


def test_a_port_in_use_is_named(folder: Path) -> None:
    with Server(create_app(folder), "127.0.0.1", 0) as first:
        second = Server(create_app(folder), "127.0.0.1", first.port)
        with pytest.raises(ConfigError, match=rf"^port {first.port} on 127\.0\.0\.1 is in use "):
            second.start()
        assert not second.alive
        second.stop()
        assert status(first) == 200


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("192.0.2.1", 8000, "serve.host: 192.0.2.1 is no address of this machine"),
        ("a" * 64 + ".example", 8000, "is no host that can be found"),
        ("127.0.0.1", 70_000, "port 70000 on 127.0.0.1"),
    ],
)
def test_where_it_cannot_listen_it_says_so(folder: Path, host: str, port: int, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Server(create_app(folder), host, port).start()


def test_a_name_with_several_addresses_listens_on_all(folder: Path) -> None:
    with Server(create_app(folder), "localhost", 0) as server:
        for family, _, _, _, address in socket.getaddrinfo("localhost", server.port, type=socket.SOCK_STREAM):
            if family == socket.AF_INET:  # not every machine has the other family
                with socket.socket(family) as connection:
                    connection.connect(address)
        assert status(server) == 200


def test_an_address_that_the_machine_lacks_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `localhost` is where there is no IPv6."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 0)) for host in ("192.0.2.1", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    server = Server(create_app(folder), "both.example", 0)
    server.start()
    monkeypatch.undo()
    assert status(server) == 200
    server.stop()


def test_it_stops_in_time_whatever_its_clients_do(folder: Path) -> None:
    with ExitStack() as clients:
        server = Server(create_app(folder), "127.0.0.1", 0)
        server.start()
        idle, silent, unfinished = (clients.enter_context(connect(server)) for _ in range(3))
        idle.sendall(b"GET /all.atom HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(1000).startswith(b"HTTP/1.1 200")
        unfinished.sendall(b"GET /all.atom HTTP/1.1\r\nHost:")
        slow = clients.enter_context(connect(server, receive_buffer=4096))
        slow.sendall(b"GET /media/film.mp4 HTTP/1.1\r\nHost: x\r\n\r\n")
        slow.recv(100)
        server.stop(timeout=2)
        until(lambda: not server._thread.is_alive(), "it goes on for its clients")
        assert dropped(idle)
        assert dropped(silent)


def test_a_running_answer_ends_before_the_server_does(folder: Path) -> None:
    server = Server(create_app(folder), "127.0.0.1", 0)
    server.start()
    with connect(server, receive_buffer=65536) as connection:
        connection.sendall(b"GET /media/film.mp4 HTTP/1.1\r\nHost: x\r\n\r\n")
        response = http.client.HTTPResponse(connection)
        response.begin()
        server._uvicorn.should_exit = True
        until(lambda: refused(server), "it goes on to listen")
        assert len(response.read()) == BIG
        response.close()
    server.stop()


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /all.atom HTTP/1.1\r\nHost: x\r\n", b"POST /all.atom HTTP/1.1\r\nContent-Length: 9\r\n\r\n"],
    ids=["nothing", "half a head", "no body"],
)
def test_a_request_that_does_not_come_is_dropped(impatient: Server, sent: bytes) -> None:
    with connect(impatient) as connection:
        connection.sendall(sent)
        assert dropped(connection)


def test_a_head_that_drips_is_dropped(impatient: Server) -> None:
    with connect(impatient) as connection:
        connection.sendall(b"GET /all.atom HTTP/1.1\r\n")
        with pytest.raises(ConnectionError):
            send_for_ever(connection, b"X-A: b\r\n", every=0.05, times=1200)


@pytest.mark.parametrize("path", [b"/all.atom", b"/media/film.mp4"])
def test_a_head_without_end_is_dropped(folder: Path, path: bytes) -> None:
    with Server(create_app(folder), "127.0.0.1", 0) as server, connect(server) as connection:
        connection.settimeout(PATIENCE)
        connection.sendall(b"GET " + path + b" HTTP/1.1\r\n")
        with pytest.raises(ConnectionError):
            send_for_ever(connection, b"X-A: " + b"b" * 1000 + b"\r\n", every=0.001, times=1000)


def test_a_client_that_does_not_read_is_dropped(impatient: Server) -> None:
    with connect(impatient, receive_buffer=4096) as connection:
        connection.sendall(b"GET /media/film.mp4 HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: not impatient._uvicorn.server_state.connections)  # it does not read, so it is not told
        assert dropped(connection)


def test_a_slow_client_that_reads_gets_all(folder: Path, looks: list[None]) -> None:
    """At each look of the server a little more has left it, however long that took."""
    with Server(create_app(folder), "127.0.0.1", 0, patience=600) as server:
        with connect(server, receive_buffer=65536) as connection:
            connection.sendall(b"GET /media/film.mp4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            received = 0
            for number in range(2):  # what is left after more may lie in the kernel's buffers
                open_ = until(lambda number=number: list(server._uvicorn.server_state.connections) or number)
                if not isinstance(open_, list):
                    break  # all that was left lay in the kernel's buffers
                (one,) = open_
                before = state(one)
                while state(one) == before:
                    received += len(connection.recv(2**16))
                one.loop.call_soon_threadsafe(one._drop_if_stuck)
                until(lambda number=number: len(looks) > number)
            while piece := connection.recv(2**17):
                received += len(piece)
        assert received > BIG


def state(connection: Any) -> tuple[int, int]:
    return connection._drained, connection.transport.get_write_buffer_size()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One for each look of a server after a connection."""
    found, real = list[None](), pkgutil.resolve_name("syndicate.serve.connection:_Bounded._drop_if_stuck")

    def counted(self: Any) -> None:
        real(self)
        found.append(None)

    monkeypatch.setattr("syndicate.serve.connection._Bounded._drop_if_stuck", counted)
    return found


def test_a_slow_answer_is_waited_for(looks: list[None]) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        while len(looks) < 4:
            await asyncio.sleep(0.01)
        await PlainTextResponse("at last")(scope, receive, send)

    with Server(slow, "127.0.0.1", 0, patience=0.1) as server:
        assert status(server) == 200


def test_requests_in_one_packet_are_answered_in_order(impatient: Server) -> None:
    with connect(impatient) as connection:
        connection.sendall(
            b"GET /all.atom HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        received = b""
        while piece := connection.recv(65536):
            received += piece
        assert received.index(b"<feed/>") < received.index(b'{"status":"ok"}')
