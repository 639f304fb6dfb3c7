"""The feeds of several topics, or of what is found in them. They have no archive, and nothing is pushed from them.

Whatever is searched for, they carry the tombstones and notices of all that was withdrawn from their topics: else they
would tell the words of what was withdrawn. What a correction took the words from leaves them without one.
"""

import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from syndicate.combined.asked import FEED, SEARCH, Asked
from syndicate.documents import Context, Remembered, gathered
from syndicate.errors import RenderError, SearchRefused
from syndicate.formats import FORMATS
from syndicate.model import Document, FeedPage, Plan, Tombstone, Topic
from syndicate.render import feed_path, words
from syndicate.search import Query, read
from syndicate.store import ALL, Filter, Shown, Store
from syndicate.text import tag_uri


class _Made(NamedTuple):
    """`of`: the versions of what it was made of. `stands`: a hash of what stands on it."""

    of: Hashable
    stands: bytes


class _Wanted(NamedTuple):
    asked: Asked
    query: Query | None
    format: str
    plan: Plan

    @property
    def topics(self) -> tuple[str, ...]:
        return self.asked.topics or (ALL,)

    @property
    def key(self) -> tuple[Asked, str]:
        return self.asked, self.format


class Feeds:
    """For threads. `plan`: today's. One document is made at a time, of the store as it is at one moment."""

    def __init__(self, store: Store, plan: Callable[[], Plan], clock: Callable[[], datetime]) -> None:
        self._store = store
        self._plan = plan
        self._clock = clock
        self._making = threading.Lock()
        self._kept: Remembered[tuple[Asked, str], _Made] = Remembered()

    def there_is(self, asked: Asked) -> bool:
        """Is each of its topics known? SearchRefused where that cannot be searched for."""
        _query(asked)
        return self._store.feeds.has_all(asked.topics)

    def feed(self, asked: Asked, name: str) -> Document | None:
        """In this format; None where one of the topics is unknown. SearchRefused where that cannot be searched for."""
        wanted = _Wanted(asked, _query(asked), name, self._plan())
        with self._making:
            return self._store.looked(lambda: self._document(wanted))

    def _document(self, wanted: _Wanted) -> Document | None:
        if not self._store.feeds.has_all(wanted.topics):
            return None
        kept, made_of = self._kept.get(wanted.key, wanted.plan), self._made_of(wanted)
        if kept and kept[0].of == made_of:
            return kept[1]
        document, stands = self._make(wanted)
        if kept and kept[0].stands == stands:  # the same stands there: whatever else its topics say
            document = kept[1]
        self._kept.keep(wanted.key, wanted.plan, _Made(made_of, stands), document)
        return document

    def _made_of(self, wanted: _Wanted) -> Hashable:
        """What stands in the topics' heads, all of which has been published; what is searched for may stand behind."""
        if wanted.query is not None:
            return self._store.versions.last()
        paths = [feed_path(topic, FORMATS[wanted.format].suffix) for topic in wanted.topics]
        return tuple(sorted(self._store.versions.hashes(paths).items()))

    def _make(self, wanted: _Wanted) -> tuple[Document, bytes]:
        context = Context(self._store, wanted.plan, self._clock())
        shown = self._shown(wanted, context)
        page = _as_of_what_stands(_page(context, wanted), shown, self._tombstones(wanted, context, shown))
        document, stands = gathered(context, page, wanted.format, shown)
        if document is None:
            raise RenderError(f"{FEED} in {wanted.format}: {next(iter(context.validation.failed.values()), '')}")
        return document, stands

    def _shown(self, wanted: _Wanted, context: Context) -> Sequence[Shown]:
        """The newest positions, in the feed of everything, of what is found, or of what came to each topic last."""
        search, most = self._store.search, wanted.plan.publish.page_size
        if wanted.query is not None:
            only = Filter(tuple(context.rows[topic].atom_id for topic in wanted.asked.topics))
            found = search.found(wanted.query, only, limit=most)
        else:
            last = {each for topic in wanted.topics for each in search.newest(topic, most)}
            found = tuple(sorted(last, key=lambda each: -each.position)[:most])
        return search.shown([each.release for each in found])

    def _tombstones(self, wanted: _Wanted, context: Context, shown: Sequence[Shown]) -> tuple[Tombstone, ...]:
        found, since = dict[str, Tombstone](), context.now - context.told_for(wanted.format)
        for topic in wanted.topics:
            for each in self._store.feeds.tombstones(topic, since):
                found[each.atom_id] = each
        there = {each.atom_id for each in shown}
        left = (each for each in found.values() if each.atom_id not in there)
        return tuple(sorted(left, key=lambda each: (each.when, each.atom_id), reverse=True))


def _query(asked: Asked) -> Query | None:
    if not asked.words and not asked.topics:
        raise SearchRefused("nothing", "neither a topic nor q")
    return read(asked.words) if asked.words else None


def title_of(asked: Asked, topics: Sequence[Topic], language: str) -> str:
    """`Wald, Schule: „Eichen“`."""
    named = ", ".join(topic.title for topic in topics)
    quoted = words.words(language)["quoted"].format(words=asked.words) if asked.words else ""
    return ": ".join(filter(None, (named, quoted)))


def _as_of_what_stands(page: FeedPage, shown: Sequence[Shown], tombstones: tuple[Tombstone, ...]) -> FeedPage:
    """The page with these, and no later than the last of them: the same entries are the same document in every process,
    whatever else its topics say.
    """
    times = (*(each.load().updated for each in shown), *(each.when for each in tombstones))
    return replace(page, tombstones=tombstones, updated=max(times, default=page.updated))


def _page(context: Context, wanted: _Wanted) -> FeedPage:
    """Without entries. Its id is made of the topics' own, which they keep when they are renamed."""
    site, asked = wanted.plan.site, wanted.asked
    topics = [context.topics[topic] for topic in asked.topics if topic != ALL]
    rows = [context.rows[topic] for topic in wanted.topics]
    return FeedPage(
        site=site,
        topic=Topic(FEED if topics or asked.words else ALL, title_of(asked, topics, site.language)),
        atom_id=tag_uri(site.tag, "combined", *sorted(row.atom_id for row in rows), "q", asked.words),
        updated=max(row.updated for row in rows),
        formats=wanted.plan.publish.formats,
        content=wanted.plan.republished,
        pages=wanted.plan.publish.html,
        address=asked.address(site.base_url, f"{FEED}.{FORMATS[wanted.format].suffix}"),
        home=asked.address(site.base_url, SEARCH) if asked.words else site.base_url,
    )
