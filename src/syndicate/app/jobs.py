"""What each job does, and the events that tell of it."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from syndicate import backup, fulltext, pipeline
from syndicate.app import pushes
from syndicate.app.clock import A_MOMENT, apart
from syndicate.app.due import is_here, place_in, place_of, turn_of
from syndicate.errors import FetchError, NotOurs, StoreError, StoreUnusable, SyndicateError, WorkersClosed, in_words
from syndicate.model import (
    BackedUp,
    Backfill,
    Backup,
    Changes,
    Complete,
    Expire,
    FetchState,
    Job,
    LiftDue,
    Lifted,
    Poll,
    Polled,
    Publish,
    Published,
    Receive,
    Recorded,
    Repair,
    Settled,
    SettleDue,
    Source,
    Subscribe,
)
from syndicate.polling import Call, Why
from syndicate.recording import expire, forget_raw
from syndicate.store import Role
from syndicate.work import Work

# What one process alone does, where several share a store.
_ROLES: dict[type[Job], Role] = {
    LiftDue: "clock",
    SettleDue: "clock",
    Expire: "clock",
    Backup: "clock",
    Publish: "publisher",
    Repair: "publisher",
}


def do(job: Job, work: Work) -> None:
    """SyndicateError where it could not be done at all. Of a source that a reload has taken away, nothing is done.

    Neither is what another process does alone; topics that are to be published are left to that.
    """
    role = _ROLES.get(type(job))
    if role is None:
        _do(job, work)
        return
    with work.store.role(role) as mine, suppress(NotOurs):  # who has it now does it again
        if mine:
            _do(job, work)
    if not mine and isinstance(job, Publish):
        pipeline.leave(work.store, job.topics, now=work.clock())


def _do(job: Job, work: Work) -> None:  # noqa: C901  # a row for each kind
    match job:
        case Poll():
            for identifier in job.sources:
                if source := work.plan.by_id.get(identifier):
                    polled = _poll(source, Call(job.call), work, job.host)
                    work.tell(polled)
                    if polled.unstored:
                        raise polled.unstored
        case Complete() | Backfill():
            if source := work.plan.by_id.get(job.source):
                _complete(source, work) if isinstance(job, Complete) else _backfill(job, source, work)
        case Receive() | Subscribe():
            pushes.do(job, work)
        case LiftDue():
            _lift(work)
        case SettleDue():
            _settle(work)
        case Publish():
            _publish(job, work)
        case Expire():
            expire(work.store, work.plan.publish, now=work.clock())
            forget_raw(work.store, work.plan.keep_raw, now=work.clock())
        case Repair():
            _repair(work)
        case Backup():
            _back_up(work)


def _poll(source: Source, call: Call, work: Work, host: str | None = None) -> Polled:
    """Ask it, if it is its turn and nobody else asks it just now. `host`: where it is known to live, if it is."""
    if work.store.aside:
        return Polled(source=source.id, skipped=work.store.aside)
    if not is_here(source, work.plan, work.store):
        return Polled(source=source.id, skipped=Why.ELSEWHERE)
    if source.path and not work.store.is_shared:  # a folder may be looked through by two at once
        return _ask(source, call, work)
    places = list[str | None]()

    def place() -> str | None:
        """Where several share the store, that is ours, too."""
        places.append(host if host and source.url else place_of(source, work.store))
        return places[-1]

    try:
        with work.store.claim(source.id, place) as mine:
            if mine:
                return _ask(source, call, work, *places)
    except NotOurs as lost:
        return Polled(source=source.id, skipped=str(lost))
    except StoreUnusable as error:
        return Polled(source=source.id, error=str(error), unstored=error)
    return Polled(source=source.id, skipped=Why.BEING_ASKED)


def _ask(source: Source, call: Call, work: Work, *places: str | None) -> Polled:
    """`places`: the one that is ours, where it might have moved from before it was."""
    started, now, store = time.monotonic(), work.clock(), work.store
    state = store.sources.state(source.id, files=False)
    if places and place_in(source, state) != places[0]:
        return Polled(source=source.id, skipped=Why.BEING_ASKED)
    turn = turn_of(source, state, store, now, call)
    if turn.why in (Why.NOT_BEFORE, Why.HOST_RESTS):
        return Polled(source=source.id, waits=turn.waits)
    if turn.why:
        return Polled(source=source.id, skipped=turn.why)
    changes: Changes | None = None
    error: str | None = None
    fault: Exception | None = None
    try:
        changes = _ingested(source, state if source.url else None, work, now)
    except (WorkersClosed, NotOurs) as closed:
        return Polled(source=source.id, skipped=str(closed), seconds=time.monotonic() - started)
    except StoreUnusable as found:
        return Polled(source=source.id, error=str(found), unstored=found, seconds=time.monotonic() - started)
    except SyndicateError as found:
        error = str(found)
    except Exception as found:  # a fault of ours must not stop the other sources
        pipeline.note_failure(store, source, found, plan=work.plan, now=now)
        error, fault = in_words(found), found
    return Polled(source=source.id, changes=changes, error=error, fault=fault, seconds=time.monotonic() - started)


def _ingested(source: Source, state: FetchState | None, work: Work, now: datetime) -> Changes:
    """In as many looks as a folder's many files need: each is recorded at once, and heard of."""
    done = Changes(source=source.id, left=1)
    while done.left:
        client, run = work.tools.client, work.tools.run
        done = done.followed_by(
            pipeline.ingest(source, store=work.store, client=client, plan=work.plan, now=now, run=run, state=state)
        )
        now, state = work.clock(), None
        if done.left:
            work.tell(Recorded(source=source.id, read=done.read, left=done.left))
    return done


