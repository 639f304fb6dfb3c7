"""The made web: servers that have their good days and others."""

import gzip
import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import NamedTuple

import httpcore
import httpx

from simulation.authors import Publisher
from simulation.documents import DAY, FEEDS, HOUR, Said, flickering
from simulation.machine import Clock
from simulation.truths import Truth


class Given(NamedTuple):
    """What an answer told: the entries of a document; not `whole`: perhaps not all of them."""

    entries: tuple[Said, ...]
    whole: bool = True


class Ask(NamedTuple):
    at: datetime
    publisher: str
    status: int


class Web:
    """`answer` is what the program dials. `given`: by publisher, what the last answer told. `quiet`: good days only."""

    def __init__(self, random: Random, clock: Clock, note: Callable[[str], object], truths: dict[int, Truth]) -> None:
        self.random = random
        self.clock = clock
        self.note = note
        self.truths = truths
        self.publishers: dict[str, Publisher] = {}
        self.given: dict[str, Given | None] = {}
        self.asked: dict[str, list[datetime]] = {}
        self.rests: dict[str, datetime] = {}  # hosts that have asked to be left alone, until when
        self.rude: list[str] = []  # what the program did against their wish
        self.gone = set[str]()  # who has answered 410: a person is to say so before they are asked again
        self.quiet = False
        self.during: Callable[[], object] = lambda: None  # what others do while it is answered
        self._seen = 0

    def add(self, publisher: Publisher) -> Publisher:
        self.publishers[publisher.id] = publisher
        return publisher

    def answer(self, request: httpx.Request) -> httpx.Response:
        """In the place of the transport: the one seam that dials."""
        self.during()
        identifier, _, last = request.url.path[1:].partition("/")
        publisher, now = self.publishers[identifier], self.clock.now
        if (until := self.rests.get(publisher.host, now)) > now:
            self.rude.append(f"{publisher.host} rests until {until}, and was asked for {identifier}")
        if identifier in self.gone:
            self.rude.append(f"{identifier} has answered 410, and was asked")
        self.given[identifier] = None
        response = self._answer(publisher, request)
        self.note(f"{identifier} answers {response.status_code}{' at its new place' if last == 'moved' else ''}")
        return response

    def _answer(self, publisher: Publisher, request: httpx.Request) -> httpx.Response:
        day = 1.0 if self.quiet else self.random.random()
        for share, act in _DAYS:
            if day < share:
                return act(self, publisher, request)
            day -= share
        return self._good(publisher, request)

    def _good(self, publisher: Publisher, request: httpx.Request) -> httpx.Response:
        return self._document(publisher, request, publisher.entries())

    def _document(
        self, publisher: Publisher, request: httpx.Request, entries: tuple[Said, ...], at: datetime | None = None
    ) -> httpx.Response:
        self._seen += 1
        flicker = [flickering(said, self._seen) if self.truths[said.truth].flickers else said for said in entries]
        text, kind = FEEDS[publisher.form](flicker, at or publisher.changed or self.clock.now)
        etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:12]}"'
        self.tell(publisher, entries, whole=True)
        if request.headers.get("If-None-Match") == etag:
            return _response(304, {"ETag": etag})
        return _response(200, *self._dressed({"ETag": etag, "Content-Type": kind}, text))

    def _dressed(self, headers: dict[str, str], text: str) -> tuple[dict[str, str], bytes]:
        """In some encoding, and perhaps with a header that says another."""
        kind, body, chance = headers["Content-Type"], text.encode(), self.random.random()
        if "xml" in kind and chance < 0.1:
            text = text.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').replace("utf-8", "ISO-8859-1")
            body = text.encode("iso-8859-1")
        elif "xml" in kind and chance < 0.2:
            headers["Content-Type"] = f"{kind}; charset=ISO-8859-1"  # it lies
        elif "xml" in kind and chance < 0.25:
            body = text.replace("UTF-8", "UTF-16").replace("utf-8", "UTF-16").encode("utf-16")
        if self.random.random() < 0.3:
            headers["Content-Encoding"], body = "gzip", gzip.compress(body, 1, mtime=0)
        return headers, body

    def tell(self, publisher: Publisher, entries: Sequence[Said], *, whole: bool) -> None:
        self.given[publisher.id] = Given(tuple(entries), whole)
        for said in entries:
            self.truths[said.truth].hears(publisher.id, said, self.clock.now)

    def _too_many(self, publisher: Publisher, _: httpx.Request) -> httpx.Response:
        seconds = self.random.choice((60, 900, 7200))
        status = self.random.choice((429, 503))
        end = self.clock.now + timedelta(seconds=seconds)
        said = str(seconds) if self.random.random() < 0.5 else format_datetime(end, usegmt=True)
        self.rests[publisher.host] = end
        return _response(status, {"Retry-After": said})

    def _is_gone(self, publisher: Publisher, _: httpx.Request) -> httpx.Response:
        self.gone.add(publisher.id)
        return _response(410, {})

    def _fails(self, _: Publisher, __: httpx.Request) -> httpx.Response:
        return _response(self.random.choice((500, 502, 503, 404, 403)), {}, b"<h1>Fehler</h1>")

    def _cut_off(self, publisher: Publisher, request: httpx.Request) -> httpx.Response:
        """In the middle of the body, as the connection breaks."""
        whole = self._good(publisher, request)
        if whole.status_code != 200:
            return whole
        self.given[publisher.id] = None
        body = b"".join(whole.stream)  # type: ignore[arg-type]
        stream = _Stream(
            body[: self.random.randrange(len(body))],
            httpcore.RemoteProtocolError("peer closed connection without sending complete message body"),
        )
        return httpx.Response(200, headers=whole.headers, stream=stream)

    def _half(self, publisher: Publisher, request: httpx.Request) -> httpx.Response:
        """A whole answer with the half of a document in it."""
        entries = publisher.entries()
        text, kind = FEEDS[publisher.form](entries, publisher.changed or self.clock.now)
        body = text.encode()
        self.tell(publisher, entries, whole=False)
        return _response(200, {"Content-Type": kind}, body[: self.random.randrange(len(body))])

    def _maintenance(self, _: Publisher, __: httpx.Request) -> httpx.Response:
        body = b"<!doctype html><html><head><title>Wartung</title></head><body><h1>Wartungsarbeiten</h1></body></html>"
        return _response(200, {"Content-Type": "text/html"}, body)

    def _nothing(self, _: Publisher, __: httpx.Request) -> httpx.Response:
        return _response(200, {"Content-Type": "text/xml"}, b"")

    def _empty(self, publisher: Publisher, request: httpx.Request) -> httpx.Response:
        return self._document(publisher, request, ())

    def _slow(self, publisher: Publisher, request: httpx.Request) -> httpx.Response:
        seconds = self.random.choice((3, 20, 45))
        self.clock.passes(min(seconds, 30))
        if seconds > 30:
            raise httpcore.ReadError("timed out")
        return self._good(publisher, request)

    def _moves(self, publisher: Publisher, request: httpx.Request) -> httpx.Response:
        if "moved" in request.url.path:
            return self._good(publisher, request)
        status = self.random.choice((301, 302, 307, 308))
        return _response(status, {"Location": f"https://{publisher.host}/{publisher.id}/moved"})

    def _stale(self, publisher: Publisher, request: httpx.Request) -> httpx.Response:
        """A cache has the document of some hours ago."""
        now = self.clock.now
        old = [(at, entries) for at, entries in publisher.past if HOUR < now - at < 8 * HOUR]
        if not old:
            return self._good(publisher, request)
        at, entries = self.random.choice(old)
        newer = [(said, publisher.says(self.truths[said.truth])) for said in entries]
        if any(said.held != today.held or today.taken_back for said, today in newer):
            return self._good(publisher, request)
        for said, today in newer:
            if said != today:
                self.truths[said.truth].loose = now + 2 * DAY
        return self._document(publisher, request, entries, at)


_DAYS: tuple[tuple[float, Callable[[Web, Publisher, httpx.Request], httpx.Response]], ...] = (
    (0.02, Web._too_many),
    (0.02, Web._fails),
    (0.002, Web._is_gone),
    (0.015, Web._cut_off),
    (0.01, Web._half),
    (0.01, Web._maintenance),
    (0.005, Web._nothing),
    (0.005, Web._empty),
    (0.02, Web._slow),
    (0.01, Web._moves),
    (0.02, Web._stale),
)


def _response(status: int, headers: dict[str, str], body: bytes = b"") -> httpx.Response:
    return httpx.Response(status, headers={**headers, "Content-Length": str(len(body))}, stream=_Stream(body))


class _Stream(httpx.SyncByteStream):
    def __init__(self, body: bytes, end: Exception | None = None) -> None:
        self._body = body
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        yield self._body
        if self._end:
            raise self._end
