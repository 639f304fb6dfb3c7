"""What we hold."""

from dataclasses import field
from datetime import datetime
from typing import Literal, NamedTuple

from syndicate.model.entry import Contact, Enclosure, Image, Origin, Related
from syndicate.model.item import Embargo, Key
from syndicate.model.values import dataclass

State = Literal["withdrawn", "embargoed", "held", "headline", "public"]
VISIBLE: tuple[State, ...] = ("headline", "public")  # of what readers see


class Note(NamedTuple):
    """What a person says of a correction, and when that was shown first."""

    at: datetime
    text: str


class Sketch(NamedTuple):
    """What `revise.sketch` came to of a text: its numbers, and the words that they were worked out of."""

    teaser: str | None
    content: str
    numbers: tuple[int, ...]


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
    kickers: tuple[str, ...] = ()  # further ones, of entries joined with it: each makes its feed, too
    categories: tuple[str, ...] = ()
    topic_names: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()  # topics that a person gave it: these and no others
    origin: Origin | None = None

    published: datetime
    updated: datetime
    issued: datetime | None = None  # when we first showed it
    stated: datetime | None = None  # the date the source states, also where `published` is another
    unread: str | None = None  # what it states as its date and nobody can read
    modified: datetime | None = None  # the source's own `updated`; None where it states none, or one to come
    first_seen: datetime
    inferred: tuple[str, ...] = ()  # fields that nobody stated

    headline: bool = False
    embargo: Embargo | None = None
    lifted: datetime | None = None  # when the embargo ended
    withdrawn: datetime | None = None
    reason: str | None = None  # of the withdrawal
    notes: tuple[Note, ...] = ()  # of its corrections, the newest first: what its content opens with
    held: bool = False  # no topic, and `unmapped = "hold"`

    # A hash of the bytes of its own entry, and a fingerprint of what has read them: another may find other words there.
    entry: str | None = field(default=None, compare=False)
    reader: str | None = field(default=None, compare=False)
    # Worked out once, where the release is read; it is no part of what the store keeps of a release.
    sketch: Sketch | None = field(default=None, compare=False, repr=False)

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
        return self.state in VISIBLE

    @property
    def never_shown(self) -> bool:
        """Has no reader seen it, because of an embargo? Withdrawn under one, it never will be (semantics: Embargo)."""
        return self.issued is None and self.state in ("embargoed", "withdrawn")
