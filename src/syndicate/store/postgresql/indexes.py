"""Searches: the tokens of a row as a tsvector, written as a literal. PostgreSQL's own parsers never see a text."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from syndicate.search import Query, Term
from syndicate.store.indexes import Asked, Index, Row

if TYPE_CHECKING:
    from syndicate.store.connection import Connection

_LAST = 16_383  # the last position that a tsvector knows; a release has 16,000 tokens at most
_EACH = 255  # positions of a lexeme, with one left for its being filed by it
_ROOM = 1_000_000  # bytes of a tsvector's lexemes and positions, of the 1,048,575 that it may have
_OF_ONE = 4  # bytes of a position, with what is lost between two


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
    """`'token':1,4 'other':2 'filed':16383A`: the positions of each, and its weight.

    A tsvector keeps 256 positions of a lexeme and drops the others without a word; so a token that comes more often
    has further lexemes, `token_1` and so on, which no other token is. What is too much for one is not found.
    """
    said, filed = tokens.split("\n")
    places = {token: [f"{_LAST}A"] for token in filed.split()}
    times, room = Counter[str](), _ROOM
    for place, token in enumerate(said.split(), 1):
        lexeme = f"{token}_{more}" if (more := times[token] // _EACH) else token
        room -= _OF_ONE if lexeme in places else len(lexeme.encode()) + 2 * _OF_ONE
        if room < 0:
            break
        times[token] += 1
        places.setdefault(lexeme, []).append(str(place))
    return " ".join(f"{_quoted(token)}:{','.join(at)}" for token, at in places.items())


def _phrase(term: Term) -> str:
    *first, last = term.tokens
    if not first and not term.beginning:
        return f"{_quoted(last)}:D"
    ending = f"{_quoted(last)}:*D" if term.beginning else _wherever(last)
    return f"({' <-> '.join((*map(_wherever, first), ending))})"


def _wherever(token: str) -> str:
    """Any of its places, also those of its further lexemes."""
    return f"({_quoted(token)}:D | {_quoted(f'{token}_')}:*D)"


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
