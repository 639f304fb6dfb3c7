"""A source's rules put to the entries of one document, in a bounded time.

A regular expression may take for ever, and Python looks for signals while it searches. So a timer of the processor's
time ends it: in the process that reads, whose one thread has nothing else to do. In another thread than the main one
nothing would: `captures` sees to it that none of the daemon's searches.
"""

import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Literal, TypeVar

from syndicate import rules
from syndicate.model import Release, Ruled, Source

ONE = 0.1  # seconds of the processor for one expression at one value
OFTEN = 3  # times that one may take longer in a document: then it has had its time
ALL = 10.0  # seconds for all expressions at all entries of a document

_T = TypeVar("_T")


class _Late(BaseException):
    """The time is over."""


def bounded(pattern: "re.Pattern[str]", value: str) -> "re.Match[str] | Literal[False] | None":
    """What was found, False: nothing, None: it took too long."""
    try:
        return within(ONE, lambda: pattern.search(value)) or False
    except (TimeoutError, MemoryError):
        return None


class Judge:
    """Of one document. `hung`: how often each expression was not heeded."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._left = ALL
        self._late = Counter[str]()

    @property
    def hung(self) -> Counter[str]:
        return Counter(self._late)

    def of(self, release: Release, *, related: bool = False) -> Ruled | None:
        """None where the source has no rules."""
        return rules.judged(release, self._source, self.search, related=related) if rules.of(self._source) else None

    def search(self, pattern: "re.Pattern[str]", value: str) -> bool | None:
        """Is it found? None: that took too long, here or in earlier entries too often."""
        found = self.match(pattern, value)
        return found if found is None else found is not False

    def match(self, pattern: "re.Pattern[str]", value: str) -> "re.Match[str] | Literal[False] | None":
        """What was found, False: nothing, None: it took too long."""
        if self._left <= 0 or self._late[pattern.pattern] >= OFTEN:
            found = None
        else:
            begun = time.thread_time()
            found = bounded(pattern, value)
            self._left -= time.thread_time() - begun
        if found is None:
            self._late[pattern.pattern] += 1
        return found


def within(seconds: float, call: Callable[[], _T]) -> _T:
    """What it returns; TimeoutError after so many seconds of the processor. In a main thread: elsewhere unbounded."""
    if threading.current_thread() is not threading.main_thread():
        return call()

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _Late

    before = signal.signal(signal.SIGVTALRM, ring)
    try:
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            return call()
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _Late:
        raise TimeoutError from None
    finally:
        with suppress(_Late):
            signal.signal(signal.SIGVTALRM, before)
