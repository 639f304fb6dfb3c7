"""What is asked of the store before a document is decided on, and its answer."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from syndicate.model.edition import Edition
from syndicate.model.item import Key
from syndicate.model.release import Release
from syndicate.model.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What could tell which releases a document concerns: made by `revise.sought`, answered by `store.known`."""

    keys: frozenset[Key] = frozenset()
    heads: frozenset[tuple[str, str]] = frozenset()  # folded kicker and title
    atom_ids: frozenset[str] = frozenset()  # that a new release could be given
    ids: frozenset[str] = frozenset()  # the same of ids
    sketches: Mapping[Key, tuple[int, ...]] = field(
        default_factory=dict
    )  # an incoming's hash key → numbers of its text


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store holds that an ingest could concern: releases by key, by head and by id, and their editions."""

    by_key: Mapping[Key, str] = field(default_factory=dict)
    keys: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # id → kind → by how many it is known
    names: Mapping[Key, int] = field(default_factory=dict)  # how many releases a key has named, where more than one
    by_head: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    by_atom_id: Mapping[str, str] = field(default_factory=dict)
    free: frozenset[str] = frozenset()  # of the ids that were sought: nobody has them, or what no reader has seen
    releases: Mapping[str, Release] = field(default_factory=dict)
    editions: Mapping[str, tuple[Edition, ...]] = field(default_factory=dict)
    edits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what a person changed: id → field → value
    pending: Mapping[str, tuple[Release, ...]] = field(default_factory=dict)  # id → what waits behind what readers have
    # An incoming's last key → whose text has so many numbers in common with it that it may be alike, the most first.
    alike: Mapping[Key, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()  # (release, source): that source's edition was split off
    by_entry: Mapping[str, str] = field(default_factory=dict)  # hash of an entry's bytes → of what they were last words

    def with_more(self, more: "Known") -> "Known":
        """This answer, with that to a later question."""
        return replace(
            self,
            by_key={**self.by_key, **more.by_key},
            keys={**self.keys, **more.keys},
            names={**self.names, **more.names},
            by_head={**self.by_head, **more.by_head},
            by_atom_id={**self.by_atom_id, **more.by_atom_id},
            free=self.free | more.free,
            releases={**self.releases, **more.releases},
            editions={**self.editions, **more.editions},
            edits={**self.edits, **more.edits},
            pending={**self.pending, **more.pending},
            alike={**self.alike, **more.alike},
            apart=self.apart | more.apart,
            by_entry={**self.by_entry, **more.by_entry},
        )