def _complete(source: Source, work: Work) -> None:
    """Nothing where no page may be asked now."""
    began = time.monotonic()
    done = fulltext.complete(source, work, now=work.clock())
    if done:
        work.tell(replace(done, seconds=time.monotonic() - began))


def _backfill(job: Backfill, source: Source, work: Work) -> None:
    if work.store.sources.state(source.id, files=False).last_success is None:
        # What a source shows today is no past: a head that only a backfill had filled would be empty.
        polled = _poll(source, Call.NAMED, work)
        work.tell(polled)
        if polled.changes is None:
            until = f"it asked to be left alone until {polled.waits}" if polled.waits else polled.skipped
            raise FetchError(f"{source.id}: {polled.error or until}")
    began = time.monotonic()
    done = fulltext.backfill(source, job.pages, work, restart=job.restart)
    work.tell(replace(done, seconds=time.monotonic() - began))


def _publish(job: Publish, work: Work) -> None:
    began, seen = time.monotonic(), list[datetime]()
    documents = pipeline.syndicate(
        work.store, work.plan, job.topics, now=work.clock(), first=lambda release: seen.append(release.first_seen)
    )
    now = work.clock()
    waited = tuple(max(0.0, (now - moment).total_seconds()) for moment in seen)
    work.tell(Published(documents=documents, waited=waited, seconds=time.monotonic() - began))


def _lift(work: Work) -> None:
    now, skew = work.clock(), work.store.skew()
    written = work.store.last_write()
    if differs := apart(skew):
        text = f"the clock of machine {work.plan.cluster.machine} is {differs}: no embargo ends before they agree"
        work.store.alarms.ring("clock", "", text, now)
        return
    if written and now < written:
        # A clock that went back may go forward again by itself: when in doubt, hold.
        if written - now < A_MOMENT:  # it was put right, or a restored release is ahead
            return
        text = f"the clock says {now:%Y-%m-%d %H:%M:%S} UTC, earlier than the last write: no embargo ends before that"
        work.store.alarms.ring("clock", "", text, now)
        return
    work.store.alarms.end("clock", "")
    due = min(now, now + skew)  # when both say so
    for identifier in work.store.releases.due(due):
        try:
            pipeline.amend(work.store, pipeline.Lift(identifier, due=due), plan=work.plan, now=work.clock())
        except (StoreUnusable, NotOurs):
            raise
        except StoreError:
            continue  # somebody else has just lifted it
        work.tell(Lifted(release=identifier))


def _settle(work: Work) -> None:
    now = work.clock()
    for identifier, edition in work.store.releases.unsettled(now):
        if pipeline.amend(work.store, pipeline.Settle(identifier, edition.source), plan=work.plan, now=now).changes:
            work.tell(Settled(release=identifier))


def _back_up(work: Work) -> None:
    now = work.clock()
    if backup.due(work.plan, work.store, now):
        made = backup.make(work.plan, work.store, now=now)
        work.tell(BackedUp(path=str(made.path), size=made.copied.size))


def _repair(work: Work) -> None:
    """What was deleted below the folder of feeds is to be written again."""
    with work.store.transaction():
        pipeline.mark_missing(work.store, work.plan, now=work.clock(), looked=work.folders)
