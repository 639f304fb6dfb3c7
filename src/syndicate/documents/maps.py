"""Which releases stand in which map for search engines, from what the store holds."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property

from syndicate.model import Document, Plan, Release
from syndicate.render import sitemap
from syndicate.store import ALL, Store, TopicRow


class Maps:
    """Of one run. A group of closed pages is full once there is a page that is numbered as its last one, or higher."""

    def __init__(self, store: Store, plan: Plan, now: datetime) -> None:
        self._store = store
        self._site = plan.site
        self._now = now
        self._written: dict[int, Document] = {}

    def beside(self, number: int) -> Document | None:
        """The map that this closed page of everything stands in; None where its group is not full yet."""
        group = sitemap.group_of(number)
        if group > self._full:
            return None
        if group not in self._written:
            numbers = [n for n in self._closed if sitemap.group_of(n) == group]
            self._written[group] = sitemap.closed_map(group, self._on(reversed(numbers)), self._site)
        return self._written[group]

    def of_site(self, everything: TopicRow, topics: Iterable[TopicRow]) -> Iterator[Document]:
        """What changes with each release: the map of the newest, that of topics, and the index."""
        fresh = [n for n in self._closed if sitemap.group_of(n) > self._full]
        newest = [*self._store.feeds.head(ALL).releases, *self._on(reversed(fresh))]
        yield sitemap.open_map(newest, self._site, self._now)
        base = self._site.base_url
        pages = [sitemap.Mapped(f"{base}{row.id}.html", row.updated) for row in topics]
        yield sitemap.topic_map([sitemap.Mapped(base, everything.updated), *pages], self._site)
        groups = dict[int, datetime]()
        for number, updated in self._closed.items():
            if (group := sitemap.group_of(number)) <= self._full:
                groups[group] = max(updated, groups.get(group, updated))
        yield sitemap.sitemap(groups, everything.updated, self._site)

    def _on(self, numbers: Iterable[int]) -> Iterator[Release]:
        for number in numbers:
            yield from self._store.feeds.archive(ALL, number).releases

    @cached_property
    def _closed(self) -> dict[int, datetime]:
        """The numbers of the closed pages of everything, and when each last changed."""
        return self._store.feeds.closed(ALL)

    @cached_property
    def _full(self) -> int:
        """The last group that is full."""
        return max(self._closed, default=0) // sitemap.GROUP
