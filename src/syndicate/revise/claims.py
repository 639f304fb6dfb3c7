"""What the entries of one document name, all of them together. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from syndicate.model import Key, Release

Incoming = tuple[Release, str | None]  # a normalised release, and the hash of the bytes that said so


class Claims:
    """Which releases the entries of one document name: by more than their words, and at all."""

    def __init__(self) -> None:
        self._named: dict[str, set[tuple[Key, ...]]] = {}  # release → the keys of the entries that name it
        self.told: set[str] = set()

    def add(self, identifier: str, entry: Release) -> None:
        self._named.setdefault(identifier, set()).add(entry.keys)
        self.told.add(identifier)

    def by_another(self, identifier: str, entry: Release) -> bool:
        """Is it named by an entry that is not this one?"""
        return bool(self._named.get(identifier, set()) - {entry.keys})


def without_shared_keys(incoming: Sequence[Incoming]) -> list[Incoming]:
    """One id, or one address, on several entries of one document is none. Law: twice is once.

    Before anything is looked up or kept of a document: of one entry by itself nobody could tell any more. One under an
    embargo takes nothing from the others.
    """
    by_words: dict[tuple[str | None, Key], set[Key]] = {}
    openly: dict[tuple[str | None, Key], set[Key]] = {}
    for release, capture in incoming:
        for key in release.keys:
            if not release.headline and key.kind in ("id", "url"):
                by_words.setdefault((capture, key), set()).add(_said(release))
                if not release.never_shown:
                    openly.setdefault((capture, key), set()).add(_said(release))

    def own(release: Release, capture: str | None) -> Release:
        others = by_words if release.never_shown else openly
        keys = tuple(key for key in release.keys if len(others.get((capture, key), ())) <= 1)
        return release if release.headline or keys == release.keys else replace(release, keys=keys)

    return [(own(release, capture), capture) for release, capture in incoming]


def _said(release: Release) -> Key:
    """The key of its words and its date, where it has one."""
    return next((key for key in release.keys if key.kind == "hash"), release.keys[-1])
