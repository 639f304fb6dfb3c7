"""One computer on a virtual clock: all that the program does and that lasts goes through `Machine.step`.

A commit, a rename, a deletion, a wait for the disk is a step. Before any of them the process may be killed, or somebody
else may act. Nothing here waits, nothing is done by a second thread, nothing asks the real clock.
"""

import os
import sqlite3
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog

from syndicate.client import PageDelay

_REAL = types.SimpleNamespace(replace=os.replace, unlink=os.unlink, fsync=os.fsync)
_EACH_LOOK, _SELDOM = timedelta(seconds=1), timedelta(hours=2)  # what is looked at now and then is looked at so often
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
    """`root` holds the store and the folders. `kill` in so many steps; `between` is called before each step."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self.root = root
        self.clock = clock
        self.steps = 0
        self.fatal: int | None = None
        self.between: Callable[[str], object] = lambda _: None
        self.log: list[str] = []  # of what the program logs at INFO and above
        self.touched = set[str]()  # files that were renamed or deleted since somebody looked
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
            patch("os.fsync", lambda handle: self.step("sync", lambda: None)),
            patch("syndicate.disk.ThreadPoolExecutor", _OneAfterTheOther),
            patch("syndicate.disk._syncfs", None),
            patch.object(driver, "execute", self._executing(driver.execute)),
            patch("syndicate.client.client.time", timer),
            patch("syndicate.app.program.workers_of", lambda *_: _InHouse()),
            patch("syndicate.app.program._page_delay", self._page_delay),
            patch("syndicate.app.program.Troubles", lambda store: troubles(store, self.clock.monotonic)),
            patch("syndicate.app.troubles.system_clock", self.clock),
        )

    def _replace(self, source: Any, target: Any) -> None:
        self.step("rename", lambda: _REAL.replace(source, target))
        self.touched.add(os.fspath(target))

    def _unlink(self, path: Any, **more: Any) -> None:
        self.step("delete", lambda: _REAL.unlink(path, **more))
        self.touched.add(os.fspath(path))

    def _executing(self, execute: Callable[..., Any]) -> Callable[..., Any]:
        def counted(raw: sqlite3.Connection, *arguments: Any) -> Any:
            if arguments[0] == "COMMIT":
                return self.step("commit", lambda: execute(raw, *arguments))
            return execute(raw, *arguments)

        return counted

    def _page_delay(self, plan: Any) -> PageDelay:
        pause = plan.fetch.page_delay.total_seconds()
        return PageDelay(pause, clock=self.clock.monotonic, sleep=self.clock.passes)

    def _logged(self, _: object, name: str, event: dict[str, Any]) -> str:
        if name != "debug":
            self.log.append(" ".join(f"{key}={value}" for key, value in event.items()))
        raise structlog.DropEvent


def as_killed(store: Path, close: Callable[[], object]) -> None:
    """Close what a killed process had open, and leave its store as it was then: with a log that nobody folds in."""
    kept = [(path, path.read_bytes()) for path in _parts(store) if path.exists()]
    close()
    for path, body in kept:
        path.write_bytes(body)


def _parts(store: Path) -> tuple[Path, Path]:
    return store, store.with_name(f"{store.name}-wal")


class _OneAfterTheOther:
    """Instead of threads that wait for the disk."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> "_OneAfterTheOther":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    map = staticmethod(map)


class _InHouse:
    """Instead of processes that read: the documents of the made web harm nobody."""

    run = None

    def stay_ready(self) -> None:
        pass

    def close(self) -> None:
        pass


class Pool:
    """Instead of the threads that carry jobs: one after the other, when it is `drained`."""

    def __init__(self, *_: object, **__: object) -> None:
        self._waiting = deque[tuple[Callable[..., object], tuple[object, ...]]]()

    def submit(self, act: Callable[..., object], *arguments: object) -> None:
        if act.__name__ != "_help":  # who helps where others wait: here nobody waits
            self._waiting.append((act, arguments))

    def drain(self) -> None:
        while self._waiting:
            act, arguments = self._waiting.popleft()
            act(*arguments)

    def shutdown(self, **_: object) -> None:
        self._waiting.clear()


class Scheduler:
    """Instead of APScheduler: what is due by the virtual clock, each once, however often it was missed."""

    def __init__(self, **_: object) -> None:
        self._jobs: list[list[Any]] = []

    def add_listener(self, *_: object) -> None:
        pass

    def add_job(self, act: Callable[..., object], _: str, *, args: tuple[object, ...] = (), **every: Any) -> None:
        every.pop("start_date", None)
        span = timedelta(**every)
        self._jobs.append([None, span if span <= _EACH_LOOK else max(span, _SELDOM), act, args])

    def start(self) -> None:
        pass

    pause = remove_all_jobs = shutdown = start

    def run_due(self, clock: Clock) -> Iterator[None]:
        """A step for each job that is due: what it has begun is to be carried before the next."""
        for job in self._jobs:
            last, every, act, arguments = job
            if last is None or clock.now - last >= every:
                job[0] = clock.now
                act(*arguments)
                yield


class Watchers:
    """Instead of those who watch folders: `happened` is called by who makes something happen."""

    def __init__(self, happened: Callable[[str], object]) -> None:
        self.happened = happened

    def watch(self, sources: object) -> None:
        pass

    def stop(self) -> None:
        pass


class NoDeliveries:
    """Nobody is told anything."""

    def __init__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        pass

    end = start

    def stop(self, _: float) -> bool:
        return True
