"""What releases are known by: each key names one. Those of what nobody has seen are in a layer of their own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from syndicate.model import Change, Key, Release
from syndicate.revise import keys_in_store, unseen
from syndicate.store.codec import listed
from syndicate.store.connection import Connection


class _Name(NamedTuple):
    """That a key names this release. `takes`: also where it has named another one until now."""

    kind: str
    scope: str
    value: str
    release: str
    takes: bool


_NAME = (
    "INSERT INTO key (kind, scope, value, release) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3"
    " FROM json_each(?) WHERE true ORDER BY key"
)
_TAKE = (
    "ON CONFLICT (kind, scope, value) DO UPDATE SET release = excluded.release, unheard = 0,"
    " named = key.named + CASE key.release WHEN excluded.release THEN 0 ELSE 1 END"
)


class Keys:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, changes: Sequence[Change]) -> bool:
        """By what the releases are known from now on, in the order of the changes. Whether some changed their layer.

        A release has its own keys; one that begins takes them from whoever had them, a URL or a file is used again. By
        those that it gains besides it is known where they name none yet; a path names it from now on.
        """
        moving, names = self._moving(changes), list[_Name]()
        for change in changes:
            release = change.release
            names += (_Name(*key, release.id, key.kind == "path") for key in keys_in_store(release, change.keys))
            if change.tells:
                if release.id in moving:
                    self._name(names)
                    names = []
                    self._change_layer(release)
                names += (_Name(*key, release.id, change.begins) for key in keys_in_store(release, release.keys))
        self._name(names)
        return bool(moving)

    def hear(self, changes: Sequence[Change]) -> None:
        """Files that say something again, and those that say nothing until they do."""
        for source, releases in _by_source(changes).items():
            self._rows(
                "UPDATE key SET unheard = 0 WHERE kind = 'path' AND scope = ? AND unheard = 1"
                " AND release IN (SELECT value FROM json_each(?))",
                (source, listed(releases)),
            )
        for change in changes:
            if change.leaves_unheard:
                self._rows("UPDATE key SET unheard = 1 WHERE release = ? AND kind = 'path'", (change.release.id,))

    def unseen_files(self, source: str) -> frozenset[str]:
        """The paths of what nobody has seen."""
        return frozenset(
            path
            for (path,) in self._rows(
                "SELECT value FROM key WHERE kind = 'path' AND scope = ?1 AND NOT EXISTS (SELECT 1 FROM key AS seen"
                " WHERE seen.kind = 'path' AND seen.scope = ?2 AND seen.value = key.value)",
                (hidden(source), source),
            )
        )

    def _change_layer(self, release: Release) -> None:
        """What it is known by besides, as one that readers know, or as one that nobody has seen."""
        scope = hidden(release.source)
        there = "scope != ?3" if release.never_shown else "scope = ?3"
        # One that is there already stays, and of several that come to be the same it is the first.
        self._rows(
            f"UPDATE key SET scope = ?1 WHERE release = ?2 AND {there} AND kind IN ('id', 'path')"  # noqa: S608 - ours
            " AND NOT EXISTS (SELECT 1 FROM key AS other WHERE other.kind = key.kind AND other.value = key.value"
            f" AND (other.scope = ?1 OR other.release = ?2 AND other.{there} AND other.scope < key.scope))",
            (scope if release.never_shown else release.source or "", release.id, scope),
        )
        self._rows(f"DELETE FROM key WHERE release = ?2 AND {there}", (None, release.id, scope))  # noqa: S608 - ours

    def _moving(self, changes: Sequence[Change]) -> set[str]:
        """The releases of which some keys are not in the layer that is theirs from now on."""
        told = [change for change in changes if change.tells]
        begun = {change.release.id for change in told if change.begins}  # these have no keys yet
        layers = [
            (change.release.id, hidden(change.release.source), int(change.release.never_shown))
            for change in told
            if change.release.id not in begun
        ]
        rows = (
            self._rows(
                "SELECT DISTINCT release FROM json_each(?) AS layer CROSS JOIN key"
                " ON release = layer.value ->> 0"
                " WHERE CASE CAST(layer.value ->> 2 AS BIGINT) WHEN 1 THEN scope != layer.value ->> 1"
                " ELSE scope = layer.value ->> 1 END",
                (listed(layers),),
            )
            if layers
            else ()
        )
        twice = Counter(change.release.id for change in told)
        return {i for (i,) in rows} | {i for i, times in twice.items() if times > 1}

    def _name(self, names: Iterable["_Name"]) -> None:
        """Each key names its release; where it does not take it from another one, only if it names none."""
        for takes, run in groupby(names, key=lambda name: name.takes):
            for each in _each_once(run):
                self._rows(f"{_NAME} {_TAKE if takes else 'ON CONFLICT DO NOTHING'}", (listed(each),))

    def _rows(self, sql: str, values: Sequence[object]) -> Any:
        return self._connection.execute(sql, values)


def _each_once(names: Iterable[_Name]) -> Iterator[list[_Name]]:
    """In their order, cut where a key comes again: a statement moves a row once."""
    run, seen = list[_Name](), set[tuple[str, str, str]]()
    for name in names:
        if name[:3] in seen:
            yield run
            run, seen = [], set()
        run.append(name)
        seen.add(name[:3])
    yield run


def hidden(source: str | None) -> str:
    """The scope of the keys of what nobody has seen of this source."""
    return unseen(Key("id", "", ""), source).scope


def _by_source(changes: Iterable[Change]) -> dict[str, list[str]]:
    """Who has said something, of which releases that there were."""
    found = dict[str, list[str]]()
    for change in changes:
        if change.heard and not change.begins:
            found.setdefault(change.heard, []).append(change.release.id)
    return found
