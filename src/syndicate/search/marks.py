"""Where a text has what was searched for. The text's own words are folded, so it is shown as it is printed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from syndicate.search.query import Query, Term
from syndicate.search.tokens import tokens
from syndicate.text import squeeze, strip_unprintable

# Parts of nothing that could be a word, whatever stands beside it: most texts have no others between words.
# The last are blanks to Python, and nothing at all to `tokens`.
_BETWEEN = re.compile(r"(?:[^\s!-/:-@\[-`{-~„“”‚‘’–—…]|[\x1c-\x1f])+")
_BREAK = re.compile(r"(?<=[^\s.!?:;,…])\s*\n\s*\n\s*")  # behind what is no sentence: a heading, an item
_BEFORE = 50  # characters of an excerpt before its first hit, or a few more, to begin with a word
_LOOKED_THROUGH = 100_000  # characters of a text that are looked through for hits


class Span(NamedTuple):
    """A part of a text. Nothing is escaped yet."""

    text: str
    hit: bool = False


class _Word(NamedTuple):
    start: int
    end: int


def marked(text: str, query: Query) -> list[Span]:
    """The whole text in parts, those that are hits apart."""
    spans, at = list[Span](), 0
    for start, end in _hits(text, query):
        spans += [Span(text[at:start]), Span(text[start:end], hit=True)]
        at = end
    spans.append(Span(text[at:]))
    return [span for span in spans if span.text]


def excerpt(text: str, query: Query, length: int) -> list[Span]:
    """About so many characters of the text, on one line, with as many different words of the query as stand together
    first; nothing where there is none.
    """
    line = squeeze(_BREAK.sub(" – ", text[:_LOOKED_THROUGH]))
    hits = _hits(line, query)
    if not hits:
        return []
    first = max(hits, key=lambda hit: (_together(line, hits, hit.start, length), -hit.start))
    begin = 0 if first.start <= _BEFORE else line.rfind(" ", 0, first.start - _BEFORE) + 1
    end = max(begin + length, first.end)
    if end < len(line):
        last = max(hit.end for hit in hits if hit.end <= end)
        end = max(line.rfind(" ", last, end), last)
    spans = marked(line[begin:end], query)
    return [*([Span("… ")] if begin else []), *spans, *([Span(" …")] if end < len(line) else [])]


def _together(line: str, hits: Sequence[_Word], start: int, length: int) -> int:
    """How many different words there are hits of from here on."""
    return len({line[hit.start : hit.end].lower() for hit in hits if start <= hit.start < start + length - _BEFORE})


def _hits(text: str, query: Query) -> list[_Word]:
    """The words that are hits, in their order."""
    words, said = list[_Word](), list[str]()
    for word, folded in _words(text):
        words += [word] * len(folded)
        said += folded
    found = {place for term in query.wanted for place in _places(said, term)}
    return sorted({words[place] for place in found})


def _places(said: Sequence[str], term: Term) -> Iterator[int]:
    """Where the words of the term stand."""
    *first, last = term.tokens
    length = len(term.tokens)
    for place in range(len(said) - length + 1):
        end = said[place + length - 1]
        if (end == last or (term.beginning and end.startswith(last))) and [*said[place : place + length - 1]] == first:
            yield from range(place, place + length)


def _words(text: str) -> Iterator[tuple[_Word, list[str]]]:
    """Each word of the text as it stands there, with its tokens: more than one only where no border can be seen."""
    for part in _BETWEEN.finditer(text):
        folded = _tokens(part[0])
        if len(folded) < 2:
            if folded:
                yield _Word(*part.span()), folded
            continue
        for start, end in _runs(part[0]):
            if folded := _tokens(part[0][start:end]):
                yield _Word(part.start() + start, part.start() + end), folded


def _runs(part: str) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for at, character in enumerate(part):
        if _is_of_word(character):
            start = at if start is None else start
        elif start is not None:
            yield start, at
            start = None
    if start is not None:
        yield start, len(part)


@lru_cache(2_000)
def _is_of_word(character: str) -> bool:
    """Does it become letters or digits, or something on them, or nothing at all?"""
    folded = strip_unprintable(unicodedata.normalize("NFKC", character))
    return not folded or any(each.isalnum() or unicodedata.category(each)[0] == "M" for each in folded)


@lru_cache(4_000)
def _tokens(part: str) -> list[str]:
    return tokens(part)
