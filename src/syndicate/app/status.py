"""How everything is, and what needs a person: one answer for the command, and for whoever else asks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from syndicate import store as stores
from syndicate.app.by_hand import Hidden, hidden
from syndicate.app.gone import FEW, gone_lines
from syndicate.app.looking import faults_of_folder, faults_of_store, looked_at
from syndicate.app.machines import machine_lines
from syndicate.app.needs import Embargoed, Need, of_alarm, of_fault
from syndicate.app.remedies import remedy
from syndicate.app.source_states import SourceState, source_states
from syndicate.app.spread import spread_lines
from syndicate.app.topics import Row, topic_rows
from syndicate.app.waiting import waiting_hooks, waiting_lines
from syndicate.errors import StoreError, StoreMissing
from syndicate.model import Plan
from syndicate.store import OF_SOURCES, Alarm, Machine, Store
from syndicate.text import count
from syndicate.urls import without_secrets


@dataclass(frozen=True)
class State:
    """Without a store that can be read, only where it would be, and why not."""

    store: str  # where it is
    daemon: str | None  # its process; None: there is none, or it `is_unknown`
    cut_off: str | None = None  # of one that ended without being told to, and nothing has run since
    is_unknown: bool = False  # whether one runs: whom to ask is the store, and it cannot be reached
    store_bytes: int = 0
    releases: Mapping[str, int] = field(default_factory=dict)
    dirty: int = 0
    sources: tuple[SourceState, ...] = ()
    topics: tuple[Row, ...] = ()
    embargoes: tuple[Embargoed, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    hidden: tuple[Hidden, ...] = ()  # what a person changed, over something newer of its source
    waiting: tuple[str, ...] = ()  # what sources said and what waits for the clock, a line each
    spread: tuple[str, ...] = ()  # corrections and withdrawals that have not reached everybody, a line each
    faults: tuple[str, ...] = ()  # of the store and the folder of feeds, found by looking
    notes: tuple[str, ...] = ()  # of these, what needs nobody
    machines: tuple[Machine, ...] = ()  # the processes that share the store, where several may
    queue: int = 0  # jobs that wait for one of them, …
    oldest_job: datetime | None = None  # … and since when

    @cached_property
    def noted(self) -> tuple[str, ...]:
        """What is good to know, and needs nobody."""
        return tuple(self._noted())

    def _noted(self) -> Iterator[str]:
        yield from self.notes
        yield from machine_lines(self.machines)
        for source in self.sources:
            if source.address:
                yield f"source {source.id} is asked at {source.address}: put that into config.toml if it is meant"
            if source.hub and source.hub.error and source.asked:
                yield f"source {source.id} is polled alone: its hub does not push: {source.hub.error}"
            if source.pages.waiting:
                yield f"source {source.id}: {count(source.pages.waiting, 'page')} of its releases to be read"
            for url, reason in source.pages.failures[:FEW]:
                page = without_secrets(url)
                yield f"source {source.id}, page {reason if page in reason else f'{page}: {reason}'}"
            yield from gone_lines(source.id, [page for page in source.gone_pages if not page.needs_person])
            for note in source.notes:
                yield f"source {source.id}, {note.where}: {note.reason}"
        yield from map(str, self.hidden)
        yield from self.waiting
        yield from self.spread

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """What a person should do something about, each with what that is."""
        return tuple(need.text for need in self.each_need)

    @cached_property
    def each_need(self) -> tuple[Need, ...]:
        return tuple(self._needs())

    def _needs(self) -> Iterator[Need]:
        yield from map(of_fault, self.faults)
        if self.cut_off:
            fact = (
                f"the last run (process {self.cut_off}) ended without being told to: killed, or by a fault or a loss"
                " of power; nothing is asked or published"
            )
            yield Need("ended", "daemon", fact, remedy("ended", "daemon"))
        for source in self.sources:
            yield from source.needs(bool(self.daemon))
        for embargo in self.embargoes:
            if embargo.needs_person:
                yield embargo.need
        yield from map(of_alarm, self.alarms)


def state_of(plan: Plan, moment: datetime) -> State:
    """How everything is at this moment. Makes no store, and does not wait long for one."""
    try:
        with looked_at(plan, briefly=True) as store:
            return _state(plan, store, moment)
    except StoreError as error:
        return _unread(plan, error)


def state_in(plan: Plan, store: Store, moment: datetime) -> State:
    """The same by a store that is open, unless its file has been taken away under it."""
    if store.lost:
        return state_of(plan, moment)
    try:
        return _state(plan, store, moment)
    except StoreError as error:
        return _unread(plan, error)


def _unread(plan: Plan, error: StoreError) -> State:
    """Without a store that can be read. What is in the way of one that is there, a daemon that waits knows best."""
    told = (() if isinstance(error, StoreMissing) else stores.said(plan.store)) or (str(error),)
    state = State(
        store=stores.shown(plan.store),
        daemon=None,
        faults=(*(f"store {line}" for line in told), *faults_of_folder(plan)),
    )
    try:
        return replace(state, daemon=stores.running(plan.store), cut_off=stores.cut_off(plan.store))
    except StoreError:
        return replace(state, is_unknown=True)


def needing(plan: Plan, store: Store, moment: datetime) -> State:
    """As much of it as says what needs a person."""
    # What the daemon says of the store, or else what can be seen.
    store_faults = [f"store {line}" for line in stores.said(plan.store)] or [*faults_of_store(plan, store)]
    jobs, machines = store.jobs(), store.machines()
    return State(
        store=stores.shown(plan.store),
        daemon=stores.running(plan.store),
        cut_off=stores.cut_off(plan.store),
        machines=machines,
        queue=jobs.waiting,
        oldest_job=jobs.oldest,
        sources=tuple(source_states(plan.sources, machines, store, moment)),
        embargoes=tuple(
            Embargoed(
                release.id,
                held.title,
                held.embargo.until if held.embargo else None,
                held.embargo.event if held.embargo else None,
                release.visible,
                release.headline or not release.content,
            )
            for release, held in store.releases.waiting()
        ),
        alarms=tuple(_current(store.alarms.list(), plan)),
        faults=(*store_faults, *faults_of_folder(plan)),
    )


def _state(plan: Plan, store: Store, moment: datetime) -> State:
    there, zone = stores.exists(plan.store), ZoneInfo(plan.site.timezone)
    return replace(
        needing(plan, store, moment),
        store_bytes=store.size if there else 0,
        releases=store.releases.counts(),
        dirty=len(store.feeds.marks()),
        topics=tuple(topic_rows(plan, store)),
        hidden=hidden(store, store.releases.edited()),
        waiting=(*waiting_lines(store, zone), *waiting_hooks(store.webhooks.list(), zone)),
        spread=tuple(spread_lines(store, moment, zone)),
        notes=() if there else (f"store {stores.shown(plan.store)}: will be made by the first run",),
    )


def _current(alarms: Iterable[Alarm], plan: Plan) -> Iterator[Alarm]:
    """Not those of a source that is configured no more."""
    sources = {source.id for source in plan.sources}
    return (alarm for alarm in alarms if alarm.kind not in OF_SOURCES or alarm.subject in sources)
