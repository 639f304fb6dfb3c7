"""What PostgreSQL does with our statements: none has to read a table that grows from end to end."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from postgresql import Cluster
from syndicate import store as stores
from syndicate.model import Topic
from test_store_statements import GROWING
from worlds import NOW, World

# Asked for as a whole, once a publish or a look at all: what is dirty, whose turn it is, how many there are.
WHOLE = {"dirty", "source", "alarm"}


@pytest.fixture
def world(server: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    address, opened = server.store(tmp_path / "s.db"), stores.open
    monkeypatch.setattr(stores, "open", lambda _, **how: opened(address, **how))
    made = World(tmp_path, topics=(Topic("wald", "Wald"), Topic("schule", "Schule")), page_size=3)
    yield made
    made.close()


def scans(plan: Any) -> Iterator[str]:
    """The tables of which a plan reads all."""
    if isinstance(plan, dict):
        if plan.get("Node Type") == "Seq Scan":
            yield plan["Relation Name"]
        for each in plan.get("Plans", ()):
            yield from scans(each)


def lives(world: World) -> None:
    """New ones, an archive, a correction, a withdrawal, searches."""
    for number in range(12):
        topic = "Wald" if number % 2 else "Schule"
        world.write(f"{number}.md", f"---\ntitle: Meldung {number}\ntopics: [{topic}]\n---\n\nText {number} hier.\n")
    world.poll(NOW)
    world.publish(NOW)
    world.write("3.md", "---\ntitle: Meldung 3\ntopics: [Wald]\n---\n\nText 3 hier, mit Nachtrag.\n")
    (world.folder / "4.md").unlink()
    world.poll(NOW + timedelta(hours=2))
    world.publish(NOW + timedelta(hours=2))
    world.store.releases.due(NOW)
    world.store.sources.come(NOW, NOW + timedelta(hours=3))
    world.store.versions.hashes(["all.atom"])


def test_no_statement_has_to_read_a_table_that_grows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = dict[str, list[object]]()
    kind = type(world.store._connection)
    execute = kind._executed  # type: ignore[attr-defined]  # PostgreSQL's

    def noted(self: Any, sql: str, values: list[object]) -> Any:
        asked.setdefault(sql, [*values])
        return execute(self, sql, values)

    monkeypatch.setattr(kind, "_executed", noted)
    lives(world)
    monkeypatch.undo()
    words = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
    found, looked = [], 0
    connection: Any = world.store._connection
    with world.store.transaction():
        connection._executed("SET LOCAL enable_seqscan = off", ())  # else small tables are always read so
        for sql, values in asked.items():
            if sql.startswith(words) and "pg_" not in sql:
                ((plan,),) = connection._executed(f"EXPLAIN (FORMAT JSON) {sql}", values)
                plan = plan if isinstance(plan, list) else json.loads(plan)
                looked += 1
                found += [(table, sql) for table in scans(plan[0]["Plan"]) if table in GROWING - WHOLE]
    assert looked > 60
    assert found == []
