"""How soon the hub tells its subscribers: 1,000 that answer at once, and 100 that answer after ten seconds.

    python -m benchmarks.hub [--small]

All of them are one process beside the daemon. A release is dropped into its folder; for each push the time is taken
from the moment at which the head's file was put in its place, which a reader who asks would see as well.
"""

import argparse
import asyncio
import contextlib
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from benchmarks import cycle, measure, press

_PATIENCE = 120.0  # seconds
_SLOW = 10.0  # seconds until a slow one answers
_TOPIC = "all.atom"


class Told(NamedTuple):
    """Seconds after the head was there, of those that answer at once; and the daemon's processor for each push."""

    subscribers: int
    half: float
    most: float  # of 99 in a hundred
    last: float
    processor: float


class Subscribers:
    """Each has a callback of its own: `/fast/7`, `/slow/3`."""

    def __init__(self) -> None:
        self.verified = set[str]()
        self.told: dict[str, float] = {}

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                method, target, _ = head.decode("latin-1").split(" ", 2)
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                body = self._get(target) if method == "GET" else await self._post(target)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    def _get(self, target: str) -> bytes:
        parts = urlsplit(target)
        self.verified.add(parts.path)
        return parse_qs(parts.query)["hub.challenge"][0].encode()

    async def _post(self, target: str) -> bytes:
        self.told.setdefault(target, time.time())
        if target.startswith("/slow/"):
            await asyncio.sleep(_SLOW)
        return b""


async def measured(fast: int = 1_000, slow: int = 100) -> Told:
    with tempfile.TemporaryDirectory(prefix="syndicate-benchmark-") as made:
        folder = Path(made)
        (folder / "releases").mkdir()
        _drop(folder, 1)
        text = cycle.configuration([]) + '\n[[source]]\nid = "releases"\npath = "releases"\n'
        (folder / "config.toml").write_text(text.replace("[serve]\n", "[serve]\nhub_allow_private = true\n"))
        subscribers = Subscribers()
        server = await asyncio.start_server(subscribers, "127.0.0.1", 0, backlog=2_000)
        port = server.sockets[0].getsockname()[1]
        # The slow ones are another host's.
        callbacks = [f"http://127.0.0.1:{port}/fast/{n}" for n in range(fast)]
        callbacks += [f"http://localhost:{port}/slow/{n}" for n in range(slow)]
        async with server:
            with _daemon(folder) as (process, hub):
                await _until(lambda: press.title(1) in (folder / "feeds" / _TOPIC).read_text("utf-8"))
                await _subscribed(hub, callbacks, subscribers)
                subscribers.told.clear()
                used = measure.processor(process)
                _drop(folder, 2)
                await _until(lambda: sum(path.startswith("/fast/") for path in subscribers.told) == fast)
                used = measure.processor(process) - used
        there = (folder / "feeds" / _TOPIC).stat().st_mtime
    late = sorted(at - there for path, at in subscribers.told.items() if path.startswith("/fast/"))
    return Told(fast, statistics.median(late), late[int(len(late) * 0.99) - 1], late[-1], used / fast)


def _drop(folder: Path, number: int) -> None:
    beside = folder / f"{number}.tmp"
    beside.write_text(press.markdown(number), encoding="utf-8")
    os.replace(beside, folder / "releases" / f"{number:06}.md")


@contextlib.contextmanager
def _daemon(folder: Path) -> Iterator[tuple[int, str]]:
    config = folder / "config.toml"
    port = int(re.findall(r"port = (\d+)", config.read_text())[0])
    log = open(folder / "log", "wb")  # noqa: SIM115 - closed below
    process = subprocess.Popen([cycle.SYNDICATE, "--config", config, "run"], stdout=log, stderr=log)
    try:
        end = time.monotonic() + _PATIENCE
        while not (folder / "feeds" / "topics.opml").is_file():
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit((folder / "log").read_text())
            time.sleep(0.1)
        yield process.pid, f"http://127.0.0.1:{port}/hub"
    finally:
        process.terminate()
        process.wait(30)
        log.close()


async def _subscribed(hub: str, callbacks: Sequence[str], subscribers: Subscribers) -> None:
    """Each asks by itself, and again where there are too many at once."""
    parts = urlsplit(hub)
    end = time.monotonic() + _PATIENCE
    topic = f"http://127.0.0.1:8000/{_TOPIC}"  # as its `self` says
    for callback in callbacks:
        body = f"hub.mode=subscribe&hub.topic={quote(topic, '')}&hub.callback={quote(callback, '')}".encode()
        while (status := await _posted(parts.hostname or "", parts.port or 0, body)) in (429, 503):
            if time.monotonic() > end:
                raise SystemExit("the hub lets nobody in")
            await asyncio.sleep(0.05)
        if status != 202:
            raise SystemExit(f"the hub says {status}")
    await _until(lambda: len(subscribers.verified) == len(callbacks))


async def _posted(host: str, port: int, body: bytes) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    head = f"POST /hub HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body)
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


async def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > end:
            raise SystemExit("not all of them were told")
        await asyncio.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="a miniature, in some seconds")
    small = parser.parse_args().small
    found = asyncio.run(measured(20, 2) if small else measured())
    print(f"{found.subscribers} told: half within {found.half:.2f} s, 99 % within {found.most:.2f} s, ", end="")
    print(f"all within {found.last:.2f} s; {1e3 * found.processor:.1f} ms of the processor each")


if __name__ == "__main__":
    main()
