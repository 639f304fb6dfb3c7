"""docs/configuration.md says what the program does: every key, its default, an example that is accepted."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from syndicate.config import LISTS, TABLES, Key

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"
KEYS = {f"[{table}]": keys for table, keys in TABLES.items()} | {f"[[{table}]]": keys for table, keys in LISTS.items()}


class Row(NamedTuple):
    key: str
    meaning: str
    default: str
    example: str


def documented() -> dict[str, list[Row]]:
    """Heading → its table's rows."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    rows = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \| `(.+)` \|$", re.MULTILINE)
    return {section.partition("\n")[0]: [Row(*row) for row in rows.findall(section)] for section in sections}


def test_every_key_is_documented_and_no_other() -> None:
    assert {heading: [row.key for row in rows] for heading, rows in documented().items()} == {
        heading: list(keys) for heading, keys in KEYS.items()
    }


@pytest.mark.parametrize(
    ("row", "key"),
    [
        pytest.param(row, KEYS[head][row.key], id=f"{head}{row.key}")
        for head, rows in documented().items()
        for row in rows
        if row.key in KEYS.get(head, {})
    ],
)
def test_a_key_is_documented_truly(row: Row, key: Key) -> None:
    assert len(row.meaning) > 10
    if key.default is None:
        assert not row.default.startswith('`"'), "documented with a default, but has none"
        assert (row.default == "required") == key.required
    else:
        assert tomllib.loads(f"x = {row.default.strip('`')}")["x"] == key.default
    example = tomllib.loads(f"x = {row.example}")["x"]
    assert example != key.default, "an example that shows nothing"
    for value in example if key.each else [example]:
        key.read(value)
