"""What a source brings, wherever that is: at its address, or at the feed that the page there links."""

from collections.abc import Callable
from dataclasses import replace

from syndicate.errors import ParseError, UnexpectedPage
from syndicate.fetch import whereabouts
from syndicate.model import Capture, FetchResult, FetchState, Source
from syndicate.parse import FEEDS, FeedLink, charset, decode, detect, feeds, looks_like
from syndicate.reading import Run

Ask = Callable[[FetchState], FetchResult]  # one request, at the state's address


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
    there = ask(whereabouts.linked(before, links[0].url))
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
    return before.form is None or (before.form in FEEDS and whereabouts.unread(before))


def _linked(capture: Capture) -> tuple[FeedLink, ...] | None:
    try:
        if detect(capture.body, media_type=capture.media_type) != "html":
            return None
    except ParseError:
        return None
    if looks_like(decode(capture.body, charset(capture.media_type))):
        return ()
    return feeds(capture.body, url=capture.url, media_type=capture.media_type)
