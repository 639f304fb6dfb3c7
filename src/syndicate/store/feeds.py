"""Topics' feeds: what stands in them, what links to what, and what has to be rendered again."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from syndicate.model import VISIBLE as SEEN
from syndicate.model import Changes, Release, Tombstone
from syndicate.placement import ALL, Kind, Outline, Placement, Standing
from syndicate.store.bounds import Pages
from syndicate.store.codec import Row, listed, load, moment, stamp
from syndicate.store.connection import Connection, Rows
from syndicate.store.links import Links, links
from syndicate.store.positions import Positions
from syndicate.store.states import VISIBLE
from syndicate.store.words import OF_RELEASES, WITH_WORDS


class TopicRow(NamedTuple):
    id: str
    title: str
    atom_id: str
    updated: datetime
    entries: int
    newest: datetime | None


class Shown(NamedTuple):
    """A release where it stands, as it is kept: whoever needs more of it than this loads it."""

    id: str
    atom_id: str
    published: datetime
    row: Row

    @property
    def data(self) -> bytes:
        """What it is kept as: the same release, the same bytes."""
        return f"{self.id} {self.atom_id} ".encode() + self.row.own + self.row.words

    def load(self) -> Release:
        return load(self.row)


class Head(NamedTuple):
    shown: tuple[Shown, ...]
    older: int | None  # the number of the page next to it: the newest closed one, else the newest of the past

    @property
    def releases(self) -> tuple[Release, ...]:
        return tuple(shown.load() for shown in self.shown)


class ArchivePage(NamedTuple):
    number: int
    older: int | None  # its neighbours' numbers
    newer: int | None
    updated: datetime
    shown: tuple[Shown, ...]
    tombstones: tuple[Tombstone, ...]


class Mark(NamedTuple):
    """Something to render again: kind is release, page, topic or site. Cleared by generation: no later one is lost.

    `place`: of a release its position in the feed of everything; of a page that of the last release that stands there
    and is to be rendered as well; None where there is none. `again`: nothing that it shows has changed.
    """

    generation: int
    kind: Kind
    id: str
    place: int | None = None
    again: bool = False


def tombstone(release: Release) -> Tombstone:
    """What is left of a withdrawn release: nothing of its words."""
    when = release.withdrawn or release.updated
    return Tombstone(release.id, release.atom_id, when, release.published, release.reason)


def shown_of(release: Release) -> Shown:
    """As it would stand somewhere. What it is kept as is in no row."""
    return Shown(release.id, release.atom_id, release.published, Row(release.id, release.atom_id, b"", b""))


def row_shown(row: Sequence[Any]) -> Shown:
    """Of a row of `published` and what `codec.Row` has."""
    published, *kept = row
    found = Row(*kept)
    return Shown(found.id, found.atom_id, moment(published), found)


class Feeds:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pages = Pages(connection)
        self._positions = Positions(connection)

    def list(self) -> tuple[TopicRow, ...]:
        """Every feed that ever was, `all` included, by id."""
        rows = self._execute("SELECT id, title, atom_id, updated, entries, newest FROM topic ORDER BY id", ())
        return tuple(
            TopicRow(i, title, atom, moment(at), count, moment(new)) for i, title, atom, at, count, new in rows
        )

    def has_all(self, topics: Collection[str]) -> bool:
        """Is there a feed of each of these?"""
        sql = "SELECT count(*) FROM json_each(?) CROSS JOIN topic ON topic.id = value"
        ((count,),) = self._execute(sql, (listed(topics),))
        return bool(count == len(topics))

    def head(self, topic: str) -> Head:
        """What stands above the last closed page, newest position first; and the archive page next to it."""
        older, closed_to = self._pages.next_to_head(topic)
        rows = self._execute(
            f"SELECT published, {OF_RELEASES} FROM slot JOIN release ON release.id = slot.release"  # noqa: S608 - ours
            f" {WITH_WORDS} WHERE topic = ? AND position > ? AND {VISIBLE}"
            " ORDER BY position DESC",
            (topic, closed_to),
        )
        return Head(tuple(map(row_shown, rows)), older)

    def tombstones(self, topic: str, since: datetime) -> tuple[Tombstone, ...]:
        """Of what was withdrawn from this feed after `since`, wherever it stood, the last first."""
        rows = self._execute(  # from what was withdrawn of late to the feed, never through all that stands in it
            f"SELECT {OF_RELEASES} FROM release CROSS JOIN slot ON slot.release = release.id AND topic = ?"  # noqa: S608 - ours
            f" AND shown = 0 {WITH_WORDS} WHERE withdrawn > ? ORDER BY withdrawn DESC, position DESC",
            (topic, stamp(since)),
        )
        return tuple(tombstone(load(Row(*row))) for row in rows)

    def archive(self, topic: str, number: int) -> ArchivePage:
        """A page of the archive: what stands on it, newest position first, without the emptied slots."""
        bounds = self._pages.get(topic, number)
        rows = self._execute(
            f"SELECT state, published, {OF_RELEASES} FROM slot JOIN release ON release.id = slot.release"  # noqa: S608 - ours
            f" {WITH_WORDS} WHERE topic = ? AND position BETWEEN ? AND ? ORDER BY position DESC",
            (topic, bounds.first, bounds.last),
        ).fetchall()
        return ArchivePage(
            number,
            bounds.older,
            bounds.newer,
            bounds.updated,
            tuple(row_shown(row) for state, *row in rows if state in SEEN),
            tuple(tombstone(load(Row(*row))) for state, _, *row in rows if state == "withdrawn"),
        )

    def on_pages(self, topic: str, numbers: range) -> tuple[Shown, ...]:
        """What stands on these archive pages, the highest number first, on each the newest position."""
        rows = self._execute(
            f"SELECT published, {OF_RELEASES} FROM page"  # noqa: S608 - ours
            " CROSS JOIN slot ON slot.topic = page.topic AND position BETWEEN first AND last"
            f" CROSS JOIN release ON release.id = slot.release {WITH_WORDS}"
            " WHERE page.topic = ? AND number >= ? AND number < ?"
            f" AND {VISIBLE} ORDER BY number DESC, position DESC",
            (topic, numbers.start, numbers.stop),
        )
        return tuple(map(row_shown, rows))

    def closed_since(self, topic: str, number: int | None) -> int:
        """How many archive pages have closed above the one of this number, which stood next to the head."""
        return self._pages.closed_since(topic, number)

    def has_page(self, topic: str, number: int) -> bool:
        """Is there an archive page of this number?"""
        rows = self._execute("SELECT 1 FROM page WHERE topic = ? AND number = ?", (topic, number))
        return rows.fetchone() is not None

    def highest_page(self, topic: str) -> int:
        """The highest number of an archive page; 0 where there is none."""
        return self._pages.highest(topic)

    def page_groups(self, topic: str, size: int, numbers: range) -> dict[int, datetime]:
        """When archive pages of these numbers last changed, `size` of them to a group, by the group's number."""
        return self._pages.groups(topic, size, numbers)

    def links(self, releases: Iterable[Release | str]) -> Links:
        """Who is linked from and to these, or to those of these ids."""
        return links(self._connection, releases)

    def outline(self) -> Outline:
        pages = {feed: list[int]() for (feed,) in self._execute("SELECT id FROM topic ORDER BY id", ())}
        for feed, number in self._execute("SELECT topic, number FROM page ORDER BY topic, number", ()):
            pages[feed].append(number)
        return Outline(pages={feed: tuple(numbers) for feed, numbers in pages.items()})

    def turned(
        self, gone: Iterable[tuple[datetime, datetime]], news: tuple[datetime, datetime]
    ) -> Iterator[str | None]:
        """The feeds from which something was withdrawn in one of these times, after the one and until the other.

        And None where a release that readers see was published in the time of `news`.
        """
        rows = self._execute(
            # +: by the dates, for there are few of these; never through all that have a state.
            "SELECT DISTINCT topic FROM json_each(?) AS span CROSS JOIN release"  # noqa: S608 - ours
            " ON withdrawn > span.value ->> 0 AND withdrawn <= span.value ->> 1"
            " CROSS JOIN slot ON slot.release = release.id UNION ALL SELECT NULL WHERE EXISTS"
            f" (SELECT 1 FROM release WHERE +{VISIBLE} AND published > ? AND published <= ?)",
            (listed((stamp(after), stamp(until)) for after, until in gone), *map(stamp, news)),
        )
        return (feed for (feed,) in rows)

    def standing(self, changes: Changes) -> Standing:
        """What stands where, as far as the changes could concern it. Call it in the transaction that records them."""
        return self._positions.standing(changes)

    def write(self, placement: Placement, now: datetime, *, new: Collection[str] = ()) -> None:
        """The rows that were decided. Call it in the transaction in which it was found what they were decided on.

        `new`: releases of which nothing stood anywhere.
        """
        self._positions.write(placement, now, new)

    def marks(self) -> tuple[Mark, ...]:
        """What is dirty, the oldest mark first; but an archive page before the newer one that links to it."""
        rows = self._execute(
            "SELECT generation, kind, id, CASE kind"
            " WHEN 'release' THEN (SELECT position FROM slot WHERE slot.release = dirty.id AND slot.topic = :all)"
            " WHEN 'page' THEN (SELECT max(whole.position) FROM slot CROSS JOIN dirty AS new"
            " ON new.kind = 'release' AND new.id = slot.release CROSS JOIN slot AS whole"
            " ON whole.release = slot.release AND whole.topic = :all"
            " WHERE slot.topic = page.topic AND slot.position BETWEEN first AND last) END, again"
            " FROM dirty LEFT JOIN page ON kind = 'page'"
            " AND topic = rtrim(rtrim(id, '0123456789'), '/')"
            " AND number = CAST(CASE kind WHEN 'page'"
            " THEN substr(id, length(rtrim(id, '0123456789')) + 1) END AS BIGINT)"
            " ORDER BY first NULLS FIRST, generation",
            {"all": ALL},
        )
        return tuple(Mark(*row) for row in rows)

    def dirty(self) -> dict[str, int]:
        """How much is, by kind; of what is not, nothing."""
        return dict(self._execute("SELECT kind, count(*) FROM dirty GROUP BY kind ORDER BY kind", ()))

    def clear(self, marks: Iterable[Mark]) -> None:
        """Only where nothing has marked it again since."""
        generations = listed(mark.generation for mark in marks)
        self._execute(
            "DELETE FROM dirty WHERE generation IN (SELECT CAST(value AS BIGINT) FROM json_each(?))", (generations,)
        )

    def _execute(self, sql: str, values: Sequence[object] | Mapping[str, object]) -> Rows:
        return self._connection.execute(sql, values)
