"""What is dirty, as documents: each release's page, each feed's head and closed pages, the site's index."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from syndicate.documents.context import Context
from syndicate.documents.entries import MAPS
from syndicate.documents.feed_pages import FeedPages
from syndicate.documents.linking import Linked, without_withdrawn
from syndicate.documents.site_pages import SitePages
from syndicate.formats import FORMATS
from syndicate.model import Document, Plan, Release, ReleasePage, Topic
from syndicate.placement import Dirty
from syndicate.render import html, of_release, of_withdrawn, release_path, sitemap
from syndicate.store import ALL, Made, Mark, Standing, Store, Written, tombstone

# What is made for several marks: two releases may show one picture, and a map is of a group of pages.
_SHARED = ("media/", "sitemaps/")


class Renderer:
    """One run: documents one by one, and beside them what was written for whom and what is gone.

    `fresh`, once all are made: those that the store did not know so, without their bytes, by path.
    """

    def __init__(self, store: Store, plan: Plan, now: datetime, generation: int = 0) -> None:
        self._store = store
        self._generation = generation
        self._plan = plan
        self._context = Context(store, plan, now)
        self._feeds = FeedPages(self._context)
        self._site = SitePages(self._context)
        self._releases: Mapping[str, Release] = {}
        self._links: Linked | None = None
        self._marks: tuple[Mark, ...] = ()
        self._unseen: list[str] = []
        self._alone = [name for name in plan.publish.formats if FORMATS[name].releases]
        self.validation = self._context.validation
        self.written: list[Written] = []
        self.forgotten: list[Written] = []
        self.gone: list[str] = []
        self.fresh: dict[str, Document] = {}
        self.standing: tuple[Standing, ...] = ()

    def documents(self, marks: Iterable[Mark]) -> Iterator[Document]:
        self._marks = tuple(marks)
        before = self._store.outputs.written_by(Dirty(mark.kind, mark.id) for mark in self._marks)
        if released := [mark.id for mark in self._marks if mark.kind == "release"]:
            self.standing = self._store.search.standing(released)
            self._releases = {each.shown.id: each.shown.load() for each in self.standing}
            self._links = self._context.linking.of(self._store.feeds.links(released))
        new = list[Written]()
        for mark in self._marks:
            paths = set()
            self.validation.kept.clear()
            for document in self._made(mark):
                paths.add(document.path)
                written = Written(document.path, document.hash, mark.kind, mark.id)
                self.written.append(written)
                known = {row.path: row.hash for row in before.get(written.mark, ())}
                if known.get(document.path) != written.hash:
                    self.fresh[document.path] = replace(document, body=b"")
                if document.path not in known and document.path.startswith(_SHARED):
                    new.append(written)
                yield document
            if self.validation.kept:
                continue  # the last good ones stay
            self.forgotten += [w for w in before.get(Dirty(mark.kind, mark.id), ()) if w.path not in paths]
        self.gone += self._unowned()
        for path in self._store.outputs.as_written(new):
            self.fresh.pop(path, None)

    def own(self, documents: Iterable[Document]) -> None:
        """Whose they are stands in the store before they stand in the folder: what is withdrawn after a crash goes."""
        paths = {document.path for document in documents}
        self._store.outputs.own(row for row in self.written if row.path in paths)

    def made(self) -> list[Made]:
        """The documents of feeds among what was written: their heads and archive pages, not the copies of aliases."""
        marks = {Dirty(mark.kind, mark.id): mark for mark in self._marks}
        found = list[Made]()
        for row in self.written:
            if row.kind in ("topic", "page") and row.path in self._paths(row.owner):
                standing = self._context.heads.get(row.path, (None, None))
                found.append(Made(row.path, row.hash, self._generation, marks[row.mark].again, *standing))
        return found

    def ended(self) -> list[str]:
        """What is no document of a feed any more: it is gone, or a copy under an earlier id."""
        aliases = self._context.aliases
        copies = (row.path for row in self.written if aliases)
        return [*self.gone, *(path for path in copies if path.partition(".")[0].partition("/")[0] in aliases)]

    def _paths(self, owner: str) -> frozenset[str]:
        return frozenset(f"{owner}.{FORMATS[name].suffix}" for name in self._plan.publish.formats)

    def shown(self) -> dict[Mark, Release]:
        """The releases that were rendered for their own marks, as they were then; none that may not be shown."""
        own = {mark.id: mark for mark in self._marks if mark.kind == "release"}
        failed = self.validation.failed
        return {own[i]: release for i, release in self._releases.items() if i in own and i not in failed}

    def keep(self) -> None:
        """The lines of entries, for the next run; those of what left every head go. In a transaction."""
        fragments, full = self._store.fragments, self._context.maps.full
        entries = self._context.entries
        standing = fragments.in_heads({each.release for each in entries.passing})
        fragments.keep([*entries.made, *(each for each in entries.passing if each.release in standing)])
        fragments.hold(entries.passing)
        fragments.drop(self._unseen)
        self._context.maps.keep()
        pages: dict[str, list[int]] = {}
        for mark in self._marks:
            if mark.kind == "page":
                topic, _, number = mark.id.rpartition("/")
                pages.setdefault(topic, []).append(int(number))
        if ALL in pages:  # what no head shows may have been in the map of the newest
            groups = {sitemap.group_of(number) for number in pages[ALL]}
            pages[ALL] = [number for group in groups for number in sitemap.numbers_of(group)]
        for topic, numbers in pages.items():
            fragments.left_heads(topic, numbers, MAPS, full * sitemap.GROUP)

    def _made(self, mark: Mark) -> Iterator[Document]:
        if mark.kind == "release":
            return self._release(mark.id)
        if mark.kind == "page":
            return self._feeds.closed(mark.id)
        return self._feeds.head(mark.id) if mark.kind == "topic" else self._site.documents()

    def _unowned(self) -> list[str]:
        """What is forgotten by all whose it was, also where two of them forget it at once."""
        written = {row.path for row in self.written}
        owners = dict[str, set[Dirty]]()
        for row in self.forgotten:
            owners.setdefault(row.path, set()).add(row.mark)
        return [p for p in sorted(owners) if p not in written and self._store.outputs.of(p) <= owners[p]]

    def _release(self, identifier: str) -> Iterator[Document]:
        release = self._releases.get(identifier)
        own_page = release is not None and (self._plan.publish.html or release.url is None)
        if release and release.withdrawn and release.issued and own_page:
            yield html.withdrawn_page(tombstone(release), self._plan.site)
        if release and release.withdrawn and release.issued:
            yield from (of_withdrawn(tombstone(release), self._plan.site, name) for name in self._alone)
        if release is None or not release.visible:
            self._unseen.append(identifier)
            return
        for media in self._store.outputs.beside(release):
            yield Document(f"media/{media.hash}/{media.name}", media.type, media.body)
        if own_page:
            yield from self.validation.page(
                release.id, release_path(release.id), lambda: html.release_joined(self._page(release))
            )
        for name in self._alone:
            path = release_path(release.id, FORMATS[name].suffix)
            yield from self.validation.sound(release.id, path, partial(of_release, self._page(release), name))

    def page(self, release: Release, topics: Iterable[Topic] = ()) -> Document:
        """A release's own page. `topics`: of its own, those that nobody has seen yet."""
        return html.release_page(self._page(release, topics))

    def _page(self, release: Release, topics: Iterable[Topic] = ()) -> ReleasePage:
        named = {topic.id: topic for topic in (*topics, *self._context.named(release.topics))}
        known = release.id in self._releases and self._links
        linked = known or self._context.linking.of(self._store.feeds.links([release]))
        (release,) = without_withdrawn((release,), linked.links)
        return ReleasePage(
            site=self._plan.site,
            release=release,
            topics=tuple(named[i] for i in release.topics if i in named),
            links=linked.related,
            formats=self._plan.publish.formats,
            corrections=linked.corrections.get(release.id, ()),
            content=self._plan.content_of(release),
        )
