"""Runs of entries: image lines, topic, title, teaser, again and again, as in "Weitere Meldungen" and on list pages.

No line says what it is. Each division of a run into entries has a cost (a topic as long as a sentence, a title right
below its topic, …), and the cheapest one is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import syndicate.parse.plaintext.images as _images
import syndicate.parse.plaintext.marks as marks
from syndicate.model import Image
from syndicate.notices import dates
from syndicate.parse.plaintext.lines import Line, even
from syndicate.parse.plaintext.prose import ends, full_stop, prose, sentences

_NEVER = 1000.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of another release."""

    title: str
    topic: str | None = None
    teaser: str | None = None
    published: str | None = None
    image: Image | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class _Costs:
    """What it costs to read a line as a picture, as one below a picture, …; how it stands to the one above."""

    picture: float
    below: float
    date: float
    topic: float
    title: float
    teaser: float
    glued: bool
    parted: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which lines of an entry are there: so many of its image, a date, a topic, the title, a teaser."""

    images: int
    date: bool
    topic: bool
    teaser: bool

    size: int


_SHAPES = tuple(
    _Shape(images, date, topic, teaser, images + date + topic + 1 + teaser)
    for images in range(4)
    for date in (False, True)
    for topic in (True, False)
    for teaser in (False, True)
    if topic or not images
)


def divide(lines: Sequence[Line], *, teasers: bool = False) -> tuple[list[Entry], float]:
    """The entries of a run, and what they cost: below 2 for each is a good reading. `teasers`: are they expected?"""
    if lines and all(line.bullet and line.indent == lines[0].indent for line in lines):
        return [Entry(line.text) for line in lines], 0.0
    gaps = not even(list(lines))
    costs = [_line_costs(line, gaps, teasers) for line in lines]
    best: list[tuple[float, _Shape | None]] = [(0.0, None)]
    for end in range(1, len(lines) + 1):
        choices = [
            (best[end - shape.size][0] + _cost(costs, end - shape.size, shape, teasers), shape)
            for shape in _SHAPES
            if shape.size <= end
        ]
        best.append(min(choices, key=lambda choice: choice[0]))
    entries: list[Entry] = []
    end = len(lines)
    while end and (shape := best[end][1]):
        entries.append(_entry(lines[end - shape.size : end], shape))
        end -= shape.size
    return entries[::-1], best[-1][0]


def single(lines: Sequence[Line], *, topic: str | None = None, pictures: Sequence[str] = ()) -> Entry | None:
    """One entry's own lines: pictures, topic (unless it is known), title, teaser; None where they are too many."""
    own = [line.text for line in lines if not marks.more(line.text)]
    while len(own) > 2 and _images.plainly(own[0]):
        pictures, own = [*pictures, own[0]], own[1:]
    if not own or len(own) > 4:
        return None
    if topic is None and len(own) > 1 and not full_stop(own[0]) and not _teaser(own[1]):
        topic = own.pop(0)
    title, teaser = own[0], " ".join(own[1:]).removesuffix(" Mehr").strip()
    if full_stop(title) and prose(title) and len(title) > 160:
        return None
    images = _images.gallery(pictures)
    return Entry(title, topic, teaser or None, image=images[0] if images else None)


def _teaser(text: str) -> bool:
    return text.endswith(" Mehr") or (prose(text) and full_stop(text))


def _entry(lines: Sequence[Line], shape: _Shape) -> Entry:
    rest: Iterator[str] = (line.text for line in lines)
    images = _images.gallery(next(rest) for _ in range(shape.images))
    return Entry(
        image=images[0] if images else None,
        published=dates.printed(next(rest)) if shape.date else None,
        topic=next(rest) if shape.topic else None,
        title=next(rest),
        teaser=next(rest).removesuffix(" Mehr").rstrip() if shape.teaser else None,
    )


def _line_costs(line: Line, gaps: bool, teasers: bool) -> _Costs:
    dated = 0.0 if dates.printed(line.text) else _NEVER
    pictured = _images.plainly(line.text)
    below = pictured or _images.credit_line(line.text)
    never = _NEVER - dated  # a date is nothing else
    return _Costs(
        picture=never + (0.0 if pictured else 1.0),
        below=never + (0.0 if below else 3.0) + (3.0 if line.gap else 0.0),
        date=dated,
        topic=never + _topic_cost(line.text),
        title=never + _title_cost(line.text),
        teaser=_teaser_cost(line.text, teasers),
        glued=gaps and not line.gap,
        parted=gaps and line.gap,
    )


def _cost(costs: Sequence[_Costs], start: int, shape: _Shape, teasers: bool) -> float:
    """Of reading the lines from `start` as one entry of this shape."""
    at = start
    cost = 3.0 if start and costs[at].glued else 0.0
    if shape.images:
        cost += costs[at].picture + sum(line.below for line in costs[at + 1 : at + shape.images])
        at += shape.images
    if shape.date:
        cost += costs[at].date
        at += 1
    if shape.topic:
        cost += costs[at].topic + (3.0 if shape.images and costs[at].parted else 0.0)
        at += 1
    else:
        cost += 5.0
    cost += costs[at].title + (1.0 if shape.topic and costs[at].glued and not teasers else 0.0)
    if shape.teaser:
        return cost + costs[at + 1].teaser
    return cost + (1.5 if teasers else 0.0)


def _topic_cost(text: str) -> float:
    cost = max(0, len(text) - 32) / 8 + max(0, text.count(" ") - 3)
    if full_stop(text) or _images.plainly(text):
        cost += 6.0
    elif ends(text) or text.startswith(("„", '"', "“")):
        cost += 2.0
    return cost


def _title_cost(text: str) -> float:
    cost = max(0, 16 - len(text)) / 8 + max(0, len(text) - 150) / 20
    if full_stop(text):
        cost += 2.0
    return cost + (6.0 if _images.plainly(text) else 3.0 if _images.credit_line(text) else 0.0)


def _teaser_cost(text: str, expected: bool) -> float:
    marked = text.endswith(" Mehr")
    if not (marked or ends(text)) or _images.plainly(text):
        return 8.0
    bare = len(text) < 40 and sentences(text) < 2
    return (0.0 if expected or marked else 2.5) + (1.0 if bare and not marked else 0.0)
