"""Releases completed from their own pages: one page at a time, asked politely, recorded as an ingest is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndicate.client import Client
from syndicate.errors import FetchError, SyndicateError, WorkerLost, WorkersClosed
from syndicate.fetch import Refused
from syndicate.model import Capture, Changes, Plan, Source
from syndicate.pipeline._pace import Pace
from syndicate.pipeline._pages import Absent, Asking, Hopeless, Opened
from syndicate.pipeline.classified import classified, mint
from syndicate.pipeline.known import known_of
from syndicate.pipeline.record import record
from syndicate.reading import Run
from syndicate.revise import Incoming, SourceContext, completed, overlaid, revise
from syndicate.store import Store, Wanted

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=15), timedelta(days=1)
_MOST_TRIES = 8
_FEWER_TRIES: dict[type[Exception], int] = {Absent: 3, Hopeless: 1, WorkerLost: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What asking one page came to. `error`: why it could not be read; `due`: when it is asked again, None: never."""

    source: str
    url: str
    changes: Changes = field(default_factory=Changes)
    error: str | None = None
    due: datetime | None = None
    fault: Exception | None = None  # ours: to be logged with its traceback


def complete(
    source: Source,
    *,
    store: Store,
    client: Client,
    plan: Plan,
    now: datetime,
    pace: Pace,
    run: Run | None = None,
) -> Completion | None:
    """Ask the page that is due for longest, and record what it says in one transaction; None where none may be asked.

    Never waits: a host whose turn has not come, and a source that is being asked, are left for the next call. It takes
    the source's claim (`store.claim`) itself.
    """
    hosts = _ready(source, store, now, now)
    if not hosts:
        return None
    asking = Asking(source=source, store=store, client=client, now=now, max_bytes=plan.fetch.max_bytes, run=run)
    with store.claim(source.id) as claimed:
        for host in hosts if claimed else ():
            with pace.turn(host) as mine:
                row = store.wanted.next(source.id, host, now) if mine else None
                if row:
                    return _complete(row, asking, plan)
    return None


def complete_all(
    sources: Sequence[Source],
    *,
    store: Store,
    client: Client,
    plan: Plan,
    clock: Callable[[], datetime],
    pace: Pace,
    run: Run | None = None,
    on_page: Callable[[Completion], None] = lambda _: None,
) -> tuple[Completion, ...]:
    """Every page that is due now, one after the other with the pauses between them. For commands: it sleeps."""
    begun, done = clock(), list[Completion]()
    while True:
        hosts = {source.id: _ready(source, store, begun, clock()) for source in sources}
        if not any(hosts.values()):
            return tuple(done)
        asked = len(done)
        for source in sources:
            found = hosts[source.id] and complete(
                source, store=store, client=client, plan=plan, now=max(begun, clock()), pace=pace, run=run
            )
            if found:
                done.append(found)
                on_page(found)
        if len(done) == asked:
            pace.rest(tuple(host for found in hosts.values() for host in found))


def put_back(row: Wanted, error: Exception, now: datetime) -> Wanted:
    """The row after a page could not be read: asked again later and later, and at last no more."""
    wait = timedelta(seconds=(error.retry_after or 0) if isinstance(error, FetchError) else 0)
    if wait and not isinstance(error, Refused):
        # It was not even asked: its server wants to be left alone.
        return replace(row, due=now + wait, error=str(error))
    tries = row.tries + 1
    hopeless = tries >= _FEWER_TRIES.get(type(error), _MOST_TRIES)
    pause = max(wait, min(_FIRST_PAUSE * 2 ** (tries - 1), _LONGEST_PAUSE))
    told = str(error) if isinstance(error, SyndicateError) else f"internal error: {error!r}"
    return replace(row, tries=tries, error=told, asked=now, due=None if hopeless else now + pause)


def take_in(
    incoming: Sequence[Incoming],
    captures: Sequence[Capture],
    asking: Asking,
    plan: Plan,
    *,
    backfill: bool,
    first: bool,
) -> Changes:
    """As an ingest records; `first`: what readers had was without its text, so it is completed, not corrected."""
    source, store, now = asking.source, asking.store, asking.now
    known = known_of(store, (release for release, _ in incoming), tag=source.tag)
    decided = revise(incoming, known, SourceContext(source, mint(store)), now=now)
    changes = Changes(
        source=source.id,
        changes=tuple(classified(completed(c) if first else c, store, plan, now) for c in decided),
        backfill=backfill,
    )
    record(store, changes, plan, captures=captures, now=now)
    return changes


def _ready(source: Source, store: Store, due: datetime, now: datetime) -> list[str]:
    """The hosts of its pages that are due by then, and that have not asked to be left alone now."""
    if source.url is None or source.fulltext is False:
        return []
    hosts = store.wanted.due(source.id, due)
    resting = store.hosts.resting(now) if hosts else {}
    return [host for host in hosts if host not in resting]


def _complete(row: Wanted, asking: Asking, plan: Plan) -> Completion:
    source, store, now = asking.source, asking.store, asking.now
    if _idle(row, asking):
        store.wanted.put(replace(row, due=None))
        return Completion(source=source.id, url=row.address)
    try:
        opened = asking.open(row)
        with store.transaction():
            changes = _take(_as_it_is(row, asking), row, opened, asking, plan)
    except WorkersClosed as error:
        return Completion(source=source.id, url=row.address, error=str(error), due=row.due)
    except Exception as error:  # a fault of ours, too: else this page would be asked each second
        with store.transaction():
            after = put_back(_as_it_is(row, asking), error, now)
            store.wanted.put(after)
        fault = None if isinstance(error, SyndicateError) else error
        return Completion(source=source.id, url=row.address, error=after.error, due=after.due, fault=fault)
    return Completion(source=source.id, url=row.address, changes=changes)


def _take(row: Wanted, asked: Wanted, opened: Opened, asking: Asking, plan: Plan) -> Changes:
    """What the page said, laid over what its source says by now."""
    store = asking.store
    again = None if row.said == asked.said else row.due  # its source has said something else meanwhile
    store.wanted.put(
        replace(
            row,
            page=opened.page,
            etag=opened.etag,
            last_modified=opened.last_modified,
            hash=opened.capture.hash if opened.capture else row.hash,
            asked=asking.now,
            due=again,
            tries=0,
            error=None,
        )
    )
    if opened.capture is None and row.page:
        return Changes(source=asking.source.id)
    capture = (opened.capture,) if opened.capture else ()
    incoming = [(overlaid(row.said, opened.page), capture[0].hash if capture else None)]
    return take_in(incoming, capture, asking, plan, backfill=row.backfill, first=row.page is None)


def _as_it_is(row: Wanted, asking: Asking) -> Wanted:
    return asking.store.wanted.find(asking.source.id, row.said) or row


def _idle(row: Wanted, asking: Asking) -> bool:
    """Is its page not to be asked: the operator has changed his mind, or what was withdrawn would not come back?"""
    if not (asking.source.fulltext or row.said.headline):
        return True
    known = known_of(asking.store, (row.said,), tag=asking.source.tag)
    held = (known.releases.get(known.by_key.get(key, "")) for key in row.said.keys)
    return any(release is not None and release.withdrawn for release in held)
