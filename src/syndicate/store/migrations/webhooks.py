"""What came with webhooks: how far each has heard, and what it has still to hear."""

from sqlite_utils import Database

from syndicate.store.migrations.fetched import execute, migrations

__all__ = ["execute", "migrations"]

_WEBHOOKS = """
-- `seen`: the last row of `happened` that was looked at for it. `retry`: not before; `failing`: since when it takes
-- nothing, `failures` times, and `reason` why not. `lost`: events that had their time meanwhile.
CREATE TABLE webhook (
    url TEXT PRIMARY KEY, seen INTEGER NOT NULL, retry TEXT NOT NULL DEFAULT '', failing TEXT,
    failures INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', lost INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- An event that a hook has still to hear of, in its order. `key`: what the hook knows it by; `topics`: JSON, of when it
-- happened; `text`: of an alarm, JSON.
CREATE TABLE notification (
    id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL,
    release TEXT NOT NULL, revision INTEGER NOT NULL, at TEXT NOT NULL, topics TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE INDEX notification_url ON notification (url, id);
"""


@migrations()
def webhooks_and_notifications(db: Database) -> None:
    execute(db, _WEBHOOKS)
