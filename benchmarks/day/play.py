"""The day, and what it came to."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.day import sources as made
from benchmarks.day.accidents import Accidents
from benchmarks.day.database import Database
from benchmarks.day.ledger import Late, Ledger
from benchmarks.day.machine import Around, Machine, named
from benchmarks.day.queue import Queue
from benchmarks.day.web import Web
from benchmarks.day.world import World
from syndicate import store as stores
from syndicate.model import FetchState, Plan

_WORKERS, _CANDIDATES = 3, 2
_LOOK = 600.0  # seconds between two looks at how far it is


@dataclass
class Day:
    """Seconds of lateness; `python` and `server` are seconds of processor, `wall` of the clock on the wall.

    `unasked`: of those that are due at the end, who waits for longest, among hosts that answer.
    """

    hours: float = 0.0
    polls: int = 0
    jobs: int = 0
    shares: Mapping[str, int] = field(default_factory=dict)
    worst: list[Late] = field(default_factory=list)
    unasked: Late = Late(0, "", 0)  # noqa: RUF009  # a value
    most: int = 0
    overlaps: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    told: list[tuple[float, str]] = field(default_factory=list)
    took: list[tuple[str, int, float]] = field(default_factory=list)
    python: float = 0.0
    server: float = 0.0
    wall: float = 0.0


@dataclass(frozen=True)
class Size:
    """`within`: seconds on the wall after which it ends, wherever it is. `most`: jobs at once of a worker.

    `shown`: sources have shown their rhythm; else each is asked after so many `minutes`. `hosts`: on so few slow
    ones, if any, so that whoever carries a job has more of it to come; all are due at once.
    `calm`: nothing happens to anybody.
    """

    sources: int
    hours: float
    seed: int
    most: int = 32
    within: float = 1e9
    shown: bool = True
    minutes: float = 15
    hosts: int = 0
    calm: bool = False


def played(size: Size, url: str, say: Callable[[str], object] = lambda _: None) -> Day:
    """In a schema `day` of that database, which is made anew. What is not permitted is in `faults`."""
    random = Random(size.seed)
    world = World()
    with ExitStack() as held:
        folder = Path(held.enter_context(TemporaryDirectory(prefix="syndicate-day-")))
        database = Database(url, world)
        held.callback(database.close)
        held.callback(world.close)
        sources, hosts = made.made(size.sources, random, timedelta(minutes=size.minutes), size.hosts)
        plan = made.plan(sources, folder, database.url)
        ledger = Ledger()
        web = Web(world, random, hosts, size.hours, ledger)
        web.know(sources)
        around = Around(world, database, Queue(world, database), web, ledger)
        held.enter_context(around.in_place())
        states = made.states(sources, random, shown=size.shown, at_once=bool(size.hosts))
        _stored(states, database, ledger)
        say(f"{len(sources)} sources on {len(set(hosts.values()))} hosts are known")
        machines = _started(around, plan, size)
        held.callback(_close, machines)
        accidents = Accidents(around, random, machines, lambda *who: _new(around, plan, size, *who))
        if not size.calm:
            accidents.plan(size.hours * 3600)
        day = _lived(around, size, say)
        day.told = accidents.told
        _unasked(day, around, hosts)
        return day


def _close(machines: Iterable[Machine]) -> None:
    for each in machines:
        each.close()


def _stored(states: Iterable[FetchState], database: Database, ledger: Ledger) -> None:
    with stores.open(database.url) as store, store.transaction():
        for state in states:
            store.sources.save(state)
            ledger.promised(state)
    with stores.open(database.url) as store:
        store._connection.execute("ANALYZE source")


def _started(around: Around, plan: Plan, size: Size) -> list[Machine]:
    names = [(f"w{at}", "worker") for at in range(1, _WORKERS + 1)] + [
        (f"r{at}", "run") for at in range(1, _CANDIDATES + 1)
    ]
    return [_new(around, plan, size, name, kind, 1) for name, kind in names]


def _new(around: Around, plan: Plan, size: Size, name: str, kind: str, number: int) -> Machine:
    most = size.most if kind == "worker" else 8  # that of `run`
    machine = Machine(around, named(plan, name), name, number, kind=kind, most=most)
    machine.start()
    return machine


def _lived(around: Around, size: Size, say: Callable[[str], object]) -> Day:
    world, database, ledger = around.world, around.database, around.ledger
    began, processor, server = time.monotonic(), time.process_time(), database.look()
    database.took.clear()
    end = size.hours * 3600
    while world.now < end and time.monotonic() - began < size.within and not around.web.faults:
        world.play(min(end, world.now + _LOOK))
        database.look()
        if round(world.now) % 3600 == 0:
            say(f"{world.now / 3600:5.0f} h  {ledger.polls:9} polls  {time.monotonic() - began:6.0f} s")
    return Day(
        hours=world.now / 3600,
        polls=ledger.polls,
        jobs=around.queue.carried,
        shares={f"{part:.1%}": ledger.share(part) for part in (0.5, 0.9, 0.99, 0.999, 1.0)},
        worst=ledger.worst,
        most=around.web.most,
        overlaps=around.web.overlaps,
        outcomes=around.outcomes,
        answers=around.web.answers,
        faults=around.web.faults,
        looks=around.looks,
        took=sorted(((sql, int(n), took) for sql, (n, took) in database.took.items()), key=lambda row: -row[2]),
        python=time.process_time() - processor,
        server=database.look() - server,
        wall=time.monotonic() - began,
    )


def _unasked(day: Day, around: Around, hosts: Mapping[str, made.Host]) -> None:
    now, web = around.world.now, around.web
    for source, host in hosts.items():
        waits = around.ledger.waits(source, now, web.rests(host.server)) if web.is_well(host.server) else 0.0
        if waits > day.unasked.seconds:
            day.unasked = Late(waits, source, now)
