"""What requests leave to be written: when a newsroom was last let in, and whose token was where it may be kept.

By one thread, beside the requests: none of them waits for the store, and how long one took tells nothing.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from syndicate.model import Newsroom
from syndicate.store import Recorded, Store

_EACH = timedelta(minutes=1)  # between two writes of one newsroom
_MOST = 1_000  # things that wait to be written; more are let go


_Who = tuple[str, datetime]


class Uses:
    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._told: dict[_Who, datetime] = {}
        self._fetched: dict[tuple[_Who, str], tuple[Recorded, datetime]] = {}
        self._queue: queue.Queue[Callable[[], None]] = queue.Queue(_MOST)
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    def used(self, newsroom: Newsroom) -> None:
        """It was let in just now; at most once a minute that is written."""
        who, now = _who(newsroom), self._clock()
        last = self._told.get(who) or newsroom.used
        if last is None or not timedelta(0) <= now - last < _EACH:
            self._told[who] = now
            self._put(lambda: self._store.newsrooms.used(newsroom.name, now))

    def fetched(self, newsroom: Newsroom, document: str, recorded: Recorded) -> None:
        """It has this document with no less than that; once a minute, but anew where more was recorded."""
        key, now = (_who(newsroom), document), self._clock()
        before, at = self._fetched.get(key, (None, now))
        if before == recorded and timedelta(0) <= now - at < _EACH:
            return
        if len(self._fetched) >= _MOST:
            self._fetched.clear()
        self._fetched[key] = recorded, now
        self._put(lambda: self._store.newsrooms.fetched(newsroom.name, document, now, recorded))

    def exposed(self, newsroom: Newsroom) -> None:
        """Its token was part of an address: of what is held that is no place for it. It is named, the token is not."""
        now = self._clock()
        text = (
            f"newsroom {newsroom.name}: its token, which opens what is under an embargo, was sent as part of an"
            " address, which servers and browsers keep"
        )
        self._put(lambda: self._store.alarms.ring("newsroom", newsroom.name, text, now))

    def settle(self) -> None:
        """Return when what was told until now is written."""
        self._queue.join()

    def _put(self, write: Callable[[], None]) -> None:
        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="uses", daemon=True)
                self._thread.start()
        with suppress(queue.Full):
            self._queue.put_nowait(write)

    def _write(self) -> None:
        while True:
            write = self._queue.get()
            with suppress(Exception):  # of the store, or that it is closed: the next use tells it anew
                write()
            self._queue.task_done()


def _who(newsroom: Newsroom) -> _Who:
    """A name may be given anew, with another token."""
    return newsroom.name, newsroom.made
