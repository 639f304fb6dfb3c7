"""A world for hostile documents: `ask` is the one way in, and nothing leaves the machine."""

import contextlib
import functools
import resource
import signal
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import httpcore

from hostile import make
from hostile.case import MEDIA_TYPE, SUFFIX, Case, Kind
from servers import Reply, Server
from syndicate.client import Client, Limits
from syndicate.errors import FetchError, ParseError, SyndicateError
from syndicate.model import Capture, Release, Source
from syndicate.pipeline import ingest, prepare, read
from syndicate.workers import Limits as WorkerLimits
from syndicate.workers import Workers
from waiting import PATIENCE
from worlds import NOW, SITE, World

SECRET = "GEHEIM-7f3a9c"  # stands in a file of ours that no document may read
NEIGHBOUR = "Nachbarmeldung aus Oberwiesen"
MEMORY = 700_000_000  # bytes that one document may need
TIMEOUT = 30.0  # seconds of one answer
READING = WorkerLimits(seconds=60.0, memory=1_000_000_000)

Run = Callable[..., Any]


class TookTooLong(BaseException):
    """The deadline of a test: no `except Exception` may swallow it."""


class Watched(httpcore.NetworkBackend):
    """Dials the ports of loopback that are ours; every other address is noted and answers nothing.

    `names` says what a name stands for, in turn where there are several answers; all others are not found, but what the
    system reads as an address (127.1, 0x7f.0.0.1, ::1) is one.
    """

    def __init__(self, *ports: int, names: dict[str, list[str]] | None = None, leads_to: int | None = None) -> None:
        self.strayed: list[tuple[str, int]] = []
        self.dialled: list[tuple[str, int]] = []
        self._ports = set(ports)
        self._names = names or {}
        self._leads_to = leads_to  # a port of ours that stands in for every address

    def resolve(self, name: str, port: int) -> tuple[str, ...]:
        answers = self._names.get(name)
        if answers:
            return (answers.pop(0) if len(answers) > 1 else answers[0],)
        try:
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)  # never DNS
        except (OSError, UnicodeError):
            raise FetchError(f"the host {name[:80]} was not found") from None
        return tuple(dict.fromkeys(str(address[0]) for *_, address in found))

    def answers_at(self, port: int) -> None:
        self._ports.add(port)

    def connect_tcp(self, host: str, port: int, **more: object) -> httpcore.NetworkStream:  # type: ignore[override]
        self.dialled.append((host, port))
        if self._leads_to is not None:
            return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._leads_to, **more)  # type: ignore[arg-type]
        if host != "127.0.0.1" or port not in self._ports:
            self.strayed.append((host, port))
            raise httpcore.ConnectError("nobody is there")
        return httpcore.SyncBackend().connect_tcp(host, port, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Heard:
    """What asking a source came to. `releases` are those that are held now, without headlines."""

    error: SyndicateError | None
    releases: tuple[Release, ...]
    rejected: tuple[str, ...]
    seconds: float

    @property
    def outcome(self) -> str:
        return "refused" if self.error or (self.rejected and not self.releases) else "read"

    @property
    def reasons(self) -> tuple[str, ...]:
        return (*([str(self.error)] if self.error else []), *self.rejected)

    @property
    def reason(self) -> str:
        return "; ".join(self.reasons)

    @property
    def words(self) -> str:
        return "\n".join(text for release in self.releases for text in texts(release))


@functools.cache
def _nobody_trusted() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@contextmanager
def workers() -> Iterator[Run]:
    with Workers(READING, most=1) as started:
        yield started.run


class HostileWorld(World):
    """With a neighbour that must not notice anything, and a server for whatever is asked by its address."""

    def __init__(
        self,
        root: Path,
        server: Server,
        network: Watched | None = None,
        *,
        run: Run | None = None,
        timeout: float = TIMEOUT,
        large: bool = False,
    ) -> None:
        self.run = run
        self.cases = 0
        self._root = root
        super().__init__(root, html=not large, page_size=2000 if large else 20)
        if large:
            self.plan = replace(self.plan, publish=replace(self.plan.publish, formats=("atom",)))
            prepare(self.store, self.plan, now=NOW)
        self.client.close()
        self.server = server
        self.network = network or Watched(server.port)
        limits = Limits("syndicate/test", timeout, 10_000_000)
        self.client = Client(limits, resolve=self.network.resolve, network=self.network)
        vars(self.client)["_tls"] = _nobody_trusted()  # the authorities take 0.1 s to load, and nothing here is TLS
        self.neighbour = self.served(
            "nachbar", make.rss(make.item(900, title=NEIGHBOUR), make.item(901)), MEDIA_TYPE["rss"]
        )
        (root / "geheim.txt").write_text(SECRET, encoding="utf-8")  # above the folder of each case

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def held(self) -> int:
        return sum(self.store.releases.counts().values())

    def served(self, name: str, body: bytes, media_type: str) -> Source:
        """A source whose document is this."""
        url = self.server.answers(f"/{name}", Reply(body=body, headers={"Content-Type": media_type}))
        return Source(id=name, url=url, tag=SITE.tag, allow_private=True)

    def of(self, case: Case, canary: str) -> Source:
        """The source that delivers a case's document; `{canary}` in it becomes an address that nobody may ask."""
        self.cases += 1
        body, name = case.bytes().replace(b"{canary}", canary.removesuffix("/").encode()), f"quelle-{self.cases}"
        if case.kind not in SUFFIX:
            return self.served(name, body, case.media_type or MEDIA_TYPE[case.kind])
        folder = self._root / name
        folder.mkdir()
        (folder / f"fall{SUFFIX[case.kind]}").write_bytes(body)
        return replace(self.source, id=name, path=str(folder))


def ask(world: HostileWorld, source: Source, *, seconds: float, now: datetime = NOW) -> Heard:
    """Ask a source as the daemon does: within its deadline and its memory, or the test fails."""
    started = time.monotonic()
    with bounded(seconds + PATIENCE):
        try:
            changes = ingest(source, store=world.store, client=world.client, plan=world.plan, now=now, run=world.run)
        except SyndicateError as error:
            return Heard(error, (), (), time.monotonic() - started)
    releases = tuple(c.release for c in changes.changes if not c.release.headline)
    reasons = tuple(f"{r.where}: {r.reason}" for r in changes.rejected)
    return Heard(None, releases, reasons, time.monotonic() - started)


def look(case_kind: Kind, body: bytes, run: Run, *, seconds: float) -> list[str]:
    """Read a document, and hold nothing: within so much of the processor's time, or the test fails. The titles."""
    path = f"fall{SUFFIX[case_kind]}" if case_kind in SUFFIX else None
    capture = Capture(body=body, path=path, url=None if path else make.HOST, media_type=MEDIA_TYPE.get(case_kind))
    source = Source(id="quelle", path="/nirgends" if path else None, url=None if path else make.HOST)
    titles, took = run(timed, capture, source)
    assert took < seconds, f"{took:.1f} s for {len(body):,} bytes"
    return list(titles)


def timed(capture: Capture, source: Source) -> tuple[list[str], float]:
    """Called in a process of its own: the titles of a document, and the processor's time for them."""
    begun, titles = time.process_time(), []
    with contextlib.suppress(ParseError):
        titles = [release.title for release, _ in read([capture], source, now=NOW).incoming]
    return titles, time.process_time() - begun


@contextmanager
def bounded(seconds: float, memory: int = MEMORY) -> Iterator[None]:
    """Ends what runs longer (TookTooLong) or needs more memory than it may (MemoryError)."""

    def late(*_: object) -> None:
        raise TookTooLong(f"longer than {seconds:g} s")

    before, (soft, hard) = signal.signal(signal.SIGALRM, late), resource.getrlimit(resource.RLIMIT_AS)
    size = Path("/proc/self/statm")
    if size.is_file():  # else not Linux: the deadline alone
        pages = int(size.read_text("ascii").split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGALRM, before)


def texts(value: Any) -> Iterator[str]:
    """Every text within a value."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from texts(inner)
