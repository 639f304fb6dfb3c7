"""What is searched for, and what is found by it. Pure.

said     what of a release is looked through
tokens   a text as the words that are compared
query    what somebody types, as terms
marks    where a text has them
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.search.marks import Span, excerpt, marked
    from syndicate.search.query import LONGEST, MOST_TERMS, Query, Term, read
    from syndicate.search.said import said
    from syndicate.search.tokens import MADE_BY, MOST, MOST_LETTERS, tokens

__all__ = [
    "LONGEST",
    "MADE_BY",
    "MOST",
    "MOST_LETTERS",
    "MOST_TERMS",
    "Query",
    "Span",
    "Term",
    "excerpt",
    "marked",
    "read",
    "said",
    "tokens",
]

by_need(
    __name__,
    {
        "marks": ("Span", "excerpt", "marked"),
        "query": ("LONGEST", "MOST_TERMS", "Query", "Term", "read"),
        "said": ("said",),
        "tokens": ("MADE_BY", "MOST", "MOST_LETTERS", "tokens"),
    },
)
