"""Who publishes: one at a time, from reading the store to the last document."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.publish import Place, locked, target
from syndicate.store import Store

_LOOK = 0.05  # seconds between two looks whether whoever publishes has ended


@contextmanager
def publisher(store: Store, place: Place, fence: int | None = None) -> Iterator[int]:
    """The number of this publisher (0 of a folder, which it locks), so that an older state never replaces a newer one.

    A bucket has no locks. On this store one publishes at a time, and each has a higher number than the one before:
    `fence`, where whoever calls has one of its own.
    """
    if isinstance(place, Path):
        with locked(place):
            yield 0
        return
    while True:
        with store.claim(f"publish {place}") as mine:  # no source has such an id
            if mine:
                yield _last(store) + 1 if fence is None else fence
                return
        time.sleep(_LOOK)


def begin(store: Store, place: Place, fence: int) -> None:
    """From now on this store publishes there, by that number. PublishError where somebody does by a higher one.

    Only a number that was taken counts: who is refused does not come past the other one by trying again and again.
    """
    there = target(place)
    there.own(store.outputs.mark(), fence)
    if there.fenced and fence > _last(store):
        store.remember("fence", str(fence))


def take_over(store: Store, place: Place) -> None:
    """A person has put a backup in the place of the store: it goes on where that had come to, and is the publisher."""
    there = target(place)
    if there.fenced and (number := there.number()) > _last(store):
        store.remember("fence", str(number))


def _last(store: Store) -> int:
    return int(store.recalled("fence") or 0)
