"""What every document of a run is made with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from syndicate.documents.digests import joined, of_entry, of_tombstone
from syndicate.documents.entries import Entries
from syndicate.documents.fingerprint import fingerprint
from syndicate.documents.linking import Linking, without_withdrawn
from syndicate.documents.maps import Maps
from syndicate.documents.validation import Validation
from syndicate.formats import FORMATS
from syndicate.model import Document, FeedPage, Plan, Topic
from syndicate.render import joins
from syndicate.store import ALL, Fragment, Head, Shown, Store, TopicRow
from syndicate.text import fold


class Standing(NamedTuple):
    """What stands in a head: the digests of its tombstones and entries, and the archive page next to it."""

    positions: str
    closed: int | None


class Context:
    """Of one run. `joins`: is each format one whose entries are made one by one? `heads`: by the path of each."""

    def __init__(self, store: Store, plan: Plan, now: datetime) -> None:
        self.store = store
        self.plan = plan
        self.now = now
        self.rows = {row.id: row for row in store.feeds.list()}
        self._configured = {topic.id: topic for topic in plan.topics}
        self.topics = self._topics(self.rows.values()) | {ALL: Topic(ALL, plan.site.title)}
        self.aliases = {alias for topic in plan.topics for alias in topic.aliases}
        self.linking = Linking(plan)
        made_by = fingerprint(plan)
        self.entries = Entries(store, plan, self.named, made_by)
        self.maps = Maps(store, plan, now, made_by)
        self.validation = Validation(plan.site)
        self.joins = all(joins(name) for name in plan.publish.formats)
        self.heads: dict[str, Standing] = {}
        self._heads: dict[str, Head] = {}

    def told_for(self, name: str) -> timedelta:
        """For how long a head in this format tells of a withdrawal: as a tombstone where it has some, else a notice."""
        publish = self.plan.publish
        return publish.tombstones if FORMATS[name].tombstones else publish.withdrawal_notice

    def stands(self, page: FeedPage, document: Document, entries: Iterable[Fragment]) -> None:
        """What this head is made of, by its path."""
        gone = [of_tombstone(each) for each in page.tombstones]
        self.heads[document.path] = Standing(joined([*gone, *map(self.digest, entries)]), page.older)

    def digest(self, entry: Fragment) -> str:
        """What stands in several heads, or in one for some time, is digested once."""
        return self.store.fragments.noted(entry, of_entry)

    def head(self, topic: str) -> Head:
        """What stands in a feed's head. That of everything is the first page of the site as well: it is read once."""
        if topic != ALL:
            return self.store.feeds.head(topic)
        if topic not in self._heads:
            self._heads[topic] = self.store.feeds.head(topic)
        return self._heads[topic]

    def named(self, topics: Iterable[str]) -> tuple[Topic, ...]:
        """Those of these that there are, each once.

        One may have come after this run began, with a release that it reads already. It is looked up: lines that do
        not name it would be kept for good, for nothing that they are made of changes any more.
        """
        wanted = dict.fromkeys(topics)
        if not self.topics.keys() >= wanted.keys():
            self.topics |= self._topics(row for row in self.store.feeds.list() if row.id not in self.topics)
        return tuple(self.topics[i] for i in wanted if i in self.topics)

    def _topics(self, rows: Iterable[TopicRow]) -> dict[str, Topic]:
        return {row.id: self._configured.get(row.id) or Topic(row.id, row.title) for row in rows}

    def page(self, row: TopicRow) -> FeedPage:
        """What a page of this feed is made of, but for the releases."""
        return FeedPage(
            site=self.plan.site,
            topic=self.topics[row.id],
            atom_id=row.atom_id,
            updated=row.updated,
            formats=self.plan.publish.formats,
            content=self.plan.republished,
            pages=self.plan.publish.html,
            hub=self.plan.hub,
        )

    def whole(self, page: FeedPage, shown: Sequence[Shown]) -> FeedPage:
        """The page with these releases, and all that is linked from and to them."""
        releases = tuple(each.load() for each in shown)
        links = self.store.feeds.links(releases)
        return replace(
            page,
            releases=without_withdrawn(releases, links),
            links=self.linking.related(links),
            corrections=self.linking.corrections(links),
            topics=self.named(topic for release in releases for topic in release.topics),
        )

    def also(self, topic: str, documents: Iterable[Document]) -> Iterator[Document]:
        """The same under the topic's earlier ids: on a plain server, who has an old address reads on."""
        documents = [*documents]
        yield from documents
        for alias in self.topics[topic].aliases:
            for document in documents:
                yield replace(document, path=alias + document.path.removeprefix(topic))

    def listed(self, rows: Iterable[TopicRow]) -> list[TopicRow]:
        """As people look for them: by title."""
        return sorted(rows, key=lambda row: (fold(self.topics[row.id].title), row.id))
