"""Backups as files: their names, when the next one is due, and which of them go."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from syndicate import store as stores
from syndicate.disk import why
from syndicate.errors import BackupError, StoreUnusable
from syndicate.model import Backups, Plan
from syndicate.store import Copied, Store, Told, nobody
from syndicate.text import digest

_TIME = "%Y%m%dT%H%M%SZ"
_LEFT = re.compile(r"\..+\.(?:part|part-journal|part-wal|part-shm)")
_ROOM = 1.05  # times the store's bytes: what a copy of it may take


class Made(NamedTuple):
    path: Path
    copied: Copied


def backup(plan: Plan, to: Path, *, now: datetime, force: bool = False, told: Told = nobody) -> Made:
    """A backup of the store at this moment, beside whoever writes; in a folder under a name with the time.

    BackupError and StoreUnusable as from `store.copy`.
    """
    path = _named(plan)
    if to.is_dir():
        to = to / f"{path.stem}-{now.astimezone(UTC):{_TIME}}{_end(path)}"
    return Made(to, stores.back_up(plan.store, to, force=force, told=told))


def due(plan: Plan, store: Store, now: datetime) -> bool:
    """Is it time for the daemon's next one? By the last one's name, or where that was taken away by what is remembered.

    What is said to be of a time to come says nothing: the clock went back.
    """
    every, at = plan.backups.every, store.recalled("backup")
    if every is None:
        return False
    known = [when for when, _ in _ours(plan, store)] + ([datetime.fromisoformat(at)] if at else [])
    past = [when for when in known if when <= now]
    return not past or now >= max(past) + every


def make(plan: Plan, store: Store, *, now: datetime) -> Made:
    """The daemon's next one, in its folder; those that are too many go, the oldest first. BackupError, with the fault.

    Nothing goes but what it has made of this store, by its name. What is said to be of a time to come is older: the
    clock went back.
    """
    backups = plan.backups
    try:
        backups.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        _tidy(backups)
        if (free := shutil.disk_usage(backups.directory).free) < store.size * _ROOM:
            raise BackupError(f"{backups.directory}: has no room for a backup: {free} bytes are free")
        name = f"{_start(plan, store)}{now.astimezone(UTC):{_TIME}}{_end(_named(plan))}"
        made = backup(plan, backups.directory / name, now=now, force=True)
        store.remember("backup", now.isoformat())
        for _, old in sorted(_ours(plan, store), key=lambda made: (made[0] <= now, made))[: -backups.keep]:
            old.unlink(missing_ok=True)
    except StoreUnusable as error:
        raise BackupError(f"no backup was made: {error}") from error
    except OSError as error:
        raise BackupError(f"{error.filename or backups.directory}: cannot be written: {why(error)}") from error
    return made


def _ours(plan: Plan, store: Store) -> Iterator[tuple[datetime, Path]]:
    """When each was made that the daemon has made of this store, and where it is."""
    start, end = _start(plan, store), _end(_named(plan))
    with suppress(OSError):
        for name in os.listdir(plan.backups.directory):
            if name.startswith(start) and name.endswith(end):
                with suppress(ValueError):
                    said = name.removeprefix(start).removesuffix(end)
                    yield datetime.strptime(f"{said}+0000", f"{_TIME}%z"), plan.backups.directory / name


def _named(plan: Plan) -> Path:
    """After what: the store's file, or its database."""
    return stores.file_of(plan.store) or Path(f"{urlsplit(plan.store).path.strip('/')}.db")


def _start(plan: Plan, store: Store) -> str:
    """Two stores may share a folder, and have the same name."""
    return f"{_named(plan).stem}-auto-{digest(store.outputs.mark())[:8]}-"


def _end(path: Path) -> str:
    return path.suffix or ".db"


def _tidy(backups: Backups) -> None:
    """What was killed half way has left a part of one."""
    for name in os.listdir(backups.directory):
        if _LEFT.fullmatch(name):
            (backups.directory / name).unlink(missing_ok=True)
