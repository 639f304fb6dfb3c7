"""Where a store is: the one reader of `[store] url`, and what is seen of a store from outside, before it is opened."""

import re
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from syndicate.errors import StoreError
from syndicate.store import file, postgresql, turns
from syndicate.store.locks import Say
from syndicate.store.peeked import Peeked

SUPPORTED = "a store (like sqlite:///syndicate.db, or postgresql://user@host/database)"
_HARMLESS = re.compile(r"sqlite:[\w./:-]*|(?:[a-z][a-z0-9+]*:/)?[\w./-]*(?::[0-9]+)?(?:/[\w./-]*)?")
_POSTGRESQL = "syndicate.store.postgresql.place"
_CLUSTER = "needs what `pip install 'syndicate[cluster]'` installs"


class Place(Protocol):
    """What a kind of store has to tell of one, by its address. Nothing is made, but by `daemon_lock`."""

    def exists(self, url: str) -> bool: ...
    def running(self, url: str) -> str | None: ...
    def cut_off(self, url: str) -> str | None: ...
    def unwritable(self, url: str) -> str | None: ...
    def peeked(self, url: str) -> Peeked | None: ...
    def tried_out(self, url: str, *, whole: bool = False, patience: float = 2.0) -> None: ...
    def fingerprint(self, url: str) -> tuple[int, ...]: ...
    def said(self, url: str) -> tuple[str, ...]: ...
    def are_one(self, url: str, other: str) -> bool: ...
    def daemon_lock(self, url: str, *, runs: bool = True) -> AbstractContextManager[Say]: ...


def file_of(url: str) -> Path | None:
    """The database file; None: it is no store in a file. StoreError names what is supported."""
    if postgresql.is_meant(url):
        postgresql.address(url)
        return None
    try:
        return file.path_of(url)
    except StoreError:
        raise StoreError(f'"{url if may_be_told(url) else "…"}" is not {SUPPORTED}') from None


def is_on_server(url: str) -> bool:
    """Is one of PostgreSQL meant? It may be written as none can be."""
    return postgresql.is_meant(url)


def may_be_told(url: str) -> bool:
    """Can what is no address of a store be quoted? Whatever could have a password in it cannot."""
    return not postgresql.is_meant(url) and _HARMLESS.fullmatch(url) is not None


def located(url: str, folder: Path) -> str:
    """The same store by an address that holds from everywhere: `sqlite:///s.db` lies in that folder."""
    return url if file_of(url) is None else file.located(url, folder)


def lies_in(url: str, folder: Path) -> bool:
    """Is the store below this folder, and would be published with it?"""
    return file_of(url) is not None and file.lies_in(url, folder)


def shown(url: str) -> str:
    """As people are told of it: without a password."""
    path = file_of(url)
    return postgresql.address(url).name if path is None else str(path)


def are_one(url: str, other: str) -> bool:
    """Do both addresses name one store, however they are written? StoreUnusable where that cannot be asked."""
    return (file_of(url) is None) == (file_of(other) is None) and _place(url).are_one(url, other)


def exists(url: str) -> bool:
    return _place(url).exists(url)


def running(url: str) -> str | None:
    """The process of the daemon that runs on this store; None where there is none. Asks, and takes nothing.

    StoreUnusable where that cannot be told: whom to ask is the database, and it is away.
    """
    return _place(url).running(url)


def cut_off(url: str) -> str | None:
    """The process of what ran here last, if nobody told it to end; None: one runs, or it ended well. StoreUnusable."""
    return _place(url).cut_off(url)


def unwritable(url: str) -> str | None:
    """Why it cannot be written, or not be made, found by looking and without opening it; None where it can."""
    return _place(url).unwritable(url)


def peeked(url: str) -> Peeked | None:
    """Without opening it, as one that may not be whole yet: nothing is made beside it. None where it is no store."""
    return _place(url).peeked(url)


def tried_out(url: str, *, whole: bool = False, patience: float = 2.0) -> None:
    """StoreUnusable where what is there cannot be written, or is kept from us for longer than `patience` (seconds).

    With `whole`, also where a page of it is not what it should be: that reads all of it. Nothing is changed, or made.
    """
    _place(url).tried_out(url, whole=whole, patience=patience)


def fingerprint(url: str) -> tuple[int, ...]:
    """What tells the file there from another, and from itself as it was. Empty: there is none."""
    return _place(url).fingerprint(url)


def said(url: str) -> tuple[str, ...]:
    """What a daemon that runs has to say of a store which could not carry it, a line each."""
    return _place(url).said(url)


def waiting(url: str) -> int:
    """How many threads of this process wait for their turn to write."""
    return turns.waiting(shown(url) if file_of(url) is None else file.key(url))


def daemon_lock(url: str, *, runs: bool = True) -> AbstractContextManager[Say]:
    """StoreLocked, which names the other process, where one runs on this store already. See `said`, and `cut_off`."""
    return _place(url).daemon_lock(url, runs=runs)


def beside(name: str) -> Any:
    """A member of the store on PostgreSQL. StoreError where what it needs is not installed."""
    try:
        return import_module(f"syndicate.store.postgresql.{name}")
    except ModuleNotFoundError as error:
        raise StoreError(f"a store on PostgreSQL {_CLUSTER} ({error})") from error


def _place(url: str) -> Place:
    place: Place = file if file_of(url) is not None else beside("place")
    return place
