"""A PostgreSQL server of the tests' own, on loopback; a store that a test makes in a file is a schema there instead."""

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from syndicate import store as stores

_BINARIES = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin")
REQUIRED = "SYNDICATE_REQUIRE_POSTGRESQL"  # =1: a test that cannot run fails
SQLITE = "looks into SQLite itself"
_USES = 30  # of one schema: what was taken out of its tables still lies in their files
# All but the steps, and the numbers from 1 on again. Without triggers, and in whichever order.
_EMPTY = """
DO $$ DECLARE each RECORD; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT relname AS name, relkind AS kind FROM pg_class WHERE relnamespace = '{0}'::regnamespace
        AND (relkind = 'r' AND relname != 'migration' OR relkind = 'S') LOOP
        IF each.kind = 'r' THEN
            EXECUTE format('DELETE FROM {0}.%I', each.name);
        ELSE
            EXECUTE format('ALTER SEQUENCE {0}.%I RESTART', each.name);
        END IF;
    END LOOP;
END $$
"""
_MADE = (
    "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = '{0}'::regnamespace AND relkind IN ('r', 'i')),"
    " (SELECT string_agg(name, ' ' ORDER BY name) FROM {0}.migration)"
)


@cache
def binaries() -> Path | None:
    """Where `initdb` is; Debian has it on no path."""
    found = shutil.which("initdb")
    places = [*([Path(found).parent] if found else []), *map(Path, _BINARIES)]
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def missing() -> str | None:
    """Why there is none."""
    if binaries() is None:
        return "no PostgreSQL server on this machine (Debian: apt install postgresql)"
    return None


class _Lent(NamedTuple):
    """`uses`: how many stores it has been before. `is_bare`: somebody has looked whether there is one."""

    path: Path
    uses: int
    is_bare: bool = False


