"""What is found, as people look through it: twenty at a time, by topic and year."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from syndicate.combined.asked import FEED, SEARCH, Asked, Fields, asked
from syndicate.errors import SearchRefused
from syndicate.formats import FORMATS
from syndicate.model import Plan, Release, Topic
from syndicate.normalise import plain
from syndicate.render import html, words
from syndicate.search import Query, excerpt, marked, read
from syndicate.store import ALL, Filter, Found, Store

_PAGE = 20  # of what is found
_COUNTED = 1_000  # of what is found, at most: nobody looks further, and it costs no more than that
_TOPICS = 30  # that are named as ways to less
_SUMMARY = 320  # characters around hits


class _Wanted(NamedTuple):
    asked: Asked
    year: int | None
    number: int  # of the page, from 1 on

    def address(self, base: str) -> str:
        fields = [*self.asked.fields, *([("year", str(self.year))] if self.year is not None else [])]
        fields += [("page", str(self.number))] if self.number > 1 else []
        return f"{base}{SEARCH}?{urlencode(fields)}"


class Searches:
    """For threads. `plan`: today's."""

    def __init__(self, store: Store, plan: Callable[[], Plan]) -> None:
        self._store = store
        self._plan = plan

    def page(self, fields: Fields) -> tuple[bytes, bool] | None:
        """The page, and whether it is what was asked for; None where one of the topics is unknown, or there is no such
        page of what is found.
        """
        plan = self._plan()
        typed = next((value for name, value in fields if name == "q"), "")
        try:
            wanted = _wanted(fields, plan)
            if not self._store.feeds.has_all(wanted.asked.topics):
                return None
            query = read(wanted.asked.words) if wanted.asked.words else None
        except SearchRefused as refused:
            return _made(html.Found(site=plan.site, typed=typed[:_SUMMARY], wrong=refused.why)), False
        if query is None:
            return _made(html.Found(site=plan.site)), True
        found = self._store.looked(lambda: self._found(wanted, query, plan))
        return (_made(found), True) if found else None

    def _found(self, wanted: _Wanted, query: Query, plan: Plan) -> html.Found | None:
        rows = {row.id: row for row in self._store.feeds.list()}
        titles = {topic.id: topic for topic in plan.topics}
        topics = {i: titles.get(i) or Topic(i, row.title) for i, row in rows.items() if i != ALL}
        chosen = tuple(rows[topic].atom_id for topic in wanted.asked.topics if topic != ALL)
        hits = self._hits(query, Filter(chosen, wanted.year))
        start = (wanted.number - 1) * _PAGE
        shown = hits[:_COUNTED][start : start + _PAGE]
        if start and not shown:
            return None
        base = plan.site.base_url
        further = len(hits[:_COUNTED]) > start + _PAGE
        return html.Found(
            site=plan.site,
            typed=wanted.asked.words,
            count=min(len(hits), _COUNTED),
            more=len(hits) > _COUNTED,
            hits=[_hit(each.load(), query, plan) for each in self._store.search.shown([h.release for h in shown])],
            topics=tuple(topics.values()),
            by_topic=self._by_topic(wanted, query, topics, hits, plan),
            by_year=self._by_year(wanted, query, chosen, hits, plan),
            feeds={name: wanted.asked.address(base, f"{FEED}.{FORMATS[name].suffix}") for name in plan.publish.formats},
            newer=wanted._replace(number=wanted.number - 1).address(base) if start else "",
            older=wanted._replace(number=wanted.number + 1).address(base) if further else "",
            pages=plan.publish.html,
        )

    def _hits(self, query: Query, only: Filter) -> tuple[Found, ...]:
        """One more than are counted, where there are more."""
        return self._store.search.found(query, only, limit=_COUNTED + 1)

    def _by_topic(
        self, wanted: _Wanted, query: Query, topics: dict[str, Topic], hits: Sequence[Found], plan: Plan
    ) -> list[html.Choice]:
        """The topics of what would be found without this choice, those of most of it first; before them what is
        chosen, even where nothing of it is found.
        """
        chosen = [topic for topic in wanted.asked.topics if topic != ALL]
        all_hits = self._hits(query, Filter((), wanted.year)) if chosen else hits
        counts = self._store.search.feeds_of([hit.release for hit in all_hits[:_COUNTED]])
        numbers = dict.fromkeys(chosen, 0) | {i: count for i, count in counts.items() if i in topics}
        ranked = sorted(numbers, key=lambda i: (i not in chosen, -numbers[i], topics[i].title))
        together = (", ".join(topics[i].title for i in chosen), wanted, min(len(hits), _COUNTED))
        return _choices(
            wanted,
            plan,
            words.words(plan.site.language)["any_topic"],
            [together] * (len(chosen) > 1)
            + [
                (topics[i].title, wanted._replace(asked=wanted.asked._replace(topics=(i,))), numbers[i])
                for i in ranked[:_TOPICS]
            ],
            wanted._replace(asked=wanted.asked._replace(topics=())),
        )

    def _by_year(
        self, wanted: _Wanted, query: Query, chosen: tuple[str, ...], hits: Sequence[Found], plan: Plan
    ) -> list[html.Choice]:
        zone = ZoneInfo(plan.site.timezone)
        all_hits = hits if wanted.year is None else self._hits(query, Filter(chosen, None))
        counts = Counter(hit.published.astimezone(zone).year for hit in all_hits[:_COUNTED])
        if wanted.year is not None:
            counts.setdefault(wanted.year, 0)
        return _choices(
            wanted,
            plan,
            words.words(plan.site.language)["any_year"],
            [(str(year), wanted._replace(year=year), count) for year, count in sorted(counts.items(), reverse=True)],
            wanted._replace(year=None),
        )


def _choices(
    wanted: _Wanted, plan: Plan, everything: str, ways: Sequence[tuple[str, _Wanted, int | None]], back: _Wanted
) -> list[html.Choice]:
    """Nothing where there is no choice."""
    first, base = wanted._replace(number=1), plan.site.base_url
    ways = [(everything, back, None), *ways]
    if len(ways) < 3 and first == back._replace(number=1):
        return []
    return [
        html.Choice(title, way._replace(number=1).address(base), count, first == way._replace(number=1))
        for title, way, count in ways
    ]


def _hit(release: Release, query: Query, plan: Plan) -> html.Hit:
    """Where its teaser has no hit, what stands around those of its text."""
    content = plan.content_of(release)
    teaser = marked(release.teaser or "", query)
    around = (
        []
        if any(span.hit for span in teaser) or content != "full"
        else excerpt(plain(release.content), query, _SUMMARY)
    )
    return html.Hit(release, marked(release.title, query), around or teaser, content)


def _wanted(fields: Fields, plan: Plan) -> _Wanted:
    """SearchRefused where that is nothing to search for."""
    said = {name: [value for each, value in fields if each == name and value] for name in ("year", "page")}
    if any(len(values) > 1 for values in said.values()):
        raise SearchRefused("twice", "a field stands there twice")
    year, number = (next(iter(said[name]), "") for name in ("year", "page"))
    if year and not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise SearchRefused("year", "no year")
    if number and not (
        len(number) <= 3 and number.isascii() and number.isdigit() and 0 < int(number) <= _COUNTED // _PAGE
    ):
        raise SearchRefused("page", "no such page")
    return _Wanted(asked(fields, plan.renamed), int(year) if year else None, int(number or 1))


def _made(found: html.Found) -> bytes:
    return html.search_page(found).whole
