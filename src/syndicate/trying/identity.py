"""What another `identity` of a source would make of what is held: one of two, or two of one. Pure.

What stands as two stays two: they are not put together, but their source's next words are heard as one release's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from syndicate.model import MADE, Key, Release, Source
from syndicate.normalise import Match, Named, keys, keys_under
from syndicate.revise import naming
from syndicate.text import digest
from syndicate.trying.values import Difference
from syndicate.urls import canonical_url

_MOST = 5  # names that are told


@dataclass
class Identities:
    """`changed`: those sources, as they are configured now. Fed with one release after the other."""

    changed: Mapping[str, Source]
    match: Match
    _first: dict[str, tuple[str, str]] = field(default_factory=dict)  # what names one → the release that has it, title

    def of(self, release: Release, said: Release, names: Iterable[Key]) -> Iterator[Difference]:
        """`said`: what the source said last; `names`: every id and address that has named the release."""
        source = self.changed.get(said.source or "")
        if source is None or said.headline:
            return
        found = naming(replace(said, keys=keys_under(said, source, self.match)), source.identity)
        own = found or [key for key in said.keys if source.identity == "auto" and key.kind in ("id", "url")]
        reason = ""
        for key in own:
            first = self._first.setdefault(digest(source.id, *key, length=16), (release.id, release.title))
            if first[0] != release.id and not reason:
                reason = f"{_by(source)}: {_shown(key)} is that of {first[0]} „{first[1]}“, too"
        if reason:
            yield _of(release, "merged", source, reason)
        apart = self._apart(names, source)
        if len(apart) > 1:
            told = ", ".join(apart[:_MOST]) + (" …" if len(apart) > _MOST else "")
            yield _of(release, "split", source, f"{_by(source)}: it has been named by {len(apart)}: {told}")

    def _apart(self, names: Iterable[Key], source: Source) -> list[str]:
        """By what it would have been several releases."""
        ids = [key.value for key in names if key.kind == "id" and not key.value.startswith(MADE)]
        urls = [key.value for key in names if key.kind == "url"]
        if source.identity == "auto":
            return []
        if source.identity == "id":
            return [*dict.fromkeys(ids)]
        if source.identity == "link":
            return [*dict.fromkeys(map(canonical_url, urls))]
        by_ids = self._made((Named(each, None) for each in ids), source)
        return by_ids or self._made((Named(None, each) for each in urls), source)

    def _made(self, named: Iterable[Named], source: Source) -> list[str]:
        """What its expression finds in these."""
        found = (key.value for each in named for key in keys(each, source, (), match=self.match) if key.kind == "id")
        return [*dict.fromkeys(value.removeprefix(MADE) for value in found if value.startswith(MADE))]


def _by(source: Source) -> str:
    return f'source {source.id}, identity = "{source.identity}"'


def _shown(key: Key) -> str:
    return f'"{key.value.removeprefix(MADE)}"'


def _of(release: Release, kind: str, source: Source, reason: str) -> Difference:
    return Difference(kind, release.id, release.title, release.state, source.id, reason)  # type: ignore[arg-type]  # one of them
