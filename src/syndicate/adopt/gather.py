"""What a folder says, put together: each release once, and where it stands. Pure.

A publish that stopped half way has left two versions of some releases: the later one counts, and what says that a
release was withdrawn counts most.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from syndicate.adopt.content import taken_apart
from syndicate.adopt.feed import FeedDocument, Gone
from syndicate.adopt.folder import Folder, PublishedFeed
from syndicate.classify import classify, rules_of
from syndicate.model import Key, Plan, Release, Topic
from syndicate.placement import ALL, NewFeed, Page, Slot
from syndicate.render import release_path
from syndicate.render import words as said_by_us
from syndicate.text import release_id
from syndicate.urls import canonical_url


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedFeed:
    """A feed, the slots and pages of its chain, oldest first, and when each of them was last changed."""

    feed: NewFeed
    updated: datetime
    slots: tuple[Slot, ...]
    pages: tuple[tuple[Page, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """`corrects`: release → the one that it says it corrects."""

    releases: tuple[Release, ...]
    feeds: tuple[AdoptedFeed, ...]
    corrects: Mapping[str, str]


def gather(there: Folder, plan: Plan) -> Adopted:
    releases, corrects = _releases(there, plan)
    titles = {i: t for feed in there.feeds for d in feed.documents for i, t in d.titles.items()}
    feeds = tuple(_feed(feed, releases, titles, there, plan) for feed in there.feeds)
    return Adopted(releases=tuple(releases.values()), feeds=feeds, corrects=corrects)


# --- the releases -----------------------------------------------------------------------------------------------------


def _releases(there: Folder, plan: Plan) -> tuple[dict[str, Release], dict[str, str]]:
    """By atom id, the newest first; and who corrects whom, by id."""
    said: dict[str, Release] = {}
    for release in (r for feed in there.feeds for document in feed.documents for r in document.releases):
        if release.atom_id not in said or said[release.atom_id].updated < release.updated:
            said[release.atom_id] = release
    gone, silent = _gone(there, said), _silent(there)
    said = {a: replace(r, topics=(*r.topics, *silent.get((a, r.updated), ()))) for a, r in said.items()}
    ids = _ids(there, {**said, **dict.fromkeys(gone)})
    held, named = dict[str, Release](), dict[str, tuple[str, ...]]()
    for atom_id, published in said.items():
        if atom_id not in gone:
            own = replace(published, id=ids[atom_id])
            apart = taken_apart(own, there.site)
            named[own.id] = apart.corrects
            held[atom_id] = _held(apart.release, there, plan)
    for atom_id, tombstone in gone.items():
        held[atom_id] = _withdrawn(ids[atom_id], tombstone, there)
    newest = dict(sorted(held.items(), key=lambda pair: pair[1].updated, reverse=True))
    at = {there.site.base_url + release_path(r.id): r.id for r in newest.values()} | {
        r.url: r.id for r in newest.values() if r.url
    }
    corrects = {i: at[url] for i, urls in named.items() for url in urls[:1] if at.get(url, i) != i}
    found = {a: replace(r, corrects=corrects.get(r.id)) for a, r in newest.items()}
    return found, corrects


def _silent(there: Folder) -> dict[tuple[str, datetime], tuple[str, ...]]:
    """Feeds where an entry stands that does not say so, by its id and date: its lines may be of before its topic came.

    An entry that has left a feed names it where an earlier publish has left it there.
    """
    found = dict[tuple[str, datetime], tuple[str, ...]]()
    for feed in there.feeds:
        for release in (r for document in feed.documents for r in document.releases):
            if feed.topic != ALL and feed.topic not in release.topics:
                at = release.atom_id, release.updated
                found[at] = (*found.get(at, ()), feed.topic)
    return found


def _gone(there: Folder, said: Mapping[str, Release]) -> dict[str, Gone]:
    """What was withdrawn: a notice says so for good, a tombstone unless a later version stands beside it."""
    gone: dict[str, Gone] = {}
    for each in (each for feed in there.feeds for document in feed.documents for each in document.gone):
        shown = said.get(each.atom_id)
        if shown is None or shown.updated <= each.when:
            gone[each.atom_id] = max(gone.get(each.atom_id, each), each, key=lambda one: one.when)
    for page in there.pages.values():
        if page.withdrawn and page.atom_id:
            gone.setdefault(page.atom_id, Gone(page.atom_id, page.withdrawn, page.reason))
    return gone


def _ids(there: Folder, atom_ids: Mapping[str, Release | None]) -> dict[str, str]:
    """The id of each: that of its page, else the one that is minted of its atom id."""
    by_canonical = {page.canonical: page.id for page in there.pages.values() if page.canonical and not page.atom_id}
    ids = {page.atom_id: page.id for page in there.pages.values() if page.atom_id}
    found: dict[str, str] = {}
    for atom_id, release in atom_ids.items():
        url = release.url if release else None
        if atom_id in ids:
            found[atom_id] = ids[atom_id]
        elif url in by_canonical:
            found[atom_id] = by_canonical[url]
    for atom_id in atom_ids:
        taken = {*found.values()}
        found.setdefault(atom_id, next(i for n in count(1) if (i := release_id(atom_id, n)) not in taken))
    return found


def _held(published: Release, there: Folder, plan: Plan) -> Release:
    """As it is held: found by its address, in the topics that it was published in."""
    own_page = published.url == there.site.base_url + release_path(published.id)
    url = None if own_page else published.url
    page = there.pages.get(published.id)
    bare = not published.teaser and not published.content and not published.enclosures
    topics = tuple(dict.fromkeys(_today(topic, there, plan) for topic in published.topics))
    release = replace(
        published,
        url=url,
        headline=page.headline if page else bare,
        inferred=("published",) if page and page.undated else (),
        revision=2 if page and page.corrected else 1,
        topics=topics,
        keys=(Key("url", "", canonical_url(url)),) if url else (),
    )
    return replace(release, topic_names=tuple(_named(release, there, plan)))


def _named(release: Release, there: Folder, plan: Plan) -> Iterator[str]:
    """What keeps it in topics that its own words do not put it in: those of its source, of further categories."""
    rules = rules_of(plan)
    own = {reason.topic.id for reason in classify(release, (), rules)}
    titles = {i: t for feed in there.feeds for d in feed.documents for i, t in d.titles.items()}
    configured = {topic.id: topic.title for topic in plan.topics}
    for topic in release.topics:
        if topic not in own:
            yield configured.get(topic) or titles.get(topic, topic)


def _withdrawn(identifier: str, gone: Gone, there: Folder) -> Release:
    """Nothing of its words is known: only that it was there, and that it is to stay away."""
    return Release(
        id=identifier,
        atom_id=gone.atom_id,
        title=f"{said_by_us.words(there.site.language)['withdrawn']} ({identifier})",
        language=there.site.language,
        published=gone.when,
        updated=gone.when,
        issued=gone.when,
        first_seen=gone.when,
        withdrawn=gone.when,
        reason=gone.reason,
    )


# --- where they stand -------------------------------------------------------------------------------------------------


def _today(topic: str, there: Folder, plan: Plan) -> str:
    """The id of a topic, also where it was renamed since."""
    published = {feed.topic for feed in there.feeds}
    now = plan.renamed.get(topic, topic)
    return topic if now in published else now


def _feed(
    published: PublishedFeed, releases: Mapping[str, Release], titles: Mapping[str, str], there: Folder, plan: Plan
) -> AdoptedFeed:
    """The positions in their order, from 1: each archive page has a whole page's slots, the head stands above."""
    head, *archive = published.documents
    topic = _today(published.topic, there, plan)
    standing = _standing(published, topic, releases)
    slots: list[Slot] = []
    pages: list[tuple[Page, datetime]] = []
    first = 1
    for number, document in zip(reversed(published.numbers), reversed(archive), strict=True):
        ids = standing[document.address]
        slots += [Slot(i, topic, first + n, number) for n, i in enumerate(ids)]
        last = first + max(plan.publish.page_size, len(ids)) - 1
        pages.append((Page(topic, number, first, last), document.updated))
        first = last + 1
    slots += [Slot(i, topic, first + n) for n, i in enumerate(standing[head.address])]
    feed = NewFeed(topic, _title(published.topic, head, titles, there, plan), head.atom_id)
    return AdoptedFeed(feed=feed, updated=head.updated, slots=tuple(slots), pages=tuple(pages))


