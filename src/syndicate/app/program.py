"""The plan, the store, what asks and what reads, and the clock.

`App.run(job)` does a piece of work and says what was done as events; each is handed to whoever listens, too. Errors are
caught here, once for each job: the stages below only return or raise them.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Self

from syndicate import adopt, fulltext, pipeline, trying, webhooks
from syndicate import store as stores
from syndicate.app import pushes
from syndicate.app.carriers import carry_each
from syndicate.app.clock import Clock, apart, system_clock
from syndicate.app.due import due, pages_due
from syndicate.app.fixed import check_change
from syndicate.app.jobs import do
from syndicate.app.leading import Leading
from syndicate.app.log import Lines, log
from syndicate.app.tools import page_delay_of, tools_of
from syndicate.app.troubles import Troubles
from syndicate.config import load_again
from syndicate.errors import StoreUnusable, SyndicateError
from syndicate.model import (
    Changes,
    Complete,
    Document,
    Event,
    Failed,
    Job,
    Plan,
    Poll,
    Publish,
    Published,
    Receive,
    Reloaded,
    Source,
    Subscribe,
)
from syndicate.polling import Call
from syndicate.publish import Folders
from syndicate.work import Tools, Work

Listener = Callable[[Event], object]


class App(Leading):
    """A context manager: it opens the store, and closes what it opened. `listeners` hear of each event, like the log.

    `lines`: where those of the log go, if not to structlog at once.

    A reload swaps plan and tools at once: a job that is under way ends with those that it began with.
    """

    def __init__(
        self,
        plan: Plan,
        listeners: Iterable[Listener] = (),
        *,
        clock: Callable[[], datetime] = system_clock,
        lines: Lines | None = None,
    ) -> None:
        self.clock = self._clock = Clock(clock)
        self.started = self.configured = clock()  # when config.toml was last read
        self._listeners: tuple[Listener, ...] = (partial(log, to=lines) if lines else log, *listeners)
        self.store = stores.open(plan.store, told=(lines or Lines()).converting(), most=plan.cluster.pool)
        self.plan = pipeline.with_reserved(self.store, plan)
        self.store.says(self.said)
        self.looked_at_clocks()
        self._prepared = self.store.number("clock")  # the lease with which it was
        self.tools = tools_of(plan, page_delay_of(plan))
        self.troubles = Troubles(self.store)
        self._folders = Folders()
        self._stays_ready = False
        self._users = Counter[Tools]()
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.tools.close()
        self.store.close()

    def stay_ready(self) -> None:
        """For who watches folders: what reads is kept, so that a dropped file does not wait for it."""
        self._stays_ready = True
        if any(source.path and source.enabled for source in self.plan.sources):
            self.tools.stay_ready()

    def listen(self, listener: Listener) -> None:
        self._listeners = (*self._listeners, listener)

    def run(self, job: Job, *listeners: Listener) -> tuple[Event, ...]:
        """Do it. Whatever goes wrong is an event: it costs no other job, and what was to be done stays to be done."""
        done = list[Event]()
        tell = self._teller(done, listeners)
        try:
            with self._using() as (plan, tools):
                do(job, self._work(plan, tools, tell))
        except Exception as error:  # a fault of ours must not stop the others
            tell(self.troubles.failed(job, error))
        else:
            for event in self.troubles.worked(job):
                tell(event)
        return tuple(done)

    def works(self) -> bool:
        """Can the store be used? Where it could not, that is tried out, after a pause. Cheap while it can."""
        for event in self.troubles.of_store():
            self.tell(event)
        return self.troubles.store_works

    def looked_at_clocks(self) -> str:
        """By how much that of this machine differs from the database's, in words: from now on it is none later."""
        self._clock.skew = self.store.skew()
        return apart(self._clock.skew)

    def fails(self, error: Exception) -> None:
        """Tell of what went wrong outside a job."""
        self.tell(self.troubles.failed(None, error))

    def run_all(self, jobs: Sequence[Job], *listeners: Listener) -> tuple[Event, ...]:
        """Several at a time; what was done, in the jobs' order."""
        return tuple(self.run_each(jobs, *listeners))

    def run_each(self, jobs: Sequence[Job], *listeners: Listener) -> Iterator[Event]:
        """As `run_all`, for who lets go of each event: a first cycle's are every release that there is."""
        for events in carry_each(lambda job: self.run(job, *listeners), jobs):
            yield from events

    def complete_all(
        self, sources: Sequence[Source], *listeners: Listener, call: Call = Call.EACH
    ) -> tuple[Event, ...]:
        """Every page of their releases that is due now, with the pauses between them. For commands: it sleeps."""
        done = list[Event]()
        with self._using() as (plan, tools):
            fulltext.complete_all(sources, self._work(plan, tools, self._teller(done, listeners)), call=call)
        return tuple(done)

    def adopt(self) -> int | None:
        """Take over what another store has published, before `prepare`: how many releases; None: it is ours already."""
        return adopt.adopt(self.store, self.plan, now=self.clock())

    def prepare(self) -> None:
        """At start and after a reload, before anything is published: by who says what is due, where several could."""
        with self._leading() as leads:
            if leads:
                self._prepare(self.clock())
                self._prepared = self.store.number("clock")

    def lead(self) -> None:
        """Be there for what others did until now; prepare, where one of them has said what is due."""
        with self._leading() as leads:
            if leads and self.store.number("clock") != self._prepared:
                self.prepare()
        with self.store.role("publisher"):  # before there is something to publish
            pass

    def _prepare(self, now: datetime) -> None:
        # First the feeds: a renamed topic must be there before releases move into it.
        with self.store.role("publisher") as publishes:
            pipeline.prepare(self.store, self.plan, now=now, publishes=publishes)
        pipeline.reclassify(self.store, plan=self.plan, now=now)
        trying.take(self.store, self.plan, now)
        webhooks.settle(self.store, self.plan)

    def tidy(self) -> None:
        """What was kept for a source goes, where the configuration names it no more. By who goes on with that."""
        pipeline.drop_mirrors(self.plan)

    def check_taken(self) -> None:
        """Before a source is asked, at a start: ConfigError where the configuration wants a person's word first."""
        trying.check(self.store, self.plan)

    def due(self) -> list[Poll]:
        """A job for each source that may be asked now, those first that have waited for longest."""
        return due(self.plan.sources, self.store, self.clock())

    def pages_due(self) -> Iterator[Complete]:
        """A job for each source with a page of a release that may be asked now; at most one for each host."""
        return pages_due(self.plan.sources, self.store, self.tools.page_delay.free, self.clock())

    def hubs_due(self, *, everyone: bool) -> Iterator[Subscribe]:
        """Subscriptions of which something is due. For who serves."""
        return pushes.due(self.store, self.plan, self.clock(), everyone=everyone)

    def pushes_due(self) -> Iterator[Receive]:
        """What hubs have pushed, whoever serves."""
        return pushes.pushed(self.store)

    def tell(self, event: Event) -> None:
        """Of what happened outside a job."""
        self._teller([], ())(event)

    def amend(self, act: "pipeline.Act") -> Changes:
        """What a person does to a release. StoreError where it cannot be done."""
        return pipeline.amend(self.store, act, plan=self.plan, now=self.clock())

    def run_or_raise(self, job: Job, *listeners: Listener) -> tuple[Event, ...]:
        """For commands: what fails is raised."""
        done = self.run(job, *listeners)
        for event in done:
            if isinstance(event, Failed):
                raise event.cause
        return done

    def publish(self, topics: Iterable[str] = ()) -> tuple[Document, ...]:
        """Render what is dirty, and these topics; the documents that changed. For commands: what fails is raised."""
        done = self.run_or_raise(Publish(tuple(topics)))
        return tuple(document for event in done if isinstance(event, Published) for document in event.documents)

    def reload(self) -> Reloaded:
        """Read config.toml again. One that cannot be used, or needs a start, is refused: the plan before goes on."""
        before, error = self.plan, None
        try:
            plan = pipeline.with_reserved(self.store, load_again(before.path, before.port))
            check_change(before, plan)
            trying.check(self.store, plan)
            with self._leading() as leads:
                if leads:
                    pipeline.open_feeds(self.store, plan, now=self.clock())
            self._swap(plan)
            try:
                self.prepare()
            except BaseException:
                self._swap(before)
                raise
        except SyndicateError as refused:
            error = str(refused)
        else:
            self.configured = self.clock()
            self.tidy()
        event = Reloaded(error=error)
        self.troubles.alarm("reload", error)
        self.tell(event)
        return event

    def gone(self, path: str) -> bool:
        """Was there a release at this path that readers saw, and that is withdrawn?"""
        if not path.startswith("releases/"):
            return False
        try:
            release = self.store.releases.get(path[len("releases/") :].removesuffix(".html"))
        except StoreUnusable:
            return False  # the page is the notice all the same, as on any web server
        return bool(release and release.withdrawn and release.issued)

    def moved(self, path: str) -> str | None:
        """Where the feeds and pages of a renamed topic are now."""
        first, dot, rest = path.partition("/") if "/" in path else path.partition(".")
        topic = self.plan.renamed.get(first)
        return f"{topic}{dot}{rest}" if topic else None

    def _swap(self, plan: Plan) -> None:
        with self._guard:
            before, pauses = self.tools, self.tools.page_delay
            if plan.fetch.page_delay != self.plan.fetch.page_delay:
                pauses = page_delay_of(plan)
            self.plan, self.tools = plan, tools_of(plan, pauses)
            self.store.says(self.said)
            idle = not self._users[before]
        if idle:
            before.close()
        if self._stays_ready:
            self.stay_ready()

    def _work(self, plan: Plan, tools: Tools, tell: Listener) -> Work:
        return Work(plan=plan, store=self.store, tools=tools, clock=self.clock, tell=tell, folders=self._folders)

    def _teller(self, done: list[Event], listeners: Sequence[Listener]) -> Listener:
        def tell(event: Event) -> None:
            done.append(event)
            for listener in (*self._listeners, *listeners):
                listener(event)

        return tell

    @contextmanager
    def _using(self) -> Iterator[tuple[Plan, Tools]]:
        with self._guard:
            plan, tools = self.plan, self.tools
            self._users[tools] += 1
        try:
            yield plan, tools
        finally:
            with self._guard:
                self._users[tools] -= 1
                over = not self._users[tools]
                if over:
                    del self._users[tools]
                over = over and tools is not self.tools
            if over:
                tools.close()
                self._catch_up(plan)
                self.tidy()

    def _catch_up(self, before: Plan) -> None:
        """The last job of an earlier plan has ended: what it wrote since the reload is to be as today's plan has it."""
        with self._leading() as leads:
            if leads and pipeline.outdate(self.store, before, self.plan):
                self.prepare()
