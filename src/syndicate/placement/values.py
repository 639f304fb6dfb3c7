"""What stands where, and the rows that changes to it come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from syndicate.model import Embargo, Release

ALL = "all"  # the feed of everything that is shown

Head = tuple[str, str]  # folded kicker and title (`text.head`)


@dataclass(frozen=True, slots=True)
class Slot:
    """A release's place in a feed. `page` is the number of the archive page that holds it, None in the head."""

    release: str
    feed: str
    position: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An archive page and its positions; at the old end, where it grows, also those that are not taken yet."""

    feed: str
    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """A feed's two ends: the positions given last, and the archive pages that stand there."""

    last: int = 0  # given at the head, upwards
    first: int = 0  # given at the old end, downwards
    newest: Page | None = None  # next to the head
    oldest: Page | None = None
    number: int = 0  # the highest of its pages'
    taken: frozenset[int] = frozenset()  # above the last closed page: where a release or a tombstone stands

    @property
    def closed_to(self) -> int:
        """The last position below the head."""
        return max(self.newest.last, 0) if self.newest else 0


@dataclass(frozen=True, slots=True)
class Held:
    """A release as it was held. `past`: a backfill brought it, and nothing has moved it to a head since.

    `advance`: embargoed newsrooms have it, or a version of it that waits.
    """

    release: Release
    past: bool = False
    advance: bool = False


class Named(NamedTuple):
    """A release that the words of a correction may mean. `exact`: by an id or an address, not by its folded title.

    `unseen`: it is under an embargo, so it is meant only where none is that readers know.
    """

    id: str
    title: str
    published: datetime
    exact: bool
    unseen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands where, as far as the changes could concern it. A feed that is not in `feeds` there is not yet.

    `slots` are also those of the releases that link to what changes. `relating`: who is shown and names a head in its
    related block. `corrections`: (who corrects, what it corrects), wherever a changed release is one of them.
    `named`: what a changed release says that it corrects → whom that may mean. `updated`: by what they are marked with
    (`FEED`, `FEED/NUMBER`), of feeds that could be entered or left, and of archive pages on which something stands.
    """

    held: Mapping[str, Held] = field(default_factory=dict)
    slots: Mapping[str, tuple[Slot, ...]] = field(default_factory=dict)
    feeds: Mapping[str, Ends] = field(default_factory=dict)
    relating: Mapping[Head, tuple[str, ...]] = field(default_factory=dict)
    corrections: frozenset[tuple[str, str]] = frozenset()
    named: Mapping[str, tuple[Named, ...]] = field(default_factory=dict)
    updated: Mapping[str, datetime] = field(default_factory=dict)


class NewFeed(NamedTuple):
    """A feed for a topic that has none yet; its atom:id stays for good."""

    id: str
    title: str
    atom_id: str


class Renamed(NamedTuple):
    """A feed under another id and title: its atom:id, its positions and its pages are the same."""

    old: str
    id: str
    title: str


Kind = Literal["release", "page", "topic", "site"]


class Dirty(NamedTuple):
    """Something to render again: a release's page, an archive page `FEED/NUMBER`, a feed's head, or the site."""

    kind: Kind
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Every feed that ever was, `all` included, and the numbers of its archive pages."""

    pages: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The rows to write, field by field in this order. Of what is dirty twice the last time counts."""

    past: Mapping[str, bool] = field(default_factory=dict)  # release → is it at the old end?
    related: Mapping[str, tuple[Head, ...]] = field(default_factory=dict)  # release → whom its related block names
    corrects: Mapping[str, str | None] = field(default_factory=dict)  # release → the one that it corrects
    renamed: tuple[Renamed, ...] = ()
    created: tuple[NewFeed, ...] = ()
    left: tuple[Slot, ...] = ()
    buried: tuple[str, ...] = ()  # releases whose slots keep a tombstone from now on
    entered: tuple[Slot, ...] = ()
    pages: tuple[Page, ...] = ()  # that have closed, or begin at the old end
    changed_pages: Mapping[tuple[str, int], datetime] = field(default_factory=dict)  # (feed, number) → its `updated`
    changed_feeds: Mapping[str, datetime] = field(default_factory=dict)
    dirty: tuple[Dirty, ...] = ()
    again: bool = False  # nothing that these show has changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """What embargoed newsrooms have of a release before its end, or of a version of one that waits for its own.

    `atom_id` is the id under which it was first shown there, and stays; `since` and `updated`: when it came there, and
    last changed.
    `embargo` and, where it was moved, the `earlier` one: None where nobody knows. `ended`: since when it is no advance
    any more. `source`: whose version it is, where it waits behind what readers have.
    """

    atom_id: str
    release: str
    since: datetime
    updated: datetime
    embargo: Embargo | None = None
    earlier: Embargo | None = None
    ended: datetime | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advances:
    """The rows to write. `feeds`: topic → when what it holds in advance has changed."""

    rows: tuple[Advance, ...] = ()
    feeds: Mapping[str, datetime] = field(default_factory=dict)
