"""A real HTTP proxy on loopback that makes tunnels (CONNECT), and whose answers a test may write down beforehand.

    with Proxy({"talland.example": server.port}) as proxy:
        client.through(proxy.url("presse:geheim")).get("http://talland.example/feed")
        assert proxy.asked == ["talland.example:80"]

`leads`: host (or host:port) as it is asked for → the port of loopback that the tunnel ends at; others are dialled.
"""

import base64
import contextlib
import socket
import socketserver
import threading
from collections.abc import Mapping
from email.parser import BytesParser
from types import MappingProxyType
from typing import Self

HANGS = b"(no answer)"


class Proxy:
    """Threaded, on a free port of 127.0.0.1. `asked`: what tunnels were asked for, in order; `heads`: how."""

    def __init__(self, leads: Mapping[str, int] = MappingProxyType({}), *, password: str = "") -> None:
        self.asked: list[str] = []
        self.heads: list[Mapping[str, str]] = []
        self.says: dict[str, bytes] = {}  # what is asked for ("": anything) → its raw answer, in the place of a tunnel
        self.established = b"HTTP/1.1 200 Connection established\r\n\r\n"
        self.stopped = threading.Event()
        self._leads = dict(leads)
        self._password = password
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, user: str = "") -> str:
        return f"http://{user}{'@' if user else ''}127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, target: str, headers: Mapping[str, str]) -> bytes | socket.socket:
        """What the client gets: raw bytes, or the other end of its tunnel."""
        self.asked.append(target)
        self.heads.append(headers)
        if (said := self.says.get(target, self.says.get(""))) is not None:
            return said
        wanted = f"Basic {base64.b64encode(self._password.encode()).decode()}"
        if self._password and headers.get("Proxy-Authorization") != wanted:
            return b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 2\r\n\r\nno"
        host, _, port = target.rpartition(":")
        led = self._leads.get(target, self._leads.get(host))
        try:
            return socket.create_connection((host.strip("[]"), int(port)) if led is None else ("127.0.0.1", led), 5)
        except OSError:
            return b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, proxy: Proxy) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.proxy = proxy


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            line = self.rfile.readline().decode("latin-1").split()
            head = b"".join(iter(self.rfile.readline, b"\r\n"))
            if line[:1] != ["CONNECT"]:
                self.wfile.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
                return
            proxy = self.server.proxy
            found = proxy.answer(line[1], BytesParser().parsebytes(head))  # type: ignore[arg-type]
            if isinstance(found, bytes):
                if found == HANGS:
                    proxy.stopped.wait()
                else:
                    self.wfile.write(found)
                return
            self.wfile.write(proxy.established)
            back = threading.Thread(target=_carry, args=(found, self.connection), daemon=True)
            back.start()
            _carry(self.connection, found)
            back.join()
            found.close()


def _carry(here: socket.socket, there: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := here.recv(65_536):
            there.sendall(data)
    with contextlib.suppress(OSError):
        there.shutdown(socket.SHUT_WR)
