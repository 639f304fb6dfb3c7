"""What came with rules: what they have dropped, and what has got past them."""

from sqlite_utils import Database

from syndicate.store.migrations.acts import execute, migrations

__all__ = ["execute", "migrations"]

_RULED = """
-- An entry of which nothing is held. `key`: a hash of what it is known by; `id`: its source's own; `at`: when that was
-- decided first.
CREATE TABLE dropped (
    source TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, title TEXT NOT NULL, url TEXT, id TEXT,
    rule TEXT NOT NULL, PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX dropped_at ON dropped (at);
CREATE INDEX dropped_source ON dropped (source, at);
-- When something new has last got past these rules of a source, nearly; `rules`: a hash of them.
CREATE TABLE past_rules (source TEXT PRIMARY KEY, rules TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@migrations()
def dropped_by_rules(db: Database) -> None:
    execute(db, _RULED)
