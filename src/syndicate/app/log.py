"""Events as lines of the log. Nothing at INFO or above tells of what readers may not know yet."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Lock

from syndicate.app.repeated import Repeated, brief
from syndicate.app.seen import seen
from syndicate.errors import StoreUnusable, SyndicateError
from syndicate.model import (
    Asked,
    BackedUp,
    Backfilled,
    Change,
    Changes,
    Completed,
    Delivered,
    Event,
    Failed,
    Lifted,
    Polled,
    Published,
    Pushed,
    Received,
    Recorded,
    Recovered,
    Release,
    Reloaded,
    Requested,
    Settled,
    Step,
    Subscribed,
    Undelivered,
    Verified,
)
from syndicate.store import Upgrade

_NOT_DONE = {"publish": "not published"}
_TIME = "%Y-%m-%dT%H:%M:%SZ"  # of UTC, as everything is that is stored
_TENTHS = 10
_FEW = 5  # releases that a line names
_SEVERITY = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class Lines:
    """Where lines go: those from `least` on to structlog, imported (and `prepare`d, once) when the first is written.

    That brings rich and asyncio with it: a good part of a cycle in which nothing is to be told. `aside`: who is told
    instead how far something has come that takes minutes, where the log is quieter than that; `beside`: who is told of
    that in any case. What one source or host brings about again and again is told with pauses, unless all is (DEBUG).
    """

    def __init__(
        self,
        least: int = 0,
        prepare: Callable[[], object] | None = None,
        aside: Callable[[str], object] = lambda _: None,
        beside: Callable[[str], object] = lambda _: None,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._least = least
        self._prepare = prepare
        self._aside = aside
        self._beside = beside
        self._repeated = Repeated(tick)
        self._guard = Lock()

    def ready(self) -> None:
        with self._guard:  # others wait until it is as it should be
            prepare, self._prepare = self._prepare, None
            if prepare:
                prepare()

    def write(self, severity: str, event: str, **words: object) -> None:
        if _SEVERITY[severity] < self._least:
            return
        if self._least > _SEVERITY["debug"] and (whose := words.get("source") or words.get("host")):
            # Whoever wants to see all of it gets it.
            said = words.get("reason") or repr(words.get("exc_info"))
            untold = self._repeated.untold(severity, (event, whose), said if severity != "info" else None)
            if untold is None:
                return
            words |= {"untold": untold} if untold else {}
        self.ready()
        told = {name: brief(value) for name, value in words.items()}
        getattr(import_module("structlog").get_logger(), severity)(event, **told)

    def progress(self, event: str) -> Callable[[int, int], None]:
        """Tells how many are done, of how many: at the first word of it, then at each tenth."""
        told = -1

        def tell(done: int, of: int) -> None:
            nonlocal told
            before, told = told, _TENTHS * done // max(of, 1)
            if told > before:
                self._beside(f"{event}: {done} of {of}")
            if told > before and self._least <= _SEVERITY["info"]:
                self.write("info", event, done=done, of=of)
            elif told > before:
                self._aside(f"{event}: {done} of {of}")

        return tell

    def converting(self) -> Upgrade:
        """What `store.open` tells of a store that an earlier program wrote."""
        return Upgrade(self.progress("store is converted"), self._saved)

    def _saved(self, copy: Path) -> None:
        line = "store is brought up to date, a copy of before was made"
        self._beside(line)
        if self._least <= _SEVERITY["info"]:
            self.write("info", line, copy=str(copy))
        else:
            self._aside(f"{line}: {copy}")


_ALL = Lines()


def log(event: Event, to: Lines = _ALL) -> None:  # noqa: C901  # a row for each kind
    """One line; of what was read, one more for what was refused of it, and at DEBUG one for each thing that was."""
    match event:
        case Polled():
            _polled(event, to)
        case Completed():
            _completed(event, to)
        case Received():
            _received(event, to)
        case Subscribed() | Backfilled():
            _asked_beside(event, to)
        case Recorded():  # not at INFO: how many files there are can betray one that is held
            to.write("debug", "files recorded", source=event.source, read=event.read, left=event.left)
        case Asked():
            to.write("debug", "page asked", url=event.url)
        case Pushed():
            to.write("debug", "pushed", source=event.source)
        case Lifted():
            to.write("info", "embargo ended", release=event.release)
        case Settled():  # not at INFO: it may be held
            to.write("debug", "settled", release=event.release)
        case Published():
            number = len(event.documents)
            to.write("info" if number else "debug", "published", documents=number, seconds=_shown(event.seconds))
        case Requested() | Verified() | Delivered() | Undelivered():
            _brought(event, to)
        case BackedUp():
            to.write("info", "backup made", path=event.path, bytes=event.size)
        case Reloaded(error=None):
            to.write("info", "configuration read again")
        case Reloaded():
            to.write("error", "configuration not read again, the one before goes on", reason=event.error)
        case Failed():
            _failed(event, to)
        case Recovered():
            to.write("info", "works again", what=event.kind)
        case Step():
            pass  # a part of what is told of the walk


def _polled(event: Polled, to: Lines) -> None:
    its: dict[str, object] = {"source": event.source, "seconds": _shown(event.seconds)}
    if event.fault:
        to.write("error", "source failed by a fault of ours", **its, exc_info=event.fault)
    elif event.unstored:
        to.write("debug", "source not stored", **its, reason=event.error)  # the job's failure tells it
    elif event.error:
        to.write("warning", "source failed", **its, reason=event.error)
    elif event.changes:
        _ingested(event.source, event.changes, event.seconds, to)
    else:
        why = f"waits until {event.waits:{_TIME}}" if event.waits else event.skipped
        to.write("debug", "source not asked", source=event.source, reason=why)


def _received(event: Received, to: Lines) -> None:
    its: dict[str, object] = {"source": event.source, "seconds": _shown(event.seconds)}
    if event.fault:
        to.write("error", "push failed by a fault of ours", **its, exc_info=event.fault)
    elif event.error:
        to.write("warning", "push not read", **its, reason=event.error)
    else:
        _ingested(event.source, event.changes, event.seconds, to)


def _ingested(source: str, changes: Changes, seconds: float, to: Lines) -> None:
    """What was refused is counted at WARNING, and named at DEBUG: the name of a file can betray what is to be held."""
    for rejected in changes.rejected:
        to.write("debug", "not read", source=source, where=rejected.where, reason=rejected.reason)
    if changes.rejected:
        to.write("warning", "refused", source=source, number=len(changes.rejected), see="syndicate status")
    for note in changes.notes:  # not at INFO, as above
        to.write("debug", "not understood", source=source, where=note.where, reason=note.reason)
    for held in _held(changes):  # nor that there is one
        until = held.embargo and held.embargo.until
        to.write("debug", "held", source=source, release=held.id, until=f"{until:{_TIME}}" if until else "a person")
    if changes.dropped:  # nor what was under an embargo, and is not even held
        to.write("debug", "dropped by rules", source=source, number=changes.dropped)
    shown = [change for change in seen(changes) if change.verdict != "unchanged"]
    counts = {verdict: sum(c.verdict == verdict for c in shown) for verdict in ("new", "corrected", "withdrawn")}
    if shown:
        to.write("info", "ingested", source=source, **counts, release=_ids(shown), seconds=_shown(seconds))
    else:
        to.write("debug", "nothing new", source=source, seconds=_shown(seconds))


def _held(changes: Changes) -> Iterator[Release]:
    """What waits for its embargo from now on. It is named by its id alone."""
    for change in changes.changes:
        waits = change.pending or (change.release if change.release.state == "embargoed" else None)
        if waits and change.verdict != "unchanged":
            yield replace(waits, id=change.release.id)


def _completed(event: Completed, to: Lines) -> None:
    """A page's address and what is wrong with it at DEBUG only: it may be under embargo."""
    its: dict[str, object] = {"source": event.source, "seconds": _shown(event.seconds)}
    shown = [change for change in seen(event.changes) if change.verdict in ("completed", "corrected")]
    if event.fault:
        to.write("error", "page failed by a fault of ours", **its, exc_info=event.fault)
    elif event.error:
        to.write("debug", "page not read", **its, url=event.url, reason=event.error)
    elif shown:
        to.write("info", shown[0].verdict, source=event.source, release=_ids(shown), seconds=its["seconds"])
    else:
        to.write("debug", "page read" if event.asked else "page not asked", **its, url=event.url)


