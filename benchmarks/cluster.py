"""What a poll costs on SQLite, on PostgreSQL, and of several processes that share a store there.

    python -m benchmarks.cluster --url postgresql://user@host/database [--changed 1]

The schema `syndicate_benchmark` of that database is dropped and made anew. What PostgreSQL itself uses is seen where it
runs on this machine, and is that of all its processes, so nothing else should ask it meanwhile.
"""

import argparse
import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks import cycle, daemon, feed_server, measure

_SCHEMA = "syndicate_benchmark"
_ARRANGEMENTS = {
    "one `run` on SQLite": (False, 0),
    "one `run` on PostgreSQL": (True, 0),
    "`run` and three `worker`": (True, 3),
}


@dataclass(frozen=True)
class Size:
    """`interval`, `warm`, `lasts`: seconds. `changed`: of a hundred polls, how many find something new."""

    sources: int = 1_000
    hosts: int = 50
    interval: int = 10
    warm: int = 30
    lasts: int = 35
    changed: float = 0


@dataclass(frozen=True)
class Figures:
    """`rate`: polls a second. `ours`, `server`: milliseconds of the processor for a poll, of all processes of each."""

    what: str
    rate: float
    ours: float
    server: float

    def __str__(self) -> str:
        return f"{self.what}: {self.rate:.1f} polls a second, {self.ours:.2f} ms and {self.server:.2f} of PostgreSQL"


def measured(url: str, size: Size = Size()) -> Iterator[Figures]:
    """The feeds are empty at first: to read and publish them is not what is measured."""
    for what, (on_postgresql, workers) in _ARRANGEMENTS.items():
        with tempfile.TemporaryDirectory(prefix="syndicate-benchmark-") as name, cycle.served(size.sources, 0) as feeds:
            database = _Database(url)
            config = Path(name) / "config.toml"
            config.write_text(_configuration(feeds, size, database.url if on_postgresql else "sqlite:///s.db"))
            with _running(config, workers) as processes:
                yield _counted(what, feeds, size, processes, database if on_postgresql else None)


class _Database:
    """An empty schema, and the process of the server where that is one of this machine."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as raw:
            raw.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE; CREATE SCHEMA {_SCHEMA}")
            self._pid = _parent(raw.info.backend_pid)
        self.url = measure.in_schema(url, _SCHEMA)

    @property
    def processor(self) -> float:
        return measure.processor(self._pid) if self._pid else 0


def _parent(pid: int) -> int:
    """Of a process of PostgreSQL's; 0 where it is none of this machine's."""
    with contextlib.suppress(OSError):
        name, _, fields = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
        return int(fields.split()[1]) if name == "postgres" else 0
    return 0


def _configuration(feeds: cycle.Server, size: Size, store: str) -> str:
    hosts = [feed_server.host(number % size.hosts) for number in range(size.sources)]
    addresses = [f"http://{host}:{feeds.port}/{number}.xml" for number, host in enumerate(hosts)]
    text = cycle.configuration(addresses, f"{size.interval}s", "adaptive = false\n")
    return f'{text}[store]\nurl = "{store}"\n'


@contextlib.contextmanager
def _running(config: Path, workers: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    with contextlib.ExitStack() as each:
        processes = [each.enter_context(daemon.running(config))]
        time.sleep(3)  # it makes the tables
        processes += [each.enter_context(daemon.running(config, "worker")) for _ in range(workers)]
        yield processes


def _counted(
    what: str, feeds: cycle.Server, size: Size, processes: list[subprocess.Popen[bytes]], database: _Database | None
) -> Figures:
    _rounds(feeds, size, size.warm)
    before = _used(processes), database.processor if database else 0, feeds.answered, time.monotonic()
    _rounds(feeds, size, size.lasts)
    polls, took = feeds.answered - before[2], time.monotonic() - before[3]
    if not polls:
        raise SystemExit(f"{what}: nobody was asked")
    ours, server = _used(processes) - before[0], (database.processor if database else 0) - before[1]
    return Figures(what, polls / took, 1000 * ours / polls, 1000 * server / polls)


def _rounds(feeds: cycle.Server, size: Size, seconds: int) -> None:
    """Each source is asked once in each, about."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        feeds.begin(f"validators=1 changed={size.changed}")
        time.sleep(min(left, size.interval))


def _used(processes: list[subprocess.Popen[bytes]]) -> float:
    return sum(measure.processor(process.pid) for process in processes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="postgresql:///syndicate_benchmark", help="a database that may be used")
    parser.add_argument("--changed", type=float, default=0, help="of a hundred polls, how many find something new")
    parser.add_argument("--sources", type=int, default=Size.sources)
    parser.add_argument("--hosts", type=int, default=Size.hosts, help=f"at most {feed_server.HOSTS}")
    options = parser.parse_args()
    for figures in measured(options.url, Size(options.sources, options.hosts, changed=options.changed)):
        print(figures, flush=True)


if __name__ == "__main__":
    main()
