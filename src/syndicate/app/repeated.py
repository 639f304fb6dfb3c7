"""What is said again and again is told with growing pauses, and what one source brings about cannot fill a disk."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

_FIRST, _LONGEST = 60.0, 86_400.0  # seconds until the same is told again: twice as long each time
_WINDOW, _OTHERS = 3600.0, {"info": 120, "warning": 10, "error": 10}  # so many lines that differ, in so many seconds
_MOST = 5_000  # that are remembered
LONGEST = 500  # characters of a value


class _Said:
    __slots__ = ("began", "last", "next", "others", "pause", "untold")

    def __init__(self) -> None:
        self.last: Hashable = self  # nothing yet
        self.next = self.began = self.pause = 0.0
        self.others = self.untold = 0


class Repeated:
    """For threads. `tick` counts seconds."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        self._guard = Lock()
        self._said = OrderedDict[Hashable, _Said]()

    def untold(self, severity: str, what: Hashable, said: Hashable) -> int | None:
        """How many lines of `what` were left out since the last one; None: this one is to be, too.

        `said`: in which it may be the same as before; None: it never is.
        """
        with self._guard:
            now, known = self._tick(), self._said.setdefault(what, _Said())
            self._said.move_to_end(what)
            if len(self._said) > _MOST:
                self._said.popitem(last=False)
            is_told = self._again(known, now) if said is not None and said == known.last else None
            if is_told is None:
                is_told = self._other(known, now, _OTHERS[severity])
            if not is_told:
                known.untold += 1
                return None
            known.last, left_out, known.untold = said, known.untold, 0
            return left_out

    def _again(self, known: _Said, now: float) -> bool:
        if now < known.next:
            return False
        known.pause = min(2 * known.pause, _LONGEST)
        known.next = now + known.pause
        return True

    def _other(self, known: _Said, now: float, most: int) -> bool:
        if now - known.began >= _WINDOW or not known.others:
            known.began, known.others = now, 0
        known.others += 1
        if known.others > most:
            return False
        known.pause = _FIRST
        known.next = now + _FIRST
        return True


def brief(value: object) -> object:
    """Of a text that others wrote as much as a line may have."""
    return f"{value[: LONGEST - 1]}…" if isinstance(value, str) and len(value) > LONGEST else value
