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
    parser.add_argument("--trace", action="store_true", help="tell all that happened")
    given = parser.parse_args()
    if given.seed is not None:
        return 1 if _told(given.days, given.trace, given.seed) else 0
    seeds = range(given.first, given.first + given.seeds)
    with multiprocessing.Pool(given.jobs or os.cpu_count()) as pool:
        failed = [seed for seed in pool.imap(partial(_told, given.days, given.trace), seeds) if seed]
    print(f"{given.seeds - len(failed)} of {given.seeds} seeds hold" + (f"; not {failed}" if failed else ""))
    return 1 if failed else 0


def _told(days: int, trace: bool, seed: int) -> int:
    """The seed where it failed, else 0; its line is printed."""
    began = time.process_time()
    try:
        made = play(seed, days)
    except Failure as failure:
        print(failure, flush=True)
        return seed
    if trace:
        print("\n".join(made.trace))
    took = time.process_time() - began
    counts = f"{made.machine.steps} steps, {len(made.web.truths)} releases"
    print(f"seed {seed}: {days} days, {counts}, trace {made.digest}, {took:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
