"""Release → topics, and why. Pure; can be recomputed at any time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from syndicate.model import Plan, Release, Source, Topic
from syndicate.text import digest, fold, slug, squeeze

RESERVED = frozenset({"all", "index", "topics", "releases", "media", "feed", "n", "hub", "404"})


@dataclass(frozen=True)
class Reason:
    """Why a release is in a topic: `kicker "GESUNDHEIT"`, `source`, `category "Gesundheit"`, `keyword "Klinik"`."""

    topic: Topic
    by: str


@dataclass(frozen=True)
class Rules:
    """The configured topics, and what becomes of a kicker that none of them claims: publish or hold."""

    topics: tuple[Topic, ...] = ()
    unmapped: str = "publish"

    @cached_property
    def by_name(self) -> dict[str, Topic]:
        """Folded kicker, title, id or alias → topic. A topic's own kickers win over another's title."""
        names: dict[str, Topic] = {}
        for topic in self.topics:
            for kicker in topic.kickers:
                names.setdefault(fold(kicker), topic)
        for topic in self.topics:
            for name in (topic.title, topic.id, *topic.aliases):
                names.setdefault(fold(name), topic)
        return names

    @cached_property
    def keywords(self) -> tuple[tuple[re.Pattern[str], str, Topic], ...]:
        return tuple(
            (re.compile(rf"(?<!\w){re.escape(fold(word))}(?!\w)"), word, topic)
            for topic in self.topics
            for word in topic.keywords
            if fold(word)
        )

    def mapped(self, name: str) -> Topic | None:
        """The configured topic that claims this name, by its folded form or by its slug."""
        return self.by_name.get(fold(name)) or self.by_name.get(slug(name))


@lru_cache(maxsize=4)
def rules_of(plan: Plan) -> Rules:
    """A plan's rules, made once for each plan."""
    return Rules(plan.topics, plan.unmapped)


def own_topic(name: str) -> Topic:
    """The topic that a name makes of itself where no configured one claims it."""
    identifier = slug(name)
    if not identifier or identifier in RESERVED:
        identifier = f"thema-{digest(fold(name), length=6)}"
    return Topic(identifier, squeeze(name))


def classify(release: Release, source_topics: Iterable[str], rules: Rules) -> tuple[Reason, ...]:
    """The topics of a release with their reasons, each topic once, the kicker's first.

    The kicker and the operator's words (front matter, source) make a topic of their own where none claims them;
    further categories and keywords only map to configured ones.
    """
    found: dict[str, Reason] = {}

    def add(topic: Topic | None, by: str) -> None:
        if topic:
            found.setdefault(topic.id, Reason(topic, by))

    for kicker in filter(None, (release.kicker, *release.kickers)):
        own = own_topic(kicker) if rules.unmapped == "publish" else None
        add(rules.mapped(kicker) or own, f'kicker "{kicker}"')
    for name in release.topic_names:
        add(rules.mapped(name) or own_topic(name), f'front matter "{name}"')
    for name in source_topics:
        add(rules.mapped(name) or own_topic(name), f'source "{name}"')
    for category in release.categories:
        add(rules.mapped(category), f'category "{category}"')
    if rules.keywords:
        words = fold(f"{release.title} {release.teaser or ''}")
        for pattern, word, topic in rules.keywords:
            if pattern.search(words):
                add(topic, f'keyword "{word}"')
    return tuple(found.values())


def unmapped(release: Release, rules: Rules) -> bool:
    """Has it a kicker that no configured topic claims?"""
    return release.kicker is not None and rules.mapped(release.kicker) is None


def sources_topics(sources: Iterable[Source]) -> dict[str, tuple[str, ...]]:
    """Source id → the topics given to each of its releases."""
    return {source.id: source.topics for source in sources}
