"""All that a document could concern, found for whoever decides on it: one statement for each kind of thing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from syndicate.model import Edition, Key, Known, Release, Sought
from syndicate.revise import MAY_BE_ALIKE
from syndicate.store.codec import Row, listed, load, load_field
from syndicate.store.connection import Connection
from syndicate.store.decisions import things
from syndicate.store.recordings import Touched
from syndicate.store.words import EDITIONS, OF_RELEASES, RELEASES, edition, said_in

_MOST_ALIKE = 5  # releases whose text may be like one that is sought: the nearest


def known(connection: Connection, sought: Sought) -> Known:
    """What is held of that, as it stands at one moment where this is called in a transaction."""
    question = (sought.keys, sought.heads, sought.atom_ids, sought.ids, tuple(sought.sketches.items()))
    return connection.decisions.told(question, lambda: _asked(_Look(connection), sought))


def _asked(look: "_Look", sought: Sought) -> tuple[Known, Touched]:
    by_key, names = look.keys(sought.keys)
    by_head, by_atom_id, taken = look.rows(sought)
    alike = look.alike(sought.sketches)
    ids = {*by_key.values(), *by_atom_id.values(), *(i for found in by_head.values() for i in found)}
    ids |= {i for found in alike.values() for i, _ in found}
    found = Known(
        by_key=by_key,
        keys=look.kinds(ids),
        names=names,
        by_head=by_head,
        by_atom_id=by_atom_id,
        free=sought.ids - taken,
        releases=look.releases(ids),
        editions=look.editions(ids),
        edits=look.edits(ids),
        pending=look.pending(ids),
        alike=alike,
        apart=look.apart(ids),
    )
    return found, things(sought.keys, sought.heads, sought.atom_ids, sought.ids, ids, texts=sought.sketches.values())


# What names a release in its own row, each way by its own index; those of a head in the order in which they came.
_ROWS = (
    "SELECT 'head', value ->> 0, value ->> 1, release.id, release.rowid"
    " FROM json_each(?1) CROSS JOIN release"
    " ON title = value ->> 1 AND kicker = value ->> 0"
    " UNION ALL SELECT 'atom id', value, NULL, release.id, release.rowid FROM json_each(?2) CROSS JOIN release"
    " ON atom_id = value"
    " UNION ALL SELECT 'id', value, NULL, release.id, release.rowid FROM json_each(?3) CROSS JOIN release"
    " ON release.id = value AND unseen = 0 ORDER BY 5"
)


class _Look:
    """Nothing is asked for nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of = connection.of

    def keys(self, sought: Collection[Key]) -> tuple[dict[Key, str], dict[Key, int]]:
        by_key, names = dict[Key, str](), dict[Key, int]()
        for kind, scope, value, release, named in self._of(
            "SELECT key.kind, key.scope, key.value, release, named FROM json_each(?) AS sought CROSS JOIN key"
            " ON key.kind = sought.value ->> 0 AND key.scope = sought.value ->> 1"
            " AND key.value = sought.value ->> 2",
            sought,
        ):
            key = Key(kind, scope, value)
            by_key[key] = release
            if named > 1:
                names[key] = named
        return by_key, names

    def rows(self, sought: Sought) -> tuple[dict[tuple[str, str], tuple[str, ...]], dict[str, str], set[str]]:
        """The releases of these heads, and of these atom ids; which of the ids are those of what is no secret."""
        heads, atom_ids, taken = list[tuple[tuple[str, str], str]](), dict[str, str](), set[str]()
        lists = (sought.heads, sought.atom_ids, sought.ids)
        for way, first, second, identifier, _ in (
            self._connection.execute(_ROWS, [*map(listed, lists)]) if any(lists) else ()
        ):
            if way == "head":
                heads.append(((first, second), identifier))
            elif way == "atom id":
                atom_ids[first] = identifier
            else:
                taken.add(identifier)
        return _grouped(heads), atom_ids, taken

    def alike(self, sketches: Mapping[Key, Sequence[int]]) -> dict[Key, tuple[tuple[str, int], ...]]:
        keys = [*sketches]
        rows = self._of(
            "SELECT place, release, common FROM (SELECT place, release.id AS release, common, row_number()"
            " OVER (PARTITION BY place ORDER BY common DESC, release.id) AS nth FROM ("
            "SELECT CAST(sought.value ->> 0 AS BIGINT) AS place, words, count(*) AS common"
            " FROM json_each(?) AS sought CROSS JOIN sketch ON sketch.value = CAST(sought.value ->> 1 AS BIGINT)"
            " GROUP BY 1, 2 HAVING count(*) >= ?"
            ") AS near CROSS JOIN words ON words.id = near.words CROSS JOIN release ON release.id = words.release"
            " WHERE unseen = 0) AS ranked WHERE nth <= ? ORDER BY place, nth",
            [(place, value) for place, key in enumerate(keys) for value in sketches[key]],
            MAY_BE_ALIKE,
            _MOST_ALIKE,
        )
        return {keys[place]: near for place, near in _grouped((p, (i, common)) for p, i, common in rows).items()}

    def kinds(self, ids: Collection[str]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {i: {} for i in ids}
        for release, kind, count in self._of(
            "SELECT release, kind, count(*) FROM key WHERE release IN (SELECT value FROM json_each(?))"
            " GROUP BY release, kind",
            ids,
        ):
            found[release][kind] = count
        return found

    def releases(self, ids: Collection[str]) -> dict[str, Release]:
        rows = self._of(
            f"SELECT {OF_RELEASES} FROM {RELEASES} WHERE release.id IN (SELECT value FROM json_each(?))",  # noqa: S608
            ids,
        )
        return {row[0]: load(Row(*row)) for row in rows}

    def editions(self, ids: Collection[str]) -> dict[str, tuple[Edition, ...]]:
        return editions(self._connection, ids)

    def edits(self, ids: Collection[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for release, field, value in self._of(
            "SELECT release, field, value FROM edit WHERE release IN (SELECT value FROM json_each(?))"
            " ORDER BY release, field",
            ids,
        ):
            found.setdefault(release, {})[field] = load_field(field, value)
        return found

    def pending(self, ids: Collection[str]) -> dict[str, tuple[Release, ...]]:
        rows = self._of(
            f"{said_in('pending')} WHERE pending.release IN (SELECT value FROM json_each(?))"  # noqa: S608
            " ORDER BY pending.release, pending.until IS NULL, pending.until, pending.source",
            ids,
        )
        return _grouped((row[0], load(Row(*row))) for row in rows)

    def apart(self, ids: Collection[str]) -> frozenset[tuple[str, str]]:
        return frozenset(
            self._of("SELECT release, source FROM apart WHERE release IN (SELECT value FROM json_each(?))", ids)
        )


def editions(connection: Connection, ids: Collection[str]) -> dict[str, tuple[Edition, ...]]:
    """Of each of these releases, in their order."""
    rows = connection.of(
        f"{EDITIONS} WHERE edition.release IN (SELECT value FROM json_each(?)) ORDER BY edition.release, rank",  # noqa: S608
        ids,
    )
    return dict.fromkeys(ids, ()) | _grouped(edition(row) for row in rows)


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, tuple[Any, ...]]:
    """In the order in which they come."""
    found = dict[Any, list[Any]]()
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}
