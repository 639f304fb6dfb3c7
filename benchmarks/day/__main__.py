"""`python -m benchmarks.day --sources 100000 --hours 24 --seed 7 --url postgresql://user@host/database`.

The schema `day` of that database is dropped and made anew.
"""

import argparse
import sys
from collections.abc import Iterator

from benchmarks.day.play import Day, Size, played


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1_000)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--concurrency", type=int, default=32, help="jobs at once of a worker")
    parser.add_argument("--within", type=float, default=1e9, metavar="SECONDS", help="it ends then, wherever it is")
    parser.add_argument("--fixed", action="store_true", help="each source is asked each quarter of an hour")
    parser.add_argument("--calm", action="store_true", help="nothing happens to anybody")
    parser.add_argument("--url", default="postgresql:///day", help="the schema `day` there is made anew")
    given = parser.parse_args()
    size = Size(
        given.sources, given.hours, given.seed, given.concurrency, given.within, not given.fixed, calm=given.calm
    )
    day = played(size, given.url, lambda line: print(line, flush=True))
    for line in lines(day):
        print(line)
    return 1 if day.faults else 0


def lines(day: Day) -> Iterator[str]:
    each = 1000 / max(1, day.polls)
    yield f"{day.hours:.1f} hours, {day.polls} polls ({day.jobs} jobs), {day.wall:.0f} s"
    yield f"a poll: {day.python * each:.2f} ms of python, {day.server * each:.2f} ms of PostgreSQL"
    yield "late by at most: " + ", ".join(f"{late} s of {share}" for share, late in day.shares.items())
    yield "the latest of each hour: " + ", ".join(f"{late.seconds:.0f}" for late in day.worst)
    yield f"due at the end, and not asked: since {day.unasked.seconds:.0f} s ({day.unasked.source or 'nobody'})"
    yield f"requests at once at one host, of one machine: {day.most}"
    yield f"of two machines: {dict(day.overlaps) or 'none'}"
    yield f"no look at what is due for: {', '.join(f'{pause:.0f}' for pause in day.looks) or 'never'}"
    yield f"answers: {dict(day.answers)}; outcomes: {dict(day.outcomes)}"
    yield from (f"  {at / 3600:6.2f} h  {what}" for at, what in day.told)
    yield from (
        f"  {took:8.1f} s  {number:9}  {1e6 * took / number:7.0f} µs  {sql[:110]}"
        for sql, number, took in day.took[:16]
    )
    yield from (f"FAULT {fault}" for fault in day.faults[:20])


if __name__ == "__main__":
    sys.exit(main())
