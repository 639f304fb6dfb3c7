"""Requests per second of one feed: our server beside Starlette's StaticFiles with its GZipMiddleware, on one uvicorn.

    python benchmarks/serve.py [--seconds 2] [--kilobytes 100] [--connections 16]

Both serve the same folder on loopback, one after the other, each in a process of its own; the client counts bytes only.
It shares the machine with them: compare the columns, not the numbers with another machine's.
"""

import argparse
import asyncio
import multiprocessing
import random
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from syndicate.serve import Server, create_app

CLOSE = b"connection: close\r\n"


def static_files(directory: Path) -> ASGIApp:
    return Starlette(
        routes=[Mount("/", StaticFiles(directory=directory))], middleware=[Middleware(GZipMiddleware, compresslevel=6)]
    )


APPS = {"syndicate": create_app, "StaticFiles": static_files}


def serve(name: str, directory: Path, pipe: Connection) -> None:
    with Server(APPS[name](directory), "127.0.0.1", 0) as server:
        pipe.send(server.port)
        pipe.recv()


@contextmanager
def running(name: str, directory: Path) -> Iterator[int]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(name, directory, theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join(10)


def once(port: int, fields: bytes) -> bytes:
    """One whole answer, head and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /all.atom HTTP/1.1\r\nHost: x\r\n" + fields + b"Connection: close\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(2**20), b""))


class Client(asyncio.Protocol):
    """Asks again as soon as an answer's last byte is there. Every answer of a run has the same length."""

    def __init__(self, request: bytes, length: int) -> None:
        self.request, self.length, self.missing, self.answers = request, length, length, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.missing -= len(data)
        if self.missing <= 0:
            assert self.missing == 0, "an answer was longer than the first one"
            self.missing = self.length
            self.answers += 1
            self.transport.write(self.request)


async def measure(port: int, fields: bytes, length: int, seconds: float, connections: int) -> float:
    request = b"GET /all.atom HTTP/1.1\r\nHost: x\r\n" + fields + b"\r\n"
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda: Client(request, length), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    began, before = time.perf_counter(), sum(client.answers for client in clients)
    await asyncio.sleep(seconds)
    answers, took = sum(client.answers for client in clients) - before, time.perf_counter() - began
    for client in clients:
        client.transport.abort()
    return answers / took


def compare(directory: Path, seconds: float, connections: int) -> dict[str, dict[str, float]]:
    rates: dict[str, dict[str, float]] = {}
    for name in APPS:
        with running(name, directory) as port:
            head = once(port, b"").partition(b"\r\n\r\n")[0].lower()
            etag = next(line[6:] for line in head.split(b"\r\n") if line.startswith(b"etag: "))
            asks = {
                "200": (b"", b"HTTP/1.1 200"),
                "gzip": (b"Accept-Encoding: gzip\r\n", b"HTTP/1.1 200"),
                "304": (b"If-None-Match: " + etag + b"\r\n", b"HTTP/1.1 304"),
            }
            rates[name] = {}
            for what, (fields, start) in asks.items():
                answer = once(port, fields)
                assert answer.startswith(start), answer[:200]
                assert (b"content-encoding: gzip" in answer) == (what == "gzip")
                length = len(answer) - len(CLOSE)
                rates[name][what] = asyncio.run(measure(port, fields, length, seconds, connections))
    return rates


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each of the six measurements, at most 30")
    parser.add_argument("--kilobytes", type=int, default=100, help="size of the feed")
    parser.add_argument("--connections", type=int, default=16, help="at once, at most 200")
    options = parser.parse_args()
    words = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        text = b"".join(b"<w%d/>" % words.randrange(100_000) for _ in range(options.kilobytes * 1024 // 8))
        Path(folder, "all.atom").write_bytes(text)
        rates = compare(Path(folder), min(options.seconds, 30), min(options.connections, 200))
    print(f"requests/s, {len(text) // 1024} KB, {options.connections} connections")
    print(f"{'':6}" + "".join(f"{name:>14}" for name in APPS) + f"{'ratio':>9}")
    for what in ("200", "gzip", "304"):
        ours, theirs = (rates[name][what] for name in APPS)
        print(f"{what:6}{ours:14,.0f}{theirs:14,.0f}{ours / theirs:8.1f}x")


if __name__ == "__main__":
    main()
