"""The feed behind a page: what a source brings wherever that is, and what an address could be as a source.

address | fetch | a feed: read it | a page: the feeds it names, else a few usual addresses, else its own list
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit, urlunsplit

from syndicate.client import Client
from syndicate.errors import FetchError, ParseError, SyndicateError, UnexpectedPage
from syndicate.fetch import HostBackoff, fetch
from syndicate.model import Capture, FetchResult, FetchState, Rejected, Release, Source
from syndicate.parse import FEEDS, FeedLink, charset, decode, detect, feeds, looks_like
from syndicate.polling import location
from syndicate.reading import Run, form_of, read
from syndicate.text import with_ascii_host

_USUAL = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml")  # asked for only where a page names no feed; no more than four
Ask = Callable[[FetchState], FetchResult]  # one request, at the state's address
_LIST = 3  # headlines that make a page a list of releases


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a source holds now, in the order of its document. `format` is a key of parse.PARSERS."""

    source: Source
    format: str
    title: str | None  # as the feed states it
    releases: tuple[Release, ...]
    rejected: tuple[Rejected, ...]
    moved: str | None = None  # where permanent redirects led; whether to trust them is not for one request to say


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Either what the address itself, or a usual one beside it (`guessed`), holds; or the feeds that its page names."""

    sample: Sample | None = None
    links: tuple[FeedLink, ...] = ()
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Autodiscovery:
    """What an address could be as a source. Nothing is stored.

    `pause` is called before each request for a usual address; `hosts` are left alone where they want to be. With `run`,
    documents are read with limits.
    """

    client: Client
    now: datetime
    max_bytes: int
    run: Run | None = None
    hosts: HostBackoff | None = None
    pause: Callable[[], None] = lambda: None

    def discover(self, source: Source) -> Discovery:
        """Look for a feed at a source's address; where it has a `format`, the document is read as that.

        FetchError where the address does not answer, ParseError where there is neither a feed nor a list of releases.
        """
        capture, result = self._asked(source)
        if source.format != "auto" or form_of(capture, source) != "html":
            return Discovery(sample=self._read(source, capture, result))
        if links := linked(capture, self.run):
            return Discovery(links=links)
        for guess in _guesses(source, capture):
            self.pause()
            try:
                found = self.sample(guess)
            except FetchError as error:
                if error.retry_after is not None:
                    break  # it does not want to be asked that much
                continue
            except SyndicateError:
                continue
            if found.format in FEEDS:
                return Discovery(sample=found, guessed=True)
        return Discovery(sample=self._list(source, capture, result))

    def sample(self, source: Source) -> Sample:
        """Ask a source once and read it. FetchError, ParseError where that cannot be."""
        return self._read(source, *self._asked(source))

    def _asked(self, source: Source) -> tuple[Capture, FetchResult]:
        state = FetchState(source=source.id)
        result = fetch(source, state, client=self.client, now=self.now, max_bytes=self.max_bytes, hosts=self.hosts)
        return result.captures[0], result  # nothing is known of it, so it cannot be unchanged

    def _read(self, source: Source, capture: Capture, result: FetchResult) -> Sample:
        reading = read([capture], source, now=self.now, max_bytes=self.max_bytes, run=self.run)
        releases = tuple(release for release, _ in reading.incoming)
        title = next((release.origin.title for release in releases if release.origin and release.origin.title), None)
        return Sample(
            source=source,
            format=form_of(capture, source),
            title=title,
            releases=releases,
            rejected=reading.rejected,
            moved=result.moved,
        )

    def _list(self, source: Source, capture: Capture, result: FetchResult) -> Sample:
        none = f"{capture.url}: names no feed, and none is at the usual addresses"
        try:
            found = self._read(replace(source, format="html"), capture, result)
        except ParseError as error:
            raise ParseError(f"{none}; nor can the page itself be read as a list of releases") from error
        if not all(release.headline for release in found.releases):
            raise ParseError(f"{none}; the page itself is one release: give the page that lists them")
        if len(found.releases) < _LIST:
            raise ParseError(f"{none}; the page itself is no list of releases (if it is one, say --format html)")
        return found


def beside(source: Source, url: str) -> Source:
    """The same source at an address that its page names.

    What was allowed or given for the source's own host (a private network, a password) is for no other.
    """
    here, there = urlsplit(with_ascii_host(source.url or "")), urlsplit(with_ascii_host(url))
    if here.hostname != there.hostname:
        return replace(source, url=url, allow_private=False, headers=())
    user, at, _ = here.netloc.rpartition("@")
    if at and (here.scheme, here.port) == (there.scheme, there.port):
        url = urlunsplit(there._replace(netloc=f"{user}@{there.netloc}"))
    return replace(source, url=url)


def _guesses(source: Source, capture: Capture) -> Iterator[Source]:
    base = capture.url or source.url or ""
    return (beside(source, urljoin(base, path)) for path in _USUAL)


def found(source: Source, before: FetchState, ask: Ask, run: Run | None) -> FetchResult:
    """What the source brings; where that is a page that links a feed, what that feed brings, once.

    A page that comes where a document was read before leads nowhere: `reading.read` tells what is no longer so.
    """
    result = ask(before)
    if source.path or source.format != "auto" or not _searched(before):
        return result
    links = linked(result.captures[0], run) if result.captures else None
    if not links:
        return result
    there = ask(location.linked(before, links[0].url))
    if there.captures and linked(there.captures[0], run) is not None:
        raise UnexpectedPage(f"{result.captures[0].url}: links a feed at {there.captures[0].url}, but a page is there")
    return replace(there, moved=None)


def linked(capture: Capture, run: Run | None) -> tuple[FeedLink, ...] | None:
    """The feeds that an HTML page names; None where it is none, or what it is cannot be told.

    A page that stands in for another (maintenance, a login) has links, too, but they say nothing of this source.
    """
    named: tuple[FeedLink, ...] | None = run(_linked, capture) if run else _linked(capture)
    return named


def _searched(before: FetchState) -> bool:
    """Is it not known yet what there is, or was the feed lost that was asked instead?"""
    return before.form is None or (before.form in FEEDS and location.unread(before))


def _linked(capture: Capture) -> tuple[FeedLink, ...] | None:
    try:
        if detect(capture.body, media_type=capture.media_type) != "html":
            return None
    except ParseError:
        return None
    if looks_like(decode(capture.body, charset(capture.media_type))):
        return ()
    return feeds(capture.body, url=capture.url, media_type=capture.media_type)
