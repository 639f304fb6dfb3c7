"""A release's own page as it is kept in the queue, and what is known of the pages of one document's entries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from syndicate.model import Release
from syndicate.urls import canonical_url

_NAMES = ("id", "hash")  # kinds of keys, by the first of which a page is found besides


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedPage:
    """A release's page. `said` is what its feed or list says, `page` what the page said, once it was read.

    `due`: when the page is asked (again), None where there is nothing to ask. `error` says why it could not be read;
    without `due`, it was given up. `backfill`: it is of the past. What was read is looked at `again`, by the rule of
    `polling.again`, counted from `completed`; `gone`: since when it is not there (`status`: 404 or 410).
    """

    said: Release
    page: Release | None = None
    etag: str | None = None
    last_modified: str | None = None
    hash: str | None = None  # of the body that was read
    asked: datetime | None = None  # the last time, whatever came of it
    due: datetime | None = None
    tries: int = 0  # that failed, one after the other
    error: str | None = None
    backfill: bool = False
    completed: datetime | None = None
    again: datetime | None = None
    gone: datetime | None = None
    status: int | None = None

    @property
    def address(self) -> str:
        return self.said.url or ""


class KnownPages:
    """What is known of the pages of a document's entries, and what becomes of that while they are gone through.

    `rows`: by the addresses (canonical) under which they are kept, in the order in which they came.
    """

    def __init__(self, rows: Mapping[str, QueuedPage]) -> None:
        self.changed: list[
            tuple[QueuedPage, QueuedPage | None]
        ] = []  # for `PageQueue.put`, with the one that has moved
        self._rows: dict[str, QueuedPage] = {}
        self._came: dict[str, int] = {}  # address → its place in the order
        self._places = count()
        self._named: dict[tuple[str, str], set[str]] = {}  # an entry's own id, its words → addresses
        for address, row in rows.items():
            self._keep(address, row)

    def find(self, release: Release, listed: Collection[str] = frozenset()) -> QueuedPage | None:
        """What is known of a release's page: by its address, else by the entry's own id or words at an earlier one.

        `listed`: the addresses (canonical) of all entries of its document. What has one of them has not moved, so equal
        words do not make it this one's.
        """
        at = self._rows.get(canonical_url(release.url)) if release.url else None
        same = at or self._first(release, "id")
        if same:
            return same
        words = self._first(release, "hash")
        return words if words and canonical_url(words.address) not in listed else None

    def put(self, row: QueuedPage, *, moved: QueuedPage | None = None) -> None:
        """It is kept so from now on; `moved`: instead of that one."""
        self.changed.append((row, moved))
        if moved:
            self._drop(canonical_url(moved.address))
            self._came.pop(canonical_url(moved.address), None)
        self._keep(canonical_url(row.address), row)

    def _first(self, release: Release, kind: str) -> QueuedPage | None:
        """Of those that were named so, the one that came first."""
        value = key_of(release, kind)
        addresses = self._named.get((kind, value)) if value else None
        return self._rows[min(addresses, key=self._came.__getitem__)] if addresses else None

    def _keep(self, address: str, row: QueuedPage) -> None:
        self._drop(address)
        self._rows[address] = row
        self._came.setdefault(address, next(self._places))
        for kind in _NAMES:
            if value := key_of(row.said, kind):
                self._named.setdefault((kind, value), set()).add(address)

    def _drop(self, address: str) -> None:
        if before := self._rows.pop(address, None):
            for kind in _NAMES:
                self._named.get((kind, key_of(before.said, kind) or ""), set()).discard(address)


def key_of(release: Release, kind: str) -> str | None:
    return next((key.value for key in release.keys if key.kind == kind), None)
