"""What we have written, the files that lie beside releases, and what the whole output was made by."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from syndicate.model import Media, Release
from syndicate.placement import Dirty, Kind
from syndicate.store.acts import mark_of
from syndicate.store.codec import listed
from syndicate.store.connection import Connection

_MEDIA = re.compile(r"media:([0-9a-f]+)/([^/]+)")
_IN_CONTENT = re.compile(r'(?:src|href|poster)="(media:[^"]*)"')

_MEDIA_COMES = "INSERT INTO media VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


class Written(NamedTuple):
    """A published path: who it belongs to (owner: an id)."""

    path: str
    hash: str
    kind: Kind
    owner: str

    @property
    def mark(self) -> Dirty:
        """What makes it anew."""
        return Dirty(self.kind, self.owner)


class Outputs:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def written(self, kind: str | None = None, owner: str | None = None) -> tuple[Written, ...]:
        given = {name: value for name, value in (("kind", kind), ("owner", owner)) if value is not None}
        where = " AND ".join(f"{name} = :{name}" for name in given) or "1 = 1"
        rows = self._connection.execute(
            f"SELECT path, hash, kind, owner FROM published WHERE {where} ORDER BY path",  # noqa: S608 - our own names
            given,
        )
        return tuple(map(Written._make, rows))

    def count(self) -> int:
        """How many paths are published."""
        return int(self._connection.execute("SELECT count(*) FROM published").fetchone()[0])

    def written_by(self, marks: Iterable[Dirty]) -> dict[Dirty, list[Written]]:
        """What was written for each of these."""
        found = dict[Dirty, list[Written]]()
        rows = self._connection.execute(
            "SELECT published.path, hash, kind, owner FROM json_each(?) AS mark CROSS JOIN published"
            " ON kind = mark.value ->> 0 AND owner = mark.value ->> 1 ORDER BY published.path",
            (listed((mark.kind, mark.id) for mark in marks),),
        )
        for row in map(Written._make, rows):
            found.setdefault(row.mark, []).append(row)
        return found

    def folders(self) -> tuple[str, ...]:
        """In which there is a published path; "" is the folder of feeds itself."""
        return tuple(sorted({path.rpartition("/")[0] for path in self._jump(lambda path: path.rpartition("/")[0])}))

    def within(self, folder: str) -> Iterator[Written]:
        """The published paths in this folder, but not in those below it."""
        if not folder:
            tops = self._jump(lambda path: path.partition("/")[0] if "/" in path else "")
            return (row for path in tops if "/" not in path for row in self._rows("path = ?", path))
        # 0 comes after /
        rows = self._rows("path > ? AND path < ? ORDER BY path", f"{folder}/", f"{folder}0")
        return (row for row in rows if "/" not in row.path[len(folder) + 1 :])

    def _rows(self, where: str, *values: str) -> Iterator[Written]:
        rows = self._connection.execute(
            f"SELECT path, hash, kind, owner FROM published WHERE {where}",  # noqa: S608 - only our own words
            values,
        )
        return map(Written._make, rows)

    def _jump(self, over: Callable[[str], str]) -> Iterator[str]:
        """The published paths in their order, the first alone of each folder that `over` names of it.

        Nobody looks at the thousands of a folder to know that it is there: files and folders stand beside each other in
        the folder of feeds alone.
        """
        path: str | None = ""
        while path is not None:
            ((path,),) = self._connection.execute("SELECT min(path) FROM published WHERE path > ?", [path])
            if path is not None:
                yield path
                folder = over(path)
                path = f"{folder}/\U0010ffff" if folder else path

    def of(self, path: str) -> frozenset[Dirty]:
        """Whose this path is: two releases may show one picture."""
        rows = self._connection.execute("SELECT kind, owner FROM published WHERE path = ?", (path,))
        return frozenset(Dirty(kind, owner) for kind, owner in rows)

    def as_written(self, rows: Iterable[Written]) -> frozenset[str]:
        """The paths among these that were written with this hash, whoever's they are."""
        found = self._connection.of(
            "SELECT DISTINCT published.path FROM json_each(?) AS row CROSS JOIN published"
            " ON published.path = row.value ->> 0 AND hash = row.value ->> 1",
            [row[:2] for row in rows],
        )
        return frozenset(path for (path,) in found)

    def own(self, rows: Iterable[Written]) -> None:
        """Whose these are, who have not been written yet. What the store knows of them stays."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT INTO published (path, hash, kind, owner)"
                " SELECT value ->> 0, '', value ->> 2, value ->> 3 FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
                (listed(rows),),
            )

    def wrote(self, rows: Iterable[Written], forgotten: Iterable[Written]) -> None:
        with self._connection.transaction() as db:
            db.executemany(
                "DELETE FROM published WHERE path = ? AND kind = ? AND owner = ?",
                [(row.path, row.kind, row.owner) for row in forgotten],
            )
            db.execute(
                "INSERT INTO published (path, hash, kind, owner)"
                " SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true"
                " ON CONFLICT (path, kind, owner) DO UPDATE SET hash = excluded.hash",
                (listed(rows),),
            )

    def keep(self, media: Iterable[Media]) -> None:
        with self._connection.transaction() as db:
            for m in media:
                db.execute(_MEDIA_COMES, (m.hash, m.name, m.type, m.body))

    def media(self, digest: str, name: str) -> Media | None:
        """The file at `media/HASH/NAME`, whoever shows it."""
        rows = self._connection.execute(
            "SELECT hash, name, type, body FROM media WHERE hash = ? AND name = ?", (digest, name)
        )
        return next((Media(*row) for row in rows), None)

    def beside(self, release: Release) -> tuple[Media, ...]:
        """The files that this release names as `media:HASH/NAME`."""
        ours = named_by(release)
        if not ours:
            return ()
        rows = self._connection.execute(
            "SELECT hash, name, media.type, body FROM json_each(?) AS file CROSS JOIN media"
            " ON hash = file.value ->> 0 AND name = file.value ->> 1 ORDER BY file.key",
            (listed(ours),),
        )
        return tuple(Media(*row) for row in rows)

    def mark(self) -> str:
        """What this store is known by where it publishes: random, made once."""
        if not (found := self.known_mark()):
            with self._connection.transaction() as db:
                return mark_of(db)
        return found

    def known_mark(self) -> str:
        """As `mark`, empty where it has published nothing yet."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = 'mark'").fetchone()
        return str(row[0]) if row else ""


def named_by(release: Release) -> tuple[tuple[str, str], ...]:
    """(hash, name) of the files that it names as `media:HASH/NAME`, each once."""
    named = [image.url or "" for image in release.images] + [enclosure.url for enclosure in release.enclosures]
    named += _IN_CONTENT.findall(release.content)
    found = (_MEDIA.fullmatch(address) for address in dict.fromkeys(named))
    return tuple((match[1], match[2]) for match in found if match)
