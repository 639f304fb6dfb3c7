"""What is wrong with the store and the folder of feeds, found by looking: for `status` and `check`. Makes neither."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from syndicate import disk
from syndicate import store as stores
from syndicate.errors import PublishError, StoreError, StoreMissing
from syndicate.model import Bucket, Plan
from syndicate.pipeline import is_ours
from syndicate.publish import target
from syndicate.store import ALL, NOBODY, PATIENCE, Store, Upgrade

_BRIEFLY = 2.0  # seconds


@contextmanager
def looked_at(plan: Plan, *, briefly: bool = False, told: Upgrade = NOBODY) -> Iterator[Store]:
    """The store as it is, or as it will be made. StoreMissing where it is lost, StoreUnusable.

    `briefly`: one that another process keeps locked is not waited for long. `told`: as `store.open` has it.
    """
    if stores.exists(plan.store):
        patience = _BRIEFLY if briefly else PATIENCE
        with stores.open(plan.store, patience=patience, make=False, told=told) as store:
            yield store
        return
    if fault := _missing(plan):
        raise StoreMissing(fault)
    with TemporaryDirectory() as folder, stores.open(stores.located("sqlite:///empty.db", Path(folder))) as store:
        yield store


def faults_of_folder(plan: Plan) -> Iterator[str]:
    """Of the folder of feeds: can it be written? A bucket cannot be tried out so: is it there, and ours to read?"""
    directory = plan.publish.directory
    if isinstance(directory, Bucket):
        try:
            target(directory, briefly=True).owner()
        except StoreError as error:
            yield f"feeds {error}"
        return
    if reason := disk.unwritable(directory):
        yield f"feeds {directory}: cannot be written: {reason}; nothing is published until it can be"


def faults_of_store(plan: Plan, store: Store) -> Iterator[str]:
    """Of a store that can be read: can it be written, is the folder of feeds its own, and does the folder stand?"""
    if reason := stores.unwritable(plan.store):
        yield f"store {stores.shown(plan.store)}: cannot be written: {reason}; nothing is kept until it can be"
    try:
        is_ours(store, plan, briefly=True)
    except (PublishError, StoreError) as error:
        yield f"feeds {error}"
    directory = plan.publish.directory
    for row in store.outputs.within("") if isinstance(directory, Path) else ():
        if os.path.isdir(path := f"{directory}/{row.path}"):
            yield f"feeds {path}: is a folder where a document is to be; take it away"


def lost(plan: Plan) -> str | None:
    """Why a store that is not there is not simply made: one has published. None where it is, or is to be made."""
    return _missing(plan) if not stores.exists(plan.store) and _published(plan) else None


def _back(plan: Plan) -> str:
    """The command that puts a backup in the place of the store."""
    return "`syndicate restore PATH`" if stores.file_of(plan.store) else "`syndicate store copy` (docs/cluster.md)"


def _missing(plan: Plan) -> str | None:
    """Why there is no store; None where there is to be none yet."""
    path, directory = stores.shown(plan.store), plan.publish.directory
    if process := stores.running(plan.store):
        return (
            f"{path}: was deleted under the daemon (process {process}); put it back, and the daemon goes on by"
            " itself; or stop it, and `syndicate restore` a backup"
        )
    if _published(plan):
        return (
            f"{path}: is gone, and {directory} was published from it; {_back(plan)} puts a backup back,"
            " `syndicate run --adopt` takes over what is published"
        )
    return f"{path}: cannot be made: {reason}" if (reason := stores.unwritable(plan.store)) else None


def _published(plan: Plan) -> bool:
    """Has a store published there?"""
    try:
        place = target(plan.publish.directory, briefly=True)
        return place.owner() is not None or place.has(f"{ALL}.atom")
    except (StoreError, OSError):
        return False
