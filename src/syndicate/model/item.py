"""What a source said of a release, and what it is known by."""

from dataclasses import field
from datetime import datetime
from typing import Literal, NamedTuple

from syndicate.model.entry import Contact, Enclosure, Image, Origin, Related
from syndicate.model.values import dataclass


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
    embargo: str | datetime | None = None  # the words of its end, as printed, or front matter's value
    categories: tuple[str, ...] = ()  # beyond the kicker: they map to topics, but make none
    topic_names: tuple[str, ...] = ()  # the operator's words (front matter): each makes its feed
    authors: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    related: tuple[Related, ...] = ()
    contact: Contact | None = None
    corrects: str | None = None
    license: str | None = None
    withdrawn: bool = False  # the source takes it back; its id, or its file, says which release
    reason: str | None = None  # why it was withdrawn
    headline: bool = False  # only its head is known: an entry of a related or list block
    origin: Origin | None = None
    notes: tuple[str, ...] = ()  # what was not understood but does no harm: an unknown front matter key
    unmatched: tuple[str, ...] = ()  # the operator's selectors that found nothing in it: `title = ".headline"`
    # A hash of its own bytes and of what it inherits from its document; None: it is the whole document.
    entry: str | None = field(default=None, compare=False)
    damage: str | None = None  # why this item cannot be used: it is quarantined, its neighbours are not


MADE = "identity:"  # begins an id that the operator's regular expression has found (`Source.identity`)


class Key(NamedTuple):
    """One thing a release is known by. `scope` is the source's id where only that source may use it, else empty."""

    kind: Literal["id", "url", "path", "hash"]
    scope: str
    value: str


@dataclass(frozen=True, slots=True)
class Embargo:
    """Held until `until`; None: until a person says so (`releases lift`). `event`: what is printed instead."""

    until: datetime | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item or a file that cannot be a release, and why. `where` names the file, or the entry within the feed."""

    where: str
    reason: str
