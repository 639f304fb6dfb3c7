"""What an ingest or an act comes to."""

from collections.abc import Mapping
from dataclasses import field, replace
from operator import add
from typing import Any, Literal, NamedTuple

from syndicate.model.edition import Edition
from syndicate.model.item import Key, Rejected
from syndicate.model.page import Topic
from syndicate.model.release import Release
from syndicate.model.values import dataclass

Verdict = Literal[
    "new",
    "completed",
    "corrected",
    "minor",
    "quiet",
    "dated",
    "merged",
    "reclassified",
    "held",
    "lifted",
    "withdrawn",
    "restored",
    "unchanged",
    "adopted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One release, and what is to happen to it.

    `pending` is a version that waits for its embargo while readers keep what they have. `fields` are
    those that a reader would see changed. With `unchanged`, an edition is to be remembered all the same: what it says
    waits, or its source has stated another `updated`. `held` without `pending`: what waited waits no more. `quiet`: its
    source's words are what they were, and are read otherwise than before, in place; or its operator wants that of what
    it changes.

    What no reader has seen yields: `was` is the id under which this release stood unseen, `yields` are others, (id, as
    they are from now on), and `absorbs` are the ids of those that are this release from now on.

    `stands_again`: the editions that come back with a release that is restored. `parted`: the source whose edition is
    none of this release any more, whatever it says.
    """

    verdict: Verdict
    release: Release
    edition: Edition | None = None
    pending: Release | None = None
    was: str | None = None
    yields: tuple[tuple[str, Release], ...] = ()
    absorbs: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()  # with `unchanged`: what it is known by besides, from now on
    fields: tuple[str, ...] = ()
    reasons: tuple[tuple[Topic, str], ...] = ()  # filled by classify: the topics it is to be in, and why
    capture: str | None = None  # hash of the bytes that said so
    stands_again: tuple[Edition, ...] = ()
    parted: str | None = None
    copy_of: str | None = None  # an old version of what this file says, and stays unread while that is there

    @property
    def begins(self) -> bool:
        """Is it a release from now on, or to readers as if it were?"""
        return self.verdict == "new" or self.was is not None

    @property
    def is_first(self) -> bool:
        """Is there nothing of it in the store yet? Also where its id was that of one which yields."""
        return self.begins and not self.was

    @property
    def tells(self) -> bool:
        """Is it another release than it was, or said to be the same? What waits is nothing that it is yet."""
        return self.verdict not in ("unchanged", "held")

    @property
    def heard(self) -> str | None:
        """The source that has said something of it: its files speak for it again, though they had gone."""
        return self.edition.source if self.edition and self.capture and self.verdict != "unchanged" else None

    @property
    def leaves_unheard(self) -> bool:
        """A person's word stands, though its file is gone: that says nothing until the file says something again."""
        return self.verdict == "restored"

    @property
    def waits_no_more(self) -> str | None:
        """The source whose version waited: it goes when it is shown, or when its source says something else."""
        said = self.edition if self.verdict != "unchanged" and not self.pending else None
        return said.source if said else None

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """(id until now, id from now on) of what no reader has seen."""
        mine = (*([self.was] if self.was else []), *self.absorbs)
        return (*((old, self.release.id) for old in mine), *((old, release.id) for old, release in self.yields))


class Spent(NamedTuple):
    """Seconds that a poll took: until the answer was there, until it was read, and until that was recorded."""

    ask: float = 0.0
    read: float = 0.0
    record: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One ingest, or one act: one value, one transaction. In document order."""

    source: str | None = None
    changes: tuple[Change, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Rejected, ...] = ()  # harmless: unknown keys, companions that are not there
    read: int = 0  # files
    untouched: int = 0  # files that have not changed, so were not read
    left: int = 0  # files that are for the next look
    passed: int = 0  # entries that have not changed, so were not read
    dropped: int = 0  # entries that the source's rules do not want, and that are seen for the first time
    # What a person changed, or holds on: id (of what there was before, that until now) → field → value.
    edits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    over: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what its source says of those fields now
    reverted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # fields that are their source's again
    backfill: bool = False  # of the past: stands in archive pages of its own, at the old end, never in a head
    spent: Spent = field(default=Spent(), compare=False)

    def followed_by(self, later: "Changes") -> "Changes":
        """Of two looks through a folder, one after the other."""
        return replace(
            later,
            changes=(*self.changes, *later.changes),
            rejected=(*self.rejected, *later.rejected),
            notes=(*self.notes, *later.notes),
            read=self.read + later.read,
            untouched=max(later.untouched - self.read, 0),
            passed=self.passed + later.passed,
            dropped=self.dropped + later.dropped,
            spent=Spent(*map(add, self.spent, later.spent)),
        )

    def count(self, *verdicts: Verdict) -> int:
        passed = self.passed if "unchanged" in verdicts else 0
        return passed + sum(change.verdict in verdicts for change in self.changes)
