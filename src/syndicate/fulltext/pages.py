"""The pages of one release, of each source that tells of it: as they are, and as a person wants them."""

from dataclasses import replace

from syndicate.model import Release
from syndicate.store import QueuedPage, Store


def pages_of(store: Store, release: Release) -> tuple[QueuedPage, ...]:
    """What is known of them, the first source's first."""
    told = {edition.source: edition.said for edition in store.releases.editions(release.id)}
    told.setdefault(release.source or "", release)  # of what only its head is known there is no edition
    found = (store.pages.find(source, said) for source, said in told.items() if source)
    return tuple(row for row in found if row)


def leave(store: Store, release: Release) -> tuple[QueuedPage, ...]:
    """Look at its pages no more, whether they are there or not, until their source says something else of it."""
    with store.transaction():
        rows = tuple(row for row in pages_of(store, release) if row.page)
        for row in rows:
            store.pages.put(replace(row, again=None, gone=None, status=None, error=None, tries=0))
    return rows
