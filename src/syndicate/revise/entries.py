"""One entry of a document speaks for a release (semantics: Identity). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from syndicate.model import Key, Release
from syndicate.revise.again import same_bytes
from syndicate.revise.claims import Claims
from syndicate.revise.editions import says_the_same
from syndicate.revise.likeness import seen
from syndicate.revise.match import Match, Matcher
from syndicate.revise.naming import naming
from syndicate.revise.oldnews import was_said
from syndicate.revise.stays import joined
from syndicate.urls import canonical_url

_BY_KEY = ("id", "url", "path", "hash")


@dataclass(eq=False)
class Entry:
    """An entry of a document. Where another is the `speaker`, that one tells of their release."""

    release: Release
    match: Match | None = None
    speaker: "Entry | None" = None
    agreement: object = None  # what those have in common that are the same, said several times
    joined: bool = False  # its words are those of several entries
    others: list[Release] = field(default_factory=list)  # those for whom it speaks
    capture: str | None = None  # hash of its document


def entries_of(document: Sequence[Release], matcher: Matcher, claims: Claims) -> list[Entry]:
    """The full releases and headlines of a document, in its order, and who speaks for whom."""
    entries = [Entry(release) for release in document]
    full = [entry for entry in entries if not entry.release.headline]
    for entry in full:
        entry.match = matcher.match(entry.release, claims)
    for entry in full:
        entry.agreement = agreement(entry.release, matcher.identity)
    found = {e.agreement: e.match for e in reversed(full) if e.match and e.match.by in _BY_KEY}
    for entry in full:
        entry.match = entry.match or found.get(entry.agreement)
    together: dict[str, list[Entry]] = {}
    for entry in full:
        if entry.match and entry.match.by in _BY_KEY:
            together.setdefault(entry.match.stored.id, []).append(entry)
    for group in together.values():
        kept = _of_one(group)
        for entry in group:
            entry.match = entry.match if entry in kept else None
        _choose(kept, matcher)
    for alike in _agreeing(entry for entry in full if entry.match is None):
        _speak(alike[0], alike)
    return entries


def _of_one(group: list[Entry]) -> list[Entry]:
    """Without those that have the first one's words alone in common with it: equal words at two addresses are two."""
    kept: list[Entry] = []
    for entry in group:
        twin = next((e for e in kept if _words(e.release) == _words(entry.release)), None)
        by_words = entry.match is not None and entry.match.by == "hash"
        if twin is None or not by_words or twin.agreement == entry.agreement:
            kept.append(entry)
    return kept


def _choose(group: list[Entry], matcher: Matcher) -> None:
    """The one with the latest stated `updated` speaks, else the latest date, else what stands, else the first."""
    if len(group) < 2 or group[0].match is None:
        return
    stored = group[0].match.stored
    mine = next((e for e in matcher.editions.get(stored.id, ()) if e.source == group[0].release.source), None)

    def rank(entry: Entry) -> tuple[float, float, bool, bool, int]:
        said = entry.release
        modified = said.modified.timestamp() if said.modified else float("-inf")
        stated = said.stated.timestamp() if said.stated else float("-inf")
        stands = mine is not None and (
            says_the_same(mine.said, said) or seen(mine.said) == seen(said) or same_bytes(mine.said, said)
        )
        fresh = mine is None or not was_said(said, mine.memory)
        return modified, stated, stands, fresh, -group.index(entry)

    speaker = max(group, key=rank)
    agreeing = next(each for each in _agreeing(group) if speaker in each)
    _speak(speaker, [speaker, *(e for e in agreeing if e is not speaker)])
    for entry in group:
        if entry is not speaker and entry.speaker is None:
            entry.speaker = speaker
            speaker.others.append(entry.release)


def _agreeing(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Those that agree in link, title, text and stated date."""
    groups: dict[object, list[Entry]] = {}
    for number, entry in enumerate(entries):
        groups.setdefault(entry.agreement or number, []).append(entry)
    return [*groups.values()]


def agreement(release: Release, identity: str) -> object:
    """What such entries have in common. Without a link it is their words, unless they have ids: when in doubt, two."""
    words = _words(release)
    ids = tuple(key for key in release.keys if key.kind == "id")
    alone = naming(release, identity)
    return words and (words, canonical_url(release.url) if release.url else alone or ids, alone)


def _words(release: Release) -> Key | None:
    return next((key for key in release.keys if key.kind == "hash"), None)


def _speak(speaker: Entry, agreeing: list[Entry]) -> None:
    """Its words are those of all that agree with it."""
    if len(agreeing) < 2:
        return
    keys = {entry.release.keys for entry in agreeing}
    speaker.joined = len(keys) > 1 or _adds(agreeing)
    speaker.release = joined([entry.release for entry in agreeing])
    for entry in agreeing[1:]:
        entry.speaker = speaker
        speaker.others.append(entry.release)


def _adds(agreeing: list[Entry]) -> bool:
    first, *others = [entry.release for entry in agreeing]
    facts = (first.kicker, first.categories, first.authors, first.enclosures)
    return any((o.kicker, o.categories, o.authors, o.enclosures) != facts for o in others)
