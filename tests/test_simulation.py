"""The whole program on a virtual clock: seeds that are played each time, and that a seed tells the same story twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulation.play import play

_FEW, _DAYS = 4, 8  # of each run; of them all a hundred, of thirty days
_MANY, _MONTH = 100, 30


@pytest.mark.parametrize("seed", range(1, _FEW + 1))
def test_the_laws_hold_for_some_days(seed: int) -> None:
    play(seed, _DAYS)


@pytest.mark.large
@pytest.mark.parametrize("seed", range(1, _MANY + 1))
def test_the_laws_hold_for_a_month(seed: int) -> None:
    play(seed, _MONTH)


def test_a_seed_tells_the_same_story_twice(tmp_path: Path) -> None:
    """Whatever the order of sets and the names of folders."""
    command = [sys.executable, "-m", "simulation", "--seed", "5", "--days", "3", "--trace"]
    paths = os.pathsep.join((str(Path(__file__).parent), *sys.path))
    told = []
    for hashes in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": paths}
        ended = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=True)
        told.append(ended.stdout.splitlines()[:-1])
    assert told[0] == told[1]
    assert len(told[0]) > 50
