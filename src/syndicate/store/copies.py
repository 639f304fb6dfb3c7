"""What a store holds, elsewhere: in another store, or in a file as its backup."""

from contextlib import ExitStack, closing
from pathlib import Path

from syndicate.errors import OneStore, StoreMissing
from syndicate.store.address import are_one, daemon_lock, exists, file_of, shown
from syndicate.store.backup import Copied, copy, filled
from syndicate.store.conversion import Told, nobody
from syndicate.store.locks import kept_away
from syndicate.store.opened import opened
from syndicate.store.resting import Resting, may_only_be_read
from syndicate.store.sqlite import SQLite
from syndicate.store.transfer import Told as TransferTold
from syndicate.store.transfer import Transferred, transfer


def copy_into(url: str, to: str, told: TransferTold = lambda *_: None) -> Transferred:
    """What the store at the one address holds, into an empty one at the other. Beside no daemon on either.

    What was begun and broken off is gone on with. OneStore, StoreLocked, StoreMissing, StoreError, StoreUnusable.
    """
    if are_one(url, to):
        raise OneStore(f"{shown(url)} and {shown(to)} are one store: name another one, to copy into")
    if not exists(url):  # its lock would make a folder
        raise StoreMissing(f"{shown(url)}: there is no store")
    path = file_of(url)
    rests = path if path and may_only_be_read(path) else None
    with ExitStack() as held:
        held.enter_context(kept_away(rests) if rests else daemon_lock(url, runs=False))
        held.enter_context(daemon_lock(to, runs=False))
        source = held.enter_context(closing(Resting(rests) if rests else opened(url, make=False)))
        target = held.enter_context(closing(opened(to, make=True)))
        return transfer(source, target, told)


def back_up(url: str, to: Path, *, force: bool = False, told: Told = nobody) -> Copied:
    """The store as it is at this moment, as the file `to` of SQLite, whichever it is (`backup.copy`).

    It works beside whoever writes.
    """
    if (path := file_of(url)) is not None:
        return copy(path, to, force=force, told=told)
    with closing(opened(url, make=False)) as source:

        def fill(part: Path) -> None:
            with closing(SQLite(part)) as target:
                transfer(source, target, lambda _, at, of: told(at, of))
                target.rest()

        return filled(to, fill, force=force)
