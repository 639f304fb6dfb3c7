"""Operators' regular expressions over everything that is held: one that takes too long again and again is given up."""

import re
import threading
import time
from collections import Counter
from typing import Literal

from syndicate.reading import OFTEN, bounded

_ALL = 60.0  # seconds of the processor for all values: one that takes a little less for each would take hours


class Searching:
    """`hung`: expression → how often it took too long. `seconds`: that one may take for all values.

    In another thread than the main one nothing would end one, so none is searched for there.
    """

    def __init__(self, seconds: float = _ALL) -> None:
        self.hung = Counter[str]()
        self._seconds = seconds
        self._taken = Counter[str]()  # expression → nanoseconds

    def search(self, pattern: "re.Pattern[str]", value: str) -> bool | None:
        """Is it found? None: that took too long."""
        found = self.match(pattern, value)
        return found if found is None else found is not False

    def match(self, pattern: "re.Pattern[str]", value: str) -> "re.Match[str] | Literal[False] | None":
        """What was found; False: nothing."""
        if self.hung[pattern.pattern] >= OFTEN or threading.current_thread() is not threading.main_thread():
            return None
        begun = time.thread_time_ns()
        found = bounded(pattern, value)
        self._taken[pattern.pattern] += time.thread_time_ns() - begun
        if self._taken[pattern.pattern] > self._seconds * 1e9:
            self.hung[pattern.pattern] = OFTEN
        elif found is None:
            self.hung[pattern.pattern] += 1
        return found
