"""What happens, counted for Prometheus: the same events as the log's. What there is is asked at a scrape (`measured`).

No source, topic, release, host or address is a label: their number has no bound, and what is held must not be told.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import get_args

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from syndicate.app.seen import seen
from syndicate.app.troubles import KINDS
from syndicate.formats import FORMATS
from syndicate.model import (
    Asked,
    BackedUp,
    Backfilled,
    Changes,
    Completed,
    Delivered,
    Event,
    Failed,
    Job,
    Lifted,
    Polled,
    Published,
    Pushed,
    Received,
    Recorded,
    Recovered,
    Reloaded,
    Requested,
    Settled,
    Spent,
    Step,
    Subscribed,
    Undelivered,
    Verdict,
    Verified,
)

log = structlog.get_logger()
disable_created_metrics()  # type: ignore[no-untyped-call]  # a time for each series, which nobody asks for
Numbers = Mapping[tuple[str, int], int]  # kind and status of answers → how many

_BRIEF: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)  # seconds of a piece of work
_WAITS: tuple[float, ...] = (1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 900, 3600)  # seconds; the clock has whole ones
_SUFFIXES = {row.suffix: name for name, row in FORMATS.items()} | {"html": "html", "opml": "opml", "xml": "sitemap"}
# Name → what it counts, and its labels.
_COUNTED: dict[str, tuple[str, ...]] = {
    "polls": ("Polls of sources, by what came of them", "result"),
    "changes": ("What became of releases, by verdict", "verdict"),
    "refused": ("Files and entries that were refused",),
    "dropped": ("Entries that their source's rules do not want",),
    "pages": ("Pages of releases that were to be asked, by result", "result"),
    "pushes_received": ("Pushes of sources' hubs, by result", "result"),
    "hub_questions": ("What sources' hubs were asked, by result", "result"),
    "backfills": ("Walks into the past, by result", "result"),
    "documents_published": ("Documents whose bytes changed", "format"),
    "publishes": ("Publishes, by result", "result"),
    "embargoes_ended": ("Embargoes that ended",),
    "hub_requests": ("What our hub was asked for, and what was meant", "step", "mode"),
    "deliveries": ("What was brought to others, by kind and result", "what", "result"),
    "backups": ("Backups that were made",),
    "reloads": ("config.toml was read again, by result", "result"),
    "failures": ("Jobs that failed, each try, by kind", "work"),
    "recoveries": ("What had failed and works again, by kind", "what"),
}
_SPENT: dict[str, tuple[str, tuple[float, ...], tuple[str, ...]]] = {
    "poll_seconds": ("A poll that asked, from its begin to its record", _BRIEF, ()),
    "stage_seconds": ("Parts of the work, by stage", _BRIEF, ("stage",)),
    "first_sight_to_feed_seconds": ("From the first sight of a release until it is in the feeds' files", _WAITS, ()),
}
# What is at 0 is there from the start on: what has not happened yet can be told from what nobody counts.
# Prometheus sees no increase in what begins at 1.
_KNOWN: dict[str, list[tuple[str, ...]]] = {
    "changes": [(verdict,) for verdict in get_args(Verdict) if verdict not in ("unchanged", "held")],
    "pages": [("read",), ("failed",), ("passed",)],
    "pushes_received": [("read",), ("failed",)],
    "hub_questions": [("done",), ("failed",)],
    "backfills": [("done",), ("stopped",)],
    "documents_published": [(name,) for name in (*_SUFFIXES.values(), "other")],
    "hub_requests": [*product(("asked", "meant"), ("subscribe", "unsubscribe"))],
    "recoveries": [(kind,) for kind in KINDS],
    "polls": [(result,) for result in ("changed", "unchanged", "failed", "fault", "waits", "passed")],
    "publishes": [("changed",), ("nothing",)],
    "reloads": [("done",), ("refused",)],
    "failures": [("look",), *((kind.__name__.casefold(),) for kind in get_args(Job))],
    "deliveries": [*product(("push", "ping", "purge", "webhook", "mail"), ("taken", "failed", "given up"))],
}


class Metrics:
    """Of one program: `hear` its events, `text` is what a scrape gets. For threads.

    `measured` are collectors of what is asked then; `requests` says what was answered since the start.
    """

    def __init__(self, measured: Iterable[Collector] = (), requests: Callable[[], Numbers] = dict) -> None:
        own = self.registry = CollectorRegistry()
        self._counters = {
            name: Counter(f"syndicate_{name}", what, labels, registry=own) for name, (what, *labels) in _COUNTED.items()
        }
        self._poll, self._stages, self._waits = (
            Histogram(f"syndicate_{name}", what, labels, registry=own, buckets=buckets)
            for name, (what, buckets, labels) in _SPENT.items()
        )
        for name, rows in _KNOWN.items():
            for row in rows:
                self._counters[name].labels(*row)
        for stage in (*Spent._fields, "publish", "page", "push", "hub", "backfill"):
            self._stages.labels(stage)
        ProcessCollector(registry=own)
        own.register(_Answered(requests))
        for each in measured:
            own.register(each)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self.registry)

    def hear(self, event: Event) -> None:
        """A fault of ours costs some numbers, and not the work that is told of."""
        try:
            self._hear(event)
        except Exception as error:
            log.error("an event is not counted", kind=type(event).__name__, reason=repr(error))

    def _hear(self, event: Event) -> None:  # noqa: C901  # a row for each kind
        match event:
            case Polled():
                self._polled(event)
            case Completed(asked=True):
                self._count("pages", "failed" if event.error else "read")
                self._took("page", event.seconds)
                self._became(event.changes)
            case Completed():
                self._count("pages", "passed")
            case Received():
                self._count("pushes_received", "failed" if event.error else "read")
                self._took("push", event.seconds)
                self._became(event.changes)
            case Subscribed():
                self._count("hub_questions", "failed" if event.error else "done")
                self._took("hub", event.seconds)
            case Backfilled():
                self._count("backfills", "stopped" if event.error else "done")
                self._took("backfill", event.seconds)
            case Published():
                self._published(event)
            case Lifted():
                self._count("embargoes_ended")
            case Requested() | Verified() | Delivered() | Undelivered():
                self._brought(event)
            case BackedUp():
                self._count("backups")
            case Reloaded():
                self._count("reloads", "refused" if event.error else "done")
            case Failed():
                self._count("failures", type(event.job).__name__.casefold() if event.job else "look")
            case Recovered():
                self._count("recoveries", event.kind)
            case Asked() | Step() | Pushed() | Recorded() | Settled():
                pass  # a part of what is told, too; what is settled may be held

    def _brought(self, event: Requested | Verified | Delivered | Undelivered) -> None:
        match event:
            case Requested():
                self._count("hub_requests", "asked", event.mode)
            case Verified():
                self._count("hub_requests", "meant", event.mode)
            case Delivered():
                self._count("deliveries", event.what, "taken", number=event.number)
            case Undelivered():
                self._count("deliveries", event.what, "failed" if event.again else "given up")

    def _count(self, name: str, *labels: str, number: float = 1) -> None:
        counter = self._counters[name]
        (counter.labels(*labels) if labels else counter).inc(number)

    def _polled(self, event: Polled) -> None:
        self._count("polls", _result(event))
        if event.changes is None and event.error is None:
            return
        self._poll.observe(event.seconds)
        if event.changes:
            for stage, seconds in event.changes.spent._asdict().items():
                self._took(stage, seconds)
            self._became(event.changes)

    def _published(self, event: Published) -> None:
        self._count("publishes", "changed" if event.documents else "nothing")
        self._took("publish", event.seconds)
        for document in event.documents:
            self._count("documents_published", _format(document.path))
        for seconds in event.waited:
            self._waits.observe(seconds)

    def _became(self, changes: Changes) -> None:
        self._count("refused", number=len(changes.rejected))
        self._count("dropped", number=changes.dropped)
        for change in seen(changes):
            if change.verdict != "unchanged":
                self._count("changes", change.verdict)

    def _took(self, stage: str, seconds: float) -> None:
        self._stages.labels(stage).observe(seconds)


class _Answered(Collector):
    """What was answered, as it was counted beside the requests."""

    def __init__(self, numbers: Callable[[], Numbers]) -> None:
        self._numbers = numbers

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(
            "syndicate_requests", "Requests of readers, by kind of document and status", labels=["kind", "status"]
        )
        for (kind, status), number in sorted(self._numbers().items()):
            family.add_metric([kind, str(status)], number)
        yield family


def _format(path: str) -> str:
    return _SUFFIXES.get(path.rpartition("/")[2].partition(".")[2], "other")


def _result(event: Polled) -> str:
    if event.fault:
        return "fault"
    if event.error:
        return "failed"
    if event.changes:
        return "changed" if any(change.tells for change in seen(event.changes)) else "unchanged"
    return "waits" if event.waits else "passed"
