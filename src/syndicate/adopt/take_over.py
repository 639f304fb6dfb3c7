"""What is published in the folder of feeds, into an empty store."""

from datetime import datetime

from syndicate.adopt.feed import heads
from syndicate.adopt.folder import NOT_READ_BACK, folder, media_of, written
from syndicate.adopt.gather import Adopted, gather
from syndicate.errors import PublishError
from syndicate.model import Change, Changes, Plan
from syndicate.placement import Placement
from syndicate.publish import folder_of, is_empty, locked, owner
from syndicate.recording import topics_fingerprint
from syndicate.store import Store


def adopt(store: Store, plan: Plan, *, now: datetime) -> int | None:
    """Take over what is published in the folder of feeds; how many releases that is. None: it is ours already.

    One transaction, with the folder's mark in it: whoever stops half way has changed nothing and may begin again.
    Nothing in the folder is written. PublishError where there is nothing to adopt, or the store is not empty.
    """
    directory = folder_of(plan.publish.directory, NOT_READ_BACK)
    with locked(directory):
        there = owner(directory)
        if there and there == store.outputs.mark():
            return None
        if is_empty(directory):
            raise PublishError(f"{directory}: is empty, so there is nothing to adopt; leave --adopt out to begin anew")
        if store.releases.counts():
            raise PublishError(
                f"{directory}: another store publishes here, and {store} is not empty: only an empty store can adopt"
            )
        found = folder(plan, now)
        adopted = gather(found, plan)
        with store.transaction():
            _record(store, adopted, now)
            store.outputs.keep(media_of(found))
            store.outputs.wrote(written(found, shown_by(store, adopted)), ())
            store.remember("rules", topics_fingerprint(plan))
            store.adopts(now)
            if there:
                store.remember("mark", there)
    return len(adopted.releases)


def _record(store: Store, adopted: Adopted, now: datetime) -> None:
    changes = tuple(Change(verdict="adopted", release=release) for release in adopted.releases)
    placement = Placement(
        related=heads(adopted.releases),
        corrects=adopted.corrects,
        created=tuple(each.feed for each in adopted.feeds),
        entered=tuple(slot for each in adopted.feeds for slot in each.slots),
        pages=tuple(page for each in adopted.feeds for page, _ in each.pages),
    )
    store.record(Changes(changes=changes), placement, now=now)
    as_published = Placement(  # now that their slots and pages are there
        buried=tuple(release.id for release in adopted.releases if release.withdrawn),
        changed_pages={(page.feed, page.number): at for each in adopted.feeds for page, at in each.pages},
        changed_feeds={each.feed.id: each.updated for each in adopted.feeds},
    )
    store.feeds.write(as_published, now)


def shown_by(store: Store, adopted: Adopted) -> dict[str, tuple[str, ...]]:
    """Path of a file beside releases → those that show it."""
    found: dict[str, tuple[str, ...]] = {}
    for release in adopted.releases:
        for media in store.outputs.beside(release):
            path = f"media/{media.hash}/{media.name}"
            found[path] = (*found.get(path, ()), release.id)
    return found
