"""Searches: the tokens of a row as a tsvector, written as a literal. PostgreSQL's own parsers never see a text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from syndicate.search import Query, Term
from syndicate.store.indexes import Asked, Index, Row

if TYPE_CHECKING:
    from syndicate.store.connection import Connection

_LAST = 16_383  # the last position that a tsvector knows; a release has 16,000 tokens at most


class TextSearch:
    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    def asked(self, index: Index) -> Asked:
        return Asked(f"{index}_entry AS entry", "entry.found @@ CAST(? AS tsquery)", "entry.position")

    def put_in(self, index: Index, rows: Sequence[Row]) -> None:
        self._connection.executemany(
            f"UPDATE {index}_entry SET found = CAST(? AS tsvector) WHERE position = ?",  # noqa: S608 - ours
            [(_vector(tokens), position) for position, tokens in rows],
        )

    def take_out(self, index: Index, rows: Sequence[Row]) -> None:
        """It goes with its row."""

    def empty(self, index: Index) -> None:
        self._connection.execute(f"UPDATE {index}_entry SET found = NULL")  # noqa: S608 - ours

    def expression(self, query: Query, filed: Sequence[Sequence[str]] = ()) -> str:
        """A tsquery (section 8.11.2 of PostgreSQL's manual): said is of weight D, what it is filed by of weight A."""
        wanted = " & ".join(map(_phrase, query.wanted))
        unwanted = " | ".join(map(_phrase, query.unwanted))
        said = f"({wanted})" + (f" & !({unwanted})" if unwanted else "")
        return " & ".join((said, *(f"({' | '.join(f'{_quoted(each)}:A' for each in one)})" for one in filed)))


def _vector(tokens: str) -> str:
    """`'token':1,4 'other':2 'filed':16383A`: the positions of each, and its weight."""
    said, filed = tokens.split("\n")
    places = dict[str, list[str]]()
    for place, token in enumerate(said.split(" "), 1):
        if token:
            places.setdefault(token, []).append(str(place))
    for token in filed.split():
        places.setdefault(token, []).append(f"{_LAST}A")
    return " ".join(f"{_quoted(token)}:{','.join(at)}" for token, at in places.items())


def _phrase(term: Term) -> str:
    *first, last = term.tokens
    ending = ":*D" if term.beginning else ":D"
    return f"({' <-> '.join((*(f'{_quoted(token)}:D' for token in first), f'{_quoted(last)}{ending}'))})"


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
