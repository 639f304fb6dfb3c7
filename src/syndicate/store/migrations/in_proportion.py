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
