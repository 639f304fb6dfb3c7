"""The past of a source: its list or feed walked from page to page towards the old end, slowly, and resumable."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from syndicate.client import server_of as server
from syndicate.errors import FetchError, NotWelcome, StoreError, SyndicateError
from syndicate.fulltext.outcome import put_back, put_off, put_read
from syndicate.fulltext.page import PageReader, ReadPage, page_reader
from syndicate.fulltext.policy import followed
from syndicate.model import Asked, Backfilled, Capture, Changes, Plan, Rejected, Release, Source, Step
from syndicate.parse import next_page
from syndicate.polling import Call, location, page_turn
from syndicate.reading import read
from syndicate.recording import Heard, known_of, sight, take_in
from syndicate.revise import Incoming, Sight, overlaid, without_shared_keys
from syndicate.store import QueuedPage, Store, Walk
from syndicate.text import digest
from syndicate.urls import canonical_url
from syndicate.work import Work

_MOST_REPEATS = 2
# Canonical address of a release's page → what it said, kept already, or why it could not be read.
Answers = Mapping[str, QueuedPage | Exception]


def backfill(source: Source, pages: int, work: Work, *, restart: bool = False) -> Backfilled:
    """At most so many further pages of the source's list or feed; each is recorded in one transaction.

    Pages of releases that were read are kept at once: whatever ends a walk, none is asked twice.
    A page that fails ends the walk with the reason, and so does a server that wants to be left alone; what was recorded
    stays, and the next call goes on there. With another address of the source it begins at that.
    A source that was polled already keeps what is newer than all that it knows: that is the next poll's to bring.
    `work.tell` hears of each page of a release and of the list.
    """
    store = work.store
    walk, begun = store.pages.walk(source.id), _page(source.url or "")
    if restart or (walk and walk.begun != begun):
        store.pages.forget_walk(source.id)
        walk = None
    walk = walk or Walk(source=source.id, next=_first(source, store), begun=begun)
    steps = list[Step]()
    while walk.next and len(steps) < pages:
        try:
            walk, step, away = _step(source, walk, work)
        except SyndicateError as error:
            return Backfilled(source=source.id, steps=tuple(steps), next=walk.next, error=str(error))
        steps.append(step)
        work.tell(step)
        if away and walk.next:
            return Backfilled(source=source.id, steps=tuple(steps), next=walk.next, error=away)
    return Backfilled(source=source.id, steps=tuple(steps), next=walk.next)


def _first(source: Source, store: Store) -> str | None:
    """The feed that the source's page links, or where it has moved to; else its own address."""
    return location.address(source, store.sources.state(source.id, files=False))


def _step(source: Source, walk: Walk, work: Work) -> tuple[Walk, Step, str | None]:
    """The walk after this page, what it brought, and which server wants to be left alone now."""
    store, url = work.store, walk.next or ""
    capture = _list(source, url, work)
    reader = _reader(source, work)
    seen, older = _read(capture, reader)
    incoming = seen.incoming
    entries = digest(*(canonical_url(r.url) if r.url else r.title for r, _ in incoming))
    fresh = _unknown(incoming, source, store)
    if walk.pages == 0 and store.sources.state(source.id, files=False).last_success:
        fresh = _past(fresh, incoming)
    answers = _open(fresh, source, work)
    with store.transaction():
        if (store.pages.walk(source.id) or replace(walk, pages=0)).pages != walk.pages:
            raise StoreError(f"{source.id}: another backfill of it is under way")
        reader = replace(reader, now=work.clock())
        # A poll may have brought some of them meanwhile.
        fresh = _unknown(fresh, source, store)
        changes = _record(fresh, answers, capture, reader, work.plan)
        store.dropped.keep(source.id, seen.dropped, reader.now)
        after = _after(walk, url, older, entries, store)
        store.pages.save_walk(after, _page(url))
    new = changes.count("new")
    refused = tuple(
        Rejected(release.url or "", str(answer))
        for release, _ in fresh
        if isinstance(answer := answers.get(canonical_url(release.url or "")), Exception)
    )
    step = Step(number=after.pages, url=capture.url or url, new=new, known=len(incoming) - new, refused=refused)
    away = (str(a) for a in answers.values() if isinstance(a, FetchError) and a.retry_after and not _forbidden(a))
    return after, step, next(away, None)


def _forbidden(error: FetchError) -> bool:
    """Of a page that its server wants nobody to ask: others it may want."""
    return isinstance(error, NotWelcome)


def _after(walk: Walk, url: str, older: str | None, entries: str, store: Store) -> Walk:
    """The walk with this page behind it. A list that leads back, or shows its last page again and again, has ended."""
    # Once is no sign: as many new releases as stand on a page may have come meanwhile.
    repeats = walk.repeats + 1 if entries == walk.entries else 0
    back = older and (_page(older) == _page(url) or store.pages.walked(walk.source, _page(older)))
    return replace(
        walk,
        next=None if back or repeats >= _MOST_REPEATS else older,
        pages=walk.pages + 1,
        entries=entries,
        repeats=repeats,
    )


def _list(source: Source, url: str, work: Work) -> Capture:
    with _turn(source, url, work) as reader:
        return reader.listing(url)


