"""The nouns. Frozen values, standard library only.

    Item        what a source *said*     all optional, loose
    Release     what we *hold*           complete, clean, aware UTC datetimes, stable id, revision
    FeedPage    what we *say*            a page of a topic's feed: releases, tombstones, links
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

State = Literal["withdrawn", "embargoed", "held", "headline", "public"]


# --- what is part of an entry -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a release. Without `url` it is known by its words alone. `credit` has no label (Bild:, Foto:)."""

    url: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An attachment: a document, a sound, a film. `length` in bytes, None where nobody said."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """An entry of a "Weitere Meldungen" block. It belongs to the capture, not to the release that carries it."""

    title: str
    topic: str | None = None
    url: str | None = None
    teaser: str | None = None
    published: str | None = None  # as printed
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The feed that an entry came in (RFC 4287 section 4.2.11, atom:source), all as the feed states it."""

    id: str | None = None
    title: str | None = None
    updated: str | None = None
    rights: str | None = None
    url: str | None = None  # where it was read: rel=via


# --- what a source said -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a source said of one release. `title`, `kicker`, `teaser` are plain text, `content` is HTML as found."""

    id: str | None = None  # the entry's own id: guid, atom:id, front matter `id`
    url: str | None = None  # the entry's page
    base: str | None = None  # what relative addresses in it are relative to; default: url
    path: str | None = None  # of the file it is, relative to its source, with `/`; never a headline's
    kind: str | None = None  # Pressemitteilung, Einladung, Rede, … where it is printed
    kicker: str | None = None
    title: str | None = None
    teaser: str | None = None
    content: str | None = None  # the body alone: no teaser, related, contact block
    language: str | None = None
    published: str | datetime | None = None  # as stated; text is read by normalise
    updated: str | datetime | None = None
    embargo: str | datetime | None = None  # what stands behind "Sperrfrist:", or front matter's value
    categories: tuple[str, ...] = ()  # beyond the kicker: they map to topics, but make none
    topic_names: tuple[str, ...] = ()  # the operator's words (front matter): each makes its feed
    authors: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    related: tuple[Related, ...] = ()
    contact: Contact | None = None
    corrects: str | None = None
    license: str | None = None
    withdrawn: bool = False
    headline: bool = False  # only its head is known: an entry of a related or list block
    origin: Origin | None = None
    notes: tuple[str, ...] = ()  # what was not understood but does no harm: an unknown front matter key
    damage: str | None = None  # why this item cannot be used: it is quarantined, its neighbours are not


class Key(NamedTuple):
    """One thing a release is known by. `scope` is the source's id where only that source may use it, else empty."""

    kind: Literal["id", "url", "path", "hash"]
    scope: str
    value: str


@dataclass(frozen=True, slots=True)
class Embargo:
    """Held until `until`; None: until a person says so (`releases lift`). `event` is what is printed where it is no time."""

    until: datetime | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item or a file that cannot be a release, and why. `where` names the file, or the entry within the feed."""

    where: str
    reason: str


# --- what we hold -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release as we hold it: clean, complete, every datetime aware and UTC, every address absolute.

    An address `media:HASH/NAME` names a file that lay beside the release; it is published below `media/`.
    """

    id: str = ""  # 12 characters [a-z0-9], minted once by revise
    atom_id: str = ""
    source: str | None = None
    url: str | None = None
    kind: str | None = None
    kicker: str | None = None
    title: str
    teaser: str | None = None
    content: str = ""  # safe HTML
    language: str
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    related: tuple[Related, ...] = ()
    authors: tuple[str, ...] = ()
    contact: Contact | None = None
    corrects: str | None = None
    license: str | None = None
    categories: tuple[str, ...] = ()
    topic_names: tuple[str, ...] = ()
    origin: Origin | None = None

    published: datetime
    updated: datetime
    issued: datetime | None = None  # when we first showed it
    stated: datetime | None = None  # the date the source states, also where `published` is another
    first_seen: datetime
    inferred: tuple[str, ...] = ()  # fields that nobody stated

    headline: bool = False
    embargo: Embargo | None = None
    lifted: datetime | None = None  # when the embargo ended
    withdrawn: datetime | None = None
    held: bool = False  # no topic, and `unmapped = "hold"`

    revision: int = 1
    keys: tuple[Key, ...] = ()
    topics: tuple[str, ...] = ()  # ids, given by classify

    @property
    def state(self) -> State:
        """The first that applies: withdrawn, embargoed, held, headline, public."""
        if self.withdrawn:
            return "withdrawn"
        if self.embargo and not self.lifted:
            return "embargoed"
        if self.held:
            return "held"
        return "headline" if self.headline else "public"

    @property
    def visible(self) -> bool:
        return self.state in ("headline", "public")


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
    """A withdrawn release in a feed (RFC 6721). Nothing of its words."""

    id: str
    atom_id: str
    when: datetime
    published: datetime
    reason: str | None = None


