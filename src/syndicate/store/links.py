"""Which release links to which: what corrects what, and what the entries of a related block name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from syndicate.model import Release
from syndicate.store._codec import load
from syndicate.store._connection import Connection
from syndicate.text import canonical_url, clean_url, fold


class Link(NamedTuple):
    """A correction's other end."""

    kind: Literal["corrects", "corrected_by"]
    id: str
    url: str | None
    title: str


class Links:
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

    def corrected_with(self, identifier: str) -> tuple[str, ...]:
        """The other ends of its correction links, visible or not."""
        rows = self._rows(
            "SELECT corrects FROM correction WHERE release = :id"
            " UNION SELECT release FROM correction WHERE corrects = :id",
            {"id": identifier},
        )
        return tuple(i for (i,) in rows)

    def put_correction(self, release: Release) -> None:
        """Link it to the release that it says it corrects, where that can be found."""
        target = self._corrected(release) if release.corrects else None
        self._rows("DELETE FROM correction WHERE release = ?", (release.id,))
        if target:
            self._rows("INSERT INTO correction VALUES (?, ?)", (release.id, target))

    def _corrected(self, release: Release) -> str | None:
        said = release.corrects or ""
        url = clean_url(said)
        exact = self._rows(
            "SELECT release FROM key WHERE (kind = 'id' AND value = :said) OR (kind = 'url' AND value = :url)"
            " UNION SELECT id FROM release WHERE id = :said OR atom_id = :said",
            {"said": said, "url": canonical_url(url) if url else ""},
        )
        named = self._rows(
            "SELECT id FROM release WHERE length(title) >= 12 AND instr(?, title)"
            " ORDER BY length(title) DESC, published DESC",
            (fold(said),),
        )
        return next((i for (i,) in (*exact, *named) if i != release.id), None)

    def put_related(self, release: Release, heads: Iterable[tuple[str, str]]) -> None:
        """What a release relates to, by folded (kicker, title)."""
        self._rows("DELETE FROM related WHERE release = ?", (release.id,))
        for kicker, title in heads:
            self._rows("INSERT OR IGNORE INTO related VALUES (?, ?, ?)", (release.id, title, kicker))

    def relating(self, head: tuple[str, str]) -> tuple[str, ...]:
        """The visible releases whose related block names this head."""
        kicker, title = head
        rows = self._rows(
            "SELECT release FROM related CROSS JOIN release ON release.id = related.release"
            " WHERE related.title = ? AND related.kicker = ? AND state IN ('public', 'headline') ORDER BY release",
            (title, kicker),
        )
        return tuple(i for (i,) in rows)

    def withdrawn_heads(self, release: str) -> frozenset[tuple[str, str]]:
        """Folded (kicker, title) of its related entries that name a release which was withdrawn."""
        rows = self._rows(
            "SELECT related.kicker, related.title FROM related CROSS JOIN release"
            " ON release.title = related.title AND release.kicker = related.kicker"
            " WHERE related.release = ? GROUP BY 1, 2 HAVING min(state = 'withdrawn')",
            (release,),
        )
        return frozenset((kicker, title) for kicker, title in rows)

    def related(self, releases: Iterable[Release]) -> dict[tuple[str, str], tuple[str, str | None]]:
        """Folded (kicker, title) of their related entries → (id, URL) of the release that we show ourselves."""
        found = {}
        for release in (release for release in releases if release.related):
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
