"""Where a store is: the one reader of `[store] url`."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate import disk
from syndicate.errors import StoreError, StoreUnusable
from syndicate.store import locks, turns

SUPPORTED = "a store (like sqlite:///syndicate.db)"

_SQLITE = re.compile(r"sqlite:///([^?#\0:]+)")


def path_of(url: str) -> Path:
    """The database file. StoreError names what is supported."""
    found = _SQLITE.fullmatch(url)
    if found is None:
        raise StoreError(f'"{url.partition(":")[0]}:…" is not {SUPPORTED}')
    return Path(found[1])


def located(url: str, folder: Path) -> str:
    """The same store by an address that holds from everywhere: `sqlite:///s.db` lies in that folder."""
    return f"sqlite:///{folder / path_of(url)}"


def lies_in(url: str, folder: Path) -> bool:
    """Is the store below this folder, and would be published with it?"""
    return path_of(url).resolve().is_relative_to(folder)


def exists(url: str) -> bool:
    return path_of(url).exists()


def folder_of(url: str) -> Path:
    """Where it is, or is to be made."""
    return path_of(url).parent


def shown(url: str) -> str:
    """As people are told of it."""
    return str(path_of(url))


def running(url: str) -> str | None:
    """The process of the daemon that runs on this store; None where there is none. Asks, and takes nothing."""
    return locks.running(path_of(url))


def unwritable(url: str) -> str | None:
    """Why it cannot be written, or not be made, found by looking and without opening it; None where it can."""
    return unwritable_file(path_of(url))


def unwritable_file(path: Path) -> str | None:
    """As `unwritable`. SQLite writes beside its file, too."""
    if os.path.lexists(path) and not os.path.isfile(path):
        return "is no file"
    if os.path.exists(path) and not os.access(path, os.W_OK):
        return "may only be read; see who owns the file and its folder, and how the disk is mounted"
    reason = disk.unwritable(path.parent)
    return f"nothing can be written beside it: {reason}" if reason else None


def said(url: str) -> tuple[str, ...]:
    """What a daemon that runs has to say of a store which could not carry it, a line each."""
    return locks.said(path_of(url))


def waiting(url: str) -> int:
    """How many threads of this process wait for their turn to write."""
    return turns.waiting(path_of(url))


@contextmanager
def daemon_lock(url: str) -> Iterator[locks.Say]:
    """StoreLocked, which names the other process, where one runs on this store already. See `said`."""
    with locks.daemon_lock(made(url)) as say:
        yield say


def made(url: str) -> Path:
    """The database file, with its folder; StoreUnusable where that cannot be."""
    path = path_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnusable(f"{path}: its folder cannot be made: {error.strerror}; see `[store] url`") from error
    return path
