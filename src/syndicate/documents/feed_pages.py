"""A feed's head and its closed pages, for programs and for people."""

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import replace

from syndicate.documents.context import Context
from syndicate.documents.digests import of_tombstone
from syndicate.documents.entries import ARTICLE, LEADING, LINE, MAPS
from syndicate.formats import FORMATS
from syndicate.mediatypes import TYPES
from syndicate.model import Document, FeedPage, Tombstone
from syndicate.render import html, page_path
from syndicate.store import ALL, Fragment, Shown


class FeedPages:
    def __init__(self, context: Context) -> None:
        self._of = context
        self._publish = context.plan.publish

    def head(self, topic: str) -> Iterator[Document]:
        row = self._of.rows.get(topic)
        if row is None or topic in self._of.aliases:
            return
        head = self._of.head(topic)
        page = replace(self._of.page(row), older=head.older)
        entries = self._entries(page, head.shown, self._publish.formats)
        for tombstones, names in self._tombstones(topic):
            documents = self._documents(replace(page, tombstones=tombstones), names, head.shown, entries)
            yield from self._of.also(topic, documents)
        if self._publish.html and topic != ALL:
            yield from self._of.also(topic, self._people(page, head.shown, entries))

    def delta(self, topic: str, name: str, held: Container[str], wanted: Collection[str]) -> Document | None:
        """The head in this format without what is `held` (digests); None where what is left is not what is `wanted`."""
        row = self._of.rows.get(topic)
        if row is None or topic in self._of.aliases or not self._of.joins:
            return None
        head = self._of.head(topic)
        page = replace(self._of.page(row), older=head.older, is_delta=True)
        tombstones = next((found for found, names in self._tombstones(topic) if name in names), ())
        page = replace(page, tombstones=tuple(each for each in tombstones if of_tombstone(each) not in held))
        entries = self._of.entries.of(head.shown, page, [name])[name]
        new = [each for each in entries if not each.fault and self._of.digest(each) not in held]
        told = {*map(of_tombstone, page.tombstones), *map(self._of.digest, new)}
        if told != {*wanted}:
            return None
        names = {each.release for each in new}
        shown = [each for each in head.shown if each.id in names]
        found = self._of.validation.joined(page, [name], shown, {name: new})
        return found[0][0] if found else None

    def closed(self, identifier: str) -> Iterator[Document]:
        """An archive page `TOPIC/NUMBER`: once full it changes for a new neighbour, a correction, a withdrawal only."""
        topic, _, number = identifier.rpartition("/")
        if topic in self._of.aliases:
            return
        closed = self._of.store.feeds.archive(topic, int(number))
        page = replace(
            self._of.page(self._of.rows[topic]),
            tombstones=closed.tombstones,
            updated=closed.updated,
            number=closed.number,
            older=closed.older,
            newer=closed.newer,
            hub="",
        )
        names = [name for name in self._publish.formats if FORMATS[name].archive]
        entries = self._entries(page, closed.shown, names)
        yield from self._of.also(topic, self._documents(page, names, closed.shown, entries))
        if self._publish.html:
            yield from self._of.also(topic, self._people(page, closed.shown, entries))
        if self._publish.html and topic == ALL and (found := self._of.maps.beside(closed.number)):
            yield from self._of.validation.sound(found.path, found.path, lambda: found)

    def _tombstones(self, topic: str) -> Iterable[tuple[tuple[Tombstone, ...], list[str]]]:
        """A tombstone where a format has some; in the others, for a shorter time, a notice."""
        spans = {name: self._of.told_for(name) for name in self._publish.formats}
        if not spans:
            return ()
        found = self._of.store.feeds.tombstones(topic, self._of.now - max(spans.values()))
        groups: dict[tuple[Tombstone, ...], list[str]] = {}
        for name, span in spans.items():
            groups.setdefault(tuple(t for t in found if t.when > self._of.now - span), []).append(name)
        return groups.items()

    def _entries(self, page: FeedPage, shown: Sequence[Shown], names: Sequence[str]) -> dict[str, list[Fragment]]:
        """All the forms in which what stands there is needed, so that each is loaded once."""
        if not self._of.joins:
            return {}
        forms = [*names]
        if self._publish.html and (page.topic.id != ALL or page.number is not None):
            forms.append(ARTICLE)
        elif self._publish.html:
            forms += (LEADING, LINE, *MAPS)
        return self._of.entries.of(shown, page, forms, keep=page.number is None)

    def _documents(
        self, page: FeedPage, names: list[str], shown: Sequence[Shown], entries: dict[str, list[Fragment]]
    ) -> Iterable[Document]:
        found = self._of.validation.joined(page, names, shown, entries) if entries else None
        if found is None:
            return self._of.validation.pages(self._of.whole(page, shown), names)
        if page.number is None:
            for document, standing in found:
                self._of.stands(page, document, standing)
        return [document for document, _ in found]

    def _people(self, page: FeedPage, shown: Sequence[Shown], entries: dict[str, list[Fragment]]) -> Iterable[Document]:
        """The page of a feed as people read it, with what stands on those for programs."""
        path, validation = page_path(page.topic.id, page.number), self._of.validation
        standing = [each for each in shown if each.id not in validation.failed]
        found = [each for each in entries.get(ARTICLE, ()) if each.release not in validation.failed]
        if entries and not any(each.fault for each in found):
            joined = html.topic_joined(page, [each.body for each in found], [each.published for each in standing])
            if (documents := validation.framed(path, TYPES[".html"], joined)) is not None:
                return documents
        return validation.sound(path, path, lambda: html.topic_page(self._of.whole(page, standing)))
