"""What is dirty → feeds/."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from syndicate import __version__
from syndicate.model import Correction, Document, FeedPage, Release, Site, Topic
from syndicate.publish import locked, publish
from syndicate.render import html, opml, render
from syndicate.render._address import release_path
from syndicate.store import ALL, Mark, Store, TopicRow, Written, tombstone
from syndicate.text import fold

_ORDER = ("release", "page", "topic", "site")  # nothing links to what is not there yet
_BATCH = 200  # marks rendered at once: bounds the memory of a first publish


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """Where and how we publish. `content` maps a source to "teaser" where only that may be republished."""

    site: Site
    directory: Path
    formats: tuple[str, ...] = ("atom", "rss", "json")
    html: bool = True
    page_size: int = 50
    topics: tuple[Topic, ...] = ()
    tombstones: timedelta = timedelta(days=90)  # how long a head has one
    withdrawal_notice: timedelta = timedelta(
        days=30
    )  # how long RSS and JSON say so, for readers that know no tombstones
    content: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Of all that renders a document beside the releases."""
        parts = (
            __version__,
            self.site,
            self.formats,
            self.html,
            self.page_size,
            self.topics,
            self.tombstones,
            self.withdrawal_notice,
            sorted(self.content.items()),
        )
        return sha256(repr(parts).encode()).hexdigest()


def prepare(store: Store, outlet: Outlet, *, now: datetime) -> None:
    """At start: a feed for each configured topic, and everything dirty that is not as this program would write it."""
    with store.transaction():
        for topic in (Topic(ALL, outlet.site.title), *outlet.topics):
            earlier = next((alias for alias in topic.aliases if store.topics.get(alias)), None)
            if store.topics.get(topic.id) is None and earlier:
                store.topics.rename(earlier, topic)
                store.topics.mark("site")
            elif store.topics.get(topic.id) is None:
                store.topics.create(topic, now)
                store.topics.mark("topic", topic.id)
                store.topics.mark("site")
        if store.outputs.fingerprint("page") != outlet.fingerprint:
            store.topics.mark_all()
            store.outputs.made_by("page", outlet.fingerprint)
        for written in store.outputs.written():
            if not (outlet.directory / written.path).is_file():
                store.topics.mark(written.kind, written.owner)


def syndicate(
    store: Store, outlet: Outlet, topics: Iterable[str] | None = None, *, now: datetime
) -> tuple[Document, ...]:
    """Render what is dirty, and these topics in any case; returns the documents whose bytes changed.

    Order on disk: media and release pages, archives, heads, index and OPML last.
    """
    changed: list[Document] = []
    with locked(outlet.directory):
        with store.transaction():
            store.topics.expire(now, (outlet.tombstones, outlet.withdrawal_notice))
            for topic in topics or ():
                store.topics.mark("topic", topic)
        marks = sorted(store.topics.marks(), key=lambda mark: _ORDER.index(mark.kind))
        for start in range(0, len(marks), _BATCH):
            batch = marks[start : start + _BATCH]
            press = _Press(store, outlet, now)
            changed += publish(press.documents(batch), press.gone, outlet.directory)
            with store.transaction():
                store.outputs.wrote(press.written, press.gone)
                store.topics.clear(batch)
    return tuple(changed)


