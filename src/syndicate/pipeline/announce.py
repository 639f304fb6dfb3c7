"""What a publish has shown of releases, as events: for whoever is told of each."""

from collections.abc import Mapping
from datetime import datetime

from syndicate.model import Release
from syndicate.placement import Announced, Happening, announcing, happening
from syndicate.store import Mark, Store


def announce(store: Store, shown: Mapping[Mark, Release], *, now: datetime) -> list[Release]:
    """Of releases whose marks are cleared: as they were rendered. Call it in the transaction that clears them.

    Returns those that are new to readers, but for one whose embargo has ended.
    """
    before = store.happened.before([mark.id for mark in shown])
    told = dict[str, Announced]()
    rows = list[tuple[Happening, str, int, tuple[str, ...], int]]()
    first = list[Release]()
    for mark, release in shown.items():
        last, stand = before[release.id]
        if kind := happening(release, last, stand, now):
            rows.append((kind, release.id, release.revision, release.topics, mark.generation))
        if kind == "published" and last is None:
            first.append(release)
        if later := announcing(release, last):
            told[release.id] = later
    store.happened.announce(told)
    store.happened.put(rows, now)
    return first
