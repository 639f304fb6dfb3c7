"""Which releases have pages that are followed, and what an ingest makes of what those said."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from syndicate.mediatypes import TYPES
from syndicate.model import Release, Source
from syndicate.revise import Incoming, overlaid, plainly_other, says_the_same
from syndicate.store import Store
from syndicate.store.wanted import Wanted
from syndicate.text import canonical_url, fold

_REST = timedelta(hours=1)  # after a page was read: a list may say another word at each poll


def want(store: Store, source: Source, incoming: Sequence[Incoming], now: datetime) -> list[Incoming]:
    """What a poll brought, completed by the pages that were read before; pages that were not are wanted from now on.

    In the transaction of the ingest, before `revise`: so no poll takes a full text back. A headline that the operator
    does not want as such (`headlines = false`) is left out until its page was read.
    """
    if source.url is None:
        return [*incoming]
    pages = followed(source, (release for release, _ in incoming))
    taken = []
    for release, capture in incoming:
        follows = bool(release.url) and canonical_url(release.url or "") in pages
        known = bool(release.url) and not release.withdrawn
        row = _row(store, source, release, follows=follows, now=now) if known else None
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
    titles: dict[str, set[str]] = {}
    entries = set()
    for release in releases:
        if release.url:
            page = canonical_url(release.url)
            titles.setdefault(page, set()).add(fold(release.title))
            if (release.headline and page not in beside) or (source.fulltext and not release.headline):
                entries.add(page)
    own = canonical_url(source.url)
    return {page for page in entries if len(titles[page]) == 1 and page != own and _is_page(page)}


def _row(store: Store, source: Source, release: Release, *, follows: bool, now: datetime) -> Wanted | None:
    """What is known of its page, kept in step with what the source says now."""
    row = store.wanted.find(source.id, release)
    if row is None:
        if not follows:
            return None
        row = Wanted(said=release, due=now)
    elif plainly_other(row.said, release):  # the address is used again
        row = Wanted(said=release, due=now if follows else None)
    elif says_the_same(row.said, release) and row.said.headline == release.headline:
        return row
    elif follows:
        row = _again(row, release, store, now)
    else:
        row = replace(row, said=release)
    store.wanted.put(row)
    return row


def _again(row: Wanted, release: Release, store: Store, now: datetime) -> Wanted:
    """Its source says something else than before, so its page may, too: it is asked again, now or a little later."""
    after = replace(row, said=release, tries=0, error=None, due=max(now, row.asked + _REST) if row.asked else now)
    if canonical_url(row.address) == canonical_url(release.url or ""):
        return after
    store.wanted.drop(row)
    # Some systems make up another address at each request: the same words are no reason to ask.
    same = row.page is not None and row.said.keys[-1] == release.keys[-1] and not release.headline
    return replace(after, etag=None, last_modified=None, hash=None, due=None if same else after.due)


def _is_page(url: str) -> bool:
    return TYPES.get(PurePosixPath(urlsplit(url).path).suffix.lower(), "text/html") == "text/html"
