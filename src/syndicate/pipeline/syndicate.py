"""What is dirty → feeds/."""

import math
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from syndicate import documents
from syndicate.documents import fingerprint
from syndicate.doors import ByName
from syndicate.errors import PublishError
from syndicate.model import Document, Plan, Release, Topic
from syndicate.pipeline.announce import announce
from syndicate.pipeline.publisher import begin, publisher, take_over
from syndicate.placement import Dirty, Placement, opened
from syndicate.publish import MARK, Folders, Target, target
from syndicate.recording import expire, make_searched, mark_all, searched, topics_fingerprint
from syndicate.store import ALL, Mark, Noted, Store, Written

_REPLAY, _REPLAY_WAITING = (ByName("syndicate.pipeline.replay", name) for name in ("replay", "replay_waiting"))
_NOTICE = ByName("syndicate.documents", "gone")  # heavy, and few ever need it
_ORDER = {"release": 0, "page": 0, "topic": 1, "site": 2}  # nothing links to what is not there yet
_BATCH = 200  # release pages rendered at once, or as much of all else: bounds the memory of a first publish
_WEIGHTS = {"release": 1, "page": 20, "topic": 20, "site": 20}  # documents with many entries hold the more


def prepare(store: Store, plan: Plan, *, now: datetime, publishes: bool = True) -> None:
    """At start: a feed for each configured topic, and everything dirty that is not as this program would write it.

    Not `publishes`: another process does, and what is missing in a folder here is nothing to it. PublishError where the
    folder of feeds is another store's.
    """
    open_feeds(store, plan, now=now)
    store.acts.begin()
    if store.acts.is_behind():  # somebody has put a backup in its place
        _REPLAY(store, store.acts.later().acts, plan)
        take_over(store, plan.publish.directory)
    with store.transaction():
        if store.recalled("page") != fingerprint(plan):
            mark_all(store, now=now)
            store.fragments.drop_all()
            store.remember("page", fingerprint(plan))
        if publishes:
            mark_missing(store, plan, now=now)
    make_searched(store, plan, now=now)


def open_feeds(store: Store, plan: Plan, *, now: datetime) -> None:
    """The first part of `prepare`: before a job of this plan puts a release where a renamed feed is to be.

    It would make another feed there, and who has subscribed to the renamed one would never hear of that.
    """
    is_ours(store, plan)
    with store.transaction():
        topics = (Topic(ALL, plan.site.title), *plan.topics)
        store.feeds.write(opened(topics, store.feeds.outline(), tag=plan.site.tag), now)


def leave(store: Store, topics: Iterable[str], *, now: datetime) -> None:
    """These topics, to whoever publishes."""
    if marks := tuple(Dirty("topic", topic) for topic in topics):
        with store.transaction():
            store.feeds.write(Placement(dirty=marks, again=True), now)


def outdate(store: Store, before: Plan, after: Plan) -> bool:
    """A job of the plan `before` may have written since `after` was prepared: whether that is to be done again.

    Then the next `prepare` and `reclassify` find what differs between the two not done yet.
    """
    made_by: dict[Noted, Callable[[Plan], str]] = {"page": fingerprint, "rules": topics_fingerprint}
    changed = [name for name, of in made_by.items() if of(before) != of(after)]
    with store.transaction():
        for name in changed:
            store.remember(name, "")
    return bool(changed)


def is_ours(store: Store, plan: Plan, *, briefly: bool = False) -> bool:
    """Does the folder of feeds have our mark? Not yet, where it is empty or holds what this store has published.

    PublishError where it is another store's, or holds what nobody knows. `briefly`: see `publish.target`.
    """
    directory = plan.publish.directory
    place = target(directory, briefly=briefly)
    there = place.owner()
    if there and there == store.outputs.known_mark():
        return True
    if there is None and (place.is_empty() or any(place.has(row.path) for row in _written(store))):
        return False
    if there is None and not place.has(f"{ALL}.atom"):
        raise PublishError(
            f"{directory}: is neither empty nor published by this store; empty it, or name another folder as"
            " `[publish] directory` in config.toml"
        )
    if store.releases.counts():
        raise PublishError(
            f"{directory}: another store publishes here; name another folder as `[publish] directory` in config.toml,"
            f" or see whether {store} is the right `[store] url`"
        )
    raise PublishError(
        f"{directory}: was published by another store, and {store} is empty; `syndicate restore --force PATH` puts"
        " a backup of that store back, `syndicate run --adopt` takes over what is published; or empty the folder"
        f" ({MARK} in it, too) to begin anew: what a person withdrew or edited comes back then as its sources have it"
    )


