"""What one source says of a release, and what is remembered of what it said before."""

from dataclasses import field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from syndicate.model.release import Release
from syndicate.model.values import dataclass

A_DAY = timedelta(days=1)  # that a category stays after it left, that a span has to rest, that stale words are alone
A_WEEK = timedelta(days=7)  # that a person is told of stale words that speak
Why = Literal["stale", "earlier", "flickers"]


class Span(NamedTuple):
    """A place in what a reader sees: the field, and the words before and after what changed there."""

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A version that its source has replaced `at` that time: the hash of what a reader saw, and where the next differs.

    `spans` is empty where the source said itself that it had changed something: by a later `updated`.
    """

    at: datetime
    words: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a source says now, which is not shown before `due`, and why (semantics: Identity)."""

    said: Release
    due: datetime
    why: Why


class Leaving(NamedTuple):
    """A category that an entry no longer states, and that stays for a day: in `kickers` or `categories`."""

    field: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Of one source's words of a release, what its next words are held against."""

    earlier: tuple[Earlier, ...] = ()  # the oldest first, the last few
    beside: tuple[str, ...] = ()  # hashes of the words of entries that were beside those that spoke, the last few
    waiting: Waiting | None = None
    modified: datetime | None = None  # the latest `updated` that it stated
    flickering: tuple[Span, ...] = ()  # what changes by itself, and …
    flickered: datetime | None = None  # … when it last did
    leaving: tuple[Leaving, ...] = ()  # categories that it no longer states
    joined: bool = False  # of several entries: what one of them added stays
    went_back: datetime | None = None  # stale words spoke at last: when

    @property
    def due(self) -> datetime | None:
        """When something that waits is to be put in, that a category has left, or that it went back was told enough."""
        times = [left.since + A_DAY for left in self.leaving]
        times += [self.waiting.due] if self.waiting else []
        times += [self.went_back + A_WEEK] if self.went_back else []
        return min(times, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one source last said of a release. The text shown is that of the highest `priority`, then the first seen."""

    source: str
    priority: int = 0
    said: Release
    memory: Memory = field(default_factory=Memory)
