"""The tables, as sqlite-utils migrations: what has been released is never edited, only added to.

Each file takes `migrations` from the one before it, so the steps are in the order of the files.
"""

from sqlite_utils import Database

from syndicate.store.migrations.ruled import migrations

__all__ = ["KNOWN", "migrations"]

_EMPTY = Database(memory=True, execute_plugins=False)
KNOWN = frozenset(migration.name for migration in migrations.pending(_EMPTY))  # by this program
_EMPTY.close()
