"""How each source is, and what of it needs a person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from syndicate.app.due import turn_with
from syndicate.app.gone import FEW, GonePage, gone_lines, gone_pages
from syndicate.app.hubs import HubState, hub_of
from syndicate.app.machines import absent
from syndicate.app.needs import Need
from syndicate.app.remedies import remedy
from syndicate.model import FetchState, Source
from syndicate.polling import Turn, location
from syndicate.store import NO_PAGES, Counted, Machine, Quarantined, Store
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
    absent: str = ""  # the machine that its folder belongs to, of which no process takes jobs
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
            fact = f"{who} belongs to machine {self.absent}, of which no process takes jobs: nobody reads its folder"
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


def source_states(
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
