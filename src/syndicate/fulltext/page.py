"""One page of a followed release, or of a list: asked politely, and read as what it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from syndicate import reading as readers
from syndicate.alarms import unmatched
from syndicate.errors import FetchError, ParseError, WorkerLost, WorkersClosed
from syndicate.fetch import Request, Response, conditional_get
from syndicate.fulltext.robots import RobotsGate, robots_gate
from syndicate.mediatypes import essence
from syndicate.model import Capture, Release, Source
from syndicate.reading import Run, words_by
from syndicate.revise import tells_of_another
from syndicate.store import QueuedPage, Store
from syndicate.work import Work

if TYPE_CHECKING:
    from syndicate.client import Client

_PAGES = ("text/html", "application/xhtml+xml", "")


class NoPage(FetchError):
    """What came is no page: asking again would not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A release's page: what it says, and what to ask it by the next time.

    `before`: what today's reader finds in the bytes of the last time, where another one has read them.
    """

    page: Release
    capture: Capture | None = None  # None: it says what it said before
    before: Release | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReader:
    """Who asks for a source's pages, and how they are read. `run` calls a function in a process with limits.

    What robots.txt does not permit is not asked (NotWelcome).
    """

    source: Source
    store: Store
    client: "Client"
    now: datetime
    max_bytes: int
    gate: RobotsGate
    run: Run | None = None

    def open(self, row: QueuedPage) -> ReadPage:
        """One conditional GET, and what the page says. FetchError (NoPage among them), ParseError."""
        page = Request(url=row.address, what="page", permit=self.gate.permit)
        if row.page:
            page = replace(page, etag=row.etag, last_modified=row.last_modified, hash=row.hash)
        found = self._get(page)
        before = self._again(row)
        if found.capture is None and row.page:
            return ReadPage(page=before or row.page, etag=found.etag, last_modified=found.last_modified, before=before)
        capture = self._captured(found)
        media_type = essence(capture.media_type or "")
        if media_type not in _PAGES:
            raise NoPage(f"{capture.url} is no HTML page but {media_type}")
        return ReadPage(
            page=self._understood(capture, row.said),
            capture=capture,
            before=before,
            etag=found.etag,
            last_modified=found.last_modified,
        )

    def listing(self, url: str) -> Capture:
        """A page of the source's list or feed, whole."""
        return self._captured(self._get(Request(url=url, permit=self.gate.permit)))

    def _get(self, request: Request) -> Response:
        return conditional_get(self.source, request, client=self.client, now=self.now, hosts=self.store.sources)

    def _again(self, row: QueuedPage) -> Release | None:
        """None where today's reader has read it, where its bytes were not kept, or where they are no page to it."""
        stale = row.page is not None and row.hash is not None and row.page.reader != words_by(self.source)
        kept = self.store.readings.bytes(row.hash) if stale and row.hash else None
        try:
            return self._understood(kept, row.said) if kept else None
        except WorkersClosed:
            raise
        except (ParseError, WorkerLost):
            return None

    def _captured(self, found: Response) -> Capture:
        if found.capture is None:
            raise FetchError("nothing came, though it was not asked whether it was modified")  # conditional_get tells
        return found.capture

    def _understood(self, capture: Capture, said: Release) -> Release:
        """The page's own release; its related ones have pages of their own."""
        # By the source's rules its entry was judged.
        source = replace(self.source, format="html", headlines=False, fulltext=False, keep=(), drop=())
        asked = replace(capture, headline=said.title)
        reading = readers.read((asked,), source, now=self.now, max_bytes=self.max_bytes, run=self.run)
        for release, _ in reading.incoming:
            if not release.headline:
                if not release.withdrawn and tells_of_another(said, release):
                    raise ParseError(f"{capture.url}: the page tells of something else")
                unmatched(self.store, self.source, reading.unmatched, self.now)
                return replace(release, reader=words_by(self.source))
        for _, reason in reading.gone:
            return replace(said, withdrawn=self.now, reason=reason, embargo=None)
        why = reading.rejected[0].reason if reading.rejected else "the page holds no release"
        raise ParseError(f"{capture.url}: {why}")


def page_reader(source: Source, work: Work, now: datetime) -> PageReader:
    tools = work.tools
    return PageReader(
        source=source,
        store=work.store,
        client=tools.client,
        now=now,
        max_bytes=work.plan.fetch.max_bytes,
        gate=robots_gate(source, work, now),
        run=tools.run,
    )
