"""Where two versions of a release differ, by the words around it. Pure.

What counts its readers, or shows an advertisement, changes by itself at one place; a correction changes any.
"""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from syndicate.model import Release, Span
from syndicate.revise.likeness import seen
from syndicate.urls import canonical_url

_AROUND = 8  # words on each side that are kept
_TELLING = 3  # words on both sides together that tell a place from another
_APART = 4  # equal words from which on two changes are two places: fewer are equal by chance
_BEGIN, _END = "\x02", "\x03"
_MOST = 4_000  # changed words; beyond, all that lies between the first and the last of them is one place


def spans(before: Release, after: Release) -> tuple[Span, ...]:
    """The places where a reader would see a change; the address counts, the dates do not."""
    old, new = _fields(before), _fields(after)
    return tuple(span for name in new if old[name] != new[name] for span in _of_field(name, old[name], new[name]))


def common(first: Iterable[Span], *others: Iterable[Span]) -> tuple[Span, ...]:
    """The places that changed each time: as wide as it was at any time, since what is equal by chance narrows it."""
    each = [[*first], *([*other] for other in others)]
    wide = [span for spans in each for span in spans if all(any(_inside(o, span) for o in spans) for spans in each)]
    return tuple(span for n, span in enumerate(wide) if not any(_inside(span, other) for other in wide[:n]))


def within(changed: Iterable[Span], known: Iterable[Span]) -> bool:
    """Is each place that changed one that is known?"""
    known = [*known]
    return all(any(_inside(span, other) for other in known) for span in changed)


def renewed(known: Iterable[Span], changed: Iterable[Span]) -> tuple[Span, ...]:
    """Those that are known, by the neighbours that they have now."""
    now = [*changed]
    return tuple(next((span for span in now if _inside(span, old) and _inside(old, span)), old) for old in known)


def words_at(release: Release, span: Span) -> str:
    """What stands between its neighbours now; empty where they are not there."""
    words = _fields(release)[span.field]
    framed = [_BEGIN, *words, _END]
    first, last = span.before[-1], span.after[0]
    starts = [i for i, word in enumerate(framed) if word == first]
    for start in sorted(starts, key=lambda i: -_tail(span.before, framed[: i + 1])):
        ends = [i for i in range(start + 1, len(framed)) if framed[i] == last]
        if ends:
            end = max(ends, key=lambda i: (_lead(span.after, framed[i:]), -i))
            return " ".join(framed[start + 1 : end])
    return ""


def _fields(release: Release) -> dict[str, list[str]]:
    shown = {**seen(release), "url": canonical_url(release.url) if release.url else None}
    return {name: [*_words(value)] for name, value in shown.items()}


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.replace("<", " <").replace(">", "> ").split()
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _words(part)
    elif value is not None:
        yield from str(value).split()


def _of_field(name: str, old: list[str], new: list[str]) -> Iterator[Span]:
    """Neighbours are those in the earlier version; they are the same in the later one."""
    lead = _lead(old, new)
    most = min(len(old), len(new)) - lead
    tail = min(most, _tail(old, new))
    for first, last in _merged(old[lead : len(old) - tail], new[lead : len(new) - tail]):
        begin, end = lead + first, lead + last
        before, after = [_BEGIN, *old[:begin]], [*old[end:], _END]
        yield Span(name, tuple(before[-_AROUND:]), tuple(after[:_AROUND]))


def _merged(old: list[str], new: list[str]) -> Iterator[tuple[int, int]]:
    """The changed ranges of `old`; what is equal for a few words only between two of them belongs to the change."""
    if len(old) + len(new) > _MOST:
        yield 0, len(old)
        return
    begin, there = 0, 0
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        last = block.size == 0
        if last or block.size >= _APART:
            if block.a > begin or block.b > there:
                yield begin, block.a
            begin, there = block.a + block.size, block.b + block.size


def _inside(span: Span, known: Span) -> bool:
    """Is it this place, or a part of it: the known neighbours stand beside it, or behind words that did not change?"""
    if span.field != known.field:
        return False
    if span.before == known.before and span.after == known.after:
        return True
    left = max(_weight(_tail(known.before, span.before[: len(span.before) - n]), n) for n in range(len(span.before)))
    right = max(_weight(_lead(known.after, span.after[n:]), n) for n in range(len(span.after)))
    return left > 0 and right > 0 and left + right >= _TELLING


def _weight(equal: int, away: int) -> int:
    """One equal word at some distance is chance."""
    return equal if equal > 1 or not away else 0


def _lead(one: Iterable[str], other: Iterable[str]) -> int:
    """How many words both begin with."""
    number = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        number += 1
    return number


def _tail(one: Iterable[str], other: Iterable[str]) -> int:
    return _lead(reversed([*one]), reversed([*other]))
