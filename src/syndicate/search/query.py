"""What somebody types into a search field, as terms. Whatever it is, it is no language of a database's."""

import re
from typing import NamedTuple

from syndicate.errors import SearchRefused
from syndicate.search.tokens import tokens
from syndicate.text import squeeze

LONGEST = 200  # characters
MOST_TERMS = 12
_BEGINNING = 3  # letters of a word that may be the beginning of a longer one

# Keyboards of telephones set quotation marks as printers do.
_QUOTES = str.maketrans(dict.fromkeys("“”„‟", '"'))
_PART = re.compile(r'(?P<not>-?)"(?P<phrase>[^"]*)"|(?P<no>-?)(?P<word>[^\s"]+)')


class Term(NamedTuple):
    """`tokens` stand one after the other, in a `beginning` the last of them may go on."""

    tokens: tuple[str, ...]
    beginning: bool = False


class Query(NamedTuple):
    """All that is `wanted` stands in a text, and nothing `unwanted`. `text` is what was typed, squeezed."""

    text: str
    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()


def read(text: str) -> Query:
    """Words of three letters or more are beginnings; `"…"` is to stand so, `-word` and `-"…"` are not to stand there.

    All else is text. SearchRefused where that is nothing to search for, or too much.
    """
    text = squeeze(text)
    if len(text) > LONGEST:
        raise SearchRefused("long", f"longer than {LONGEST} characters")
    found = dict[bool, dict[Term, None]]({True: {}, False: {}})
    for part in _PART.finditer(text.translate(_QUOTES)):
        is_phrase = part["phrase"] is not None
        folded = tuple(tokens(part["phrase"] if is_phrase else part["word"]))
        if folded:
            term = Term(folded, beginning=not is_phrase and len(folded[-1]) >= _BEGINNING)
            found[not (part["not"] or part["no"])][term] = None
    wanted, unwanted = (tuple(found[kind]) for kind in (True, False))
    if len(wanted) + len(unwanted) > MOST_TERMS:
        raise SearchRefused("many", f"more than {MOST_TERMS} words")
    if not wanted:
        raise SearchRefused("excluded" if unwanted else "nothing", "no word that is to be found")
    return Query(text, wanted, unwanted)
