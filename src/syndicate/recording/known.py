"""What the store knows of a document, asked for by `revise`."""

from collections.abc import Iterable

from syndicate.model import Key, Known, Release
from syndicate.revise import sought, still_sought, unseen
from syndicate.store import Store


def known_of(store: Store, incoming: Iterable[Release], keys: Iterable[Key] = (), *, tag: str) -> Known:
    """All that these could concern. Call it in the transaction that records what is decided.

    `keys` are of what a source takes back, `tag` is the authority of the ids that its new releases get.
    """
    incoming = [*incoming]
    known = store.known(sought(incoming, keys, tag=tag))
    more = still_sought(incoming, known)
    return known.with_more(store.known(more)) if more else known


def release_of(store: Store, said: Release, *, tag: str) -> Release | None:
    """The release that what a source says is held as, by its keys: what readers have, else what none has seen."""
    known = known_of(store, (said,), tag=tag)
    keys = (*said.keys, *(unseen(key, said.source) for key in said.keys))
    found = (known.releases.get(known.by_key.get(key, "")) for key in keys)
    return next(filter(None, found), None)
