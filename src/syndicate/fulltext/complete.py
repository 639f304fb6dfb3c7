"""Releases completed from their own pages: one page at a time, asked politely, recorded as an ingest is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from syndicate.errors import FetchError, HTTPStatusError, SourceGone, SyndicateError, WorkerLost, WorkersClosed
from syndicate.fulltext.page import NoPage, PageReader, ReadPage, page_reader
from syndicate.model import Changes, Completed, Plan, Source
from syndicate.polling import Call, follows_pages, page_turn
from syndicate.recording import Heard, known_of, take_in
from syndicate.revise import overlaid
from syndicate.store import QueuedPage, Store
from syndicate.work import Work

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=15), timedelta(days=1)
_MOST_TRIES = 8
_ABSENT_TRIES = 3  # of a page that is not there, or not there yet: a list can be ahead of what serves its pages
_LOST_TRIES = 4  # of a page at which its reader died


def complete(source: Source, work: Work, *, now: datetime, call: Call = Call.EACH) -> Completed | None:
    """Ask the page that is due for longest, and record what it says in one transaction; None where none may be asked.

    Never waits: a host whose turn has not come, and a source that is being asked, are left for the next call. It takes
    the source's claim (`store.claim`) itself.
    """
    store = work.store
    hosts = _ready(source, store, now, now, call)
    if not hosts:
        return None
    reader = page_reader(source, work, now)
    with store.claim(source.id) as claimed:
        for host in hosts if claimed else ():
            with work.tools.page_delay.turn(host) as mine:
                row = store.pages.next(source.id, host, now) if mine else None
                if row:
                    return _complete(row, reader, work.plan)
    return None


def complete_all(sources: Sequence[Source], work: Work, *, call: Call = Call.EACH) -> tuple[Completed, ...]:
    """Every page that is due now, one after the other with the pauses between them. For commands: it sleeps."""
    begun, done = work.clock(), list[Completed]()
    while True:
        hosts = {source.id: _ready(source, work.store, begun, work.clock(), call) for source in sources}
        if not any(hosts.values()):
            return tuple(done)
        asked = len(done)
        for source in sources:
            found = hosts[source.id] and complete(source, work, now=max(begun, work.clock()), call=call)
            if found:
                done.append(found)
                work.tell(found)
        if len(done) == asked:
            work.tools.page_delay.rest(tuple(host for found in hosts.values() for host in found))


def put_back(row: QueuedPage, error: Exception, now: datetime) -> QueuedPage:
    """The row after a page could not be read: asked again later and later, and at last no more."""
    wait = timedelta(seconds=(error.retry_after or 0) if isinstance(error, FetchError) else 0)
    if wait and not isinstance(error, HTTPStatusError):
        # It was not even asked: its server wants to be left alone.
        return replace(row, due=now + wait, error=str(error))
    tries = row.tries + 1
    hopeless = tries >= _most_tries(error)
    pause = max(wait, min(_FIRST_PAUSE * 2 ** (tries - 1), _LONGEST_PAUSE))
    told = str(error) if isinstance(error, SyndicateError) else f"internal error: {error!r}"
    return replace(row, tries=tries, error=told, asked=now, due=None if hopeless else now + pause)


def _most_tries(error: Exception) -> int:
    if isinstance(error, NoPage):
        return 1
    if isinstance(error, WorkerLost):
        return _LOST_TRIES
    absent = isinstance(error, SourceGone)
    absent = absent or (isinstance(error, HTTPStatusError) and error.status == HTTPStatus.NOT_FOUND)
    return _ABSENT_TRIES if absent else _MOST_TRIES


def _ready(source: Source, store: Store, due: datetime, now: datetime, call: Call) -> list[str]:
    """The hosts of its pages that are due by then, and that may be asked now."""
    hosts = [host for _, host in store.pages.waiting(due, source.id)] if follows_pages(source) else []
    if not hosts:
        return []
    state, resting = store.sources.state(source.id, files=False), store.sources.resting(now)
    return [h for h in hosts if page_turn(source, state, now=now, call=call, host_rests=resting.get(h)).why is None]


def _complete(row: QueuedPage, reader: PageReader, plan: Plan) -> Completed:
    source, store, now = reader.source, reader.store, reader.now
    if _idle(row, reader):
        store.pages.put(replace(row, due=None))
        return Completed(source=source.id, url=row.address)
    try:
        opened = reader.open(row)
        with store.transaction():
            changes = _take(_as_it_is(row, reader), row, opened, reader, plan)
    except WorkersClosed as error:
        return Completed(source=source.id, url=row.address, error=str(error), due=row.due)
    except Exception as error:  # a fault of ours, too: else this page would be asked each second
        with store.transaction():
            after = put_back(_as_it_is(row, reader), error, now)
            store.pages.put(after)
        fault = None if isinstance(error, SyndicateError) else error
        return Completed(source=source.id, url=row.address, error=after.error, due=after.due, fault=fault)
    return Completed(source=source.id, url=row.address, changes=changes)


def _take(row: QueuedPage, asked: QueuedPage, opened: ReadPage, reader: PageReader, plan: Plan) -> Changes:
    """What the page said, laid over what its source says by now."""
    store = reader.store
    again = None if row.said == asked.said else row.due  # its source has said something else meanwhile
    store.pages.put(
        replace(
            row,
            page=opened.page,
            etag=opened.etag,
            last_modified=opened.last_modified,
            hash=opened.capture.hash if opened.capture else row.hash,
            asked=reader.now,
            due=again,
            tries=0,
            error=None,
        )
    )
    if opened.capture is None and row.page:
        return Changes(source=reader.source.id)
    capture = (opened.capture,) if opened.capture else ()
    incoming = [(overlaid(row.said, opened.page), capture[0].hash if capture else None)]
    heard = Heard(incoming, capture, backfill=row.backfill, first=row.page is None)
    return take_in(heard, reader.source, store=store, plan=plan, now=reader.now)


def _as_it_is(row: QueuedPage, reader: PageReader) -> QueuedPage:
    return reader.store.pages.find(reader.source.id, row.said) or row


def _idle(row: QueuedPage, reader: PageReader) -> bool:
    """Is its page not to be asked: the operator has changed his mind, or what was withdrawn would not come back?"""
    if not (reader.source.fulltext or row.said.headline):
        return True
    known = known_of(reader.store, (row.said,), tag=reader.source.tag)
    held = (known.releases.get(known.by_key.get(key, "")) for key in row.said.keys)
    return any(release is not None and release.withdrawn for release in held)
