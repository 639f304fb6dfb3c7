"""What the store knows of a document, asked for by `revise`."""

from collections.abc import Iterable

from syndicate.model import Key, Known, Release
from syndicate.revise import sought, still_sought
from syndicate.store import Store


def known_of(store: Store, incoming: Iterable[Release], keys: Iterable[Key] = (), *, tag: str) -> Known:
    """All that these could concern. Call it in the transaction that records what is decided.

    `keys` are of what a source takes back, `tag` is the authority of the ids that its new releases get.
    """
    incoming = [*incoming]
    known = store.known(sought(incoming, keys, tag=tag))
    more = still_sought(incoming, known)
    return known.with_more(store.known(more)) if more else known
