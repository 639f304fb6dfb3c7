"""The way back from a backup: what it holds, what was done since, and what readers have.

All of it is made beside the store, from a copy; the store of before is put aside, and the new one in its place, by one
rename. Whoever stops anywhere before that has changed nothing, and whoever begins again finds nothing in his way.
"""

import glob
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from errno import EACCES
from itertools import count
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from syndicate import store as stores
from syndicate.adopt import CaughtUp, catch_up
from syndicate.disk import real_path, sync_all, why
from syndicate.errors import BackupError, StoreError, StoreUnusable
from syndicate.model import Plan
from syndicate.pipeline import open_feeds, replay, replay_waiting, take_over, with_reserved
from syndicate.publish import target
from syndicate.recording import mark_all
from syndicate.store import Copied, Journal, Store, Told, nobody

_NO_FILE = (
    "is no file that a backup takes the place of; `syndicate store copy` puts a backup into an empty database"
    " (docs/cluster.md)"
)
_BESIDE = ("-wal", "-shm", "-journal")


class Restored(NamedTuple):
    """`kept`: where the store of before is; `acts`: how many were done again, by their kind. `whole`: the journal has
    all that was done since the backup. `suspended`: newsrooms that are let in again by a person alone. `until`: what
    came between the backup's `written` and then is lost, but for what was done again or read back. `last`: when the
    last act was done that the journal has.
    """

    copied: Copied
    kept: Path | None
    acts: Counter[str]
    whole: bool
    caught_up: CaughtUp
    suspended: int
    until: datetime
    last: datetime | None = None


def restore(plan: Plan, path: Path, *, now: datetime, force: bool = False, told: Told = nobody) -> Restored:
    """The store is what the backup `path` says, brought up to what is known of since. With the daemon's lock.

    BackupError where that is no backup that can be used, or one of another store, or where a store is there already
    (`force` puts that aside); StoreUnusable where the new one cannot be written, or the backup is damaged.
    """
    if (file := stores.file_of(plan.store)) is None:
        raise BackupError(f"{stores.shown(plan.store)}: {_NO_FILE}")
    store = real_path(file)  # a link stays, and leads to the new one
    if os.path.lexists(store) and not force:
        raise BackupError(f"{store}: is there already; --force puts it aside, and the backup in its place")
    if (fault := _unreadable(path)) is not None:
        raise BackupError(f"{path}: {fault}")
    if stores.belongs_to(path, store):
        raise BackupError(f"{path}: is the store itself")
    seen = stores.peeked(plan.store)
    with _beside(store) as part:
        found = _copied(path, part, store, seen and seen.mark, plan, told)
        with stores.of_file(part) as made:
            restored = _brought_up(made, found, store, plan, now)
        try:
            _finish(part)
            _take_in_log(store)
            kept = _put_aside(store, now)
            os.replace(part, store)
            sync_all([store.parent])
        except OSError as error:
            raise BackupError(f"{error.filename or part}: cannot be written: {why(error)}") from error
    return restored._replace(kept=kept, until=(seen and seen.written) or now)


def _unreadable(path: Path) -> str | None:
    """Why, or None. Another user may have brought it here. It is not opened: it may be one of our locks."""
    try:
        is_file = S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return "is not there"
    except OSError as error:
        return f"cannot be read: {why(error)}"
    if not is_file:
        return "is no file"
    return None if os.access(path, os.R_OK) else f"cannot be read: {why(OSError(EACCES, os.strerror(EACCES)))}"


