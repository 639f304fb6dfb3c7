"""The pool: who has ended a job takes the next, and nobody waits for a clock while others do.

What was sent (a dropped file, a page) has a thread at once. Those whose turn has come have one, and another one each
time that those there are only wait: a thread that helps looks after that as long as there is something to do.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from syndicate.app import LOOK, WORKERS, App, Load
from syndicate.errors import StoreError
from syndicate.model import Complete, Event, Failed, Plan, Poll, Polled, Receive, Subscribe, Subscribed
from syndicate.polling import Queue, Why

_ASKING = 2  # hubs at once: those that do not answer must not keep sources from being asked
_Job = Poll | Complete | Receive | Subscribe


class Calls(Protocol):
    """Which polls are to be begun: an `Agenda`, or where several machines carry them a `Dispatch`."""

    queue: Queue

    def look(self, plan: Plan, now: datetime) -> None: ...
    def next(self, plan: Plan) -> Poll | None: ...
    def ended(self, source: str, events: tuple[Event, ...], plan: Plan, now: datetime) -> None: ...


class Pool:
    """No source is asked twice at once. `changed` is called after each job that may have changed what is published."""

    def __init__(self, app: App, changed: Callable[[], object], calls: Calls) -> None:
        self._app = app
        self._changed = changed
        self._agenda = calls
        self._threads = ThreadPoolExecutor(WORKERS + 1, thread_name_prefix="job")
        self._guard = threading.Lock()
        self._carriers = 0  # threads that carry jobs
        self._is_helped = False
        self._seeks_pages = False  # once a look
        self._first = deque[_Job]()  # what waits for a carrier alone
        self._asking = 0  # hubs
        self._again = dict[str, _Job]()
        self._missed = set[str]()  # folders in which something happened while the store could not be used
        self._stopping = threading.Event()

    def look(self, *, leads: bool = True) -> None:
        """Wake up: begin with those whose turn has come, as many as there is room for.

        Neither a restart nor a full hour makes a burst, and one slow server keeps no more than its places. Not where it
        `leads` nothing: then another process looks what is due.
        """
        for source in [*self._missed]:  # once each: what fails again is missed again
            self._missed.discard(source)
            self.dropped(source)
        with self._guard:
            if self._stopping.is_set() or not leads:
                return
            self._agenda.look(self._app.plan, self._app.clock())
            self._seeks_pages = True
            self._fill()

    def dropped(self, source: str) -> None:
        """Something has happened in its folder."""
        found = self._app.plan.by_id.get(source)
        if found and found.path:
            self.submit(Poll(None, (source,), "each"), again=True)

    def submit(self, job: _Job, *, again: bool = False) -> None:
        """Before all others. With `again`, once more after the run that is under way: a file may have come since."""
        source = _source_of(job)
        with self._guard:
            if self._stopping.is_set() or (isinstance(job, Subscribe) and self._asking >= _ASKING):
                return
            if self._agenda.queue.is_under_way(source):
                if again:
                    self._again[source] = job
                return
            self._send(job)
            self._fill()

    def stop(self) -> None:
        """Begin nothing more."""
        with self._guard:
            self._stopping.set()
            self._first.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def wait(self) -> None:
        """For what is under way, once stopped."""
        self._threads.shutdown()

    def _send(self, job: _Job) -> None:
        self._asking += isinstance(job, Subscribe)
        self._agenda.queue.begin(_source_of(job), None)
        self._first.append(job)

    def _fill(self) -> None:
        if self._stopping.is_set():
            return
        while self._carriers < WORKERS and self._first:
            self._begin(self._first.popleft())
        if not self._carriers:
            self._begin_one_more()
        if self._carriers and not self._is_helped:
            self._is_helped = True
            self._threads.submit(self._help)

    def _begin(self, job: _Job) -> None:
        """In a thread of its own."""
        self._carriers += 1
        self._threads.submit(self._carry, job)

    def _begin_one_more(self) -> bool:
        has_room = self._carriers < WORKERS and not self._stopping.is_set()
        job = (self._next() or self._next_page()) if has_room else None
        if job:
            self._begin(job)
        return job is not None

    def _help(self) -> None:
        load, needed = Load(), True
        while needed and not self._stopping.wait(LOOK):
            with self._guard:
                self._is_helped = False  # also where this fails
                needed = self._is_helped = self._carriers > 0 and (not load.waits() or self._begin_one_more())

    def _next(self) -> _Job | None:
        return self._first.popleft() if self._first else self._agenda.next(self._app.plan)

    def _bring_pages(self) -> None:
        """Whatever could not be asked now must not keep the place of what could: one page of a host at a time."""
        hosts, room = set[str](), WORKERS - self._carriers - len(self._first)
        for page in self._app.pages_due() if room > 0 else ():
            if page.host in hosts or self._agenda.queue.is_under_way(page.source):
                continue
            hosts.add(page.host)
            self._send(page)
            if len(hosts) == room:
                return

    def _carry(self, job: _Job) -> None:
        following: _Job | None = job
        while following:
            following = self._carry_one(following)

    def _carry_one(self, job: _Job) -> _Job | None:
        """Do it; what this thread is to do next."""
        source, plan, done = _source_of(job), self._app.plan, tuple[Event, ...]()
        try:
            works = self._app.works()
            done = self._app.run(job) if works else ()
            if not works or any(isinstance(event, Failed) or _was_anothers(event) for event in done):
                self._missed.add(source)
            elif any(map(may_change, done)):
                self._changed()
        except Exception as error:  # a fault of ours must not cost a place in the pool
            self._app.fails(error)
        with self._guard:
            self._asking -= isinstance(job, Subscribe)
            self._agenda.ended(source, done, plan, self._app.clock())
            if again := self._again.pop(source, None):
                self._send(again)
            following = None if self._stopping.is_set() else self._next() or self._next_page(job)
            self._carriers -= following is None
            self._fill()
            return following

    def _next_page(self, ended: _Job | None = None) -> _Job | None:
        """Where one was read, or none was looked for since the last look."""
        if not (self._seeks_pages or isinstance(ended, Complete)):
            return None
        self._seeks_pages = False
        with suppress(StoreError):  # the next look tells what is wrong with the store
            self._bring_pages()
        return self._next()


def _was_anothers(event: Event) -> bool:
    """Who looks through a folder just now may have looked too early."""
    return isinstance(event, Polled) and event.skipped == Why.BEING_ASKED


def may_change(event: Event) -> bool:
    """An answer that nothing has changed changes nothing; what else is dirty, the clock looks for."""
    if isinstance(event, Subscribed):
        return False
    return not isinstance(event, Polled) or bool(event.changes and event.changes.changes)


def _source_of(job: _Job) -> str:
    return job.sources[0] if isinstance(job, Poll) else job.source
