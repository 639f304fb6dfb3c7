"""One page of a followed release, or of a list: asked politely, and read as what it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from syndicate.client import Answer, Client
from syndicate.errors import FetchError, ParseError
from syndicate.fetch import Refused, retry_after
from syndicate.model import Capture, Release, Source
from syndicate.pipeline._alarms import unmatched
from syndicate.pipeline._manners import heed, resting
from syndicate.reading import Run, read
from syndicate.revise import tells_of_another
from syndicate.store import Store, Wanted

ACCEPT_PAGE = "text/html, application/xhtml+xml, */*;q=0.1"
_PAGES = ("text/html", "application/xhtml+xml", "")
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_LATER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_TOO_MANY = 900.0  # seconds, where a server says that it is asked too much and not for how long


class Hopeless(FetchError):
    """Asking again would not help: it is no page."""


class Absent(FetchError):
    """The page is not there, or not there yet: a list can be ahead of what serves its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A release's page: what it says, and what to ask it by the next time."""

    page: Release
    capture: Capture | None = None  # None: it says what it said before
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks for a source's pages, and how they are read. `run` calls a function in a process with limits."""

    source: Source
    store: Store
    client: Client
    now: datetime
    max_bytes: int
    run: Run | None = None

    def open(self, row: Wanted) -> Opened:
        """One conditional GET, and what the page says. FetchError (Absent, Hopeless), ParseError."""
        asked = {"If-None-Match": row.etag, "If-Modified-Since": row.last_modified} if row.page else {}
        conditions = {name: value for name, value in asked.items() if value}
        answer = self.get(row.address, {"Accept": ACCEPT_PAGE, **conditions})
        if row.page and conditions and answer.status == HTTPStatus.NOT_MODIFIED:
            return Opened(page=row.page, etag=row.etag, last_modified=row.last_modified)
        capture = self.taken(answer)
        media_type = (capture.media_type or "").partition(";")[0].strip().lower()
        if media_type not in _PAGES:
            raise Hopeless(f"{answer.url} is no HTML page but {media_type}")
        same = row.page if capture.hash == row.hash else None
        return Opened(
            page=same or self._understood(capture, row.said),
            capture=None if same else capture,
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
        )

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """The source's own headers, password and leave to be private go to its own host only; `headers` go first."""
        ours = {name.lower() for name in headers}
        own = {name: value for name, value in self.source.headers if name.lower() not in ours}
        return self.client.get(
            url,
            headers={**own, **headers},
            allow_private=self.source.allow_private,
            home=self.source.url,
            avoid=resting(self.store, self.now),
        )

    def taken(self, answer: Answer) -> Capture:
        """Absent where there is nothing, Refused for any other answer than 200; a server that wants rest gets it."""
        if answer.status == HTTPStatus.OK:
            return Capture(body=answer.body, media_type=answer.headers.get("content-type"), url=answer.url)
        told = f"{answer.url} answered {answer.status}"
        if answer.status in _GONE:
            raise Absent(told)
        wait = retry_after(answer.headers.get("retry-after", ""), self.now) if answer.status in _LATER else None
        if wait is None and answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = _TOO_MANY
        error = Refused(told, status=answer.status, server=answer.server, retry_after=wait)
        heed(error, self.store, self.now)  # at once: whoever asks next is to know it
        raise error

    def _understood(self, capture: Capture, said: Release) -> Release:
        """The page's own release; its related ones have pages of their own."""
        source = replace(self.source, format="html", headlines=False, fulltext=False)
        reading = read((capture,), source, now=self.now, max_bytes=self.max_bytes, run=self.run)
        for release, _ in reading.incoming:
            if not release.headline:
                if not release.withdrawn and tells_of_another(said, release):
                    raise ParseError(f"{capture.url}: the page tells of something else")
                unmatched(self.store, self.source, reading.unmatched, self.now, page=True)
                return release
        for _, reason in reading.gone:
            return replace(said, withdrawn=self.now, reason=reason, embargo=None)
        why = reading.rejected[0].reason if reading.rejected else "the page holds no release"
        raise ParseError(f"{capture.url}: {why}")