def _standing(feed: PublishedFeed, topic: str, releases: Mapping[str, Release]) -> dict[str, list[str]]:
    """Document → the ids of what stands on it, oldest first; in the head also what ought to be in the feed."""
    seen = set[str]()
    standing: dict[str, list[str]] = {}
    archived = {each.atom_id for document in feed.documents[1:] for each in document.gone}
    archived |= {each.atom_id for document in feed.documents[1:] for each in document.releases}
    for document in feed.documents:
        there = [r.atom_id for r in document.releases if _belongs(releases[r.atom_id], topic)]
        gone = [each.atom_id for each in document.gone if releases[each.atom_id].withdrawn]
        # A head tells of what was withdrawn from the archive, too; its place is there.
        there += [a for a in gone if document is not feed.documents[0] or a not in archived]
        own = [atom_id for atom_id in dict.fromkeys(there) if atom_id not in seen]
        seen.update(own)
        standing[document.address] = [releases[atom_id].id for atom_id in reversed(own)]
    missing = [
        r for a, r in releases.items() if a not in seen and not r.withdrawn and (topic in r.topics or topic == ALL)
    ]
    standing[feed.documents[0].address] += [r.id for r in sorted(missing, key=lambda r: (r.updated, r.id))]
    return standing


def _belongs(release: Release, topic: str) -> bool:
    return bool(release.withdrawn) or topic == ALL or topic in release.topics


def _title(topic: str, head: FeedDocument, titles: Mapping[str, str], there: Folder, plan: Plan) -> str:
    every = next(feed.documents[0].title for feed in there.feeds if feed.topic == ALL)
    configured = {each.id: each for each in (*plan.topics, Topic(ALL, plan.site.title))}
    if found := configured.get(_today(topic, there, plan)):
        return found.title
    return titles.get(topic) or head.title.removeprefix(f"{every}: ")
