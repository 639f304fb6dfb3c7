"""The copy that is made beside a store before it is brought up to date: `STORE.before-NAME`, the way back.

NAME is the last step that is to come. There is one for each such end, whole or not there at all; the newest two stay.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database

from syndicate.errors import StoreError, StoreUnusable
from syndicate.store.backup import copy, examined
from syndicate.store.codec import moment
from syndicate.store.conversion import Converted
from syndicate.store.migrations import KNOWN, migrations

_KEPT = 2
_SPARE = 1.05  # of its size is free, where it may be copied


def save(connection: Converted, saved: Callable[[Path], object]) -> None:
    """As it is before the first step to come: once, however often they are interrupted.

    StoreUnusable where there is no room for it, or it cannot be written.
    """
    with connection.transaction():  # nobody else begins meanwhile
        db = connection.db
        to_come = migrations.pending(db)
        to = _named(connection.path, to_come[-1].name) if to_come else None
        if to is None or (_begun(db) == to.name and os.path.exists(to)):
            return
        if not _is_it(db, to):
            _copy(connection.path, to)
        db.execute("INSERT OR REPLACE INTO meta VALUES ('before', ?)", (to.name,))
    saved(to)
    _prune(connection.path, to)


def over(db: Database) -> None:
    """It is up to date: what comes next has a copy of its own."""
    db.execute("DELETE FROM meta WHERE name = 'before'")


def _begun(db: Database) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE name = 'before'").fetchone()
    return row and str(row[0])


def _is_it(db: Database, to: Path) -> bool:
    """Does one stand there of the very state that the store is in? It may be a person's, who has no room here."""
    if not os.path.exists(to):
        return False
    applied = {name for (name,) in db.execute("SELECT name FROM _sqlite_migrations")}
    row = db.execute("SELECT value FROM meta WHERE name = 'written'").fetchone()
    try:
        found = examined(to)
    except StoreUnusable:
        return False
    return found.migrations == applied and found.written == (moment(row[0]) if row else None)


def _copy(path: Path, to: Path) -> None:
    needed, free = path.stat().st_size * _SPARE, shutil.disk_usage(path.parent).free
    if free < needed:
        raise StoreUnusable(
            f"{path}: is brought up to date when a copy of it can be made before, as the way back: that needs"
            f" {needed / 1e6:,.1f} MB and {free / 1e6:,.1f} MB are free; make room, or lay the copy on another disk,"
            f" and a link to it here, as {to.name}"
        )
    try:
        copy(path, to, force=True)
    except StoreError as error:
        raise StoreUnusable(f"{error} (the copy that is made before the store is brought up to date)") from error


def _named(path: Path, step: str) -> Path:
    return path.with_name(f"{path.name}.before-{step}")


def _prune(path: Path, newest: Path) -> None:
    """Only what this made: of a name that a step has."""
    copies = [_named(path, step) for step in KNOWN]
    found = sorted((c for c in copies if c != newest and c.is_file()), key=lambda c: c.stat().st_mtime, reverse=True)
    for old in found[_KEPT - 1 :]:
        with suppress(OSError):
            old.unlink()
