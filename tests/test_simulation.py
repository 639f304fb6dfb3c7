"""The whole program on a virtual clock: seeds that are played each time, and that a seed tells the same story twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulation.play import cut_short, play

_FEW, _DAYS = 3, 8  # `.ci/run` plays a hundred, of thirty days
_STORY = 3  # a seed of which two days are played again and again


@pytest.mark.parametrize("seed", range(1, _FEW + 1))
def test_the_laws_hold_for_some_days(seed: int) -> None:
    play(seed, _DAYS)


def test_a_seed_tells_the_same_story_twice(tmp_path: Path) -> None:
    """Whatever the order of sets and the names of folders."""
    command = [sys.executable, "-m", "simulation", "--seed", "5", "--days", "5", "--trace"]
    paths = os.pathsep.join((str(Path(__file__).parent), *sys.path))
    told = []
    for hashes in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": paths}
        ended = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=True)
        told.append(ended.stdout.splitlines()[:-1])
    assert told[0] == told[1]
    assert len(told[0]) > 50


@pytest.mark.parametrize("power", [None, 1], ids=["killed", "power fails"])
def test_a_process_that_ends_anywhere_leaves_what_the_next_mends(power: int | None, large: bool) -> None:
    """Before each of its steps, or now and then; the power fails as chance has it, each time otherwise."""
    steps = cut_short(_STORY, None)
    for step in range(3, steps, 12 if large else steps // 4):
        cut_short(_STORY, step, power and power + step)
