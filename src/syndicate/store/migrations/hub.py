"""What came with the hub: who subscribes to which head, and who has still to say that he means it."""

from sqlite_utils import Database

from syndicate.store.migrations.search import execute, migrations

__all__ = ["execute", "migrations"]

_HUB = """
-- `document`: the path of the head; `topic`: its address as the subscriber wrote it. `delivered`: the version of the
-- head that he has (0: none that we know of). `retry`: not before; `slow`: how he answered last. `failing`: since when
-- nothing reaches him, `failures` times, and `reason` why not.
CREATE TABLE subscription (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, topic TEXT NOT NULL, callback TEXT NOT NULL,
    host TEXT NOT NULL, secret TEXT NOT NULL, since TEXT NOT NULL, expires TEXT NOT NULL, delivered INTEGER NOT NULL,
    last TEXT, retry TEXT NOT NULL DEFAULT '', slow INTEGER NOT NULL DEFAULT 0, failing TEXT,
    failures INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', UNIQUE (document, callback)
) STRICT;
CREATE INDEX subscription_behind ON subscription (document, delivered);
CREATE INDEX subscription_host ON subscription (host);
CREATE INDEX subscription_expires ON subscription (expires);
CREATE INDEX subscription_retry ON subscription (retry) WHERE retry != '';
-- What somebody has asked for, until he has said that he means it. `client`: his address, for as long; `lease` in
-- seconds; `version`: the one of the head that was published then.
CREATE TABLE verification (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, callback TEXT NOT NULL, mode TEXT NOT NULL,
    topic TEXT NOT NULL, host TEXT NOT NULL, secret TEXT NOT NULL, lease INTEGER NOT NULL, token TEXT NOT NULL,
    client TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    retry TEXT NOT NULL DEFAULT '', UNIQUE (document, callback)
) STRICT;
CREATE INDEX verification_client ON verification (client);
CREATE INDEX verification_retry ON verification (retry);
-- Which version of a head another hub has been told of.
CREATE TABLE pinged (
    document TEXT PRIMARY KEY, hub TEXT NOT NULL, version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


@migrations()
def hub_and_subscriptions(db: Database) -> None:
    execute(db, _HUB)
