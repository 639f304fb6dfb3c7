"""What another reader has read before, read again by today's: so that nothing is corrected by an upgrade.

Outside of the transaction that records: reading takes its time. Where the store has changed meanwhile, what is found
here is of words that are no longer the last, and nobody asks for it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from syndicate.errors import ParseError, WorkerLost, WorkersClosed
from syndicate.model import Capture, FetchResult, Key, Known, Release, Source
from syndicate.reading import Reading
from syndicate.revise import Again, Incoming, plainly_other, scoped, unseen
from syndicate.store import Store

Read = Callable[[Iterable[Capture]], Reading]  # as `reading.read` of this source


def read_again(
    incoming: Sequence[Incoming],
    result: FetchResult,
    source: Source,
    held: Known,
    *,
    store: Store,
    read: Read,
) -> Again:
    """Of what these concern: the last words whose bytes are kept, by today's reader, where another one has read them.

    `held`: what is known of them; `read`: how today's reader is called. Nothing, where that has read all of them. What
    was not kept, or can no longer be read, is not among them.
    """
    known = frozenset(capture.hash for capture in result.captures if capture.known)
    fresh = [release for release, capture in incoming if capture not in known and not release.headline]
    stale = _stale(fresh, source, held)
    kept = store.readings.last_bytes(source.id, stale)
    words = dict[str, Release]()
    for digest in dict.fromkeys(kept.values()):
        told = _told(store.readings.bytes(digest), read)
        for identifier in (i for i, found in kept.items() if found == digest):
            if said := _same(stale[identifier], told):
                words[identifier] = said
    made = {found: store.readings.headlines(found) for found in known}
    return Again(words, known, _speakers(incoming, known, result, source, store), made)


def _speakers(
    incoming: Sequence[Incoming], known: Collection[str], result: FetchResult, source: Source, store: Store
) -> Mapping[str, str]:
    """Which file said the last words of what these concern, where that is still there as it was."""
    if not (source.path and known):
        return {}
    found = _named(release for release, capture in incoming if capture in known and not release.headline)
    releases = store.readings.named(source.id, found)
    standing = {file.hash for file in result.state.files.values()}
    spoken = store.readings.last_bytes(source.id, releases)
    return {release: digest for release, digest in spoken.items() if digest in standing}


def _stale(releases: Sequence[Release], source: Source, held: Known) -> Mapping[str, Release]:
    """Those held that these could be, and that another reader has read; each with the one that names it."""
    reader = next((release.reader for release in releases if release.reader), None)
    told = {i: e.said for i, editions in held.editions.items() for e in editions if e.source == source.id}
    stale = {i: said for i, said in told.items() if reader and said.reader != reader}
    found = dict[str, Release]()
    for key, release in _named(releases).items() if stale else ():
        said = stale.get(held.by_key.get(key, ""))
        if said and (said.entry is None or said.entry != release.entry):
            found[held.by_key[key]] = release
    return found


def _named(releases: Iterable[Release]) -> dict[Key, Release]:
    return {
        name: release
        for release in releases
        for key in release.keys
        for name in (key, scoped(key, release.source), unseen(key, release.source))
    }


def _told(capture: Capture | None, read: Read) -> list[Release]:
    if capture is None:
        return []
    try:
        reading = read((capture,))
    except WorkersClosed:
        raise
    except (ParseError, WorkerLost):
        return []
    return [release for release, _ in reading.incoming if not release.headline]


def _same(release: Release, told: Sequence[Release]) -> Release | None:
    """The entry that this one was then: that of the same bytes, else that of the strongest key which both have."""
    same = next((said for said in told if said.entry and said.entry == release.entry), None)
    for key in release.keys if same is None else ():
        likely = [said for said in told if key in said.keys and not plainly_other(said, release)]
        if likely:
            return max(likely, key=lambda said: said.title == release.title)
    return same
