"""What came with versions of documents, and with what is told of releases."""

from sqlite_utils import Database

from syndicate.store.announced import announce_all
from syndicate.store.migrations.newsrooms import execute, migrations

__all__ = ["execute", "migrations"]

_VERSIONS = """
-- A row per change of a feed's document: `hash` is what its ETag says, `superseded` when the next one came, `closed`
-- the page that stood next to a head. `positions`: digests of what stood there, NULL where nobody knows;
-- `generation`: all that was marked up to it is in this version.
CREATE TABLE version (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, hash TEXT NOT NULL, at TEXT NOT NULL,
    superseded TEXT, positions TEXT, closed INTEGER, generation INTEGER NOT NULL
) STRICT;
CREATE INDEX version_hash ON version (document, hash);
CREATE UNIQUE INDEX version_latest ON version (document) WHERE superseded IS NULL;
CREATE INDEX version_superseded ON version (superseded) WHERE superseded IS NOT NULL;
INSERT INTO version (document, hash, at, generation)
    SELECT DISTINCT path, substr(hash, 1, 32),
        coalesce((SELECT value FROM meta WHERE name = 'written'), '1970-01-01T00:00:00.000000Z'), 0
    FROM published WHERE kind IN ('topic', 'page') AND path IN (owner || '.atom', owner || '.rss', owner || '.json');
-- Marked though nothing that it shows is another: a version of that takes the place of the one before.
ALTER TABLE dirty ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
-- So that it is known what stands in each head.
INSERT OR IGNORE INTO dirty (kind, id, again) SELECT 'topic', id, 1 FROM topic;
-- What was last announced of each release, and what has been.
CREATE TABLE announced (
    release TEXT PRIMARY KEY, state TEXT NOT NULL, revision INTEGER NOT NULL, updated TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE happened (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, release TEXT NOT NULL, revision INTEGER NOT NULL,
    at TEXT NOT NULL, topics TEXT NOT NULL, generation INTEGER NOT NULL
) STRICT;
CREATE INDEX happened_release ON happened (release);
CREATE INDEX happened_at ON happened (at);
"""


@migrations()
def versions_and_what_happened(db: Database) -> None:
    execute(db, _VERSIONS)
    announce_all(db.conn)
