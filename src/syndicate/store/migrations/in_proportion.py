"""What came with work in proportion to what changed."""

from itertools import groupby

from sqlite_utils import Database

from syndicate.store.codec import as_blob
from syndicate.store.conversion import checked
from syndicate.store.migrations.until_0_1 import execute, migrations

__all__ = ["execute", "migrations"]

_DUE = """
-- Whose next poll has come, of those that are asked without a person's word; servers whose rest is not over.
CREATE INDEX source_due ON source (next_poll) WHERE paused = 0 AND gone = 0;
CREATE INDEX host_rests ON host (not_before);
"""


@migrations()
def due_by_an_index(db: Database) -> None:
    execute(db, _DUE)


_KEPT = """
-- The lines that an entry has in documents, of what stands in a head. `key`: of what they were made; `fault`: why they
-- may stand in none.
CREATE TABLE fragment (
    release TEXT NOT NULL, form TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL, fault TEXT NOT NULL,
    PRIMARY KEY (release, form)
) STRICT;
-- How many entries a feed shows, and the date of the newest. The triggers count as slots come and go.
ALTER TABLE topic ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE topic ADD COLUMN newest TEXT;
CREATE TRIGGER slot_entered AFTER INSERT ON slot BEGIN
    UPDATE topic SET entries = entries + NEW.shown WHERE id = NEW.topic; END;
CREATE TRIGGER slot_left AFTER DELETE ON slot BEGIN
    UPDATE topic SET entries = entries - OLD.shown WHERE id = OLD.topic; END;
CREATE TRIGGER slot_turned AFTER UPDATE OF shown ON slot BEGIN
    UPDATE topic SET entries = entries + NEW.shown - OLD.shown WHERE id = NEW.topic; END;
UPDATE topic SET
    entries = (SELECT count(*) FROM slot WHERE slot.topic = topic.id AND shown = 1),
    newest = coalesce(
        (SELECT max(published) FROM slot JOIN release ON release.id = slot.release WHERE slot.topic = topic.id
            AND shown = 1 AND position > max(0, coalesce((SELECT max(last) FROM page WHERE page.topic = topic.id), 0))),
        (SELECT published FROM slot JOIN release ON release.id = slot.release WHERE slot.topic = topic.id AND shown = 1
            ORDER BY position DESC LIMIT 1));
"""


@migrations()
def kept_for_publishing(db: Database) -> None:
    execute(db, _KEPT)


_DOCUMENTS = """
-- Of each source's last document what tells which entries of the next one have to be read (`model.Piece`, as JSON):
-- the digest of each, the hashes of its names, how its last words are signed, what it takes back.
CREATE TABLE document (
    source TEXT PRIMARY KEY, reader TEXT NOT NULL, head TEXT NOT NULL, pieces TEXT NOT NULL
) STRICT;
"""


@migrations()
def what_documents_held(db: Database) -> None:
    execute(db, _DOCUMENTS)


_WORDS = """
-- What is said of releases, each once (JSON without the fields that a row has as its `own`; both deflated with the
-- dictionary): rows of the tables below refer to it. No foreign key to it: each deletion would go through those tables.
CREATE TABLE words (
    id INTEGER PRIMARY KEY, release TEXT NOT NULL REFERENCES release (id) DEFERRABLE INITIALLY DEFERRED,
    hash BLOB NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX words_release ON words (release);
ALTER TABLE release ADD COLUMN own BLOB;
ALTER TABLE release ADD COLUMN words INTEGER;
ALTER TABLE edition ADD COLUMN own BLOB;
ALTER TABLE edition ADD COLUMN words INTEGER;
ALTER TABLE pending ADD COLUMN own BLOB;
ALTER TABLE pending ADD COLUMN words INTEGER;
ALTER TABLE revision ADD COLUMN own BLOB;
ALTER TABLE revision ADD COLUMN words INTEGER;
"""


@migrations()
def words_begun(db: Database) -> None:
    execute(db, _WORDS)


@migrations()
def words_once(db: Database) -> None:
    """After `conversion.convert` has put there what stood in `data`."""
    checked(db)
    for table in ("release", "edition", "pending", "revision"):
        db.execute(f"ALTER TABLE {table} DROP COLUMN data")


_SKETCHED = """
-- Numbers in one tree: those of a release that goes stand in its row (`sketches.as_blob`). No foreign key: each
-- deletion would look through the table.
CREATE TABLE sketched (
    value INTEGER NOT NULL, release TEXT NOT NULL, PRIMARY KEY (value, release)
) STRICT, WITHOUT ROWID;
INSERT INTO sketched SELECT value, release FROM sketch ORDER BY value, release;
DROP TABLE sketch;
ALTER TABLE sketched RENAME TO sketch;
-- A revision's own is NULL while it is as the release's own; the trigger writes it before that becomes another.
UPDATE revision SET own = NULL WHERE own = (SELECT own FROM release WHERE id = revision.release);
CREATE TRIGGER release_said BEFORE UPDATE OF own ON release WHEN NEW.own IS NOT OLD.own BEGIN
    UPDATE revision SET own = OLD.own WHERE release = OLD.id AND own IS NULL; END;
"""


