"""The feed behind a page: what a source brings wherever that is, and what an address could be as a source.

address | fetch | a feed: read it | a page: the feeds it names | those of a page that it calls RSS | usual addresses |
its own list. What does not answer, or is no feed, is passed over; the requests have an end.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from syndicate import parse
from syndicate import reading as readers
from syndicate.errors import FetchError, HTTPStatusError, ParseError, SourceGone, SyndicateError, UnexpectedPage
from syndicate.fetch import HostBackoff, fetch
from syndicate.model import Capture, FetchResult, FetchState, Rejected, Release, Source
from syndicate.parse import FEEDS
from syndicate.polling import location
from syndicate.reading import Run
from syndicate.urls import with_ascii_host

if TYPE_CHECKING:
    from syndicate.client import Client

_USUAL = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml")  # asked for only where a page names no feed; no more than four
Ask = Callable[[FetchState], FetchResult]  # one request, at the state's address
_LIST = 3  # headlines that make a page a list of releases
_MOST_ASKED = 8  # addresses that pages name; with the page itself and the usual ones that is all
_MOST_TRIED = 4  # feeds of one page that are tried; of more, nobody can say which is meant without looking
_MOST_POLLED = 4  # that a poll asks for instead of its page


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
    """Either what the address itself, a feed that its page names (`link`), or a usual one beside it (`guessed`), holds;
    or the feeds that its page names. `passed`: what that names, too, and why it is none.
    """

    sample: Sample | None = None
    links: "tuple[parse.FeedLink, ...]" = ()
    guessed: bool = False
    link: "parse.FeedLink | None" = None
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Autodiscovery:
    """What an address could be as a source. Nothing is stored.

    `pause` is called before each further request; `hosts` are left alone where they want to be. With `run`,
    documents are read with limits.
    """

    client: "Client"
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
        if source.format != "auto" or readers.form_of(capture, source) != "html":
            return Discovery(sample=self._read(source, capture, result))
        named, passed = linked(capture, self.run) or (), list[str]()
        try:
            if found := self._named(source, named, passed):
                return replace(found, passed=tuple(passed))
            guessed = self._guessed(source, capture)
        except FetchError:  # it does not want to be asked that much
            guessed = None
        if guessed:
            return Discovery(sample=guessed, guessed=True, passed=tuple(passed))
        return Discovery(sample=self._list(source, capture, result, passed), passed=tuple(passed))

    def _named(self, source: Source, named: "Sequence[parse.FeedLink]", passed: list[str]) -> Discovery | None:
        """What the page names, and what the pages name that it calls feeds. FetchError: no more may be asked."""
        sure = [link for link in named if link.type]
        if len(sure) > _MOST_TRIED:
            return Discovery(links=tuple(sure))
        queue, asked = [(link, True) for link in named], set[str]()
        found = list["tuple[parse.FeedLink, Sample]"]()
        while queue and len(asked) < _MOST_ASKED:
            link, hops = queue.pop(0)
            if link.url in asked or (found and not link.type):
                continue
            asked.add(link.url)
            self.pause()
            tried = self._tried(beside(source, link.url), passed)
            if isinstance(tried, Sample):
                found.append((link, tried))
            elif tried and hops and len([further for further in tried if further.type]) > _MOST_TRIED and not found:
                return Discovery(links=tuple(further for further in tried if further.type))
            elif tried and hops:
                queue[:0] = [(further, False) for further in tried if further.type]
        if len(found) > 1:
            return Discovery(links=tuple(link for link, _ in found))
        return Discovery(sample=found[0][1], link=found[0][0]) if found else None

    def _tried(self, source: Source, passed: list[str]) -> "Sample | tuple[parse.FeedLink, ...]":
        """A feed, or the feeds that a page names. FetchError where its server wants to be left alone."""
        try:
            capture, result = self._asked(source)
            if readers.form_of(capture, source) != "html":
                return self._read(source, capture, result)
        except SyndicateError as error:
            passed.append(str(error))
            if isinstance(error, FetchError) and error.retry_after is not None:
                raise
            return ()
        links = linked(capture, self.run) or ()
        passed.append(f"{capture.url} is a page, no feed")
        return links

    def _guessed(self, source: Source, capture: Capture) -> Sample | None:
        """A feed at a usual address. FetchError where its server wants to be left alone."""
        for guess in _guesses(source, capture):
            self.pause()
            try:
                found = self.sample(guess)
            except FetchError as error:
                if error.retry_after is not None:
                    raise
                continue
            except SyndicateError:
                continue
            if found.format in FEEDS:
                return found
        return None

    def sample(self, source: Source) -> Sample:
        """Ask a source once and read it. FetchError, ParseError where that cannot be."""
        return self._read(source, *self._asked(source))

    def _asked(self, source: Source) -> tuple[Capture, FetchResult]:
        state = FetchState(source=source.id)
        result = fetch(source, state, client=self.client, now=self.now, max_bytes=self.max_bytes, hosts=self.hosts)
        return result.captures[0], result  # nothing is known of it, so it cannot be unchanged

    def _read(self, source: Source, capture: Capture, result: FetchResult) -> Sample:
        reading = readers.read([capture], source, now=self.now, max_bytes=self.max_bytes, run=self.run)
        releases = tuple(release for release, _ in reading.incoming)
        title = next((release.origin.title for release in releases if release.origin and release.origin.title), None)
        return Sample(
            source=source,
            format=readers.form_of(capture, source),
            title=title,
            releases=releases,
            rejected=reading.rejected,
            moved=result.moved,
        )

    def _list(self, source: Source, capture: Capture, result: FetchResult, passed: Sequence[str]) -> Sample:
        dead = f" that can be read (passed over: {'; '.join(passed)})" if passed else ""
        none = f"{capture.url}: names no feed{dead}, and none is at the usual addresses"
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
    """What the source brings; where that is a page that links feeds, what the first of them brings, once.

    A page that comes where a document was read before leads nowhere: `reading.read` tells what is no longer so.
    """
    result = ask(before)
    if source.path or source.format != "auto" or not _searched(before):
        return result
    named = linked(result.captures[0], run) if result.captures else None
    return _followed(result, named, before, ask, run) if named else result


def _followed(
    page: FetchResult, named: "Sequence[parse.FeedLink]", before: FetchState, ask: Ask, run: Run | None
) -> FetchResult:
    """The first feed that a page names and that is there, also over one more page that it calls so; else the page.

    What fails for another reason than that it is not there is a failure: it may be there again at the next poll.
    """
    queue, asked, failed = [(link, True) for link in named], 0, list[SyndicateError]()
    while queue and asked < _MOST_POLLED:
        link, hops = queue.pop(0)
        asked += 1
        try:
            there = ask(location.linked(before, link.url))
        except FetchError as error:
            if error.retry_after is not None and link.type:
                raise
            failed += [error] if link.type and not _is_dead(error) else []
            continue
        further = linked(there.captures[0], run) if there.captures else None
        if further is None:
            return replace(there, moved=None)
        place, came = page.captures[0].url, there.captures[0].url
        failed += [UnexpectedPage(f"{place}: links a feed at {came}, but a page is there")] if link.type else []
        queue[:0] = [(one, False) for one in further if one.type] if hops else []
    if failed:
        raise failed[0]
    return page


def _is_dead(error: FetchError) -> bool:
    return isinstance(error, SourceGone) or (
        isinstance(error, HTTPStatusError) and error.status == HTTPStatus.NOT_FOUND
    )


def linked(capture: Capture, run: Run | None) -> "tuple[parse.FeedLink, ...] | None":
    """The feeds that an HTML page names; None where it is none, or what it is cannot be told.

    A page that stands in for another (maintenance, a login) has links, too, but they say nothing of this source.
    """
    named: tuple[parse.FeedLink, ...] | None = run(_linked, capture) if run else _linked(capture)
    return named


def _searched(before: FetchState) -> bool:
    """Is it not known yet what there is, or was the feed lost that was asked instead?"""
    return before.form is None or (before.form in FEEDS and location.unread(before))


def _linked(capture: Capture) -> "tuple[parse.FeedLink, ...] | None":
    try:
        if parse.detect(capture.body, media_type=capture.media_type) != "html":
            return None
    except ParseError:
        return None
    if parse.looks_like(parse.decode(capture.body, parse.charset(capture.media_type))):
        return ()
    return parse.feeds(capture.body, url=capture.url, media_type=capture.media_type)
