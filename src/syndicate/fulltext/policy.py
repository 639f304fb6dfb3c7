"""Which releases have pages that are followed, and what an ingest makes of what those said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from syndicate.mediatypes import TYPES, media_type
from syndicate.model import Release, Source
from syndicate.revise import Again, Incoming, overlaid, plainly_other, says_the_same
from syndicate.store import KnownPages, QueuedPage
from syndicate.text import fold
from syndicate.urls import canonical_url

_REST = timedelta(hours=1)  # after a page was asked: a list may say another word at each poll

Titles = Mapping[str, Collection[str]]  # an address (canonical) in a document → the titles of its entries there


class _Poll(NamedTuple):
    """What is known of its pages, and what of its words was read before by another reader."""

    pages: KnownPages
    again: Again
    now: datetime


def with_known_pages(
    queued: KnownPages, source: Source, incoming: Sequence[Incoming], now: datetime, again: Again | None = None
) -> list[Incoming]:
    """What a poll brought, completed by the pages that were read before; pages that were not are wanted from now on.

    Before `revise`: so no poll takes a full text back. What becomes of the pages is to be kept (`store.pages.keep`) in
    the transaction of the ingest. A headline that the operator does not want as such (`headlines = false`) is left out
    until its page was read. `incoming` is without shared keys.
    """
    if source.url is None:
        return [*incoming]
    held = followed(source, (release for release, _ in incoming))
    openly = followed(source, (release for release, _ in incoming if not release.never_shown))
    everything = _titles(release for release, _ in incoming)
    without = _titles(release for release, _ in incoming if not release.never_shown)
    poll, taken = _Poll(queued, again or Again(), now), []
    for release, capture in incoming:
        # What is under an embargo takes no page from the others.
        pages, titles = (held, everything) if release.never_shown else (openly, without)
        follows = bool(release.url) and canonical_url(release.url or "") in pages
        known = bool(release.url) and not release.withdrawn
        row = _row(poll, (release, capture), titles, follows=follows) if known else None
        if row and row.page:
            taken.append((overlaid(release, row.page), capture))
        elif source.headlines or not release.headline:
            taken.append((release, capture))
    return taken


def followed(source: Source, releases: Iterable[Release]) -> Collection[str]:
    """The pages (canonical) of a document's entries that tell of one release each: all of them, or a list's only.

    What a release names as related is no entry; an address that several entries share is nobody's page, and neither is
    the source itself nor a picture or a PDF.
    """
    if source.url is None or source.fulltext is False:
        return frozenset()
    releases = [*releases]
    beside = {canonical_url(r.url) for release in releases if not release.headline for r in release.related if r.url}
    titles = _titles(releases)
    entries = set()
    for release in releases:
        if release.url:
            page = canonical_url(release.url)
            if (release.headline and page not in beside) or (source.fulltext and not release.headline):
                entries.add(page)
    own = canonical_url(source.url)
    return {page for page in entries if len(titles[page]) == 1 and page != own and _is_page(page)}


def _titles(releases: Iterable[Release]) -> Titles:
    titles: dict[str, set[str]] = {}
    for release in releases:
        if release.url:
            titles.setdefault(canonical_url(release.url), set()).add(fold(release.title))
    return titles


def _row(poll: _Poll, said: Incoming, titles: Titles, *, follows: bool) -> QueuedPage | None:
    """What is known of its page, kept in step with what the source says now."""
    (release, capture), now = said, poll.now
    row = poll.pages.find(release, titles.keys())
    other = row is not None and plainly_other(row.said, release)
    moved: QueuedPage | None = None
    if row is None or other or _of_another(row, release, titles):
        if not follows:
            return None  # and whose page it was keeps it
        after = QueuedPage(said=release, due=now)  # the address is used again, or for the first time
    elif poll.again.only_read_otherwise(row.said, release, capture):
        after = replace(row, said=release)
    elif says_the_same(row.said, release) and row.said.headline == release.headline:
        # An id that turns out to be shared is none.
        keys = tuple(key for key in row.said.keys if key.kind == "hash" or key in release.keys)
        after = replace(row, said=replace(row.said, keys=keys, entry=release.entry, reader=release.reader))
    elif follows:
        after = _again(row, release, now)
        moved = row if canonical_url(row.address) != canonical_url(release.url or "") else None
    else:
        after = replace(row, said=release, backfill=False)
    if after != row or (row and after.said.reader != row.said.reader):
        poll.pages.put(after, moved=moved)
    return after


def _of_another(row: QueuedPage, release: Release, titles: Titles) -> bool:
    """Does this entry share the address of one whose page was wanted before?"""
    page = canonical_url(release.url or "")
    shared = len(titles[page]) > 1 and page == canonical_url(row.address)
    own = any(key.kind == "id" and key in row.said.keys for key in release.keys)
    return shared and not own and fold(row.said.title) != fold(release.title)


def _again(row: QueuedPage, release: Release, now: datetime) -> QueuedPage:
    """Its source says something else than before, so its page may, too: it is asked again, now or a little later.

    That is no reason to ask a page sooner that fails, nor one that was given up: a new address is. What a poll brings
    is news, though a backfill brought it first.
    """
    due = max(row.due or now, row.asked + _REST) if row.asked else row.due or now
    given_up = row.error is not None and row.due is None
    after = replace(row, said=release, backfill=False, due=None if given_up else due)
    if canonical_url(row.address) == canonical_url(release.url or ""):
        return after
    if given_up:
        after = replace(after, tries=0, error=None, due=due)
    # Some systems make up another address at each request: the same words are no reason to ask.
    same = row.page is not None and row.said.keys[-1] == release.keys[-1] and not release.headline
    return replace(after, etag=None, last_modified=None, hash=None, due=None if same else after.due)


def _is_page(url: str) -> bool:
    return media_type(url) in (None, TYPES[".html"])
