"""What is due, looked for by APScheduler's clock each second; a pool carries it, and refills itself.

The store knows what is due (`next_poll`, the ends of embargoes, what is dirty), so a restart forgets nothing and a look
that comes late loses nothing. Folders are watched besides: a dropped file does not wait for its interval.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    EVENT_JOB_SUBMITTED,
    JobExecutionEvent,
)
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from syndicate.app import Agenda, App
from syndicate.doors import ByName
from syndicate.errors import SyndicateError
from syndicate.model import (
    Backup,
    Complete,
    Event,
    Expire,
    Job,
    LiftDue,
    Plan,
    Poll,
    Publish,
    Pushed,
    Receive,
    Repair,
    SettleDue,
    Subscribe,
)
from syndicate.schedule.deliveries import Deliveries
from syndicate.schedule.pendulum import Pendulum
from syndicate.schedule.pool import Pool
from syndicate.schedule.watch import Watchers
from syndicate.store import Heard

if TYPE_CHECKING:
    from syndicate.schedule.share import Share

log = structlog.get_logger()

# Embargoes end at full seconds: so soon after one is looked what the clock has to do, and later whom to ask. They begin
# before any time that a clock may say: a machine without a battery wakes up in 1970.
_ACTS, _ASKS = (datetime(1970, 1, 1, 0, 0, 0, fraction, tzinfo=UTC) for fraction in (20_000, 500_000))
_ALL = timedelta(minutes=5)  # between two looks at the subscriptions of all sources
_CUT_OFF = 1.0  # seconds until deliveries have ended that were told to
_ENDS = 30.0  # seconds until jobs have ended that are under way
_STILL = 30.0  # seconds without a beat: the clock stands
_SHARE = ByName("syndicate.schedule.share", "Share")  # which brings the engine with it
_STUCK = 3600.0  # seconds that a look may take: a first publish of a large archive takes minutes


class Schedule:
    """Runs until `stop`. No source is asked twice at once. `serves`: hubs can reach us. `tick` counts seconds. `again`:
    the configuration is to be read again, also where that was said before.
    """

    def __init__(
        self,
        app: App,
        *,
        serves: bool = False,
        tick: Callable[[], float] = time.monotonic,
        again: threading.Event | None = None,
    ) -> None:
        self._app = app
        self._tick = tick
        self._serves = serves
        self._seen: tuple[Plan, datetime] | None = None  # the plan that all subscriptions were held against, and when
        self._share: Share | None = _SHARE(app, "run", self._changed) if app.store.is_shared else None
        self._pool = Pool(app, self._changed, self._share.dispatch if self._share else Agenda(app.store))
        self._reload = again or threading.Event()
        self._asked = app.store.recalled("reload")
        self._watchers = Watchers(self._pool.dropped)
        self._deliveries = Deliveries(app)
        self._beaten = tick()
        self._looks = dict[int, float]()  # since when each that is under way is, by its thread
        # In UTC: local time has hours that come twice or not at all. No grace: a late look is as good as one in time.
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._listening = ExitStack()
        self._scheduler.add_listener(_told, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        # Twice a second something is begun, or would be, were the one before not under way still.
        self._scheduler.add_listener(self._beat, EVENT_JOB_SUBMITTED | EVENT_JOB_MAX_INSTANCES)
        self._pendulum = Pendulum(self._clock_moved)

    def start(self) -> None:
        self._app.troubles.alarm("reload", None)  # the file was just read
        self._app.listen(self.hear)
        for act, start in ((self._act, _ACTS), (self._ask, _ASKS)):
            self._scheduler.add_job(self._look, "interval", args=(act,), start_date=start, seconds=1)
        for job, seconds in ((Expire(), 3600), (Repair(), 30), (Backup(), 30)):
            arguments = (self._run, job)
            self._scheduler.add_job(self._look, "interval", args=arguments, start_date=_ASKS, seconds=seconds)
        if self._share:
            self._share.start()
        self._look(self._look_due)
        self._scheduler.start()
        self._pendulum.start()
        self._deliveries.start()
        self._watchers.watch(self._app.folders())
        self._listening.enter_context(self._app.store.listen(self._heard))
        self._app.tidy()

    def reload(self) -> None:
        """Soon: safe to be called by a signal's handler."""
        self._reload.set()

    def lives(self) -> bool:
        """Does its clock go, and does nothing that it has begun hang? For who watches over the process."""
        now = self._tick()
        return now - self._beaten < _STILL and all(now - since < _STUCK for since in [*self._looks.values()])

    def stop(self, timeout: float) -> bool:
        """Start nothing more, and wait `timeout` seconds for what is under way; whether all of it has ended."""
        self._pendulum.stop()
        self._pool.stop()
        if self._share:
            self._share.end()
        self._deliveries.end()
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        ending = threading.Thread(target=self._end, daemon=True)
        ending.start()
        ending.join(timeout)
        return not ending.is_alive()

    def _end(self) -> None:
        """Afterwards no thread of ours uses the store, so that it can be closed."""
        self._scheduler.shutdown()  # waits for its own threads, which lift, look what is due, publish and reload
        self._watchers.stop()
        self._pool.wait()
        if self._share:
            self._share.stop(_ENDS)
        self._deliveries.stop(_CUT_OFF)
        self._listening.close()  # last: a database that does not answer may keep it

    def _look(self, act: Callable[..., object], *arguments: Job) -> None:
        """Where the store cannot be used, nobody is asked and nothing is done: it would be for nothing."""
        with self._under_way():
            if self._app.works():
                try:
                    act(*arguments)
                except SyndicateError as error:
                    self._app.fails(error)

    def _clock_moved(self) -> None:
        """APScheduler sleeps until the time of day at which something is next: after a step back, for years perhaps."""
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            with suppress(JobLookupError):
                job.modify(next_run_time=job.trigger.get_next_fire_time(None, now))
        self._scheduler.add_job(self._look, args=(self._run, Expire()))  # what was put off for years

    def _beat(self, _: object) -> None:
        self._beaten = self._tick()

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        me, before = threading.get_ident(), self._looks.get(threading.get_ident())
        self._looks[me] = self._tick() if before is None else before
        try:
            yield
        finally:
            if before is None:
                del self._looks[me]

    def _run(self, job: Job) -> tuple[Event, ...]:
        """But not too soon after it failed."""
        return () if self._app.troubles.rests(job) else self._app.run(job)

    def hear(self, event: Event) -> None:
        """What is pushed is read at once."""
        if isinstance(event, Pushed):
            self.submit(Receive(event.source), again=True)

    def submit(self, job: Poll | Complete | Receive | Subscribe, *, again: bool = False) -> None:
        """Carry it in the pool, before all others."""
        self._pool.submit(job, again=again)

    def _act(self) -> None:
        """What the clock does, and what others have done: it is published at once."""
        self._app.lead()
        self._run(LiftDue())
        self._run(SettleDue())
        self._publish()

    def _ask(self) -> None:
        self._reload_if_asked()
        with self._app.store.role("clock") as leads:
            self._look_due()
            for job in self._app.pushes_due() if leads else ():
                self.submit(job)
            if self._serves and leads:
                self._subscribe()

    def _look_due(self) -> None:
        """Where several machines share the store, one says what is due."""
        with self._app.store.role("clock") as leads:
            self._pool.look(leads=leads)

    def _changed(self) -> None:
        self._look(self._publish)

    def _heard(self, what: Heard) -> None:
        """Of another process, before the clock looks for it."""
        try:
            if what == "marked":
                self._changed()
            else:
                self._deliveries.wake()
        except Exception as error:  # a fault of ours must not end the thread that hears
            self._app.fails(error)

    def _subscribe(self) -> None:
        plan, now = self._app.plan, self._app.clock()
        everyone = self._seen is None or self._seen[0] is not plan or not self._seen[1] <= now < self._seen[1] + _ALL
        for job in self._app.hubs_due(everyone=everyone):
            self.submit(job)
        if everyone:
            self._seen = plan, now

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
                self._watchers.watch(self._app.folders())


def _told(event: JobExecutionEvent) -> None:
    log.error("job failed or missed", job=event.job_id, reason=repr(getattr(event, "exception", None)))
