"""What came with newsrooms' access of their own."""

from sqlite_utils import Database

from syndicate.store.migrations.in_proportion import execute, migrations

__all__ = ["execute", "migrations"]

_NEWSROOMS = """
-- Who has access of its own. `token`: SHA-256 of it, NULL once it is revoked; `topics`: JSON, [] for every one.
CREATE TABLE newsroom (
    name TEXT PRIMARY KEY, token BLOB UNIQUE, topics TEXT NOT NULL, embargoed INTEGER NOT NULL, made TEXT NOT NULL,
    used TEXT, suspended TEXT, revoked TEXT
) STRICT, WITHOUT ROWID;
-- What embargoed newsrooms have of releases before their end. `atom_id`: the id under which one was first shown there;
-- `since`, `updated`: when it came there, and last changed; `embargo`, and `earlier` before it was moved: JSON,
-- [until, event], NULL where nobody knows; `ended`: since when it is no more, and the release is as everybody has it;
-- `source`: whose version it is, where it waits behind what readers have.
CREATE TABLE advance (
    atom_id TEXT PRIMARY KEY, release TEXT NOT NULL, since TEXT NOT NULL, updated TEXT NOT NULL, embargo TEXT,
    earlier TEXT, ended TEXT, source TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX advance_release ON advance (release);
CREATE INDEX advance_ended ON advance (ended) WHERE ended IS NOT NULL;
-- When a topic's feed last changed there by what is held.
CREATE TABLE advance_feed (topic TEXT PRIMARY KEY, updated TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO advance (atom_id, release, since, updated, source)
    SELECT atom_id, id, coalesce((SELECT min(at) FROM event WHERE event.release = release.id), published),
        coalesce((SELECT max(at) FROM event WHERE event.release = release.id), published),
        (SELECT min(source) FROM pending WHERE pending.release = release.id) FROM release
    WHERE state = 'embargoed' OR id IN (SELECT release FROM pending);
"""


@migrations()
def newsrooms_and_advances(db: Database) -> None:
    execute(db, _NEWSROOMS)
