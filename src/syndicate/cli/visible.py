"""Is there something published to be seen? Asked again and again, also by who must not wait for the answer."""

import time
from threading import Lock, Thread

from syndicate.errors import StoreError
from syndicate.publish import Place, Target, target

LAST = "topics.opml"  # written last, with pages or without
_AGAIN = 2.0  # seconds until a bucket is asked again


def visible(place: Place) -> "Near | Far":
    """Asked at once."""
    there = target(place)
    return Far(there) if there.fenced else Near(there)


class Near:
    """Of a folder: looked at each time."""

    def __init__(self, place: Target) -> None:
        self._place = place

    def __call__(self) -> bool:
        return self._place.has(LAST)


class Far:
    """Of a bucket: asked in a thread, and no more once it is there, since nothing is deleted."""

    def __init__(self, place: Target) -> None:
        self._place = place
        self._guard = Lock()
        self._is = False
        self._next = 0.0

    def __call__(self) -> bool:
        with self._guard:
            if self._is or time.monotonic() < self._next:
                return self._is
            self._next = float("inf")
        Thread(target=self._look, name="bucket", daemon=True).start()
        return False

    def _look(self) -> None:
        found = False
        try:
            found = self._place.has(LAST)
        except StoreError:
            pass  # `status` tells it
        finally:
            with self._guard:
                self._is, self._next = found, time.monotonic() + _AGAIN
