"""What stands where, as `placement` asks for it, and the rows that it hands back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from syndicate.model import Change, Changes
from syndicate.placement import ALL, Ends, Head, Held, Named, Page, Placement, Renamed, Slot, Standing
from syndicate.store.codec import load, moment, stamp
from syndicate.store.connection import Connection
from syndicate.text import canonical_url, clean_url, fold, head

# The page that a slot is on; its `number` is NULL for one in the head.
_ON_PAGE = (
    " LEFT JOIN page ON page.topic = slot.topic AND page.first <= position AND page.last ="
    " (SELECT min(last) FROM page AS next WHERE next.topic = slot.topic AND next.last >= position)"
)


class Positions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(self, changes: Changes) -> Standing:
        """What the changes could concern. Call it in the transaction that records them."""
        told = [change for change in changes.changes if change.verdict != "unchanged"]
        now = {old: new for change in changes.changes for old, new in change.renamed}
        ids = dict.fromkeys(change.release.id for change in told)
        began = {change.release.id: change.was for change in told if change.begins}
        held = {i: found for i in ids for found in self._held(began.get(i, i) or "")}
        said = {change.release.corrects for change in told if change.release.corrects}
        named = {words: tuple(n._replace(id=now.get(n.id, n.id)) for n in self._named(words)) for words in said}
        versions = [*(change.release for change in told), *(each.release for each in held.values())]
        heads = {head(release.kicker, release.title) for release in versions}
        relating = {at: tuple(self._relating(at)) for at in heads}
        pairs = (pair for i in {**ids, **now} for pair in self._corrections(i))
        corrections = frozenset((now.get(a, a), now.get(b, b)) for a, b in pairs)
        linked = {i for pair in corrections for i in pair} | {i for found in relating.values() for i in found}
        linked |= {each.id for found in named.values() for each in found}
        updated = dict[str, datetime]()
        return Standing(
            held=held,
            slots={i: slots for i in {**ids, **dict.fromkeys(linked)} if (slots := tuple(self._slots(i, updated)))},
            feeds={feed: ends for feed in sorted(_feeds(told)) for ends in self._ends(feed, updated)},
            relating=relating,
            corrections=corrections,
            named=named,
            updated=updated,
        )

    def write(self, placement: Placement, now: datetime) -> None:
        """In the transaction in which it was found what stands where, and after the releases."""
        at = stamp(now)
        self._many("UPDATE release SET past = ? WHERE id = ?", ((int(p), i) for i, p in placement.past.items()))
        for release, heads in placement.related.items():
            self._rows("DELETE FROM related WHERE release = ?", (release,))
            self._many("INSERT INTO related VALUES (?, ?, ?)", ((release, title, kicker) for kicker, title in heads))
        for release, corrects in placement.corrects.items():
            self._rows("DELETE FROM correction WHERE release = ?", (release,))
            if corrects:
                self._rows("INSERT INTO correction VALUES (?, ?)", (release, corrects))
        for feed in placement.renamed:
            self._rename(feed)
        self._many(
            "INSERT INTO topic (id, title, atom_id, updated) VALUES (?, ?, ?, ?)",
            ((*feed, at) for feed in placement.created),
        )
        self._many("DELETE FROM slot WHERE topic = ? AND position = ?", ((s.feed, s.position) for s in placement.left))
        self._many("UPDATE slot SET shown = 0 WHERE release = ?", ((release,) for release in placement.buried))
        for slot in placement.entered:
            self._rows(
                "INSERT INTO slot (topic, position, release) VALUES (?, ?, ?)", (slot.feed, slot.position, slot.release)
            )
            end = "last_position" if slot.position > 0 else "first_position"
            self._rows(f"UPDATE topic SET {end} = ? WHERE id = ?", (slot.position, slot.feed))  # noqa: S608 - ours
        self._many(
            "INSERT INTO page VALUES (?, ?, ?, ?, ?)",
            ((p.feed, p.number, p.first, p.last, at) for p in placement.pages),
        )
        self._many(
            "UPDATE page SET updated = ? WHERE topic = ? AND number = ?",
            ((stamp(moved), *page) for page, moved in placement.changed_pages.items()),
        )
        self._many(
            "UPDATE topic SET updated = ? WHERE id = ?",
            ((stamp(moved), feed) for feed, moved in placement.changed_feeds.items()),
        )
        self._many("INSERT OR REPLACE INTO dirty (kind, id) VALUES (?, ?)", placement.dirty)

    def _rename(self, feed: Renamed) -> None:
        """Whatever names it names it by its new id; what was to be rendered under the old one is not."""
        self._rows("PRAGMA defer_foreign_keys = ON", ())
        for table in ("slot", "page"):
            self._rows(f"UPDATE {table} SET topic = ? WHERE topic = ?", (feed.id, feed.old))  # noqa: S608 - our own names
        self._rows("UPDATE topic SET id = ?, title = ? WHERE id = ?", (feed.id, feed.title, feed.old))
        pages = f"{feed.old}/%"
        self._rows("DELETE FROM dirty WHERE kind IN ('topic', 'page') AND (id = ? OR id LIKE ?)", (feed.old, pages))
        self._rows("UPDATE published SET owner = ? WHERE kind = 'topic' AND owner = ?", (feed.id, feed.old))
        self._rows(
            "UPDATE published SET owner = ? || substr(owner, ?) WHERE kind = 'page' AND owner LIKE ?",
            (feed.id, len(feed.old) + 1, pages),
        )

    def _held(self, release: str) -> Iterator[Held]:
        for data, past in self._rows("SELECT data, past FROM release WHERE id = ?", (release,)):
            yield Held(load(data), bool(past))

    def _slots(self, release: str, updated: dict[str, datetime]) -> Iterator[Slot]:
        """Where it stands. Noted is when these feeds and pages were last `updated`."""
        rows = self._rows(
            "SELECT slot.topic, position, number, page.updated, topic.updated"  # noqa: S608 - ours
            f" FROM slot JOIN topic ON topic.id = slot.topic{_ON_PAGE} WHERE release = ? ORDER BY slot.topic",
            (release,),
        )
        for feed, position, page, of_page, of_feed in rows:
            updated[feed] = moment(of_feed)
            if page is not None:
                updated[f"{feed}/{page}"] = moment(of_page)
            yield Slot(release, feed, position, page)

    def _ends(self, feed: str, updated: dict[str, datetime]) -> Iterator[Ends]:
        for last, first, at in self._rows(
            "SELECT last_position, first_position, updated FROM topic WHERE id = ?", (feed,)
        ):
            updated[feed] = moment(at)
            pages = "SELECT topic, number, first, last, updated FROM page WHERE topic = ? ORDER BY last"
            newest = [Page(*row) for *row, _ in self._rows(f"{pages} DESC LIMIT 1", (feed,))]
            oldest = list[Page]()
            number = 0
            if newest:  # else there is none
                for *row, of_page in self._rows(f"{pages} LIMIT 1", (feed,)):
                    oldest = [Page(*row)]
                    updated[f"{feed}/{oldest[0].number}"] = moment(of_page)
                ((number,),) = self._rows("SELECT max(number) FROM page WHERE topic = ?", (feed,))
            ends = Ends(
                last=last,
                first=first,
                newest=newest[0] if newest else None,
                oldest=oldest[0] if oldest else None,
                number=number,
            )
            ((above,),) = self._rows(  # in one row: it is asked for each feed at each poll
                "SELECT group_concat(position) FROM slot WHERE topic = ? AND position > ?", (feed, ends.closed_to)
            )
            yield replace(ends, taken=frozenset(map(int, above.split(","))) if above else frozenset())

    def _relating(self, at: Head) -> Iterator[str]:
        """The visible releases whose related block names this head."""
        kicker, title = at
        rows = self._rows(
            "SELECT release FROM related CROSS JOIN release ON release.id = related.release"
            " WHERE related.title = ? AND related.kicker = ? AND state IN ('public', 'headline') ORDER BY release",
            (title, kicker),
        )
        return (i for (i,) in rows)

    def _corrections(self, release: str) -> Iterator[tuple[str, str]]:
        rows = self._rows(
            "SELECT release, corrects FROM correction WHERE release = :id"
            " UNION SELECT release, corrects FROM correction WHERE corrects = :id",
            {"id": release},
        )
        return iter(rows)

    def _named(self, said: str) -> Iterator[Named]:
        """Whom a correction's words may mean: by id or address, and by a title of some length that they hold."""
        url = clean_url(said)
        exact = self._rows(
            "SELECT id, title, published, unseen FROM release WHERE id IN (SELECT release FROM key WHERE"
            " (kind = 'id' AND value = :said) OR (kind = 'url' AND value = :url))"
            " OR id = :said OR atom_id = :said ORDER BY rowid",
            {"said": said, "url": canonical_url(url) if url else ""},
        )
        for identifier, title, published, unseen in exact:
            yield Named(identifier, title, moment(published), exact=True, unseen=bool(unseen))
        named = self._rows(
            "SELECT id, title, published, unseen FROM release WHERE length(title) >= 12 AND instr(?, title)"
            " ORDER BY rowid",
            (fold(said),),
        )
        for identifier, title, published, unseen in named:
            yield Named(identifier, title, moment(published), exact=False, unseen=bool(unseen))

    def _rows(self, sql: str, values: Sequence[object] | Mapping[str, object]) -> Iterable[Any]:
        return self._connection.db.conn.execute(sql, values)

    def _many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._connection.db.conn.executemany(sql, rows)


def _feeds(changes: Iterable[Change]) -> set[str]:
    """Those that could be entered."""
    visible = [change for change in changes if change.release.visible]
    return {topic.id for change in visible for topic, _ in change.reasons} | ({ALL} if visible else set())
