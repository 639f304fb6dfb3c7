"""Which releases stand in which map for search engines, from what the store holds."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from syndicate.model import Document, Plan, Release
from syndicate.render import Joined, sitemap
from syndicate.store import ALL, Fragment, Shown, Store, TopicRow

_LINES = ("", "maps")  # of the full groups in the index, as a fragment of no release


class Maps:
    """Of one run. A group of closed pages is full once there is a page that is numbered as its last one, or higher."""

    def __init__(self, store: Store, plan: Plan, now: datetime, fingerprint: str) -> None:
        self._store = store
        self._site = plan.site
        self._now = now
        self._fingerprint = fingerprint
        self._written: dict[int, Document] = {}
        self._touched: set[int] = set()
        self._lines: Fragment | None = None

    def beside(self, number: int) -> Document | None:
        """The map that this closed page of everything stands in; None where its group is not full yet."""
        group = sitemap.group_of(number)
        if group > self.full:
            return None
        self._touched.add(group)
        if group not in self._written:
            on_pages = self._store.feeds.on_pages(ALL, sitemap.numbers_of(group))
            self._written[group] = sitemap.closed_map(group, _loaded(on_pages), self._site)
        return self._written[group]

    def fresh(self) -> tuple[Shown, ...]:
        """What stands on closed pages whose group is not full yet, the newest first."""
        return self._store.feeds.on_pages(ALL, sitemap.numbers_of(self.full + 1))

    def news(self, shown: Iterable[Shown]) -> list[bool]:
        """Which of these the open map marks."""
        return sitemap.news([each.published for each in shown], self._now)

    def open_map(self, shown: Iterable[Shown]) -> Document:
        return sitemap.open_map([*_loaded(shown)], self._site, self._now)

    def topic_map(self, everything: TopicRow, topics: Iterable[TopicRow]) -> Document:
        base = self._site.base_url
        pages = [sitemap.Mapped(f"{base}{row.id}.html", row.updated) for row in topics]
        return sitemap.topic_map([sitemap.Mapped(base, everything.updated), *pages], self._site)

    def index(self, everything: TopicRow) -> tuple[Joined, bool]:
        """What names all maps; and whether its lines of full groups were made now, not taken as they were kept."""
        key = sha256(f"{self._fingerprint} {self.full}".encode()).digest()
        kept = next(iter(self._store.fragments.kept(*([each] for each in _LINES))), None)
        if kept and kept.key == key and all(self._line(group) in kept.body for group in self._touched):
            self._touched.clear()
            return sitemap.index(everything.updated, kept.body, self._site), False
        self._lines = Fragment(*_LINES, key, self._all_lines())
        return sitemap.index(everything.updated, self._lines.body, self._site), True

    def keep(self) -> None:
        """In the transaction of the run: the lines, or that they are out of date."""
        if self._lines:
            self._store.fragments.keep([self._lines])
        elif self._touched:
            self._store.fragments.drop([_LINES[0]])

    def _all_lines(self) -> bytes:
        every = range(1, self.full * sitemap.GROUP + 1)
        return sitemap.closed_lines(self._store.feeds.page_groups(ALL, sitemap.GROUP, every), self._site)

    def _line(self, group: int) -> bytes:
        groups = self._store.feeds.page_groups(ALL, sitemap.GROUP, sitemap.numbers_of(group))
        return sitemap.closed_lines(groups, self._site)

    @cached_property
    def full(self) -> int:
        """The last group that is full."""
        return self._store.feeds.highest_page(ALL) // sitemap.GROUP


def _loaded(shown: Iterable[Shown]) -> Iterator[Release]:
    return (each.load() for each in shown)
