"""What a store holds, elsewhere: in another store, or in a file as its backup."""

from contextlib import ExitStack, closing
from pathlib import Path

from syndicate.errors import StoreError
from syndicate.store.address import daemon_lock, file_of
from syndicate.store.backup import Copied, copy, filled
from syndicate.store.conversion import Told, nobody
from syndicate.store.opened import opened
from syndicate.store.sqlite import SQLite
from syndicate.store.transfer import Told as TransferTold
from syndicate.store.transfer import Transferred, transfer


def copy_into(url: str, to: str, told: TransferTold = lambda *_: None) -> Transferred:
    """What the store at the one address holds, into an empty one at the other. Beside no daemon on either.

    What was begun and broken off is gone on with. StoreLocked, StoreMissing, StoreError, StoreUnusable.
    """
    with ExitStack() as held:
        for each in (url, to):
            held.enter_context(daemon_lock(each, runs=False))
        source = held.enter_context(closing(opened(url, make=False)))
        target = held.enter_context(closing(opened(to, make=True)))
        if source.key == target.key:
            raise StoreError(f"{source.name}: is the one and the other; name two stores")
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
