"""What the store knows of a document, asked for by `revise`."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from syndicate.model import Key, Known, Release, Ruled, Sought, Source
from syndicate.revise import Incoming, Sight, first_sight, keys_in_store, sought, still_sought, unseen
from syndicate.store import Store


def known_of(store: Store, incoming: Iterable[Release], keys: Iterable[Key] = (), *, tag: str) -> Known:
    """All that these could concern. Call it in the transaction that records what is decided.

    `keys` are of what a source takes back, `tag` is the authority of the ids that its new releases get.
    """
    incoming = [*incoming]
    known = store.known(sought(incoming, keys, tag=tag))
    more = still_sought(incoming, known)
    known = known.with_more(store.known(more)) if more else known
    return known.with_more(_of_the_same_bytes(store, incoming, known))


def known_ahead(store: Store, incoming: Iterable[Release], *, tag: str) -> Known:
    """The same, before it is decided on: it is not looked up again there, as long as nothing else was written of it."""
    return store.ahead(lambda: known_of(store, incoming, tag=tag))


def sight(said: Sequence[Incoming], ruled: Sequence[Ruled | None], source: Source, store: Store) -> Sight:
    """What of it goes on by its source's rules. Costs nothing where no rule says otherwise."""
    if not any(each and each.out for each in ruled):
        return Sight(said)
    return first_sight(said, ruled, known_of(store, (release for release, _ in said), tag=source.tag), source)


def _of_the_same_bytes(store: Store, incoming: Iterable[Release], known: Known) -> Known:
    """What is known by no key any more, since its bytes are read otherwise: by the bytes."""
    fresh = (r for r in incoming if r.entry and r.reader and not r.headline)
    unknown = [r for r in fresh if not any(key in known.by_key for key in r.keys)]
    found = dict[str, str]()
    for source in dict.fromkeys(release.source or "" for release in unknown):
        found |= store.readings.of_entries(source, (r.entry for r in unknown if r.entry and r.source == source))
    held = [release for i in found.values() if (release := store.releases.get(i))]
    if not held:
        return Known()
    more = store.known(Sought(keys=frozenset(key for each in held for key in keys_in_store(each, each.keys))))
    return replace(more, by_entry=found)


def release_of(store: Store, said: Release, *, tag: str) -> Release | None:
    """The release that what a source says is held as, by its keys: what readers have, else what none has seen."""
    known = known_of(store, (said,), tag=tag)
    keys = (*said.keys, *(unseen(key, said.source) for key in said.keys))
    found = (known.releases.get(known.by_key.get(key, "")) for key in keys)
    return next(filter(None, found), None)
