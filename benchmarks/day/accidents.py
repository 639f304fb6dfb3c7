"""What happens to machines and to their database, at moments that chance has chosen."""

from collections.abc import Callable, Iterator
from random import Random

from benchmarks.day.machine import Around, Machine

_BACK = 600.0  # seconds until one that was killed is there again
_MINUTES = 300.0  # that the database is away, or …
_SHORT = 45.0  # … longer than a lease lasts and a request takes

New = Callable[[str, str, int], Machine]  # name, kind, how many of that name there were


class Accidents:
    """`told`: what has happened, by the second."""

    def __init__(self, around: Around, random: Random, machines: list[Machine], new: New) -> None:
        self.told = list[tuple[float, str]]()
        self._around = around
        self._random = random
        self._machines = machines
        self._new = new

    def plan(self, seconds: float) -> None:
        """At about the same distance, in any order, and not at the very begin or end."""
        acts = [*self._acts()]
        self._random.shuffle(acts)
        for at, act in enumerate(acts):
            moment = seconds * (0.04 + 0.9 * (at + self._random.random() * 0.9) / len(acts))
            self._around.world.begin(act, None, moment)

    def _acts(self) -> Iterator[Callable[[], None]]:
        yield from [self._kill_worker] * 6
        yield from [self._kill_clock] * 5
        yield from [self._stop_any, self._stop_busy] * 5
        yield from [self._stop_clock] * 2
        yield from [lambda: self._away(_MINUTES), lambda: self._away(_SHORT), lambda: self._away(_SHORT), self._add]

    def _kill_worker(self) -> None:
        if one := self._chosen(lambda each: each.kind == "worker"):
            self._kill(one)

    def _kill_clock(self) -> None:
        if sum(each.kind == "run" for each in self._machines) > 1 and (one := self._chosen(lambda each: each.leads)):
            self._kill(one)

    def _kill(self, one: Machine) -> None:
        self._tell(f"{one.name} is killed{' with the clock' if one.leads else ''}")
        one.kill()
        self._machines.remove(one)
        self._around.world.begin(lambda: self._come(one.name, one.kind, one.number + 1), None, _BACK)

    def _come(self, name: str, kind: str, number: int) -> None:
        while self._around.database.away:
            self._around.world.sleep(1.0)
        self._machines.append(self._new(name, kind, number))
        self._tell(f"{name} is started")

    def _add(self) -> None:
        self._come("w-new", "worker", 1)

    def _stop_any(self) -> None:
        if one := self._chosen(lambda _: True):
            self._stop(one)

    def _stop_busy(self) -> None:
        most = max(each.engine.under_way for each in self._machines)
        if one := self._chosen(lambda each: each.engine.under_way == most):
            self._stop(one)

    def _stop_clock(self) -> None:
        if one := self._chosen(lambda each: each.leads):
            self._stop(one)

    def _stop(self, one: Machine) -> None:
        seconds = self._random.choice((8.0, 33.0, 40.0, 90.0))
        self._tell(f"{one.name} is stopped for {seconds:.0f} s{' with the clock' if one.leads else ''}")
        one.stop()
        self._around.world.begin(one.go_on, None, seconds)

    def _away(self, seconds: float) -> None:
        world, database, web = self._around.world, self._around.database, self._around.web
        self._tell(f"the database is away for {seconds:.0f} s")
        database.away, web.away = True, (world.now, world.now + seconds)
        world.sleep(seconds)
        database.away = False

    def _chosen(self, fits: Callable[[Machine], bool]) -> Machine | None:
        able = [each for each in self._machines if not each.stopped and fits(each)]
        return self._random.choice(able) if len(self._machines) > 2 and able else None

    def _tell(self, what: str) -> None:
        self.told.append((self._around.world.now, what))
