"""Who links to whom: corrections, and what related blocks name."""

from collections.abc import Iterator

from syndicate.model import Key, Release
from syndicate.placement.values import Head, Named, Standing
from syndicate.text import fold, head
from syndicate.urls import canonical_url, clean_url

TELLING = 12  # letters: a shorter title stands in many a text that does not mean it


class Links:
    """As they are while the changes are taken one by one."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._corrections = set(standing.corrections)
        self._spoken: dict[str, tuple[Release, set[Key]]] = {}
        self.related: dict[str, tuple[Head, ...]] = {}
        self.corrects: dict[str, str | None] = {}

    def note(self, release: Release, keys: tuple[Key, ...]) -> None:
        """It is held so from now on, and known by these keys besides."""
        _, known = self._spoken.get(release.id, (release, set[Key]()))
        self._spoken[release.id] = (release, known | {*release.keys, *keys})

    def put(self, release: Release) -> None:
        """What it says of others, found among those that there are by now."""
        self.related[release.id] = tuple(dict.fromkeys(head(r.topic, r.title) for r in release.related))
        target = self._corrected(release) if release.corrects else None
        self._corrections = {pair for pair in self._corrections if pair[0] != release.id}
        if target:
            self._corrections.add((release.id, target))
        self.corrects[release.id] = target

    def with_correction(self, identifier: str) -> Iterator[str]:
        """The other ends of its corrections, shown or not."""
        for earlier, later in ((b, a) for a, b in self._corrections):
            if identifier in (earlier, later):
                yield later if identifier == earlier else earlier

    def relating(self, release: Release) -> Iterator[str]:
        """Who is shown and has it in the related block."""
        at = head(release.kicker, release.title)
        for identifier in self._standing.relating.get(at, ()):
            if identifier not in self.related:
                yield identifier
        for identifier, heads in self.related.items():
            if at in heads and self._spoken[identifier][0].visible:
                yield identifier

    def _corrected(self, release: Release) -> str | None:
        """By an id or an address of it, else the longest title that is in the words; of equals the newest."""
        said = release.corrects or ""
        # What was spoken of last has its keys from whoever had them, and other words than it had.
        spoken = [named for other, keys in reversed(self._spoken.values()) for named in _meant(said, other, keys)]
        stored = [n for n in self._standing.named.get(said, ()) if n.exact or n.id not in self._spoken]
        meant = [n for n in (*spoken, *stored) if n.id != release.id]
        others = [n for n in meant if not n.unseen] or meant
        exact = next((n for n in others if n.exact), None)
        best = exact or max(others, key=lambda n: (len(n.title), n.published), default=None)
        return best.id if best else None


def _meant(said: str, release: Release, keys: set[Key]) -> list[Named]:
    """Whether a correction's words mean this release."""
    url = clean_url(said)
    names = {("id", said), ("url", canonical_url(url) if url else "")}
    _, title = head(release.kicker, release.title)
    exact = said in (release.id, release.atom_id) or any((key.kind, key.value) in names for key in keys)
    if exact or (len(title) >= TELLING and title in fold(said)):
        return [Named(release.id, title, release.published, exact, release.never_shown)]
    return []
