"""What came with telling which newsroom holds what."""

from sqlite_utils import Database

from syndicate.store.migrations.hub import execute, migrations

__all__ = ["execute", "migrations"]

_FETCHED = """
-- When a newsroom last fetched a document of its own, or was told that it has that still; what was recorded then: the
-- last mark (`generation`), and the last that was done to a release (`event`).
CREATE TABLE newsroom_fetch (
    newsroom TEXT NOT NULL, document TEXT NOT NULL, at TEXT NOT NULL, generation INTEGER NOT NULL,
    event INTEGER NOT NULL, PRIMARY KEY (newsroom, document)
) STRICT, WITHOUT ROWID;
"""


@migrations()
def what_newsrooms_fetched(db: Database) -> None:
    execute(db, _FETCHED)
