"""What stands in the place of what would wait: locks, events and pools of threads, by the clock of the play."""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from benchmarks.day.world import Thread, World


class Lock:
    """threading.Lock, by this clock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._taken = False
        self._waiting = deque[Thread]()

    def acquire(self) -> bool:
        while self._taken:
            self._waiting.append(self._world.here())
            self._world.wait()
        self._taken = True
        return True

    def release(self) -> None:
        self._taken = False
        if self._waiting:
            self._world.wake(self._waiting.popleft())

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Places:
    """threading.Semaphore, by this clock."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._free = number
        self._waiting = deque[Thread]()

    def __enter__(self) -> None:
        while not self._free:
            self._waiting.append(self._world.here())
            self._world.wait()
        self._free -= 1

    def __exit__(self, *_: object) -> None:
        self._free += 1
        if self._waiting:
            self._world.wake(self._waiting.popleft())


class Happening:
    """threading.Event, that never happens."""

    def __init__(self, world: World) -> None:
        self._world = world

    def is_set(self) -> bool:
        return False

    def wait(self, seconds: float) -> bool:
        self._world.sleep(seconds)
        return False


class Future:
    def __init__(self) -> None:
        self.done = False
        self.waits: Thread | None = None


class Executor:
    """ThreadPoolExecutor, by this clock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._under_way = set[Future]()

    def __enter__(self) -> "Executor":
        return self

    def __exit__(self, *_: object) -> None:
        while self._under_way:
            self.first(self._under_way, None)

    def submit(self, act: Callable[..., object], *arguments: object) -> Future:
        future = Future()

        def done() -> None:
            try:
                act(*arguments)
            finally:
                future.done = True
                self._under_way.discard(future)
                if future.waits:
                    self._world.wake(future.waits)

        self._under_way.add(future)
        self._world.begin(done, self._world.body)
        return future

    def first(self, futures: Collection[Future], seconds: float | None) -> set[Future]:
        with _waiting(futures, self._world.here()):
            if not any(each.done for each in futures):
                self._world.wait(seconds)
        return {each for each in futures if each.done}


@contextmanager
def _waiting(futures: Collection[Future], thread: Thread) -> Iterator[None]:
    known = [*futures]
    for each in known:
        each.waits = thread
    try:
        yield
    finally:
        for each in known:
            each.waits = None


def first(world: World, futures: Collection[Future], seconds: float) -> SimpleNamespace:
    """concurrent.futures.wait, until the first."""
    return SimpleNamespace(done=Executor(world).first(futures, seconds))
