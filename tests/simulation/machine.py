"""One computer on a virtual clock: all that the program does and that lasts goes through `Machine.step`.

A commit, a rename, a deletion, a wait for the disk is a step. Before any of them the process may be killed, or somebody
else may act. Nothing here waits, nothing is done by a second thread, nothing asks the real clock.
"""

import os
import sqlite3
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import structlog

from simulation.disk import Disk
from simulation.instead import InHouse, OneAfterTheOther
from syndicate.client import PageDelay

_REAL = types.SimpleNamespace(replace=os.replace, unlink=os.unlink, fsync=os.fsync)
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Killed(BaseException):
    """As `kill -9` has it: nothing that this process was about to do is done."""


class Clock:
    """The time of all of them, in whole seconds."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return (self.now - _EPOCH).total_seconds()

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=round(seconds))


class Process:
    """`name` for the trace; one that is `dead` takes no step any more."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dead = False


class Machine:
    """Of one store and one folder of feeds. Whose step has the number `fatal` is killed; `between` precedes each."""

    def __init__(self, store: Path, feeds: Path, clock: Clock) -> None:
        self.clock = clock
        self.steps = 0
        self.fatal: int | None = None
        self.between: Callable[[str], object] = lambda _: None
        self.log: list[str] = []  # of what the program logs at INFO and above
        self.touched = set[str]()  # files that were renamed or deleted since somebody looked
        self.disk = Disk(feeds, store)
        self._store = store
        self._processes: list[Process] = []

    @contextmanager
    def process(self, name: str) -> Iterator[Process]:
        """Whose steps they are, within the block."""
        process = Process(name)
        with self.at_work(process):
            yield process

    @contextmanager
    def at_work(self, process: Process) -> Iterator[None]:
        self._processes.append(process)
        try:
            yield
        finally:
            self._processes.pop()

    @property
    def at(self) -> Process:
        """Who is at work."""
        return self._processes[-1]

    @property
    def depth(self) -> int:
        """How many processes are under way, one within a step of the other."""
        return len(self._processes)

    def step(self, kind: str, act: Callable[[], Any]) -> Any:
        """Do it, unless this process ends here."""
        if not self._processes:  # it is ours, not the program's
            return act()
        process = self._processes[-1]
        if process.dead:
            raise Killed
        self.steps += 1
        if self.fatal is not None and self.steps >= self.fatal:
            self.fatal, process.dead = None, True
            raise Killed
        self.between(kind)
        return act()

    @contextmanager
    def running(self) -> Iterator[None]:
        """The program meets this machine instead of the real one, within the block."""
        with ExitStack() as patches:
            for each in self._patches():
                patches.enter_context(each)
            structlog.configure(processors=[self._logged], cache_logger_on_first_use=False)
            patches.callback(structlog.reset_defaults)
            yield

    def _patches(self) -> Iterable[Any]:
        timer = types.SimpleNamespace(monotonic=self.clock.monotonic, sleep=self.clock.passes)
        driver = __import__("syndicate.store.driver", fromlist=["Raw"]).Raw
        troubles = __import__("syndicate.app.troubles", fromlist=["Troubles"]).Troubles
        return (
            patch("time.sleep", lambda _: None),
            patch("os.replace", self._replace),
            patch("os.unlink", self._unlink),
            patch("os.fsync", lambda handle: self.step("sync", lambda: self.disk.syncs(handle))),
            patch("syndicate.disk.ThreadPoolExecutor", OneAfterTheOther),
            patch("syndicate.disk._syncfs", None),
            patch.object(driver, "execute", self._executing(driver.execute)),
            patch("syndicate.client.client.time", timer),
            patch("syndicate.app.tools.workers_of", lambda *_: InHouse()),
            patch("syndicate.app.program.page_delay_of", self._page_delay),
            patch("syndicate.app.program.Troubles", lambda store: troubles(store, self.clock.monotonic)),
            patch("syndicate.app.troubles.system_clock", self.clock),
        )

    def _replace(self, source: Any, target: Any) -> None:
        def rename() -> None:
            self.disk.moves(os.fspath(target), os.fspath(source))
            _REAL.replace(source, target)

        self.step("rename", rename)
        self.touched.add(os.fspath(target))

    def _unlink(self, path: Any, **more: Any) -> None:
        def delete() -> None:
            self.disk.moves(os.fspath(path), None)
            _REAL.unlink(path, **more)

        self.step("delete", delete)
        self.touched.add(os.fspath(path))

    def _executing(self, execute: Callable[..., Any]) -> Callable[..., Any]:
        def counted(raw: sqlite3.Connection, *arguments: Any) -> Any:
            if arguments[0] == "COMMIT":
                return self.step("commit", lambda: self._commit(raw, execute))
            return execute(raw, *arguments)

        return counted

    def _commit(self, raw: Any, execute: Callable[..., Any]) -> Any:
        done = execute(raw, "COMMIT")
        if raw.path == self._store:
            self.disk.commits(lasting=raw.lasting)
        return done

    def _page_delay(self, plan: Any) -> PageDelay:
        pause = plan.fetch.page_delay.total_seconds()
        return PageDelay(pause, clock=self.clock.monotonic, sleep=self.clock.passes)

    def _logged(self, _: object, name: str, event: dict[str, Any]) -> str:
        if name != "debug":
            self.log.append(" ".join(f"{key}={value}" for key, value in event.items()))
        raise structlog.DropEvent

    def vanish(self, close: Callable[[], object], power: Random | None = None) -> None:
        """A killed process leaves what it had written: `close` only what it had open. Where the `power` fails, less."""
        store, log = self._store, self._store.with_name(f"{self._store.name}-wal")
        kept = {path: path.read_bytes() for path in (store, log) if path.exists()}
        close()
        if power:
            self.disk.fails(power)
            kept[log] = self.disk.torn(kept.get(log, b""), power)
        for path, body in kept.items():
            path.write_bytes(body)
