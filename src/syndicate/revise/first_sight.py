"""What is dropped of a document by its source's rules: decided at first sight, for good where it is held. Pure.

What is held stays: it gets its corrections and withdrawals, whatever the rules say by now. Of what is not, a document
comes to what it would come to without it. Several entries of a document that are one release are dropped together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from syndicate.model import NO_KEEP, Dropped, Key, Known, Release, Ruled, Source
from syndicate.revise.claims import Incoming
from syndicate.revise.entries import agreement
from syndicate.revise.likeness import plainly_other
from syndicate.revise.match import Matcher
from syndicate.revise.naming import are_two, naming
from syndicate.revise.sought import scoped
from syndicate.revise.unseen import unseen
from syndicate.text import digest, head

_NAMES = ("id", "url", "path")


class Sight(NamedTuple):
    """What goes on, and what was dropped. `entries`: hashes of the bytes of these (`Release.entry`).

    `everything`: is there nothing that goes on?
    """

    incoming: Sequence[Incoming]
    dropped: tuple[Dropped, ...] = ()
    entries: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        return bool(self.dropped) and not self.incoming


def first_sight(incoming: Sequence[Incoming], ruled: Sequence[Ruled | None], known: Known, source: Source) -> Sight:
    """`incoming` without shared keys; `ruled`: what the rules say of each, in the same order."""
    rules = _together(incoming, ruled, source.identity)
    matcher = Matcher(known, source.tag, identity=source.identity)
    stays, dropped, entries = list[Incoming](), list[Dropped](), set[str]()
    announcing = ""  # by which rule the release went that announces what follows
    for (release, capture), each, rule in zip(incoming, ruled, rules, strict=True):
        related = each is not None and each.related
        gone = announcing if related and announcing else rule
        if gone and _is_held(release, matcher, source):
            gone = ""
        if not related:
            announcing = gone
        if not gone:
            stays.append((release, capture))
            continue
        if not related:
            entries |= {release.entry} if release.entry else set()
            dropped.append(_dropped(release, gone))
    return Sight(stays, tuple(dropped), frozenset(entries))


def dropped_key(release: Release) -> str:
    """By what it is known again, as long as its source gives it the same names."""
    return digest(*release.keys[0]) if release.keys else digest(*head(release.kicker, release.title))


def _dropped(release: Release, rule: str) -> Dropped:
    own = next((k.value for kind in ("id", "path") for k in reversed(release.keys) if k.kind == kind), None)
    return Dropped(dropped_key(release), release.title, release.url, own, rule)


def _together(incoming: Sequence[Incoming], ruled: Sequence[Ruled | None], identity: str) -> list[str]:
    """By which rule each goes, or empty: drop wins, and one that is kept keeps the others that are the same release.

    Two are two where the source's identity says so, whatever else they have in common.
    """
    leader, first = [*range(len(incoming))], dict[object, int]()

    def led_by(number: int) -> int:
        while leader[number] != number:
            leader[number] = number = leader[leader[number]]
        return number

    for number, (release, capture) in enumerate(incoming):
        for name in _names(release, identity):
            other = first.setdefault((capture, name), number)
            if not are_two(incoming[other][0], release, identity):
                leader[led_by(number)] = led_by(other)
    groups = [led_by(number) for number in range(len(incoming))]
    members: dict[int, list[Ruled]] = {}
    for group, each in zip(groups, ruled, strict=True):
        members.setdefault(group, []).append(each or Ruled(None, kept=True))
    return [_rule(members[group]) for group in groups]


def _rule(ruled: Sequence[Ruled]) -> str:
    drop = next((each.drop for each in ruled if each.drop is not None), None)
    return drop if drop is not None else "" if any(each.kept for each in ruled) else NO_KEEP


def _names(release: Release, identity: str) -> Iterator[object]:
    if release.headline:  # it is nobody's other entry
        return
    yield from (key for key in release.keys if key.kind in _NAMES)
    if said := agreement(release, identity):
        yield said


def _is_held(release: Release, matcher: Matcher, source: Source) -> bool:
    """Does this source tell of it already, shown or not: by a name, or in the very bytes?"""
    known = matcher.known
    if matcher.adopted(replace(release, source=source.id)) and not release.headline:
        return True
    alone = naming(release, source.identity)
    named = alone or [key for key in release.keys if key.kind in _NAMES] or release.keys
    for key in named:
        for each in (scoped(key, source.id), key, unseen(key, source.id)):
            stored = known.releases.get(known.by_key.get(each, ""))
            if stored and _is_its(stored, release, key, matcher, source, alone):
                return True
    stored = known.releases.get(known.by_entry.get(release.entry or "", ""))
    return stored is not None and _tells(stored, known, source)


def _is_its(
    stored: Release, release: Release, key: Key, matcher: Matcher, source: Source, alone: Sequence[Key]
) -> bool:
    """Is it that release? What names it may have been used again for another."""
    if not _tells(stored, matcher.known, source) or (stored.id, source.id) in matcher.known.apart:
        return False
    if release.headline or release.withdrawn or key in alone or key.kind == "hash":
        return True
    return not plainly_other(matcher.last_word(stored, source.id), release, named=key.kind != "url")


def _tells(stored: Release, known: Known, source: Source) -> bool:
    """Also of what was taken over from the folder. Of what only its head is known its text is to be seen first."""
    return stored.source is None or any(edition.source == source.id for edition in known.editions.get(stored.id, ()))
