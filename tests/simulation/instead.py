"""What stands in the place of what would wait: threads, processes, APScheduler, those who watch folders."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

_EACH_LOOK, _SELDOM = timedelta(seconds=1), timedelta(hours=2)  # what is looked at now and then, so seldom


class OneAfterTheOther:
    """Instead of threads that wait for the disk."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> "OneAfterTheOther":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    map = staticmethod(map)


class InHouse:
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

    def soon(self) -> None:
        """All that is looked at now and then is looked at with the next look."""
        for job in self._jobs:
            job[0] = None

    pause = remove_all_jobs = shutdown = start

    def run_due(self, clock: Callable[[], datetime]) -> Iterator[None]:
        """A step for each job that is due: what it has begun is to be carried before the next."""
        for job in self._jobs:
            last, every, act, arguments = job
            if last is None or clock() - last >= every:
                job[0] = clock()
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
