"""What a source no longer states and that stays all the same (semantics: Identity). Pure.

What one of several joined entries added stays for good; a category that leaves an entry, for a day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from syndicate.model import A_DAY, Edition, Enclosure, Leaving, Memory, Release
from syndicate.revise.complete import joint, stricter, united
from syndicate.text import fold


def joined(entries: Sequence[Release]) -> Release:
    """One release that several entries of a document tell of: the first one's words, and what the others add."""
    first, *others = entries
    told_by = joint(sorted(entry.entry or "" for entry in entries))
    for other in others:
        kickers = [name for name in (*first.kickers, other.kicker, *other.kickers) if name]
        held = stricter(first, other)
        first = replace(
            first,
            kickers=_without(kickers, (first.kicker,)),
            categories=united(first.categories, other.categories),
            topic_names=united(first.topic_names, other.topic_names),
            authors=united(first.authors, other.authors),
            enclosures=_enclosures(first, other),
            keys=tuple(dict.fromkeys((*(k for k in (*first.keys, *other.keys) if k.kind != "hash"), *first.keys))),
            embargo=held.embargo,
            lifted=held.lifted,
            entry=told_by,
        )
    return first


def with_what_stays(said: Release, mine: Edition, now: datetime) -> tuple[Release, Memory]:
    """`said` with what stays of what the source said last, and since when it has left."""
    if mine.memory.joined:
        return with_all(said, mine.said), mine.memory
    before = mine.said
    kickers = _without([before.kicker, *before.kickers], (said.kicker, *said.kickers))
    categories = _without(before.categories, (said.kicker, *said.kickers, *said.categories))
    since = {(left.field, left.name): left.since for left in mine.memory.leaving}
    left = [("kickers", name) for name in kickers] + [("categories", name) for name in categories]
    leaving = tuple(Leaving(*what, since.get(what, now)) for what in left if now < since.get(what, now) + A_DAY)
    said = replace(
        said,
        kickers=(*said.kickers, *(left.name for left in leaving if left.field == "kickers")),
        categories=(*said.categories, *(left.name for left in leaving if left.field == "categories")),
    )
    return said, replace(mine.memory, leaving=leaving)


def without_what_left(said: Release, memory: Memory, now: datetime) -> tuple[Release, Memory]:
    """`said`, without the categories that left a day ago."""
    gone = [left for left in memory.leaving if left.since + A_DAY <= now]
    said = replace(
        said,
        kickers=_without(said.kickers, [left.name for left in gone if left.field == "kickers"]),
        categories=_without(said.categories, [left.name for left in gone if left.field == "categories"]),
    )
    return said, replace(memory, leaving=tuple(left for left in memory.leaving if left not in gone))


def with_all(said: Release, before: Release) -> Release:
    """Of joined entries: each topic, author and enclosure that was there, the first one's kicker as it was."""
    kickers = (*before.kickers, said.kicker, *said.kickers)
    return replace(
        said,
        kicker=before.kicker,
        kickers=_without(kickers, (before.kicker,)),
        categories=united(before.categories, said.categories),
        topic_names=united(before.topic_names, said.topic_names),
        authors=united(before.authors, said.authors),
        enclosures=_enclosures(before, said),
    )


def _enclosures(first: Release, second: Release) -> tuple[Enclosure, ...]:
    """Each address once; of two that state the same one, the later words."""
    later = {enclosure.url: enclosure for enclosure in second.enclosures}
    return united(tuple(later.get(e.url, e) for e in first.enclosures), second.enclosures, by="url")


def _without(names: Iterable[str | None], others: Iterable[str | None]) -> tuple[str, ...]:
    """The names that are none of the others, each once."""
    gone = {fold(other) for other in others if other}
    return tuple({fold(n): n for n in reversed([*names]) if n and fold(n) not in gone}.values())[::-1]
