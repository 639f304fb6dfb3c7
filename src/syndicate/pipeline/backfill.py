"""The past of a source: its list or feed walked from page to page towards the old end, slowly, and resumable."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.client import Client
from syndicate.client import server_of as server
from syndicate.errors import FetchError, StoreError, SyndicateError
from syndicate.fetch import ACCEPT, whereabouts
from syndicate.model import Capture, Changes, Plan, Rejected, Release, Source
from syndicate.parse import next_page
from syndicate.pipeline._following import followed
from syndicate.pipeline._manners import resting
from syndicate.pipeline._pace import Pace
from syndicate.pipeline._pages import Asking, Opened
from syndicate.pipeline.complete import put_back, take_in
from syndicate.pipeline.known import known_of
from syndicate.reading import Run, read
from syndicate.revise import Incoming, overlaid, without_shared_keys
from syndicate.store import Store, Walk, Wanted
from syndicate.text import canonical_url, digest

_MOST_REPEATS = 2
Answers = Mapping[str, Opened | Exception]  # canonical address of a release's page → what asking it came to


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of the list: `number` counts from the first one of the whole walk."""

    number: int
    url: str
    new: int = 0  # releases that were not known
    known: int = 0
    refused: tuple[Rejected, ...] = ()  # pages of releases that could not be read, and why


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """What a call came to. `next`: where the next one goes on, None where the old end is reached."""

    source: str
    steps: tuple[Step, ...] = ()
    next: str | None = None
    error: str | None = None  # why the page at `next` could not be read, or is not asked now


@dataclass(frozen=True, kw_only=True)
class Walker:
    """Who walks, and how. `clock` tells the time, `run` calls a function in a process with limits.

    `on_page` is told of each page of a release (its address) and each page of the list (a `Step`).
    """

    store: Store
    client: Client
    plan: Plan
    pace: Pace
    clock: Callable[[], datetime]
    run: Run | None = None
    on_page: Callable[[str | Step], None] = lambda _: None


def backfill(source: Source, pages: int, walker: Walker, *, restart: bool = False) -> Backfill:
    """At most so many further pages of the source's list or feed; each is recorded in one transaction.

    A page that fails ends the walk with the reason, and so does a server that wants to be left alone; what was recorded
    stays, and the next call goes on there. With another address of the source it begins at that.
    A source that was polled already keeps what is newer than all that it knows: that is the next poll's to bring.
    """
    store = walker.store
    walk, begun = store.wanted.walk(source.id), _page(source.url or "")
    if restart or (walk and walk.begun != begun):
        store.wanted.forget_walk(source.id)
        walk = None
    walk = walk or Walk(source=source.id, next=_first(source, store), begun=begun)
    steps = list[Step]()
    while walk.next and len(steps) < pages:
        try:
            walk, step, away = _step(source, walk, walker)
        except SyndicateError as error:
            return Backfill(source=source.id, steps=tuple(steps), next=walk.next, error=str(error))
        steps.append(step)
        walker.on_page(step)
        if away and walk.next:
            return Backfill(source=source.id, steps=tuple(steps), next=walk.next, error=away)
    return Backfill(source=source.id, steps=tuple(steps), next=walk.next)


def _first(source: Source, store: Store) -> str | None:
    """The feed that the source's page links, or where it has moved to; else its own address."""
    return whereabouts.recalled(store.sources.state(source.id, files=False), source).address or source.url


def _step(source: Source, walk: Walk, walker: Walker) -> tuple[Walk, Step, str | None]:
    """The walk after this page, what it brought, and which server wants to be left alone now."""
    store, url = walker.store, walk.next or ""
    capture = _list(source, url, walker)
    asking = _asking(source, walker)
    incoming, older = _read(capture, asking)
    entries = digest(*(canonical_url(r.url) if r.url else r.title for r, _ in incoming))
    fresh = _unknown(incoming, source, store)
    if walk.pages == 0 and store.sources.state(source.id, files=False).last_success:
        fresh = _past(fresh, incoming)
    answers = _open(fresh, source, walker)
    with store.transaction():
        if (store.wanted.walk(source.id) or replace(walk, pages=0)).pages != walk.pages:
            raise StoreError(f"{source.id}: another backfill of it is under way")
        asking = replace(asking, now=walker.clock())
        # A poll may have brought some of them meanwhile.
        fresh = _unknown(fresh, source, store)
        changes = _record(fresh, answers, capture, asking, walker.plan)
        after = _after(walk, url, older, entries, store)
        store.wanted.save_walk(after, _page(url))
    new = changes.count("new")
    refused = tuple(
        Rejected(release.url or "", str(answer))
        for release, _ in fresh
        if isinstance(answer := answers.get(canonical_url(release.url or "")), Exception)
    )
    step = Step(number=after.pages, url=capture.url or url, new=new, known=len(incoming) - new, refused=refused)
    away = (str(answer) for answer in answers.values() if isinstance(answer, FetchError) and answer.retry_after)
    return after, step, next(away, None)


