"""What was published after a backup, taken over by the store that was restored from it: readers have it.

The folder says what stands where, and what readers see or see no more; the store, where that came from. A release that
the store has as it is published stays as it is there; of any other the published words count, until a source says its
first word of it (`revise.adopted`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from syndicate.adopt.feed import heads
from syndicate.adopt.folder import NOT_READ_BACK, Folder, folder, media_of, written
from syndicate.adopt.gather import Adopted, AdoptedFeed, gather
from syndicate.adopt.take_over import shown_by
from syndicate.errors import PublishError
from syndicate.model import Change, Changes, Plan, Release
from syndicate.placement import Announced, Page, Placement, Slot
from syndicate.publish import folder_of, is_empty, locked, owner
from syndicate.store import Chain, Store

_NEVER = datetime.min.replace(tzinfo=UTC)


class CaughtUp(NamedTuple):
    """How many releases the store had not known, and how many it had known otherwise. `why` nothing was read back."""

    new: int = 0
    changed: int = 0
    why: str | None = None


def catch_up(store: Store, plan: Plan, dates: Mapping[str, datetime], *, whole: bool, now: datetime) -> CaughtUp:
    """One transaction; nothing in the folder is written. `dates`: when each feed of the backup had last changed, before
    any act was done again. Not `whole`: acts of since may be known to nobody, so what states an embargo waits for a
    person.
    """
    try:
        directory = folder_of(plan.publish.directory, NOT_READ_BACK)
    except PublishError as error:
        store.happened.announce_all()
        return CaughtUp(why=str(error))
    with locked(directory):
        if is_empty(directory) or owner(directory) != store.outputs.known_mark():
            store.happened.announce_all()  # whoever was to be told of it has been, as far as anybody knows
            return CaughtUp(why=f"{directory}: has nothing of this store")
        try:
            found = folder(plan, now)
            adopted = _known_by(store, gather(found, plan))
        except PublishError as error:
            return CaughtUp(why=str(error))
        with store.transaction():
            if not whole:
                store.adopts(now)
            if not _is_later(adopted, dates):
                return CaughtUp(why=f"{directory}: is earlier than the backup")
            return _put(store, adopted, found, now)


def _is_later(adopted: Adopted, dates: Mapping[str, datetime]) -> bool:
    """Than the backup: a feed of it is, or none is earlier. Documents tell seconds: what was taken back in that of the
    backup leaves all dates equal, and a folder of before has feeds that have not changed since.
    """
    both = [(each.updated, dates.get(each.feed.id, _NEVER)) for each in adopted.feeds]
    return any(theirs > ours for theirs, ours in both) or all(theirs == ours for theirs, ours in both)


def _known_by(store: Store, adopted: Adopted) -> Adopted:
    """By the ids that the store has for them."""
    known, ids = store.readback.ids(), dict[str, str]()
    for release in adopted.releases:
        ids[release.id] = known.get(release.atom_id, release.id)
    feeds = (
        replace(each, slots=tuple(replace(slot, release=ids[slot.release]) for slot in each.slots))
        for each in adopted.feeds
    )
    return Adopted(
        releases=tuple(replace(r, id=ids[r.id], corrects=r.corrects and ids[r.corrects]) for r in adopted.releases),
        feeds=tuple(feeds),
        corrects={ids[i]: ids[other] for i, other in adopted.corrects.items()},
    )


def _put(store: Store, adopted: Adopted, found: Folder, now: datetime) -> CaughtUp:
    held = store.releases.among([release.id for release in adopted.releases])
    changes = [change for release in adopted.releases if (change := _change(release, held.get(release.id)))]
    store.readback.untold([c.release.id for c in changes if c.verdict == "adopted"], now)
    said = [change.release for change in changes if change.verdict == "adopted"]
    told = {release.id for release in said}
    links = Placement(related=heads(said), corrects={i: other for i, other in adopted.corrects.items() if i in told})
    chains = store.readback.chains()
    store.record(Changes(changes=tuple(changes)), links, now=now)
    _place(store, adopted, chains, {r.id: r for r in adopted.releases}, now)
    store.outputs.keep(media_of(found))
    store.outputs.wrote(written(found, shown_by(store, adopted)), ())
    store.readback.as_told()
    standing = store.releases.among([release.id for release in adopted.releases])
    store.happened.announce({r.id: _announced(r, standing[r.id]) for r in adopted.releases})
    store.remember("searched", "")
    return CaughtUp(
        new=sum(c.release.id not in held for c in changes), changed=sum(c.release.id in held for c in changes)
    )


def _change(published: Release, held: Release | None) -> Change | None:
    """None: the store has it as it is published, or what was done again in it is later than that."""
    if held is None:
        return Change(verdict="adopted", release=published)
    if published.withdrawn:
        if held.withdrawn:
            return None
        issued = held.issued or published.issued
        gone = replace(held, withdrawn=published.withdrawn, reason=published.reason, issued=issued)
        return Change(verdict="withdrawn", release=gone)
    if published.updated <= (held.withdrawn or held.updated) and (held.visible or held.withdrawn):
        return None
    kept = replace(
        published,
        revision=held.revision + (published.revision > 1),  # what was only shown again is no correction
        issued=held.issued or published.issued,
        first_seen=held.first_seen,
        stated=held.stated,
        assigned=held.assigned,
        keys=(*held.keys, *published.keys),
    )
    return Change(verdict="adopted", release=kept)


def _announced(published: Release, held: Release) -> Announced:
    """What whoever hears of releases has heard of this one: what is published. What was done again in it is to come."""
    later = held.visible and held.updated > published.updated
    return Announced(published.state, held.revision - later, published.updated)


# --- where they stand -------------------------------------------------------------------------------------------------


def _place(
    store: Store, adopted: Adopted, before: Mapping[str, Chain], published: Mapping[str, Release], now: datetime
) -> None:
    """Feeds that stand as they are published stay; the others are as they are published, and above that what the store
    alone has: what was done again in it, and what had not been published.
    """
    there = {row.id for row in store.feeds.list()}
    moved = [each for each in adopted.feeds if before.get(each.feed.id, {}) != _chain(each)]
    store.feeds.write(Placement(created=tuple(each.feed for each in moved if each.feed.id not in there)), now)
    store.readback.empty([each.feed.id for each in moved])
    entered, pages = list[Slot](), list[Page]()
    for each in moved:
        entered += _standing(store, each, before.get(each.feed.id, {}), published)
        pages += (page for page, _ in each.pages)
    store.feeds.write(Placement(entered=tuple(entered), pages=tuple(pages)), now)
    begun = {(page.feed, page.number) for page in pages}
    standing = store.releases.among({*published, *(slot.release for slot in entered)})
    dates = {row.id: row.updated for row in store.feeds.list() if row.id in there}
    of_pages = store.readback.pages()
    changed = [((page.feed, page.number), at) for each in adopted.feeds for page, at in each.pages]
    as_published = Placement(
        buried=tuple(i for i, release in standing.items() if not release.visible),
        changed_pages={page: max(at, of_pages[page] if page not in begun else at) for page, at in changed},
        changed_feeds={each.feed.id: max(each.updated, dates.get(each.feed.id, _NEVER)) for each in adopted.feeds},
    )
    store.feeds.write(as_published, now)


def _chain(feed: AdoptedFeed) -> Chain:
    chain: Chain = {}
    for slot in feed.slots:
        chain.setdefault(slot.page, []).append(slot.release)
    return chain


def _standing(store: Store, feed: AdoptedFeed, before: Chain, published: Mapping[str, Release]) -> Iterator[Slot]:
    """What is published there, but for what has moved since; then that, in the order in which it stood."""
    ids = [*(i for releases in before.values() for i in releases), *(slot.release for slot in feed.slots)]
    held = store.releases.among(dict.fromkeys(ids))

    def is_later(identifier: str) -> bool:
        """Does readers' copy of it come from before what the store has?"""
        release, theirs = held[identifier], published.get(identifier)
        return release.visible and (theirs is None or bool(theirs.withdrawn) or release.updated > theirs.updated)

    own = dict.fromkeys(i for releases in before.values() for i in releases if is_later(i))
    last = 0
    for slot in feed.slots:
        last = slot.position
        if slot.release not in own:
            yield slot
    for number, identifier in enumerate(own, last + 1):
        yield Slot(identifier, feed.feed.id, number)
