"""Two configurations and a release → what would become of it, with the reason. Pure.

What decides is what decides wherever a release is recorded: nothing of that is worked out anew here.
"""

from collections.abc import Iterable, Iterator

from syndicate.classify import Placed, placed
from syndicate.model import Edition, Release
from syndicate.revise import shown
from syndicate.rules import Search
from syndicate.trying.chosen import Chosen
from syndicate.trying.ruled import ruled_otherwise, why_out
from syndicate.trying.values import Difference, Held, Kind


def differences(held: Held, before: Chosen | None, after: Chosen, search: Search) -> Iterator[Difference]:
    """`before`: by what it was classified last, where that is known. `search`: how a regular expression is."""
    release = held.release
    if release.withdrawn:  # nothing of it is shown, whatever the rules are
        return
    yield from _placed(held, before, after)
    yield from _ruled(held, before, after, search)
    yield from _shown(held, after)
    if before:
        yield from _republished(release, before, after)


def _placed(held: Held, before: Chosen | None, after: Chosen) -> Iterator[Difference]:
    release = held.release
    place = placed(release, held.editions, after.rules)
    stands = tuple(dict.fromkeys(after.renamed.get(topic, topic) for topic in release.topics))
    if (place.topics, place.held) == (stands, release.held):
        return
    earlier = placed(release, held.editions, before.rules) if before else None
    if place.held is not release.held:
        kind: Kind = "held" if place.held else "shown"
    elif {*place.topics} == {*stands}:
        return  # another order of them
    else:
        kind = "moved"
    reason = "; ".join((*_enters(place, stands), *_leaves(place, stands, earlier, after)))
    if place.held and not release.held:
        reason = "; ".join(filter(None, (reason, 'without any topic it is shown nowhere (unmapped = "hold")')))
    yield _of(release, kind, reason or "no topic is needed any more", stands, place.topics)


def _enters(place: Placed, stands: Iterable[str]) -> Iterator[str]:
    known = {*stands}
    for reason in place.reasons:
        if reason.topic.id not in known:
            yield f"into {reason.topic.id} by {reason.by}"


def _leaves(place: Placed, stands: Iterable[str], earlier: Placed | None, after: Chosen) -> Iterator[str]:
    by = {after.renamed.get(r.topic.id, r.topic.id): r.by for r in earlier.reasons} if earlier else {}
    for topic in stands:
        if topic not in place.topics:
            yield f"out of {topic}" + (f", where it is by {by[topic]}" if topic in by else "")


def _ruled(held: Held, before: Chosen | None, after: Chosen, search: Search) -> Iterator[Difference]:
    """Which would not have come in by the rules of one that tells it, and would have before."""
    for edition in held.editions:
        source, earlier = after.by_id.get(edition.source), before.by_id.get(edition.source) if before else None
        if source is None or not ruled_otherwise(earlier, source):
            continue
        rule = why_out(edition.said, source, search)
        if rule and not (earlier and why_out(edition.said, earlier, search)):
            reason = f"source {source.id}, {rule}; it stays, with its corrections"
            yield _of(held.release, "dropped", reason)._replace(source=source.id)


def _shown(held: Held, after: Chosen) -> Iterator[Difference]:
    """Whose words are shown, of several."""
    if len(held.editions) < 2:
        return
    first, other = shown(held.editions, {}), shown(tuple(_prior(e, after) for e in held.editions), {})
    if not first or not other or first.source == other.source:
        return
    ranks = {edition.source: _prior(edition, after).priority for edition in held.editions}
    reason = (
        f"the text of {other.source} (priority {ranks[other.source or '']}) in the place of that of {first.source}"
        f" (priority {ranks[first.source or '']}), at the next word of either"
    )
    yield _of(held.release, "text", reason, (first.source or "",), (other.source or "",))


def _prior(edition: Edition, after: Chosen) -> Edition:
    source = after.by_id.get(edition.source)
    return Edition(
        source=edition.source,
        priority=source.priority if source else edition.priority,
        said=edition.said,
        memory=edition.memory,
    )


def _republished(release: Release, before: Chosen, after: Chosen) -> Iterator[Difference]:
    """What may be shown of it, by its source's keys."""
    earlier, source = before.by_id.get(release.source or ""), after.by_id.get(release.source or "")
    if source is None:
        return
    was_content, was_images = (earlier.content, earlier.images) if earlier else ("full", "show")
    where = f"source {source.id}"
    if source.content != was_content and release.content:
        if source.content == "teaser":
            yield _of(release, "shortened", f'its teaser alone is published ({where}: content = "teaser")')
        else:
            yield _of(release, "whole", f'all of its text is published ({where}: content = "full")')
    if source.images != was_images and release.images:
        how = "as text only" if source.images == "text" else "again, once its source is read again"
        yield _of(release, "images", f"its {len(release.images)} images are shown {how} ({where}: images)")
    if earlier and earlier.headlines and not source.headlines and release.headline:
        yield _of(release, "headline", f"it would not have been made ({where}: headlines = false); it stays")


def _of(
    release: Release, kind: Kind, reason: str, before: tuple[str, ...] = (), after: tuple[str, ...] = ()
) -> Difference:
    return Difference(kind, release.id, release.title, release.state, release.source, reason, before, after)
