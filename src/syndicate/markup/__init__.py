"""Other people's HTML: which elements there are, and how their words and pictures come into those that we publish.

elements   the one list of elements
tags       a text as its tags, comments and words
carried    what no release may have, said in elements that it may have
pictures   the address of a picture, however a page hides it
gallery    the pictures of a text, each once
embeds     frames and objects as links
formula    MathML in words
flat       what is nested too deep
mail       addresses that a server hid from robots
plain      the words of what has been cleaned
unmarked   the text of what is plainly written

Nothing here makes HTML safe: `normalise` does, of what comes out of here.
"""

from syndicate.markup.carried import carried
from syndicate.markup.elements import (
    BLOCKS,
    BREAKS,
    ENDLESS,
    ENTITY,
    HTML,
    OBJECTS,
    PUBLISHED,
    UNSEEN,
    VOID,
    either,
    is_markup,
    tagged,
)
from syndicate.markup.flat import flattened
from syndicate.markup.gallery import pictured
from syndicate.markup.mail import unprotected
from syndicate.markup.pictures import counts, hidden, largest, of_sources, stated
from syndicate.markup.plain import plain
from syndicate.markup.unmarked import unmarked

__all__ = [
    "BLOCKS",
    "BREAKS",
    "ENDLESS",
    "ENTITY",
    "HTML",
    "OBJECTS",
    "PUBLISHED",
    "UNSEEN",
    "VOID",
    "carried",
    "counts",
    "either",
    "flattened",
    "hidden",
    "is_markup",
    "largest",
    "of_sources",
    "pictured",
    "plain",
    "stated",
    "tagged",
    "unmarked",
    "unprotected",
]