def _read(capture: Capture, reader: PageReader) -> tuple[Sight, str | None]:
    """The entries of a page, by the rules of their source, and the address of the next older one."""
    source = reader.source
    # What is said of the past is no news of what was withdrawn, and headlines are filtered where they are recorded.
    listing = replace(source, headlines=True)
    reading = read((capture,), listing, now=reader.now, max_bytes=reader.max_bytes, run=reader.run)
    arguments = {"url": capture.url, "media_type": capture.media_type, "select": source.select}
    call = reader.run or (lambda function, *given, **named: function(*given, **named))
    older: str | None = call(next_page, capture.body, **arguments)
    beside = {(canonical_url(r.url) if r.url else "") for full, _ in reading.incoming for r in full.related}
    said = without_shared_keys(reading.incoming)
    seen = sight(said, reading.ruled, source, reader.store)
    entries = [
        (release, found)
        for release, found in seen.incoming
        if not (release.headline and release.url and canonical_url(release.url) in beside)
    ]
    return seen._replace(incoming=entries), older


def _unknown(incoming: Sequence[Incoming], source: Source, store: Store) -> list[Incoming]:
    """The entries that no key of the store names, and no page that is wanted already, unless it was kept."""
    known = known_of(store, (release for release, _ in incoming), tag=source.tag)
    listed = {canonical_url(release.url) for release, _ in incoming if release.url}
    return [
        (release, capture)
        for release, capture in incoming
        if not any(key in known.by_key for key in release.keys)
        and not (release.url and (row := store.pages.find(source.id, release, listed)) and not _is_kept(row))
    ]


def _past(fresh: Sequence[Incoming], incoming: Sequence[Incoming]) -> list[Incoming]:
    """Of the first page, what stands below the newest entry that is known: what stands above is news."""
    unknown = {id(release) for release, _ in fresh}
    news = set()
    for release, _ in incoming:
        if id(release) not in unknown:
            break
        news.add(id(release))
    return [(release, capture) for release, capture in fresh if id(release) not in news]


def _is_kept(row: QueuedPage) -> bool:
    """Was it read by a walk that was ended before it had recorded its release?"""
    return row.backfill and row.page is not None and row.again is None


def _open(fresh: Sequence[Incoming], source: Source, work: Work) -> Answers:
    """The pages of those that are followed, one after the other; what is read is kept at once, and not asked again."""
    pages = followed(source, (release for release, _ in fresh))
    answers: dict[str, QueuedPage | Exception] = {}
    for release, _ in fresh:
        page = canonical_url(release.url) if release.url else ""
        if page not in pages or page in answers or not release.url:
            continue
        row = work.store.pages.find(source.id, release)
        if row and _is_kept(row) and canonical_url(row.address) == page:
            answers[page] = row
            continue
        try:
            with _turn(source, release.url, work) as reader:
                answers[page] = _keep(release, reader.open(QueuedPage(said=release)), reader)
        except SyndicateError as error:
            answers[page] = error
        work.tell(Asked(url=release.url))
    return answers


def _keep(release: Release, opened: ReadPage, reader: PageReader) -> QueuedPage:
    """Nobody looks at it again before its release is recorded: a look would bring that as news."""
    row = replace(put_read(QueuedPage(said=release, backfill=True), opened, reader.now), again=None)
    with reader.store.transaction():
        if opened.capture:
            reader.store.keep_bytes(reader.source.id, opened.capture, reader.now)
        reader.store.pages.put(row)
    return row


def _record(fresh: Sequence[Incoming], answers: Answers, capture: Capture, reader: PageReader, plan: Plan) -> Changes:
    """What the list says, completed by what the pages say; what could not be read is asked again later."""
    incoming, pages = list[Incoming](), reader.store.pages
    for release, found in fresh:
        answer = answers.get(canonical_url(release.url)) if release.url else None
        if isinstance(answer, Exception):
            pages.put(put_back(QueuedPage(said=release, backfill=True), answer, reader.now))
        elif answer:
            pages.put(put_off(replace(answer, said=release), reader.now))
        if isinstance(answer, QueuedPage) and answer.page:
            incoming.append((overlaid(release, answer.page), answer.hash))
        elif reader.source.headlines or not release.headline:
            incoming.append((release, found))
    heard = Heard(incoming, (capture,), backfill=True)
    return take_in(heard, reader.source, store=reader.store, plan=plan, now=reader.now)


@contextmanager
def _turn(source: Source, url: str, work: Work) -> Iterator[PageReader]:
    """One request: when its host's turn has come, and nobody else asks this source. FetchError where it may not be."""
    host, mine = server(url), False
    while not mine:
        now = work.clock()
        state, rests = work.store.sources.state(source.id, files=False), work.store.sources.resting(now)
        turn = page_turn(source, state, now=now, call=Call.NAMED, host_rests=rests.get(host))
        if turn.waits:
            raise FetchError(f"{host} asked to be left alone", retry_after=(turn.waits - now).total_seconds())
        with work.tools.page_delay.waited(host), work.store.claim(source.id, lambda: host) as mine:
            if mine:
                yield _reader(source, work)


def _reader(source: Source, work: Work) -> PageReader:
    """With the time as it is now: a walk takes long."""
    return page_reader(source, work, work.clock())


def _page(url: str) -> str:
    """What a page of a list is known by."""
    return canonical_url(url.partition("#")[0])
