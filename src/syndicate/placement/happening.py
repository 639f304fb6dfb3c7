"""What is told of a release when a publish has shown it, against what was last told of it."""

from datetime import datetime
from typing import Literal, NamedTuple

from syndicate.model import NEWS_SPAN, Release

Happening = Literal["published", "corrected", "withdrawn", "lifted"]


class Announced(NamedTuple):
    """A release as it was last announced: its state, its revision, its `updated`."""

    state: str
    revision: int
    updated: datetime


class Stand(NamedTuple):
    """Where a release stands in the feed of everything, None: nowhere; and the last position below that feed's head."""

    position: int | None
    closed_to: int

    @property
    def is_past(self) -> bool:
        """A backfill brought it, and nothing has moved it to a head since."""
        return self.position is not None and self.position <= 0

    @property
    def in_head(self) -> bool:
        return self.position is not None and self.position > self.closed_to


def happening(release: Release, before: Announced | None, stand: Stand, now: datetime) -> Happening | None:
    """What has happened by its showing; None: nothing that anybody is to be told of.

    `published`: it is there, or in full where a headline was, or again after a withdrawal. What an archive brings
    does not happen: what a backfill hangs on the old end, and what comes in such numbers that it is below the head of
    everything at once, unless its source has dated it within the last two days: of thousands of files that are read in,
    a head's worth. `lifted`: its first showing ended an embargo. `corrected`: a later revision, with another `updated`;
    so nothing that is quiet or minor; nor what a backfill puts right where it stands in the past. `withdrawn`: whoever
    saw it is told, wherever it stood.
    """
    shown = before if before and before.state != "withdrawn" else None
    if release.withdrawn:
        return "withdrawn" if shown else None
    if not release.visible or stand.is_past:
        return None
    if shown is None:
        if release.lifted and release.lifted > release.first_seen and before is None:
            return "lifted"
        return "published" if before or stand.in_head or _is_news(release, now) else None
    if release.revision == shown.revision or release.updated == shown.updated:
        return None
    return "published" if shown.state == "headline" and not release.headline else "corrected"


def announcing(release: Release, before: Announced | None) -> Announced | None:
    """What is announced of it from now on; None: what was."""
    now = Announced(release.state, release.revision, release.updated)
    told = release.visible or (before is not None and release.withdrawn is not None)
    return now if told and now != before else None


def _is_news(release: Release, now: datetime) -> bool:
    return "published" not in release.inferred and now - release.published <= NEWS_SPAN