def _asked_beside(event: Subscribed | Backfilled, to: Lines) -> None:
    """How many releases a walk has brought is not told at INFO: one of them may be held."""
    its: dict[str, object] = {"source": event.source, "seconds": _shown(event.seconds)}
    match event:
        case Subscribed(error=None):
            to.write("debug", "hub asked", **its)
        case Subscribed():
            to.write("warning", "hub not asked", **its, reason=event.error)
        case Backfilled(error=None):
            to.write("info", "backfilled", **its, pages=len(event.steps), ended=event.next is None)
        case Backfilled():
            to.write("warning", "backfill stopped", **its, pages=len(event.steps), reason=event.error)


def _ids(changes: Sequence[Change]) -> str:
    """Of a few releases; how many more there are."""
    told = ",".join(change.release.id for change in changes[:_FEW])
    return told if len(changes) <= _FEW else f"{told},+{len(changes) - _FEW}"


def _shown(seconds: float) -> float:
    return round(seconds, 3)


def _brought(event: Requested | Verified | Delivered | Undelivered, to: Lines) -> None:
    """What is not taken is told the first time, and the last; `hub list` tells what fails again and again.

    What any stranger may bring about is at DEBUG.
    """
    match event:
        case Requested():
            to.write("debug", f"asks to {event.mode}", host=event.host, document=event.document)
        case Verified():
            to.write("debug", f"{event.mode}d", host=event.host, document=event.document)
        case Delivered():
            to.write("info", f"{event.what} delivered", document=event.of, number=event.number)
        case Undelivered():
            told = (event.again is None or event.failures == 1) and not event.by_stranger
            again = {"again": f"{event.again:{_TIME}}"} if event.again else {}
            line = f"{event.what} not delivered"
            severity = "warning" if told else "debug"
            to.write(severity, line, host=event.host, document=event.of, reason=event.reason, **again)


def _failed(event: Failed, to: Lines) -> None:
    """Told once, however often it is tried again."""
    kind = type(event.job).__name__.casefold() if event.job else None
    what = "store cannot be used" if isinstance(event.cause, StoreUnusable) else _NOT_DONE.get(kind or "", "job failed")
    whose = {"job": kind} if kind else {}
    if event.again:
        to.write("debug", f"{what}, still", **whose, reason=event.error)
    elif isinstance(event.cause, SyndicateError):
        to.write("error", what, **whose, reason=event.error)
    else:
        to.write("error", f"{what}, by a fault of ours", **whose, exc_info=event.cause)
