"""A real S3 server on loopback (moto, in a venv of its own), and a gate before it that does what networks do.

    with S3() as s3, Gate(s3.port) as gate:
        gate.rules.append(Rule("PUT", "all.atom", status=503, times=3))

The gate passes on what no rule is for. `seen` are all requests, in order, as (method, key).
"""

import http.client
import http.server
import os
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from waiting import until

SERVER = Path(__file__).parents[1] / ".venv" / "s3" / "bin" / "moto_server"
BUCKET = "presse"


class S3:
    """The server as a process of its own, with one bucket."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    def __enter__(self) -> Self:
        command = [str(SERVER), "-H", "127.0.0.1", "-p", str(self.port)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        until(self._made, "the S3 server does not answer")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def _made(self) -> bool:
        assert self._process.poll() is None, "the S3 server has ended"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("PUT", f"/{BUCKET}")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@dataclass
class Rule:
    """What becomes of so many requests whose key ends so: this status, or passed on and its answer `lost`, or late."""

    method: str
    ends: str = ""
    status: int = 0
    lost: bool = False
    delay: float = 0.0
    times: int = 1_000_000

    def takes(self, method: str, key: str) -> bool:
        return self.times > 0 and method == self.method and key.endswith(self.ends)


class Gate:
    """Threaded, on a free port of 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.behind = port
        self.rules: list[Rule] = []
        self.seen: list[tuple[str, str]] = []
        self.sent: list[dict[str, str]] = []  # the headers of each
        self._lock = threading.Lock()
        self._http = _Http(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def rule(self, method: str, path: str, headers: dict[str, str]) -> Rule | None:
        key = unquote(urlsplit(path).path).removeprefix(f"/{BUCKET}/")
        with self._lock:
            self.seen.append((method, key))
            self.sent.append(headers)
            found = next((rule for rule in self.rules if rule.takes(method, key)), None)
            if found:
                found.times -= 1
            return found

    def puts(self) -> list[str]:
        return [key for method, key in self.seen if method == "PUT"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, gate: Gate) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.gate = gate

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: else each answer waits for an acknowledgement
    disable_nagle_algorithm = True
    server: _Http

    def do_GET(self) -> None:
        gate = self.server.gate
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        rule = gate.rule(self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
        if rule and rule.delay:
            time.sleep(rule.delay)
        if rule and rule.status:
            return self._say(rule.status, [], f"<Error><Code>Code{rule.status}</Code></Error>".encode())
        connection = http.client.HTTPConnection("127.0.0.1", gate.behind, timeout=30)
        try:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            status, headers, said = answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()
        if rule and rule.lost:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return None
        return self._say(status, headers, said)

    do_HEAD = do_PUT = do_DELETE = do_POST = do_GET

    def _say(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        named = {name.lower() for name, _ in headers}
        for name, value in headers:
            if name.lower() not in ("connection", "transfer-encoding"):
                self.send_header(name, value)
        if "content-length" not in named:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: `seen` has it."""


def environment(gate: Gate) -> dict[str, str]:
    """What obstore reads: that of a machine which has nothing to do with this server is not asked."""
    return {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "geheim-geheim",
        "AWS_ENDPOINT_URL": gate.url,
        "AWS_REGION": "us-east-1",
    }


def absent() -> str:
    """Why there is no such server here; empty: there is one."""
    if SERVER.exists():
        return ""
    assert not os.environ.get("SYNDICATE_REQUIRE_S3"), f"{SERVER} is missing, and is required"
    return "no S3 server: `make .venv/.s3` installs one"
