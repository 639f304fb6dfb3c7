"""Several processes of the program on one store, over servers on loopback whose every request is written down."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg

_RUN = "import sys; from syndicate.start import main; sys.argv[0] = 'syndicate'; sys.exit(main())"
_ITEM = "<item><title>Meldung {name} {n}</title><guid>{name}-{n}</guid><description>Text {n}.</description></item>"
_FEED = '<rss version="2.0"><channel><title>{name}</title><link>https://{name}.example/</link>{items}</channel></rss>'


@dataclass
class Host:
    """A server with feeds. `most`: so many were asked at once, ever. `slow`: seconds until it answers."""

    address: str
    port: int = 0
    slow: float = 0.0
    entries: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[float, str]] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: Host

    def do_GET(self) -> None:
        host, name = self.host, self.path.strip("/").partition(".")[0]
        with host.guard:
            host.under_way += 1
            host.most = max(host.most, host.under_way)
            host.asked.append((time.monotonic(), name))
        try:
            entries = host.entries.get(name, 1)  # as it is when it is asked
            time.sleep(host.slow)
            tag = f'"{entries}"'
            same = self.headers.get("If-None-Match") == tag
            body = b"" if same else _document(name, entries)
            self.send_response(304 if same else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        finally:
            with host.guard:
                host.under_way -= 1

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Who was killed waits for no answer."""


def _document(name: str, entries: int) -> bytes:
    items = "".join(_ITEM.format(name=name, n=n) for n in reversed(range(entries)))
    return _FEED.format(name=name, items=items).encode()


@contextmanager
def hosts(number: int) -> Iterator[list[Host]]:
    with ExitStack() as held:
        # Each an address of its own: requests at once are counted by that, whatever the port.
        yield [held.enter_context(_host(f"127.0.0.{at + 2}")) for at in range(number)]


@contextmanager
def _host(address: str) -> Iterator[Host]:
    host = Host(address)
    handler = type("Handler", (_Handler,), {"host": host})
    server = _Server((address, 0), handler)
    server.daemon_threads = True
    host.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Crew:
    """Processes that share `url`. Each has a configuration of its own name, and all the same folder of feeds."""

    def __init__(self, folder: Path, url: str, sources: str, fetch: str = "") -> None:
        self.folder, self.url = folder, url
        self._text = (
            f'[site]\ntag = "talland.example,2026"\n[store]\nurl = "{url}"\n[serve]\nstatus = ""\nhub = ""\n'
            f"[fetch]\n{fetch or 'per_host = 1'}\n{sources}"
        )
        self.processes = dict[str, subprocess.Popen[str]]()

    def config(self, name: str, more: str = "") -> Path:
        path = self.folder / f"{name}.toml"
        path.write_text(f'[cluster]\nmachine = "{name}"\n{self._text}{more}', encoding="utf-8")
        return path

    def start(self, name: str, *command: str, more: str = "") -> "subprocess.Popen[str]":
        with (self.folder / f"{name}.log").open("a") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-c", _RUN, "--config", str(self.config(name, more)), *command],
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return self.processes[name]

    def run(self, name: str, more: str = "") -> "subprocess.Popen[str]":
        return self.start(name, "run", "--no-serve", more=more)

    def worker(self, name: str, *options: str, more: str = "") -> "subprocess.Popen[str]":
        return self.start(name, "worker", *options, more=more)

    def signal(self, name: str, number: int) -> None:
        self.processes[name].send_signal(number)

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes.pop(name).wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.command("status", "--json"))
        return found

    def command(self, *words: str) -> str:
        """What one that is typed beside them prints."""
        command = [sys.executable, "-c", _RUN, "--config", str(self.config("beside")), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout

    def asked(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Of the database itself."""
        with psycopg.connect(self.url, autocommit=True) as raw:
            try:
                cursor = raw.execute(statement, values)  # type: ignore[call-overload]
            except psycopg.errors.UndefinedTable:  # nobody has begun yet
                return []
            return [*cursor.fetchall()] if cursor.description else []

    def holder(self, kind: str) -> str | None:
        """The machine that has this role now."""
        rows = self.asked("SELECT holder FROM lease WHERE kind = %s AND until > clock_timestamp()", kind)
        pids = {f"{process.pid}": name for name, process in self.processes.items()}
        return next((pids.get(row[0].rpartition(" ")[2]) for row in rows), None)

    def end(self) -> None:
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)
            process.kill()
            process.wait()


@contextmanager
def crew(folder: Path, url: str, sources: str, fetch: str = "") -> Iterator[Crew]:
    made = Crew(folder, url, sources, fetch)
    try:
        yield made
    finally:
        made.end()


def feeds(servers: list[Host], each: int, interval: str = "2s") -> str:
    """Sources of each of these, as tables."""
    return "\n".join(
        f'[[source]]\nid = "q{at}-{n}"\nurl = "http://{host.address}:{host.port}/q{at}-{n}.xml"\n'
        f'interval = "{interval}"\nadaptive = false\nallow_private = true\nhub = false'
        for at, host in enumerate(servers)
        for n in range(each)
    )


def until(holds: Callable[[], object], seconds: float, what: str = "") -> None:
    """Within so many seconds, or a minute more where the machine is busy with others."""
    end = time.monotonic() + seconds + 60
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.1)
