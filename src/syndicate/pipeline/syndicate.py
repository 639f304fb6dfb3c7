"""What is dirty → feeds/."""

from collections.abc import Iterable
from datetime import datetime

from syndicate.documents import Renderer, fingerprint
from syndicate.errors import PublishError
from syndicate.model import Document, Plan, Topic
from syndicate.placement import new_feed
from syndicate.publish import is_empty, locked, own, owner, publish
from syndicate.recording import topics_fingerprint
from syndicate.store import ALL, Store

_ORDER = ("release", "page", "topic", "site")  # nothing links to what is not there yet
_BATCH = 200  # marks rendered at once: bounds the memory of a first publish


def prepare(store: Store, plan: Plan, *, now: datetime) -> None:
    """At start: a feed for each configured topic, and everything dirty that is not as this program would write it.

    PublishError where the folder of feeds is another store's.
    """
    is_ours(store, plan)
    with store.transaction():
        for topic in (Topic(ALL, plan.site.title), *plan.topics):
            earlier = next((alias for alias in topic.aliases if store.topics.get(alias)), None)
            if store.topics.get(topic.id) is None and earlier:
                store.topics.rename(earlier, topic)
                store.topics.mark("site")
            elif store.topics.get(topic.id) is None:
                store.topics.create(new_feed(topic, plan.site.tag), now)
                store.topics.mark("topic", topic.id)
                store.topics.mark("site")
        if store.outputs.fingerprint("page") != fingerprint(plan):
            store.topics.mark_all()
            store.outputs.made_by("page", fingerprint(plan))
        mark_missing(store, plan)


def outdate(store: Store, before: Plan, after: Plan) -> bool:
    """A job of the plan `before` may have written since `after` was prepared: whether that is to be done again.

    Then the next `prepare` and `reclassify` find what differs between the two not done yet.
    """
    made_by = {"page": fingerprint, "rules": topics_fingerprint}
    changed = [name for name, of in made_by.items() if of(before) != of(after)]
    with store.transaction():
        for name in changed:
            store.outputs.made_by(name, "")
    return bool(changed)


def is_ours(store: Store, plan: Plan) -> bool:
    """Does the folder of feeds have our mark? Not yet, where it is empty or holds what this store has published.

    PublishError where it is another store's, or holds what nobody knows.
    """
    directory = plan.publish.directory
    there = owner(directory)
    if there == store.outputs.mark():
        return True
    if there is None and (is_empty(directory) or any((directory / w.path).is_file() for w in store.outputs.written())):
        return False
    if there is None and not (directory / f"{ALL}.atom").is_file():
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
        f"{directory}: was published by another store, and {store} is empty; put a backup of that store in its"
        " place, take over what is published by `syndicate run --adopt`, or empty the folder to begin anew"
    )


def mark_missing(store: Store, plan: Plan, *, heads_only: bool = False) -> None:
    """What somebody deleted is to be written again. `heads_only`: look at the feeds' heads alone."""
    for kind in ("topic", "site") if heads_only else (None,):
        for written in store.outputs.written(kind):
            if not (plan.publish.directory / written.path).is_file():
                store.topics.mark(written.kind, written.owner)


def syndicate(store: Store, plan: Plan, topics: Iterable[str] | None = None, *, now: datetime) -> tuple[Document, ...]:
    """Render what is dirty, and these topics in any case; returns the documents whose bytes changed.

    Order on disk: media and release pages, archives, heads, index and OPML last.
    """
    changed: list[Document] = []
    with locked(plan.publish.directory):
        if not is_ours(store, plan):
            own(plan.publish.directory, store.outputs.mark())
        with store.transaction():
            store.topics.expire(now, (plan.publish.tombstones, plan.publish.withdrawal_notice))
            for topic in topics or ():
                store.topics.mark("topic", topic)
        marks = sorted(store.topics.marks(), key=lambda mark: _ORDER.index(mark.kind))
        for start in range(0, len(marks), _BATCH):
            batch = marks[start : start + _BATCH]
            renderer = Renderer(store, plan, now)
            changed += publish(renderer.documents(batch), renderer.gone, plan.publish.directory)
            with store.transaction():
                store.outputs.wrote(renderer.written, renderer.forgotten)
                store.topics.clear(batch)
                renderer.validation.report(store, now)
    return tuple(changed)
