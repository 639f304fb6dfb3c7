"""What came with the last thirty days of each source."""

from sqlite_utils import Database

from syndicate.store.migrations.webhooks import execute, migrations

__all__ = ["execute", "migrations"]

_DAYS = """
-- What came of a source on its last day, in the row that each poll writes anyway. `day`: a date in the site's time
-- zone, empty before the first poll.
ALTER TABLE source ADD COLUMN day TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN day_polls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN day_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN day_new INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN day_corrected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN day_withdrawn INTEGER NOT NULL DEFAULT 0;
-- The days before: a row for each on which a source was asked, and with an empty `source` one for all of them.
CREATE TABLE source_day (
    source TEXT NOT NULL, day TEXT NOT NULL, polls INTEGER NOT NULL, failures INTEGER NOT NULL, new INTEGER NOT NULL,
    corrected INTEGER NOT NULL, withdrawn INTEGER NOT NULL, PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_day_day ON source_day (day);
"""


@migrations()
def what_came_each_day(db: Database) -> None:
    execute(db, _DAYS)
