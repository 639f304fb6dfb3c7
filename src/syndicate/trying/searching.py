"""Operators' regular expressions over everything that is held: one that takes too long again and again is given up."""

import re
import threading
from collections import Counter
from typing import Literal

from syndicate.model import Source
from syndicate.reading import Judge

_GIVEN_UP = 3  # times that it took too long
_ANY = Source(id="any")  # a judge's bounds are those of a document: each value has its own here


class Searching:
    """`hung`: expression → how often it took too long. In another thread than the main one nothing would end one, so
    none is searched for there.
    """

    def __init__(self) -> None:
        self.hung = Counter[str]()

    def search(self, pattern: "re.Pattern[str]", value: str) -> bool | None:
        """Is it found? None: that took too long."""
        found = self.match(pattern, value)
        return found if found is None else found is not False

    def match(self, pattern: "re.Pattern[str]", value: str) -> "re.Match[str] | Literal[False] | None":
        """What was found; False: nothing."""
        if self.hung[pattern.pattern] >= _GIVEN_UP or threading.current_thread() is not threading.main_thread():
            return None
        found = Judge(_ANY).match(pattern, value)
        if found is None:
            self.hung[pattern.pattern] += 1
        return found
