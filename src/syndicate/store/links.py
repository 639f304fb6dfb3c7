"""Which release links to which: what corrects what, and what the entries of a related block name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from syndicate.model import Release
from syndicate.store.codec import load
from syndicate.store.connection import Connection


class Link(NamedTuple):
    """A correction's other end."""

    kind: Literal["corrects", "corrected_by"]
    id: str
    url: str | None
    title: str


class Links(NamedTuple):
    """`corrections`: id → the visible releases that it corrects or that correct it.

    `related`: folded (kicker, title) of an entry of a related block → (id, URL) of the release that we show ourselves.
    `withdrawn`: id → heads of its related entries that name only what was withdrawn.
    """

    corrections: Mapping[str, tuple[Link, ...]]
    related: Mapping[tuple[str, str], tuple[str, str | None]]
    withdrawn: Mapping[str, frozenset[tuple[str, str]]]


def links(connection: Connection, releases: Sequence[Release]) -> Links:
    found = _Links(connection)
    relating = [release for release in releases if release.related]
    return Links(
        corrections=found.corrections(releases),
        related=found.related(relating),
        withdrawn={release.id: gone for release in relating if (gone := found.withdrawn_heads(release.id))},
    )


class _Links:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def corrections(self, releases: Iterable[Release]) -> dict[str, tuple[Link, ...]]:
        """Id → the visible releases that it corrects or that correct it."""
        found: dict[str, tuple[Link, ...]] = {}
        for release in releases:
            rows = self._rows(
                "SELECT 'corrects', id, data FROM correction CROSS JOIN release ON id = corrects"
                " WHERE correction.release = :id"
                " AND state IN ('public', 'headline') UNION ALL"
                " SELECT 'corrected_by', id, data FROM correction CROSS JOIN release ON id = correction.release"
                " WHERE corrects = :id AND state IN ('public', 'headline') ORDER BY 1, 2",
                {"id": release.id},
            )
            for kind, identifier, data in rows:
                other = load(data)
                link = Link(kind, identifier, other.url, other.title)
                found[release.id] = (*found.get(release.id, ()), link)
        return found

    def withdrawn_heads(self, release: str) -> frozenset[tuple[str, str]]:
        """Folded (kicker, title) of its related entries that name a release which was withdrawn."""
        rows = self._rows(
            "SELECT related.kicker, related.title FROM related CROSS JOIN release"
            " ON release.title = related.title AND release.kicker = related.kicker"
            " WHERE related.release = ? AND NOT unseen GROUP BY 1, 2 HAVING min(state = 'withdrawn')",
            (release,),
        )
        return frozenset((kicker, title) for kicker, title in rows)

    def related(self, releases: Iterable[Release]) -> dict[tuple[str, str], tuple[str, str | None]]:
        """Folded (kicker, title) of their related entries → (id, URL) of the release that we show ourselves."""
        found = {}
        for release in releases:
            # CROSS JOIN: from the few related rows to the releases, never through all that have a state.
            rows = self._rows(
                "SELECT related.kicker, related.title, id, url FROM related CROSS JOIN release"
                " ON release.title = related.title AND release.kicker = related.kicker"
                " WHERE related.release = ? AND state IN ('public', 'headline') ORDER BY release.rowid DESC",
                (release.id,),
            )
            found.update({(kicker, title): (identifier, url) for kicker, title, identifier, url in rows})
        return found

    def _rows(self, sql: str, values: Sequence[object] | Mapping[str, object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.db.conn.execute(sql, values)
