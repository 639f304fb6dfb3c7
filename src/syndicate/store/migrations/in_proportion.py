"""What came with work in proportion to what changed."""

from sqlite_utils import Database

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
