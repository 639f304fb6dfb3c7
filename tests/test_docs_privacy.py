"""docs/privacy.md names every field that is kept of those who fetch, and no other place keeps where they are."""

import re
from pathlib import Path

import pytest

from syndicate import store as stores

PAGE = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text("utf-8")
OF_READERS = ("holds", "holder", "newsroom_fetch")
WHERE = re.compile("addr|client|remote|host|ip|peer|forwarded|agent")
# What sounds like somebody's address: sources' servers, what subscribers named, whose question waits for an answer.
KNOWN = {
    ("holds", "agent"), ("host", "name"), ("wanted", "host"), ("subscription", "host"),
    ("verification", "host"), ("verification", "client"),
}  # fmt: skip


def columns(tmp_path: Path) -> dict[str, list[str]]:
    with stores.open(f"sqlite:///{tmp_path / 'store.db'}") as store:
        db = store._connection.db
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: [row[1] for row in db.execute(f"PRAGMA table_info([{name}])")] for name in tables}


@pytest.mark.sqlite
@pytest.mark.parametrize("table", OF_READERS)
def test_every_field_is_named(tmp_path: Path, table: str) -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert {table, *columns(tmp_path)[table]} - named == set()


@pytest.mark.sqlite
def test_nothing_else_keeps_where_somebody_is(tmp_path: Path) -> None:
    found = {(table, name) for table, names in columns(tmp_path).items() for name in names if WHERE.search(name)}
    words = {(t, n) for t, n in found if not re.search("description|script|recip|multipl", n)}
    assert words <= KNOWN
