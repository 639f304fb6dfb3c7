"""Sources with a hub: subscriptions that are asked for, and what is pushed."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from syndicate import pipeline, websub
from syndicate.errors import StoreUnusable, SyndicateError, WorkersClosed, in_words
from syndicate.model import Plan, Push, Receive, Received, Source, Subscribe, Subscribed
from syndicate.store import Store
from syndicate.work import Work

_AT_ONCE = 4  # hubs that are asked: a first start of many sources is no burst


def due(store: Store, plan: Plan, now: datetime, *, everyone: bool) -> Iterator[Subscribe]:
    """Who is to be asked, once it is seen whom to ask. Costs what has come, but for a look at `everyone`: at the start,
    with another plan, and now and then.
    """
    websub.reconcile(store, plan, now, everyone=everyone)
    for callback in store.callbacks.due(now, _AT_ONCE):
        yield Subscribe(callback.source, callback.id)


def pushed(store: Store) -> Iterator[Receive]:
    """What is to be read."""
    return map(Receive, store.callbacks.pushed())


def do(job: Receive | Subscribe, work: Work) -> None:
    _receive(job, work) if isinstance(job, Receive) else _subscribe(job, work)


def _receive(job: Receive, work: Work) -> None:
    """All that has come, in its order: nothing where the source is asked just now."""
    source, store = work.plan.by_id.get(job.source), work.store
    with store.claim(job.source, lambda: f"pushed:{job.source}") as mine:
        while mine and (push := store.callbacks.next(job.source)):
            began = time.monotonic()
            done = _received(source, push, work) if source else Received(source=job.source)
            store.callbacks.taken(push)
            work.tell(replace(done, seconds=time.monotonic() - began))


def _received(source: Source, push: Push, work: Work) -> Received:
    """Whatever is wrong with it, it is not read again: the next poll brings what it was to bring."""
    now, run = work.clock(), work.tools.run
    if not source.enabled or not source.hub or work.store.sources.state(source.id, files=False).paused:
        return Received(source=source.id)
    try:
        changes = pipeline.receive(source, push, store=work.store, plan=work.plan, now=now, run=run)
    except (StoreUnusable, WorkersClosed):
        raise
    except SyndicateError as error:
        return Received(source=source.id, error=str(error))
    except Exception as fault:  # of ours
        return Received(source=source.id, error=in_words(fault), fault=fault)
    return Received(source=source.id, changes=changes)


def _subscribe(job: Subscribe, work: Work) -> None:
    began = time.monotonic()
    error = websub.send(job.callback, store=work.store, client=work.tools.client, plan=work.plan, now=work.clock())
    work.tell(Subscribed(source=job.source, error=error, seconds=time.monotonic() - began))
