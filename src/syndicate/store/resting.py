"""A store of SQLite that may only be read, in its file or beside it: as it lies there, on a disk that was mounted so.

SQLite looks at no log then, and nothing tells it that another one writes: so a log in which something lies is refused,
and what was read counts only if the file is the same at the end.
"""

import os
import sqlite3
from pathlib import Path

from syndicate.disk import beside, real_path
from syndicate.errors import StoreUnusable
from syndicate.store.file import fingerprint_of
from syndicate.store.sqlite import SQLite
from syndicate.store.upgrade import Upgrade, of_today


class Resting(SQLite):
    """StoreUnusable where part of it lies in a log, or an earlier program has written it."""

    how = "mode=ro&immutable=1"

    def __init__(self, path: Path) -> None:
        if log := _log_of(path):
            raise StoreUnusable(
                f"{log}: holds a part of the store that may only be read together with it, where something can be"
                f" written beside it; copy both into such a folder, and name {path.name} there"
            )
        self._before = fingerprint_of(path)
        super().__init__(path, make=False)

    def check(self) -> None:
        """StoreUnusable where another one has written since."""
        if fingerprint_of(self.path) != self._before or _log_of(self.path):
            raise StoreUnusable(f"{self.path}: was written while it was read, by who may; begin again when nobody does")

    def _upgrade(self, told: Upgrade) -> None:
        of_today(self)

    def _make_ready(self, raw: sqlite3.Connection) -> None:
        """Nothing is to be written."""


def may_only_be_read(path: Path) -> bool:
    """Is it there, and can nothing be written to it, or beside it? By whatever right, or by its mount."""
    real = real_path(path)  # beside which SQLite's log is
    return real.is_file() and not (os.access(real, os.W_OK) and os.access(real.parent, os.W_OK))


def _log_of(path: Path) -> Path | None:
    """One that has something in it: of what was written last, or of how it was before."""
    logs = (beside(path, end) for end in ("-wal", "-journal"))
    return next((log for log in logs if log.exists() and log.stat().st_size), None)
