"""How everything is, as numbers for Prometheus: asked of the store at a scrape, but not at each.

A scrape costs the store nothing while an answer is young: the quick half of them holds for some seconds, that which
looks at each source for half a minute or more, in proportion to what it took.
"""

import os
import platform
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, get_args

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from syndicate import __version__
from syndicate import store as stores
from syndicate.app.looking import looked_at
from syndicate.app.source_states import CONDITIONS
from syndicate.app.status import State, needing
from syndicate.errors import StoreError
from syndicate.model import Plan
from syndicate.model import State as ReleaseState
from syndicate.store import Store

log = structlog.get_logger()
_T = TypeVar("_T")

_QUICK, _SLOW = 5.0, 30.0  # seconds that an answer holds, at least
_SELDOM = 50  # times as long as it took, at least
_MANY = 1_000_000
_HELD = {"clock": 0, "person": 0}
_STORE_UP, _NEEDS = "Could the store be asked at the last look?", "What needs a person, by kind"
_DIRTY = ("release", "page", "topic", "site")


class Quick(NamedTuple):
    """What a few statements tell, however much is stored."""

    releases: Mapping[str, int]
    dirty: Mapping[str, int]
    size: int
    versions: int
    subscribers: int
    queued: int  # for webhooks


class Slow(NamedTuple):
    """What a look at each source has told: what needs a person by kind, and the rest."""

    needs: Counter[str]
    metrics: tuple[Metric, ...]


@dataclass(slots=True)
class _Held(Generic[_T]):
    """What the store has answered (None: it could not), and until when that holds."""

    value: _T | None = None
    until: float = float("-inf")
    guard: threading.Lock = field(default_factory=threading.Lock)


class Measured(Collector):
    """Of the store of this plan. `plan` and `clock` are asked at a scrape; `tick` counts seconds."""

    def __init__(
        self, plan: Callable[[], Plan], clock: Callable[[], datetime], tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._plan = plan
        self._clock = clock
        self._tick = tick
        self._quick, self._slow = _Held[Quick](), _Held[Slow]()
        self._kinds = {"fault"}  # of needs that there were: at 0 they are over, and not unknown

    def collect(self) -> Iterator[Metric]:
        plan = self._plan()
        quick = self._held(self._quick, _QUICK, quick_of)
        slow = self._held(self._slow, _SLOW, lambda store: slow_of(plan, store, self._clock()))
        if not (quick and slow):  # what one of them still holds is of before
            quick = slow = None
        yield _one("store_up", _STORE_UP, bool(slow))
        # Where it cannot be, that is what needs a person, and of all else nothing is known.
        needs = slow.needs if slow else Counter({"fault": 1})
        self._kinds |= needs.keys()
        yield _by("needs_person", _NEEDS, "kind", {kind: needs[kind] for kind in self._kinds})
        if quick:
            yield from _of_quick(quick)
        if slow:
            yield from slow.metrics
        yield from _of_disks(plan)
        yield _build()

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked when it is registered."""
        return ()

    def _held(self, held: "_Held[_T]", least: float, look: Callable[[Store], _T]) -> _T | None:
        """A scrape beside one that looks is given what there is."""
        if self._tick() >= held.until and held.guard.acquire(blocking=held.value is None):
            try:
                if (began := self._tick()) >= held.until:
                    held.value = self._looked(look)
                    ended = self._tick()
                    held.until = ended + max(least, _SELDOM * (ended - began))
            finally:
                held.guard.release()
        return held.value

    def _looked(self, look: Callable[[Store], _T]) -> _T | None:
        """What happens is told all the same, whatever is wrong with what there is."""
        try:
            with looked_at(self._plan(), briefly=True) as store:
                return look(store)
        except StoreError:  # that is what needs a person
            return None
        except Exception as error:  # a fault of ours
            log.error("metrics cannot be told of the store", reason=repr(error))
            return None


class Unmeasured(Collector):
    """Where the store cannot be used: that, and what is known without it. `plan` is asked at a scrape."""

    def __init__(self, plan: Callable[[], Plan]) -> None:
        self._plan = plan

    def collect(self) -> Iterator[Metric]:
        yield _one("store_up", _STORE_UP, False)
        yield _by("needs_person", _NEEDS, "kind", {"fault": 1})
        yield from _of_disks(self._plan())
        yield _build()

    def describe(self) -> Iterable[Metric]:
        return ()


def quick_of(store: Store) -> Quick:
    return Quick(
        releases=store.releases.counts(),
        dirty=store.feeds.dirty(),
        size=store.size,
        versions=store.versions.last(),
        subscribers=store.subscriptions.count(_MANY),
        queued=store.webhooks.queued(),
    )


def _of_quick(quick: Quick) -> Iterator[Metric]:
    states = dict.fromkeys(get_args(ReleaseState), 0) | dict(quick.releases)
    yield _by("releases", "Releases, by state", "state", states)
    yield _by("dirty", "What is to be rendered, by kind", "kind", dict.fromkeys(_DIRTY, 0) | dict(quick.dirty))
    yield _one("store_bytes", "Bytes of the store, with what is not yet written back into its file", quick.size)
    yield CounterMetricFamily(
        "syndicate_versions", "Versions of feeds' documents, since the first", value=quick.versions
    )
    yield _one("hub_subscriptions", "Subscriptions at our hub, and what waits to become one", quick.subscribers)
    yield _one("webhook_queue", "What is to be sent to webhooks", quick.queued)


def slow_of(plan: Plan, store: Store, moment: datetime) -> Slow:
    """As few statements as `status` needs, and a look at each source."""
    state = needing(plan, store, moment)
    return Slow(Counter(need.kind for need in state.each_need), tuple(_of_state(state, moment)))


def _of_state(state: State, moment: datetime) -> Iterator[Metric]:
    sources = state.sources
    conditions = Counter(each.kind for each in sources)
    yield _by("sources", "Sources, by how they are", "condition", dict.fromkeys(CONDITIONS, 0) | dict(conditions))
    late = [(moment - each.next_poll).total_seconds() for each in sources if each.asked and each.next_poll]
    yield _one("sources_due", "Sources whose next poll has come", sum(seconds >= 0 for seconds in late))
    yield _one("source_lag_seconds", "How long the source that waits longest has been due", max(0.0, *late, 0.0))
    pages = sum(each.pages.waiting for each in sources)
    yield _one("pages_waiting", "Pages of releases that are to be read", pages)
    held = Counter("clock" if each.until else "person" for each in state.embargoes)
    yield _by("embargoes_waiting", "What is held, by what ends that", "ends", _HELD | dict(held))


def _of_disks(plan: Plan) -> Iterator[Metric]:
    file, directory = stores.file_of(plan.store), plan.publish.directory
    places = {"store": file.parent} if file else {}
    places |= {"feeds": directory} if isinstance(directory, Path) else {}
    free = dict[str, float]()
    for name, place in places.items():
        with suppress(OSError):
            found = os.statvfs(place)
            free[name] = found.f_bavail * found.f_frsize
    yield _by("disk_free_bytes", "Bytes that may be written yet, by what lies on that disk", "disk", free)


def _build() -> Metric:
    versions = {"version": __version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    return InfoMetricFamily("syndicate_build", "What runs", value=versions)


def _one(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"syndicate_{name}", what, value=float(value))


def _by(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"syndicate_{name}", what, labels=[label])
    for value, number in sorted(values.items()):
        family.add_metric([value], number)
    return family
