"""The text of markup that is written plainly, without a parser: most texts of feeds are. Pure, linear.

A parser is needed where a tag is more than a mark in the text: where it moves words (a table), hides them (a comment, a
script), or is not written as it should be.
"""

import re
from functools import lru_cache

from syndicate.markup.elements import BLOCKS, PUBLISHED, either
from syndicate.text import unescaped

# Elements of which nothing is shown but the words in them, where they stand.
_MARKS = PUBLISHED - set(
    "audio caption col colgroup rp rt ruby source table tbody td tfoot th thead tr video".split()  # noqa: SIM905
)
_ATTRIBUTE = r"""\s++[a-z][\w:.-]*+(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?+"""
_BORDER = re.compile(rf"</?{either(_MARKS & BLOCKS)}(?:{_ATTRIBUTE})*+\s*+/?>", re.IGNORECASE | re.ASCII)
_INLINE = re.compile(rf"</?{either(_MARKS - BLOCKS)}(?:{_ATTRIBUTE})*+\s*+/?>", re.IGNORECASE | re.ASCII)
# What `unescaped` may take for a reference that a parser reads otherwise.
_DOUBTFUL = re.compile(r"&(?!\s|[a-zA-Z][a-zA-Z0-9]{1,31};|#[0-9]{2,4};|#[xX][0-9a-fA-F]{2,3};)")


@lru_cache(maxsize=4)  # a text is asked a few times over
def unmarked(markup: str) -> str | None:
    """The text without its tags, a line for what stands between two borders of blocks; None where only a parser can
    tell. A line end in the text is a space.
    """
    markup = markup.replace("\n", " ")
    pieces = _INLINE.split(_BORDER.sub("\n", markup)) if "<" in markup else [markup]
    text = "".join(pieces)
    if "<" in text:
        return None
    if "&" not in text:
        return text
    # Each by itself: with a tag between them, two pieces make no reference.
    return None if any(map(_DOUBTFUL.search, pieces)) else "".join(map(unescaped, pieces))
