"""Sketches: the numbers that stores have of their releases, worked out once."""

from dataclasses import replace
from itertools import product

import pytest

from builders import make_release
from syndicate.model import Release
from syndicate.revise import sketch, sketched

NAMES = ["Ahorn", "Birke", "Eiche", "Föhre", "Linde", "Ulme", "Weide", "Straße"]
TEXT = " ".join(f"{one} wächst über {other} hinaus" for one, other in product(NAMES, NAMES))
FIRST = (2363409193368452, 2611472366665315, 2633148955163729)


def said(content: str = f"<p>{TEXT}</p>") -> Release:
    return make_release(teaser=None, content=content)


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        (f"<p>{TEXT}</p>", FIRST),
        (f"<h2>{TEXT.upper()}</h2>", FIRST),
        ("<p>Zwei Wörter</p>", ()),
        (" ".join(TEXT.split()[:61]), ()),
        ("", ()),
    ],
)
def test_its_numbers_are_those_of_every_store(content: str, numbers: tuple[int, ...]) -> None:
    """A store has them of all its releases: they are compared with those of what comes."""
    assert sketch(said(content))[:3] == numbers[:3]
    assert len(sketch(said(content))) == (16 if numbers else 0)


def test_what_was_worked_out_beside_the_words_is_that_of_these_words() -> None:
    read = sketched(said())
    assert read.sketch is not None
    assert sketch(read) is read.sketch.numbers
    assert read == said()
    for other in (replace(read, content="<p>Zwei Wörter</p>"), replace(read, headline=True)):
        assert sketch(other) == ()
    longer = replace(read, teaser="Über allen Wipfeln ist Ruh und noch mehr Ruh")
    assert sketch(longer) == sketch(replace(longer, sketch=None)) != sketch(read)
