"""What came with sources that are pushed."""

from sqlite_utils import Database

from syndicate.store.migrations.holds import execute, migrations

__all__ = ["execute", "migrations"]

_CALLBACKS = """
-- What we have asked hubs to push. `token` ends the address that we gave them (/websub/TOKEN).
CREATE TABLE callback (
    id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, source TEXT NOT NULL, hub TEXT NOT NULL, topic TEXT NOT NULL,
    secret TEXT NOT NULL, private INTEGER NOT NULL, state TEXT NOT NULL, due TEXT, since TEXT, until TEXT,
    tries INTEGER NOT NULL, error TEXT, pushes INTEGER NOT NULL, refused INTEGER NOT NULL, pushed TEXT
) STRICT;
CREATE INDEX callback_source ON callback (source, state);
CREATE INDEX callback_due ON callback (due) WHERE due IS NOT NULL;
-- What they have pushed, until it is ingested.
CREATE TABLE push (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, at TEXT NOT NULL, media_type TEXT, coding TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX push_source ON push (source, id);
-- Sources of which a poll has found other hubs than before: what that comes to is still to be seen.
CREATE TABLE hub_told (source TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""


@migrations()
def pushed_by_hubs(db: Database) -> None:
    execute(db, _CALLBACKS)
