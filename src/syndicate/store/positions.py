"""What stands where, as `placement` asks for it, and the rows that it hands back."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from syndicate.model import Change, Changes
from syndicate.placement import ALL, TELLING, Ends, Head, Held, Named, Page, Placement, Renamed, Slot, Standing
from syndicate.store.bounds import CLOSED_TO
from syndicate.store.codec import Row, listed, load, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.states import VISIBLE
from syndicate.store.words import OF_RELEASES, RELEASES
from syndicate.text import fold, head
from syndicate.urls import canonical_url, clean_url

# The page that a slot is on; its `number` is NULL for one in the head.
_ON_PAGE = (
    " LEFT JOIN page ON page.topic = slot.topic AND page.first <= position AND page.last ="
    " (SELECT min(last) FROM page AS next WHERE next.topic = slot.topic AND next.last >= position)"
)


# The releases that a key of this kind names, whichever source's it is: there are few scopes, and each is looked up.
_OF_ANY_SCOPE = (
    "SELECT release FROM (WITH RECURSIVE scopes (scope) AS (SELECT min(scope) FROM key WHERE kind = '{kind}' UNION ALL"
    " SELECT (SELECT min(scope) FROM key WHERE kind = '{kind}' AND scope > scopes.scope) FROM scopes"
    " WHERE scope IS NOT NULL) SELECT release FROM scopes CROSS JOIN key"
    " ON kind = '{kind}' AND key.scope = scopes.scope AND key.value = {value}) AS named"
)
_NAMED_SO = " UNION ALL ".join(
    (
        "SELECT :said",
        "SELECT id FROM release WHERE atom_id = :said",
        _OF_ANY_SCOPE.format(kind="id", value=":said"),
        _OF_ANY_SCOPE.format(kind="url", value=":url"),
    )
)


_PUT_ENDS = (
    "UPDATE topic SET last_position = coalesce(ends.last, last_position),"  # noqa: S608 - ours
    " first_position = coalesce(ends.first, first_position), updated = coalesce(ends.moved, updated),"
    " newest = coalesce((SELECT max(published) FROM slot CROSS JOIN release ON release.id = slot.release"
    f" WHERE slot.topic = topic.id AND shown = 1 AND position > {CLOSED_TO.format('topic.id')}),"
    " (SELECT published FROM slot CROSS JOIN release ON release.id = slot.release"
    " WHERE slot.topic = topic.id AND shown = 1 ORDER BY position DESC LIMIT 1))"
    " FROM (SELECT value ->> 0 AS feed, CAST(value ->> 1 AS BIGINT) AS last,"
    " CAST(value ->> 2 AS BIGINT) AS first, value ->> 3 AS moved FROM json_each(?1) UNION ALL"
    " SELECT DISTINCT slot.topic, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), NULL"
    " FROM json_each(?2) CROSS JOIN slot ON slot.release = value"
    " WHERE slot.topic NOT IN (SELECT value ->> 0 FROM json_each(?1))) AS ends"
    " WHERE topic.id = ends.feed"
)


class Positions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of = connection.of

    def standing(self, changes: Changes) -> Standing:
        """What the changes could concern. Call it in the transaction that records them."""
        told = [change for change in changes.changes if change.verdict != "unchanged"]
        now = {old: new for change in changes.changes for old, new in change.renamed}
        began = {change.release.id: change.was for change in told if change.begins}
        held = self._held({i: was for i in (change.release.id for change in told) if (was := began.get(i, i))})
        said = {change.release.corrects for change in told if change.release.corrects}
        named = {words: tuple(n._replace(id=now.get(n.id, n.id)) for n in self._named(words)) for words in said}
        versions = [*(change.release for change in told), *(each.release for each in held.values())]
        relating = self._relating({head(release.kicker, release.title) for release in versions})
        ids = dict.fromkeys(change.release.id for change in told)
        pairs = self._corrections({*(change.release.id for change in told if not change.is_first), *now})
        corrections = frozenset((now.get(a, a), now.get(b, b)) for a, b in pairs)
        linked = {i for pair in corrections for i in pair} | {i for found in relating.values() for i in found}
        linked |= {each.id for found in named.values() for each in found}
        updated = dict[str, datetime]()
        return Standing(
            held=held,
            slots=self._slots({**ids, **dict.fromkeys(linked)}, updated),
            feeds=self._ends(sorted(_feeds(told)), updated),
            relating=relating,
            corrections=corrections,
            named=named,
            updated=updated,
        )

    def write(self, placement: Placement, now: datetime, new: Collection[str] = ()) -> None:
        """In the transaction in which it was found what stands where, and after the releases.

        `new`: releases of which nothing stood anywhere, so nothing has to go.
        """
        at = stamp(now)
        self._put_past({i: past for i, past in placement.past.items() if past or i not in new})
        self._put_links(placement, new)
        for feed in placement.renamed:
            self._rename(feed)
        for made in placement.created:
            self._connection.execute(
                "INSERT INTO topic (id, title, atom_id, updated) VALUES (?, ?, ?, ?)",
                (made.id, made.title, self._free(made.atom_id), at),
            )
        self._put_slots(placement)
        self._connection.executemany(
            "INSERT INTO page VALUES (?, ?, ?, ?, ?)",
            ((page.feed, page.number, page.first, page.last, at) for page in placement.pages),
        )
        self._of(
            "UPDATE page SET updated = moved.value ->> 2 FROM json_each(?) AS moved"
            " WHERE topic = moved.value ->> 0 AND number = CAST(moved.value ->> 1 AS BIGINT)",
            [(*page, stamp(moved)) for page, moved in placement.changed_pages.items()],
        )
        self._put_ends(placement)
        self._mark(placement)

    def _mark(self, placement: Placement) -> None:
        """Each has a new number. Only what was not to be rendered for another reason is rendered as it was."""
        marks = [*dict.fromkeys(reversed(placement.dirty))][::-1]  # of one that comes twice the last place counts
        gone = self._of(
            "DELETE FROM dirty WHERE (kind, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))"
            " RETURNING kind, id, again",
            marks,
        )
        changed = {(kind, name) for kind, name, again in gone if not again}
        self._of(
            "INSERT INTO dirty (kind, id, again)"
            " SELECT value ->> 0, value ->> 1, CAST(value ->> 2 AS BIGINT) FROM json_each(?) ORDER BY key",
            [(*mark, int(placement.again and tuple(mark) not in changed)) for mark in marks],
        )

    def _free(self, atom_id: str) -> str:
        """That, or one made of it, where a feed that has been renamed since was made with it and keeps it for good."""
        ids = itertools.chain([atom_id], (f"{atom_id}-{number}" for number in itertools.count(2)))
        held = "SELECT 1 FROM topic WHERE atom_id = ?"
        return next(each for each in ids if not self._connection.execute(held, (each,)).fetchone())

    def _put_past(self, past: Mapping[str, bool]) -> None:
        """A row is long: only where it is another."""
        for value in (0, 1):
            self._of(
                "UPDATE release SET past = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND past != ?2",
                [release for release, is_past in past.items() if is_past == value],
                value,
            )

    def _put_links(self, placement: Placement, new: Collection[str]) -> None:
        before = placement.related.keys() - new
        self._of("DELETE FROM related WHERE release IN (SELECT value FROM json_each(?))", before)
        self._of(
            "INSERT INTO related (release, title, kicker) SELECT value ->> 0,"
            " value ->> 1, value ->> 2 FROM json_each(?)",
            [(release, title, kicker) for release, heads in placement.related.items() for kicker, title in heads],
        )
        before = placement.corrects.keys() - new
        self._of("DELETE FROM correction WHERE release IN (SELECT value FROM json_each(?))", before)
        self._of(
            "INSERT INTO correction (release, corrects) SELECT value ->> 0, value ->> 1 FROM json_each(?)",
            [pair for pair in placement.corrects.items() if pair[1]],
        )

    def _put_slots(self, placement: Placement) -> None:
        self._of(
            "DELETE FROM slot WHERE (topic, position) IN"
            " (SELECT value ->> 0, CAST(value ->> 1 AS BIGINT) FROM json_each(?))",
            [(slot.feed, slot.position) for slot in placement.left],
        )
        self._of("UPDATE slot SET shown = 0 WHERE release IN (SELECT value FROM json_each(?))", placement.buried)
        self._of(
            "INSERT INTO slot (topic, position, release) SELECT value ->> 0,"
            " CAST(value ->> 1 AS BIGINT), value ->> 2 FROM json_each(?)",
            [(slot.feed, slot.position, slot.release) for slot in placement.entered],
        )

    def _put_ends(self, placement: Placement) -> None:
        """The positions given last, when the feeds were last `updated`, and the date of the newest that they show.

        Also of the feeds where a release stands that has changed. The newest stands in the head, so the archive need
        not be read for it; else it is the last that came.
        """
        ends: dict[str, list[int | str | None]] = {slot.feed: [None, None, None] for slot in placement.left}
        ends |= {feed: [None, None, stamp(moved)] for feed, moved in placement.changed_feeds.items()}
        for slot in placement.entered:
            ends.setdefault(slot.feed, [None, None, None])[slot.position <= 0] = slot.position
        releases = {*placement.past, *placement.buried}
        if ends or releases:
            self._rows(_PUT_ENDS, (listed((feed, *values) for feed, values in ends.items()), listed(releases)))

    def _rename(self, feed: Renamed) -> None:
        """Whatever names it names it by its new id; what was to be rendered under the old one is not."""
        self._connection.defer_keys()
        for table in ("slot", "page"):
            self._rows(f"UPDATE {table} SET topic = ? WHERE topic = ?", (feed.id, feed.old))  # noqa: S608 - our own names
        self._rows("UPDATE topic SET id = ?, title = ? WHERE id = ?", (feed.id, feed.title, feed.old))
        self._rows(
            "DELETE FROM advance_feed WHERE topic = ? AND EXISTS (SELECT 1 FROM advance_feed WHERE topic = ?)",
            (feed.id, feed.old),
        )
        self._rows("UPDATE advance_feed SET topic = ? WHERE topic = ?", (feed.id, feed.old))
        pages = f"{feed.old}/%"
        self._rows("DELETE FROM dirty WHERE kind IN ('topic', 'page') AND (id = ? OR id LIKE ?)", (feed.old, pages))
        self._rows("UPDATE published SET owner = ? WHERE kind = 'topic' AND owner = ?", (feed.id, feed.old))
        self._rows(
            "UPDATE published SET owner = ? || substr(owner, ?) WHERE kind = 'page' AND owner LIKE ?",
            (feed.id, len(feed.old) + 1, pages),
        )

    def _held(self, releases: Mapping[str, str]) -> dict[str, Held]:
        """By the ids that they have from now on; given are those that they had."""
        rows = self._of(
            "SELECT past, EXISTS (SELECT 1 FROM advance WHERE advance.release = release.id AND ended IS NULL),"  # noqa: S608
            f" {OF_RELEASES} FROM {RELEASES} WHERE release.id IN (SELECT value FROM json_each(?))",
            {*releases.values()},
        )
        found = {row[0]: Held(load(Row(*row)), bool(past), bool(advance)) for past, advance, *row in rows}
        return {i: found[was] for i, was in releases.items() if was in found}

    def _slots(self, releases: Collection[str], updated: dict[str, datetime]) -> dict[str, tuple[Slot, ...]]:
        """Where they stand. Noted is when these feeds and pages were last `updated`."""
        rows = self._of(
            "SELECT slot.release, slot.topic, position, number, page.updated, topic.updated"  # noqa: S608 - ours
            f" FROM slot JOIN topic ON topic.id = slot.topic{_ON_PAGE}"
            " WHERE release IN (SELECT value FROM json_each(?)) ORDER BY slot.release, slot.topic",
            releases,
        )
        found = dict[str, tuple[Slot, ...]]()
        for release, feed, position, page, of_page, of_feed in rows:
            updated[feed] = moment(of_feed)
            if page is not None:
                updated[f"{feed}/{page}"] = moment(of_page)
            found[release] = (*found.get(release, ()), Slot(release, feed, position, page))
        return found

    def _ends(self, feeds: Collection[str], updated: dict[str, datetime]) -> dict[str, Ends]:
        """In one statement: it is asked at each poll."""
        rows = self._of(
            "SELECT topic.id, last_position, first_position, topic.updated,"  # noqa: S608 - ours
            " (SELECT group_concat(CAST(position AS TEXT), ' ') FROM slot WHERE slot.topic = topic.id"
            f" AND position > {CLOSED_TO.format('topic.id')}),"
            " (SELECT max(number) FROM page WHERE page.topic = topic.id),"
            " newest.number, newest.first, newest.last, oldest.number, oldest.first, oldest.last, oldest.updated"
            " FROM json_each(?) AS sought CROSS JOIN topic ON topic.id = sought.value"
            " LEFT JOIN page AS newest ON newest.topic = topic.id"
            "  AND newest.last = (SELECT max(last) FROM page WHERE page.topic = topic.id)"
            " LEFT JOIN page AS oldest ON oldest.topic = topic.id"
            "  AND oldest.last = (SELECT min(last) FROM page WHERE page.topic = topic.id)",
            feeds,
        )
        found = dict[str, Ends]()
        for feed, last, first, at, taken, number, *pages, of_page in rows:
            updated[feed] = moment(at)
            newest, oldest = (Page(feed, *pages[:3]), Page(feed, *pages[3:])) if number is not None else (None, None)
            if oldest:
                updated[f"{feed}/{oldest.number}"] = moment(of_page)
            found[feed] = Ends(
                last=last,
                first=first,
                newest=newest,
                oldest=oldest,
                number=number or 0,
                taken=frozenset(map(int, taken.split())) if taken else frozenset(),
            )
        return found

    def _relating(self, heads: Collection[Head]) -> dict[Head, tuple[str, ...]]:
        """The visible releases whose related block names these heads."""
        rows = self._of(
            "SELECT related.kicker, related.title, release FROM json_each(?) AS sought CROSS JOIN related"  # noqa: S608 - ours
            " ON related.title = sought.value ->> 1"
            " AND related.kicker = sought.value ->> 0"
            " CROSS JOIN release ON release.id = related.release"
            f" WHERE {VISIBLE} ORDER BY release",
            heads,
        )
        found: dict[Head, tuple[str, ...]] = dict.fromkeys(heads, ())
        for kicker, title, release in rows:
            found[kicker, title] = (*found[kicker, title], release)
        return found

    def _corrections(self, releases: Collection[str]) -> Iterable[tuple[str, str]]:
        return self._of(
            "SELECT release, corrects FROM correction WHERE release IN (SELECT value FROM json_each(?1))"
            " UNION SELECT release, corrects FROM correction WHERE corrects IN (SELECT value FROM json_each(?1))",
            releases,
        )

    def _named(self, said: str) -> Iterator[Named]:
        """Whom a correction's words may mean: by id or address, and by a title of some length that they hold."""
        url = clean_url(said)
        exact = self._rows(
            f"SELECT id, title, published, unseen FROM release WHERE id IN ({_NAMED_SO}) ORDER BY rowid",  # noqa: S608 - ours
            {"said": said, "url": canonical_url(url) if url else ""},
        )
        for identifier, title, published, unseen in exact:
            yield Named(identifier, title, moment(published), exact=True, unseen=bool(unseen))
        words = fold(said)
        beginnings = listed({words[at : at + TELLING] for at in range(len(words) - TELLING + 1)})
        named = self._rows(
            "SELECT release.id, title, published, unseen FROM json_each(?) AS beginning CROSS JOIN release"
            " ON title >= beginning.value AND title < beginning.value || ?3"
            " WHERE instr(?2, title) > 0 ORDER BY release.rowid",
            (beginnings, words, "\U0010ffff"),
        )
        for identifier, title, published, unseen in named:
            yield Named(identifier, title, moment(published), exact=False, unseen=bool(unseen))

    def _rows(self, sql: str, values: Sequence[object] | Mapping[str, object]) -> Iterable[Any]:
        return self._connection.execute(sql, values)


def _feeds(changes: Iterable[Change]) -> set[str]:
    """Those that could be entered."""
    visible = [change for change in changes if change.release.visible]
    return {topic.id for change in visible for topic, _ in change.reasons} | ({ALL} if visible else set())