@migrations()
def stands_once(db: Database) -> None:
    db.execute("ALTER TABLE release ADD COLUMN sketch BLOB")
    rows = db.execute("SELECT release, value FROM sketch INDEXED BY sketch_release ORDER BY release")
    runs = groupby(rows, key=lambda row: row[0])
    db.conn.executemany(
        "UPDATE release SET sketch = ? WHERE id = ?", ((as_blob(n for _, n in run), release) for release, run in runs)
    )
    execute(db, _SKETCHED)


@migrations()
def words_shrunk(_: Database) -> None:
    """After `conversion.shrink`."""


_COUNTED = """
-- How many releases there are in a state, and pages of a source: not yet asked, read, and those that could not be. The
-- triggers count as they come, change and go.
CREATE TABLE release_count (state TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE page_count (
    source TEXT PRIMARY KEY, waiting INTEGER NOT NULL DEFAULT 0, read INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO release_count SELECT state, count(*) FROM release GROUP BY state;
INSERT INTO page_count SELECT source, sum(page IS NULL AND error IS NULL), sum(page IS NOT NULL),
    sum(page IS NULL AND error IS NOT NULL) FROM wanted GROUP BY source;
CREATE TRIGGER release_came AFTER INSERT ON release BEGIN
    INSERT INTO release_count VALUES (NEW.state, 1) ON CONFLICT (state) DO UPDATE SET number = number + 1; END;
CREATE TRIGGER release_went AFTER DELETE ON release BEGIN
    UPDATE release_count SET number = number - 1 WHERE state = OLD.state; END;
CREATE TRIGGER release_turned AFTER UPDATE OF state ON release WHEN NEW.state IS NOT OLD.state BEGIN
    UPDATE release_count SET number = number - 1 WHERE state = OLD.state; INSERT INTO release_count
        VALUES (NEW.state, 1) ON CONFLICT (state) DO UPDATE SET number = number + 1; END;
CREATE TRIGGER wanted_came AFTER INSERT ON wanted BEGIN
    INSERT OR IGNORE INTO page_count (source) VALUES (NEW.source); UPDATE page_count SET
        waiting = waiting + (NEW.page IS NULL AND NEW.error IS NULL), read = read + (NEW.page IS NOT NULL),
        failed = failed + (NEW.page IS NULL AND NEW.error IS NOT NULL) WHERE source = NEW.source; END;
CREATE TRIGGER wanted_went AFTER DELETE ON wanted BEGIN
    UPDATE page_count SET waiting = waiting - (OLD.page IS NULL AND OLD.error IS NULL),
        read = read - (OLD.page IS NOT NULL), failed = failed - (OLD.page IS NULL AND OLD.error IS NOT NULL)
    WHERE source = OLD.source; END;
CREATE TRIGGER wanted_turned AFTER UPDATE OF page, error ON wanted BEGIN
    UPDATE page_count SET
        waiting = waiting + (NEW.page IS NULL AND NEW.error IS NULL) - (OLD.page IS NULL AND OLD.error IS NULL),
        read = read + (NEW.page IS NOT NULL) - (OLD.page IS NOT NULL),
        failed = failed + (NEW.page IS NULL AND NEW.error IS NOT NULL) - (OLD.page IS NULL AND OLD.error IS NOT NULL)
    WHERE source = NEW.source; END;
CREATE INDEX wanted_failed ON wanted (source, url) WHERE error IS NOT NULL AND gone IS NULL;
"""


@migrations()
def counted_as_they_come(db: Database) -> None:
    execute(db, _COUNTED)


_PACKED = """
-- Made again by the next publish: `body` is deflated from now on, with the words of the release as a dictionary.
DROP TABLE fragment;
CREATE TABLE fragment (
    release TEXT NOT NULL, form TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL, fault TEXT NOT NULL,
    PRIMARY KEY (release, form)
) STRICT, WITHOUT ROWID;
"""


@migrations()
def fragments_packed(db: Database) -> None:
    execute(db, _PACKED)


_LISTED = """
-- Lists by source, and by state in the order of their dates.
CREATE INDEX release_source ON release (source);
DROP INDEX release_state;
CREATE INDEX release_state ON release (state, published);
"""


@migrations()
def listed_by_an_index(db: Database) -> None:
    execute(db, _LISTED)


_MOVED = """
-- What was known by a key that names another release now may be told by an entry that has not changed: it is read.
CREATE TRIGGER key_moved AFTER UPDATE OF release ON key WHEN NEW.release IS NOT OLD.release AND OLD.kind != 'path' BEGIN
    DELETE FROM document WHERE source IN (SELECT source FROM edition WHERE edition.release = OLD.release); END;
"""


@migrations()
def keys_that_move(db: Database) -> None:
    execute(db, _MOVED)


_OF_WORDS = """
-- Which words a number is of: a third of the room that the release's id took, for sixteen of them.
CREATE TABLE sketched (
    value INTEGER NOT NULL, words INTEGER NOT NULL, PRIMARY KEY (value, words)
) STRICT, WITHOUT ROWID;
INSERT INTO sketched SELECT value, words FROM sketch JOIN release ON release.id = sketch.release ORDER BY value, words;
DROP TABLE sketch;
ALTER TABLE sketched RENAME TO sketch;
"""


@migrations()
def sketches_of_words(db: Database) -> None:
    execute(db, _OF_WORDS)
