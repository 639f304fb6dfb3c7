"""The SQL that SQLite and PostgreSQL share, as PostgreSQL wants it: once per statement.

What differs is spelling: how a value is named, and words by which SQLite's planner alone is told what to do.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_TOKENS = re.compile(
    r"(?P<text>'(?:[^']|'')*')|(?P<value>\?\d*|:[a-z_]\w*)|(?P<cast>::)|(?P<word>[A-Za-z_]\w*)|(?P<blank>\s+)"
    r"|(?P<sign>->>|\|\||[<>!]=|.)",
    re.DOTALL,
)
_ENDS = {"JOIN", "LEFT", "CROSS", "WHERE", "GROUP", "ORDER", "UNION", "LIMIT", ",", ")"}
_OPENS = {"(", ",", "WHERE", "AND", "OR", "ON", "NOT", "SELECT"}  # a sign after these belongs to what follows


class Statement(NamedTuple):
    """`sql` has $1, $2, …; `names`: the place (from 0) or the name of the value that each of them is."""

    sql: str
    names: tuple[int | str, ...]

    def bound(self, values: Sequence[object] | Mapping[str, object]) -> list[object]:
        """What it is executed with. Both databases keep a truth as a number."""
        found = (values[name] for name in self.names)  # type: ignore[index]  # places or names, never both
        return [int(value) if value is True or value is False else value for value in found]


class _Token(NamedTuple):
    kind: str
    text: str

    @property
    def key(self) -> str:
        return self.text.upper() if self.kind == "word" else self.text


@lru_cache(maxsize=2048)
def statement(sql: str) -> Statement:
    """Of one in the common SQL: ? or ?1 or :name are values, and nothing else is written so outside of texts.

    CROSS JOIN … ON is a JOIN (it keeps SQLite's planner to the order), INDEXED BY and a + before a column go.
    """
    tokens = [_Token(found.lastgroup or "", found[0]) for found in _TOKENS.finditer(sql)]
    names = list[int | str]()
    parts = list[str]()
    skip, before = 0, "("
    for at, token in enumerate(tokens):
        if skip and token.kind != "blank":
            skip -= 1
            continue
        text = token.text
        if token.kind == "value":
            text = _placed(text, names)
        elif token.key == "INDEXED":
            skip, text = 2, ""  # BY, and its name
        elif (token.key == "CROSS" and _is_on(tokens, at + 2)) or (token.key == "+" and before in _OPENS):
            text = ""
        parts.append(text)
        if token.kind != "blank":
            before = token.key
    return Statement("".join(parts), tuple(names))


def _placed(text: str, names: list[int | str]) -> str:
    if text == "?":
        names.append(sum(isinstance(name, int) for name in names))
        return f"${len(names)}"
    name = int(text[1:]) - 1 if text[0] == "?" else text[1:]
    if name not in names:
        names.append(name)
    return f"${names.index(name) + 1}"


def _is_on(tokens: Sequence[_Token], at: int) -> bool:
    """Has the join whose JOIN stands here, after a blank, a condition?"""
    depth = 0
    for token in tokens[at + 1 :]:
        if depth == 0 and token.key in ("ON", "USING"):
            return True
        if depth == 0 and token.key in _ENDS:
            return False
        depth += (token.key == "(") - (token.key == ")")
    return False
