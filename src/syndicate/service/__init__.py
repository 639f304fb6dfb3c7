"""The running house: config, store and client together, and the clock. What every command and the daemon call.

Here errors are caught, once per source, and logged; the stages below only return or raise them.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import structlog

from syndicate import store as stores
from syndicate import workers
from syndicate.client import Client, Limits
from syndicate.errors import StoreError, StoreUnusable, SyndicateError, WorkersClosed
from syndicate.fulltext import Completion, PageDelay, complete, complete_all
from syndicate.model import Changes, Document, Fetching, Plan, Source
from syndicate.pipeline import (
    Act,
    Lift,
    Settle,
    amend,
    ingest,
    mark_missing,
    note_failure,
    prepare,
    reclassify,
    syndicate,
)
from syndicate.polling import Call, Why
from syndicate.service.due import Due, following, server_of_source, turn_of, waiting
from syndicate.workers import Workers

__all__ = [
    "WORKERS",
    "Outcome",
    "Service",
    "client_of",
    "clock",
    "following",
    "server_of_source",
    "turn_of",
    "waiting",
    "workers_of",
]

WORKERS = 8
log = structlog.get_logger()


def clock() -> datetime:
    """The system's UTC clock, in whole seconds as feeds state them; nothing below layer 4 reads it."""
    return datetime.now(UTC).replace(microsecond=0)


def client_of(fetch: Fetching) -> Client:
    """What dials, within the configured limits."""
    return Client(Limits(fetch.user_agent, fetch.timeout.total_seconds(), fetch.max_bytes, fetch.per_host))


def workers_of(fetch: Fetching) -> Workers:
    """What reads documents, in processes with the configured limits."""
    return Workers(workers.Limits(fetch.parse_timeout.total_seconds(), fetch.parse_memory), WORKERS)


@dataclass(frozen=True)
class Outcome:
    """What asking one source came to: changes, or why not.

    `waits` until when it must not be asked; `skipped`: why it was not, which is no failure.
    """

    source: Source
    changes: Changes | None = None
    error: str | None = None
    waits: datetime | None = None
    skipped: str | None = None
    seconds: float = 0.0

    @property
    def fine(self) -> bool:
        return self.error is None and not (self.changes and self.changes.rejected)