# --- what we say ------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """One page of a topic's feed, newest first.

    `links` maps a related release that we show ourselves to its address: (folded topic, folded title) of the `Related` → URL.
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
    formats: tuple[str, ...] = ("atom", "rss", "json")  # those that are published, for autodiscovery
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)
    topics: tuple[Topic, ...] = ()  # of which entries may name one in their categories
    content: Mapping[str, str] = field(default_factory=dict)  # source id → "teaser" where only that may be republished
    pages: bool = True  # are there release pages for all (`html = true`)


@dataclass(frozen=True, slots=True)
class Document:
    """A file to publish. `path` is relative to the feeds folder, with `/`."""

    path: str
    media_type: str
    body: bytes

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


# --- sources ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where releases come from: a file or folder (`path`, absolute) or an address (`url`).

    `timezone`, `language` and `tag` are the site's where the source states none.
    """

    id: str
    path: str | None = None
    url: str | None = None
    format: str = "auto"
    interval: timedelta = timedelta(minutes=15)
    topics: tuple[str, ...] = ()
    timezone: str = "Europe/Berlin"
    language: str = "de"
    tag: str = "127.0.0.1,2026"
    headlines: bool = True
    missing: str = "keep"
    future: str = "now"
    enabled: bool = True
    priority: int = 0
    content: str = "full"
    images: str = "show"
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What we know of a file of a folder source: asked again only when this changes.

    `companions` are the files it names, with their size and mtime (-1, -1 where there is none): (path, size, mtime_ns).
    """

    path: str
    size: int
    mtime_ns: int
    hash: str = ""
    reason: str | None = None  # why it was refused
    companions: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """What we know of a source between two polls. Validators are kept exactly as received."""

    source: str
    etag: str | None = None
    last_modified: str | None = None
    hash: str | None = None  # of the last body that was parsed and stored
    next_poll: datetime | None = None
    not_before: datetime | None = None  # a Retry-After: nobody asks before
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    error: str | None = None
    failures: int = 0
    files: Mapping[str, FileState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Bytes as found. `url` is where they finally came from, `path` the file relative to its source."""

    body: bytes
    media_type: str | None = None
    url: str | None = None
    path: str | None = None
    state: FileState | None = None  # to be recorded with what becomes of it

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What a poll brought: one capture of a feed, one per new or changed file of a folder; none where nothing changed.

    `state` is what to store once everything was parsed and recorded. `rejected` are files that could not be read.
    `unsettled`: files are still being written, look again soon.
    """

    state: FetchState
    captures: tuple[Capture, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    missing: tuple[str, ...] = ()  # paths that were there at the last poll
    unsettled: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """A file that lies beside a release and is published with it, at `media/HASH/NAME`."""

    hash: str
    name: str
    type: str
    body: bytes


# --- what an ingest or an act comes to --------------------------------------------------------------------------------

Verdict = Literal["new", "completed", "corrected", "dated", "unchanged", "lifted"]


@dataclass(frozen=True, slots=True)
class Change:
    """One release, and what is to happen to it. `fields` are those that a reader would see changed."""

    verdict: Verdict
    release: Release
    fields: tuple[str, ...] = ()
    capture: str | None = None  # hash of the bytes that said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One ingest, or one act: one value, one transaction. In document order."""

    source: str | None
    changes: tuple[Change, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Rejected, ...] = ()  # harmless: unknown keys, companions that are not there
