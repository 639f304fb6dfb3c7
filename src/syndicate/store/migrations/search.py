"""What is searched in."""

from sqlite_utils import Database

from syndicate.store.migrations.callbacks import execute, migrations

__all__ = ["execute", "migrations"]

_SEARCHED = """
-- What readers see, and apart from it what only operators may find: a search in the one costs, counts and orders as if
-- the other were not there. Each index holds tokens alone (`search.tokens`), and no text; beside it stand those of each
-- row, for without them none can be taken out. `ascii`: a token is what stands between two blanks, whatever letters
-- SQLite knows. A row of the first has its release's position in the feed of everything: the highest is the newest.
CREATE VIRTUAL TABLE public_index USING fts5 (
    said, filed, content = '', tokenize = 'ascii', prefix = '3'
);
CREATE TABLE public_entry (
    position INTEGER PRIMARY KEY, release TEXT NOT NULL UNIQUE, key BLOB NOT NULL, tokens BLOB NOT NULL
) STRICT;
CREATE VIRTUAL TABLE private_index USING fts5 (said, filed, content = '', tokenize = 'ascii');
CREATE TABLE private_entry (
    position INTEGER PRIMARY KEY,
    release TEXT NOT NULL UNIQUE REFERENCES release (id) DEFERRABLE INITIALLY DEFERRED, tokens BLOB NOT NULL
) STRICT;
"""


@migrations()
def searched(db: Database) -> None:
    execute(db, _SEARCHED)
