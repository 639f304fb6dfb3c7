"""What came with bytes that are kept for a while only."""

from sqlite_utils import Database

from syndicate.store.migrations.days import execute, migrations

__all__ = ["execute", "migrations"]

_RAW = """
-- Bytes that are there still, the oldest first: of those that had their time the row stays, with an empty body.
CREATE INDEX capture_kept ON capture (at) WHERE length(body) > 0;
-- What a program read that left no fingerprint of itself: the bytes that it was read from are needed until it is again.
CREATE INDEX edition_unread ON edition (source) WHERE reader IS NULL;
"""


@migrations()
def raw_for_a_while(db: Database) -> None:
    execute(db, _RAW)
