"""A store of an earlier program, brought to what this one knows."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from syndicate.errors import StoreUnusable
from syndicate.store import before
from syndicate.store.conversion import Converted, Told, convert, nobody, shrink
from syndicate.store.locks import running
from syndicate.store.migrations import KNOWN, migrations

_OLD = (
    "was written by an earlier version and is brought up to date by the daemon (process {process}) when that is started"
    " again; if it has been, wait until it is done"
)
# What is done before a migration is applied, in transactions of its own.
_STEPS = {"words_once": convert, "words_shrunk": shrink}


class Upgrade(NamedTuple):
    """Who hears of it: how far what takes long is, and where the copy of before is."""

    converted: Told = nobody
    saved: Callable[[Path], object] = lambda _: None


NOBODY = Upgrade()


def bring_up_to_date(connection: Converted, told: Upgrade) -> None:
    """Every migration that is new to the store; before some of them, what takes longer than one transaction.

    First of all a copy is made (`before`). StoreUnusable where that cannot be, or the store is a later program's, or an
    earlier one runs on it.
    """
    _know_all(connection)
    if not migrations.pending(connection.db):  # a command that only looks waits for nobody who writes
        return
    known = migrations.applied(connection.db)
    if known and (process := running(connection.path)) not in (None, str(os.getpid())):
        raise StoreUnusable(f"{connection.path}: {_OLD.format(process=process)}")
    if known:
        before.save(connection, told.saved)
    for name, step in _STEPS.items() if known else ():
        with connection.transaction():
            if to_come := name in {each.name for each in migrations.pending(connection.db)}:
                migrations.apply(connection.db, stop_before=name)
        if to_come:
            step(connection, told.converted)
    with connection.transaction():
        migrations.apply(connection.db)
        before.over(connection.db)
    _know_all(connection)


def of_today(connection: Converted) -> None:
    """StoreUnusable where it is not, of what cannot be brought up to date because it may only be read."""
    _know_all(connection)
    if migrations.pending(connection.db):
        raise StoreUnusable(
            f"{connection.path}: was written by an earlier version, and may only be read; copy it into a folder that"
            " can be written, where it is brought up to date"
        )


def _know_all(connection: Converted) -> None:
    later = {migration.name for migration in migrations.applied(connection.db)} - KNOWN
    if later:
        raise StoreUnusable(
            f"{connection.path}: was last written by a newer version of syndicate ({', '.join(sorted(later))});"
            " install that, or put a backup of before in its place"
        )
