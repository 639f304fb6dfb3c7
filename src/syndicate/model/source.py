"""Where releases come from, and what a poll brings."""

import hashlib
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import NamedTuple

from syndicate.model.item import Rejected
from syndicate.model.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where releases come from: a file or folder (`path`, absolute) or an address (`url`).

    `timezone`, `language` and `tag` are the site's where the source states none.
    """

    id: str
    path: str | None = None
    url: str | None = None
    format: str = "auto"
    interval: timedelta = timedelta(hours=1)
    follows_rhythm: bool = False  # no interval of its own: what it states or shows decides
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
    hub: bool = True  # have it pushed what changes, where it names a hub
    adaptive: bool = True  # ask less often while nothing changes
    fulltext: bool | None = None  # complete releases from their pages; None: those of a list page only
    robots: str = "obey"  # robots.txt, for release pages and backfills: obey | ignore
    keep: tuple[str, ...] = ()  # rules (`rules.rule`): an entry is held only where one of these matches it, if any …
    drop: tuple[str, ...] = ()  # … and none of these; decided when it is first seen
    update: str = "correct"  # what becomes of a change of what readers have: correct | quiet | ignore
    identity: str = "auto"  # what an entry is known by: auto | id | link | a regular expression
    headers: tuple[tuple[str, str], ...] = ()  # sent to this source's own host only; a value may be a secret
    proxy: str = field(default="", repr=False)  # that it is asked through, with user and password; empty: none
    select: tuple[tuple[str, str], ...] = ()  # what of an HTML page → CSS selector
    machine: str = ""  # that alone reads its folder; empty: whichever has the clock


class HubLinks(NamedTuple):
    """Where a document says that its changes are pushed, in its order, and by what address it is known there."""

    hubs: tuple[str, ...] = ()
    topic: str | None = None


NO_LINKS = HubLinks()


@dataclass(frozen=True, slots=True)
class Hub:
    """What a source's last document said of pushes. `topic` is its own word, else `place`: where it came from."""

    hubs: tuple[str, ...]
    topic: str
    place: str


@dataclass(frozen=True, slots=True)
class Pushes:
    """What they are worth. `brought`: how many since the last poll had something new; `agreed`: so many polls, one
    after the other, found nothing that they had not brought; `missed`: releases that only a poll has found, ever.
    """

    brought: int = 0
    agreed: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a feed wants to be asked, as it says itself, unbounded: RSS `ttl`, `skipHours`, `skipDays`; `sy:`.

    Hours are 0 to 23 in UTC, days 0 (Monday) to 6.
    """

    every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What we know of a file of a folder source: asked again only when this changes.

    `companions` are the files it names, with their size and mtime (-1, -1 where there is none): (path, size, mtime_ns).
    `lost`: how many readers have died at it as it is now; `again`: when one more tries, None: none does. `reader`: the
    fingerprint of what has read it, or refused it.
    """

    path: str
    size: int
    mtime_ns: int
    hash: str = ""
    reason: str | None = None  # why it was refused
    companions: tuple[tuple[str, int, int], ...] = ()
    lost: int = 0
    again: datetime | None = None
    reader: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """What we know of a source between two polls. Validators are kept exactly as received."""

    source: str
    etag: str | None = None
    last_modified: str | None = None
    hash: str | None = None  # of the last body that was parsed and stored
    whole: datetime | None = None  # when it last sent all that is there, and did not only say that nothing has changed
    next_poll: datetime | None = None
    not_before: datetime | None = None  # a Retry-After: nobody asks before
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    error: str | None = None
    failures: int = 0
    address: str | None = None  # where it is asked instead: the feed that its page links, or where it has moved to
    configured: str | None = None  # the source's `url` that `address`, `moved`, `gone` and `form` were learnt of
    form: str | None = None  # of the last document that was read: a key of parse.PARSERS
    moved: str | None = None  # where permanent redirects led at the last `moves` good polls
    moves: int = 0
    gone: bool = False  # it answered 410: not asked again until a person says so
    paused: bool = False  # by a person; unlike `enabled`, which stands in the configuration
    rhythm: Rhythm = field(default_factory=Rhythm)
    delivered: tuple[datetime, ...] = ()  # when it brought something new, the latest last; a dozen at most
    entries: int | None = None  # how many its document usually has
    reader: str | None = None  # fingerprint of what has read its last document
    hub: Hub | None = None
    pushes: Pushes = Pushes()
    day: str = field(default="", compare=False)  # whose counts it has, by the site's calendar; empty: none
    files: Mapping[str, FileState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Bytes as found. `url` is where they finally came from, `path` the file relative to its source."""

    body: bytes
    media_type: str | None = None
    url: str | None = None
    path: str | None = None
    state: FileState | None = None  # to be recorded with what becomes of it
    known: bool = False  # it was read before, and nothing of it has changed since: it is read again
    headline: str | None = None  # of the release whose page was asked for, where its feed or list has named it
    only: frozenset[int] | None = None  # the numbers of the entries that are to be read; None: all of them
    brief: bool = False  # those are so little, and well-formed, that no limits are needed to read them
    passed: frozenset[str] = frozenset()  # entries of a list, by `Item.entry`, of which nothing is to be made
    packed: bytes | None = field(default=None, compare=False, repr=False)  # the body as the store keeps it, if it will

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What a poll brought: one capture of a feed, one per new or changed file of a folder; none where nothing changed.

    `state` is what to store once everything was parsed and recorded. `rejected` are files that could not be read.
    `unsettled`: files are still being written, look again soon. `delta`: the capture holds only what is new (RFC 3229),
    so what it leaves out is not missing. `left`: so many files of a folder are for the next look.
    `moved`: where permanent redirects (301, 308) led. `fresh`: for how long the answer is good, as its headers say
    (RFC 9111), unbounded. `links`: the hubs that its headers name. `pushed`: by a hub, so it says nothing of the rest.
    """

    state: FetchState
    captures: tuple[Capture, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    missing: tuple[str, ...] = ()  # paths that were there at the last poll
    unsettled: bool = False
    left: int = 0
    delta: bool = False
    moved: str | None = None
    fresh: timedelta | None = None
    links: HubLinks = NO_LINKS
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """A file that lies beside a release and is published with it, at `media/HASH/NAME`."""

    hash: str
    name: str
    type: str
    body: bytes
