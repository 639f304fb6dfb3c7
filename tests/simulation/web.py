"""The made web: publishers that say things, on servers that have their days."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

import httpcore
import httpx

from simulation.documents import DAY, FEEDS, FILES, HOUR, KICKERS, Held, Said, sentence
from simulation.machine import Clock
from simulation.truths import Truth


class Given(NamedTuple):
    """What an answer told: the entries of a document; not `whole`: perhaps not all of them."""

    entries: tuple[Said, ...]
    whole: bool = True


@dataclass(eq=False)
class Publisher:
    """A source. `shows`: so many entries at once. `truths` from the newest, as they stand in its document."""

    id: str
    form: str
    host: str
    shows: int = 10
    shown: list[Truth] = field(default_factory=list)
    changed: datetime | None = None
    past: list[tuple[datetime, tuple[Said, ...]]] = field(default_factory=list)
    folder: Path | None = None

    @property
    def url(self) -> str:
        return f"https://{self.host}/{self.id}/feed"

    def entries(self) -> tuple[Said, ...]:
        return tuple(truth.said[-1] for truth in self.shown[: self.shows])


class Ask(NamedTuple):
    at: datetime
    publisher: str
    status: int


class Web:
    """`answer` is what the program dials. `given`: by publisher, what the last answer told."""

    def __init__(self, random: Random, clock: Clock, note: Callable[[str], object]) -> None:
        self.random = random
        self.clock = clock
        self.note = note
        self.publishers: dict[str, Publisher] = {}
        self.truths: dict[int, Truth] = {}
        self.given: dict[str, Given | None] = {}
        self.asked: list[Ask] = []
        self.rests: dict[str, datetime] = {}  # hosts that have asked to be left alone, until when
        self.rude: list[str] = []  # what the program did against their wish
        self.quiet = False  # every server has a good day
        self.during: Callable[[], object] = lambda: None  # what others do while it is answered
        self.dropped: Callable[[Publisher], object] = lambda _: None  # something has happened in a folder

    def add(self, publisher: Publisher) -> Publisher:
        self.publishers[publisher.id] = publisher
        return publisher

    def truth(self, publisher: Publisher) -> Truth:
        truth = Truth(len(self.truths), [publisher.id])
        self.truths[truth.number] = truth
        return truth

    # --- what publishers do ----------------------------------------------------------------------------------------

    def publish(self, publisher: Publisher, held: Held | None = None) -> Truth:
        truth = self.truth(publisher)
        number, now = truth.number, self.clock.now
        names = f"https://{publisher.host}/meldung/{number * 7919 % 100_003}"
        said = Said(
            truth=number,
            version=0,
            title=self._title(number, 0),
            text=self._text(number, 0),
            kicker=self.random.choice(KICKERS),
            stated=now if self.random.random() < 0.8 else None,
            updated=now,
            id=f"urn:x-made:{number * 7919 % 100_003}" if self.random.random() < 0.8 else names,
            url=names,
            held=held,
        )
        truth.said.append(said)
        publisher.shown.insert(0, truth)
        self._files(publisher, truth)
        self._changes(publisher, f"publishes w{number}x{_held(held)}")
        return truth

    def correct(self, publisher: Publisher, truth: Truth, held: Held | None = None) -> None:
        before = truth.said[-1]
        k = before.version + 1
        text = before.text.rpartition("\n")[0]
        said = before._replace(
            version=k,
            title=self._title(truth.number, k) if self.random.random() < 0.4 else before.title,
            text=f"{text}\n{sentence(self.random)} w{truth.number}v{k}x",
            updated=self.clock.now,
            held=held or before.held,
        )
        truth.said.append(said)
        self._files(publisher, truth)
        self._changes(publisher, f"corrects w{truth.number}v{k}x{_held(held)}")

    def hold(self, publisher: Publisher, truth: Truth, held: Held | None) -> None:
        """Put the end off, or forward, or let it go."""
        before = truth.said[-1]
        truth.said.append(before._replace(updated=self.clock.now, held=held))
        self._files(publisher, truth)
        self._changes(publisher, f"holds w{truth.number}x{_held(held) or ' no more'}")

    def take_back(self, publisher: Publisher, truth: Truth) -> None:
        before = truth.said[-1]
        truth.said.append(before._replace(version=before.version + 1, updated=self.clock.now, taken_back=True))
        self._files(publisher, truth)
        self._changes(publisher, f"takes back w{truth.number}x")

    def drop(self, publisher: Publisher, truth: Truth) -> None:
        publisher.shown.remove(truth)
        self._files(publisher, truth, there=False)
        self._changes(publisher, f"drops w{truth.number}x")

    def _title(self, number: int, k: int) -> str:
        return f"{sentence(self.random)[4:-1]} w{number}t{k}x"

    def _text(self, number: int, k: int) -> str:
        lines = [sentence(self.random) for _ in range(self.random.randint(3, 6))]
        return "\n".join([f"{lines[0]} w{number}x", *lines[1:], f"{sentence(self.random)} w{number}v{k}x"])

    def _changes(self, publisher: Publisher, what: str) -> None:
        publisher.changed = self.clock.now
        publisher.past.append((self.clock.now, publisher.entries()))
        self.note(f"{publisher.id} {what}")
        if publisher.folder:
            self.dropped(publisher)

    def _files(self, publisher: Publisher, truth: Truth, *, there: bool = True) -> None:
        """A folder has a file for each."""
        if publisher.folder is None:
            return
        form = ("md", "txt")[truth.number % 2]
        path = publisher.folder / f"{truth.number}.{form}"
        if not there:
            path.unlink()
            return
        said = truth.said[-1]
        truth.hears(said, self.clock.now)
        path.write_text(FILES[form](said), encoding="utf-8")
        os.utime(path, (self.clock.now.timestamp(),) * 2)

    # --- what servers answer ----------------------------------------------------------------------------------------

    def answer(self, _: object, request: httpx.Request, content: bytes | None = None) -> httpx.Response:
        """In the place of the transport: the one seam that dials."""
        self.during()
        identifier = request.url.path.split("/")[1]
        publisher = self.publishers[identifier]
        now = self.clock.now
        if self.rests.get(publisher.host, now) > now:
            self.rude.append(
                f"{publisher.host} was asked for {identifier} while it rests until {self.rests[publisher.host]}"
            )
        self.given[identifier] = None
        response = self._answer(publisher, request)
        self.asked.append(Ask(now, identifier, response.status_code))
        self.note(f"{identifier} answers {response.status_code}")
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
        text, kind = FEEDS[publisher.form](entries, at or publisher.changed or self.clock.now)
        body = text.encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        if request.headers.get("If-None-Match") == etag:
            self.tell(publisher, entries, whole=True)
            return _response(304, {"ETag": etag})
        self.tell(publisher, entries, whole=True)
        return _response(200, {"ETag": etag, "Content-Type": kind}, body)

    def tell(self, publisher: Publisher, entries: Sequence[Said], *, whole: bool) -> None:
        self.given[publisher.id] = Given(tuple(entries), whole)
        for said in entries:
            self.truths[said.truth].hears(said, self.clock.now)

    def _too_many(self, publisher: Publisher, _: httpx.Request) -> httpx.Response:
        seconds = self.random.choice((60, 900, 7200))
        status = self.random.choice((429, 503))
        end = self.clock.now + timedelta(seconds=seconds)
        said = str(seconds) if self.random.random() < 0.5 else format_datetime(end, usegmt=True)
        self.rests[publisher.host] = end
        return _response(status, {"Retry-After": said})

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
        newer = [(said, self.truths[said.truth].said[-1]) for said in entries]
        if any(said.held != today.held or today.taken_back for said, today in newer):
            return self._good(publisher, request)
        for said in entries:
            if said != self.truths[said.truth].said[-1]:
                self.truths[said.truth].loose = now + 2 * DAY
        return self._document(publisher, request, entries, at)


_DAYS: tuple[tuple[float, Callable[[Web, Publisher, httpx.Request], httpx.Response]], ...] = (
    (0.02, Web._too_many),
    (0.02, Web._fails),
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


def _held(held: Held | None) -> str:
    return "" if held is None else f" until {held.until:%d %H:%M}" if held.until else " until somebody speaks"
