"""A server of made feeds, each at an address of its own on loopback: what it serves in a round is known before.

    python -m benchmarks.feed_server --feeds 200 --entries 20

It prints its port, and obeys lines on standard input until that ends: `round validators=1 changed=1 now=0 gzip=0
latency=0.05` begins the next round. `changed` is the share of the feeds, in hundredths, that have one more entry than
in the round before; `now` prints the time of asking into each document. To each line it answers how many requests it
has answered up to now. Host N is 127.0.1.N (of 250).
"""

import argparse
import asyncio
import gzip
import hashlib
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple

from benchmarks import press

HOSTS = 250
_BEFOREHAND = 1_000
_APART = 10_000  # numbers of releases that a feed may have
_PRINTED = "Thu, 01 Jan 2026 08:00:00 +0000"


def host(number: int) -> str:
    return f"127.0.1.{number % HOSTS + 1}"


def address(number: int, port: int) -> str:
    return f"http://{host(number)}:{port}/{number}.xml"


@dataclass(frozen=True)
class Round:
    """How it serves from now on."""

    number: int = 0
    validators: bool = True
    changed: float = 0
    now: bool = False
    gzip: bool = False
    latency: float = 0

    def next(self, words: list[str]) -> "Round":
        given = dict(word.split("=", 1) for word in words)
        values: dict[str, float | bool] = {
            name: bool(int(value)) if name in ("validators", "now", "gzip") else float(value)
            for name, value in given.items()
        }
        return replace(Round(number=self.number + 1), **values)  # type: ignore[arg-type]  # as they are named


class Made(NamedTuple):
    """A document as it is served."""

    body: bytes
    packed: bytes  # with gzip
    etag: str


@dataclass
class Feeds:
    """The feeds as they are now, each with its newest entries first."""

    count: int
    entries: int
    port: int = 0
    answered: int = 0
    round: Round = field(default_factory=Round)
    added: dict[int, int] = field(default_factory=dict)  # feed → entries since the first round
    _items: dict[int, str] = field(default_factory=dict)
    _made: dict[int, Made] = field(default_factory=dict)

    def begin(self, words: list[str]) -> None:
        self.round = self.round.next(words)
        for number in range(round(self.count * self.round.changed / 100)):
            self.added[number] = self.added.get(number, 0) + 1
            self._items.pop(number, None)
            self._made.pop(number, None)

    def document(self, number: int) -> Made:
        if self.round.now:
            return self._document(number, f"{format_datetime(datetime.now(UTC))} {time.monotonic_ns()}")
        if number not in self._made:
            self._made[number] = self._document(number, _PRINTED)
        return self._made[number]

    def make_all(self) -> None:
        """Beforehand, where these are not too many: what is asked for is answered at once."""
        for number in range(self.count if self.count <= _BEFOREHAND and not self.round.now else 0):
            self.document(number)

    def _document(self, number: int, printed: str) -> Made:
        site = f"http://{host(number)}:{self.port}"
        if number not in self._items:
            last = self.entries + self.added.get(number, 0)
            numbers = range(number * _APART + last - 1, number * _APART + last - 1 - self.entries, -1)
            self._items[number] = "".join(press.rss_item(at, site) for at in numbers)
        body = press.rss(site, f"Presse {number}", self._items[number], printed)
        packed = gzip.compress(body, 1) if self.round.gzip else b""
        return Made(body, packed, f'"{hashlib.sha256(body).hexdigest()[:16]}"')


class Answers(asyncio.Protocol):
    """One connection, kept alive; GET alone."""

    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head, self._read = self._read[:end].decode("latin-1"), self._read[end + 4 :]
            answer = self._answer(head)
            if self._feeds.round.latency:
                asyncio.get_running_loop().call_later(self._feeds.round.latency, self._write, answer)
            else:
                self._write(answer)

    def _write(self, answer: bytes) -> None:
        self._transport.write(answer)  # type: ignore[attr-defined]  # of TCP

    def _answer(self, head: str) -> bytes:
        request, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        name = request.split(" ")[1].strip("/").removesuffix(".xml")
        if not name.isdecimal() or int(name) >= self._feeds.count:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        self._feeds.answered += 1
        body, packed, etag = self._feeds.document(int(name))
        if self._feeds.round.validators and headers.get("if-none-match") == etag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        said = "Content-Type: application/rss+xml; charset=utf-8\r\n"
        if self._feeds.round.gzip and "gzip" in headers.get("accept-encoding", ""):
            body, said = packed, f"{said}Content-Encoding: gzip\r\n"
        if self._feeds.round.validators:
            said += f"ETag: {etag}\r\n"
        return f"HTTP/1.1 200 OK\r\n{said}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def serve(feeds: Feeds) -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(lambda: Answers(feeds), host(0), 0, backlog=512)]
    feeds.port = servers[0].sockets[0].getsockname()[1]
    servers += [
        await loop.create_server(lambda: Answers(feeds), host(number), feeds.port, backlog=512)
        for number in range(1, min(feeds.count, HOSTS))
    ]
    feeds.make_all()
    print(feeds.port, flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line.startswith("round"):
            feeds.begin(line.split()[1:])
            feeds.make_all()
        print(feeds.answered, flush=True)
    for server in servers:
        server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--entries", type=int, default=20)
    options = parser.parse_args()
    asyncio.run(serve(Feeds(options.feeds, options.entries)))


if __name__ == "__main__":
    main()