class Cluster:
    """A server with its files in a folder. As root it runs as the user `postgres`, for it refuses root."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.url = f"postgresql://syndicate@127.0.0.1:{self.port}/postgres"
        self._lent = dict[str, _Lent]()
        self._free = list[tuple[str, int]]()  # schemas with empty tables, and their uses
        self._numbers = count()
        self._made: list[Any] | None = None  # what each has that is as it was made
        self._raw: psycopg.Connection[Any] | None = None
        os.chmod(folder, 0o711)
        self._data = folder / "data"
        if os.getuid() == 0:
            self._data.mkdir()
            shutil.chown(self._data, "postgres", "postgres")
        self._run("initdb", "-D", self._data, "-U", "syndicate", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.start()

    def store(self, path: Path, *, make: bool = True) -> str:
        """The address of the store that would be in this file. `make`: there may be one from now on.

        Then it is one that another test has had, emptied: to make the tables takes longer than most tests.
        """
        name = schema(path)
        if make and (name not in self._lent or (self._lent[name].is_bare and not self._has_tables(name))):
            self.take_back(whole=False)
            free, uses = self._free.pop() if self._free else (None, 0)
            self._asked(f"DROP SCHEMA IF EXISTS {name} CASCADE")
            self._asked(f"ALTER SCHEMA {free} RENAME TO {name}" if free else f"CREATE SCHEMA {name}")
            self._lent[name] = _Lent(path, uses)
        elif name not in self._lent:
            self._asked(f"CREATE SCHEMA IF NOT EXISTS {name}")
            self._lent[name] = _Lent(path, 0, is_bare=True)
        return f"{self.url}?options=-csearch_path%3D{name}"

    def take_back(self, *, whole: bool = True) -> None:
        """What was lent is emptied, and may be lent again. Not the `whole`: that of which the folder has gone."""
        over = [name for name, lent in self._lent.items() if whole or not lent.path.parent.exists()]
        for name in over:
            lent = self._lent.pop(name)
            with suppress(psycopg.Error):  # a store that was not closed has something in its hands: let it be
                self._empty(name, lent)

    def _empty(self, name: str, lent: _Lent) -> None:
        if lent.uses + 1 < _USES and self._is_as_made(name):
            self._asked(_EMPTY.format(name))
            free = f"free_{next(self._numbers)}"
            self._asked(f"ALTER SCHEMA {name} RENAME TO {free}")
            self._free.append((free, lent.uses + 1))
        else:
            self._asked(f"DROP SCHEMA {name} CASCADE")

    def _is_as_made(self, name: str) -> bool:
        """Has it the tables and steps of the first that was made? A test may have done anything with it."""
        if not self._has_tables(name):
            return False
        found = self._asked(_MADE.format(name))
        self._made = self._made or found
        return found == self._made

    def _has_tables(self, name: str) -> bool:
        return self._asked(f"SELECT to_regclass('{name}.migration')") != [(None,)]

    def _asked(self, sql: str) -> list[Any]:
        if self._raw is None or self._raw.closed:
            self._raw = psycopg.connect(self.url, autocommit=True, options="-c lock_timeout=1s")
        found = self._raw.execute(sql)
        return found.fetchall() if found.description else []

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        options += " -c full_page_writes=off -c max_connections=400 -c autovacuum=off"
        self._run("pg_ctl", "-D", self._data, "-o", options, "-l", self._data / "log", "-w", "start")

    def stop(self, how: str = "immediate") -> None:
        if self._raw:
            self._raw.close()
        self._run("pg_ctl", "-D", self._data, "-m", how, "-w", "stop")

    def asked(self, sql: str) -> None:
        """As its owner."""
        with psycopg.connect(self.url, autocommit=True) as raw:
            raw.execute(sql)

    def guard(self, role: str) -> None:
        """This one has to say its password."""
        rules = self._data / "pg_hba.conf"
        rules.write_text(f"host all {role} 127.0.0.1/32 scram-sha-256\n{rules.read_text('utf-8')}", encoding="utf-8")
        self.asked("SELECT pg_reload_conf()")

    def restart(self) -> None:
        self.stop("fast")
        self.start()

    def _run(self, name: str, *arguments: object) -> None:
        command = [str((binaries() or Path()) / name), *map(str, arguments)]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, cwd="/")


@contextmanager
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="syndicate-pg-"))
    made = Cluster(folder)
    try:
        yield made
    finally:
        with suppress(subprocess.SubprocessError):
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def redirected(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each store that is opened in a file is one there."""
    address = import_module("syndicate.store.address")
    opened, placed = stores.open, address._place

    def elsewhere(url: str, *, make: bool = True, **how: Any) -> stores.Store:
        path = stores.file_of(url)
        return opened(url if path is None else cluster.store(path, make=make), make=make, **how)

    def of_place(url: str) -> Any:
        path = stores.file_of(url)
        return placed(url) if path is None else _There(cluster, path)

    kind = import_module("syndicate.store.postgresql.connection").PostgreSQL
    monkeypatch.setattr(kind, "db", property(lambda _: pytest.skip(SQLITE)), raising=False)
    monkeypatch.setattr(stores, "open", elsewhere)
    monkeypatch.setattr(stores, "of_file", lambda path, **_: elsewhere(f"sqlite:///{path}"))
    monkeypatch.setattr(address, "_place", of_place)
    monkeypatch.setattr(
        import_module("cli_site"),
        "stored",
        lambda folder: f'[store]\nurl = "{cluster.store(folder / "syndicate.db", make=False)}"\n',
    )


class _There:
    """The place of a store that would be in this file."""

    def __init__(self, cluster: Cluster, path: Path) -> None:
        self._cluster, self._path = cluster, path

    def __getattr__(self, name: str) -> Callable[..., Any]:
        there = getattr(import_module("syndicate.store.postgresql.place"), name)
        makes = name == "daemon_lock"  # it begins the table of leases
        return lambda _, **how: there(self._cluster.store(self._path, make=makes), **how)


def schema(path: Path | str) -> str:
    """That of the store which would be in this file."""
    return f"s_{hashlib.sha256(os.path.realpath(path).encode()).hexdigest()[:20]}"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
