"""Pages of releases that are not there any more, as `status` tells it: that withdraws nothing by itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

from syndicate.model import Source
from syndicate.recording import release_of
from syndicate.store import QueuedPage, Store
from syndicate.urls import without_secrets

FEW = 5  # pages of a source that are named one by one


class GonePage(NamedTuple):
    """The page of a release that stands, `since` when it is not there, and what it answers: 410 or 404."""

    release: str
    title: str
    url: str
    status: int
    since: datetime

    @property
    def needs_person(self) -> bool:
        """Somebody over there took it away; that it cannot be found may be anything."""
        return self.status == HTTPStatus.GONE


def gone_pages(source: Source, rows: Iterable[QueuedPage], store: Store) -> tuple[GonePage, ...]:
    """Of these, what readers have, or will have, in this source's words."""
    found = ((row, release_of(store, row.said, tag=source.tag)) for row in rows)
    return tuple(
        GonePage(release.id, release.title, without_secrets(row.address), row.status or HTTPStatus.NOT_FOUND, row.gone)
        for row, release in found
        if release and row.gone and not release.withdrawn and release.source == source.id
    )


def gone_lines(source: str, pages: Sequence[GonePage]) -> Iterator[str]:
    """A line for each; of many, of the first only."""
    for page in pages[:FEW]:
        answer = f"{page.status} {HTTPStatus(page.status).phrase}"
        yield (
            f"source {source}: the page of „{page.title}“ ({page.release}) answers {answer}, the release stays:"
            f" {page.url}"
        )
    if len(pages) > FEW:
        yield f"source {source}: so do the pages of {len(pages) - FEW} more releases: syndicate status --json"
