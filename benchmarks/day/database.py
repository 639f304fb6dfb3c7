"""PostgreSQL by the clock of the play: `clock_timestamp()` is a function of the schema. Now and then it is away.

What each statement took is written down, and what the server's own processes for us have come to.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

from benchmarks import measure
from benchmarks.day.world import BEGIN, TICKS, World

_DRIVER = import_module("syndicate.store.postgresql.driver")  # which is behind the store's door
SCHEMA = "day"
_CLOCK = f"""
DROP SCHEMA IF EXISTS {SCHEMA} CASCADE;
CREATE SCHEMA {SCHEMA};
CREATE UNLOGGED SEQUENCE {SCHEMA}.ticks;
CREATE FUNCTION {SCHEMA}.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT pg_catalog.to_timestamp(pg_catalog.pg_sequence_last_value('{SCHEMA}.ticks'::regclass) / {TICKS}.0) $$
"""
_PIDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'syndicate'"


class Database:
    """`away`: nobody reaches it. `took`: of each statement, how often and how many seconds."""

    def __init__(self, url: str, world: World) -> None:
        self.away = False
        self.took = defaultdict[str, list[float]](lambda: [0, 0.0])
        self._world = world
        self._tick = -1
        self._processor = dict[int, float]()
        self._raw = psycopg.connect(url, autocommit=True, options="-c synchronous_commit=off")
        self._raw.execute(_CLOCK)
        self.url = measure.in_schema(url, f"{SCHEMA},pg_catalog")
        self._tell()

    @contextmanager
    def in_its_place(self) -> Iterator[None]:
        """The program meets it."""
        postgresql = "syndicate.store.postgresql"
        with (
            patch(f"{postgresql}.pool.executed", self._executed),
            patch(f"{postgresql}.connection.executed", self._executed),
            patch(f"{postgresql}.pool.connected", self._connected),
        ):
            yield

    def asked(self, sql: str) -> Any:
        return self._raw.execute(sql).fetchall()

    def look(self) -> float:
        """Seconds of processor that its processes for us have had; those that have ended, up to the last look."""
        for (pid,) in self.asked(_PIDS):
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                self._processor[pid] = (int(fields[11]) + int(fields[12])) / 100
        return sum(self._processor.values())

    def close(self) -> None:
        self._raw.close()

    def _executed(self, raw: Any, sql: str, values: Sequence[object]) -> Any:
        if self.away:
            raw.close()
            raise psycopg.OperationalError("the database is away")
        if "clock_timestamp" in sql:
            self._tell()
        began = time.perf_counter()
        try:
            return _DRIVER.executed(raw, sql, values)
        finally:
            row = self.took[sql]
            row[0] += 1
            row[1] += time.perf_counter() - began

    def _connected(self, url: str) -> Any:
        if self.away:
            raise psycopg.OperationalError("the database is away")
        return _DRIVER.connected(url)

    def _tell(self) -> None:
        tick = round((BEGIN.timestamp() + self._world.now) * TICKS)
        if tick != self._tick:
            self._raw.execute(f"SELECT setval('{SCHEMA}.ticks', %s)", (tick,), prepare=True)
            self._tick = tick
