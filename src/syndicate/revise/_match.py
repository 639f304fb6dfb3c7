"""Which release is meant: by key, by head, by its words (semantics: Identity). Pure."""

from collections.abc import Sequence
from dataclasses import replace

from syndicate.model import Change, Key, Known, Release
from syndicate.revise._editions import with_edition
from syndicate.revise._likeness import alike, may_be_alike, plainly_other
from syndicate.revise.sought import candidates
from syndicate.text import fold, head

Incoming = tuple[Release, str | None]  # a normalised release, and the hash of the bytes that said so


class Desk:
    """What is known, and what this very document has added to it."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.by_key = dict(known.by_key)
        self.by_head = {key: list(ids) for key, ids in known.by_head.items()}
        self.by_atom_id = dict(known.by_atom_id)
        self.releases = dict(known.releases)
        self.editions = dict(known.editions)

    def note(self, change: Change) -> None:
        release = change.release
        self.releases[release.id] = release
        self.by_atom_id[release.atom_id] = release.id
        for key in (*release.keys, *change.keys):
            self.by_key[key] = release.id
        ids = self.by_head.setdefault(head(release.kicker, release.title), [])
        if release.id not in ids:
            ids.append(release.id)
        if change.edition:
            self.editions[release.id] = with_edition(self.editions.get(release.id, ()), change.edition)

    def own_keys(self, release: Release) -> tuple[Key, ...]:
        """A new release's keys. An address that another source's release has is this source's alone for it."""
        source = release.source or ""

        def foreign(key: Key) -> bool:
            holder = self.by_key.get(key)
            told = {edition.source for edition in self.editions.get(holder or "", ())}
            return holder is not None and source not in told

        return tuple(
            Key(key.kind, source, key.value) if key.kind == "url" and foreign(key) else key
            for key in release.keys
            if key.kind != "hash" or not foreign(key)
        )

    def further_keys(self, release: Release, stored: Release) -> tuple[Key, ...]:
        """What a release is known by besides: keys that nobody has, and its file's path, whoever had that before."""
        return tuple(
            key
            for key in release.keys
            if (key.kind == "path" and self.by_key.get(key) != stored.id)
            or (key.kind in ("id", "url") and key not in self.by_key)
        )

    def free_atom_id(self, release: Release, authority: str) -> str:
        return next(candidate for candidate in candidates(release, authority) if candidate not in self.by_atom_id)

    def match(self, release: Release, claimed: set[str]) -> Release | None:
        """The release that a full one is. `claimed`: those that this document names by a stronger key."""
        source = release.source or ""
        for key in release.keys:
            stored = self._holder(key, source)
            if stored is None or (stored.id, source) in self.known.apart:
                continue
            if stored.headline:
                return stored
            # Equal words are the same release that has moved, unless this document has both.
            if key.kind == "hash" and stored.id in claimed:
                continue
            # An id that is an address can be used again as an address is.
            reusable = key.kind in ("url", "path") or key.value.startswith(("http://", "https://"))
            if reusable and plainly_other(self._last_word(stored, source), release):
                continue  # used again: for another, or for one that its words still tell
            return stored
        return self._headline(release) or self._edition(release, source, claimed)

    def match_headline(self, release: Release) -> Release | None:
        """Whatever is known under its address or its head, shown or not."""
        ids = [self.by_key[key] for key in release.keys if key in self.by_key]
        ids += self.by_head.get(head(release.kicker, release.title), ())
        return next((self.releases[i] for i in ids if i in self.releases), None)

    def _holder(self, key: Key, source: str) -> Release | None:
        """Of an address, first the release that was split off for this source."""
        own = self.by_key.get(Key(key.kind, source, key.value)) if key.kind == "url" else None
        return self.releases.get(own or self.by_key.get(key, ""))

    def _last_word(self, stored: Release, source: str) -> Release:
        """What this source said last, which a person or another source may have changed since."""
        return next((e.said for e in self.editions.get(stored.id, ()) if e.source == source), stored)

    def _headline(self, release: Release) -> Release | None:
        """A full release takes over the headline that announced it."""
        found = (self.releases.get(i) for i in self.by_head.get(head(release.kicker, release.title), ()))
        return next((r for r in found if r and r.headline and not r.withdrawn), None)

    def _edition(self, release: Release, source: str, claimed: set[str]) -> Release | None:
        """Near-identical text: another source's edition of it, or this one's that has moved."""
        near = self.known.alike.get(release.keys[-1], ()) if release.keys else ()
        for identifier in (i for i, common in near if may_be_alike(common)):
            stored = self.releases.get(identifier)
            if stored is None or (identifier, source) in self.known.apart or not alike(stored, release):
                continue
            told = {edition.source for edition in self.editions.get(identifier, ())}
            if source not in told or (identifier not in claimed and _moved(stored, release)):
                return stored
        return None


def _moved(stored: Release, release: Release) -> bool:
    """A source's own release under a new address and id: title and stated date are what they were."""
    return fold(stored.title) == fold(release.title) and stored.stated == release.stated


def without_shared_keys(incoming: Sequence[Incoming]) -> list[Incoming]:
    """One id, or one address, on several entries of one document is none. Law: twice is once.

    Before anything is looked up or kept of a document: of one entry by itself nobody could tell any more.
    """
    by_words: dict[tuple[str | None, Key], set[Key]] = {}
    for release, capture in incoming:
        for key in release.keys:
            if not release.headline and key.kind in ("id", "url"):
                by_words.setdefault((capture, key), set()).add(release.keys[-1])

    def own(release: Release, capture: str | None) -> Release:
        keys = tuple(key for key in release.keys if len(by_words.get((capture, key), ())) <= 1)
        return release if release.headline else replace(release, keys=keys)

    return [(own(release, capture), capture) for release, capture in incoming]
