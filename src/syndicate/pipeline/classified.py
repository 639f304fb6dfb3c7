"""The topics of what an ingest or an act changes, over all editions of the release."""

import secrets
import string
from dataclasses import replace
from datetime import datetime

from syndicate.classify import classify, rules_of
from syndicate.model import Change, Plan, Topic
from syndicate.revise import waits, with_edition
from syndicate.store import Store
from syndicate.text import digest

_ALPHABET = string.ascii_lowercase + string.digits


def mint() -> str:
    """A new release id: random, so that no number tells how many are held back."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def topics_fingerprint(plan: Plan) -> str:
    """Of all that decides in which topics a release is."""
    given = sorted((source.id, source.topics) for source in plan.sources)
    return digest(repr(plan.topics), plan.unmapped, repr(given))


def classified(change: Change, store: Store, plan: Plan, now: datetime) -> Change:
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
        for reason in classify(words, _given(plan, source), rules_of(plan)):
            found.setdefault(reason.topic.id, (reason.topic, reason.by))
    if any(waits(e, release) for e in editions):
        # What waits has replaced what its source said before: readers keep the topics that they have.
        for topic in release.topics:
            row = store.topics.get(topic)
            found.setdefault(topic, (Topic(topic, row.title if row else topic), "kept while a new version waits"))
    release = replace(release, topics=tuple(found), held=not found and plan.unmapped == "hold")
    if release.visible and release.issued is None:
        release = replace(release, issued=now)
    return replace(change, release=release, reasons=tuple(found.values()))


def _given(plan: Plan, source: str | None) -> tuple[str, ...]:
    """The topics that a source gives each of its releases; one that is configured no more gives none."""
    known = plan.by_id.get(source or "")
    return known.topics if known else ()
