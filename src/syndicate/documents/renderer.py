"""What is dirty, as documents: each release's page, each feed's head and closed pages, the site's index."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from syndicate.documents.maps import Maps
from syndicate.documents.validation import Validation
from syndicate.formats import FORMATS
from syndicate.model import Correction, Document, FeedPage, Plan, Release, ReleasePage, Tombstone, Topic
from syndicate.placement import Dirty
from syndicate.render import html, icons, opml, page_path, release_path, sitemap, stylesheet
from syndicate.store import ALL, Links, Mark, Store, TopicRow, Written, tombstone
from syndicate.text import fold, head


class Renderer:
    """One run: documents one by one, and beside them what was written for whom and what is gone."""

    def __init__(self, store: Store, plan: Plan, now: datetime) -> None:
        self._store = store
        self._plan = plan
        self._now = now
        self._aliases = {alias for topic in plan.topics for alias in topic.aliases}
        self._rows = {row.id: row for row in store.feeds.list()}
        configured = {topic.id: topic for topic in plan.topics}
        self._topics = {i: configured.get(i) or Topic(i, row.title) for i, row in self._rows.items()}
        self._topics[ALL] = Topic(ALL, plan.site.title)
        self._maps = Maps(store, plan, now)
        self.validation = Validation()
        self.written: list[Written] = []
        self.forgotten: list[Written] = []
        self.gone: list[str] = []

    def documents(self, marks: Iterable[Mark]) -> Iterator[Document]:
        make = {"release": self._release, "page": self._archive, "topic": self._topic, "site": self._site}
        for mark in marks:
            paths = set()
            self.validation.kept.clear()
            for document in make[mark.kind](mark.id):
                paths.add(document.path)
                self.written.append(Written(document.path, document.hash, mark.kind, mark.id))
                yield document
            if self.validation.kept:
                continue  # the last good ones stay
            self.forgotten += [w for w in self._store.outputs.written(mark.kind, mark.id) if w.path not in paths]
        self.gone += self._unowned()

    def _unowned(self) -> list[str]:
        """What is forgotten by all whose it was, also where two of them forget it at once."""
        written = {row.path for row in self.written}
        owners = dict[str, set[Dirty]]()
        for row in self.forgotten:
            owners.setdefault(row.path, set()).add(row.mark)
        return [p for p in sorted(owners) if p not in written and self._store.outputs.of(p) <= owners[p]]

    def _release(self, identifier: str) -> Iterator[Document]:
        release = self._store.releases.get(identifier)
        own_page = release is not None and (self._plan.publish.html or release.url is None)
        if release and release.withdrawn and release.issued and own_page:
            yield html.withdrawn_page(tombstone(release), self._plan.site)
        if release is None or not release.visible:
            return
        for media in self._store.outputs.beside(release):
            yield Document(f"media/{media.hash}/{media.name}", media.type, media.body)
        if own_page:
            yield from self.validation.sound(release.id, release_path(release.id), lambda: self.page(release))

    def page(self, release: Release, topics: Iterable[Topic] = ()) -> Document:
        """A release's own page. `topics`: of its own, those that nobody has seen yet."""
        named = {topic.id: topic for topic in topics} | self._topics
        links = self._store.feeds.links([release])
        (release,) = self._without_withdrawn((release,), links)
        return html.release_page(
            ReleasePage(
                site=self._plan.site,
                release=release,
                topics=tuple(named[i] for i in release.topics if i in named),
                links=self._related(links),
                formats=self._plan.publish.formats,
                corrections=self._corrections(links).get(release.id, ()),
                content=self._plan.republished.get(release.source or "", "full"),
            )
        )

    def _topic(self, identifier: str) -> Iterator[Document]:
        row = self._rows.get(identifier)
        if row is None or identifier in self._aliases:
            return
        page = self._head(row)
        # A tombstone where a format has some; in the others, for a shorter time, a notice.
        groups: dict[tuple[Tombstone, ...], list[str]] = {}
        publish = self._plan.publish
        for name in publish.formats:
            span = publish.tombstones if FORMATS[name].tombstones else publish.withdrawal_notice
            groups.setdefault(self._store.feeds.tombstones(identifier, self._now - span), []).append(name)
        for tombstones, names in groups.items():
            yield from self._also(identifier, *self.validation.pages(replace(page, tombstones=tombstones), names))
        if self._plan.publish.html and identifier != ALL:
            yield from self._also(identifier, *self._people(page))

    def _also(self, identifier: str, *documents: Document) -> Iterator[Document]:
        """The same under the topic's earlier ids: on a plain server, who has an old address reads on."""
        yield from documents
        for alias in self._topics[identifier].aliases:
            for document in documents:
                yield replace(document, path=alias + document.path.removeprefix(identifier))

    def _archive(self, identifier: str) -> Iterator[Document]:
        """An archive page `TOPIC/NUMBER`: once full it changes for a new neighbour, a correction, a withdrawal only."""
        topic, _, number = identifier.rpartition("/")
        if topic in self._aliases:
            return
        closed = self._store.feeds.archive(topic, int(number))
        page = replace(
            self._page(self._rows[topic], closed.releases),
            tombstones=closed.tombstones,
            updated=closed.updated,
            number=closed.number,
            older=closed.older,
            newer=closed.newer,
        )
        yield from self._also(topic, *self.validation.pages(page, self._plan.publish.formats))
        if self._plan.publish.html:
            yield from self._also(topic, *self._people(page))
        if self._plan.publish.html and topic == ALL and (found := self._maps.beside(closed.number)):
            yield from self._checked(found)

    def _people(self, page: FeedPage) -> Iterator[Document]:
        """The page of a feed as people read it."""
        path = page_path(page.topic.id, page.number)
        return self.validation.sound(path, path, lambda: html.topic_page(self.validation.without_failed(page)))

    def _site(self, _: str) -> Iterator[Document]:
        shown = [row for row in self._rows.values() if row.id != ALL and row.entries]
        if self._plan.publish.html:
            summaries = [html.TopicSummary(self._topics[r.id], r.entries, r.newest) for r in self._listed(shown)]
            latest = self._head(self._rows[ALL])
            yield from self.validation.sound("index.html", "index.html", lambda: html.index_page(summaries, latest))
            for document in self._maps.of_site(self._rows[ALL], self._listed(shown)):
                yield from self._checked(document)
        yield html.not_found(self._plan.site)
        yield sitemap.robots(self._plan.site, maps=self._plan.publish.html)
        yield stylesheet(self._plan.site)
        if icon := self._plan.publish.icon:
            yield from icons(icon)
        listed = [self._topics[row.id] for row in self._listed(shown)]
        site, formats, pages = self._plan.site, self._plan.publish.formats, self._plan.publish.html
        yield from self.validation.sound(
            "topics.opml", "topics.opml", lambda: opml(site, listed, formats=formats, pages=pages)
        )

    def _checked(self, document: Document) -> Iterator[Document]:
        return self.validation.sound(document.path, document.path, lambda: document)

    def _listed(self, rows: Iterable[TopicRow]) -> list[TopicRow]:
        """As people look for them: by title."""
        return sorted(rows, key=lambda row: (fold(self._topics[row.id].title), row.id))

    def _head(self, row: TopicRow) -> FeedPage:
        head = self._store.feeds.head(row.id)
        return replace(self._page(row, head.releases), older=head.older)

    def _without_withdrawn(self, releases: Iterable[Release], links: Links) -> tuple[Release, ...]:
        """The releases, without what their related blocks say of withdrawn ones: no word of those stays."""

        def cleaned(release: Release) -> Release:
            gone = links.withdrawn.get(release.id, ())
            kept = tuple(r for r in release.related if head(r.topic, r.title) not in gone)
            return replace(release, related=kept) if gone else release

        return tuple(cleaned(release) for release in releases)

    def _page(self, row: TopicRow, releases: tuple[Release, ...]) -> FeedPage:
        links = self._store.feeds.links(releases)
        releases = self._without_withdrawn(releases, links)
        return FeedPage(
            site=self._plan.site,
            topic=self._topics[row.id],
            atom_id=row.atom_id,
            updated=row.updated,
            releases=releases,
            formats=self._plan.publish.formats,
            links=self._related(links),
            corrections=self._corrections(links),
            topics=tuple(
                self._topics[i] for i in dict.fromkeys(t for r in releases for t in r.topics) if i in self._topics
            ),
            content=self._plan.republished,
            pages=self._plan.publish.html,
        )

    def _related(self, links: Links) -> dict[tuple[str, str], str]:
        return {head: self._address(*target) for head, target in links.related.items()}

    def _corrections(self, links: Links) -> dict[str, tuple[Correction, ...]]:
        return {
            identifier: tuple(Correction(link.kind, link.title, self._address(link.id, link.url)) for link in found)
            for identifier, found in links.corrections.items()
        }

    def _address(self, identifier: str, url: str | None) -> str:
        """Where a release of ours is read: here, or at its source where we publish no pages."""
        return self._plan.site.base_url + release_path(identifier) if self._plan.publish.html or url is None else url