class Service:
    """A context manager: it opens the store, and closes what it opened."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.store = stores.open(plan.store)
        self.client = client_of(plan.fetch)
        self.workers = workers_of(plan.fetch)
        self.page_delay = PageDelay(plan.fetch.page_delay.total_seconds())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.workers.close()
        self.store.close()

    def prepare(self) -> None:
        """At start, before anything is published."""
        now = clock()
        # First the feeds: a renamed topic must be there before releases move into it.
        prepare(self.store, self.plan, now=now)
        reclassify(self.store, plan=self.plan, now=now)

    def due(self) -> list[Source]:
        """Enabled sources whose time has come, those first that have waited for longest."""
        return [one.source for one in self.waiting()]

    def waiting(self) -> list[Due]:
        """As `due`, with the server that each is asked from."""
        return waiting(self.plan.sources, self.store, clock())

    def ingest(self, source: Source, *, call: Call = Call.EACH) -> Outcome:
        """Ask one source now, if it is its turn and nobody else asks it. Whatever goes wrong with it costs no other."""
        if source.path:  # a folder may be looked through by two at once
            return self._ask(source, call)
        try:
            with self.store.claim(source.id) as mine:
                if mine:
                    return self._ask(source, call)
        except StoreError as error:
            log.error("source not asked", source=source.id, reason=str(error))
            return Outcome(source, error=str(error))
        return Outcome(source, skipped=Why.BEING_ASKED)

    def _ask(self, source: Source, call: Call) -> Outcome:
        started = time.monotonic()
        now = clock()
        turn = turn_of(source, self.store.sources.state(source.id, files=False), self.store, now, call)
        if turn.why in (Why.NOT_BEFORE, Why.HOST_RESTS):
            return Outcome(source, waits=turn.waits)
        if turn.why:
            return Outcome(source, skipped=turn.why)
        try:
            changes = ingest(
                source, store=self.store, client=self.client, plan=self.plan, now=now, run=self.workers.run
            )
        except WorkersClosed as error:
            return Outcome(source, skipped=str(error), seconds=time.monotonic() - started)
        except SyndicateError as error:
            log.warning("source failed", source=source.id, reason=str(error))
            return Outcome(source, error=str(error), seconds=time.monotonic() - started)
        except Exception as error:  # a fault of ours must not stop the other sources
            log.exception("source failed by a fault of ours", source=source.id)
            note_failure(self.store, source, error, now)
            return Outcome(source, error=f"internal error: {error!r}", seconds=time.monotonic() - started)
        _tell(source, changes)
        return Outcome(source, changes, seconds=time.monotonic() - started)

    def cycle(
        self,
        sources: Sequence[Source],
        on_done: Callable[[Outcome], None] = lambda _: None,
        *,
        call: Call = Call.EACH,
    ) -> list[Outcome]:
        """Ask these sources, several at a time; the outcomes in their order."""
        done: dict[str, Outcome] = {}
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="source") as pool:
            for future in as_completed([pool.submit(self.ingest, source, call=call) for source in sources]):
                outcome = future.result()
                done[outcome.source.id] = outcome
                on_done(outcome)
        return [done[source.id] for source in sources]

    def following(self) -> Iterator[tuple[str, Source]]:
        """Enabled sources with a page of a release that may be asked now, each with the host of that page."""
        return following(self.plan.sources, self.store, self.page_delay.free, clock())

    def complete(self, source: Source) -> bool:
        """Ask one page of its releases, if one may be asked now; whether one was."""
        done = complete(
            source,
            store=self.store,
            client=self.client,
            plan=self.plan,
            now=clock(),
            page_delay=self.page_delay,
            run=self.workers.run,
        )
        if done:
            _tell_page(done)
        return done is not None

    def complete_all(
        self, sources: Sequence[Source], on_page: Callable[[], None] = lambda: None, *, call: Call = Call.EACH
    ) -> int:
        """Every page of their releases that is due now, with the pauses between them; how many were read."""

        def told(done: Completion) -> None:
            _tell_page(done)
            on_page()

        done = complete_all(
            sources,
            store=self.store,
            client=self.client,
            plan=self.plan,
            clock=clock,
            page_delay=self.page_delay,
            run=self.workers.run,
            on_page=told,
            call=call,
        )
        return sum(page.error is None for page in done)

    def lift(self, identifier: str) -> Changes:
        """End a release's embargo now. StoreError where it is under none."""
        return self.amend(Lift(identifier))

    def lift_due(self) -> int:
        """End the embargoes whose time has come; how many there were."""
        lifted, now = 0, datetime.now(UTC)
        written = self.store.last_write()
        if written and now < written:
            # A clock that went back may go forward again by itself: when in doubt, hold.
            text = (
                f"the clock says {now:%Y-%m-%d %H:%M:%S} UTC, earlier than the last write: no embargo ends before that"
            )
            self.store.alarms.ring("clock", "", text, now)
            return 0
        self.store.alarms.end("clock", "")
        for identifier in self.store.releases.due(now):
            try:
                self.amend(Lift(identifier, due=now))
            except StoreUnusable:
                raise
            except StoreError:
                continue  # somebody else has just lifted it
            lifted += 1
            log.info("embargo ended", release=identifier)
        return lifted

    def settle_due(self) -> int:
        """Put in what sources said and what has waited for its time; how many releases changed by it."""
        settled, now = 0, clock()
        for identifier, edition in self.store.releases.unsettled(now):
            settled += len(self.amend(Settle(identifier, edition.source)).changes)
        return settled

    def amend(self, act: Act) -> Changes:
        """What a person does to a release. StoreError where it cannot be done."""
        return amend(self.store, act, plan=self.plan, now=clock())

    def expire(self) -> None:
        """Mark the feeds whose tombstones or notices have had their time."""
        with self.store.transaction():
            self.store.topics.expire(clock(), (self.plan.publish.tombstones, self.plan.publish.withdrawal_notice))

    def look_after(self) -> None:
        """Where a feed's head was deleted, everything that is missing is to be written again."""
        if self.store.lost:
            log.error("the store's file is gone: what comes now is lost at the next start", path=str(self.store))
        with self.store.transaction():
            mark_missing(self.store, self.plan, heads_only=True)
            if self.store.topics.marks():
                mark_missing(self.store, self.plan)

    def gone(self, path: str) -> bool:
        """Was there a release at this path that readers saw, and that is withdrawn?"""
        return path.startswith("releases/") and self.store.releases.was_public(
            path[len("releases/") :].removesuffix(".html")
        )

    def moved(self, path: str) -> str | None:
        """Where the feeds and pages of a renamed topic are now."""
        first, dot, rest = path.partition("/") if "/" in path else path.partition(".")
        topic = self.plan.renamed.get(first)
        return f"{topic}{dot}{rest}" if topic else None

    def publish(self, topics: Iterable[str] | None = None) -> tuple[Document, ...]:
        """Render what is dirty, and these topics; the documents that changed."""
        changed = syndicate(self.store, self.plan, topics, now=clock())
        if changed:
            log.info("published", documents=len(changed))
        return changed


def _tell_page(done: Completion) -> None:
    """Its address and what is wrong with it at DEBUG only: the page may be under embargo."""
    if done.fault:
        log.error("page failed by a fault of ours", source=done.source, exc_info=done.fault)
    elif done.error:
        log.debug("page not read", source=done.source, url=done.url, reason=done.error)
    elif done.changes.count("completed"):
        log.info("completed", source=done.source, releases=done.changes.count("completed"))


def _tell(source: Source, changes: Changes) -> None:
    """To the log."""
    for rejected in changes.rejected:
        log.warning("refused", source=source.id, where=rejected.where, reason=rejected.reason)
    for note in changes.notes:  # not at INFO: a name can betray what is held
        log.debug("not understood", source=source.id, where=note.where, reason=note.reason)
    # Numbers of what readers can see only: a log at INFO must not tell of an embargo.
    told = [c for c in changes.changes if c.verdict != "held" and not c.release.never_shown]
    seen = [c for c in told if c.release.visible or c.verdict == "withdrawn"]
    counts = {verdict: sum(c.verdict == verdict for c in seen) for verdict in ("new", "corrected", "withdrawn")}
    if any(c.verdict != "unchanged" for c in seen):
        log.info("ingested", source=source.id, **counts)
