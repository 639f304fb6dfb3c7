"""What an ingest or an act comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from syndicate.model.item import Key, Rejected
from syndicate.model.page import Topic
from syndicate.model.release import Release

Verdict = Literal[
    "new", "completed", "corrected", "minor", "dated", "merged", "held", "lifted", "withdrawn", "restored", "unchanged"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one source last said of a release. The text shown is that of the highest `priority`, then the first seen."""

    source: str
    priority: int = 0
    said: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One release, and what is to happen to it.

    `pending` is a version that waits for its embargo while readers keep what they have. `fields` are
    those that a reader would see changed.
    """

    verdict: Verdict
    release: Release
    edition: Edition | None = None
    pending: Release | None = None
    keys: tuple[Key, ...] = ()  # with `unchanged`: what it is known by besides, from now on
    fields: tuple[str, ...] = ()
    reasons: tuple[tuple[Topic, str], ...] = ()  # filled by classify: the topics it is to be in, and why
    capture: str | None = None  # hash of the bytes that said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store holds that an ingest could concern: releases by key, by head and by id, and their editions."""

    by_key: Mapping[Key, str] = field(default_factory=dict)
    by_head: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    by_atom_id: Mapping[str, str] = field(default_factory=dict)
    releases: Mapping[str, Release] = field(default_factory=dict)
    editions: Mapping[str, tuple[Edition, ...]] = field(default_factory=dict)
    edits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what a person changed: id → field → value
    alike: Mapping[Key, tuple[str, ...]] = field(
        default_factory=dict
    )  # an incoming's hash key → whose text may be like it
    apart: frozenset[tuple[str, str]] = frozenset()  # (release, source): that source's edition was split off


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One ingest, or one act: one value, one transaction. In document order."""

    source: str | None = None
    changes: tuple[Change, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Rejected, ...] = ()  # harmless: unknown keys, companions that are not there
    untouched: int = 0  # files that have not changed, so were not read
    backfill: bool = False  # of the past: stands in archive pages of its own, at the old end, never in a head

    def count(self, *verdicts: Verdict) -> int:
        return sum(change.verdict in verdicts for change in self.changes)
