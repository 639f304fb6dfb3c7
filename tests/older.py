"""Stores as the program left them before each text stood once, with whatever a newer one holds."""

import os
import sqlite3
from pathlib import Path

from pydantic import TypeAdapter
from sqlite_utils import Database

from syndicate.model import Release
from syndicate.store import MIGRATIONS, Store, of_file

_RELEASE = TypeAdapter(Release)


def older(path: Path) -> None:
    """An empty one."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    MIGRATIONS.apply(Database(raw), stop_before="words_begun")
    raw.close()


def as_it_was(path: Path) -> None:
    """That one, closed and in place: each release, edition and revision whole in its own row."""
    before = path.with_name("before.db")
    older(before)
    raw = sqlite3.connect(before)
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("ATTACH ? AS newer", (str(path),))
    with of_file(path) as store:
        for (table,) in raw.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite%'"
            " ORDER BY name = 'topic'"  # after its slots: triggers count them
        ).fetchall():
            columns = [name for (name,) in raw.execute("SELECT name FROM pragma_table_info(?)", (table,))]
            said = _said(store, table) if "data" in columns else None
            shared = ", ".join(column for column in columns if column != "data")
            if said is None:
                rows = _ROWS.get(table, f"SELECT {shared} FROM newer.{table}")
                raw.execute(f"INSERT INTO main.{table} ({shared}) {rows}")
                continue
            for place, data in said.items():
                where = " AND ".join(f"{name} = ?" for name in _PLACES[table])
                raw.execute(
                    f"INSERT INTO main.{table} ({shared}, data) SELECT {shared}, ? FROM newer.{table} WHERE {where}",
                    (data, *place),
                )
    raw.commit()
    raw.close()
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    os.rename(before, path)


# What stands otherwise by now.
_ROWS = {"sketch": "SELECT value, release FROM newer.sketch JOIN newer.words ON newer.words.id = newer.sketch.words"}
_PLACES = {
    "release": ("id",),
    "edition": ("release", "source"),
    "revision": ("release", "number"),
    "pending": ("release", "source"),
}


def _said(store: Store, table: str) -> dict[tuple[str | int, ...], str]:
    found = dict[tuple[str | int, ...], Release]()
    for release in store.releases.list():
        if table == "release":
            found[release.id,] = release
        elif table == "edition":
            found |= {(release.id, each.source): each.said for each in store.releases.editions(release.id)}
        elif table == "revision":
            revisions = store.releases.history(release.id).revisions
            found |= {(release.id, each.number): each.release for each in revisions}
        else:
            found |= {(release.id, each.source or ""): each for each in store.releases.waits(release.id)}
    return {
        place: _RELEASE.dump_json(release, exclude_defaults=True, exclude={"sketch"}).decode()
        for place, release in found.items()
    }
