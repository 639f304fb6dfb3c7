"""A process of the program on a machine of its own: the store and the rules are real, what waits has a stand-in."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from benchmarks.day.database import Database
from benchmarks.day.instead import Executor, Happening, Lock, first
from benchmarks.day.ledger import Ledger
from benchmarks.day.queue import Carrier, Queue
from benchmarks.day.web import Client, Web
from benchmarks.day.world import Event, World
from syndicate.app import App, Troubles
from syndicate.client import PageDelay
from syndicate.errors import StoreError, StoreUnusable, SyndicateError
from syndicate.model import Day, Failed, FetchState, Plan, Polled
from syndicate.schedule import Share
from syndicate.work import Tools

_LEASES, _TURNS = (import_module(f"syndicate.store.{name}") for name in ("postgresql.leases", "turns"))
_SELDOM = 10.0  # seconds between two looks at the others: more of them would say nothing else
_EACH = 1.0


class Around:
    """What all of them share."""

    def __init__(self, world: World, database: Database, queue: Queue, web: Web, ledger: Ledger) -> None:
        self.world = world
        self.database = database
        self.queue = queue
        self.web = web
        self.ledger = ledger
        self.looks = list[float]()  # pauses between two looks at what is due of more than a few seconds
        self.looked = 0.0
        self.outcomes = dict[str, int]()

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The program meets the play instead of what waits, within the block."""
        world = self.world
        timer = SimpleNamespace(monotonic=world.monotonic, sleep=world.sleep)
        locks = SimpleNamespace(Lock=lambda: Lock(world))
        with ExitStack() as patches:
            patches.enter_context(self.database.in_its_place())
            for name, instead in (
                ("store.postgresql.pool.time", timer),
                ("store.postgresql.leases.me", self._me),
                ("store.postgresql.machines.me", self._me),
                ("store.turns.threading", locks),
                ("schedule.carried.time", timer),
                ("schedule.carried.ThreadPoolExecutor", lambda *_, **__: Executor(world)),
                ("schedule.carried.wait", lambda futures, seconds, _: first(world, futures, seconds)),
                ("schedule.dispatch.time", timer),
                ("schedule.share.Engine", self._carrier),
                ("app.troubles.system_clock", world.clock),
                ("store.postgresql.connection.PostgreSQL.skew", lambda _: timedelta()),  # of the clock on the wall
            ):
                patches.enter_context(patch(f"syndicate.{name}", instead))
            yield

    def _me(self) -> object:
        body = self.world.body
        assert isinstance(body, Machine)
        return body.holder

    def _carrier(self, url: str, machine: str, carry: Callable[..., object], told: object, most: int) -> Carrier:
        return Carrier(self.queue, Machine.made_now, carry, most)


class Machine:
    """`kind`: run or worker; `most`: jobs at once."""

    made_now: "Machine"

    def __init__(self, around: Around, plan: Plan, name: str, number: int, *, kind: str, most: int) -> None:
        Machine.made_now = self
        self.name, self.kind, self.most, self.number = name, kind, most, number
        self.dead = self.stopped = False
        self.stopped_at = -1.0
        self.held = list[Event]()
        self.holder = _LEASES.Holder(name, number)
        self._around, world = around, around.world
        self.app = App(plan, clock=world.clock)
        connection: Any = self.app.store._connection
        connection._turns = _TURNS.Turns()  # each process has its own
        connection.leases._tick = world.monotonic
        connection.leases._thread = threading.Thread()  # `_renew` does it
        self._leases, self._pool, self._noted = connection.leases, connection._pool, connection._noted
        self.app._listeners = (self._hear,)
        self.app.troubles = Troubles(self.app.store, world.monotonic)
        self.app.tools = Tools(client=Client(around.web, self), page_delay=PageDelay(0.0))  # type: ignore[arg-type]
        self.app.store.jobs = around.queue.waiting  # type: ignore[method-assign]
        sources = self.app.store.sources
        sources.save = partial(self._save, sources.save)  # type: ignore[method-assign]
        self._share = Share(self.app, kind, most=most)
        self._share._over = Happening(world)  # type: ignore[assignment]
        self.engine: Carrier = self._share._engine  # type: ignore[assignment]

    def start(self) -> None:
        acts = [(self._renew, _EACH), (self._is_here, _SELDOM), (self.engine.look, _EACH)]
        acts += [(self._look, _EACH)] if self.kind == "run" else [(self._works, _EACH)]
        for act, seconds in acts:
            self._around.world.begin(partial(self._again, act, seconds), self)

    @property
    def leads(self) -> bool:
        return not self.dead and self._leases.lasts("clock", "")

    def kill(self) -> None:
        """As `kill -9` has it."""
        self.dead = True
        self._around.web.killed(self)
        self._around.queue.carriers.remove(self.engine)
        self.close()

    def close(self) -> None:
        """Nothing of it is left here. In the store all is as it was."""
        self._pool.close()
        self._noted.close()

    def stop(self) -> None:
        self.stopped, self.stopped_at = True, self._around.world.now

    def go_on(self) -> None:
        self._around.world.goes_on(self)

    def _again(self, act: Callable[[], object], seconds: float) -> None:
        while True:
            act()
            self._around.world.sleep(seconds)

    def _renew(self) -> None:
        with suppress(StoreUnusable):
            self._leases._renewed()

    def _is_here(self) -> None:
        with suppress(StoreError):
            self.app.store.here(self.kind, "{}")

    def _works(self) -> None:
        self.app.works()

    def _look(self) -> None:
        """As `Schedule` has it: what is due, by whoever has the clock."""
        if not self.app.works():
            return
        try:
            with self.app.store.role("clock") as leads:
                if leads:
                    self._share.dispatch.look(self.app.plan, self.app.clock())
                    self._looked()
        except SyndicateError as error:
            self.app.fails(error)

    def _looked(self) -> None:
        around = self._around
        pause, around.looked = around.world.now - around.looked, around.world.now
        if pause > 3 * _EACH:
            around.looks.append(pause)

    def _save(self, save: Callable[..., None], state: FetchState, came: Day | None = None) -> None:
        save(state, came)
        self._around.ledger.saved(state, came)

    def _hear(self, event: object) -> None:
        if not isinstance(event, Polled):
            kind = type(event).__name__
            if isinstance(event, Failed) and not isinstance(event.cause, SyndicateError):
                self._around.web.faults.append(f"{self.name}: {event.error}")
        elif event.fault:
            self._around.web.faults.append(f"{event.source}: {event.error}")
            kind = "fault"
        else:
            kind = event.skipped or ("rests" if event.waits else "failed" if event.error else "unchanged")
            kind = kind if len(kind) < 40 else "lost its lease"
        self._around.outcomes[kind] = self._around.outcomes.get(kind, 0) + 1


def named(plan: Plan, name: str) -> Plan:
    return replace(plan, cluster=replace(plan.cluster, machine=name))
