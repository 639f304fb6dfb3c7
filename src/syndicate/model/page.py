"""What we say: topics, and the pages and documents that are made of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from syndicate.model.item import Embargo
from syndicate.model.release import Release
from syndicate.model.values import dataclass

NEWS_SPAN = timedelta(days=2)  # that a release is news to search engines
ETAG_DIGITS = 32  # hexadecimal, of a document's SHA-256: what of it an ETag says, and by what a version is known again


@dataclass(frozen=True, slots=True)
class Topic:
    """A feed's subject. `kickers` and `keywords` are compared folded; `aliases` are earlier ids."""

    id: str
    title: str
    description: str = ""
    kickers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    mediatopic: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A withdrawn release in a feed (RFC 6721). Nothing of its words.

    In the feeds of embargoed newsrooms also the id under which a release stood before its end, where it has another one
    now. `address`: where it is `moved` to, or what is read where it never had a page; None: its own notice.
    """

    id: str
    atom_id: str
    when: datetime
    published: datetime
    reason: str | None = None
    address: str | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who publishes, and where. `base_url` ends with a slash; `tag` is the authority of minted ids (RFC 4151)."""

    title: str = "Pressemitteilungen"
    base_url: str = "http://127.0.0.1:8000/"
    language: str = "de"
    timezone: str = "Europe/Berlin"
    author: str = "Pressestelle"
    rights: str = ""
    tag: str = "127.0.0.1,2026"
    imprint_url: str = ""
    privacy_url: str = ""
    accessibility_url: str = ""
    contact: str = ""
    search: bool = False  # do pages lead to the one to search on, which a server with a store alone can answer
    icon: str = ""  # where the icon is published, like `icon.png`


class Mark(NamedTuple):
    """What stands above a release that is under an embargo, for newsrooms that have it before its end: HTML."""

    opening: str
    embargo: Embargo


class Correction(NamedTuple):
    """A release that this one corrects, or that corrects this one: both are linked where both are shown."""

    kind: Literal["corrects", "corrected_by"]
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """One page of a topic's feed, newest first.

    `links` maps a related release that we show ourselves, by (folded topic, folded title) of the `Related`, to its URL.
    """

    site: Site
    topic: Topic
    atom_id: str  # of the feed: head and archive pages share it
    updated: datetime
    releases: tuple[Release, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    number: int | None = None  # None: the head; else the archive page's number
    older: int | None = None  # the archive page next to it on the old side (rel=prev-archive)
    newer: int | None = None
    formats: tuple[str, ...] = ()  # those that are published, for autodiscovery
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)
    corrections: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)  # by the release's id
    topics: tuple[Topic, ...] = ()  # of which entries may name one in their categories
    content: Mapping[str, str] = field(default_factory=dict)  # source id → "teaser" where only that may be republished
    marks: Mapping[str, Mark] = field(default_factory=dict)  # by the release's id
    pages: bool = True  # are there release pages for all (`html = true`)
    is_delta: bool = False  # of a head: what changed since a version, so never all that is in the feed
    below: str = ""  # where the feed itself stands below base_url: a newsroom's own in `n/` or `n/TOKEN/`
    address: str = ""  # of what is made when it is asked for: its own, which is none of a topic's head
    home: str = ""  # the same for people, where that is no topic's page
    hub: str = ""  # of a head: where its changes are pushed from (WebSub)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePage:
    """A release on its own page, and what stands beside it there.

    `topics` are those that it may name; `links` as in `FeedPage`, always to a page of ours. With `content="teaser"`
    there is the teaser and the way to the source.
    """

    site: Site
    release: Release
    topics: tuple[Topic, ...] = ()
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()  # those that are published, for autodiscovery
    corrections: tuple[Correction, ...] = ()  # linked above all else
    content: str = "full"


@dataclass(frozen=True, slots=True)
class Document:
    """A file to publish. `path` is relative to the feeds folder, with `/`."""

    path: str
    media_type: str
    body: bytes

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()