def _after(walk: Walk, url: str, older: str | None, entries: str, store: Store) -> Walk:
    """The walk with this page behind it. A list that leads back, or shows its last page again and again, has ended."""
    # Once is no sign: as many new releases as stand on a page may have come meanwhile.
    repeats = walk.repeats + 1 if entries == walk.entries else 0
    back = older and (_page(older) == _page(url) or store.wanted.walked(walk.source, _page(older)))
    return replace(
        walk,
        next=None if back or repeats >= _MOST_REPEATS else older,
        pages=walk.pages + 1,
        entries=entries,
        repeats=repeats,
    )


def _list(source: Source, url: str, walker: Walker) -> Capture:
    # The operator's own words go before ours, as when it is polled.
    own = any(name.lower() == "accept" for name, _ in source.headers)
    with _turn(source, url, walker) as asking:
        return asking.taken(asking.get(url, {} if own else {"Accept": ACCEPT}))


def _read(capture: Capture, asking: Asking) -> tuple[list[Incoming], str | None]:
    """The entries of a page, and the address of the next older one."""
    source = asking.source
    # What is said of the past is no news of what was withdrawn, and headlines are filtered where they are recorded.
    listing = replace(source, headlines=True)
    reading = read((capture,), listing, now=asking.now, max_bytes=asking.max_bytes, run=asking.run)
    arguments = {"url": capture.url, "media_type": capture.media_type, "select": source.select}
    call = asking.run or (lambda function, *given, **named: function(*given, **named))
    older: str | None = call(next_page, capture.body, **arguments)
    beside = {(canonical_url(r.url) if r.url else "") for full, _ in reading.incoming for r in full.related}
    entries = [
        (release, found)
        for release, found in without_shared_keys(reading.incoming)
        if not (release.headline and release.url and canonical_url(release.url) in beside)
    ]
    return entries, older


def _unknown(incoming: Sequence[Incoming], source: Source, store: Store) -> list[Incoming]:
    """The entries that no key of the store names, and no page that is wanted already."""
    known = known_of(store, (release for release, _ in incoming), tag=source.tag)
    listed = {canonical_url(release.url) for release, _ in incoming if release.url}
    return [
        (release, capture)
        for release, capture in incoming
        if not any(key in known.by_key for key in release.keys)
        and not (release.url and store.wanted.find(source.id, release, listed))
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


def _open(fresh: Sequence[Incoming], source: Source, walker: Walker) -> Answers:
    """The pages of those that are followed, one after the other."""
    pages = followed(source, (release for release, _ in fresh))
    answers: dict[str, Opened | Exception] = {}
    for release, _ in fresh:
        page = canonical_url(release.url) if release.url else ""
        if page not in pages or page in answers or not release.url:
            continue
        try:
            with _turn(source, release.url, walker) as asking:
                answers[page] = asking.open(Wanted(said=release))
        except SyndicateError as error:
            answers[page] = error
        walker.on_page(release.url)
    return answers


def _record(fresh: Sequence[Incoming], answers: Answers, capture: Capture, asking: Asking, plan: Plan) -> Changes:
    """What the list says, completed by what the pages say; what could not be read is asked again later."""
    incoming, captures = list[Incoming](), [capture]
    for release, found in fresh:
        answer = answers.get(canonical_url(release.url)) if release.url else None
        if answer is not None:
            asking.store.wanted.put(_row(release, answer, asking))
        if isinstance(answer, Opened) and answer.capture:
            captures.append(answer.capture)
            incoming.append((overlaid(release, answer.page), answer.capture.hash))
        elif asking.source.headlines or not release.headline:
            incoming.append((release, found))
    return take_in(incoming, captures, asking, plan, backfill=True, first=False)


def _row(release: Release, answer: Opened | Exception, asking: Asking) -> Wanted:
    row = Wanted(said=release, backfill=True)
    if isinstance(answer, Exception):
        return put_back(row, answer, asking.now)
    return replace(
        row,
        page=answer.page,
        etag=answer.etag,
        last_modified=answer.last_modified,
        hash=answer.capture.hash if answer.capture else None,
        asked=asking.now,
    )


@contextmanager
def _turn(source: Source, url: str, walker: Walker) -> Iterator[Asking]:
    """One request: when its host's turn has come, and nobody else asks this source. FetchError where it may not be."""
    host, mine = server(url), False
    while not mine:
        if wait := resting(walker.store, walker.clock()).get(host):
            raise FetchError(f"{host} asked to be left alone", retry_after=wait)
        with walker.pace.waited(host), walker.store.claim(source.id) as mine:
            if mine:
                yield _asking(source, walker)


def _asking(source: Source, walker: Walker) -> Asking:
    """With the time as it is now: a walk takes long."""
    return Asking(
        source=source,
        store=walker.store,
        client=walker.client,
        now=walker.clock(),
        max_bytes=walker.plan.fetch.max_bytes,
        run=walker.run,
    )


def _page(url: str) -> str:
    """What a page of a list is known by."""
    return canonical_url(url.partition("#")[0])
