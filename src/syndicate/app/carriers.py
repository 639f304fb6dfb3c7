"""How many threads carry jobs: one, and another one each time that those there are only wait.

Threads that all have something to do are in one another's way: of a hundred answers that nothing has changed, eight
cost a quarter more of the processor than one. Threads that wait for slow servers or for readers cost nothing.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")

WORKERS = 8  # jobs at once
LOOK = 0.02  # seconds between two looks whether one more is of use
_BUSY = 0.5  # of one processor


class Load:
    """Does this process wait for most of the time?"""

    def __init__(self) -> None:
        self._before = self._now()

    def waits(self) -> bool:
        """Since this was asked last."""
        before, self._before = self._before, self._now()
        return self._before[0] - before[0] < _BUSY * (self._before[1] - before[1])

    def _now(self) -> tuple[float, float]:
        return time.process_time(), time.monotonic()


def carry_each(
    work: Callable[[_T], _R], things: Sequence[_T], most: int = WORKERS, waits: Callable[[], bool] | None = None
) -> Iterator[_R]:
    """What `work` makes of each, in their order; `most` at once. What it raises is raised here, and ends it."""
    waits = waits or Load().waits
    todo = deque((thing, Future[_R]()) for thing in things)
    made = deque(future for _, future in todo)
    threads = 0
    with ThreadPoolExecutor(most, thread_name_prefix="job") as pool:
        try:
            while made:
                if todo and (not threads or (threads < most and waits())):
                    threads += 1
                    pool.submit(_carry, work, todo)
                with suppress(TimeoutError):  # that of the wait: what the work has raised is returned
                    made[0].exception(LOOK)
                while made and made[0].done():
                    yield made.popleft().result()
        finally:
            todo.clear()


def _carry(work: Callable[[_T], _R], todo: deque[tuple[_T, Future[_R]]]) -> None:
    with suppress(IndexError):
        while True:
            _do(work, *todo.popleft())


def _do(work: Callable[[_T], _R], thing: _T, future: Future[_R]) -> None:
    try:
        found = work(thing)
    except BaseException as error:  # raised again where it is waited for
        future.set_exception(error)
    else:
        future.set_result(found)
