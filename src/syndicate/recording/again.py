"""What another reader has read before, read again by today's: so that nothing is corrected by an upgrade.

Outside of the transaction that records: reading takes its time. Where the store has changed meanwhile, what is found
here is of words that are no longer the last, and nobody asks for it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from syndicate import reading as readers
from syndicate.errors import ParseError, WorkerLost, WorkersClosed
from syndicate.model import Capture, FetchResult, Key, Release, Source
from syndicate.reading import Run
from syndicate.revise import Again, Incoming, plainly_other, scoped, unseen
from syndicate.store import Store


def read_again(
    incoming: Sequence[Incoming],
    result: FetchResult,
    source: Source,
    *,
    store: Store,
    now: datetime,
    run: Run | None = None,
) -> Again:
    """Of what these concern: the last words whose bytes are kept, by today's reader, where another one has read them.

    Nothing, and one look at the store, where today's has read all of them. What was not kept, or can no longer be read,
    is not among them.
    """
    known = frozenset(capture.hash for capture in result.captures if capture.known)
    fresh = [release for release, capture in incoming if capture not in known and not release.headline]
    stale = _stale(fresh, source, store)
    kept = store.readings.last_bytes(source.id, stale)
    words = dict[str, Release]()
    for digest in dict.fromkeys(kept.values()):
        told = _read(store.readings.bytes(digest), source, now, run)
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
    releases = {release for release, _ in store.readings.named(source.id, found).values()}
    standing = {file.hash for file in result.state.files.values()}
    spoken = store.readings.last_bytes(source.id, releases)
    return {release: digest for release, digest in spoken.items() if digest in standing}


def _stale(releases: Sequence[Release], source: Source, store: Store) -> Mapping[str, Release]:
    """Those held that these could be, and that another reader has read; each with the one that names it."""
    reader = next((release.reader for release in releases if release.reader), None)
    if reader is None:
        return {}
    named = _named(releases)
    found = store.readings.named(source.id, named, unless=reader)
    return {
        release: named[key] for key, (release, entry) in found.items() if entry is None or entry != named[key].entry
    }


def _named(releases: Iterable[Release]) -> dict[Key, Release]:
    return {
        name: release
        for release in releases
        for key in release.keys
        for name in (key, scoped(key, release.source), unseen(key, release.source))
    }


def _read(capture: Capture | None, source: Source, now: datetime, run: Run | None) -> list[Release]:
    if capture is None:
        return []
    try:
        reading = readers.read((capture,), source, now=now, run=run)
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
