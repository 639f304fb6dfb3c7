"""What came with the journal of acts: those that wait for their release."""

from sqlite_utils import Database

from syndicate.store.migrations.raw import execute, migrations

__all__ = ["execute", "migrations"]

_ACTS = """
-- What was done to a release after the backup was made that this store was restored from, and before which it has not
-- come again. `data`: JSON, as in the journal.
CREATE TABLE act (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
"""


@migrations()
def acts_that_wait(db: Database) -> None:
    execute(db, _ACTS)
