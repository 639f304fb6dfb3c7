"""The pool: so many jobs at once, and who has ended one takes the next. Nobody waits for a clock while others do."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from syndicate.app import WORKERS, Agenda, App
from syndicate.errors import StoreError
from syndicate.model import Complete, Event, Failed, Poll, Polled

_Job = Poll | Complete


class Pool:
    """No source is asked twice at once. `changed` is called after each job that may have changed what is published."""

    def __init__(self, app: App, changed: Callable[[], object]) -> None:
        self._app = app
        self._changed = changed
        self._agenda = Agenda(app.store)
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="job")
        self._guard = threading.Lock()
        self._carriers = 0  # threads that carry jobs
        self._first = deque[_Job]()  # what waits for a carrier alone
        self._again = set[str]()
        self._missed = set[str]()  # folders in which something happened while the store could not be used
        self._stopping = False

    def look(self) -> None:
        """Wake up: begin with those whose turn has come, as many as there is room for.

        Neither a restart nor a full hour makes a burst, and one slow server keeps no more than its places.
        """
        for source in [*self._missed]:  # once each: what fails again is missed again
            self._missed.discard(source)
            self.dropped(source)
        with self._guard:
            if self._stopping:
                return
            self._agenda.look(self._app.plan, self._app.clock())
            self._fill()
            if self._carriers < WORKERS:
                self._bring_pages()
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
            if self._stopping:
                return
            if self._agenda.queue.is_under_way(source):
                if again:
                    self._again.add(source)
                return
            self._send(job)
            self._fill()

    def stop(self) -> None:
        """Begin nothing more."""
        with self._guard:
            self._stopping = True
            self._first.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def wait(self) -> None:
        """For what is under way, once stopped."""
        self._threads.shutdown()

    def _send(self, job: _Job) -> None:
        self._agenda.queue.begin(_source_of(job), None)
        self._first.append(job)

    def _fill(self) -> None:
        """A thread for each job, while there is room."""
        while not self._stopping and self._carriers < WORKERS and (job := self._next()):
            self._carriers += 1
            self._threads.submit(self._carry, job)

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
            if not works or any(isinstance(event, Failed) for event in done):
                self._missed.add(source)
            elif any(map(_may_change, done)):
                self._changed()
        except Exception as error:  # a fault of ours must not cost a place in the pool
            self._app.fails(error)
        with self._guard:
            self._agenda.ended(source, done, plan, self._app.clock())
            if source in self._again:
                self._again.discard(source)
                self._send(Poll(None, (source,), "each"))
            following = None if self._stopping else self._next() or self._next_page(job)
            self._carriers -= following is None
            return following

    def _next_page(self, ended: _Job) -> _Job | None:
        if not isinstance(ended, Complete):
            return None  # where one has become due, the next look finds it
        with suppress(StoreError):  # and tells what is wrong with the store
            self._bring_pages()
        return self._next()


def _may_change(event: Event) -> bool:
    """An answer that nothing has changed changes nothing; what else is dirty, the clock looks for."""
    return not isinstance(event, Polled) or bool(event.changes and event.changes.changes)


def _source_of(job: _Job) -> str:
    return job.sources[0] if isinstance(job, Poll) else job.source