def _copied(path: Path, part: Path, store: Path, there: str | None, plan: Plan, told: Told) -> Copied:
    """Looked through, and ours. `there`: by what the `store` that is there is known."""
    try:
        stores.take(path, part, told, rests=True)
        found = stores.examined(part, said=path)
    except StoreUnusable as error:
        fact = str(error).partition("; stop the daemon")[0]  # what mends a store mends no backup
        raise StoreUnusable(f"{fact}; nothing was changed: take another backup") from error
    if newer := sorted(found.migrations - stores.KNOWN):
        raise BackupError(f"{path}: was made by a newer version of syndicate ({', '.join(newer)}); install that first")
    directory = plan.publish.directory
    journal = Journal(store)
    told_by = journal.read()
    for mark, whose, todo in (
        (target(directory).owner(), f"{directory} was published by another one", "name its own folder in config.toml"),
        (there, f"{store} is another one", "see `[store] url` in config.toml, or take it away"),
        (told_by and told_by.mark, f"{journal.path} is another one's journal", "take it away"),
    ):
        if mark and mark != found.mark:
            raise BackupError(f"{path}: is a backup of another store: {whose}; {todo}")
    return found


def _brought_up(made: Store, found: Copied, store: Path, plan: Plan, now: datetime) -> Restored:
    made.acts.kept_beside(store)
    plan = with_reserved(made, plan)
    had = {plan.renamed.get(row.id, row.id) for row in made.feeds.list()}
    open_feeds(made, plan, now=now)
    dates = {row.id: row.updated for row in made.feeds.list() if row.id in had}
    later = made.acts.later()
    acts = replay(made, later.acts, plan)
    with made.acts.quietly():
        caught_up = catch_up(made, plan, dates, whole=later.whole, now=now)
    acts += (come := replay_waiting(made, plan, now))
    acts["wait"] -= come.total()  # of those that waited
    acts = +acts
    suspended = 0 if later.whole else _suspended(made, now)
    made.acts.caught_up(later.last)
    take_over(made, plan.publish.directory)
    mark_all(made, now=now)
    return Restored(found, None, acts, later.whole, caught_up, suspended, now, later.at)


def _suspended(made: Store, now: datetime) -> int:
    """Every token: one may have been revoked since."""
    with made.transaction():
        let_in = [newsroom.name for newsroom in made.newsrooms.list() if newsroom.state == "active"]
        made.newsrooms.suspend(now)
        for name in let_in:
            text = f"newsroom {name} is let in no more: the restore may have lost that its token was revoked"
            made.alarms.ring("suspended", name, text, now)
    return len(let_in)


@contextmanager
def _beside(store: Path) -> Iterator[Path]:
    """An empty file, which is gone afterwards, and what was left by one that was killed."""
    part = store.with_name(f".{store.name}.restoring")
    parts = [Path(f"{part}{end}") for end in ("", *_BESIDE, ".lock", ".claims")]
    try:
        for each in parts:
            each.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise BackupError(f"{part}: cannot be written: {why(error)}") from error
    try:
        yield part
    finally:
        # Of one of an older program there is a copy as well, of before it was brought up to date: that is the backup.
        for each in (*parts, *store.parent.glob(f"{glob.escape(part.name)}.before-*")):
            with suppress(OSError):
                each.unlink(missing_ok=True)


def _finish(part: Path) -> None:
    """One file that has reached the disk, and is whole."""
    with closing(sqlite3.connect(part, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    stores.examined(part)
    sync_all([part])


def _take_in_log(store: Path) -> None:
    """Whoever is killed while it is put aside leaves a store that needs no log: what was last recorded is in its file.

    Nothing is written in one that is damaged, or that another process reads just now: its log goes with it.
    """
    if not os.path.isfile(f"{store}-wal"):
        return
    with suppress(StoreError, sqlite3.Error):
        stores.examined(store)
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=rw", isolation_level=None, uri=True)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _put_aside(store: Path, now: datetime) -> Path | None:
    """What is there, with what belongs to it, as it is: also one that is damaged. Never is a log of the one beside the
    other.
    """
    name = f"{store.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (store.with_name(f"{name}-{n}" if n > 1 else name) for n in count(1))
    kept = next(path for path in names if not any(os.path.lexists(f"{path}{end}") for end in ("", *_BESIDE)))
    there = os.path.lexists(store)
    if there:
        try:
            os.link(store, kept)  # so that there is a store at each moment
        except OSError:
            os.rename(store, kept)
    for end in _BESIDE:
        if os.path.lexists(f"{store}{end}"):
            os.replace(f"{store}{end}", f"{kept}{end}")
    return kept if there else None
