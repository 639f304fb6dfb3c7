"""Change × where the release stands → where it is to stand, and who is to be told."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from syndicate.model import Change, Changes, Release, Topic
from syndicate.placement.chain import Chain
from syndicate.placement.links import Links
from syndicate.placement.values import ALL, Dirty, NewFeed, Placement, Slot, Standing
from syndicate.text import tag_uri

_MOVES = frozenset({"new", "completed", "corrected", "lifted", "restored"})  # a new position, also where it stands


def place(changes: Changes, standing: Standing, *, page_size: int, tag: str, now: datetime) -> Placement:
    """Where the releases of one ingest or act come to stand, and what a reader sees change by that.

    Positions are given by (published, reverse document order) ascending, so that the first is on top; those of the
    past, which go downwards, the other way round. `tag` is the authority of the ids of feeds that are made.
    """
    placing = _Placing(standing, changes.backfill)
    for index, change in enumerate(changes.changes):
        placing.take(change, -index)
    chain = Chain(standing.feeds, placing.left, page_size)
    for past, enter in ((False, chain.enter), (True, chain.enter_past)):
        for release, feed in placing.entering(past=past):
            enter(release, feed)
    return placing.with_positions(chain, tag, now)


def new_feed(topic: Topic, tag: str) -> NewFeed:
    return NewFeed(topic.id, topic.title, tag_uri(tag, "feed", topic.id))


class _Move(NamedTuple):
    """A release and the feeds that it enters. Moves are sorted by their beginning: when, reverse place, id."""

    published: datetime
    place: int
    release: str
    feeds: frozenset[str]
    past: bool  # at the old end

    def after(self, earlier: "_Move | None") -> "_Move":
        """One poll can say twice of a release where it is to stand: the last word counts, but news stays news."""
        if earlier is None or not earlier.feeds:
            return self
        return self._replace(past=self.past and earlier.past)


class _Placing:
    """What stands where while the changes are taken one by one."""

    def __init__(self, standing: Standing, backfill: bool) -> None:
        self._backfill = backfill
        self._releases = {i: held.release for i, held in standing.held.items()}
        self._at_old_end = {i: held.past for i, held in standing.held.items()}
        self._slots = {i: {slot.feed: slot for slot in slots} for i, slots in standing.slots.items()}
        self._feeds = {*standing.feeds}
        self._updated = standing.updated
        self._links = Links(standing)
        self._moves: dict[str, _Move] = {}
        self._past: dict[str, bool] = {}
        self._created: list[Topic] = []
        self.left: list[Slot] = []
        self._buried: list[str] = []
        self._changed_pages: list[tuple[str, int]] = []
        self._touched: set[str] = set()
        self._dirty: list[Dirty] = []

    def take(self, change: Change, place: int) -> None:
        release = change.release
        self._links.note(release, change.keys)
        if change.absorbs:  # who links to what nobody saw leads to what is shown from now on
            self._mark_linking({*self._links.with_correction(release.id)})
        if not change.tells:  # what waits is nothing that readers see
            return
        before = self._releases.get(release.id)
        self._releases[release.id] = release
        moves = self._moving(change, before)
        past = (self._at_old_end[release.id] and not moves) if before else self._backfill
        self._past[release.id] = self._at_old_end[release.id] = past
        enters, old_end = frozenset[str](), past
        corrections = {*self._links.with_correction(release.id)}
        self._links.put(release)
        if release.visible or (before and before.visible):  # else nothing public may tell of it
            old_end = past or (self._backfill and bool(before and before.visible))
            enters = self._stand(change, moves, old_end)
            self._mark(release, before, corrections)
        move = _Move(release.published, place, release.id, enters, old_end)
        self._moves[release.id] = move.after(self._moves.get(release.id))

    def _moving(self, change: Change, before: Release | None) -> bool:
        """Does it take a new position where it stands? A backfill moves nothing; the end of an embargo is news."""
        lifted = before is not None and before.state == "embargoed"
        return change.release.visible and (lifted or (change.verdict in _MOVES and not self._backfill))

    def _stand(self, change: Change, moves: bool, old_end: bool) -> frozenset[str]:
        """Empty the slots that it leaves. Returns the feeds where it takes a position."""
        release = change.release
        slots = self._slots.setdefault(release.id, {})
        standing = frozenset(slots)
        # A withdrawn release keeps its slots, for the tombstone; one that is held has none.
        gone = standing if release.withdrawn else frozenset[str]()
        wanted = self._wanted(change) if release.visible else gone
        enters = wanted if moves else wanted - standing
        if self._backfill and not gone:  # a head tells of a withdrawal wherever it was; of the past it tells nothing
            heads = {slot.feed for slot in slots.values() if slot.page is None}
            self._touched |= heads | (frozenset() if old_end else enters)
        else:
            self._touched |= wanted | standing
        for feed in sorted((standing - wanted) | (enters & standing)):
            self._change_pages([slots[feed]])
            self.left.append(slots.pop(feed))
        if release.withdrawn:
            self._buried.append(release.id)
        self._change_pages(slots.values())
        return enters

    def _wanted(self, change: Change) -> frozenset[str]:
        """Where it is to stand; feeds that there were not yet are made."""
        topics = (*(topic for topic, _ in change.reasons), Topic(ALL, ALL))
        for topic in topics:
            if topic.id not in self._feeds:
                self._feeds.add(topic.id)
                self._created.append(topic)
        return frozenset(topic.id for topic in topics)

    def _change_pages(self, slots: Iterable[Slot]) -> None:
        """The archive pages of these have changed for a reader."""
        for slot in slots:
            if slot.page is not None:
                self._changed_pages.append((slot.feed, slot.page))
                self._dirty.append(Dirty("page", f"{slot.feed}/{slot.page}"))

    def _mark(self, release: Release, before: Release | None, corrections: set[str]) -> None:
        """Its page, the site's index, and whoever links to it where that link appears, goes or leads elsewhere."""
        self._dirty += [Dirty("release", release.id), Dirty("site")]
        corrected = {*self._links.with_correction(release.id)}
        place = (release.visible, release.url, release.title, release.kicker)
        if before and place == (before.visible, before.url, before.title, before.kicker):
            linked = corrections ^ corrected
        else:
            linked = corrections | corrected
            for version in filter(None, (release, before)):
                linked |= {*self._links.relating(version)}
        self._mark_linking(linked)

    def _mark_linking(self, releases: Iterable[str]) -> None:
        for other in sorted(releases):
            slots = self._slots.get(other, {}).values()
            self._dirty.append(Dirty("release", other))
            self._dirty += [Dirty("page", f"{slot.feed}/{slot.page}") for slot in slots if slot.page is not None]
            self._dirty += [Dirty("topic", slot.feed) for slot in slots]

    def entering(self, *, past: bool) -> Iterable[tuple[str, str]]:
        """(release, feed), in the order in which they take their positions."""
        for move in sorted((m for m in self._moves.values() if m.feeds and m.past is past), reverse=past):
            if self._releases[move.release].visible:
                for feed in sorted(move.feeds - self._slots.get(move.release, {}).keys()):
                    yield move.release, feed

    def with_positions(self, chain: Chain, tag: str, now: datetime) -> Placement:
        feeds = tuple(sorted(self._touched))
        dirty = (*self._dirty, *chain.dirty, *(Dirty("topic", feed) for feed in feeds))
        return Placement(
            past=self._past,
            related=self._links.related,
            corrects=self._links.corrects,
            created=tuple(new_feed(topic, tag) for topic in self._created),
            left=tuple(self.left),
            buried=tuple(self._buried),
            entered=tuple(chain.entered),
            pages=tuple(chain.pages),
            changed_pages={
                page: self._moved("{}/{}".format(*page), now) for page in (*self._changed_pages, *chain.grown)
            },
            changed_feeds={feed: self._moved(feed, now) for feed in feeds},
            dirty=tuple(dict.fromkeys(reversed(dirty)))[::-1],
        )

    def _moved(self, what: str, now: datetime) -> datetime:
        """Its `updated`, which never goes back, whatever the clock does."""
        return max(now, self._updated.get(what, now))
