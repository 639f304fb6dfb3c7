"""A real HTTP server on loopback whose answers a test writes down beforehand.

    with Server() as server:
        server.answers("/feed", Reply(body=b"<rss/>", headers={"ETag": '"1"'}), Reply(status=304))
        fetch(server.url("/feed"))
        assert server.requests[0].headers["user-agent"]

The replies of a path are given in turn; the last one again and again. A path without any is a 404.
"""

import gzip
import http.server
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Reply:
    """One scripted answer. Content-Length is that of the body unless `length` or the headers say otherwise."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds before the status line
    after: threading.Event | None = None  # that is waited for before the status line, as long as the server runs
    drip: float = 0.0  # seconds before each byte of the body
    gzip: bool = False
    length: int | None = None  # a Content-Length that is not the body's; -1: none at all
    cut: bool = False  # reset the connection instead of closing it
    raw: bytes | None = None  # sent as it is instead of all else


@dataclass(frozen=True)
class Request:
    method: str
    path: str  # with its query
    headers: Message  # ignores case
    body: bytes = b""


class Server:
    """Threaded, on a free port of 127.0.0.1; with `tls`, an https one. `requests` are all that came, in order."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.busiest = 0  # the most requests that were waiting for their answer at once
        self._replies: dict[str, list[Reply]] = {}
        self._under_way = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._http = _Http(self)
        self._scheme = "https" if tls else "http"
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def answers(self, path: str, *replies: Reply) -> str:
        """Write down what a path answers, forgetting what it answered before. Returns its address."""
        with self._lock:
            self._replies[path] = list(replies)
        return self.url(path)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def next_reply(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            self._under_way += 1
            self.busiest = max(self.busiest, self._under_way)
            replies = self._replies.get(request.path) or self._replies.get(urlsplit(request.path).path)
            if not replies:
                return Reply(status=404, body=b"nothing here")
            return replies.pop(0) if len(replies) > 1 else replies[0]

    def answering(self) -> None:
        """Before the first byte: after the last one, the client may have asked again already."""
        with self._lock:
            self._under_way -= 1

    def wait(self, seconds: float) -> None:
        """Sleep that ends with the server."""
        if seconds:
            self._stopped.wait(seconds)


class _Http(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, server: Server) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = server

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up or refuses our certificate is what some tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_GET(self) -> None:
        script = self.server.script
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        reply = script.next_reply(Request(self.command, self.path, self.headers, body))
        script.wait(reply.delay)
        while reply.after and not reply.after.wait(0.01) and not script.stopped:
            pass
        script.answering()
        if reply.raw is not None:
            self.wfile.write(reply.raw)
            self.close_connection = True
        else:
            self._send(reply)
        if reply.cut:
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            self.close_connection = True

    do_HEAD = do_POST = do_GET

    def _send(self, reply: Reply) -> None:
        body = gzip.compress(reply.body) if reply.gzip else reply.body
        length = len(body) if reply.length is None else reply.length
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.gzip:
            self.send_header("Content-Encoding", "gzip")
        bodiless = reply.status in (204, 304)
        if not bodiless and length >= 0 and "content-length" not in map(str.lower, reply.headers):
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if bodiless or self.command == "HEAD":
            return
        self.close_connection = self.close_connection or length != len(body)
        if not reply.drip:
            self.wfile.write(body)
            return
        for byte in body:
            self.server.script.wait(reply.drip)
            self.wfile.write(bytes([byte]))

    def log_message(self, format: str, *args: object) -> None:
        """Silent: `requests` is the log."""
