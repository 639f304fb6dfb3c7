"""A PostgreSQL server of the tests' own, on loopback; a store that a test makes in a file is a schema there instead."""

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psycopg

_BINARIES = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin")
REQUIRED = "SYNDICATE_REQUIRE_POSTGRESQL"  # =1: a test that cannot run fails


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


class Cluster:
    """A server with its files in a folder. As root it runs as the user `postgres`, for it refuses root."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.url = f"postgresql://syndicate@127.0.0.1:{self.port}/postgres"
        os.chmod(folder, 0o711)
        self._data = folder / "data"
        if os.getuid() == 0:
            self._data.mkdir()
            shutil.chown(self._data, "postgres", "postgres")
        self._run("initdb", "-D", self._data, "-U", "syndicate", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.start()

    def store(self, path: Path) -> str:
        """The address of the store that would be in this file."""
        name = schema(path)
        with psycopg.connect(self.url, autocommit=True) as raw:
            raw.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
        return f"{self.url}?options=-csearch_path%3D{name}"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        options += " -c full_page_writes=off -c max_connections=400 -c autovacuum=off"
        self._run("pg_ctl", "-D", self._data, "-o", options, "-l", self._data / "log", "-w", "start")

    def stop(self, how: str = "immediate") -> None:
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


def schema(path: Path | str) -> str:
    """That of the store which would be in this file."""
    return f"s_{hashlib.sha256(os.path.realpath(path).encode()).hexdigest()[:20]}"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
