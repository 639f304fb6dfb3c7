"""`python -m simulation --seed 7 --days 30`, or `--seeds 100 --from 1`: a line for each seed, and what failed last."""

import argparse
import multiprocessing
import os
import sys
import time
from functools import partial

from simulation.play import Failure, play


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="this one")
    parser.add_argument("--seeds", type=int, default=10, help="so many")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first of them")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=0, help="at once; 0: one for each processor")
    parser.add_argument("--within", type=float, help="seconds after which no other seed is begun")
    parser.add_argument("--trace", action="store_true", help="tell all that happened")
    given = parser.parse_args()
    if given.seed is not None:
        return 0 if _holds(given.days, given.trace, None, given.seed) else 1
    seeds = range(given.first, given.first + given.seeds)
    end = given.within and time.monotonic() + given.within
    with multiprocessing.Pool(given.jobs or os.cpu_count()) as pool:
        held = dict(zip(seeds, pool.imap(partial(_holds, given.days, given.trace, end), seeds), strict=True))
    failed = [seed for seed, holds in held.items() if holds is False]
    played = sum(holds is not None for holds in held.values())
    left = f"; {len(held) - played} were not played within {given.within:g} s" if played < len(held) else ""
    print(f"{played - len(failed)} of {played} seeds hold" + (f"; not {failed}" if failed else "") + left)
    return 1 if failed or not played else 0


def _holds(days: int, trace: bool, end: float | None, seed: int) -> bool | None:
    """Its line is printed. None: it was not begun any more."""
    if end and time.monotonic() > end:
        return None
    began = time.process_time()
    try:
        made = play(seed, days)
    except Failure as failure:
        print(failure, flush=True)
        return False
    if trace:
        print("\n".join(made.trace))
    took = time.process_time() - began
    counts = f"{made.machine.steps} steps, {len(made.web.truths)} releases"
    print(f"seed {seed}: {days} days, {counts}, trace {made.digest}, {took:.1f} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
