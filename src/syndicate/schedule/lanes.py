"""Threads that bring errands: a few, and more where they wait for others' servers."""

import threading
import time
from collections.abc import Callable, Collection, Hashable

from syndicate.model import Errand

_IDLE = 5.0  # seconds after which a thread without an errand ends
_WAITS = 0.03  # seconds after which one that is under way is taken to wait

Done = Callable[[Errand, object], object]


class Lane:
    """`usual` threads that do not wait, and at most `most`. `done` is told what each came to, or its exception."""

    def __init__(self, name: str, usual: int, most: int, done: Done) -> None:
        self._name = name
        self._usual = usual
        self._most = most
        self._done = done
        self._queue: dict[Hashable, Errand] = {}  # by key, in their order
        self._ready = threading.Condition()
        self._idle = 0
        self._begun: dict[int, float] = {}  # by thread, when it began its errand
        self._threads: list[threading.Thread] = []
        self._stopped = False

    def put(self, errand: Errand) -> None:
        with self._ready:
            self._queue[errand.key] = errand
            if self._idle:
                self._ready.notify()
            elif len(self._begun) < self._usual:
                self._begin()

    def renew(self, errand: Errand) -> bool:
        """In the place of the one of its key, if that still waits; whether it did."""
        with self._ready:
            if waits := errand.key in self._queue:
                self._queue[errand.key] = errand
            return waits

    def drop(self, due: Collection[Hashable]) -> list[Hashable]:
        """Begin nothing that waits and is not one of these; the keys of what was."""
        with self._ready:
            dropped = [key for key in self._queue if key not in due]
            for key in dropped:
                del self._queue[key]
            return dropped

    def grow(self) -> None:
        """To be called now and then while something is under way: whoever waits for a server holds up nobody."""
        with self._ready:
            now = time.monotonic()
            at_work = self._idle + sum(now - begun < _WAITS for begun in self._begun.values())
            room = min(self._usual - at_work, self._most - self._idle - len(self._begun), len(self._queue))
            for _ in range(room):
                self._begin()

    def stop(self) -> None:
        """Begin nothing more."""
        with self._ready:
            self._stopped = True
            self._queue.clear()
            self._ready.notify_all()

    def wait(self, until: float) -> bool:
        """For what is under way, till then by the monotonic clock. Whether all of it has ended."""
        for thread in [*self._threads]:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _begin(self) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._begun[id(thread)] = time.monotonic()
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        me = id(threading.current_thread())
        while (errand := self._next(me)) is not None:
            try:
                found: object = errand.act()
            except Exception as error:
                found = error
            self._done(errand, found)

    def _next(self, me: int) -> Errand | None:
        with self._ready:
            self._begun.pop(me, None)
            self._idle += 1
            try:
                while not self._queue and not self._stopped:
                    if not self._ready.wait(_IDLE) and not self._queue:
                        return None
                if self._stopped:
                    return None
                self._begun[me] = time.monotonic()
                return self._queue.pop(next(iter(self._queue)))
            finally:
                self._idle -= 1
