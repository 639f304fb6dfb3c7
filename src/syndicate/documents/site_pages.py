"""What is there once: the first page, the list of feeds, the maps for search engines, what servers look for."""

from collections.abc import Iterator
from dataclasses import replace

from syndicate.documents.context import Context
from syndicate.documents.entries import LEADING, LINE, MAPPED, MAPS, NEWS
from syndicate.formats import FORMATS, SITEMAP_MOST
from syndicate.mediatypes import TYPES
from syndicate.model import Document, FeedPage
from syndicate.render import html, icons, opml, sitemap, stylesheet
from syndicate.store import ALL, TopicRow

_INDEX = "index.html"
_OPML = "topics.opml"


class SitePages:
    def __init__(self, context: Context) -> None:
        self._of = context

    def documents(self) -> Iterator[Document]:
        """The first page, the list and the map of topics are O(topics), for that is what they show."""
        plan, validation = self._of.plan, self._of.validation
        shown = self._of.listed(row for row in self._of.rows.values() if row.id != ALL and row.entries)
        if plan.publish.html:
            yield from self._index(shown)
            yield from self._open_map()
            yield from self._checked(self._of.maps.topic_map(self._of.rows[ALL], shown))
            yield from self._maps()
        yield self._not_found(shown)
        yield sitemap.robots(plan.site, maps=plan.publish.html)
        yield stylesheet(plan.site)
        if icon := plan.publish.icon:
            yield from icons(icon)
        listed = [self._of.topics[row.id] for row in shown]
        site, formats, pages = plan.site, plan.publish.formats, plan.publish.html
        yield from validation.sound(_OPML, _OPML, lambda: opml(site, listed, formats=formats, pages=pages))

    def _not_found(self, rows: list[TopicRow]) -> Document:
        """There is one always: whatever is wrong with a topic, our own words are well."""
        site, publish = self._of.plan.site, self._of.plan.publish
        suffix = "html" if publish.html else FORMATS[publish.formats[0]].suffix
        joined = html.not_found_joined(site, (self._of.topics[row.id] for row in rows), suffix)
        found = self._of.validation.framed(html.NOT_FOUND, TYPES[".html"], joined)
        return found[0] if found else html.not_found(site)

    def _latest(self) -> FeedPage:
        return replace(self._of.page(self._of.rows[ALL]), older=self._of.head(ALL).older)

    def _index(self, rows: list[TopicRow]) -> Iterator[Document]:
        summaries = [html.TopicSummary(self._of.topics[row.id], row.entries, row.newest) for row in rows]
        latest, shown, validation = self._latest(), self._of.head(ALL).shown, self._of.validation
        if self._of.joins:
            entries = self._of.entries.of(shown, latest, (LEADING, LINE), keep=True)
            leading, further = entries[LEADING][: html.LEADING], entries[LINE][html.LEADING :]
            if not any(each.fault for each in (*leading, *further)):
                bodies = ([each.body for each in leading], [each.body for each in further])
                joined = html.index_joined(summaries, latest, *bodies)
                if (documents := validation.framed(_INDEX, TYPES[".html"], joined)) is not None:
                    yield from documents
                    return
        whole = self._of.whole(latest, shown)
        yield from validation.sound(_INDEX, _INDEX, lambda: html.index_page(summaries, whole))

    def _open_map(self) -> Iterator[Document]:
        shown = [*self._of.head(ALL).shown, *self._of.maps.fresh()]
        if self._of.joins and len(shown) <= SITEMAP_MOST:
            entries = self._of.entries.of(shown, self._latest(), MAPS, keep=True)
            marked = zip(self._of.maps.news(shown), entries[MAPPED], entries[NEWS], strict=True)
            found = [marked_so if is_news else plain for is_news, plain, marked_so in marked]
            if not any(each.fault for each in found):
                joined = sitemap.joined([each.body for each in found])
                documents = self._of.validation.framed(sitemap.OPEN, TYPES[".xml"], joined)
                if documents is not None:
                    yield from documents
                    return
        yield from self._checked(self._of.maps.open_map(shown))

    def _maps(self) -> Iterator[Document]:
        """The index of maps: what it says of full groups was checked when it was made."""
        joined, fresh = self._of.maps.index(self._of.rows[ALL])
        if not fresh and (documents := self._of.validation.framed(sitemap.INDEX, TYPES[".xml"], joined)) is not None:
            yield from documents
        else:
            yield from self._checked(Document(sitemap.INDEX, TYPES[".xml"], joined.whole))

    def _checked(self, document: Document) -> Iterator[Document]:
        return self._of.validation.sound(document.path, document.path, lambda: document)