class _Press:
    """One run: documents one by one, and beside them what was written for whom and what is gone."""

    def __init__(self, store: Store, outlet: Outlet, now: datetime) -> None:
        self._store = store
        self._outlet = outlet
        self._now = now
        self._aliases = {alias for topic in outlet.topics for alias in topic.aliases}
        self._rows = {row.id: row for row in store.topics.list()}
        configured = {topic.id: topic for topic in outlet.topics}
        self._topics = {i: configured.get(i) or Topic(i, row.title) for i, row in self._rows.items()}
        self._topics[ALL] = Topic(ALL, outlet.site.title)
        self.written: list[Written] = []
        self.gone: list[str] = []

    def documents(self, marks: Iterable[Mark]) -> Iterator[Document]:
        make = {"release": self._release, "page": self._archive, "topic": self._topic, "site": self._site}
        for mark in marks:
            paths = set()
            for document in make[mark.kind](mark.id):
                paths.add(document.path)
                self.written.append(Written(document.path, document.hash, mark.kind, mark.id))
                yield document
            was = {written.path for written in self._store.outputs.written(mark.kind, mark.id)}
            self.gone += sorted(path for path in was - paths if not self._used(path, mark.id))
        written = {row.path for row in self.written}
        self.gone[:] = [path for path in self.gone if path not in written]

    def _used(self, path: str, owner: str) -> bool:
        """Does another release show this file, so that it stays?"""
        return path.startswith("media/") and self._store.releases.shows(path.replace("media/", "media:", 1), but=owner)

    def _release(self, identifier: str) -> Iterator[Document]:
        release = self._store.releases.get(identifier)
        own_page = release is not None and (self._outlet.html or release.url is None)
        if release and release.withdrawn and release.issued and own_page:
            yield html.withdrawn_page(tombstone(release), self._outlet.site)
        if release is None or not release.visible:
            return
        for media in self._store.outputs.beside(release):
            yield Document(f"media/{media.hash}/{media.name}", media.type, media.body)
        if own_page:
            yield html.release_page(
                release,
                self._outlet.site,
                [self._topics[i] for i in release.topics if i in self._topics],
                self._links([release]),
                self._outlet.formats,
                self._outlet.content.get(release.source or "", "full"),
                corrections=self._corrections([release]).get(release.id, ()),
            )

    def _topic(self, identifier: str) -> Iterator[Document]:
        row = self._rows.get(identifier)
        if row is None or identifier in self._aliases:
            return
        page = self._head(row)
        for name in self._outlet.formats:
            yield from self._also(identifier, *render(self._tombstoned(page, row, name), (name,)))
        if self._outlet.html and identifier != ALL:
            yield from self._also(identifier, html.topic_page(page))

    def _tombstoned(self, page: FeedPage, row: TopicRow, name: str) -> FeedPage:
        """The head with what was withdrawn of late: a tombstone in Atom, for a shorter time a notice in the others."""
        span = self._outlet.tombstones if name == "atom" else self._outlet.withdrawal_notice
        since = self._now - span
        return replace(page, tombstones=tuple(t for t in self._store.topics.tombstones(row.id) if t.when > since))

    def _also(self, identifier: str, *documents: Document) -> Iterator[Document]:
        """The same under the topic's earlier ids: on a plain server, who has an old address reads on."""
        yield from documents
        for alias in self._topics[identifier].aliases:
            for document in documents:
                yield replace(document, path=alias + document.path.removeprefix(identifier))

    def _archive(self, identifier: str) -> Iterator[Document]:
        """A closed page `TOPIC/NUMBER`; it changes for a new neighbour, a correction or a withdrawal only."""
        topic, _, number = identifier.rpartition("/")
        if topic in self._aliases:
            return
        closed = self._store.topics.archive(topic, int(number))
        page = replace(
            self._page(self._rows[topic], closed.releases),
            tombstones=closed.tombstones,
            updated=closed.updated,
            number=closed.number,
            older=closed.number - 1 or None,
            newer=closed.number + 1 if closed.number < closed.newest else None,
        )
        yield from self._also(topic, *render(page, self._outlet.formats))

    def _site(self, _: str) -> Iterator[Document]:
        shown = [row for row in self._rows.values() if row.id != ALL and row.entries]
        if self._outlet.html:
            yield html.index_page(
                self._outlet.site,
                [html.TopicSummary(self._topics[row.id], row.entries, row.newest) for row in self._listed(shown)],
                self._head(self._rows[ALL]),
            )
        yield html.not_found(self._outlet.site)
        listed = [self._topics[row.id] for row in self._listed(shown)]
        yield opml(self._outlet.site, listed, formats=self._outlet.formats, pages=self._outlet.html)

    def _listed(self, rows: Iterable[TopicRow]) -> list[TopicRow]:
        """As people look for them: by title."""
        return sorted(rows, key=lambda row: (fold(self._topics[row.id].title), row.id))

    def _head(self, row: TopicRow) -> FeedPage:
        page = self._page(row, self._store.topics.head(row.id))
        return replace(page, older=self._store.topics.last_page(row.id) or None)

    def _page(self, row: TopicRow, releases: tuple[Release, ...]) -> FeedPage:
        return FeedPage(
            site=self._outlet.site,
            topic=self._topics[row.id],
            atom_id=row.atom_id,
            updated=row.updated,
            releases=releases,
            formats=self._outlet.formats,
            links=self._links(releases),
            corrections=self._corrections(releases),
            topics=tuple(
                self._topics[i] for i in dict.fromkeys(t for r in releases for t in r.topics) if i in self._topics
            ),
            content=self._outlet.content,
            pages=self._outlet.html,
        )

    def _links(self, releases: Iterable[Release]) -> dict[tuple[str, str], str]:
        return {head: self._address(*target) for head, target in self._store.topics.links(releases).items()}

    def _corrections(self, releases: Iterable[Release]) -> dict[str, tuple[Correction, ...]]:
        found = self._store.releases.corrections(releases)
        return {
            identifier: tuple(Correction(link.kind, link.title, self._address(link.id, link.url)) for link in links)
            for identifier, links in found.items()
        }

    def _address(self, identifier: str, url: str | None) -> str:
        """Where a release of ours is read: here, or at its source where we publish no pages."""
        return self._outlet.site.base_url + release_path(identifier) if self._outlet.html or url is None else url