def _written(store: Store) -> Iterable[Written]:
    return (row for folder in store.outputs.folders() for row in store.outputs.within(folder))


def mark_missing(store: Store, plan: Plan, *, now: datetime, looked: Folders | None = None) -> None:
    """What somebody deleted is to be written again. With `looked`, of folders in which something has come or gone."""
    place = target(plan.publish.directory)
    look = place.look(looked)
    rows = (row for folder in store.outputs.folders() for row in _missing_in(folder, store, place, look(folder)))
    store.feeds.write(Placement(dirty=tuple(dict.fromkeys(row.mark for row in rows)), again=True), now)


def _missing_in(folder: str, store: Store, place: Target, there: Container[str] | None) -> Iterable[Written]:
    if there is None:
        return ()
    return (row for row in store.outputs.within(folder) if not all(name in there for name in place.files_of(row.path)))


def syndicate(
    store: Store,
    plan: Plan,
    topics: Iterable[str] | None = None,
    *,
    now: datetime,
    first: Callable[[Release], object] = lambda _: None,
    fence: int | None = None,
) -> tuple[Document, ...]:
    """Render what is dirty, and these topics in any case; returns the documents that changed, without their bytes.

    They are those that are others than the store knows to have published, so that none is lost where a publish came to
    an end half way, and those that had to be written for what was done to their files. Of the former alone there is
    a version (`store.versions`), and of releases what has happened: written with that they have been published.

    `first` hears of each release that readers see from now on, once its documents are on the disk.
    `fence`: the number by which whoever publishes to a bucket is the later one (`publisher`).

    Order on disk: media and release pages, archive pages after those of what stands there, heads, index and OPML last.
    """
    changed: list[Document] = []
    if store.acts.waiting():
        _REPLAY_WAITING(store, plan, now)
    place = target(plan.publish.directory)
    with publisher(store, plan.publish.directory, fence) as fence:
        if not is_ours(store, plan) or place.fenced:
            begin(store, plan.publish.directory, fence)
        marks, notice = _dirty(store, plan, topics or (), now), partial(_NOTICE, site=plan.site, now=now)
        generation = max((mark.generation for mark in marks), default=0)
        for batch in _batches(marks):
            store.check()
            renderer = documents.Renderer(store, plan, now, generation)
            written = place.publish(
                renderer.documents(batch), renderer.gone, coming=renderer.own, notice=notice, fence=fence
            )
            found = renderer.fresh | {document.path: replace(document, body=b"") for document in written}
            changed += [found.pop(row.path) for row in renderer.written if row.path in found]
            words = searched(plan, renderer.standing, renderer.validation.failed)
            with store.transaction():
                store.outputs.wrote(renderer.written, renderer.forgotten)
                store.versions.put(renderer.made(), now)
                store.versions.end(renderer.ended(), now)
                fresh = announce(store, renderer.shown(), now=now)
                store.feeds.clear(batch)
                renderer.keep()
                store.search.publish(*words)
                renderer.validation.report(store, now)
            for release in fresh:
                first(release)
    return tuple(changed)


def _dirty(store: Store, plan: Plan, topics: Iterable[str], now: datetime) -> Sequence[Mark]:
    """What is to be rendered, with what has had its time and these topics."""
    with store.transaction():
        expire(store, plan.publish, now=now)
        store.feeds.write(Placement(dirty=tuple(Dirty("topic", topic) for topic in topics), again=True), now)
    return store.feeds.marks()


def _ordered(marks: Sequence[Mark]) -> list[Mark]:
    """By kind; but a closed page comes after the last release that stands on it, each feed's in their order.

    So what stands on the pages of several feeds is made once, while the releases are at hand: these in the order in
    which they stand in the feed of everything, whatever marked them.
    """
    reached = dict[str, float]()  # by feed
    rows = list[tuple[int, float, bool, int]]()
    for at, mark in enumerate(marks):
        is_page, place = mark.kind == "page", 0.0
        if is_page:
            feed = mark.id.rpartition("/")[0]
            place = reached[feed] = max(mark.place or math.inf, reached.get(feed, 0))
        elif mark.kind == "release":
            place = mark.place or 0
        rows.append((_ORDER[mark.kind], place, is_page, at))
    return [marks[at] for *_, at in sorted(rows)]


def _batches(marks: Iterable[Mark]) -> Iterator[list[Mark]]:
    """In the order in which they are written."""
    batch, weight = list[Mark](), 0
    for mark in _ordered([*marks]):
        weight += _WEIGHTS[mark.kind]
        if weight > _BATCH:
            yield batch
            batch, weight = [], _WEIGHTS[mark.kind]
        batch.append(mark)
    if batch:
        yield batch
