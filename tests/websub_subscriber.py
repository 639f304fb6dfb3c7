"""A little WebSub subscriber of its own, which shares nothing with the hub that it is told by.

    with Subscriber() as reader:
        hook = reader.hook("good")
        reader.subscribe(hub, topic, hook)
        until(lambda: reader.pushes(hook))

Each hook has a manner: how it answers questions and pushes. Whatever is asked of it is kept.
"""

import hashlib
import hmac
import http.server
import socket
import threading
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit


@dataclass
class Manner:
    """`echo`: what it answers to a question, made of the challenge. `push`: the status that it answers a push with,
    each time the next one. `waits`: an event before each answer to a push.
    """

    echo: str = "{challenge}"
    question: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    push: list[int] = field(default_factory=lambda: [204])
    waits: threading.Event | None = None
    asked: threading.Event | None = None  # that is waited for before a question is answered


@dataclass(frozen=True)
class Got:
    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes

    def signed(self, secret: str) -> bool:
        method, _, digest = (self.headers["X-Hub-Signature"] or "").partition("=")
        return method == "sha256" and digest == hmac.new(secret.encode(), self.body, hashlib.sha256).hexdigest()


class Subscriber:
    def __init__(self) -> None:
        self.got: list[Got] = []
        self.busiest = 0  # questions at once
        self._questions = 0
        self._manners: dict[str, Manner] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.subscriber = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.stopped = threading.Event()

    def hook(self, name: str, manner: Manner | None = None) -> str:
        self._manners[f"/{name}"] = manner or Manner()
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def questions(self, hook: str) -> list[Got]:
        return [got for got in self._of(hook) if got.method == "GET"]

    def pushes(self, hook: str) -> list[Got]:
        return [got for got in self._of(hook) if got.method == "POST"]

    def _of(self, hook: str) -> list[Got]:
        return [got for got in [*self.got] if got.path == urlsplit(hook).path]

    def manner_of(self, got: Got) -> Manner:
        with self._lock:
            self.got.append(got)
            return self._manners.get(got.path) or Manner(question=404, push=[404])

    def question(self, change: int) -> None:
        with self._lock:
            self._questions += change
            self.busiest = max(self.busiest, self._questions)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def ask(hub: str, body: bytes | dict[str, str], **headers: str) -> tuple[int, str]:
    """POST to a hub: status and text."""
    there = urlsplit(hub)
    connection = HTTPConnection(there.hostname or "", there.port, timeout=30)
    sent = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    data = body if isinstance(body, bytes) else urlencode(body).encode()
    try:
        connection.request("POST", f"{there.path}?{there.query}" if there.query else there.path, data, sent)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def subscription(topic: str, callback: str, mode: str = "subscribe", **more: str) -> dict[str, str]:
    fields = {f"hub.{name}": value for name, value in more.items()}
    return {"hub.mode": mode, "hub.topic": topic, "hub.callback": callback} | fields


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512
    subscriber: Subscriber

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up is what some tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        subscriber, got = self.server.subscriber, self._got()
        manner = subscriber.manner_of(got)
        subscriber.question(1)
        self._wait(manner.asked)
        subscriber.question(-1)
        self._say(manner.question, manner.echo.format(challenge=got.query.get("hub.challenge", "")), manner.headers)

    def do_POST(self) -> None:
        manner = self.server.subscriber.manner_of(self._got())
        self._wait(manner.waits)
        self._say(manner.push.pop(0) if len(manner.push) > 1 else manner.push[0], "", {})

    def _got(self) -> Got:
        there = urlsplit(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        return Got(self.command, there.path, dict(parse_qsl(there.query, keep_blank_values=True)), self.headers, body)

    def _wait(self, event: threading.Event | None) -> None:
        while event and not event.wait(0.02) and not self.server.subscriber.stopped.is_set():
            pass

    def _say(self, status: int, text: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        if status != 204:
            self.wfile.write(text.encode())

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: what was got is kept."""
