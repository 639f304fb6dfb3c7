"""The tables as they were first, and what came to them until work was in proportion to what changed."""

from sqlite_utils import Database

from syndicate.store.migrations.steps import execute, migrations

__all__ = ["execute", "migrations"]

_TABLES = """
-- What we hold. `data` is the whole release as JSON; the other columns are what SQL has to ask for.
CREATE TABLE release (
    id TEXT PRIMARY KEY, atom_id TEXT NOT NULL UNIQUE, source TEXT, kicker TEXT NOT NULL, title TEXT NOT NULL,
    state TEXT NOT NULL, url TEXT, until TEXT, withdrawn TEXT, published TEXT NOT NULL, data TEXT NOT NULL
) STRICT;
CREATE INDEX release_head ON release (title, kicker);
CREATE INDEX release_until ON release (until) WHERE state = 'embargoed' AND until IS NOT NULL;
CREATE INDEX release_state ON release (state);
CREATE INDEX release_withdrawn ON release (withdrawn) WHERE withdrawn IS NOT NULL;
CREATE INDEX release_published ON release (published);

-- What a release is known by. Each key names one release.
CREATE TABLE key (
    kind TEXT NOT NULL, scope TEXT NOT NULL, value TEXT NOT NULL, release TEXT NOT NULL REFERENCES release (id),
    PRIMARY KEY (kind, scope, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX key_release ON key (release);

-- What each source last said of it, and the version that waits for its embargo while readers keep what they have.
CREATE TABLE edition (
    release TEXT NOT NULL REFERENCES release (id), source TEXT NOT NULL, priority INTEGER NOT NULL,
    rank INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (release, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE pending (
    release TEXT NOT NULL REFERENCES release (id), source TEXT NOT NULL, until TEXT, data TEXT NOT NULL,
    PRIMARY KEY (release, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX edition_source ON edition (source);

-- What a person changed (JSON), and which source's edition is none of this release, whatever its words.
CREATE TABLE edit (
    release TEXT NOT NULL REFERENCES release (id), field TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (release, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE apart (
    release TEXT NOT NULL REFERENCES release (id), source TEXT NOT NULL, PRIMARY KEY (release, source)
) STRICT, WITHOUT ROWID;

-- A few numbers of each longer text: near-identical texts have many of them in common.
CREATE TABLE sketch (
    value INTEGER NOT NULL, release TEXT NOT NULL REFERENCES release (id), PRIMARY KEY (value, release)
) STRICT, WITHOUT ROWID;
CREATE INDEX sketch_release ON sketch (release);

-- Which release corrects which, where the earlier one could be found.
CREATE TABLE correction (
    release TEXT PRIMARY KEY REFERENCES release (id), corrects TEXT NOT NULL REFERENCES release (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX correction_corrects ON correction (corrects);

-- Every version that was shown or is to be, and the bytes that it was read from (once per hash, zlib).
CREATE TABLE revision (
    release TEXT NOT NULL REFERENCES release (id), number INTEGER NOT NULL, at TEXT NOT NULL, verdict TEXT NOT NULL,
    fields TEXT NOT NULL, capture TEXT, data TEXT NOT NULL, PRIMARY KEY (release, number)
) STRICT, WITHOUT ROWID;
-- What was done to a release, in order: also what makes no new version, like a withdrawal.
CREATE TABLE event (
    number INTEGER PRIMARY KEY, release TEXT NOT NULL REFERENCES release (id), at TEXT NOT NULL, verdict TEXT NOT NULL,
    fields TEXT NOT NULL, capture TEXT
) STRICT;
CREATE INDEX event_release ON event (release);
CREATE TABLE capture (
    hash TEXT PRIMARY KEY, source TEXT NOT NULL, at TEXT NOT NULL, url TEXT, path TEXT, media_type TEXT,
    program TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE media (
    hash TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (hash, name)
) STRICT;

-- The entries of a related block, by their heads: linked where we show the release ourselves.
CREATE TABLE related (
    release TEXT NOT NULL REFERENCES release (id), title TEXT NOT NULL, kicker TEXT NOT NULL,
    PRIMARY KEY (release, title, kicker)
) STRICT, WITHOUT ROWID;
CREATE INDEX related_head ON related (title, kicker);

-- A topic's feed. Positions are append-only; an emptied slot stays empty; `page` holds the bounds of closed pages.
CREATE TABLE topic (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, atom_id TEXT NOT NULL UNIQUE, updated TEXT NOT NULL,
    last_position INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE slot (
    topic TEXT NOT NULL REFERENCES topic (id), position INTEGER NOT NULL, release TEXT NOT NULL REFERENCES release (id),
    shown INTEGER NOT NULL DEFAULT 1,  -- 0: withdrawn, its tombstone stands here
    PRIMARY KEY (topic, position), UNIQUE (release, topic)
) STRICT, WITHOUT ROWID;
-- So that counting a feed's entries does not read the releases.
CREATE INDEX slot_shown ON slot (topic, position) WHERE shown = 1;
CREATE INDEX slot_gone ON slot (topic) WHERE shown = 0;
CREATE TABLE page (
    topic TEXT NOT NULL REFERENCES topic (id), number INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    updated TEXT NOT NULL, PRIMARY KEY (topic, number)
) STRICT, WITHOUT ROWID;

-- What has to be rendered again: a release's page, an archive page, a topic's head, or the site.
CREATE TABLE dirty (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, UNIQUE (kind, id)
) STRICT;
-- What we have written, so that only that is ever deleted.
CREATE TABLE published (
    path TEXT NOT NULL, hash TEXT NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (path, kind, owner)
) STRICT;
CREATE INDEX published_owner ON published (kind, owner);

-- Sources: what we know of them between two polls, their files, and what could not be used.
CREATE TABLE source (
    id TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, hash TEXT, next_poll TEXT, not_before TEXT,
    last_attempt TEXT, last_success TEXT, error TEXT, failures INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE file (
    source TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, hash TEXT NOT NULL,
    reason TEXT, companions TEXT NOT NULL, PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE rejected (
    source TEXT NOT NULL, place TEXT NOT NULL, item TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    harmless INTEGER NOT NULL, PRIMARY KEY (source, place, item, reason)
) STRICT, WITHOUT ROWID;

-- What a person should look at, until it is no longer so: a guard that held, a clock that went back.
CREATE TABLE alarm (kind TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@migrations()
def first_tables(db: Database) -> None:
    execute(db, _TABLES)


_WEB = """
ALTER TABLE source ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN learnt TEXT NOT NULL DEFAULT '{}';
-- A Retry-After is a whole host's.
CREATE TABLE host (name TEXT PRIMARY KEY, not_before TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- A backfill's releases take positions from -1 downwards; `past` while nothing has moved one of them to a head.
ALTER TABLE topic ADD COLUMN first_position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE release ADD COLUMN past INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX page_last ON page (topic, last);
-- Pages of releases that are followed. `said`: what the feed or list says, `page`: what the page said when it was read.
-- `url` is canonical; `due` is empty where there is nothing to ask; `error` without it: given up.
CREATE TABLE wanted (
    source TEXT NOT NULL, url TEXT NOT NULL, host TEXT NOT NULL, entry TEXT, words TEXT, published TEXT NOT NULL,
    said TEXT NOT NULL, page TEXT, etag TEXT, last_modified TEXT, hash TEXT, asked TEXT, due TEXT,
    tries INTEGER NOT NULL, error TEXT, backfill INTEGER NOT NULL, PRIMARY KEY (source, url)
) STRICT;
-- Which sources have something to ask, and which page of a host comes next.
CREATE INDEX wanted_due ON wanted (due, source, host) WHERE due IS NOT NULL;
CREATE INDEX wanted_next ON wanted (source, host, due, published) WHERE due IS NOT NULL;
CREATE INDEX wanted_entry ON wanted (source, entry) WHERE entry IS NOT NULL;
CREATE INDEX wanted_words ON wanted (source, words) WHERE words IS NOT NULL;
-- How far a walk to the old end of a list or feed has come, and which pages it has seen.
CREATE TABLE walk (
    source TEXT PRIMARY KEY, next TEXT, begun TEXT NOT NULL, pages INTEGER NOT NULL, entries TEXT NOT NULL,
    repeats INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE walked (source TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (source, url)) STRICT, WITHOUT ROWID;
"""


@migrations()
def the_real_web(db: Database) -> None:
    execute(db, _WEB)


_WAITS = """
-- What is remembered of a source's earlier words (JSON); `due`: when what waits, or a category that left, is put in.
ALTER TABLE edition ADD COLUMN memory TEXT NOT NULL DEFAULT '{}';
ALTER TABLE edition ADD COLUMN due TEXT;
CREATE INDEX edition_due ON edition (due) WHERE due IS NOT NULL;
-- How many releases a key has named: an id that names a place names none.
ALTER TABLE key ADD COLUMN named INTEGER NOT NULL DEFAULT 1;
"""


@migrations()
def what_waits(db: Database) -> None:
    execute(db, _WAITS)


_UNSEEN = """
-- What no reader has seen yields: its keys are in a layer of their own, and its earlier ids are aliases for commands.
ALTER TABLE release ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0;
CREATE TABLE alias (name TEXT PRIMARY KEY, release TEXT NOT NULL REFERENCES release (id)) STRICT, WITHOUT ROWID;
CREATE INDEX alias_release ON alias (release);
UPDATE release SET unseen = 1 WHERE state IN ('embargoed', 'withdrawn') AND json_extract(data, '$.issued') IS NULL;
UPDATE OR REPLACE key SET scope = '~' || coalesce((SELECT source FROM release WHERE id = key.release), '')
    WHERE release IN (SELECT id FROM release WHERE unseen);
-- A version that waits behind its own source's words is no edition yet; that stays what readers have.
UPDATE edition SET data = (SELECT data FROM release WHERE id = edition.release)
    WHERE (release, source) IN (SELECT release, source FROM pending)
    AND source = (SELECT source FROM release WHERE id = edition.release);
DELETE FROM edition WHERE (release, source) IN (SELECT release, source FROM pending)
    AND (SELECT release.source IS NOT edition.source OR json_extract(data, '$.headline')
        FROM release WHERE id = edition.release);
"""


@migrations()
def what_nobody_has_seen(db: Database) -> None:
    execute(db, _UNSEEN)


@migrations()
def readers_that_died(db: Database) -> None:
    """Of a file: how many readers have died at it, and when one more tries."""
    db.execute("ALTER TABLE file ADD COLUMN lost INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE file ADD COLUMN again TEXT")


@migrations()
def files_unheard(db: Database) -> None:
    """Of a key that is a file's path: its file is not there, and that says nothing of the release."""
    db.execute("ALTER TABLE key ADD COLUMN unheard INTEGER NOT NULL DEFAULT 0")


_NOTES = """
-- Notes of corrections stay, the newest first: those that went with a later revision come back.
UPDATE release SET data = json_set(data, '$.notes', (SELECT json_group_array(json_array(at, note)) FROM (
        SELECT json_extract(r.data, '$.updated') AS at, json_extract(r.data, '$.note') AS note FROM revision AS r
        WHERE r.release = release.id AND ',' || r.fields || ',' LIKE '%,note,%'
        AND json_extract(r.data, '$.note') IS NOT NULL ORDER BY r.number DESC)))
    WHERE id IN (SELECT release FROM revision WHERE json_extract(data, '$.note') IS NOT NULL);
UPDATE revision SET data = json_set(data, '$.notes', json_array(
        json_array(json_extract(data, '$.updated'), json_extract(data, '$.note'))))
    WHERE json_extract(data, '$.note') IS NOT NULL;
"""


@migrations()
def notes_that_stay(db: Database) -> None:
    execute(db, _NOTES)


_LOOKS = """
-- A page that was read is looked at again: `completed` when it first was, `again` when it is next, `gone` since when it
-- is not there, as `status` says (404, 410).
ALTER TABLE wanted ADD COLUMN completed TEXT;
ALTER TABLE wanted ADD COLUMN again TEXT;
ALTER TABLE wanted ADD COLUMN gone TEXT;
ALTER TABLE wanted ADD COLUMN status INTEGER;
CREATE INDEX wanted_again ON wanted (again, source, host) WHERE again IS NOT NULL;
CREATE INDEX wanted_looks ON wanted (source, host, again) WHERE again IS NOT NULL;
CREATE INDEX wanted_asked ON wanted (host, asked) WHERE asked IS NOT NULL;
CREATE INDEX wanted_gone ON wanted (source) WHERE gone IS NOT NULL;
-- What was read by earlier programs is due; what is of the past is left.
UPDATE wanted SET completed = asked, again = asked
    WHERE page IS NOT NULL AND asked IS NOT NULL AND NOT backfill;
"""


@migrations()
def pages_looked_at_again(db: Database) -> None:
    execute(db, _LOOKS)


_READERS = """
-- Fingerprints of what has read a source's last words, or a file; of the words also the hash of their own bytes.
ALTER TABLE edition ADD COLUMN reader TEXT;
ALTER TABLE edition ADD COLUMN entry TEXT;
CREATE INDEX edition_entry ON edition (entry) WHERE entry IS NOT NULL;
ALTER TABLE file ADD COLUMN reader TEXT;
"""


@migrations()
def what_reads(db: Database) -> None:
    execute(db, _READERS)


_ROBOTS = """
-- What a server's robots.txt said last (zlib), or since when it cannot be reached; `origin`: scheme, host and port.
CREATE TABLE robots (
    origin TEXT PRIMARY KEY, asked TEXT NOT NULL, body BLOB, unreachable TEXT, error TEXT
) STRICT, WITHOUT ROWID;
"""


@migrations()
def robots_obeyed(db: Database) -> None:
    execute(db, _ROBOTS)


@migrations()
def what_documents_made(db: Database) -> None:
    """Which releases were made of a document."""
    db.execute("CREATE INDEX event_capture ON event (capture) WHERE capture IS NOT NULL")


@migrations()
def what_an_edit_stands_over(db: Database) -> None:
    """Of a field that a person changed: what its source said of it then (JSON); NULL where nobody knows."""
    db.execute("ALTER TABLE edit ADD COLUMN over TEXT")
