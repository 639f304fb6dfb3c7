"""Releases completed from their own pages: one page at a time, asked politely, recorded as an ingest is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from syndicate.errors import NotOurs, NotWelcome, SyndicateError, WorkersClosed
from syndicate.fulltext.outcome import is_look, put_back, put_off, put_read
from syndicate.fulltext.page import PageReader, ReadPage, page_reader
from syndicate.model import Changes, Completed, Plan, Release, Source
from syndicate.polling import Call, again, follows_pages, page_turn
from syndicate.recording import Heard, release_of, take_in
from syndicate.revise import Again, overlaid
from syndicate.store import QueuedPage, Store
from syndicate.work import Work

_MOST_UNASKED = 50  # pages that are passed over in one call


def complete(source: Source, work: Work, *, now: datetime, call: Call = Call.EACH) -> Completed | None:
    """Ask the page that is due for longest, and record what it says in one transaction; None where none may be asked.

    Where none is due, one that was read and is to be looked at again, the newest first.

    Never waits: a host whose turn has not come, and a source that is being asked, are left for the next call. It takes
    the source's claim (`store.claim`) itself.
    """
    store = work.store
    hosts = _ready(source, store, now, now, call)
    if not hosts:
        return None
    reader = page_reader(source, work, now)
    with store.claim(source.id, lambda: hosts[0]) as claimed:
        for host in hosts if claimed else ():
            with store.at(host) as here, work.tools.page_delay.turn(host) as mine:
                if here and mine and (done := _first(host, reader, work.plan)):
                    return done
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


def _first(host: str, reader: PageReader, plan: Plan) -> Completed | None:
    """The first page that is asked; those before it that are not cost nobody a pause."""
    done: Completed | None = None
    for _ in range(_MOST_UNASKED):
        row = _next(reader.store, reader.source, host, reader.now)
        done = _complete(row, reader, plan) if row else done
        if row is None or (done and done.asked):
            break
    return done


def _next(store: Store, source: Source, host: str, now: datetime) -> QueuedPage | None:
    """What is new goes before what is looked at again."""
    due = store.pages.next(source.id, host, now)
    return due or (store.pages.next_look(source.id, host, now) if _may_look(store, host, now) else None)


def _may_look(store: Store, host: str, now: datetime) -> bool:
    return again.may_look(store.pages.asked_between(host, now - again.WITHIN, now))


def hosts_due(store: Store, due: datetime, now: datetime, source: str | None = None) -> list[tuple[str, str]]:
    """(source, host) of pages to be asked by then: new ones, those first that wait longest, then those read before."""
    looks = ((its, host) for its, host in store.pages.looks(due, source) if _may_look(store, host, now))
    return [*dict.fromkeys((*store.pages.waiting(due, source), *looks))]


def _ready(source: Source, store: Store, due: datetime, now: datetime, call: Call) -> list[str]:
    """The hosts of its pages that are due by then, and that may be asked now."""
    hosts = [host for _, host in hosts_due(store, due, now, source.id)] if follows_pages(source) else []
    if not hosts:
        return []
    state, resting = store.sources.state(source.id, files=False), store.sources.resting(now)
    return [h for h in hosts if page_turn(source, state, now=now, call=call, host_rests=resting.get(h)).why is None]


def _complete(row: QueuedPage, reader: PageReader, plan: Plan) -> Completed:
    source, store, now = reader.source, reader.store, reader.now
    if _idle(row, reader):
        store.pages.put(put_off(row, now) if is_look(row, now) else replace(row, due=None))
        return Completed(source=source.id, url=row.address, asked=False)
    try:
        opened = reader.open(row)
        with store.transaction():
            changes = _take(_as_it_is(row, reader), row, opened, reader, plan)
    except (WorkersClosed, NotOurs) as error:
        return Completed(source=source.id, url=row.address, error=str(error), due=row.due)
    except Exception as error:  # a fault of ours, too: else this page would be asked each second
        with store.transaction():
            after = put_back(_as_it_is(row, reader), error, now)
            store.pages.put(after)
        fault = None if isinstance(error, SyndicateError) else error
        asked = not isinstance(error, NotWelcome)
        return Completed(
            source=source.id, url=row.address, error=after.error, due=after.due or after.again, fault=fault, asked=asked
        )
    return Completed(source=source.id, url=row.address, changes=changes)


def _take(row: QueuedPage, asked: QueuedPage, opened: ReadPage, reader: PageReader, plan: Plan) -> Changes:
    """What the page said, laid over what its source says by now."""
    store = reader.store
    due = None if row.said == asked.said else row.due  # its source has said something else meanwhile
    store.pages.put(put_read(row, opened, reader.now, due=due))
    if opened.capture is None and row.page and opened.before is None:
        return Changes(source=reader.source.id)
    capture = (opened.capture,) if opened.capture else ()
    incoming = [(overlaid(row.said, opened.page), capture[0].hash if capture else row.hash)]
    # What is corrected is news, whoever brought it first.
    heard = Heard(
        incoming,
        capture,
        backfill=row.backfill and row.page is None,
        first=row.page is None,
        again=_again(row, opened, reader),
    )
    return take_in(heard, reader.source, store=store, plan=plan, now=reader.now)


def _again(row: QueuedPage, opened: ReadPage, reader: PageReader) -> Again:
    """What the release would have been, had today's reader read its page the last time."""
    if opened.before is None:
        return Again()
    release = release_of(reader.store, row.said, tag=reader.source.tag)
    words = {release.id: overlaid(row.said, opened.before)} if release else {}
    return Again(words, frozenset({row.hash} if row.hash and opened.capture is None else ()))


def _as_it_is(row: QueuedPage, reader: PageReader) -> QueuedPage:
    return reader.store.pages.find(reader.source.id, row.said) or row


def _idle(row: QueuedPage, reader: PageReader) -> bool:
    """Is its page not to be asked: the operator has changed his mind, or nobody would see what it says?"""
    source, store = reader.source, reader.store
    if not (source.fulltext or row.said.headline):
        return True
    release = release_of(store, row.said, tag=source.tag)
    return release is not None and (release.withdrawn is not None or _superseded(release, row, reader))


def _superseded(release: Release, row: QueuedPage, reader: PageReader) -> bool:
    """Of a look: do readers have another edition, or a release that corrects it?"""
    if not is_look(row, reader.now):
        return False
    corrections = reader.store.feeds.links([release]).corrections.get(release.id, ())
    return release.source != reader.source.id or any(link.kind == "corrected_by" for link in corrections)
