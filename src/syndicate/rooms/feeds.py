"""The documents of a room: what everybody has of its topics, under addresses of its own, and what is held.

`all` in a room is its topics. Its archive are the pages of the feed of everything: on them stands what is of these
topics, and those on which nothing is are passed over; the newest stand in its head, until that has as much as a page.
So a walk finds each release once, as it does outside. What is held stands in heads alone, above all else; a version
that waits stands in the place of the one before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.classify import classify, rules_of
from syndicate.documents import Context, without_withdrawn
from syndicate.errors import RenderError
from syndicate.formats import FORMATS
from syndicate.model import Document, FeedPage, Release, Tombstone, Topic
from syndicate.render import content_of, entry, joins
from syndicate.rooms.advances import Advances, Held
from syndicate.rooms.marked import marked
from syndicate.store import ALL, Fragment, Head, Shown, shown_of
from syndicate.text import head, tag_uri
from syndicate.validate import faults_of_entry


@dataclass(frozen=True)
class View:
    """What a newsroom sees: of these topics, None: of each. `below`: the path of its addresses, with its last `/`."""

    topics: frozenset[str] | None
    embargoed: bool
    below: str


class Room:
    """Of one document. `until`: from when on it is another by the clock alone; None: never."""

    def __init__(self, context: Context, view: View, advances: Advances) -> None:
        self._of = context
        self._feeds = context.store.feeds
        self._view = view
        self._advances = advances if view.embargoed else Advances()
        self.until: datetime | None = None

    def document(self, topic: str, name: str, number: int | None = None) -> Document | None:
        """A feed's head or archive page in this format; None where this room has none such. May raise RenderError."""
        chosen = self._view.topics
        if not joins(name) or not (topic == ALL or chosen is None or topic in chosen):
            return None
        return self._head(topic, name) if number is None else self._closed(topic, name, number)

    def _head(self, topic: str, name: str) -> Document | None:
        held, row = self._advances.of(self._standing(topic)), self._of.rows.get(topic)
        if row is None and not (held.held or held.gone):
            return None
        if narrowed := self._narrowed(topic):
            found = self._of.store.narrowed.head(narrowed, self._above(narrowed))
        else:
            found = self._feeds.head(topic) if row else Head((), None)
        page = replace(self._page(topic), older=found.older)
        return self._joined(page, name, found.shown, held.held, self._tombstones(topic, name, held))

    def _closed(self, topic: str, name: str, number: int) -> Document | None:
        if not FORMATS[name].archive or topic not in self._of.rows or not self._feeds.has_page(topic, number):
            return None
        closed = self._feeds.archive(topic, number)
        shown, tombstones, older, newer = closed.shown, closed.tombstones, closed.older, closed.newer
        if narrowed := self._narrowed(topic):
            ids = [each.id for each in shown] + [each.id for each in tombstones]
            standing = self._of.store.narrowed.standing_in(ids, narrowed)
            shown = tuple(each for each in shown if each.id in standing)
            tombstones = tuple(each for each in tombstones if each.id in standing)
            older, newer = self._of.store.narrowed.neighbours(number, narrowed, self._above(narrowed))
        page = replace(self._page(topic), updated=closed.updated, number=number, older=older, newer=newer)
        return self._joined(page, name, shown, (), tombstones)

    def _above(self, topics: frozenset[str]) -> int:
        """Where the head of everything begins, narrowed to these: it has no less than any other."""
        return self._of.store.narrowed.above(topics, self._of.plan.publish.page_size)

    def _narrowed(self, topic: str) -> frozenset[str] | None:
        """The topics to which the feed of everything is narrowed."""
        return self._view.topics if topic == ALL else None

    def _standing(self, topic: str) -> frozenset[str]:
        """The topics of which something stands in this feed."""
        return self._narrowed(topic) or frozenset({topic})

    def _page(self, topic: str) -> FeedPage:
        """What everybody's says of itself, as far as this is the same feed. Nothing is pushed from here."""
        row, context = self._of.rows.get(topic), self._of
        topics = self._standing(topic)
        site = context.plan.site
        if row is not None:
            page = replace(context.page(row), below=self._view.below, hub="")
        else:  # of a topic that only what is held has made
            page = FeedPage(
                site=site,
                topic=self._topic(topic),
                atom_id=tag_uri(site.tag, "feed", topic),
                updated=context.store.advances.updated(topics) or context.now,
                formats=context.plan.publish.formats,
                content=context.plan.republished,
                pages=False,
                below=self._view.below,
            )
        if self._narrowed(topic):
            there = [context.rows[i].updated for i in topics if i in context.rows]
            updated = max(there, default=page.updated)
            page = replace(page, atom_id=tag_uri(site.tag, "feed", ALL, *sorted(topics)), updated=updated)
        if self._view.embargoed:
            held = context.store.advances.updated(topics)
            atom_id = tag_uri(site.tag, "advance", page.atom_id)
            page = replace(page, atom_id=atom_id, updated=max(page.updated, held or page.updated))
        return page

    def _topic(self, identifier: str) -> Topic:
        """One that nobody else knows yet is named as what is held names it."""
        found = self._of.topics.get(identifier)
        named = (
            reason.topic
            for each in self._advances.held
            for reason in classify(each.release, (), rules_of(self._of.plan))
            if reason.topic.id == identifier
        )
        return found or next(named, Topic(identifier, identifier))

    def _tombstones(self, topic: str, name: str, held: Advances) -> tuple[Tombstone, ...]:
        """Those that have not had their time in this format, each id once, the last first."""
        span, now = self._of.told_for(name), self._of.now
        feeds = sorted(self._narrowed(topic) or {topic} & self._of.rows.keys())
        found = [each for feed in feeds for each in self._feeds.tombstones(feed, now - span)]
        found += [each.tombstone for each in held.gone if each.tombstone.when > now - span]
        self.until = min((each.when + span for each in found), default=None)
        by_id = {each.atom_id: each for each in found}
        return tuple(sorted(by_id.values(), key=lambda each: (each.when, each.atom_id), reverse=True))

    def _joined(
        self,
        page: FeedPage,
        name: str,
        shown: Sequence[Shown],
        held: Sequence[Held],
        tombstones: Iterable[Tombstone],
    ) -> Document | None:
        """Checked as what is published is: what would make it invalid is left out."""
        instead = {each.release.id for each in self._advances.held}
        public = [each for each in shown if each.id not in instead]
        fragments = [self._held(each, page, name) for each in held] + self._public(public, page, name)
        standing = [shown_of(each.release) for each in held] + public
        ids = {each.atom_id for each in standing}
        page = replace(page, tombstones=tuple(each for each in tombstones if each.atom_id not in ids))
        joined = self._of.validation.joined(page, [name], standing, {name: fragments})
        if joined is not None:
            return next((document for document, _ in joined), None)
        if self._view.embargoed:
            raise RenderError(f"{page.topic.id} in {name}: an embargoed newsroom's document is not valid")
        return next(self._of.validation.pages(self._of.whole(page, public), [name]), None)

    def _public(self, shown: Sequence[Shown], page: FeedPage, name: str) -> list[Fragment]:
        """Their lines as everybody has them. Where a release was here before its end, `updated` goes on from there."""
        later = dict[str, datetime]()
        if self._view.embargoed:
            for row in self._of.store.advances.of([each.id for each in shown]):
                later[row.release] = max(row.updated, later.get(row.release, row.updated))
        found = self._of.entries.of(shown, page, [name])[name]
        return [
            self._later(each.load(), later[each.id], page, fragment) if each.id in later else fragment
            for each, fragment in zip(shown, found, strict=True)
        ]

    def _later(self, release: Release, updated: datetime, page: FeedPage, fragment: Fragment) -> Fragment:
        if release.updated >= updated:
            return fragment
        (release,), page = self._linked((replace(release, updated=updated),), page)
        return _made(release, page, fragment.form, content_of(page)(release))

    def _held(self, held: Held, page: FeedPage, name: str) -> Fragment:
        release = held.release
        if held.public:  # of other heads in its related block nobody knows whether they name what was withdrawn
            named = {head(each.topic, each.title) for each in held.public.related}
            kept = tuple(each for each in release.related if head(each.topic, each.title) in named)
            release = replace(release, related=kept)
        (release,), page = self._linked((release,), page)
        release, page, content = marked(release, held.advance, page)
        return _made(release, page, name, content)

    def _linked(self, releases: tuple[Release, ...], page: FeedPage) -> tuple[tuple[Release, ...], FeedPage]:
        """The page with these, and with all that is linked from and to them."""
        links, linking = self._feeds.links([release.id for release in releases]), self._of.linking
        clean = without_withdrawn(releases, links)
        topics = dict.fromkeys(topic for release in clean for topic in release.topics)
        page = replace(
            page,
            releases=clean,
            tombstones=(),
            topics=tuple(self._topic(i) for i in topics),
            links=linking.related(links),
            corrections=linking.corrections(links),
        )
        return clean, page


def _made(release: Release, page: FeedPage, name: str, content: str) -> Fragment:
    try:
        body = entry(release, page, name, lambda _: content)
        fault = next(iter(faults_of_entry(body, FORMATS[name].media_type)), "")
    except RenderError as error:
        body, fault = b"", str(error)
    return Fragment(release.id, name, b"", b"" if fault else body, fault)
