"""What is dirty → feeds/."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from syndicate import __version__
from syndicate.model import Document, FeedPage, Release, Site, Topic
from syndicate.publish import locked, publish
from syndicate.render import html, opml, render
from syndicate.render._address import release_path
from syndicate.store import ALL, Mark, Store, TopicRow, Written
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
            sorted(self.content.items()),
        )
        return sha256(repr(parts).encode()).hexdigest()


def prepare(store: Store, outlet: Outlet, *, now: datetime) -> None:
    """At start: a feed for each configured topic, and everything dirty that is not as this program would write it."""
    with store.transaction():
        for topic in (Topic(ALL, outlet.site.title), *outlet.topics):
            if store.topics.get(topic.id) is None:
                store.topics.create(topic, now)
                store.topics.mark("topic", topic.id)
                store.topics.mark("site")
        if store.outputs.fingerprint("page") != outlet.fingerprint:
            store.topics.mark_all()
            store.outputs.made_by("page", outlet.fingerprint)
        for written in store.outputs.written():
            if not (outlet.directory / written.path).is_file():
                store.topics.mark(written.kind, written.owner)


def syndicate(store: Store, outlet: Outlet, topics: Iterable[str] | None = None) -> tuple[Document, ...]:
    """Render what is dirty, and these topics in any case; returns the documents whose bytes changed.

    Order on disk: media and release pages, archives, heads, index and OPML last.
    """
    changed: list[Document] = []
    with locked(outlet.directory):
        for topic in topics or ():
            store.topics.mark("topic", topic)
        marks = sorted(store.topics.marks(), key=lambda mark: _ORDER.index(mark.kind))
        for start in range(0, len(marks), _BATCH):
            batch = marks[start : start + _BATCH]
            press = _Press(store, outlet)
            changed += publish(press.documents(batch), press.gone, outlet.directory)
            with store.transaction():
                store.outputs.wrote(press.written, press.gone)
                store.topics.clear(batch)
    return tuple(changed)


class _Press:
    """One run: documents one by one, and beside them what was written for whom and what is gone."""

    def __init__(self, store: Store, outlet: Outlet) -> None:
        self._store = store
        self._outlet = outlet
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

    def _used(self, path: str, owner: str) -> bool:
        """Does another release show this file, so that it stays?"""
        return path.startswith("media/") and self._store.releases.shows(path.replace("media/", "media:", 1), but=owner)

    def _release(self, identifier: str) -> Iterator[Document]:
        release = self._store.releases.get(identifier)
        if release is None or not release.visible:
            return
        for media in self._store.outputs.beside(release):
            yield Document(f"media/{media.hash}/{media.name}", media.type, media.body)
        if self._outlet.html or release.url is None:
            yield html.release_page(
                release,
                self._outlet.site,
                [self._topics[i] for i in release.topics if i in self._topics],
                self._links([release]),
                self._outlet.formats,
                self._outlet.content.get(release.source or "", "full"),
            )

    def _topic(self, identifier: str) -> Iterator[Document]:
        row = self._rows.get(identifier)
        if row is None:
            return
        page = self._head(row)
        yield from render(page, self._outlet.formats)
        if self._outlet.html and identifier != ALL:
            yield html.topic_page(page)

    def _archive(self, identifier: str) -> Iterator[Document]:
        """A closed page `TOPIC/NUMBER`; it changes for a new neighbour, a correction or a withdrawal only."""
        topic, _, number = identifier.rpartition("/")
        closed = self._store.topics.archive(topic, int(number))
        page = replace(
            self._page(self._rows[topic], closed.releases),
            updated=closed.updated,
            number=closed.number,
            older=closed.number - 1 or None,
            newer=closed.number + 1 if closed.number < closed.newest else None,
        )
        yield from render(page, self._outlet.formats)

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
            topics=tuple(
                self._topics[i] for i in dict.fromkeys(t for r in releases for t in r.topics) if i in self._topics
            ),
            content=self._outlet.content,
            pages=self._outlet.html,
        )

    def _links(self, releases: Iterable[Release]) -> dict[tuple[str, str], str]:
        site, pages = self._outlet.site, self._outlet.html
        return {
            head: site.base_url + release_path(identifier) if pages or url is None else url
            for head, (identifier, url) in self._store.topics.links(releases).items()
        }
