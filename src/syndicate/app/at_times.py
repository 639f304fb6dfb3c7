"""A line at times, for whoever follows a long walk where a bar would show nothing: in a pipe, in a log."""

import time
from collections.abc import Callable

from syndicate.model import Asked, Step
from syndicate.urls import without_secrets

_SECONDS = 30.0


class AtTimes:
    """`told` gives a line where half a minute went by without one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._pages = 0

    def told(self, event: Asked | Step) -> str | None:
        if isinstance(event, Step):
            self._pages, self._last = 0, self._clock()
            return None
        self._pages += 1
        if self._clock() < self._last + _SECONDS:
            return None
        self._last = self._clock()
        pages = "page" if self._pages == 1 else "pages"
        return f"{self._pages} {pages} of releases asked so far, the last: {without_secrets(event.url)}"
