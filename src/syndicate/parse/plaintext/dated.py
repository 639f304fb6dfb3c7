"""List pages whose entries each have a date: above the title, alone or among other points, or below it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import syndicate.parse.plaintext.entries as _entries
import syndicate.parse.plaintext.marks as marks
from syndicate.notices import contact, embargo, kind
from syndicate.parse.plaintext.entries import Entry
from syndicate.parse.plaintext.lines import Line
from syndicate.parse.plaintext.prose import full_stop, prose, words

_MOST_ABOVE = 6  # lines above the first date: the page's own head
_TOPIC = 5  # words of a topic among the points


@dataclass(frozen=True, slots=True)
class _Points:
    """Lines `start` to `end` (not included) that state an entry's date, and perhaps its kind and topic."""

    start: int
    end: int
    published: str
    kind: str | None = None
    topic: str | None = None


def read(lines: Sequence[Line]) -> list[Entry] | None:
    """The entries; None where the lines are no such list."""
    points = _points(lines)
    if len(points) < 2:
        return None
    return _below_title(lines, points) or _above_title(lines, points)


def _points(lines: Sequence[Line]) -> list[_Points]:
    found: list[_Points] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while lines[at].bullet and end < len(lines) and lines[end].bullet and not lines[end].gap:
            end += 1
        run = _stated(lines, at, end)
        if run is None and end > at + 1:  # bullets of other things: each for itself
            end = at + 1
            run = _stated(lines, at, end)
        if run:
            found.append(run)
        at = end
    return found


def _stated(lines: Sequence[Line], start: int, end: int) -> _Points | None:
    """What these lines say, where they are a date and, at most, a kind and a topic."""
    published = kind_ = topic = None
    for line in lines[start:end]:
        stated = kind.meta(line.text)
        rest = line.text if stated is None else stated.rest
        if stated:
            published, kind_ = published or stated.date, kind_ or stated.kind
        if embargo.statement(line.text):
            return None
        if rest and (topic or full_stop(rest) or words(rest) > _TOPIC or kind.rubric(rest)[0]):
            return None
        topic = topic or rest or None
    return _Points(start, end, published, kind_, topic) if published else None


def _above_title(lines: Sequence[Line], points: Sequence[_Points]) -> list[Entry] | None:
    first = points[0].start
    if first > _MOST_ABOVE or sum(prose(line.text) for line in lines[:first]) > (first < 4):
        return None
    ends = [*(other.start for other in points[1:]), len(lines)]
    found = []
    for own, end in zip(points, ends, strict=True):
        entry = _entries.single(lines[own.end : end], topic=own.topic)
        if entry is None:
            return None
        found.append(replace(entry, published=own.published, kind=own.kind))
    return found


def _below_title(lines: Sequence[Line], points: Sequence[_Points]) -> list[Entry] | None:
    """`[topic] / title / date / teaser`: prose right below each date, or the next title."""
    bare = [own for own in points if own.topic is None]
    names: list[list[Line]] = [_names(lines[: points[0].start])]
    teasers: list[list[Line]] = []
    for own, end in zip(points, [*(other.start for other in points[1:]), len(lines)], strict=True):
        between = lines[own.end : end]
        told = next((at for at, line in enumerate(between) if not prose(line.text)), len(between))
        teasers.append(list(between[:told]))
        names.append(list(between[told:]))
    if len(bare) < len(points) or names.pop() or not any(teasers) or not all(names):
        return None
    most = max(map(len, names[1:]))
    names[0] = names[0][-most:]
    if most > 2 or any(_unlikely(line) for run in names for line in run) or max(map(len, teasers)) > 2:
        return None
    return [
        Entry(
            title=run[-1].text,
            topic=run[0].text if len(run) > 1 else None,
            teaser=" ".join(line.text for line in teaser) or None,
            published=own.published,
            kind=own.kind,
        )
        for run, own, teaser in zip(names, points, teasers, strict=True)
    ]


def _names(lines: Sequence[Line]) -> list[Line]:
    """What stands above the first date, without the list's own title."""
    if len(lines) > _MOST_ABOVE or any(prose(line.text) for line in lines):
        return []
    return [line for line in lines if not (marks.list_title(line.text) or marks.site(line.text))]


def _unlikely(line: Line) -> bool:
    """Is it no topic or title of an entry, but a part of a single release?"""
    text = line.text
    return full_stop(text) or marks.related(text) or marks.anchor(text) or contact.opens(text)
