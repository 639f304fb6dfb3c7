"""A miniature of `make bench`: it measures nothing, and shows that all of it works."""

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.cluster import Size, measured

import postgresql

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("part", ["cycle", "first", "daemon", "publish", "latency", "serve", "hub"])
def test_the_benchmarks_run(part: str) -> None:
    command = [sys.executable, "-m", "benchmarks", "--small", part]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")][1:]
    assert rows
    assert all(line.count("|") == 6 for line in rows)


def test_the_benchmark_of_several_machines_runs(server: postgresql.Cluster) -> None:
    small = Size(sources=6, hosts=2, interval=1, warm=3, lasts=3, changed=20)
    sqlite, one, four = measured(server.url, small)
    assert (sqlite.server, sqlite.rate > 1, one.rate > 1, four.rate > 0) == (0, True, True, True)
    assert sqlite.ours < one.ours
    assert min(one.server, four.server) > 0
