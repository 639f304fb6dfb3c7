"""Runs of entries: image lines, topic, title, teaser, again and again, as in "Weitere Meldungen" and on list pages.

No line says what it is. Each division of a run into entries has a cost (a topic as long as a sentence, a title right
below its topic, …), and the cheapest one is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import syndicate.parse.page._images as _images
import syndicate.parse.page._meta as _meta
from syndicate.model import Image
from syndicate.parse.page._lines import Line
from syndicate.parse.page._prose import ends, full_stop, sentences

_NEVER = 1000.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of another release."""

    title: str
    topic: str | None = None
    teaser: str | None = None
    published: str | None = None
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which lines of an entry are there: so many of its image, a date, a topic, the title, a teaser."""

    images: int
    date: bool
    topic: bool
    teaser: bool

    @property
    def size(self) -> int:
        return self.images + self.date + self.topic + 1 + self.teaser


_SHAPES = tuple(
    _Shape(images, date, topic, teaser)
    for images in range(4)
    for date in (False, True)
    for topic in (True, False)
    for teaser in (False, True)
    if topic or not images
)


def divide(lines: Sequence[Line], *, teasers: bool = False) -> tuple[list[Entry], float]:
    """The entries of a run, and what they cost: below 2 for each is a good reading. `teasers`: are they expected?"""
    gaps = any(line.gap for line in lines[1:])
    best: list[tuple[float, _Shape | None]] = [(0.0, None)]
    for end in range(1, len(lines) + 1):
        choices = [
            (best[end - shape.size][0] + _cost(lines, end - shape.size, shape, gaps, teasers), shape)
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


def _entry(lines: Sequence[Line], shape: _Shape) -> Entry:
    rest: Iterator[str] = (line.text for line in lines)
    images = _images.gallery(next(rest) for _ in range(shape.images))
    return Entry(
        image=images[0] if images else None,
        published=_meta.date(next(rest)) if shape.date else None,
        topic=next(rest) if shape.topic else None,
        title=next(rest),
        teaser=next(rest).removesuffix(" Mehr").rstrip() if shape.teaser else None,
    )


def _cost(lines: Sequence[Line], start: int, shape: _Shape, gaps: bool, teasers: bool) -> float:
    """Of reading the lines from `start` as one entry of this shape."""
    at = start
    cost = 3.0 if gaps and not lines[at].gap and start else 0.0
    cost += _image_cost(lines[at : at + shape.images])
    at += shape.images
    if shape.date:
        cost += 0.0 if _meta.date(lines[at].text) else _NEVER
        at += 1
    if shape.topic:
        cost += _topic_cost(lines[at].text) + (3.0 if shape.images and lines[at].gap and gaps else 0.0)
        at += 1
    else:
        cost += 5.0
    cost += _title_cost(lines[at].text) + (1.0 if gaps and shape.topic and not lines[at].gap and not teasers else 0.0)
    at += 1
    if shape.teaser:
        return cost + _teaser_cost(lines[at].text, teasers)
    return cost + (1.5 if teasers else 0.0)


def _image_cost(lines: Sequence[Line]) -> float:
    cost = 1.0 if lines else 0.0
    for number, line in enumerate(lines):
        known = _images.plainly(line.text) or (number > 0 and _images.credit_line(line.text))
        cost += 3.0 if number and line.gap else 0.0
        if number:
            cost += 0.0 if known else 3.0
        elif known:
            cost -= 1.0
        cost += _NEVER if _meta.date(line.text) else 0.0
    return cost


def _topic_cost(text: str) -> float:
    cost = max(0, len(text) - 32) / 8 + max(0, text.count(" ") - 3)
    if full_stop(text) or _images.plainly(text) or _meta.date(text):
        cost += 6.0
    elif ends(text) or text.startswith(("„", '"', "“")):
        cost += 2.0
    return cost


def _title_cost(text: str) -> float:
    cost = max(0, 16 - len(text)) / 8 + max(0, len(text) - 150) / 20
    if full_stop(text):
        cost += 2.0
    return cost + (6.0 if _images.plainly(text) else 0.0) + (_NEVER if _meta.date(text) else 0.0)


def _teaser_cost(text: str, expected: bool) -> float:
    marked = text.endswith(" Mehr")
    if not (marked or ends(text)) or _images.plainly(text):
        return 8.0
    bare = len(text) < 40 and sentences(text) < 2
    return (0.0 if expected or marked else 2.5) + (1.0 if bare and not marked else 0.0)
