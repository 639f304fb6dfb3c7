"""What tests wait for. None sleeps to be right, and none says how long a thing takes: the machine may be busy.

`until` waits for an event, with an end that only a fault reaches. `frugal` bounds the work itself, by the processor's
time of this thread, which others do not lengthen much.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

PATIENCE = 60.0  # seconds

T = TypeVar("T")


def until(condition: Callable[[], T], what: str = "what was waited for did not happen") -> T:
    """The first value of `condition` that is true. AssertionError where there is none for a minute."""
    ends = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < ends, what
        time.sleep(0.01)
    return found


@contextmanager
def frugal(seconds: float) -> Iterator[None]:
    """What is done within takes less of the processor's time."""
    began = time.thread_time()
    yield
    spent = time.thread_time() - began
    assert spent < seconds, f"{spent:.1f} s of the processor's time"
