"""Events as lines of the log. Nothing at INFO or above tells of what readers may not know yet."""

import structlog

from syndicate.errors import StoreUnusable, SyndicateError
from syndicate.model import (
    Backfilled,
    Change,
    Changes,
    Completed,
    Event,
    Failed,
    Lifted,
    Polled,
    Published,
    Recorded,
    Recovered,
    Reloaded,
)

_log = structlog.get_logger()

_NOT_DONE = {"publish": "not published"}


def log(event: Event) -> None:
    """One line, or a few for a poll: what was refused has one each."""
    match event:
        case Polled():
            _polled(event)
        case Completed():
            _completed(event)
        case Backfilled(error=str(error)):
            _log.warning("backfill stopped", source=event.source, reason=error)
        case Recorded():  # not at INFO: how many files there are can betray one that is held
            _log.debug("files recorded", source=event.source, read=event.read, left=event.left)
        case Lifted():
            _log.info("embargo ended", release=event.release)
        case Published(documents=documents) if documents:
            _log.info("published", documents=len(documents))
        case Reloaded(error=None):
            _log.info("configuration read again")
        case Reloaded():
            _log.error("configuration not read again, the one before goes on", reason=event.error)
        case Failed():
            _failed(event)
        case Recovered():
            _log.info("works again", what=event.kind)


def _polled(event: Polled) -> None:
    if event.fault:
        _log.error("source failed by a fault of ours", source=event.source, exc_info=event.fault)
    elif event.unstored:
        _log.debug("source not stored", source=event.source, reason=event.error)  # the job's failure tells it
    elif event.error:
        _log.warning("source failed", source=event.source, reason=event.error)
    elif event.changes:
        _ingested(event.source, event.changes)


def _ingested(source: str, changes: Changes) -> None:
    for rejected in changes.rejected:
        _log.warning("refused", source=source, where=rejected.where, reason=rejected.reason)
    for note in changes.notes:  # not at INFO: a name can betray what is held
        _log.debug("not understood", source=source, where=note.where, reason=note.reason)
    seen = _seen(changes)
    counts = {verdict: sum(c.verdict == verdict for c in seen) for verdict in ("new", "corrected", "withdrawn")}
    if any(c.verdict != "unchanged" for c in seen):
        _log.info("ingested", source=source, **counts)


def _seen(changes: Changes) -> list[Change]:
    """What readers can see only: numbers betray as well."""
    told = [c for c in changes.changes if c.verdict != "held" and not c.release.never_shown]
    return [c for c in told if c.release.visible or c.verdict == "withdrawn"]


def _completed(event: Completed) -> None:
    """A page's address and what is wrong with it at DEBUG only: it may be under embargo."""
    if event.fault:
        _log.error("page failed by a fault of ours", source=event.source, exc_info=event.fault)
    elif event.error:
        _log.debug("page not read", source=event.source, url=event.url, reason=event.error)
    else:
        for verdict in ("completed", "corrected"):
            if releases := sum(change.verdict == verdict for change in _seen(event.changes)):
                _log.info(verdict, source=event.source, releases=releases)


def _failed(event: Failed) -> None:
    """Told once, however often it is tried again."""
    kind = type(event.job).__name__.casefold() if event.job else None
    what = "store cannot be used" if isinstance(event.cause, StoreUnusable) else _NOT_DONE.get(kind or "", "job failed")
    whose = {"job": kind} if kind else {}
    if event.again:
        _log.debug(f"{what}, still", **whose, reason=event.error)
    elif isinstance(event.cause, SyndicateError):
        _log.error(what, **whose, reason=event.error)
    else:
        _log.error(f"{what}, by a fault of ours", **whose, exc_info=event.cause)
