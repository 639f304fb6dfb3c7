"""Release and its editions → topics, and why. Pure; can be recomputed at any time.

One answer for what records a release and for what explains it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from syndicate.model import Edition, Plan, Release, Topic
from syndicate.notices import capitals
from syndicate.text import digest, fold, slug, squeeze

# Names of the program's own below `feeds/` and beside it. The later ones were free at first, so topics may have them.
LATER = frozenset({"search", "websub", "sitemap", "sitemaps", "robots", "favicon"})
RESERVED = LATER | {"all", "index", "topics", "releases", "media", "feed", "n", "hub", "404"}


@dataclass(frozen=True)
class Reason:
    """Why a release is in a topic: `kicker "GESUNDHEIT"`, `source`, `category "Gesundheit"`, `keyword "Klinik"`."""

    topic: Topic
    by: str


@dataclass(frozen=True)
class Rules:
    """The configured topics, and what becomes of a kicker that none of them claims: publish or hold.

    `given`: by source, the topics that each of its releases gets; a source that is configured no more gives none.
    """

    topics: tuple[Topic, ...] = ()
    unmapped: str = "publish"
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
    return Rules(plan.topics, plan.unmapped, {source.id: source.topics for source in plan.sources})


def own_topic(name: str) -> Topic:
    """The topic that a name makes of itself where no configured one claims it."""
    identifier = slug(name)
    if not identifier or identifier in RESERVED:
        identifier = reserved_id(name)
    return Topic(identifier, squeeze(name))


def reserved_id(name: str) -> str:
    """The id of a topic whose name gives none that it may have."""
    return f"thema-{digest(fold(name), length=6)}"


def classify(release: Release, editions: Iterable[Edition], rules: Rules) -> tuple[Reason, ...]:
    """The topics of a release, each once with its first reason: by the words shown, then by each other edition's.

    What a source has withdrawn counts no more; what waits for its embargo is no edition yet. Where a person said which
    they are, nobody else is asked.
    """
    if release.assigned:
        given = {(topic := rules.mapped(name) or own_topic(name)).id: (topic, name) for name in release.assigned}
        return tuple(Reason(topic, f'by hand "{name}"') for topic, name in given.values())
    others = [edition for edition in editions if edition.source != release.source and not edition.said.withdrawn]
    found: dict[str, Reason] = {}
    for words, source in [(release, release.source), *((e.said, e.source) for e in others)]:
        for reason in _said(words, rules.given.get(source or "", ()), rules):
            found.setdefault(reason.topic.id, reason)
    return tuple(found.values())


@dataclass(frozen=True)
class Placed:
    """The topics of a release, and why. `held`: it has none, and is shown nowhere."""

    reasons: tuple[Reason, ...]
    held: bool

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(reason.topic.id for reason in self.reasons)


def placed(release: Release, editions: Iterable[Edition], rules: Rules) -> Placed:
    """Where these rules want it: the one answer for what records a release, and for what tries rules out."""
    reasons = classify(release, editions, rules)
    return Placed(reasons, held=not reasons and rules.unmapped == "hold")


def kickers(words: Release) -> Iterator[str]:
    """All that its source printed as one, the first of them first."""
    return filter(None, (words.kicker, *words.kickers))


def _said(words: Release, given: Iterable[str], rules: Rules) -> Iterator[Reason]:
    """By one source's words, the kicker first.

    The kicker and the operator's words (front matter, source) make a topic of their own where none claims them;
    further categories and keywords only map to configured ones.
    """
    for kicker in kickers(words):
        if topic := rules.mapped(kicker) or (
            own_topic(capitals.ordinary_case(kicker)) if rules.unmapped == "publish" else None
        ):
            yield Reason(topic, f'kicker "{kicker}"')
    for name in words.topic_names:
        yield Reason(rules.mapped(name) or own_topic(name), f'front matter "{name}"')
    for name in given:
        yield Reason(rules.mapped(name) or own_topic(name), f'source "{name}"')
    for category in words.categories:
        if topic := rules.mapped(category):
            yield Reason(topic, f'category "{category}"')
    if rules.keywords:
        text = fold(f"{words.title} {words.teaser or ''}")
        for pattern, word, topic in rules.keywords:
            if pattern.search(text):
                yield Reason(topic, f'keyword "{word}"')


def unmapped(release: Release, rules: Rules) -> tuple[str, ...]:
    """Its kickers that no configured topic claims."""
    return tuple(name for name in kickers(release) if rules.mapped(name) is None)
