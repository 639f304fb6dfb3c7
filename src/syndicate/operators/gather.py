"""What stands on the operators' page: how everything is, as far as it fits. Asks the store; decides nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from syndicate.app import App, Need, SourceState, State, state_in
from syndicate.errors import StoreError
from syndicate.model import Day
from syndicate.operators.pictures import days_until
from syndicate.store import OF_SOURCES, Store
from syndicate.text import local_day
from syndicate.webhooks import named

MOST = 50  # sources, topics, needs: of more there is how many
_OF_A_SOURCE = {"gone", "failed", "overdue", "machine", "pages", "page", "refused", *OF_SOURCES}


@dataclass(frozen=True)
class Hooked:
    """A webhook by its host: how many events wait for it, and since when it takes none."""

    host: str
    waiting: int
    failing: datetime | None
    reason: str
    again: datetime | None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """`sources`: those that are shown; `days`: of these, and of all together; `dates`: of the days that are shown."""

    state: State
    now: datetime
    zone: ZoneInfo
    dates: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    needing: frozenset[str] = frozenset()  # whom they are of
    sources: tuple[SourceState, ...] = ()
    days: Mapping[str, Sequence[Day]]
    all_days: Sequence[Day] = ()
    hooks: tuple[Hooked, ...] = ()
    subscriptions: int = 0
    failing: int = 0  # of them


def gathered(app: App, now: datetime) -> Overview:
    """By the plan as it is now. Of a store that cannot be read, that."""
    plan, store = app.plan, app.store
    state, zone = state_in(plan, store, now), ZoneInfo(plan.site.timezone)
    dates = days_until(local_day(now, zone))
    needing = frozenset(need.about for need in state.each_need)
    sources = tuple(ordered(state.sources, needing))[:MOST]
    days, all_days = dict[str, tuple[Day, ...]](), tuple[Day, ...]()
    hooks, counts = tuple[Hooked, ...](), (0, 0)
    with suppress(StoreError):  # it is among the faults, or will be in a moment
        days = dict(store.days.of([source.id for source in sources], dates[0]))
        all_days = store.days.all(dates[0])
        hooks, counts = tuple(_hooks(store)), store.subscriptions.counts()
    return Overview(
        state=state,
        now=now,
        zone=zone,
        dates=dates,
        needs=tuple(sorted(state.each_need, key=_rank)),
        needing=needing,
        sources=sources,
        days=days,
        all_days=all_days,
        hooks=hooks,
        subscriptions=counts[0],
        failing=counts[1],
    )


def ordered(sources: Iterable[SourceState], needing: Collection[str]) -> list[SourceState]:
    """Those first that something is wrong with, then those that had something new of late."""
    known = sorted(sources, key=lambda source: source.id)
    known.sort(key=lambda source: source.brought.timestamp() if source.brought else 0, reverse=True)
    return sorted(known, key=lambda source: (source.id not in needing, not source.asked))


def _hooks(store: Store) -> Iterable[Hooked]:
    waiting = store.webhooks.waiting()
    for hook in store.webhooks.list():
        yield Hooked(named(hook.url), waiting.get(hook.url, 0), hook.failing, hook.reason, hook.retry)


def _rank(need: Need) -> int:
    """What stops everything before what concerns one, and that before sources: of those there may be thousands."""
    if need.kind in _OF_A_SOURCE:
        return 3
    return 0 if need.kind == "fault" else 2 if need.subject else 1
