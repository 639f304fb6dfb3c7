"""A virtual clock, and threads of which one goes at a time: the program's own code waits in them, and nobody waits.

Each thread belongs to a machine. Those of one that is stopped go on when it does, those of one that was killed never.
"""

import heapq
import math
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
TICKS = 4  # of a second: what happens, happens at one of these


class Body(Protocol):
    """What a thread runs on."""

    dead: bool
    stopped: bool
    held: "list[Event]"


class Over(BaseException):
    """The play is: who waits, waits for nothing."""


Event = tuple[float, int, "Thread | Callable[[], object]", int, Body | None]  # the number is that of the wait


class Thread:
    """One of the play, used again and again."""

    def __init__(self, world: "World") -> None:
        self.go = threading.Lock()
        self.go.acquire()
        self.act: Callable[[], object] | None = None
        self.body: Body | None = None
        self.waits = 0  # another number for each wait
        self._world = world
        self.real = threading.Thread(target=self._live, name="played", daemon=True)
        self.real.start()

    def _live(self) -> None:
        self.go.acquire()
        with suppress(Over):
            while not self._world.over:
                try:
                    if self.act:
                        self.act()
                except Exception as fault:
                    self._world.fails(fault)
                self.act = None
                self._world.ended(self)


class World:
    def __init__(self) -> None:
        self.now = 0.0
        self.over = False
        self.fault: Exception | None = None
        self._events: list[Event] = []
        self._numbers = count()
        self._idle = list[Thread]()
        self.threads = list[Thread]()
        self._at: Thread | None = None
        self._end = math.inf
        self._ended = threading.Lock()

    def clock(self) -> datetime:
        """In whole seconds, as the program's own."""
        return BEGIN + timedelta(seconds=int(self.now))

    def monotonic(self) -> float:
        return self.now

    @property
    def body(self) -> Body | None:
        """On which machine just now."""
        return self._at.body if self._at else None

    def begin(self, act: Callable[[], object], body: Body | None, after: float = 0.0) -> None:
        """In a thread of its own."""
        self._put(after, act, 0, body)

    def play(self, until: float) -> None:
        """By whoever is no thread of it."""
        self._end = until
        self._ended.acquire()
        self._pass_on(None)
        self._ended.acquire()
        self._ended.release()
        self._at = None
        if self.fault:
            raise self.fault
        self.now = until

    def close(self) -> None:
        """Of each thread nothing is left."""
        self.over = True
        for thread in self.threads:
            thread.go.release()
            thread.real.join(5)

    def fails(self, fault: Exception) -> None:
        self.fault = self.fault or fault
        self._end = self.now

    def sleep(self, seconds: float) -> None:
        self.wait(max(seconds, 1 / TICKS))

    def wait(self, seconds: float | None = None) -> None:
        """Until somebody wakes this thread, or so long."""
        thread = self.here()
        thread.waits += 1
        if seconds is not None:
            self._put(seconds, thread, thread.waits, thread.body)
        self._pass_on(thread)
        self._at = thread

    def wake(self, thread: Thread) -> None:
        self._put(0.0, thread, thread.waits, thread.body)

    def here(self) -> Thread:
        if self.over:
            raise Over
        if self._at is None:
            raise RuntimeError("outside of the play")
        return self._at

    def goes_on(self, body: Body) -> None:
        """It was stopped."""
        body.stopped = False
        for at, _, what, number, _ in sorted(body.held, key=lambda event: event[:2]):
            self._put(max(0.0, at - self.now), what, number, body)
        body.held.clear()

    def ended(self, thread: Thread) -> None:
        if self.over:
            raise Over
        self._idle.append(thread)
        self._pass_on(thread)

    def _put(self, after: float, what: "Thread | Callable[[], object]", number: int, body: Body | None) -> None:
        at = math.ceil((self.now + after) * TICKS) / TICKS
        heapq.heappush(self._events, (at, next(self._numbers), what, number, body))

    def _pass_on(self, me: Thread | None) -> None:
        """Who is next; and wait until that is this one."""
        following = self._next()
        if following is me and me is not None:
            return
        if following is None:
            self._ended.release()
        else:
            following.go.release()
        if me is not None:
            me.go.acquire()
            if self.over:
                raise Over

    def _next(self) -> Thread | None:
        while self._events and self._events[0][0] <= self._end:
            event = heapq.heappop(self._events)
            at, _, what, number, body = event
            if isinstance(what, Thread) and what.waits != number:
                continue  # it was woken before
            if body and body.dead:
                continue
            if body and body.stopped:
                body.held.append(event)
                continue
            self.now = max(self.now, at)
            if isinstance(what, Thread):
                what.waits += 1
                self._at = what
                return what
            thread = self._idle.pop() if self._idle else self._made()
            thread.act, thread.body = what, body
            self._at = thread
            return thread
        return None

    def _made(self) -> Thread:
        self.threads.append(Thread(self))
        return self.threads[-1]
