"""One rule, one room: month names and the words for an embargo stand in `notices` and nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from syndicate.notices import months

SRC = Path(__file__).parents[1] / "src" / "syndicate"
# German and English in full, and a run of abbreviations as in a pattern; `March` and `May` are words, too.
WORD = re.compile(
    rf"\b(?:{'|'.join({*months.GERMAN, *months.ENGLISH} - {'March', 'May'})})\b|jan\|feb|Sperr|sperr-?(?:frist|vermerk)"
)
# Messages and examples for people, which show how a date is written; text that the store's compression begins with.
SHOWN = {"cli/releases/fields.py", "parse/stated.py", "store/dictionary.py"}


def found(source: str) -> Iterator[str]:
    """The texts of a module, but its docstrings, that have such a word."""
    tree = ast.parse(source)
    documented = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented:
            yield from (match[0] for match in [WORD.search(node.value)] if match)


def test_such_words_are_found() -> None:
    assert [*found('"""Sperrfrist"""\nA = "januar|März"\nB = "sperrfrist"')] == ["März", "sperrfrist"]
    assert [*found('A = "jan|feb"')] == ["jan|feb"]


def test_no_other_room_has_them() -> None:
    rooms = {str(path.relative_to(SRC)): path for path in SRC.rglob("*.py") if "notices" not in path.parts}
    told = {name for name, path in rooms.items() if [*found(path.read_text("utf-8"))]}
    assert told <= SHOWN
