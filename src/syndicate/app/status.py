"""How everything is, and what needs a person: one answer for the command, and for whoever else asks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from zoneinfo import ZoneInfo

from syndicate import store as stores
from syndicate.app.by_hand import Hidden, hidden
from syndicate.app.due import turn_with
from syndicate.app.gone import FEW, GonePage, gone_lines, gone_pages
from syndicate.app.hubs import HubState, hub_of
from syndicate.app.looking import faults_of_folder, faults_of_store, looked_at
from syndicate.app.machines import absent, machine_lines
from syndicate.app.needs import Embargoed, Need, of_alarm, of_fault
from syndicate.app.remedies import remedy
from syndicate.app.spread import spread_lines
from syndicate.app.topics import Row, topic_rows
from syndicate.app.waiting import waiting_hooks, waiting_lines
from syndicate.errors import StoreError, StoreMissing
from syndicate.model import FetchState, Plan, Source
from syndicate.polling import Turn, location
from syndicate.store import NO_PAGES, OF_SOURCES, Alarm, Counted, Machine, Quarantined, Store
from syndicate.text import age, count
from syndicate.urls import without_secrets

CONDITIONS = {
    "ok": "ok",
    "failed": "failed",
    "waits": "waits for its server",
    "new": "not asked yet",
    "paused": "paused",
    "gone": "gone",
    "disabled": "not enabled",
}
_LATE, _INTERVALS = timedelta(minutes=15), 4  # a source that was due for longer is forgotten
_TOO_MANY = 3  # pages that cannot be read, where none can


@dataclass(frozen=True)
class SourceState:
    id: str
    enabled: bool
    last_attempt: datetime | None
    last_success: datetime | None
    age: float | None  # seconds since the last success
    next_poll: datetime | None  # no earlier than a Retry-After allows
    waits: datetime | None  # a Retry-After, its own or its server's: nobody asks before
    overdue: float  # seconds for which nobody has asked it though it was due
    failures: int
    error: str | None
    paused: bool
    gone: bool  # it answered 410
    address: str | None  # where it is asked, if that is not its `url`; without credentials
    folder: bool = False
    absent: str = ""  # the machine that its folder belongs to, of which no process runs
    brought: datetime | None = None  # when it last had something new
    hub: HubState | None = None
    refused: tuple[Quarantined, ...] = ()
    notes: tuple[Quarantined, ...] = ()
    pages: Counted = NO_PAGES  # of its releases, that complete them
    gone_pages: tuple[GonePage, ...] = ()  # that were read, and are not there any more

    @property
    def asked(self) -> bool:
        return self.enabled and not self.paused and not self.gone

    def needs(self, daemon: bool) -> Iterator[Need]:
        """`daemon`: does it run? What a source has refused, and a page that is gone, may be of a release that is held:
        outside they are counted, and named by the id.
        """
        who, it = f"source {self.id}", self.id
        if self.gone:
            yield Need("gone", it, f"{who} is gone and is not asked any more: {self.error}", remedy("gone", it))
        elif self.asked and self.absent and (self.overdue or self.last_attempt is None):
            fact = f"{who} belongs to machine {self.absent}, of which no process runs: nobody reads its folder"
            yield Need("machine", it, fact, remedy("machine", it))
        elif self.enabled and self.error and not self.paused:
            todo = remedy("failed", it, self.error, waits=self.waits is not None)
            yield Need("failed", it, f"{who} failed: {self.error}", todo)
        elif self.asked and self.overdue:
            why = "the daemon is stuck" if daemon else "the daemon does not run"
            fact = f"{who} should have been asked {age(self.overdue)} ago: {why}"
            yield Need("overdue", it, fact, remedy("stuck" if daemon else "overdue", it))
        if self.pages.failed >= _TOO_MANY and not self.pages.read:
            fact = f"{who}: none of its releases' pages can be read"
            yield Need("pages", it, f"{fact}: {self.pages.failures[0][1]}", remedy("pages", it), fact)
        gone = [page for page in self.gone_pages if page.needs_person]
        for n, line in enumerate(gone_lines(it, gone)):
            ids = [page.release for page in gone[n : n + 1] or gone[FEW:]]
            shown, todo = ", ".join(ids), remedy("page" if len(ids) == 1 else "pages gone", ids[0])
            yield Need("page", f"{it} {shown}", line, todo, f"{who}: the page is gone of {shown}")
        refused = f"{who}: {count(len(self.refused), 'file or entry', 'files or entries')} refused"
        for each in self.refused:
            todo = remedy("refused file" if self.folder else "refused", it)
            yield Need("refused", it, f"{who}, {each.where}: {each.reason}", todo, refused)

    @property
    def kind(self) -> str:
        """One of a few words (`CONDITIONS`): the first that applies."""
        found = {
            "disabled": not self.enabled,
            "gone": self.gone,
            "paused": self.paused,
            "failed": bool(self.error),
            "waits": self.waits is not None,
            "ok": self.last_success is not None,
        }
        return next((word for word, applies in found.items() if applies), "new")

    @property
    def condition(self) -> str:
        """In a word or two, for people."""
        if self.kind == "failed":
            return f"failed {count(self.failures, 'time')}" + (", waits" if self.waits else "")
        return CONDITIONS[self.kind]


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
        sources=tuple(_source_states(plan.sources, machines, store, moment)),
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


def _source_states(
    sources: Iterable[Source], machines: Sequence[Machine], store: Store, moment: datetime
) -> Iterator[SourceState]:
    """What the store knows of all is asked of it at once: a statement of each kind, however many sources there are."""
    states, resting = store.sources.states(), store.sources.resting(moment)
    pushed = {source: [*each] for source, each in groupby(store.callbacks.all(), attrgetter("source"))}
    pages, gone = store.pages.counted_each(), store.pages.gone_each()
    found = {source: [*each] for source, each in groupby(store.sources.quarantined(), attrgetter("source"))}
    for source in sources:
        state = location.recalled(states.get(source.id) or FetchState(source=source.id), source)
        told = _source_state(source, state, turn_with(resting, source, state, moment), moment)
        if state.hub:
            told = replace(told, hub=hub_of(source, state, pushed.get(source.id, ()), moment))
        if machine := absent(source, machines):
            told = replace(told, absent=machine)
        if any(source.id in more for more in (found, pages, gone)):
            told = replace(
                told,
                refused=tuple(q for q in found.get(source.id, ()) if not q.harmless),
                notes=tuple(q for q in found.get(source.id, ()) if q.harmless),
                pages=pages.get(source.id, NO_PAGES),
                gone_pages=gone_pages(source, gone.get(source.id, ()), store),
            )
        yield told


def _source_state(source: Source, state: FetchState, turn: Turn, moment: datetime) -> SourceState:
    """By what its polls have come to."""
    late = moment - turn.next if turn.next else timedelta()
    return SourceState(
        id=source.id,
        enabled=source.enabled,
        last_attempt=state.last_attempt,
        last_success=state.last_success,
        age=(moment - state.last_success).total_seconds() if state.last_success else None,
        next_poll=turn.next,
        waits=turn.waits,
        overdue=late.total_seconds() if late > max(_LATE, _INTERVALS * source.interval) else 0,
        failures=state.failures,
        error=state.error,
        paused=state.paused,
        gone=state.gone and source.enabled,
        address=without_secrets(state.address) if state.address and state.configured == source.url else None,
        folder=source.path is not None,
        brought=state.delivered[-1] if state.delivered else None,
    )
