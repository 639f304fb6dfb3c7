"""Which database holds a store changes nothing: the same history is told, held and published alike, whatever it is."""

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import postgresql
from made_up import FORMS, Form
from servers import Server
from syndicate import store as stores
from test_law_difference import FOLLOWED_STEP, MOVED, SHARED, SPLIT, STEP, Followed, Life, Step
from test_store_postgresql import Columns, tables_of_sqlite
from worlds import World

pytestmark = pytest.mark.sqlite  # the half of it
# Numbers that a row has by itself, and what refers to them: those that were given and not kept differ. What is random.
APART = {
    ("words", "id"),
    ("private_entry", "position"),
    *((table, "words") for table in ("release", "edition", "revision", "pending", "sketch")),
}


@given(st.lists(STEP, min_size=2, max_size=9), st.sampled_from(FORMS))
@example(SPLIT, "atom")
@example(MOVED, "json")
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=12)
def test_what_comes_of_documents_is_the_same(server: postgresql.Cluster, steps: list[Step], form: Form) -> None:
    assert_same(steps, form, Life, server)


@given(st.lists(FOLLOWED_STEP, min_size=2, max_size=9), st.sampled_from(FORMS))
@example(SHARED, "rss")
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=6)
def test_what_comes_of_pages_is_the_same(server: postgresql.Cluster, steps: list[Step], form: Form) -> None:
    assert_same(steps, form, Followed, server)


def assert_same(steps: Sequence[Step], form: Form, kind: type[Life], cluster: postgresql.Cluster) -> None:
    with Server() as server:
        one = play(steps, form, server, kind)
        with pytest.MonkeyPatch.context() as monkeypatch:
            postgresql.redirected(cluster, monkeypatch)
            other = play(steps, form, server, kind)
    for here, there in zip(one, other, strict=True):
        assert there == here


def play(
    steps: Sequence[Step], form: Form, server: Server, kind: type[Life]
) -> tuple[list[Any], dict[str, list[Any]], dict[str, bytes]]:
    """What is told, held and published."""
    with tempfile.TemporaryDirectory() as folder:
        life = kind(World(Path(folder), page_size=3, html=False), server, form, whole=False)
        told = [life.take(step) for step in steps]
        life.world.publish(life.now)
        published, held = life.world.bytes(), {table: rows(life.world, table) for table in tables()}
        life.world.close()
        return told, held, published


def rows(world: World, table: str) -> list[Any]:
    kept = ", ".join(column for column, *_ in tables()[table] if (table, column) not in APART)
    return sorted(world.store._connection.execute(f"SELECT {kept} FROM {table}"), key=repr)


@cache
def tables() -> dict[str, Columns]:
    with tempfile.TemporaryDirectory() as folder, stores.of_file(Path(folder) / "s.db") as store:
        return {name: columns for name, columns in tables_of_sqlite(store).items() if name != "meta"}
