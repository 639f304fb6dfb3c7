"""The daemon with many sources: its start, a poll that is answered 304, and its rest.

All are read once; then all are due at once, and nothing of them has changed.
"""

import contextlib
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import cycle, measure

_LONG_AGO = "2020-01-01T00:00:00.000000Z"
_MANY = 1_000
_PATIENCE = 300  # seconds


@dataclass(frozen=True)
class Figures:
    """Processor seconds but where it says otherwise; memory in MiB of PSS, of the whole tree."""

    sources: int
    start: float
    each: float  # milliseconds of a poll that is answered 304
    rate: float  # polls a second, by the clock on the wall
    idle: float  # a minute, when nothing is due
    memory: float  # at rest
    status: float


def measured(sources: int, *, rest: float = 20) -> Figures:
    """Of more than a thousand the feeds are empty: to read them first is not what is measured."""
    entries = 1 if sources <= _MANY else 0
    with tempfile.TemporaryDirectory(prefix="syndicate-benchmark-") as name, cycle.served(sources, entries) as server:
        folder = Path(name)
        config = folder / "config.toml"
        config.write_text(cycle.configuration(server.addresses, interval="24h"))
        measure.run([cycle.SYNDICATE, "--config", config, "run", "--once"])
        server.begin("validators=1")
        _all_due(folder / "syndicate.db", _LONG_AGO)
        before = server.answered
        with running(config) as daemon:
            until(lambda: server.answered - before >= 1)
            first, start = time.monotonic(), measure.processor(daemon.pid)
            until(lambda: server.answered - before >= sources)
            took, polls = time.monotonic() - first, measure.processor(daemon.pid) - start
            until(lambda: _at_rest(folder / "syndicate.db"))
            time.sleep(2)
            before_rest = measure.processor(daemon.pid)
            time.sleep(rest)
            idle = (measure.processor(daemon.pid) - before_rest) * 60 / rest
            memory = measure.memory(daemon.pid)
        status = measure.run([cycle.SYNDICATE, "--config", config, "status"], fails=True).processor
    return Figures(sources, start, 1000 * polls / sources, sources / took, idle, memory, status)


@contextlib.contextmanager
def running(config: Path, command: str = "run") -> Iterator[subprocess.Popen[bytes]]:
    """The daemon, or a worker; what it says is in `log` beside its configuration."""
    with (config.parent / "log").open("ab") as log:
        process = subprocess.Popen(
            [cycle.SYNDICATE, "--config", config, command], stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _all_due(store: Path, at: str) -> None:
    with contextlib.closing(sqlite3.connect(store)) as db, db:
        db.execute("UPDATE source SET next_poll = ?", (at,))


def _at_rest(store: Path) -> bool:
    with contextlib.closing(sqlite3.connect(store, timeout=60)) as db:
        ((due,),) = db.execute("SELECT count(*) FROM source WHERE next_poll <= ?", (_LONG_AGO,))
    return not due


def until(true: Callable[[], bool]) -> None:
    """Until it is so; SystemExit where it never is."""
    end = time.monotonic() + _PATIENCE
    while not true():
        if time.monotonic() > end:
            raise SystemExit(f"the daemon did not come so far in {_PATIENCE} seconds")
        time.sleep(0.02)


if __name__ == "__main__":
    for count in (1_000, 10_000):
        print(measured(count), flush=True)
