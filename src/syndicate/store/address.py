"""Where a store is: the one reader of `[store] url`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.errors import StoreError, StoreUnusable
from syndicate.store import locks

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


@contextmanager
def daemon_lock(url: str) -> Iterator[None]:
    """StoreLocked, which names the other process, where one runs on this store already."""
    with locks.daemon_lock(made(url)):
        yield


def made(url: str) -> Path:
    """The database file, with its folder; StoreUnusable where that cannot be."""
    path = path_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnusable(f"{path}: its folder cannot be made: {error.strerror}; see `[store] url`") from error
    return path
