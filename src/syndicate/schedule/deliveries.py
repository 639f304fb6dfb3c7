"""Errands to others' servers, in threads of their own: pushes to subscribers, questions, pings.

What is due stands in the store, so a restart forgets nothing. One thread looks for it: when something was published,
when somebody else has written, when a try is to be made again; it hands out what it finds, and records what came of it.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue

from syndicate.app import App, Errands, Hears, Posting, errands_of
from syndicate.errors import ClientClosed, StoreUnusable, SyndicateError
from syndicate.model import Errand, Event, Published, Requested
from syndicate.schedule.lanes import Lane

_IDLE = 1.0  # seconds between two looks whether somebody else has written
_TICK = 0.02  # seconds between two looks at what is under way
_FAULT = timedelta(minutes=1)  # that an errand rests after a fault of ours
_BACK = timedelta(minutes=1)  # that a clock may be corrected by
_USUAL, _MOST, _SLOW = 16, 256, 32  # threads: that do not wait, at most, and of those who were slow


class Deliveries:
    """Of one program; `start` and `stop` it, or do it `once`."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._posting = Posting(lambda: app.plan.fetch)
        self._told = list[Event]()  # what kinds say of what they record
        self._kinds = self._errands()
        self._done = SimpleQueue[tuple[Errand, object]]()
        self._quick = Lane("deliver", _USUAL, _MOST, self._ended)
        self._slow = Lane("deliver slowly", _USUAL, _SLOW, self._ended)
        self._under_way: dict[Hashable, Errands] = {}
        self._passed = set[Hashable]()  # what was due again while it was under way
        self._rests: dict[object, datetime] = {}  # errands, by their keys, and kinds
        self._version: object = None  # of the store, at the last look
        self._next: datetime | None = None  # when something may be tried again
        self._seen = app.clock()  # the time, at the last round
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)
        app.listen(self._heard)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Begin nothing more, and cut off what is under way: it is brought again."""
        self._stopping.set()
        self._woken.set()
        self._quick.stop()
        self._slow.stop()
        self._posting.close()

    def wake(self) -> None:
        """Somebody else has published."""
        self._woken.set()

    def stop(self, seconds: float) -> bool:
        """`end`, and wait so long until all threads have ended; whether they have."""
        end = time.monotonic() + seconds
        self.end()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return self._quick.wait(end) and self._slow.wait(end) and not self._thread.is_alive()

    def once(self, seconds: float) -> None:
        """All that is due now, and what comes of it; whatever is not taken by then waits for the next time."""
        end = time.monotonic() + seconds
        while not self._stopping.is_set() and time.monotonic() < end:
            if not self._round() and not self._under_way:
                break
            self._woken.wait(_TICK)
        self.stop(1.0)
        self._collect()

    def _heard(self, event: Event) -> None:
        for kind in self._kinds:
            if isinstance(kind, Hears):
                kind.heard(event)
        if isinstance(event, Requested) or (isinstance(event, Published) and event.documents):
            self._woken.set()

    def _ended(self, errand: Errand, outcome: object) -> None:
        self._done.put((errand, outcome))
        if errand.key in self._passed:  # the next one of its key does not wait for the others
            self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            mine = False
            try:
                if self._app.works():
                    with self._app.store.role("hub") as mine:
                        if mine:
                            self._round()
            except Exception as error:  # whatever it is must not end the thread
                self._version = None
                self._app.fails(error)
                self._stopping.wait(_IDLE)
            if not mine:  # whoever comes to it looks anew
                self._version = None
                self._woken.clear()
            if not self._stopping.is_set():
                self._woken.wait(_TICK if self._under_way else _IDLE)
        with suppress(SyndicateError):  # the next start brings it again
            self._collect()

    def _round(self) -> bool:
        """Whether anything was done."""
        self._keep_time()
        again = self._collect()
        self._quick.grow()
        self._slow.grow()
        woken = self._woken.is_set()
        self._woken.clear()
        if not (again or woken or self._changed() or self._is_time()):
            return again
        return self._look() or again

    def _errands(self) -> tuple[Errands, ...]:
        return errands_of(self._app.store, self._posting.client, self._told.append)

    def _keep_time(self) -> None:
        """Where the clock went back, what was put off by it is put off no more: as at a start."""
        before, self._seen = self._seen, self._app.clock()
        if self._seen < before - _BACK:
            self._kinds, self._next = self._errands(), None
            self._rests.clear()
            self._woken.set()

    def _changed(self) -> bool:
        """Has somebody else written since? Cheap."""
        before, self._version = self._version, self._app.store.version
        return before != self._version

    def _is_time(self) -> bool:
        now = self._app.clock()
        return self._next is not None and self._next <= now

    def _look(self) -> bool:
        """Hand out what is due; whether there was something.

        What waits in a lane is what is due now: behind slow servers it may wait for minutes, and what was withdrawn
        meanwhile, or corrected, must not be brought as it was.
        """
        now, due = self._app.clock(), set[Hashable]()
        before = len(self._under_way)
        self._passed.clear()
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        for kind in self._kinds:
            if kind not in self._rests:
                with self._apart(kind, now):
                    self._hand_out(kind, due, now)
        begun = len(self._under_way) > before
        for key in (*self._quick.drop(due), *self._slow.drop(due)):
            del self._under_way[key]
        times = [at for at in (*(kind.next() for kind in self._kinds), *self._rests.values()) if at is not None]
        self._next = min(times, default=None)
        return begun

    def _hand_out(self, kind: Errands, due: set[Hashable], now: datetime) -> None:
        for errand in kind.due(self._app.plan, now):
            if self._stopping.is_set():
                return
            due.add(errand.key)
            if errand.key in self._under_way:
                if not (self._quick.renew(errand) or self._slow.renew(errand)):
                    self._passed.add(errand.key)
            elif errand.key not in self._rests:
                self._under_way[errand.key] = kind
                (self._slow if errand.slow else self._quick).put(errand)

    @contextmanager
    def _apart(self, kind: Errands, now: datetime) -> Iterator[None]:
        """A fault of ours in one kind rests, and costs no other kind."""
        try:
            yield
        except StoreUnusable:
            raise
        except Exception as error:
            self._rests[kind] = now + _FAULT
            self._app.fails(error)

    def _collect(self) -> bool:
        """Record what has ended; whether something may be due now that was not."""
        ended = defaultdict[Errands, list[object]](list)
        again, faults, now = False, list[Exception](), self._app.clock()
        with suppress(Empty):
            while True:
                errand, outcome = self._done.get_nowait()
                kind = self._under_way.pop(errand.key)
                again = again or errand.key in self._passed
                if isinstance(outcome, ClientClosed):
                    continue  # it stays due
                if isinstance(outcome, Exception):
                    faults.append(outcome)
                    self._rests[errand.key] = now + _FAULT
                else:
                    ended[kind].append(outcome)
        for kind, outcomes in ended.items():
            # Whoever was told is told again where the machine fails before this is on the disk, and nobody is where
            # the process does: no wait for the disk.
            with self._apart(kind, now):
                due = self._app.store.together(partial(self._record, kind, outcomes, now), lasting=False)
                again = again or due
                for event in self._told:
                    self._app.tell(event)
        for fault in faults:
            self._app.fails(fault)
        return again

    def _record(self, kind: Errands, outcomes: list[object], now: datetime) -> bool:
        """It may be called again, where nothing was written; what is told of it is told once, when it is."""
        self._told.clear()
        return kind.record(outcomes, now)
