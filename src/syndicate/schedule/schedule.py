"""What is due, carried by APScheduler: jobs a second apart that ask the store, and a pool that carries what they find.

The store knows what is due (`next_poll`, the ends of embargoes, what is dirty), so a restart forgets nothing and a job
that comes late loses nothing. Folders are watched besides: a dropped file does not wait for its interval.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from syndicate.app import WORKERS, App
from syndicate.errors import SyndicateError
from syndicate.model import (
    Complete,
    Event,
    Expire,
    Failed,
    Job,
    LiftDue,
    Lifted,
    Poll,
    Publish,
    Repair,
    Settled,
    SettleDue,
)
from syndicate.schedule.watch import Watchers

log = structlog.get_logger()

_EACH = {"seconds": 1}


class Schedule:
    """Runs until `stop`. No source is asked twice at once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="job")
        self._running: dict[str, str | None] = {}  # source → the host that it is asked from
        self._again: set[str] = set()
        self._missed: set[str] = set()  # folders in which something happened while the store could not be used
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._reload = threading.Event()
        self._asked = app.store.recalled("reload")
        self._watchers = Watchers(self._dropped)
        # In UTC: local time has hours that come twice or not at all. No grace: a late look is as good as one in time.
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_listener(_told, EVENT_JOB_ERROR | EVENT_JOB_MISSED)

    def start(self) -> None:
        self._app.troubles.alarm("reload", None)  # the file was just read
        for act in (self._lift, self._poll, self._publish, self._reload_if_asked):
            self._scheduler.add_job(self._look, "interval", args=(act,), **_EACH)
        self._scheduler.add_job(self._look, "interval", args=(self._run, Expire()), hours=1)
        self._scheduler.add_job(self._look, "interval", args=(self._run, Repair()), seconds=30)
        self._look(self._poll)
        self._scheduler.start()
        self._watchers.watch(self._app.plan.sources)

    def reload(self) -> None:
        """Soon: safe to be called by a signal's handler."""
        self._reload.set()

    def stop(self, timeout: float) -> bool:
        """Start nothing more, and wait `timeout` seconds for what is under way; whether all of it has ended."""
        with self._guard:
            self._stopping.set()
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        ending = threading.Thread(target=self._end, daemon=True)
        ending.start()
        ending.join(timeout)
        return not ending.is_alive()

    def _end(self) -> None:
        """Afterwards no thread of ours uses the store, so that it can be closed."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._scheduler.shutdown()  # waits for its own threads, which lift, look what is due, publish and reload
        self._watchers.stop()
        self._pool.shutdown()

    def _look(self, act: Callable[..., object], *arguments: Job) -> None:
        """Where the store cannot be used, nobody is asked and nothing is done: it would be for nothing."""
        if self._app.works():
            try:
                act(*arguments)
            except SyndicateError as error:
                self._app.fails(error)

    def _run(self, job: Job) -> tuple[Event, ...]:
        """But not too soon after it failed."""
        return () if self._app.troubles.rests(job) else self._app.run(job)

    def _lift(self) -> None:
        done = (*self._run(LiftDue()), *self._run(SettleDue()))
        if any(isinstance(event, Lifted | Settled) for event in done):
            self._publish()

    def _publish(self) -> None:
        """Where that fails, what is dirty stays dirty, and the last good feeds stay where they are."""
        if self._app.store.feeds.marks():
            self._run(Publish())

    def _reload_if_asked(self) -> None:
        """By a signal, or by a command that has changed the file."""
        asked = self._app.store.recalled("reload")
        if self._reload.is_set() or asked != self._asked:
            self._reload.clear()
            self._asked = asked
            if self._app.reload().error is None:
                self._watchers.watch(self._app.plan.sources)

    def _poll(self) -> None:
        """Begin with those that have waited for longest, as many as there is room for: the others come at a later look.

        So neither a restart nor a full hour makes a burst, and one slow server keeps no more than its places.
        """
        with self._guard:
            running = {**self._running}  # before the store is asked: what ends meanwhile is not begun again
        asked, room = Counter(running.values()), WORKERS - len(running)
        for source in [*self._missed]:  # once each: what fails again is missed again
            self._missed.discard(source)
            self._dropped(source)
        for job in self._app.due():
            if room <= 0:
                return
            if job.sources[0] in running:
                continue
            if job.host is None or asked[job.host] < self._app.plan.fetch.per_host:
                asked[job.host] += 1
                room -= 1
                running[job.sources[0]] = job.host
                self.submit(job)
        hosts = set[str]()
        for page in self._app.pages_due() if room > 0 else ():
            # Whatever could not be asked now must not keep the place of what could: one page of a host at a time.
            if page.source in running or page.host in hosts:
                continue
            hosts.add(page.host)
            room -= 1
            self.submit(page)
            if room <= 0:
                return

    def _dropped(self, source: str) -> None:
        """Something has happened in its folder."""
        found = self._app.plan.by_id.get(source)
        if found and found.path:
            self.submit(Poll(None, (source,), "each"), again=True)

    def submit(self, job: Poll | Complete, *, again: bool = False) -> None:
        """Carry it in the pool. With `again`, once more after the run that is under way: a file may have come since."""
        source = job.sources[0] if isinstance(job, Poll) else job.source
        with self._guard:
            if self._stopping.is_set():
                return
            if source in self._running:
                if again:
                    self._again.add(source)
                return
            self._running[source] = job.host if isinstance(job, Poll) else None
            self._pool.submit(self._carry, job, source)

    def _carry(self, job: Job, source: str) -> None:
        try:
            if not self._app.works():
                self._missed.add(source)
                return
            done = self._app.run(job)
            if any(isinstance(event, Failed) for event in done):
                self._missed.add(source)
            elif done:
                self._look(self._publish)
        finally:
            with self._guard:
                del self._running[source]
                again = source in self._again
                self._again.discard(source)
            if again:
                self._dropped(source)


def _told(event: JobExecutionEvent) -> None:
    log.error("job failed or missed", job=event.job_id, reason=repr(getattr(event, "exception", None)))
