"""What a request costs our server, and nginx where it is installed: one published tree, one feed of about 100 KB.

    python -m benchmarks.serve [--small] [--seconds 2] [--rounds 2]

Whole (200), compressed, unchanged (304) and what changed in one release (226, which nginx has not), to 16 and 64
connections on loopback, which ask again as soon as they have their answer. The two take turns, each as a process of its
own that nobody else asks. The load is from `wrk` where it is installed, else from `benchmarks/load.py`; it shares the
machine with them, so believe the processor's time a request before the requests a second.
"""

import argparse
import contextlib
import gzip
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from benchmarks import cycle, load, measure, press

FEED = "/all.atom"
_RELEASES = 28  # make about 100 KB of it
_PATIENCE = 60  # seconds
_NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 2048; }}
http {{
    access_log off; sendfile on; tcp_nopush on; {gzip} keepalive_requests 100000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    types {{ application/atom+xml atom; }}
    server {{ listen 127.0.0.1:{port}; root {folder}/feeds; }}
}}
"""


class Served(NamedTuple):
    """By one server: microseconds of the processor for a request, and requests a second by the clock on the wall."""

    server: str
    answer: str  # 200, gzip or 304
    connections: int
    each: float
    rate: float


class Running(NamedTuple):
    pid: int
    port: int


def rows(
    *, seconds: float = 2, rounds: int = 2, connections: Sequence[int] = (16, 64), small: bool = False
) -> list[Served]:
    """The best of some rounds of each; of nginx nothing where it is not installed."""
    if small:
        seconds, rounds, connections = 0.2, 1, (16,)
    found = list[Served]()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="syndicate-benchmark-")))
        _publish(folder, 3 if small else _RELEASES)
        before = _tag(folder)
        _correct(folder)
        servers = {"syndicate": stack.enter_context(_syndicate(folder))}
        if shutil.which("nginx", path=_PATHS):
            servers["nginx"] = stack.enter_context(_nginx(folder))
        for answer in ("200", "gzip", "304", "226"):
            asking = {name: _headers(server.port, answer, before) for name, server in servers.items()}
            giving = {name: server for name, server in servers.items() if asking[name] is not None}
            for number in connections:
                turns = [
                    _measured(server, name, answer, asking[name] or [], number, seconds)
                    for _ in range(rounds)
                    for name, server in giving.items()
                ]
                found += [min((turn for turn in turns if turn.server == name), key=_cost) for name in giving]
    return found


def table(found: Sequence[Served]) -> Iterator[str]:
    """For people: each line our server beside nginx, and our share of it."""
    yield f"{'':22}{'syndicate':>22}{'nginx':>22}{'share':>16}"
    yield f"{'':22}{'µs':>11}{'a second':>11}{'µs':>11}{'a second':>11}{'of µs':>8}{'of rate':>8}"
    for ours in (each for each in found if each.server == "syndicate"):
        line = f"{ours.answer:5}{ours.connections:4} connections {ours.each:11.1f}{ours.rate:11,.0f}"
        if nginx := peer(found, ours):
            line += f"{nginx.each:11.1f}{nginx.rate:11,.0f}{nginx.each / ours.each:8.2f}{ours.rate / nginx.rate:8.2f}"
        yield line


def peer(found: Sequence[Served], ours: Served) -> Served | None:
    """What nginx needed for the same."""
    same = ("nginx", *ours[1:3])
    return next((each for each in found if each[:3] == same), None)


def _cost(served: Served) -> float:
    return served.each


def _publish(folder: Path, releases: int) -> None:
    (folder / "releases").mkdir()
    for number in range(releases):
        (folder / "releases" / f"{number:06}.md").write_text(press.markdown(number), encoding="utf-8")
    config = folder / "config.toml"
    # Whoever loads it stands for many readers, as a proxy does: one alone would be refused at the 121st request.
    text = cycle.configuration([]).replace("[serve]\n", '[serve]\ntrusted_proxies = ["127.0.0.1"]\n')
    config.write_text(text + '\n[[source]]\nid = "releases"\npath = "releases"\n')
    measure.run([cycle.SYNDICATE, "--config", config, "run", "--once"])
    feed = folder / "feeds" / FEED[1:]
    if not (packed := feed.with_name(f"{feed.name}.gz")).is_file():
        packed.write_bytes(gzip.compress(feed.read_bytes(), 6))


def _tag(folder: Path) -> str:
    """What the feed's ETag is, as our server makes it."""
    return f'"{sha256((folder / "feeds" / FEED[1:]).read_bytes()).hexdigest()[:32]}"'


