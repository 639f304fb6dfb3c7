"""What came with counting who holds which version."""

from sqlite_utils import Database

from syndicate.store.migrations.versions import execute, migrations

__all__ = ["execute", "migrations"]

_HOLDS = """
-- How many of an agent hold a version of a document by the validators that they send (`n`), and how many more copies
-- went out without any (`plain`). `version`: what its ETag says. Nothing of a client: no address, no hash of one.
CREATE TABLE holds (
    document TEXT NOT NULL, agent TEXT NOT NULL, version TEXT NOT NULL, generation INTEGER NOT NULL,
    n INTEGER NOT NULL, plain INTEGER NOT NULL, last TEXT NOT NULL, fetched TEXT, subscribers INTEGER,
    whole INTEGER NOT NULL, PRIMARY KEY (document, agent, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_last ON holds (last);
-- The agents that are told apart, and since when.
CREATE TABLE holder (name TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX holder_since ON holder (since);
"""


@migrations()
def who_holds_what(db: Database) -> None:
    execute(db, _HOLDS)
