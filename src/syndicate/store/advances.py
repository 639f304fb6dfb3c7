"""What embargoed newsrooms have of releases before their end (`placement.Advance`), and those that it ends for."""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from syndicate.model import Embargo, Release
from syndicate.placement import Advance
from syndicate.placement import Advances as Placed
from syndicate.store.codec import Row, listed, load, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.upsert import put
from syndicate.store.words import OF_RELEASES, RELEASES

_COLUMNS = "atom_id, release, since, updated, embargo, earlier, ended, advance.source"


_META = put("meta", ("name", "value"), ("name",))
_ADVANCE = put(
    "advance", ("atom_id", "release", "since", "updated", "embargo", "earlier", "ended", "source"), ("atom_id",)
)


class Advances:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, releases: Collection[str]) -> tuple[Advance, ...]:
        """Those of these releases, also those that have ended."""
        rows = self._connection.of(
            f"SELECT {_COLUMNS} FROM json_each(?) CROSS JOIN advance ON release = json_each.value ORDER BY atom_id",  # noqa: S608 - ours
            releases,
        )
        return tuple(map(_advance, rows))

    def taken(self, atom_ids: Collection[str]) -> Mapping[str, str]:
        """Which releases have these ids by now."""
        rows = self._connection.of(
            "SELECT atom_id, release.id FROM json_each(?) CROSS JOIN release ON atom_id = json_each.value", atom_ids
        )
        return dict(rows)

    def withdrawn(self, since: datetime) -> tuple[Release, ...]:
        """What nobody has seen but who had it in advance, and that was withdrawn after `since`, the last first."""
        rows = self._rows(
            f"SELECT {OF_RELEASES} FROM {RELEASES} WHERE withdrawn > ? AND unseen = 1"  # noqa: S608 - ours
            " ORDER BY withdrawn DESC, release.id",
            (stamp(since),),
        )
        return tuple(load(Row(*row)) for row in rows)

    def moved(self, since: datetime) -> tuple[tuple[Advance, Release], ...]:
        """Those that ended after `since` in a release with another id than they were shown under, the last first."""
        rows = self._rows(
            f"SELECT advance.atom_id, advance.release, since, advance.updated, embargo, earlier, ended, advance.source,"  # noqa: S608 - ours
            f" {OF_RELEASES} FROM advance CROSS JOIN release ON release.id = advance.release"
            " CROSS JOIN words ON words.id = release.words"
            " WHERE ended > ? AND advance.atom_id != release.atom_id ORDER BY ended DESC, advance.atom_id",
            (stamp(since),),
        )
        return tuple((_advance(row[:8]), load(Row(*row[8:]))) for row in rows)

    def updated(self, topics: Collection[str]) -> datetime | None:
        """When what is held in advance last changed in these feeds."""
        ((at,),) = self._rows(
            "SELECT max(updated) FROM json_each(?) CROSS JOIN advance_feed ON topic = json_each.value",
            (listed(topics),),
        )
        found: datetime | None = moment(at)
        return found

    def write(self, advances: Placed) -> None:
        """In the transaction that records what they were decided on."""
        self._connection.execute(_META, ("advanced", secrets.token_hex(8)))
        self._connection.executemany(
            _ADVANCE,
            (
                (
                    row.atom_id,
                    row.release,
                    stamp(row.since),
                    stamp(row.updated),
                    _said(row.embargo),
                    _said(row.earlier),
                    stamp(row.ended),
                    row.source,
                )
                for row in advances.rows
            ),
        )
        self._connection.executemany(
            "INSERT INTO advance_feed VALUES (?, ?) ON CONFLICT (topic)"
            " DO UPDATE SET updated = excluded.updated WHERE excluded.updated > advance_feed.updated",
            ((topic, stamp(at)) for topic, at in advances.feeds.items()),
        )

    def _rows(self, sql: str, values: Any) -> Iterable[Any]:
        return self._connection.execute(sql, values)


def _said(embargo: Embargo | None) -> str | None:
    return json.dumps([stamp(embargo.until), embargo.event], ensure_ascii=False) if embargo else None


def _heard(said: str | None) -> Embargo | None:
    if said is None:
        return None
    until, event = json.loads(said)
    return Embargo(moment(until), event)


def _advance(row: Any) -> Advance:
    atom_id, release, since, updated, embargo, earlier, ended, source = row
    return Advance(
        atom_id=atom_id,
        release=release,
        since=moment(since),
        updated=moment(updated),
        embargo=_heard(embargo),
        earlier=_heard(earlier),
        ended=moment(ended),
        source=source,
    )