def _correct(folder: Path) -> None:
    (folder / "releases" / f"{0:06}.md").write_text(press.markdown(0, 2), encoding="utf-8")
    measure.run([cycle.SYNDICATE, "--config", folder / "config.toml", "run", "--once"])


@contextlib.contextmanager
def _syndicate(folder: Path) -> Iterator[Running]:
    """As operators run it, with its store."""
    port = int(re.findall(r"port = (\d+)", (folder / "config.toml").read_text())[0])
    with _process([cycle.SYNDICATE, "--config", folder / "config.toml", "serve"], port) as running:
        yield running


@contextlib.contextmanager
def _nginx(folder: Path) -> Iterator[Running]:
    """One worker, which sends what is compressed beside a file; nothing is written to a log."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "nginx.conf"
    nginx = shutil.which("nginx", path=_PATHS) or ""
    command = [nginx, "-e", folder / "nginx.log", "-p", folder, "-c", config]
    for packed in ("gzip_static on;", ""):  # not every nginx has it
        config.write_text(_NGINX.format(folder=folder, gzip=packed, port=port))
        if subprocess.run([*command, "-t"], capture_output=True, check=False).returncode == 0:
            break
    with _process(command, port) as running:
        yield running


@contextlib.contextmanager
def _process(command: Sequence[str | Path], port: int) -> Iterator[Running]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + _PATIENCE
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{command[0]} does not listen on port {port}")
            time.sleep(0.05)
        yield Running(process.pid, port)
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _measured(server: Running, name: str, answer: str, headers: list[str], connections: int, seconds: float) -> Served:
    length = len(_once(server.port, headers))
    before = measure.processor(server.pid)
    count = _loaded(server.port, headers, connections, seconds, length)
    used = measure.processor(server.pid) - before
    return Served(name, answer, connections, 1e6 * used / max(count, 1), count / seconds)


def _headers(port: int, answer: str, before: str) -> list[str] | None:
    """What makes it this answer; None where the server does not give it. `before`: the tag of the version before."""
    plain = _once(port, [])
    tag = re.findall(rb"(?i)\r\netag: (.*?)\r\n", plain)
    headers = {
        "200": [],
        "gzip": ["Accept-Encoding: gzip"],
        "304": [f"If-None-Match: {tag[0].decode()}"],
        "226": ["A-IM: feed", f"If-None-Match: {before}"],
    }[answer]
    wanted = {"200": b" 200 ", "gzip": b"content-encoding: gzip", "304": b" 304 ", "226": b" 226 "}[answer]
    return headers if wanted in _once(port, headers).partition(b"\r\n\r\n")[0].lower() else None


def _once(port: int, headers: list[str]) -> bytes:
    """One whole answer, head and body, on a connection that may stay."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(load.request_for(FEED, headers))
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(2**18)
        head = received.partition(b"\r\n\r\n")[0]
        body = (
            re.findall(rb"(?i)content-length: (\d+)", head)
            if head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 226"))
            else []
        )
        length = len(head) + 4 + sum(map(int, body))
        while len(received) < length:
            received += connection.recv(2**18)
        return received


def _loaded(port: int, headers: list[str], connections: int, seconds: float, length: int) -> int:
    """The number of answers that were given."""
    if wrk := shutil.which("wrk") if seconds == round(seconds) else None:  # it counts whole ones
        fields = [part for header in headers for part in ("-H", header)]
        load_of = [wrk, "-t1", f"-c{connections}", f"-d{seconds:.0f}s", *fields, f"http://127.0.0.1:{port}{FEED}"]
    else:
        load_of = [sys.executable, "-m", "benchmarks.load", str(port), FEED, str(connections), str(seconds)]
        load_of += [str(length), *headers]
    done = subprocess.run(load_of, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    found = re.findall(r"(\d+) requests in", done.stdout) or done.stdout.split()[-1:]
    return int(found[0])


_PATHS = "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement, at most 30")
    parser.add_argument("--rounds", type=int, default=2, help="of which the cheapest counts, at most 10")
    parser.add_argument("--small", action="store_true", help="a miniature, in some seconds")
    options = parser.parse_args()
    found = rows(seconds=min(options.seconds, 30), rounds=min(options.rounds, 10), small=options.small)
    print(*table(found), sep="\n")


if __name__ == "__main__":
    main()
