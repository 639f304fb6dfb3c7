"""Releases, by whatever they are known."""

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from syndicate.errors import StoreError
from syndicate.model import Edition, Key, Release, State
from syndicate.search import Query
from syndicate.store.codec import Row, listed, load, load_field, stamp
from syndicate.store.connection import Connection
from syndicate.store.history import History, history
from syndicate.store.identities import Identities
from syndicate.store.keys import Keys, hidden
from syndicate.store.listing import Listing
from syndicate.store.lookup import editions
from syndicate.store.states import VISIBLE
from syndicate.store.words import EDITIONS, OF_RELEASES, RELEASES, WITH_WORDS, edition, said_in
from syndicate.text import strip_unprintable
from syndicate.urls import canonical_url, clean_url

_PART = 200  # releases whose editions are read at once
_OWN_PAGE = re.compile(r"/releases/([a-z0-9]{12})\.html$")


class ByHand(NamedTuple):
    """A field of a release that a person changed to `value`, `over` what its source said then."""

    release: str
    field: str
    value: Any
    over: Any


class Releases:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._identities = Identities(connection)
        self._keys = Keys(connection)

    def get(self, identifier: str) -> Release | None:
        for row in self._rows(f"SELECT {OF_RELEASES} FROM {RELEASES} WHERE release.id = ?", (identifier,)):  # noqa: S608 - ours
            return load(Row(*row))
        return None

    def is_free(self, identifier: str) -> bool:
        """Has no release this id, but perhaps one that nobody has seen?"""
        self._connection.decisions.look([identifier])
        return next(iter(self._rows("SELECT 1 FROM release WHERE id = ? AND unseen = 0", (identifier,))), None) is None

    def among(self, identifiers: Collection[str]) -> dict[str, Release]:
        """Those of these ids that there are, in their order."""
        rows = self._rows(
            f"SELECT {OF_RELEASES} FROM json_each(?) AS asked"  # noqa: S608 - ours
            f" CROSS JOIN release ON release.id = asked.value {WITH_WORDS}",
            (listed(identifiers),),
        )
        found = {row[0]: load(Row(*row)) for row in rows}
        return {i: found[i] for i in identifiers if i in found}

    def resolve(self, reference: str) -> Release:
        """By id, a unique prefix of it of four or more characters, atom_id or URL. StoreError where that is not one."""
        reference = strip_unprintable(reference)  # a terminal may send what no text is
        url = clean_url(reference)
        ids = {
            i
            for (i,) in (
                *self._rows("SELECT id FROM release WHERE id = ? OR atom_id = ?", (reference, reference)),
                *(
                    self._rows("SELECT release FROM key WHERE kind = 'url' AND value = ?", (canonical_url(url),))
                    if url
                    else ()
                ),
            )
        }
        if own := _OWN_PAGE.search(reference):
            ids |= {i for (i,) in self._rows("SELECT id FROM release WHERE id = ?", (own[1],))}
        ids = ids or {*self._identities.meant_by(reference)}
        if not ids and len(reference) >= 4 and reference.isalnum():
            ids = {
                i
                for (i,) in self._rows("SELECT id FROM release WHERE substr(id, 1, ?) = ?", (len(reference), reference))
            }
        if len(ids) > 1:
            raise StoreError(f"{reference}: is the beginning of {len(ids)} releases ({', '.join(sorted(ids)[:5])} …)")
        found = self.get(ids.pop()) if ids else None
        if found is None:
            raise StoreError(
                f"{reference}: no such release (an id, four or more of its first characters, an atom id or a URL)"
            )
        return found

    def list(
        self,
        *,
        states: Sequence[State] = (),
        topic: str | None = None,
        source: str | None = None,
        limit: int | None = None,
    ) -> tuple[Release, ...]:
        """Newest first, whole unless `limit`."""
        where = ["1 = 1"]
        values: list[object] = []
        if states:
            where.append(f"state IN ({', '.join('?' * len(states))})")
            values += list(states)
        if topic is not None:
            where.append("release.id IN (SELECT release FROM slot WHERE topic = ?)")
            values.append(topic)
        if source is not None:
            where.append("(source = ? OR release.id IN (SELECT release FROM edition WHERE source = ?))")
            values += [source, source]
        rows = self._rows(
            f"SELECT {OF_RELEASES} FROM {RELEASES} WHERE {' AND '.join(where)}"  # noqa: S608  # only our own words
            " ORDER BY published DESC, release.id LIMIT ?",
            (*values, sys.maxsize if limit is None else limit),
        )
        return tuple(load(Row(*row)) for row in rows)

    def listing(
        self,
        states: Sequence[State] = (),
        topic: str | None = None,
        source: str | None = None,
        query: Query | None = None,
    ) -> Listing:
        """Releases, newest first, read as they are asked for; of `topic` is also what no reader sees."""
        return Listing(self._connection, states, topic, source, query)

    def told(self) -> Iterator[tuple[Release, tuple[Edition, ...]]]:
        """Every release with its editions, the newest first: a part at a time, all as they are at one moment."""
        listing = iter(self.listing())
        while part := [*islice(listing, _PART)]:
            of = editions(self._connection, [release.id for release in part])
            yield from ((release, of[release.id]) for release in part)

    def names(self, identifier: str, source: str) -> tuple[Key, ...]:
        """Every id by which this source has named it, and every address that has."""
        rows = self._rows(
            "SELECT kind, scope, value FROM key WHERE release = ?"
            " AND (kind = 'url' OR (kind = 'id' AND scope IN (?, ?))) ORDER BY kind, value",
            (identifier, source, hidden(source)),
        )
        return tuple(Key(*row) for row in rows)

    def editions(self, identifier: str) -> tuple[Edition, ...]:
        """What each source last said of it, the first seen first."""
        rows = self._rows(f"{EDITIONS} WHERE edition.release = ? ORDER BY rank", (identifier,))
        return tuple(edition(row)[1] for row in rows)

    def waits(self, identifier: str) -> tuple[Release, ...]:
        """Every version that waits for its embargo, one of a source, the next to end first."""
        rows = self._rows(
            f"{said_in('pending')} WHERE pending.release = ?"
            " ORDER BY pending.until IS NULL, pending.until, pending.source",
            (identifier,),
        )
        return tuple(load(Row(*row)) for row in rows)

    def history(self, identifier: str) -> History:
        """What was done to it, every version of it, by which bytes, and where it stands now."""
        return history(self._connection, identifier)

    def due(self, now: datetime) -> tuple[str, ...]:
        """Releases whose embargo has ended by `now`, the earliest first."""
        rows = self._rows(
            "SELECT id FROM (SELECT id, until FROM release WHERE state = 'embargoed' AND until <= :now"
            " UNION SELECT release, pending.until FROM pending JOIN release ON release.id = pending.release"
            " WHERE pending.until <= :now AND withdrawn IS NULL) AS due ORDER BY until, id",
            {"now": stamp(now)},
        )
        return tuple(i for (i,) in rows)

    def waiting(self) -> tuple[tuple[Release, Release], ...]:
        """What is held: (what readers have or would have, the version with the embargo), those for a person first."""
        found = [(r, r) for r in self.list(states=("embargoed",))]
        found += [
            (release, load(Row(*row)))
            for row in self._rows(f"{said_in('pending')} ORDER BY pending.release, pending.source", ())
            if (release := self.get(row[0])) and not release.withdrawn
        ]
        return tuple(
            sorted(
                found, key=lambda pair: (stamp(pair[1].embargo.until if pair[1].embargo else None) or "", pair[0].id)
            )
        )

    def unsettled(self, due: datetime | None = None) -> tuple[tuple[str, Edition], ...]:
        """Editions of which something waits to be put in, each with its release: all, or those `due` by then."""
        rows = self._rows(
            f"{EDITIONS} WHERE due IS NOT NULL AND (CAST(:due AS TEXT) IS NULL OR due <= :due)"
            " ORDER BY due, edition.release, edition.source",
            {"due": stamp(due)},
        )
        return tuple(edition(row) for row in rows)

    def counts(self) -> dict[str, int]:
        """State → how many."""
        return dict(self._rows("SELECT state, number FROM release_count WHERE number > 0 ORDER BY state", ()))

    def edits(self, identifier: str) -> dict[str, Any]:
        """What a person changed: field → value."""
        rows = self._rows("SELECT field, value FROM edit WHERE release = ? ORDER BY field", (identifier,))
        return {field: load_field(field, value) for field, value in rows}

    def edited(self, identifier: str | None = None) -> Iterator[ByHand]:
        """Every field, of one release or of all, that a person changed, where it is known what its source said then."""
        for release, field, value, over in self._rows(
            "SELECT edit.release, field, value, over FROM edit JOIN release ON release.id = edit.release"
            " WHERE over IS NOT NULL AND withdrawn IS NULL AND ?1 IN (edit.release, '') ORDER BY edit.release, field",
            (identifier or "",),
        ):
            yield ByHand(release, field, load_field(field, value), load_field(field, over))

    def delivered(self, source: str, *, never_shown: bool | None = None) -> int:
        """How many releases of this source stand, all or of one kind: it, and not another, may take them back."""
        ((count,),) = self._rows(
            "SELECT count(*) FROM edition JOIN release ON release.id = edition.release"
            " WHERE edition.source = ?1 AND withdrawn IS NULL AND unseen = coalesce(?2, unseen)",
            (source, never_shown),
        )
        return int(count)

    def without_file(self, source: str, paths: Collection[str]) -> tuple[Key, ...]:
        """Standing releases of a folder that are in none of the files at `paths`; one key of each.

        A file that was moved is there under its new path, so its release is not among them; nor is one of whose missing
        files none says anything (`leave_files_unheard`).
        """
        rows = self._rows(
            "SELECT key.release, value, unheard FROM key JOIN release ON release.id = key.release"
            " WHERE kind = 'path' AND scope IN (?, ?) AND withdrawn IS NULL ORDER BY key.release, unheard",
            (source, hidden(source)),
        )
        known: dict[str, list[tuple[str, bool]]] = {}
        for release, path, unheard in rows:
            known.setdefault(release, []).append((path, bool(unheard)))
        return tuple(
            Key("path", source, found[0][0])
            for found in known.values()
            if not found[0][1] and not any(path in paths for path, _ in found)
        )

    def files_beside(self, source: str, paths: Iterable[str]) -> frozenset[str]:
        """Other files of the folder that name the same releases as these."""
        others = (
            "SELECT other.value FROM json_each(?) CROSS JOIN key ON key.value = json_each.value"
            " CROSS JOIN key AS other USING (release, kind, scope) WHERE kind = 'path' AND scope IN (?, ?)"
        )
        paths = [*paths]
        rows = self._rows(others, (listed(paths), source, hidden(source)))
        return frozenset(value for (value,) in rows).difference(paths)

    def unseen_files(self, source: str) -> frozenset[str]:
        """The paths of what nobody has seen."""
        return self._keys.unseen_files(source)

    def with_page(self) -> tuple[str, ...]:
        """What has a page of ours: by now, or once it is written."""
        rows = self._rows(
            f"SELECT id FROM release WHERE {VISIBLE}"  # noqa: S608 - ours
            " OR id IN (SELECT owner FROM published WHERE kind = 'release')",
            (),
        )
        return tuple(i for (i,) in rows)

    def _rows(self, sql: str, values: Sequence[object] | dict[str, object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.execute(sql, values)
