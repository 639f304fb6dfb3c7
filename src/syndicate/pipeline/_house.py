"""What every ingest and act goes by, and the topics of what they change."""

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.classify import Rules, classify
from syndicate.fetch.files import MAX_BYTES
from syndicate.model import Change, Source, Topic
from syndicate.revise import waits, with_edition
from syndicate.store import Store
from syndicate.text import digest

_ALPHABET = string.ascii_lowercase + string.digits


def mint() -> str:
    """A new release id: random, so that no number tells how many are held back."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


@dataclass(frozen=True)
class House:
    """The topics' rules, and the sources by id."""

    rules: Rules
    sources: Mapping[str, Source]
    tag: str = "127.0.0.1,2026"  # authority of minted ids
    max_bytes: int = MAX_BYTES  # of a file
    mint: Callable[[], str] = mint

    @property
    def fingerprint(self) -> str:
        """Of all that decides in which topics a release is."""
        given = sorted((source.id, source.topics) for source in self.sources.values())
        return digest(repr(self.rules.topics), self.rules.unmapped, repr(given))

    def topics_of(self, source: str | None) -> tuple[str, ...]:
        known = self.sources.get(source or "")
        return known.topics if known else ()


def classified(change: Change, store: Store, house: House, now: datetime) -> Change:
    """The change with its topics and their reasons, over all editions of the release; the shown one's come first."""
    if change.verdict == "unchanged" or change.pending:
        return change
    release = change.release
    editions = store.releases.editions(release.id)
    if change.edition:
        editions = with_edition(editions, change.edition)
    others = [
        (e.said, e.source)
        for e in editions
        if e.source != release.source and not e.said.withdrawn and not waits(e, release)
    ]
    found: dict[str, tuple[Topic, str]] = {}
    for words, source in [(release, release.source), *others]:
        for reason in classify(words, house.topics_of(source), house.rules):
            found.setdefault(reason.topic.id, (reason.topic, reason.by))
    if any(waits(e, release) for e in editions):
        # What waits has replaced what its source said before: readers keep the topics that they have.
        for topic in release.topics:
            row = store.topics.get(topic)
            found.setdefault(topic, (Topic(topic, row.title if row else topic), "kept while a new version waits"))
    release = replace(release, topics=tuple(found), held=not found and house.rules.unmapped == "hold")
    if release.visible and release.issued is None:
        release = replace(release, issued=now)
    return replace(change, release=release, reasons=tuple(found.values()))
